/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seamline-cli align */
#include "cli/alignee.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/values.h"
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/io/part.h"
#include "engine/io/resampler.h"
#include "workflow/json.h"
#include "workflow/sources.h"
#include "workflow/steps/alignment.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* More seams than this are summed up. */
#define MAX_SEAMS_SAID 20

static const SlCliOption align_options[]
    = { { "frames", "N", N_ ("Length to reach, in frames") },
        { "seconds", "S", N_ ("Length to reach") },
        { "like", "FILE", N_ ("Become as long as this file, which “--offset auto” follows too"),
          TRUE },
        { "bpm", "B", N_ ("Beats per minute (unknown)") },
        { "beats-per-bar", "N", N_ ("Meter (4)") },
        { NULL } };

static const char *const lengths[] = { "frames", "seconds", "like", NULL };

typedef struct
{
  SlCli *cli;
  const char *out;
  char *folder; ///< of the output
  char *base;   ///< its name there
  SlCliAlignee in;
  SlCliAlignee like;    ///< path NULL: none
  SlSettings *settings; ///< tempo, meter and rate, which the options are read with
  SlStem *stem;         ///< how to align
  SlOutcome outcome;
} Align;

static void
align_clear (Align *self)
{
  g_free (self->folder);
  g_free (self->base);
  sl_cli_alignee_clear (&self->in);
  sl_cli_alignee_clear (&self->like);
  sl_settings_free (self->settings);
  sl_stem_free (self->stem);
  g_clear_pointer (&self->outcome.record, sl_record_unref);
  g_clear_pointer (&self->outcome.parts, g_ptr_array_unref);
  g_clear_pointer (&self->outcome.seen, sl_file_table_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Align, align_clear)

static void
align_init (Align *self, SlCli *cli)
{
  const char *like = sl_cli_get (cli, "like");

  self->cli = cli;
  self->out = sl_cli_word (cli, 1);
  self->folder = g_path_get_dirname (self->out);
  self->base = g_path_get_basename (self->out);
  sl_cli_alignee_init (&self->in, sl_cli_word (cli, 0), self->out);
  if (like != NULL)
    sl_cli_alignee_init (&self->like, like, self->out);
  self->settings = sl_settings_new (self->in.name);
  self->settings->bpm = (SlBpm){ 0, 1 };
  self->stem = sl_stem_new (self->in.name, SL_STEM_FILE);
  self->outcome.record = sl_record_new ("");
  self->outcome.parts = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_part_free);
  self->outcome.seen = sl_file_table_new ();
}

/* --- what was asked for --- */

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID, why);
  return FALSE;
}

/* That the output is not the file @path, by whatever name; @why says what it would be. */
static gboolean
check_apart (const Align *self, const char *path, const char *why, GError **error)
{
  g_autofree char *out = g_canonicalize_filename (self->out, NULL);
  g_autofree char *name = g_filename_display_name (self->out);

  if (strcmp (out, path) != 0 && !sl_sources_is_same_file (out, path))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_INVALID, "“%s” %s", name, why);
  return FALSE;
}

static gboolean
check_output (const Align *self, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (self->base, -1);

  if (!g_str_has_suffix (lower, ".wav"))
    return refuse (error, _ ("The output is written as WAV: end its name with .wav."));
  return check_apart (self, self->in.path, _ ("is the input: choose another name for the output."),
                      error)
         && (self->like.path == NULL
             || check_apart (self, self->like.path,
                             _ ("is the file of --like: choose another name for the output."),
                             error));
}

static gboolean
check_lengths (const Align *self, GError **error)
{
  for (guint i = 0; lengths[i] != NULL; i++)
    if (sl_cli_has (self->cli, lengths[i]))
      return sl_cli_check_exclusive (self->cli, lengths, error);
  return refuse (error, _ ("How long shall it be? --frames N, --seconds S or --like FILE."));
}

/* What belongs to a song has no meaning here. */
static gboolean
check_stem_options (const Align *self, GError **error)
{
  for (const SlCliOption *option = sl_cli_stem_options; option->name != NULL; option++)
    if (sl_cli_has (self->cli, option->name) && strcmp (option->name, "seconds") != 0)
      {
        g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("--%s: this is for stems of a project."),
                     option->name);
        return FALSE;
      }
  if (self->stem->strategy == SL_STRATEGY_PLACE)
    return refuse (error, _ ("--strategy place: only a project has sections to place it in."));
  if (self->stem->offset_auto && self->like.path == NULL)
    return refuse (error, _ ("--offset auto: name the file to follow with --like FILE."));
  return TRUE;
}

