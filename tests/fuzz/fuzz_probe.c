/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an audio file, examined as the helper does it: refused with an error and nothing
 * left behind, or a report that the other side accepts and a picture of what the report tells. */
#include "fuzz.h"

#include "engine/waveform/pyramid.h"
#include "probe/examine.h"

/* A few bytes can stand for hours of silence. */
#define MAX_BLOCKS 12

typedef struct
{
  char *picture;
  char *working;
} Outputs;

static void
outputs_clear (Outputs *outputs)
{
  unlink (outputs->picture);
  unlink (outputs->working);
  g_free (outputs->picture);
  g_free (outputs->working);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outputs, outputs_clear)

static gboolean
go_on (double fraction, gpointer data)
{
  int *blocks = data;

  g_assert_true (fraction >= 0.0 && fraction <= 1.0);
  return ++*blocks <= MAX_BLOCKS;
}

static void
do_nothing (void)
{
}

static void
assert_report (const SlProbeReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) text_again = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  SlProbeReport again;

  sl_probe_report_write (report, text);
  sl_probe_report_parse (text->str, &again, &error);
  g_assert_no_error (error);
  sl_probe_report_write (&again, text_again);
  g_assert_cmpstr (text->str, ==, text_again->str);
}

static void
assert_picture (const char *path, const SlProbeReport *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPyramid) picture = sl_pyramid_open (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (sl_pyramid_get_frames (picture), ==, report->readback.frames);
  g_assert_cmpint (sl_pyramid_get_channels (picture), ==, report->readback.info.channels);
  g_assert_cmpint (sl_pyramid_get_rate_hz (picture), ==, report->readback.info.rate_hz);
}

static void
assert_nothing_left (const Outputs *outputs)
{
  g_assert_false (g_file_test (outputs->picture, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (outputs->working, G_FILE_TEST_EXISTS));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (Outputs) outputs = { g_build_filename (g_get_tmp_dir (), "picture", NULL),
                               g_build_filename (g_get_tmp_dir (), "working.flac", NULL) };
  g_autoptr (GError) error = NULL;
  SlProbeReport report = { 0 };
  int blocks = 0;
  SlExamination examination = { .path = file_of (data, size),
                                .working_path = outputs.working,
                                .subtype = SL_SUBTYPE_PCM_24,
                                .picture_path = outputs.picture,
                                .progress = { go_on, &blocks },
                                .storing = do_nothing };

  if (!sl_examine (&examination, &report, &error))
    {
      assert_told (error);
      assert_nothing_left (&outputs);
      return 0;
    }
  g_assert_no_error (error);
  assert_report (&report);
  assert_picture (outputs.picture, &report);
  g_assert_true (g_file_test (outputs.working, G_FILE_TEST_EXISTS) == report.has_working_copy);
  return 0;
}
