/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars and beats, where the tempo is known, over minutes and seconds; an SlTimeView. */
#pragma once

#include "app/time_view.h"

G_BEGIN_DECLS

#define SL_TYPE_RULER (sl_ruler_get_type ())
G_DECLARE_FINAL_TYPE (SlRuler, sl_ruler, SL, RULER, SlTimeView)

/** @range may be NULL and be set later. */
GtkWidget *
sl_ruler_new (SlTimeRange *range);

G_END_DECLS