static gboolean
read_options (Align *self, GError **error)
{
  SlCliEdit edit = { self->settings, self->stem };
  const char *bpm = sl_cli_get (self->cli, "bpm");
  const char *meter = sl_cli_get (self->cli, "beats-per-bar");
  gint64 beats = self->settings->beats_per_bar;

  if ((bpm != NULL && !sl_bpm_parse (bpm, &self->settings->bpm, error))
      || (meter != NULL && !sl_cli_parse_int (meter, 1, SL_CLI_MAX_BEATS_PER_BAR, &beats, error)))
    return FALSE;
  self->settings->beats_per_bar = (int) beats;
  return sl_cli_apply (self->cli, sl_cli_alignment_options, &edit, error)
         && check_stem_options (self, error) && check_lengths (self, error)
         && check_output (self, error);
}

/* --- the files --- */

static gboolean
probe (Align *self, GError **error)
{
  /* Of this output, before there is anything of our own. */
  sl_part_sweep (self->folder, self->base);
  if (!sl_cli_alignee_probe (self->cli, &self->in, error)
      || (self->like.path != NULL && !sl_cli_alignee_probe (self->cli, &self->like, error)))
    return FALSE;
  self->settings->rate_hz = self->in.report.readback.info.rate_hz;
  sl_cli_alignee_check (&self->in, self->outcome.record);
  if (self->like.path == NULL)
    return TRUE;
  sl_cli_alignee_check (&self->like, self->outcome.record);
  return !self->stem->offset_auto
         || self->like.report.readback.info.rate_hz == self->settings->rate_hz
         || refuse (error, _ ("--offset auto: both files must have the same rate; resample one."));
}

static gboolean
find_target (const Align *self, gint64 *target, GError **error)
{
  const char *frames = sl_cli_get (self->cli, "frames");
  const char *seconds = sl_cli_get (self->cli, "seconds");
  const SlReadback *like = &self->like.report.readback;

  if (frames != NULL)
    return sl_cli_parse_int (frames, 1, SL_CLI_MAX_FRAMES, target, error);
  if (seconds != NULL)
    return sl_cli_parse_length (seconds, self->settings->rate_hz, target, error);
  *target = like->frames;
  if (like->info.rate_hz != self->settings->rate_hz)
    *target = sl_resampled_length (like->frames, like->info.rate_hz, self->settings->rate_hz);
  return *target > 0 || refuse (error, _ ("--like: that file is empty."));
}

static SlSubtype
choose_subtype (const SlFileInfo *info)
{
  return info->has_subtype && !info->lossy ? info->subtype : SL_SUBTYPE_FLOAT;
}

static void
set_options (const Align *self, gint64 target, SlPlanOptions *options)
{
  const SlStem *stem = self->stem;

  options->strategy = stem->strategy;
  options->source_length = self->in.report.readback.frames;
  options->target = target;
  options->offset = stem->offset;
  options->rate_hz = self->settings->rate_hz;
  options->grid = sl_settings_grid (self->settings);
  options->rhythmic = sl_role_is_rhythmic (stem->role);
  options->ending = stem->ending;
  options->loop_bars = stem->loop_bars;
  options->join = stem->join;
  options->fade_ms = stem->fade_ms;
}

static SlAlignment *
make_alignment (const Align *self, gint64 target)
{
  SlAlignment *alignment = sl_alignment_new_empty ();

  alignment->folder = g_strdup (self->folder);
  alignment->subject = g_strdup (self->in.name);
  alignment->output = g_strdup (self->base);
  alignment->source = sl_cli_alignee_audio (&self->in);
  alignment->offset_auto = self->stem->offset_auto;
  if (alignment->offset_auto)
    alignment->reference = sl_cli_alignee_audio (&self->like);
  alignment->tempo = self->in.report.tempo;
  alignment->proposes_tempo = TRUE;
  alignment->always_write = TRUE;
  alignment->subtype = choose_subtype (&self->in.report.readback.info);
  set_options (self, target, &alignment->options);
  return alignment;
}

