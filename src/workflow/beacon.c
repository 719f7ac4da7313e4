/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/beacon.h"

#include "engine/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _SlBeacon
{
  /* owned */
  char *path;
  char *holder;
  GThread *thread;
  int fd;
  int beat_ms;
  GMutex mutex; /* guards what follows */
  GCond cond;
  gboolean is_out;
};

/* A time that lies ahead belongs to a clock that was set back, and would never become old. */
static gboolean
is_fresh (const struct stat *status)
{
  gint64 age_s = g_get_real_time () / G_USEC_PER_SEC - status->st_mtime;

  return ABS (age_s) < SL_BEACON_STALE_S;
}

char *
sl_beacon_read (const char *path)
{
  char text[256] = "";
  struct stat status;
  gboolean found = FALSE;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    return NULL;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && is_fresh (&status))
    found = pread (fd, text, sizeof text - 1, 0) >= 0;
  close (fd);
  return found ? g_utf8_make_valid (g_strstrip (text), -1) : NULL;
}

/* Of several programs that see a stale file only one can move it away; but what it moves may be the
 * fresh one of another that was quicker, which gets it back. */
static gboolean
remove_stale (const char *path)
{
  g_autofree char *aside = g_strdup_printf ("%s.%08x", path, g_random_int ());
  struct stat status;

  if (lstat (path, &status) == 0 && is_fresh (&status))
    return FALSE;
  if (g_rename (path, aside) != 0)
    return errno == ENOENT;
  if (lstat (aside, &status) == 0 && is_fresh (&status))
    {
      (void) !g_rename (aside, path);
      return FALSE;
    }
  g_unlink (aside);
  return TRUE;
}

/* The new file, or -1 with errno. */
static int
create (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

  if (fd < 0 && errno == EEXIST)
    {
      if (remove_stale (path))
        fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      else
        errno = EEXIST;
    }
  return fd;
}

/* Writing sets the time on every file system. */
static gboolean
beat (SlBeacon *self)
{
  size_t length = strlen (self->holder);

  return pwrite (self->fd, self->holder, length, 0) == (ssize_t) length;
}

/* Whether @beat_ms have passed and the beacon shall go on. */
static gboolean
wait_for_beat (SlBeacon *self)
{
  gint64 next = g_get_monotonic_time () + self->beat_ms * G_TIME_SPAN_MILLISECOND;
  gboolean is_out;

  g_mutex_lock (&self->mutex);
  while (!self->is_out && g_cond_wait_until (&self->cond, &self->mutex, next))
    ;
  is_out = self->is_out;
  g_mutex_unlock (&self->mutex);
  return !is_out;
}

/* Another may have found the beacon stale, after a sleep of the machine, and lit its own. */
static gboolean
is_anothers (const SlBeacon *self)
{
  g_autofree char *there = sl_beacon_read (self->path);
  g_autofree char *us = g_strstrip (g_strdup (self->holder));

  return there != NULL && *there != '\0' && strcmp (there, us) != 0;
}

static gpointer
keep_fresh (gpointer data)
{
  SlBeacon *self = data;

  /* One that could not be written just now may be at the next beat. */
  while (wait_for_beat (self))
    (void) beat (self);
  if (!is_anothers (self))
    g_unlink (self->path);
  close (self->fd);
  return NULL;
}

static SlBeacon *
start (const char *path, const char *holder, int fd, int beat_ms)
{
  SlBeacon *self = g_new0 (SlBeacon, 1);

  self->path = g_strdup (path);
  self->holder = g_strdup (holder);
  self->fd = fd;
  self->beat_ms = beat_ms;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  (void) beat (self);
  self->thread = g_thread_new ("beacon", keep_fresh, self);
  return self;
}

SlBeacon *
sl_beacon_light (const char *path, const char *holder, int beat_ms, GError **error)
{
  int fd = create (path);

  if (fd >= 0)
    return start (path, holder, fd, beat_ms);
  sl_error_set_errno (error, errno == EEXIST ? SL_ERROR_LOCKED : SL_ERROR_WRITE, errno, path,
                      _ ("could not be made"));
  return NULL;
}

void
sl_beacon_free (SlBeacon *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->is_out = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->holder);
  g_free (self->path);
  g_free (self);
}
