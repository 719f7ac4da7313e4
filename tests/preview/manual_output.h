/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device that asks for sound only when the test says so. */
#pragma once

#include "engine/base/error.h"
#include "preview/output.h"
#include "preview/rt.h"

/* What the device can do; set it before playing. */
typedef struct
{
  GMutex lock;
  gboolean absent;
  int only_rate_hz; ///< 0: any
  int max_channels; ///< 0: any
  gint64 latency;
  guint opened; ///< how often

  /* while open */
  SlOutput base;
  SlOutputFill fill;
  SlRt *rt;
  gboolean is_open;
  gboolean started;
} Manual;

static Manual manual;

static inline SlOutput *
manual_open (int rate_hz, int channels, SlOutputFill fill, gpointer data, GError **error)
{
  if (manual.absent)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_OPEN, "No device.");
      return NULL;
    }
  g_mutex_lock (&manual.lock);
  manual.base.rate_hz = manual.only_rate_hz > 0 ? manual.only_rate_hz : rate_hz;
  manual.base.channels = manual.max_channels > 0 ? MIN (manual.max_channels, channels) : channels;
  manual.fill = fill;
  manual.rt = data;
  manual.is_open = TRUE;
  manual.opened++;
  g_mutex_unlock (&manual.lock);
  return &manual.base;
}

static inline gboolean
manual_start (SlOutput *output, GError **error)
{
  g_mutex_lock (&manual.lock);
  manual.started = TRUE;
  g_mutex_unlock (&manual.lock);
  return TRUE;
}

static inline void
manual_stop (SlOutput *output)
{
  g_mutex_lock (&manual.lock);
  manual.started = FALSE;
  g_mutex_unlock (&manual.lock);
}

static inline void
manual_close (SlOutput *output)
{
  g_mutex_lock (&manual.lock);
  manual.started = FALSE;
  manual.is_open = FALSE;
  g_mutex_unlock (&manual.lock);
}

static inline gint64
manual_latency (SlOutput *output)
{
  return manual.latency;
}

static inline gboolean
manual_probe (GError **error)
{
  if (manual.absent)
    g_set_error_literal (error, SL_ERROR, SL_ERROR_OPEN, "No device.");
  return !manual.absent;
}

static const SlOutputClass manual_class
    = { manual_open, manual_start, manual_stop, manual_close, manual_latency, manual_probe };

/* Another device, as it comes out of the box. */
static inline void
manual_reset (void)
{
  g_assert_false (manual.is_open);
  manual.absent = FALSE;
  manual.only_rate_hz = 0;
  manual.max_channels = 0;
  manual.latency = 0;
  manual.opened = 0;
}

/* Asks for @frames frames at once; FALSE when the device does not run. */
static inline gboolean
manual_ask (float *out, gint64 frames)
{
  gboolean started;

  g_mutex_lock (&manual.lock);
  started = manual.started;
  if (started)
    manual.fill (out, frames, manual.rt);
  g_mutex_unlock (&manual.lock);
  return started;
}

/* Whether sound may be asked for and the player has read ahead as far as it can. */
static inline gboolean
manual_is_ready (void)
{
  gboolean ready = FALSE;

  g_mutex_lock (&manual.lock);
  if (manual.started && (manual.rt->request & SL_RT_OPEN) != 0)
    ready = manual.rt->ending || sl_ring_get_space (manual.rt->ring) == 0;
  g_mutex_unlock (&manual.lock);
  return ready;
}

/* Waits for @condition, an expression; the test fails after 20 s. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                               \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > wait_end)                                                    \
          g_error ("waited in vain for %s", #condition);                                           \
        g_usleep (200);                                                                            \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END
