/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that says who is here for as long as it is fresh: a lock where there are no locks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A beacon older than this is one whose program has ended without putting it out. */
#define SL_BEACON_STALE_S 60

/* So that several beats may be missed on a busy machine. */
#define SL_BEACON_BEAT_MS 10000

typedef struct _SlBeacon SlBeacon;

/** Who has lit the beacon at @path; NULL when nobody has, or it is stale. Owned. Any thread. */
char *
sl_beacon_read (const char *path);

/**
 * Lights a beacon at @path that says @holder, and keeps it fresh from a thread of its own every
 * @beat_ms. SL_ERROR_LOCKED when there is a fresh one; a stale one is replaced. Any thread.
 */
SlBeacon *
sl_beacon_light (const char *path, const char *holder, int beat_ms, GError **error);

/** Puts the beacon out: the file is gone when this returns. NULL is allowed. Any thread. */
void
sl_beacon_free (SlBeacon *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlBeacon, sl_beacon_free)

G_END_DECLS
