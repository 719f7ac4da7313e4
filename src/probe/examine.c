/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/examine.h"

#include "engine/base/error.h"
#include "engine/io/writer.h"
#include "engine/waveform/pyramid.h"

#include <glib/gi18n-lib.h>

/* Shares of the progress: a working copy takes a second decoding, packing and reading back. */
#define DECODE_SHARE_WITH_COPY 0.3

/* A piece of the whole, as progress of its own. */
typedef struct
{
  const SlProgress *whole;
  double start;
  double share;
} Stretch;

static gboolean
report_stretch (double fraction, gpointer data)
{
  const Stretch *self = data;

  return self->whole->func (self->start + fraction * self->share, self->whole->data);
}

/* The report tells overs, silence and tempo; the taps see every block of the one decoding pass. */
static gboolean
decode (const SlExamination *examination,
        SlPyramidBuilder *picture,
        const SlProgress *progress,
        SlProbeReport *report,
        GError **error)
{
  g_autoptr (SlLevelMeter) meter = sl_level_meter_new ();
  g_autoptr (SlOnsetMeter) onsets = sl_onset_meter_new (SL_TEMPO_MAX_SECONDS);
  SlTap taps[3] = { sl_level_meter_tap (meter), sl_onset_meter_tap (onsets) };
  guint n_taps = 2;

  if (picture != NULL)
    taps[n_taps++] = sl_pyramid_builder_tap (picture);
  if (!sl_readback_run (examination->path, taps, n_taps, &report->readback, progress, error))
    return FALSE;
  report->levels = sl_level_meter_result (meter);
  report->tempo = sl_tempo_find (onsets);
  return TRUE;
}

static gboolean
wants_working_copy (const SlExamination *examination, const SlProbeReport *report)
{
  return examination->working_path != NULL && report->readback.info.lossy
         && report->readback.frames > 0 && report->levels.nonfinite_samples == 0;
}

/* What was measured and what was copied must be one file. */
static gboolean
check_unchanged (SlSource *reader,
                 const SlExamination *examination,
                 const SlStat *before,
                 GError **error)
{
  g_autofree char *name = NULL;
  SlStat now;

  if (!sl_reader_stat (reader, &now, error))
    return FALSE;
  if (sl_stat_equal (&now, before))
    return TRUE;
  name = g_filename_display_name (examination->path);
  g_set_error (error, SL_ERROR, SL_ERROR_CHANGED,
               _ ("“%s” changed while it was being read. Try again when it is complete."), name);
  return FALSE;
}

static gboolean
render_working_copy (const SlExamination *examination,
                     const SlProgress *progress,
                     SlProbeReport *report,
                     SlRendered *rendered,
                     GError **error)
{
  g_autoptr (SlSource) source = sl_reader_open (examination->path, NULL, error);

  if (source == NULL)
    return FALSE;
  /* What the header of a lossy file says is a guess; what was decoded is its length. */
  source->length = report->readback.frames;
  if (!sl_render_file (source, examination->working_path, SL_CONTAINER_FLAC, examination->subtype,
                       NULL, 0, rendered, progress, error)
      || !check_unchanged (source, examination, &report->readback.stat, error))
    return FALSE;
  report->has_working_copy = TRUE;
  report->working_digest = rendered->readback.digest;
  return TRUE;
}

/* The picture shows the audio that will be played: the working copy's where there is one. */
static SlPart *
finish_picture (SlPyramidBuilder *builder, const SlProbeReport *report, GError **error)
{
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_digest_to_hex (report->has_working_copy ? &report->working_digest : &report->readback.digest,
                    hex);
  return sl_pyramid_builder_finish (builder, hex, error);
}

/* The slow part of both first, so that between the two names nothing but a rename can fail. */
static gboolean
commit (SlPart *working, SlPart *picture, GError **error)
{
  return (working == NULL || sl_part_sync (working, error))
         && (picture == NULL || sl_part_sync (picture, error))
         && (working == NULL || sl_part_commit (working, error))
         && (picture == NULL || sl_part_commit (picture, error));
}

gboolean
sl_examine (const SlExamination *examination, SlProbeReport *report, GError **error)
{
  double share = examination->working_path != NULL ? DECODE_SHARE_WITH_COPY : 1.0;
  Stretch first = { &examination->progress, 0.0, share };
  Stretch second = { &examination->progress, share, 1.0 - share };
  SlProgress decoding = { report_stretch, &first };
  SlProgress rendering = { report_stretch, &second };
  g_autoptr (SlPyramidBuilder) builder = NULL;
  g_autoptr (SlPart) picture = NULL;
  g_auto (SlRendered) rendered = { 0 };

  if (examination->picture_path != NULL)
    {
      builder = sl_pyramid_builder_new (examination->picture_path, error);
      if (builder == NULL)
        return FALSE;
    }
  if (!decode (examination, builder, &decoding, report, error))
    return FALSE;

  examination->storing ();
  if (wants_working_copy (examination, report)
      && !render_working_copy (examination, &rendering, report, &rendered, error))
    return FALSE;
  if (builder != NULL)
    {
      picture = finish_picture (builder, report, error);
      if (picture == NULL)
        return FALSE;
    }
  return commit (rendered.part, picture, error);
}
