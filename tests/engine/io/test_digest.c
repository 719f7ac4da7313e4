/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/io/digest.h"

#include "../../support/temp_folder.h"
#include "engine/base/error.h"

#include <string.h>

/* XXH3-128 of nothing with seed 0, as the library's own documentation and xxhsum give it. */
#define EMPTY_HEX "99aa06d3014798d86001c324468d497f"

static guint8 *
make_bytes (gsize length)
{
  guint8 *bytes = g_malloc (MAX (length, 1));
  guint32 state = 7;

  for (gsize i = 0; i < length; i++)
    {
      state = state * 1664525u + 1013904223u;
      bytes[i] = (guint8) (state >> 24);
    }
  return bytes;
}

/* The definition in the header, written out without a stream. */
static SlDigest
whole_digest (const guint8 *bytes, gsize length)
{
  gsize head = MIN (length, SL_DIGEST_HEAD_BYTES);
  guint8 all[40];
  SlDigest part;

  part = sl_digest_bytes (bytes, head);
  memcpy (all, part.bytes, 16);
  part = sl_digest_bytes (bytes + head, length - head);
  memcpy (all + 16, part.bytes, 16);
  for (int i = 0; i < 8; i++)
    all[32 + i] = (guint8) ((guint64) length >> (8 * i));
  return sl_digest_bytes (all, sizeof all);
}

static void
assert_equal (const SlDigest *a, const SlDigest *b)
{
  char hex_a[SL_DIGEST_HEX_LENGTH + 1];
  char hex_b[SL_DIGEST_HEX_LENGTH + 1];

  sl_digest_to_hex (a, hex_a);
  sl_digest_to_hex (b, hex_b);
  g_assert_cmpstr (hex_a, ==, hex_b);
  g_assert_true (sl_digest_equal (a, b));
}

static void
test_known_value (void)
{
  SlDigest digest = sl_digest_bytes ("", 0);
  char hex[SL_DIGEST_HEX_LENGTH + 1];

  sl_digest_to_hex (&digest, hex);
  g_assert_cmpstr (hex, ==, EMPTY_HEX);
}

static void
test_hex (void)
{
  SlDigest digest = sl_digest_bytes ("seam", 4);
  SlDigest parsed = { { 0 } };
  char hex[SL_DIGEST_HEX_LENGTH + 1];
  g_autofree char *upper = NULL;

  sl_digest_to_hex (&digest, hex);
  g_assert_cmpuint (strlen (hex), ==, 32);
  g_assert_true (sl_digest_from_hex (hex, &parsed));
  assert_equal (&digest, &parsed);
  upper = g_ascii_strup (hex, -1);
  g_assert_true (sl_digest_from_hex (upper, &parsed));
  assert_equal (&digest, &parsed);

  g_assert_false (sl_digest_from_hex ("", &parsed));
  g_assert_false (sl_digest_from_hex ("99aa06d3014798d86001c324468d497", &parsed));
  g_assert_false (sl_digest_from_hex ("99aa06d3014798d86001c324468d497f0", &parsed));
  g_assert_false (sl_digest_from_hex ("99aa06d3014798d86001c324468d497g", &parsed));
  assert_equal (&digest, &parsed);
}

static void
test_any_pieces (void)
{
  static const gsize lengths[] = { 0, 1, 4095, 4096, 4097, 100000 };
  static const gsize pieces[] = { 1, 7, 4096, 5000, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree guint8 *bytes = make_bytes (lengths[i]);
      SlDigest expected = whole_digest (bytes, lengths[i]);

      for (guint k = 0; k < G_N_ELEMENTS (pieces); k++)
        {
          g_autoptr (SlDigestStream) stream = sl_digest_stream_new ();
          SlDigest digest;

          for (gsize at = 0; at < lengths[i]; at += pieces[k])
            sl_digest_stream_feed (stream, (gint64) at, bytes + at,
                                   MIN (pieces[k], lengths[i] - at));
          digest = sl_digest_stream_finish (stream, (gint64) lengths[i]);
          assert_equal (&digest, &expected);
        }
    }
}

static void
test_rewritten_head (void)
{
  g_autofree guint8 *bytes = make_bytes (20000);
  g_autofree guint8 *zeros = g_malloc0 (80);
  g_autoptr (SlDigestStream) stream = sl_digest_stream_new ();
  SlDigest expected = whole_digest (bytes, 20000);
  SlDigest digest;

  sl_digest_stream_feed (stream, 0, zeros, 80);
  sl_digest_stream_feed (stream, 80, bytes + 80, 20000 - 80);
  digest = sl_digest_stream_finish (stream, 20000);
  g_assert_false (sl_digest_equal (&digest, &expected));
  sl_digest_stream_feed (stream, 0, bytes, 80);
  digest = sl_digest_stream_finish (stream, 20000);
  assert_equal (&digest, &expected);
}

