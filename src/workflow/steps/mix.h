/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the master is made of: every stem as the effects step left it, and its gain. */
#pragma once

#include "workflow/steps/audio.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  SlAudio *audio;
  double gain;    ///< linear, before any common reduction; 0 when muted
  gboolean fixed; ///< set by hand
  gboolean imported;
} SlMixPart;

typedef struct
{
  char *folder;
  GPtrArray *parts; ///< of SlMixPart
  int channels;     ///< width of the master
} SlMix;

/** The linear gain of what is called @name, before any common reduction; 0 when muted. */
double
sl_mix_gain (const SlSettings *settings, const char *name);

/** The same, as if it were not muted. */
double
sl_mix_gain_unmuted (const SlSettings *settings, const char *name);

/** The mix as the project has it, or NULL while a part is missing or there is none. Owned. */
SlMix *
sl_mix_new (SlProject *project);

void
sl_mix_free (SlMix *mix);

void
sl_mix_add_to_key (const SlMix *mix, SlKey *key);

/** The gains times @factor, one per part. Owned. */
double *
sl_mix_gains (const SlMix *mix, double factor);

/** The files of all parts, opened; an array that frees them. NULL with an error. */
GPtrArray *
sl_mix_open (const SlMix *mix, GError **error);

/** The sum of all parts at their gains times @factor. */
SlSource *
sl_mix_source (const SlMix *mix, double factor, GError **error);

G_END_DECLS
