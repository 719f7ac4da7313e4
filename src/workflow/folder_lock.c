/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/folder_lock.h"

#include "engine/base/error.h"
#include "workflow/beacon.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who has just taken the lock, or is about to give it back, has no name in it for a moment. */
#define NAME_TRIES 40
#define NAME_WAIT_US 5000

struct _SlFolderLock
{
  /* owned */
  int fd;           ///< with the kernel's lock, or -1
  SlBeacon *beacon; ///< where the kernel has none, or NULL
};

/* How what is written into a lock begins, and the bytes that are read of it. */
#define HOLDER_PREFIX "process "
#define HOLDER_BYTES 256

static char *
describe_us (void)
{
  return g_strdup_printf (HOLDER_PREFIX "%d on %s\n", (int) getpid (), g_get_host_name ());
}

/* Who holds the lock, as that program wrote it. Owned. */
static char *
read_holder (int fd)
{
  char text[HOLDER_BYTES] = "";
  ssize_t n = pread (fd, text, sizeof text - 1, 0);

  text[n > 0 ? n : 0] = '\0';
  return g_utf8_make_valid (g_strstrip (text), -1);
}

/* Whether the file holds what a lock may: a hard link or a mount leads to another's file as a
 * symbolic link does. What a power cut left of a lock is empty, or zeros. */
static gboolean
is_lock (int fd)
{
  g_autofree char *holder = read_holder (fd);
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_size < HOLDER_BYTES
         && (*holder == '\0' || g_str_has_prefix (holder, HOLDER_PREFIX));
}

static void
write_holder (int fd)
{
  g_autofree char *text = describe_us ();

  if (ftruncate (fd, 0) == 0)
    (void) !pwrite (fd, text, strlen (text), 0);
}

/* Always NULL. */
static SlFolderLock *
refuse (const char *folder, const char *holder, GError **error)
{
  g_autofree char *shown = g_filename_display_name (folder);

  g_set_error (error, SL_ERROR, SL_ERROR_LOCKED, _ ("“%s” is in use by %s: close it there first."),
               shown, *holder != '\0' ? holder : _ ("another program"));
  return NULL;
}

/* A link could lead to a file that must not be written: -1 with ELOOP. Document portals before 1.19
 * answer as if every file were one. */
static int
open_file (const char *path)
{
  struct stat status;
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

  if (fd < 0 && errno == ELOOP)
    {
      if (lstat (path, &status) == 0 && S_ISREG (status.st_mode))
        fd = open (path, O_RDWR | O_CLOEXEC);
      else
        errno = ELOOP;
    }
  if (fd >= 0 && !is_lock (fd))
    {
      close (fd);
      errno = ELOOP;
      return -1;
    }
  return fd;
}

static gboolean
has_no_locks (int saved_errno)
{
  return saved_errno == ENOSYS || saved_errno == ENOLCK || saved_errno == ENOTSUP;
}

static SlFolderLock *
lock_new (int fd, SlBeacon *beacon)
{
  SlFolderLock *self = g_new (SlFolderLock, 1);

  self->fd = fd;
  self->beacon = beacon;
  return self;
}

/* NULL with either @holder, which may be empty, or @error set; so do those below. */
static SlFolderLock *
take_beacon (const char *path, char **holder, GError **error)
{
  g_autofree char *us = describe_us ();
  g_autoptr (GError) failure = NULL;
  SlBeacon *beacon;

  *holder = sl_beacon_read (path);
  if (*holder != NULL)
    return NULL;
  beacon = sl_beacon_light (path, us, SL_BEACON_BEAT_MS, &failure);
  if (beacon != NULL)
    return lock_new (-1, beacon);
  if (g_error_matches (failure, SL_ERROR, SL_ERROR_LOCKED))
    *holder = g_strdup ("");
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* The lock of the kernel on @fd, which is taken over or closed. A beacon is that of a program in a
 * sandbox, which sees no lock of ours. */
static SlFolderLock *
take_kernel_lock (int fd, const char *beacon_path, char **holder, GError **error)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int failed = fcntl (fd, F_OFD_SETLK, &whole) != 0 ? errno : 0;

  if (failed == 0)
    *holder = sl_beacon_read (beacon_path);
  else if (!has_no_locks (failed))
    *holder = read_holder (fd);
  if (failed == 0 && *holder == NULL)
    {
      write_holder (fd);
      return lock_new (fd, NULL);
    }
  close (fd);
  return *holder != NULL ? NULL : take_beacon (beacon_path, holder, error);
}

static void
set_stranger (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, SL_ERROR, SL_ERROR_WRITE,
               _ ("“%s” is not a lock of Seamline but another file: move it away."), shown);
}

static SlFolderLock *
try_to_take (const char *folder, char **holder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, ".seamline.lock", NULL);
  g_autofree char *beacon_path = g_build_filename (folder, ".seamline.holder", NULL);
  int fd = open_file (path);

  if (fd >= 0)
    return take_kernel_lock (fd, beacon_path, holder, error);
  if (errno == ELOOP)
    set_stranger (path, error);
  else
    sl_error_set_errno (error, SL_ERROR_WRITE, errno, folder, _ ("cannot be written to"));
  return NULL;
}

SlFolderLock *
sl_folder_lock_take (const char *folder, GError **error)
{
  g_autofree char *holder = NULL;
  SlFolderLock *self = try_to_take (folder, &holder, error);

  for (int i = 0; i < NAME_TRIES && holder != NULL && *holder == '\0'; i++)
    {
      g_clear_pointer (&holder, g_free);
      g_usleep (NAME_WAIT_US);
      self = try_to_take (folder, &holder, error);
    }
  return holder != NULL ? refuse (folder, holder, error) : self;
}

/* A beacon is a file that is written anew all the time: it tells nothing. */
gboolean
sl_folder_lock_is_of (const SlFolderLock *self, const char *folder, const char *known)
{
  g_autofree char *path = g_build_filename (folder, ".seamline.lock", NULL);
  struct stat held, there;

  if (self->fd < 0 || fstat (self->fd, &held) != 0)
    return g_file_test (folder, G_FILE_TEST_IS_DIR);
  if (stat (path, &there) != 0)
    return errno == ENOENT && g_file_test (known, G_FILE_TEST_EXISTS);
  return there.st_dev == held.st_dev && there.st_ino == held.st_ino;
}

void
sl_folder_lock_free (SlFolderLock *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    {
      /* Nobody shall be told of us by mistake when another has just taken it. */
      (void) !ftruncate (self->fd, 0);
      close (self->fd);
    }
  sl_beacon_free (self->beacon);
  g_free (self);
}
