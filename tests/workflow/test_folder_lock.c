/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock on a folder, on file systems with locks and on those without, as in a sandbox. */
#include "engine/base/error.h"
#include "support/temp_folder.h"
#include "workflow/beacon.h"
#include "workflow/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WATCHDOG_S 60

/* --- a file system that answers as a document portal does --- */

static gboolean has_locks = TRUE;
static gboolean refuses_nofollow;

/* In the place of the C library's, for this program alone. */
int
fcntl (int fd, int command, ...)
{
  va_list args;
  void *argument;

  va_start (args, command);
  argument = va_arg (args, void *);
  va_end (args);
  if (command == F_OFD_SETLK && !has_locks)
    {
      errno = ENOSYS;
      return -1;
    }
  return (int) syscall (SYS_fcntl, fd, command, argument);
}

int
open (const char *path, int flags, ...)
{
  struct stat status;
  va_list args;
  int mode;

  va_start (args, flags);
  mode = va_arg (args, int);
  va_end (args);
  if (refuses_nofollow && (flags & O_NOFOLLOW) != 0 && lstat (path, &status) == 0)
    {
      errno = ELOOP;
      return -1;
    }
  return (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
}

static void
be_portal (gboolean portal)
{
  has_locks = !portal;
  refuses_nofollow = portal;
}

/* --- what is seen from outside --- */

static char *
beacon_path (const char *folder)
{
  return g_build_filename (folder, ".seamline.holder", NULL);
}

static gboolean
has_beacon (const char *folder)
{
  g_autofree char *path = beacon_path (folder);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
set_age (const char *path, int age_s)
{
  struct timespec times[2] = { 0 };

  times[0].tv_sec = times[1].tv_sec = g_get_real_time () / G_USEC_PER_SEC - age_s;
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static gint64
age_of (const char *path)
{
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return g_get_real_time () / G_USEC_PER_SEC - status.st_mtime;
}

static SlFolderLock *
take (const char *folder)
{
  g_autoptr (GError) error = NULL;
  SlFolderLock *lock = sl_folder_lock_take (folder, &error);

  g_assert_no_error (error);
  g_assert_nonnull (lock);
  return lock;
}

static void
assert_taken (const char *folder)
{
  g_autofree char *us = g_strdup_printf ("process %d on %s", (int) getpid (), g_get_host_name ());
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_folder_lock_take (folder, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_LOCKED);
  g_assert_nonnull (strstr (error->message, us));
}

/* --- tests --- */

static void
test_with_locks (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  SlFolderLock *lock = take (folder);

  g_assert_false (has_beacon (folder));
  assert_taken (folder);
  sl_folder_lock_free (lock);
  sl_folder_lock_free (take (folder));
}

static void
test_without_locks (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  SlFolderLock *lock;

  be_portal (TRUE);
  sl_folder_lock_free (take (folder)); /* leaves the file that the portal calls a link */
  lock = take (folder);
  g_assert_true (has_beacon (folder));
  assert_taken (folder);
  sl_folder_lock_free (lock);
  g_assert_false (has_beacon (folder));
  sl_folder_lock_free (take (folder));
  be_portal (FALSE);
}

/* A program outside of the sandbox has the kernel's lock, but sees who is inside. */
static void
test_seen_from_outside (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  SlFolderLock *inside;

  be_portal (TRUE);
  inside = take (folder);
  be_portal (FALSE);
  assert_taken (folder);
  sl_folder_lock_free (inside);
  sl_folder_lock_free (take (folder));
}

static void
test_killed_without_locks (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = beacon_path (folder);
  g_autofree char *us = g_strdup_printf ("process %d on %s", (int) getpid (), g_get_host_name ());

  g_assert_true (g_file_set_contents (path, us, -1, NULL));
  be_portal (TRUE);
  set_age (path, SL_BEACON_STALE_S - 10);
  assert_taken (folder);
  set_age (path, SL_BEACON_STALE_S + 10);
  sl_folder_lock_free (take (folder));
  g_assert_true (g_file_set_contents (path, us, -1, NULL));
  set_age (path, -SL_BEACON_STALE_S - 10); /* a clock that was set back */
  sl_folder_lock_free (take (folder));
  be_portal (FALSE);
}

/* Another's file must not be written through a link that was laid. */
static void
check_link (int (*lay) (const char *from, const char *to))
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, ".seamline.lock", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (other, "mine", -1, NULL));
  g_assert_cmpint (lay (other, path), ==, 0);
  for (int portal = 0; portal < 2; portal++)
    {
      g_autoptr (GError) error = NULL;

      be_portal (portal != 0);
      g_assert_null (sl_folder_lock_take (folder, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_WRITE);
    }
  be_portal (FALSE);
  g_assert_true (g_file_get_contents (other, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
}

static void
test_link (void)
{
  check_link (symlink);
  check_link (link);
}

/* After a power cut a file may have its length and not its bytes. */
static void
test_zeros (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, ".seamline.lock", NULL);
  g_autoptr (SlFolderLock) lock = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "\0\0\0\0\0\0\0\0\0\0", 10, NULL));
  lock = sl_folder_lock_take (folder, &error);
  g_assert_no_error (error);
}

static void
test_beat (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "beacon", NULL);
  g_autofree char *holder = NULL;
  g_autoptr (GError) error = NULL;
  SlBeacon *beacon = sl_beacon_light (path, "me", 10, &error);

  g_assert_no_error (error);
  set_age (path, SL_BEACON_STALE_S + 10);
  while (age_of (path) >= SL_BEACON_STALE_S) /* the watchdog ends a beacon that does not beat */
    g_usleep (5000);
  holder = sl_beacon_read (path);
  g_assert_cmpstr (holder, ==, "me");
  g_assert_null (sl_beacon_light (path, "another", 10, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_LOCKED);
  sl_beacon_free (beacon);
  g_assert_cmpuint (test_folder_count (folder), ==, 0);
}

/* A machine that slept finds that its beacon was taken for one of a program that is gone. */
static void
test_beacon_of_another (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "beacon", NULL);
  g_autofree char *holder = NULL;
  SlBeacon *first = sl_beacon_light (path, "first", 1000 * SL_BEACON_BEAT_MS, NULL);
  SlBeacon *second;

  set_age (path, SL_BEACON_STALE_S + 10);
  second = sl_beacon_light (path, "second", SL_BEACON_BEAT_MS, NULL);
  g_assert_nonnull (second);
  sl_beacon_free (first);
  holder = sl_beacon_read (path);
  g_assert_cmpstr (holder, ==, "second");
  sl_beacon_free (second);
  g_assert_cmpuint (test_folder_count (folder), ==, 0);
}

