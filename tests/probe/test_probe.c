/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real helper on real files, good and bad. Its path is in $SEAMLINE_PROBE. */
#include "workflow/probe_client.h"

#include "../support/memory_source.h"
#include "engine/base/error.h"
#include "engine/io/writer.h"
#include "engine/waveform/pyramid.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define WATCHDOG_S 100
#define RATE_HZ 44100
#define FRAMES 100000

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("seamline-XXXXXX", NULL);
}

/* Every test leaves only names that it made; a part file left behind is a failure. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_false (sl_part_is_part_name (name));
      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static char *
in_folder (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* Two tones, left at half scale, right at a quarter. */
static SlSource *
two_tones (gint64 frames)
{
  g_autofree float *samples = g_new (float, 2 * frames);

  for (gint64 i = 0; i < frames; i++)
    {
      samples[2 * i] = (float) (0.5 * sin (2 * G_PI * 441.0 * i / RATE_HZ));
      samples[2 * i + 1] = (float) (0.25 * sin (2 * G_PI * 882.0 * i / RATE_HZ));
    }
  return memory_source_new (samples, 2, RATE_HZ, frames);
}

static char *
write_audio (Fixture *fixture,
             const char *name,
             SlContainer container,
             SlSubtype subtype,
             gint64 frames)
{
  g_autoptr (SlSource) source = two_tones (frames);
  g_autoptr (GError) error = NULL;
  g_auto (SlRendered) rendered = { 0 };
  g_autofree char *path = in_folder (fixture, name);

  sl_render_file (source, path, container, subtype, NULL, 0, &rendered, NULL, &error);
  g_assert_no_error (error);
  sl_part_commit (rendered.part, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

static char *
write_wav (Fixture *fixture, const char *name)
{
  return write_audio (fixture, name, SL_CONTAINER_WAV, SL_SUBTYPE_PCM_16, FRAMES);
}

static char *
write_bytes (Fixture *fixture, const char *name, gconstpointer bytes, gsize length)
{
  g_autofree char *path = in_folder (fixture, name);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  return g_steal_pointer (&path);
}

/* Runs a program of the machine; FALSE, and the test skipped, when it is not there. */
static gboolean
convert (const char *const *argv)
{
  g_autofree char *program = g_find_program_in_path (argv[0]);
  g_autoptr (GError) error = NULL;
  int status;

  if (program == NULL)
    {
      g_test_skip_printf ("%s is not installed", argv[0]);
      return FALSE;
    }
  g_spawn_sync (NULL, (char **) argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return TRUE;
}

/* What holds for every report: it is about these bytes, on this disk, now. */
static void
assert_identity (const SlProbeReport *report, const char *path)
{
  g_autoptr (GError) error = NULL;
  SlDigest digest;
  SlStat stat;

  sl_digest_file (path, &digest, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (sl_digest_equal (&digest, &report->readback.digest));
  g_assert_true (sl_stat_path (path, &stat, NULL));
  g_assert_true (sl_stat_equal (&stat, &report->readback.stat));
}

static SlProbeReport
probe (const char *path, const char *flac_path, const char *pyramid_path)
{
  g_autoptr (GError) error = NULL;
  SlProbeReport report;
  gboolean ok = sl_probe_run (path, flac_path, pyramid_path, &report, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  assert_identity (&report, path);
  return report;
}

/* Levels of the two tones; @tolerance is linear. */
static void
assert_two_tones (const SlProbeReport *report, double tolerance)
{
  g_assert_cmpint (report->readback.info.channels, ==, 2);
  g_assert_cmpint (report->readback.info.rate_hz, ==, RATE_HZ);
  g_assert_cmpint (report->levels.channels, ==, 2);
  g_assert_cmpint (report->levels.frames, ==, report->readback.frames);
  g_assert_cmpfloat_with_epsilon (report->levels.peak, 0.5, tolerance);
  g_assert_cmpfloat_with_epsilon (report->levels.rms, sqrt ((0.125 + 0.03125) / 2), tolerance);
  g_assert_cmpint (report->levels.nonfinite_samples, ==, 0);
  g_assert_cmpint (report->levels.over_samples, ==, 0);
}

static void
test_wav (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_wav (fixture, "tones.wav");
  SlProbeReport report = probe (path, NULL, NULL);

  g_assert_cmpint (report.readback.frames, ==, FRAMES);
  g_assert_cmpint (report.readback.info.declared_frames, ==, FRAMES);
  g_assert_cmpstr (report.readback.info.container, ==, "WAV");
  g_assert_cmpstr (report.readback.info.encoding, ==, "PCM_16");
  g_assert_cmpint (report.readback.undecoded_bytes, ==, 0);
  g_assert_false (report.has_working_copy);
  assert_two_tones (&report, 1e-4);
}

static void
assert_pyramid (const char *path, gint64 frames, const SlDigest *digest)
{
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  g_autoptr (GError) error = NULL;
  g_autoptr (SlPyramid) pyramid = sl_pyramid_open (path, &error);
  SlBin bins[2];

  g_assert_no_error (error);
  sl_digest_to_hex (digest, hex);
  g_assert_cmpstr (sl_pyramid_get_digest_hex (pyramid), ==, hex);
  g_assert_cmpint (sl_pyramid_get_frames (pyramid), ==, frames);
  g_assert_cmpint (sl_pyramid_get_channels (pyramid), ==, 2);
  g_assert_cmpint (sl_pyramid_read (pyramid, 0, 100, 1, bins, &error), ==, 1);
  g_assert_no_error (error);
  /* Half and a quarter of full scale, in 1/32767; 0.02 of it for what lossy coding does. */
  g_assert_cmpint (ABS (bins[0].max - 16384), <, 656);
  g_assert_cmpint (ABS (bins[1].max - 8192), <, 656);
}

static void
test_flac_with_pyramid (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = write_audio (fixture, "tones.flac", SL_CONTAINER_FLAC, SL_SUBTYPE_PCM_24, FRAMES);
  g_autofree char *pyramid = in_folder (fixture, "picture");
  g_autofree char *copy = in_folder (fixture, "copy.flac");
  SlProbeReport report = probe (path, copy, pyramid);

  g_assert_cmpint (report.readback.frames, ==, FRAMES);
  g_assert_cmpstr (report.readback.info.container, ==, "FLAC");
  g_assert_false (report.readback.checksum_failed);
  assert_two_tones (&report, 1e-6);
  assert_pyramid (pyramid, FRAMES, &report.readback.digest);
  /* A lossless file needs no working copy. */
  g_assert_false (report.has_working_copy);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

/* A lossy file: its working copy has every decoded frame and the digest that was told. */
static void
check_lossy (Fixture *fixture, const char *path, const char *container)
{
  g_autofree char *copy = in_folder (fixture, "copy.flac");
  g_autofree char *pyramid = in_folder (fixture, "picture");
  SlProbeReport report = probe (path, copy, pyramid);
  SlProbeReport copied = probe (copy, NULL, NULL);

  g_assert_true (report.readback.info.lossy);
  g_assert_cmpstr (report.readback.info.container, ==, container);
  g_assert_cmpint (report.readback.frames, >=, FRAMES);
  assert_two_tones (&report, 0.02);
  g_assert_true (report.has_working_copy);
  g_assert_true (sl_digest_equal (&report.working_digest, &copied.readback.digest));
  g_assert_cmpint (copied.readback.frames, ==, report.readback.frames);
  g_assert_cmpstr (copied.readback.info.encoding, ==, "PCM_24");
  assert_two_tones (&copied, 0.02);
  assert_pyramid (pyramid, report.readback.frames, &report.working_digest);
}

static void
test_mp3 (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav = write_wav (fixture, "tones.wav");
  g_autofree char *mp3 = in_folder (fixture, "tones.mp3");
  const char *const argv[] = { "lame", "--quiet", "-b", "192", wav, mp3, NULL };

  if (convert (argv))
    check_lossy (fixture, mp3, "MP3");
}

static void
test_ogg (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav = write_wav (fixture, "tones.wav");
  g_autofree char *ogg = in_folder (fixture, "tones.ogg");
  const char *const argv[] = { "oggenc", "--quiet", "-q", "6", "-o", ogg, wav, NULL };

  if (convert (argv))
    check_lossy (fixture, ogg, "OGG");
}

/* Names that look like options, or are not text. */
static void
test_odd_names (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "--flac", "-x.wav", "a\nb.wav", "\xff\xfe ü%41.wav", " " };
  g_autofree char *saved = g_get_current_dir ();

  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = write_wav (fixture, names[i]);
      SlProbeReport report = probe (names[i], NULL, NULL);

      g_assert_cmpint (report.readback.frames, ==, FRAMES);
    }
  g_assert_cmpint (g_chdir (saved), ==, 0);
}

/* Fails with @code, names the file, and leaves neither picture nor copy. */
static void
assert_refused (Fixture *fixture, const char *path, SlError code)
{
  g_autofree char *copy = in_folder (fixture, "copy.flac");
  g_autofree char *pyramid = in_folder (fixture, "picture");
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GError) error = NULL;
  SlProbeReport report;

  g_assert_false (sl_probe_run (path, copy, pyramid, &report, NULL, &error));
  g_assert_error (error, SL_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (pyramid, G_FILE_TEST_EXISTS));
}

static void
test_not_audio (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = write_bytes (fixture, "text.wav", "Dear all,\n\nthis is a letter.\n", 30);
  g_autofree char *empty = write_bytes (fixture, "empty.wav", "", 0);

  assert_refused (fixture, text, SL_ERROR_DECODE);
  assert_refused (fixture, empty, SL_ERROR_DECODE);
}

static void
test_not_a_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = in_folder (fixture, "missing.wav");
  g_autofree char *folder = in_folder (fixture, "folder.wav");
  g_autofree char *fifo = in_folder (fixture, "fifo.wav");

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0666), ==, 0);
  assert_refused (fixture, missing, SL_ERROR_OPEN);
  assert_refused (fixture, folder, SL_ERROR_OPEN);
  assert_refused (fixture, fifo, SL_ERROR_OPEN);
}

