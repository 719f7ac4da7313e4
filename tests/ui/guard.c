/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into the window: measures what each iteration of its main loop costs in processor time.
 *
 * SEAMLINE_GUARD_LOG names the log. One line per iteration of NOTED_MS and more: the monotonic time
 * of its end in seconds, and its cost in milliseconds. Where an iteration was when it had used
 * TRACED_MS stands before it, in lines that begin with "#". */
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOTED_MS 10.0
#define TRACED_MS 50
#define MAX_FRAMES 64

static int log_fd = -1;
static timer_t timer;
static double started_ms;

static double
now_ms (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec * 1e-6;
}

static void
set_timer (long ms)
{
  struct itimerspec when = { .it_value.tv_nsec = ms * 1000000 };

  timer_settime (timer, 0, &when, NULL);
}

static void
trace (int signal_number)
{
  void *frames[MAX_FRAMES];

  (void) !write (log_fd, "#\n", 2);
  backtrace_symbols_fd (frames, backtrace (frames, MAX_FRAMES), log_fd);
  (void) !write (log_fd, "#\n", 2);
}

static void
end_iteration (void)
{
  double cost = now_ms (CLOCK_THREAD_CPUTIME_ID) - started_ms;

  set_timer (0);
  if (cost >= NOTED_MS)
    dprintf (log_fd, "%.6f %.3f\n", now_ms (CLOCK_MONOTONIC) * 1e-3, cost);
}

/* An iteration is what happens between two polls, so it is never shorter than one dispatch. */
static int
guard_poll (GPollFD *fds, guint n_fds, int timeout_ms)
{
  int ready;

  end_iteration ();
  ready = g_poll (fds, n_fds, timeout_ms);
  started_ms = now_ms (CLOCK_THREAD_CPUTIME_ID);
  set_timer (TRACED_MS);
  return ready;
}

static void
make_timer (void)
{
  struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF };
  struct sigaction action = { .sa_handler = trace, .sa_flags = SA_RESTART };
  void *frame;

  event._sigev_un._tid = gettid ();
  backtrace (&frame, 1); /* its first call loads a library, which a handler must not */
  sigaction (SIGPROF, &action, NULL);
  timer_create (CLOCK_THREAD_CPUTIME_ID, &event, &timer);
}

/* Stands before GIO's. */
G_MODULE_EXPORT int
g_application_run (GApplication *application, int argc, char **argv)
{
  int (*run) (GApplication *, int, char **);

  *(void **) &run = dlsym (RTLD_NEXT, "g_application_run");
  log_fd = open (getenv ("SEAMLINE_GUARD_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0)
    abort ();
  make_timer ();
  started_ms = now_ms (CLOCK_THREAD_CPUTIME_ID);
  g_main_context_set_poll_func (NULL, guard_poll);
  return run (application, argc, argv);
}
