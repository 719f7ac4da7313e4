/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tap_tempo.h"

#include <math.h>

#define PAUSE_US (3 * G_USEC_PER_SEC)
#define MIN_TAPS 3
#define MIN_BPM 20.0
#define MAX_BPM 400.0

struct _SlTapTempo
{
  gint64 first_us;
  gint64 last_us;
  guint n;
};

SlTapTempo *
sl_tap_tempo_new (void)
{
  return g_new0 (SlTapTempo, 1);
}

void
sl_tap_tempo_free (SlTapTempo *self)
{
  g_free (self);
}

gboolean
sl_tap_tempo_tap (SlTapTempo *self, gint64 now_us, SlBpm *bpm)
{
  double value;
  g_autofree char *text = NULL;

  if (self->n == 0 || now_us - self->last_us > PAUSE_US)
    {
      self->n = 0;
      self->first_us = now_us;
    }
  self->n++;
  self->last_us = now_us;
  if (self->n < MIN_TAPS)
    return FALSE;
  /* Over all taps: what a hand is early once it is late another time. */
  value = 60.0 * G_USEC_PER_SEC * (self->n - 1) / (double) (now_us - self->first_us);
  if (value < MIN_BPM || value > MAX_BPM)
    return FALSE;
  text = g_strdup_printf ("%d.%d", (int) (llround (value * 10.0) / 10),
                          (int) (llround (value * 10.0) % 10));
  return sl_bpm_parse (text, bpm, NULL);
}
