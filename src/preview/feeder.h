/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that carries out what the player wants. */
#pragma once

#include "preview/desk.h"
#include "preview/output.h"

G_BEGIN_DECLS

/** Starts the thread; it keeps the desk alive and sets its ended when it leaves. */
GThread *
sl_feeder_start (SlDesk *desk, const SlOutputClass *klass);

G_END_DECLS
