/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files on both sides of 4 GiB, where the sizes in a WAV end: written and read back whole, but with
 * holes where there is silence, so that they take no disk. */
#include "written_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHANNELS 2
#define FRAME_BYTES (CHANNELS * 4)
#define BORDER_BYTES (G_GINT64_CONSTANT (1) << 32)
#define WAV_HEADER_BYTES 88
#define RF64_HEADER_BYTES 136
#define BORDER_FRAMES ((BORDER_BYTES - WAV_HEADER_BYTES) / FRAME_BYTES)

/* Frames at both ends that are heard. */
#define HEARD 1000

G_STATIC_ASSERT ((BORDER_BYTES - WAV_HEADER_BYTES) % FRAME_BYTES == 0);

/* --- a disk that keeps silence as holes --- */

static gboolean
is_silence (const guint8 *bytes, size_t length)
{
  return length > 0 && bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0;
}

/* In the place of the C library's, for this program alone. */
ssize_t
pwrite (int fd, const void *bytes, size_t length, off_t offset)
{
  struct stat status;

  if (!is_silence (bytes, length))
    return syscall (SYS_pwrite64, fd, bytes, length, offset);
  if (fstat (fd, &status) != 0)
    return -1;
  if (status.st_size < offset + (off_t) length && ftruncate (fd, offset + (off_t) length) != 0)
    return -1;
  return (ssize_t) length;
}

int
fallocate (int fd, int mode, off_t offset, off_t length)
{
  errno = EOPNOTSUPP;
  return -1;
}

/* --- silence with something at both ends --- */

static float
sample_at (gint64 frame, int channel, gint64 length)
{
  if (frame >= HEARD && frame < length - HEARD)
    return 0.0f;
  return (float) ((frame * CHANNELS + channel) % 1999 + 1) / 2048.0f;
}

static gint64
quiet_read (SlSource *source, float *out, gint64 frames, GError **error)
{
  gint64 n = MIN (frames, source->length - source->position);
  gint64 last = source->position + n;

  memset (out, 0, (gsize) n * FRAME_BYTES);
  if (source->position >= HEARD && last <= source->length - HEARD)
    return n;
  for (gint64 i = 0; i < n; i++)
    for (int channel = 0; channel < CHANNELS; channel++)
      out[i * CHANNELS + channel] = sample_at (source->position + i, channel, source->length);
  return n;
}

static gboolean
quiet_seek (SlSource *source, gint64 frame, GError **error)
{
  return TRUE;
}

static SlSource *
quiet_new (gint64 frames)
{
  static const SlSourceClass klass = { quiet_read, quiet_seek, (void (*) (SlSource *)) g_free };
  SlSource *source = g_new0 (SlSource, 1);

  sl_source_init (source, &klass, CHANNELS, RATE, frames);
  return source;
}

/* --- what other readers find --- */

static void
assert_heard (SNDFILE *file, gint64 start, gint64 length)
{
  float got[HEARD * CHANNELS];

  g_assert_cmpint (sf_seek (file, start, SEEK_SET), ==, start);
  g_assert_cmpint (sf_readf_float (file, got, HEARD), ==, HEARD);
  for (gint64 i = 0; i < HEARD * CHANNELS; i++)
    g_assert_cmpfloat (got[i], ==, sample_at (start + i / CHANNELS, (int) (i % CHANNELS), length));
}

static void
assert_read_by_libsndfile (const char *path, gint64 frames, int format)
{
  SF_INFO info = { 0 };
  SNDFILE *file = sf_open (path, SFM_READ, &info);

  g_assert_nonnull (file);
  g_assert_cmpint (info.frames, ==, frames);
  g_assert_cmpint (info.format & SF_FORMAT_TYPEMASK, ==, format);
  assert_heard (file, 0, frames);
  assert_heard (file, frames - HEARD, frames);
  g_assert_cmpint (sf_readf_float (file, (float[CHANNELS]){ 0 }, 1), ==, 0);
  sf_close (file);
}

/* The bytes behind the last ones of the file: no library may hide where the audio ends. */
static void
assert_last_frame (const char *path, gint64 frames)
{
  g_autoptr (SlFile) file = sl_file_open (path, NULL);
  float last[CHANNELS];

  sl_file_seek (file, -FRAME_BYTES, SEEK_END);
  g_assert_cmpint (sl_file_read (file, last, FRAME_BYTES), ==, FRAME_BYTES);
  for (int channel = 0; channel < CHANNELS; channel++)
    g_assert_cmpfloat (last[channel], ==, sample_at (frames - 1, channel, frames));
}

static void
check (Fixture *f, gint64 frames, const char *container, int format, gint64 header)
{
  g_autoptr (SlSource) source = quiet_new (frames);
  g_autoptr (GError) error = NULL;
  g_auto (SlRendered) rendered = { 0 };

  sl_render_file (source, f->path, SL_CONTAINER_WAV, SL_SUBTYPE_FLOAT, NULL, 0, &rendered, NULL,
                  &error);
  if (g_error_matches (error, SL_ERROR, SL_ERROR_NO_SPACE))
    {
      g_test_skip (error->message);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (rendered.readback.info.container, ==, container);
  g_assert_cmpint (rendered.readback.frames, ==, frames);
  g_assert_cmpint (rendered.readback.stat.size_bytes, ==, header + frames * FRAME_BYTES);
  g_assert_true (sl_part_commit (rendered.part, NULL));
  assert_read_by_libsndfile (f->path, frames, format);
  assert_last_frame (f->path, frames);
}

/* That one is smaller than the border is known without 4 GiB. */
static void
test_last_wav (Fixture *f, gconstpointer data)
{
  if (!g_test_slow ())
    {
      g_test_skip ("slow: run with -m slow");
      return;
    }
  check (f, BORDER_FRAMES - 1, "WAV", SF_FORMAT_WAV, WAV_HEADER_BYTES);
}

static void
test_first_rf64 (Fixture *f, gconstpointer data)
{
  check (f, BORDER_FRAMES, "RF64", SF_FORMAT_RF64, RF64_HEADER_BYTES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/engine/io/border/" name, Fixture, NULL, set_up, func, tear_down)

  ADD ("last-wav", test_last_wav);
  ADD ("first-rf64", test_first_rf64);

  return g_test_run ();
}