static void
test_gaps_and_repeats (void)
{
  g_autofree guint8 *bytes = make_bytes (20000);
  g_autoptr (SlDigestStream) stream = sl_digest_stream_new ();
  SlDigest expected = whole_digest (bytes, 20000);
  SlDigest digest;

  sl_digest_stream_feed (stream, 19000, bytes + 19000, 1000);
  g_assert_cmpint (sl_digest_stream_position (stream), ==, 4096);
  sl_digest_stream_feed (stream, 0, bytes, 6000);
  g_assert_cmpint (sl_digest_stream_position (stream), ==, 6000);
  sl_digest_stream_feed (stream, 5000, bytes + 5000, 500);
  g_assert_cmpint (sl_digest_stream_position (stream), ==, 6000);
  sl_digest_stream_feed (stream, 5000, bytes + 5000, 15000);
  g_assert_cmpint (sl_digest_stream_position (stream), ==, 20000);
  digest = sl_digest_stream_finish (stream, 20000);
  assert_equal (&digest, &expected);
}

/* Trailing zeros and the border of the head must not make two files look alike. */
static void
test_length_counts (void)
{
  g_autofree guint8 *zeros = g_malloc0 (9000);
  SlDigest digests[4];
  const gsize lengths[] = { 4095, 4096, 4097, 9000 };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (SlDigestStream) stream = sl_digest_stream_new ();

      sl_digest_stream_feed (stream, 0, zeros, lengths[i]);
      digests[i] = sl_digest_stream_finish (stream, (gint64) lengths[i]);
      for (guint k = 0; k < i; k++)
        g_assert_false (sl_digest_equal (&digests[i], &digests[k]));
    }
}

static void
test_file (void)
{
  static const gsize lengths[] = { 0, 1, 4096, 300000, 1000001 };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree guint8 *bytes = make_bytes (lengths[i]);
      g_autoptr (GError) error = NULL;
      SlDigest expected = whole_digest (bytes, lengths[i]);
      SlDigest digest;

      g_assert_true (g_file_set_contents (path, (char *) bytes, (gssize) lengths[i], NULL));
      g_assert_true (sl_digest_file (path, &digest, NULL, &error));
      g_assert_no_error (error);
      assert_equal (&digest, &expected);
    }
}

static void
test_file_missing (void)
{
  g_autoptr (GError) error = NULL;
  SlDigest digest;

  g_assert_false (sl_digest_file ("/nonexistent/none.wav", &digest, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, "none.wav"));
}

static gboolean
stop_at_half (double fraction, gpointer data)
{
  *(double *) data = fraction;
  return fraction < 0.5;
}

static void
test_file_cancelled (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autofree guint8 *bytes = make_bytes (2000000);
  g_autoptr (GError) error = NULL;
  double reached = 0.0;
  SlProgress progress = { stop_at_half, &reached };
  SlDigest digest;

  g_assert_true (g_file_set_contents (path, (char *) bytes, 2000000, NULL));
  g_assert_false (sl_digest_file (path, &digest, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CANCELLED);
  g_assert_cmpfloat (reached, >=, 0.5);
  g_assert_cmpfloat (reached, <, 1.0);
}

/* Another program writes while we read: the progress callback plays its part. */
static gboolean
append_a_byte (double fraction, gpointer data)
{
  FILE *file;

  if (fraction < 0.5)
    return TRUE;
  file = fopen (data, "ab");
  fputc ('x', file);
  fclose (file);
  return TRUE;
}

static void
test_file_changed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autofree guint8 *bytes = make_bytes (1000000);
  g_autoptr (GError) error = NULL;
  SlProgress progress = { append_a_byte, path };
  SlDigest digest;

  g_assert_true (g_file_set_contents (path, (char *) bytes, 1000000, NULL));
  g_assert_false (sl_digest_file (path, &digest, &progress, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_CHANGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/io/digest/known-value", test_known_value);
  g_test_add_func ("/engine/io/digest/hex", test_hex);
  g_test_add_func ("/engine/io/digest/any-pieces", test_any_pieces);
  g_test_add_func ("/engine/io/digest/rewritten-head", test_rewritten_head);
  g_test_add_func ("/engine/io/digest/gaps-and-repeats", test_gaps_and_repeats);
  g_test_add_func ("/engine/io/digest/length-counts", test_length_counts);
  g_test_add_func ("/engine/io/digest/file", test_file);
  g_test_add_func ("/engine/io/digest/file-missing", test_file_missing);
  g_test_add_func ("/engine/io/digest/file-cancelled", test_file_cancelled);
  g_test_add_func ("/engine/io/digest/file-changed", test_file_changed);
  return g_test_run ();
}
