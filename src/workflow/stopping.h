/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that a GCancellable stops: the engine knows only of progress. */
#pragma once

#include "engine/base/progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** Progress that nobody looks at, and that goes on until @cancellable (borrowed; may be NULL) is
 *  cancelled. Any thread. */
SlProgress
sl_progress_until (GCancellable *cancellable);

G_END_DECLS
