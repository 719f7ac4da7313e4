/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of files that are read back from disk before they count. */
#pragma once

#include "engine/base/progress.h"
#include "engine/io/part.h"

G_BEGIN_DECLS

/** A stretch of a whole progress: sl_stretch_report() with it as data is the progress of a part. */
typedef struct
{
  const SlProgress *whole; ///< may be NULL
  double from;             ///< fractions of the whole
  double to;
} SlStretch;

gboolean
sl_stretch_report (double fraction, gpointer stretch);

/** Seals @part and reads it back: @expected is what must be on the disk. SL_ERROR_VERIFY. Not on
 *  main. */
gboolean
sl_part_prove (SlPart *part, const SlDigest *expected, const SlProgress *progress, GError **error);

/**
 * A copy of @from as the sealed, proven part of @to. @expected: what @from must be, else
 * SL_ERROR_CHANGED; NULL: whatever it is. Not on main.
 */
SlPart *
sl_copy_file (const char *from,
              const SlDigest *expected,
              const char *to,
              const SlProgress *progress,
              GError **error);

G_END_DECLS
