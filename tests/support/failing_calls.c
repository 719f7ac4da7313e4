/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Put before libc by LD_PRELOAD: calls that change what is below one folder are counted, over all
 * threads and helpers, and one of them fails, or all from that one on. failing_calls.py says which.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Far above what the program under test opens, and never closed by it. */
#define LOG_FD 900

static const char *under;
static const char *calls;
static long at;
static int onwards;
static int code;
static const char *free_blocks;
static atomic_int *count;

static const char *
setting (const char *name)
{
  const char *value = getenv (name);

  return value != NULL ? value : "";
}

__attribute__ ((constructor)) static void
start (void)
{
  int fd = (int) syscall (SYS_openat, AT_FDCWD, setting ("FAIL_LOG"), O_RDWR | O_APPEND);
  int page = (int) syscall (SYS_openat, AT_FDCWD, setting ("FAIL_COUNT"), O_RDWR);

  under = setting ("FAIL_UNDER");
  calls = setting ("FAIL_CALLS");
  at = atol (setting ("FAIL_AT"));
  onwards = *setting ("FAIL_ONWARDS") != '\0';
  code = atoi (setting ("FAIL_CODE"));
  free_blocks = setting ("FAIL_FREE_BLOCKS");
  count = mmap (NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
  if (fd < 0 || page < 0 || count == MAP_FAILED || dup3 (fd, LOG_FD, O_CLOEXEC) != LOG_FD)
    abort ();
  syscall (SYS_close, fd);
  syscall (SYS_close, page);
}

#define REAL(name)                                                                                 \
  static __typeof__ (name) *real;                                                                  \
  if (real == NULL)                                                                                \
  real = dlsym (RTLD_NEXT, #name)

static int
is_chosen (const char *call)
{
  size_t length = strlen (call);

  for (const char *found = calls; (found = strstr (found, call)) != NULL; found += length)
    if (found[length] == ',' && (found == calls || found[-1] == ','))
      return 1;
  return 0;
}

/* Whether the call shall fail, with errno set. */
static int
fails (const char *call, const char *path)
{
  char line[PATH_MAX + 64];
  int number, hit, length;

  if (count == NULL || !is_chosen (call) || strncmp (path, under, strlen (under)) != 0)
    return 0;
  number = atomic_fetch_add (count, 1) + 1;
  hit = at > 0 && (number == at || (onwards && number > at));
  length = snprintf (line, sizeof line, "%d %s %s\n", hit, call, path);
  syscall (SYS_write, LOG_FD, line, (size_t) length);
  if (hit)
    errno = code;
  return hit;
}

static int
fails_fd (const char *call, int fd)
{
  char link[64];
  char path[PATH_MAX];
  int saved_errno = errno;
  ssize_t length;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path - 1);
  errno = saved_errno;
  if (length < 0)
    return 0;
  path[length] = '\0';
  return fails (call, path);
}

ssize_t
write (int fd, const void *data, size_t length)
{
  REAL (write);
  return fails_fd ("write", fd) ? -1 : real (fd, data, length);
}

ssize_t
writev (int fd, const struct iovec *pieces, int n)
{
  REAL (writev);
  return fails_fd ("writev", fd) ? -1 : real (fd, pieces, n);
}

ssize_t
pwrite64 (int fd, const void *data, size_t length, off64_t offset)
{
  REAL (pwrite64);
  return fails_fd ("pwrite64", fd) ? -1 : real (fd, data, length, offset);
}

int
fsync (int fd)
{
  REAL (fsync);
  return fails_fd ("fsync", fd) ? -1 : real (fd);
}

int
fdatasync (int fd)
{
  REAL (fdatasync);
  return fails_fd ("fdatasync", fd) ? -1 : real (fd);
}

int
syncfs (int fd)
{
  REAL (syncfs);
  return fails_fd ("syncfs", fd) ? -1 : real (fd);
}

int
ftruncate64 (int fd, off64_t length)
{
  REAL (ftruncate64);
  return fails_fd ("ftruncate", fd) ? -1 : real (fd, length);
}

int
fallocate64 (int fd, int mode, off64_t offset, off64_t length)
{
  REAL (fallocate64);
  return fails_fd ("fallocate", fd) ? -1 : real (fd, mode, offset, length);
}

/* As the kernel has it: the descriptor is gone even so. */
int
close (int fd)
{
  int failed = fails_fd ("close", fd);
  int result;
  REAL (close);

  result = real (fd);
  if (!failed)
    return result;
  errno = code;
  return -1;
}

int
open64 (const char *path, int flags, ...)
{
  mode_t mode = 0;
  REAL (open64);

  if (flags & O_CREAT)
    {
      va_list rest;

      va_start (rest, flags);
      mode = va_arg (rest, mode_t);
      va_end (rest);
      if (fails ("openat", path))
        return -1;
    }
  return real (path, flags, mode);
}

int
mkdir (const char *path, mode_t mode)
{
  REAL (mkdir);
  return fails ("mkdir", path) ? -1 : real (path, mode);
}

int
rename (const char *from, const char *to)
{
  REAL (rename);
  return fails ("rename", to) ? -1 : real (from, to);
}

int
link (const char *from, const char *to)
{
  REAL (link);

  /* Of what is not there a disk has nothing to say. */
  return access (from, F_OK) == 0 && fails ("link", to) ? -1 : real (from, to);
}

int
statvfs64 (const char *path, struct statvfs64 *found)
{
  REAL (statvfs64);
  int result = real (path, found);

  if (result == 0 && *free_blocks != '\0')
    found->f_bavail = (fsblkcnt64_t) atoll (free_blocks);
  return result;
}