typedef struct
{
  const char *path; ///< of the file in which the holder's name stands
  const char *text;
} Naming;

static gpointer
write_name_late (gpointer data)
{
  const Naming *naming = data;

  int fd = open (naming->path, O_WRONLY);

  g_usleep (50000);
  g_assert_cmpint (pwrite (fd, naming->text, strlen (naming->text), 0), >, 0);
  close (fd);
  return NULL;
}

/* Whoever meets a lock of which the name has not been written yet waits for it. */
static void
test_late_name (void)
{
  for (int portal = 0; portal < 2; portal++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      SlFolderLock *lock;
      g_autofree char *us
          = g_strdup_printf ("process %d on %s", (int) getpid (), g_get_host_name ());
      g_autofree char *path = NULL;
      Naming naming = { NULL, us };
      GThread *thread;

      be_portal (portal != 0);
      lock = take (folder);
      path = portal != 0 ? beacon_path (folder) : g_build_filename (folder, ".seamline.lock", NULL);
      naming.path = path;
      g_assert_cmpint (truncate (path, 0), ==, 0);
      thread = g_thread_new ("late", write_name_late, &naming);
      assert_taken (folder);
      g_thread_join (thread);
      sl_folder_lock_free (lock);
      be_portal (FALSE);
    }
}

/* The name of who has given the lock back must not be told to who is refused by the next. */
static void
test_no_name_after_release (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, ".seamline.lock", NULL);
  g_autofree char *text = NULL;

  sl_folder_lock_free (take (folder));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (WATCHDOG_S);

  g_test_add_func ("/folder-lock/with-locks", test_with_locks);
  g_test_add_func ("/folder-lock/without-locks", test_without_locks);
  g_test_add_func ("/folder-lock/seen-from-outside", test_seen_from_outside);
  g_test_add_func ("/folder-lock/killed-without-locks", test_killed_without_locks);
  g_test_add_func ("/folder-lock/link", test_link);
  g_test_add_func ("/folder-lock/zeros", test_zeros);
  g_test_add_func ("/folder-lock/beat", test_beat);
  g_test_add_func ("/folder-lock/beacon-of-another", test_beacon_of_another);
  g_test_add_func ("/folder-lock/late-name", test_late_name);
  g_test_add_func ("/folder-lock/no-name-after-release", test_no_name_after_release);

  return g_test_run ();
}