static gboolean
commit (const Align *self, GError **error)
{
  const GPtrArray *parts = self->outcome.parts;

  for (guint i = 0; i < parts->len; i++)
    if (!sl_part_commit (parts->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
align (Align *self, GError **error)
{
  g_autofree char *doing = g_strdup_printf (_ ("Aligning “%s”"), self->in.name);
  SlProgress progress = sl_cli_progress (self->cli, doing);
  g_autoptr (SlAlignment) alignment = NULL;
  gint64 target;

  if (!find_target (self, &target, error))
    return FALSE;
  if (sl_record_integrity_failed (self->outcome.record))
    return TRUE;
  alignment = make_alignment (self, target);
  return sl_alignment_run (alignment, &self->outcome, &progress, error)
         && (sl_record_integrity_failed (self->outcome.record) || commit (self, error));
}

/* --- what became of it --- */

static char *
format_measure (JsonObject *seam, const char *name, const char *format)
{
  double value = sl_json_get_number (seam, name, NAN);

  return isnan (value) ? g_strdup ("–") : sl_cli_format_number (format, value);
}

static void
say_seam (const Align *self, JsonObject *seam)
{
  int rate_hz = self->settings->rate_hz;
  gint64 position = sl_json_get_int (seam, "position", 0);
  g_autofree char *time = sl_format_time (position, rate_hz);
  g_autofree char *frame = sl_format_frames (position);
  g_autofree char *overlap
      = sl_cli_format_number ("%.1f",
                              sl_ms_from_frames (sl_json_get_int (seam, "overlap", 0), rate_hz));
  g_autofree char *step = format_measure (seam, "step", "%.2f");
  g_autofree char *level = format_measure (seam, "level_db", "%+.2f");
  g_autofree char *grid = format_measure (seam, "grid_ms", "%.2f");
  g_autofree char *match = format_measure (seam, "match", "%.3f");

  sl_cli_say (self->cli,
              _ ("    %s (frame %s), overlap %s ms: step %s, level %s dB, grid %s ms, match %s"),
              time, frame, overlap, step, level, grid, match);
}

static void
say_seams (const Align *self, JsonArray *seams)
{
  guint n = seams != NULL ? json_array_get_length (seams) : 0;

  sl_cli_say (self->cli, ngettext ("%u seam", "%u seams", n), n);
  for (guint i = 0; i < MIN (n, MAX_SEAMS_SAID); i++)
    say_seam (self, sl_json_object (json_array_get_element (seams, i)));
  if (n > MAX_SEAMS_SAID)
    sl_cli_say (self->cli, _ ("    … and %u more like these: --json lists all"),
                n - MAX_SEAMS_SAID);
}

static void
say (const Align *self)
{
  const SlRecord *record = self->outcome.record;
  const char *strategy = sl_json_get_string (record->values, "strategy");
  int rate_hz = self->settings->rate_hz;
  gint64 target = sl_json_get_int (record->values, "frames", 0);
  g_autofree char *from = sl_format_frames (self->in.report.readback.frames);
  g_autofree char *to = sl_format_frames (target);
  g_autofree char *time = sl_format_time (target, rate_hz);

  if (strategy != NULL)
    {
      sl_cli_say (self->cli, _ ("%s: %s frames become %s (%s), by %s."), self->in.name, from, to,
                  time, strategy);
      sl_cli_say (self->cli, "    %s", sl_json_get_string (record->values, "reason"));
      say_seams (self, sl_json_get_array (record->values, "seams"));
    }
  for (guint i = 0; i < record->checks->len; i++)
    if (((const SlCheck *) record->checks->pdata[i])->level >= SL_LEVEL_NOTE)
      sl_cli_say_check (self->cli, record->checks->pdata[i], rate_hz);
  if (sl_record_integrity_failed (record))
    sl_cli_complain (self->cli, _ ("Nothing was written."));
}

/* What could not be planned has none of the values. */
static void
complete (JsonObject *values)
{
  static const char *const nulls[]
      = { "strategy", "reason", "frames", "offset", "offset_confidence", "candidate" };
  static const char *const lists[] = { "segments", "seams", "candidates" };

  for (guint i = 0; i < G_N_ELEMENTS (nulls); i++)
    if (!json_object_has_member (values, nulls[i]))
      json_object_set_null_member (values, nulls[i]);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!json_object_has_member (values, lists[i]))
      json_object_set_array_member (values, lists[i], json_array_new ());
}

static void
answer (const Align *self)
{
  const SlRecord *record = self->outcome.record;
  JsonObject *values = json_object_ref (record->values);
  JsonArray *checks = json_array_new ();

  for (guint i = 0; i < record->checks->len; i++)
    json_array_add_element (checks, sl_check_to_json (record->checks->pdata[i]));
  complete (values);
  json_object_set_array_member (values, "checks", checks);
  sl_cli_answer (self->cli, sl_json_take_object (values));
}

static int
run (SlCli *cli, GError **error)
{
  g_auto (Align) self = { 0 };

  align_init (&self, cli);
  if (!read_options (&self, error) || !probe (&self, error) || !align (&self, error))
    return SL_CLI_FAILED;
  say (&self);
  answer (&self);
  return sl_record_level (self.outcome.record) == SL_LEVEL_FAIL ? SL_CLI_RED : SL_CLI_GREEN;
}

static const SlCliOption *const tables[] = { align_options, sl_cli_alignment_options, NULL };

const SlCliCommand sl_cli_command_align = {
  .name = "align",
  .words = "IN OUT",
  .summary = N_ ("Bring one file to a length, outside of any project"),
  .tables = tables,
  .refused = sl_cli_stem_options,
  .min_words = 2,
  .max_words = 2,
  .run = run,
};
