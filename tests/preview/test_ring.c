/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ring alone: order, ends, and two threads at once. */
#include "preview/ring.h"

#define SIZE 37
#define TOTAL 500000
#define PIECE 11

/* Frame @frame as both channels of it: exact as floats below 2^24. */
static void
make_frame (float *frame, gint64 number)
{
  frame[0] = (float) number;
  frame[1] = (float) -number;
}

static void
write_frames (SlRing *ring, gint64 first, gint64 frames)
{
  float samples[2 * SIZE];

  for (gint64 i = 0; i < frames; i++)
    make_frame (samples + 2 * i, first + i);
  sl_ring_write (ring, samples, frames);
}

/* Reads @frames frames, which must be those from @first on. */
static void
read_frames (SlRing *ring, gint64 ahead, gint64 first, gint64 frames)
{
  float samples[2 * SIZE];
  float expected[2];

  sl_ring_peek (ring, ahead, samples, frames);
  for (gint64 i = 0; i < frames; i++)
    {
      make_frame (expected, first + i);
      g_assert_cmpfloat (samples[2 * i], ==, expected[0]);
      g_assert_cmpfloat (samples[2 * i + 1], ==, expected[1]);
    }
}

static void
test_around (void)
{
  SlRing *ring = sl_ring_new (2, SIZE);

  for (gint64 at = 0; at < 10 * SIZE; at += PIECE)
    {
      write_frames (ring, at, PIECE);
      g_assert_cmpint (sl_ring_get_filled (ring), ==, PIECE);
      g_assert_cmpint (sl_ring_get_space (ring), ==, SIZE - PIECE);
      read_frames (ring, 3, at + 3, PIECE - 3);
      read_frames (ring, 0, at, PIECE);
      sl_ring_take (ring, PIECE);
    }
  write_frames (ring, 0, SIZE);
  g_assert_cmpint (sl_ring_get_space (ring), ==, 0);
  sl_ring_clear (ring);
  g_assert_cmpint (sl_ring_get_filled (ring), ==, 0);
  write_frames (ring, 7, SIZE);
  read_frames (ring, 0, 7, SIZE);
  sl_ring_free (ring);
}

static gpointer
write_all (gpointer data)
{
  SlRing *ring = data;
  gint64 count;

  for (gint64 at = 0; at < TOTAL; at += count)
    {
      count = MIN (MIN (sl_ring_get_space (ring), 1 + at % PIECE), TOTAL - at);
      write_frames (ring, at, count);
      if (count == 0)
        g_thread_yield ();
    }
  return NULL;
}

static void
test_two_threads (void)
{
  SlRing *ring = sl_ring_new (2, SIZE);
  GThread *writer = g_thread_new ("writer", write_all, ring);
  gint64 count;

  for (gint64 at = 0; at < TOTAL; at += count)
    {
      count = MIN (sl_ring_get_filled (ring), 1 + at % SIZE);
      read_frames (ring, 0, at, count);
      sl_ring_take (ring, count);
      if (count == 0)
        g_thread_yield ();
    }
  g_thread_join (writer);
  sl_ring_free (ring);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preview/ring/around", test_around);
  g_test_add_func ("/preview/ring/two-threads", test_two_threads);
  return g_test_run ();
}
