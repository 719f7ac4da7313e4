/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio callback alone, called by hand: its gate and its gaps. */
#include "preview/rt.h"

#define SIZE 200
#define FADE 10
#define ONES 1000

static const float ones[ONES] = { [0 ... ONES - 1] = 1.0f };

typedef struct
{
  SlRt rt;
  float out[ONES];
} Callback;

static void
set_up (Callback *self, gconstpointer data)
{
  self->rt.ring = sl_ring_new (1, SIZE);
  self->rt.fade_frames = FADE;
  self->rt.volume = 1.0f;
  self->rt.volume_now = 1.0f;
}

static void
tear_down (Callback *self, gconstpointer data)
{
  sl_ring_free (self->rt.ring);
}

static void
request (Callback *self, guint flags)
{
  self->rt.request = (self->rt.request / SL_RT_STEP + 1) * SL_RT_STEP + flags;
}

/* Opens on @filled frames of 1.0 and hears @frames. */
static void
play (Callback *self, gint64 filled, gint64 frames)
{
  sl_ring_write (self->rt.ring, ones, filled);
  request (self, SL_RT_OPEN);
  sl_rt_fill (self->out, frames, &self->rt);
}

static void
assert_level (const Callback *self, gint64 first, gint64 end, float level)
{
  for (gint64 i = first; i < end; i++)
    g_assert_cmpfloat (self->out[i], ==, level);
}

/* One gap is one underrun, however often the device asks meanwhile; what comes too late waits
 * until half the ring is full, and then fades in. */
static void
test_gap (Callback *self, gconstpointer data)
{
  play (self, 50, 100);
  assert_level (self, 0, 50, 1.0f);
  assert_level (self, 50, 100, 0.0f);
  sl_rt_fill (self->out, 100, &self->rt);
  sl_ring_write (self->rt.ring, ones, SIZE / 2 - 1);
  sl_rt_fill (self->out, 100, &self->rt);
  assert_level (self, 0, 100, 0.0f);
  g_assert_cmpuint (self->rt.underruns, ==, 1);
  g_assert_cmpint (self->rt.silent, ==, 250);
  sl_ring_write (self->rt.ring, ones, 1);
  sl_rt_fill (self->out, 50, &self->rt);
  g_assert_cmpfloat (self->out[0], ==, 1.0f / FADE);
  assert_level (self, FADE, 50, 1.0f);
  g_assert_cmpint (self->rt.taken, ==, 100);
  g_assert_cmpint (self->rt.silent, ==, 0);
}

/* At the end an empty ring is no gap. */
static void
test_end (Callback *self, gconstpointer data)
{
  self->rt.ending = TRUE;
  play (self, 50, 50);
  g_assert_false (self->rt.drained);
  sl_rt_fill (self->out, 50, &self->rt);
  assert_level (self, 0, 50, 0.0f);
  g_assert_true (self->rt.drained);
  g_assert_cmpuint (self->rt.underruns, ==, 0);
}

/* The gate shuts over several calls, answers when it has, and has taken nothing by then. */
static void
test_shut (Callback *self, gconstpointer data)
{
  play (self, SIZE, 50);
  g_assert_cmpuint (self->rt.answer, ==, self->rt.request);
  request (self, 0);
  sl_rt_fill (self->out, FADE - 1, &self->rt);
  g_assert_cmpfloat (self->out[0], ==, (FADE - 1.0f) / FADE);
  g_assert_cmpfloat (self->out[FADE - 2], ==, 1.0f / FADE);
  g_assert_cmpuint (self->rt.answer, !=, self->rt.request);
  sl_rt_fill (self->out, 5, &self->rt);
  assert_level (self, 0, 5, 0.0f);
  g_assert_cmpuint (self->rt.answer, ==, self->rt.request);
  g_assert_cmpint (self->rt.taken, ==, 50);
  g_assert_cmpint (sl_ring_get_filled (self->rt.ring), ==, SIZE - 50);
}

/* A request to open that overtakes one to shut is carried out after the fade, from the start. */
static void
test_shut_and_open (Callback *self, gconstpointer data)
{
  play (self, SIZE, 50);
  request (self, 0);
  sl_rt_fill (self->out, 4, &self->rt);
  request (self, SL_RT_OPEN | SL_RT_SOFT);
  sl_rt_fill (self->out, 50, &self->rt);
  for (gint64 i = 0; i < 6; i++)
    g_assert_cmpfloat (self->out[i], ==, (float) (5 - i) / FADE);
  for (gint64 i = 0; i < FADE; i++)
    g_assert_cmpfloat (self->out[6 + i], ==, (float) (i + 1) / FADE);
  assert_level (self, 6 + FADE, 50, 1.0f);
  g_assert_cmpuint (self->rt.answer, ==, self->rt.request);
  g_assert_cmpint (self->rt.taken, ==, 50 + 44);
}

/* A ring that runs empty while the gate shuts: shut is shut. */
static void
test_shut_on_empty (Callback *self, gconstpointer data)
{
  play (self, 53, 50);
  request (self, 0);
  sl_rt_fill (self->out, 50, &self->rt);
  assert_level (self, 3, 50, 0.0f);
  sl_rt_fill (self->out, 1, &self->rt);
  g_assert_cmpuint (self->rt.answer, ==, self->rt.request);
  g_assert_cmpuint (self->rt.underruns, ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/preview/rt/" path, Callback, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("gap", test_gap);
  ADD ("end", test_end);
  ADD ("shut", test_shut);
  ADD ("shut-and-open", test_shut_and_open);
  ADD ("shut-on-empty", test_shut_on_empty);
  return g_test_run ();
}
