/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies behind the audio of a file, and whether anything should not. */
#pragma once

#include "engine/io/reader.h"

G_BEGIN_DECLS

/**
 * Audio bytes at the end of @file that were not decoded; @reached is the highest offset that the
 * decoder asked for. Tags behind the audio do not count. Moves the offset.
 */
gint64
sl_tail_undecoded (SlFile *file, const SlFileInfo *info, gint64 reached);

G_END_DECLS
