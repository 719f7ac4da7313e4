/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MD5 that a FLAC file carries of its audio, against the audio that was decoded. */
#pragma once

#include "engine/io/file.h"

G_BEGIN_DECLS

typedef struct _SlFlacMd5 SlFlacMd5;

/** Reads the STREAMINFO of the FLAC at the start of @file, whose offset it moves. NULL when there
 *  is none or when it has no MD5 (all zero). */
SlFlacMd5 *
sl_flac_md5_new (SlFile *file);

/** Hears @n decoded samples, interleaved, each in the upper bits of its int. */
void
sl_flac_md5_feed (SlFlacMd5 *self, const int *samples, gsize n);

/** Whether what was heard is what the encoder was given. */
gboolean
sl_flac_md5_matches (const SlFlacMd5 *self);

/** NULL is allowed. */
void
sl_flac_md5_free (SlFlacMd5 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFlacMd5, sl_flac_md5_free)

G_END_DECLS
