/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything a person decides about a project: what undo restores and the project file keeps. */
#pragma once

#include "engine/base/format.h"
#include "engine/base/sections.h"
#include "workflow/stem.h"

G_BEGIN_DECLS

typedef enum
{
  SL_DRUMS_AUTO, ///< files, none or pattern, by what the stems are
  SL_DRUMS_PATTERN,
  SL_DRUMS_REFERENCE, ///< the reference is the drum track and goes in unchanged
  SL_DRUMS_FILES,     ///< the stems whose role is drums
  SL_DRUMS_NONE
} SlDrumsMode;

/** A failed judgement check that a person took responsibility for. */
typedef struct
{
  char *step;
  char *check;
  char *subject; ///< or NULL
  char *reason;
  char *key; ///< of the record it was said of; another key lets it lapse
} SlAcceptance;

typedef struct
{
  char *title;
  SlBpm bpm;
  int beats_per_bar;
  gint64 downbeat;        ///< frames; the origin of the grid
  GArray *sections;       ///< of SlSection
  double planned_seconds; ///< 0: none
  int rate_hz;
  SlSubtype subtype;
  char *reference;         ///< path as the project keeps it, or NULL
  gint64 reference_frames; ///< the length when there is no file
  gboolean reference_convert;
  double min_seconds; ///< 0: none
  GPtrArray *stems;   ///< of SlStem, in project order
  SlDrumsMode drums;
  gboolean fit_gains;
  GHashTable *limits;  ///< check id → double * ; what replaces a default
  GPtrArray *accepted; ///< of SlAcceptance
} SlSettings;

/** The defaults of a project of generated stems: 120 BPM, 48,000 Hz, FLOAT, intro 16, verse 32,
 *  chorus 32, bridge 16, outro 16 beats. */
SlSettings *
sl_settings_new (const char *title);

SlSettings *
sl_settings_copy (const SlSettings *settings);

void
sl_settings_free (SlSettings *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlSettings, sl_settings_free)

/** The stem called @name, or NULL. Borrowed. */
SlStem *
sl_settings_find_stem (const SlSettings *settings, const char *name);

/**
 * Appends @stem (taken, also on failure) when its name is allowed, not reserved ("master",
 * "reference", and "drums" when the drums step makes a stem of that name) and not another's, by
 * case or Unicode form. FALSE with SL_ERROR_INVALID.
 */
gboolean
sl_settings_take_stem (SlSettings *settings, SlStem *stem, GError **error);

/** The grid that tempo, meter and first downbeat make. */
SlGrid
sl_settings_grid (const SlSettings *settings);

/** The nearest whole number of frames in @seconds, 0 to 2^50, however absurd @seconds is. */
gint64
sl_settings_frames (const SlSettings *settings, double seconds);

/** What the mode auto stands for; never auto. */
SlDrumsMode
sl_settings_drums_mode (const SlSettings *settings);

/** Whether the drums step handles @stem, rather than steps 3 and 4. */
gboolean
sl_settings_is_drum_stem (const SlSettings *settings, const SlStem *stem);

/** The limit set for @check, or @fallback. */
double
sl_settings_limit (const SlSettings *settings, const char *check, double fallback);

void
sl_settings_set_limit (SlSettings *settings, const char *check, double value);

/** Records that @check of @step was accepted; an earlier acceptance of it is replaced. */
void
sl_settings_accept (SlSettings *settings,
                    const char *step,
                    const char *check,
                    const char *subject,
                    const char *reason,
                    const char *key);

/** "auto", "pattern", "reference", "files", "none". */
const char *
sl_drums_mode_name (SlDrumsMode mode);

/** Writes every setting into @object, over what is there. */
void
sl_settings_to_json (const SlSettings *settings, JsonObject *object);

/** NULL with SL_ERROR_PROJECT naming what is wrong. */
SlSettings *
sl_settings_from_json (JsonObject *object, GError **error);

G_END_DECLS