/* A WAV cut in its audio decodes to what is there, and the header's lie is told. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_wav (fixture, "cut.wav");
  SlProbeReport report;

  g_assert_cmpint (truncate (path, 100000), ==, 0);
  report = probe (path, NULL, NULL);
  g_assert_cmpint (report.readback.frames, <, FRAMES / 2);
  g_assert_cmpint (report.readback.frames, >, 0);
  g_assert_cmpstr (report.readback.info.header_fault, !=, "");
}

/* libsndfile goes round in circles on this LIST chunk, whose entry's size leads back to itself. */
static void
test_endless_header (Fixture *fixture, gconstpointer data)
{
  static const guint8 bytes[]
      = "RIFF\x4c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0"
        "\x02\0\x10\0LIST\x18\0\0\0INFO"
        "ecor\xf8\xff\xff\xff"
        "abcdefgh\xf8\xff\xff\xff"
        "data\x08\0\0\0\0\0\0\0\0\0\0";
  g_autofree char *path = write_bytes (fixture, "circle.wav", bytes, sizeof bytes);

  assert_refused (fixture, path, SL_ERROR_HUNG);
}

typedef struct
{
  int calls;
  double last;
  int stop_after;
} Asked;

static gboolean
note_progress (double fraction, gpointer data)
{
  Asked *asked = data;

  g_assert_cmpfloat (fraction, >=, asked->last);
  asked->last = fraction;
  return ++asked->calls != asked->stop_after;
}

