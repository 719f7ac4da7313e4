/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peak meter of two channels, from -60 dBFS to full scale. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SL_TYPE_METER (sl_meter_get_type ())
G_DECLARE_FINAL_TYPE (SlMeter, sl_meter, SL, METER, GtkWidget)

/** Shows @peaks (linear, of two channels); they fall by themselves when fed at each frame. */
void
sl_meter_feed (SlMeter *self, const float peaks[2]);

/** Shows silence. */
void
sl_meter_reset (SlMeter *self);

G_END_DECLS