/* A header that promises two gibibytes of audio, and a hole in the file that keeps the promise. */
static char *
write_long_silence (Fixture *fixture)
{
  static const guint8 header[]
      = "RIFF\x24\0\0\x80WAVEfmt \x10\0\0\0\x01\0\x02\0\x80\xbb\0\0\0\xee\x02\0"
        "\x04\0\x10\0data\0\0\0\x80";
  g_autofree char *path = write_bytes (fixture, "long.wav", header, 44);

  g_assert_cmpint (truncate (path, 44 + G_GINT64_CONSTANT (0x80000000)), ==, 0);
  return g_steal_pointer (&path);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_long_silence (fixture);
  g_autofree char *picture = in_folder (fixture, "picture");
  Asked asked = { .stop_after = 10 };
  SlProgress progress = { note_progress, &asked };
  g_autoptr (GError) error = NULL;
  SlProbeReport report;

  g_assert_false (sl_probe_run (path, NULL, picture, &report, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpfloat (asked.last, >, 0.0);
  g_assert_cmpfloat (asked.last, <, 1.0);
  g_assert_false (g_file_test (picture, G_FILE_TEST_EXISTS));
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

/* The soft limit called @name in @limits, the text of /proc/PID/limits, or -1 for none. */
static gint64
find_limit (const char *limits, const char *name)
{
  const char *line = strstr (limits, name);

  g_assert_nonnull (line);
  line += strlen (name);
  return strstr (line, "unlimited") == line + strspn (line, " ") ? -1
                                                                 : g_ascii_strtoll (line, NULL, 10);
}

/* So that lowering it can be seen. */
static void
raise_core_limit (void)
{
  struct rlimit core;

  g_assert_cmpint (getrlimit (RLIMIT_CORE, &core), ==, 0);
  core.rlim_cur = core.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_CORE, &core), ==, 0);
}

/* A helper that has told its first line has limited itself by then. */
static void
test_limits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_long_silence (fixture);
  const char *argv[] = { g_getenv ("SEAMLINE_PROBE"), path, NULL };
  g_autofree char *limits_path = NULL;
  g_autofree char *limits = NULL;
  char byte;
  GPid pid;
  int output;

  raise_core_limit ();
  g_assert_true (g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                           NULL, NULL, &pid, NULL, &output, NULL, NULL));
  g_assert_cmpint (read (output, &byte, 1), ==, 1);
  limits_path = g_strdup_printf ("/proc/%d/limits", pid);
  g_assert_true (g_file_get_contents (limits_path, &limits, NULL, NULL));
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  close (output);

  g_assert_cmpint (find_limit (limits, "Max core file size"), ==, 0);
  g_assert_cmpint (find_limit (limits, "Max cpu time"), ==, 600 + 2 * 2048);
  g_assert_cmpint (find_limit (limits, "Max file size"), ==, 1 << 20);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
  g_assert_cmpint (find_limit (limits, "Max address space"), ==, 1 << 30);
#endif
}

/* Touches the file as soon as its second decoding, that for the copy, is under way. */
static gboolean
touch_when_copied (double fraction, gpointer data)
{
  const struct utimbuf long_ago = { 1, 1 };

  if (fraction > 0.35)
    g_assert_cmpint (g_utime (data, (struct utimbuf *) &long_ago), ==, 0);
  return TRUE;
}

/* What was measured and what was copied would not be known to be the same. */
static void
test_changes_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav
      = write_audio (fixture, "tones.wav", SL_CONTAINER_WAV, SL_SUBTYPE_PCM_16, 40 * FRAMES);
  g_autofree char *ogg = in_folder (fixture, "tones.ogg");
  g_autofree char *copy = in_folder (fixture, "copy.flac");
  const char *const argv[] = { "oggenc", "--quiet", "-o", ogg, wav, NULL };
  SlProgress progress = { touch_when_copied, ogg };
  g_autoptr (GError) error = NULL;
  SlProbeReport report;

  if (!convert (argv))
    return;
  g_assert_false (sl_probe_run (ogg, copy, NULL, &report, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

/* In a child: starts the helper on @path, tells its pid, and waits to be killed. */
static void
start_and_wait (const char *path, int tell)
{
  const char *argv[] = { g_getenv ("SEAMLINE_PROBE"), path, NULL };
  GPid pid = 0;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                 NULL, NULL, &pid, NULL);
  if (write (tell, &pid, sizeof pid) == sizeof pid)
    pause ();
  _exit (1);
}

/* Its output is no pipe here, so nothing but the death of its parent can end it early. */
static void
test_dies_with_parent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_long_silence (fixture);
  GPid parent;
  GPid helper;
  int ends[2];
  int status;

  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1), ==, 0);
  g_assert_cmpint (pipe (ends), ==, 0);
  parent = fork ();
  if (parent == 0)
    start_and_wait (path, ends[1]);

  g_assert_cmpint (read (ends[0], &helper, sizeof helper), ==, sizeof helper);
  g_usleep (100000); /* let it get past the first lines of its main() */
  kill (parent, SIGKILL);
  g_assert_cmpint (waitpid (parent, &status, 0), ==, parent);
  g_assert_cmpint (waitpid (helper, &status, 0), ==, helper);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  prctl (PR_SET_CHILD_SUBREAPER, 0);
  close (ends[0]);
  close (ends[1]);
}

#define ADD(name, function) g_test_add ("/probe/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  ADD ("wav", test_wav);
  ADD ("flac-with-pyramid", test_flac_with_pyramid);
  ADD ("mp3", test_mp3);
  ADD ("ogg", test_ogg);
  ADD ("odd-names", test_odd_names);
  ADD ("not-audio", test_not_audio);
  ADD ("not-a-file", test_not_a_file);
  ADD ("truncated", test_truncated);
  ADD ("endless-header", test_endless_header);
  ADD ("cancelled", test_cancelled);
  ADD ("changes-meanwhile", test_changes_meanwhile);
  ADD ("limits", test_limits);
  ADD ("dies-with-parent", test_dies_with_parent);

  return g_test_run ();
}
