/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/helper.h"

#include "engine/base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_LINE_BYTES 16384

/* How often an ending helper is looked at. */
#define WAIT_STEP_MS 5

/* Of a busy machine, who works gets at least one in so many milliseconds. */
#define MOST_STARVED 5

struct _SlHelper
{
  GPid pid; ///< 0 once waited for
  int output;
  gint64 cpu_ms; ///< that it had when it was last looked at
  gboolean ended;
  GString *pending; ///< read, of which the first `taken` bytes have been handed out
  gsize taken;
};

/* What a terminal sends to all of its foreground is for the program, which then decides what
 * becomes of its helper; a helper that ended by itself would look crashed. */
static void
leave_process_group (gpointer data)
{
  setpgid (0, 0);
}

SlHelper *
sl_helper_spawn (const char *const *argv, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *name = NULL;
  SlHelper *self = g_new0 (SlHelper, 1);

  if (g_spawn_async_with_pipes (NULL, (char **) argv, NULL,
                                G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL
                                    | G_SPAWN_CLOEXEC_PIPES,
                                leave_process_group, NULL, &self->pid, NULL, &self->output, NULL,
                                &failure))
    {
      self->pending = g_string_new (NULL);
      return self;
    }

  g_free (self);
  name = g_filename_display_name (argv[0]);
  g_set_error (error, SL_ERROR, SL_ERROR_HELPER,
               _ ("The helper “%s” could not be started: %s. Install Seamline again."), name,
               failure->message);
  return NULL;
}

/* The next complete line among what has been read. */
static gboolean
take_line (SlHelper *self, const char **line)
{
  char *start = self->pending->str + self->taken;
  char *end = memchr (start, '\n', self->pending->len - self->taken);

  if (end == NULL)
    return FALSE;
  *end = '\0';
  *line = start;
  self->taken = (gsize) (end + 1 - self->pending->str);
  return TRUE;
}

/* Reads what is there; sets the end when there is nothing more. */
static void
fill (SlHelper *self)
{
  char buffer[4096];
  ssize_t got;

  g_string_erase (self->pending, 0, (gssize) self->taken);
  self->taken = 0;
  got = read (self->output, buffer, sizeof buffer);
  if (got > 0)
    g_string_append_len (self->pending, buffer, got);
  if (got == 0 || (got < 0 && errno != EINTR))
    self->ended = TRUE;
}

SlHelperEvent
sl_helper_next (SlHelper *self, int wait_ms, const char **line)
{
  struct pollfd output = { .fd = self->output, .events = POLLIN };

  if (take_line (self, line))
    return SL_HELPER_LINE;
  if (self->ended)
    return SL_HELPER_END;
  if (poll (&output, 1, wait_ms) <= 0)
    return SL_HELPER_QUIET;

  fill (self);
  if (take_line (self, line))
    return SL_HELPER_LINE;
  if (self->pending->len > MAX_LINE_BYTES)
    return SL_HELPER_FLOOD;
  return self->ended ? SL_HELPER_END : SL_HELPER_QUIET;
}

/* What the kernel says of it: its state, and the time it has had of a processor. */
static gboolean
look_at (const SlHelper *self, char *state, gint64 *cpu_ms)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) self->pid);
  g_autofree char *text = NULL;
  guint64 user, system;
  const char *name_end;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (name_end = strrchr (text, ')')) == NULL
      || sscanf (name_end + 1,
                 " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" G_GUINT64_FORMAT
                 " %" G_GUINT64_FORMAT,
                 state, &user, &system)
             != 3)
    return FALSE;
  *cpu_ms = (gint64) (user + system) * 1000 / sysconf (_SC_CLK_TCK);
  return TRUE;
}

int
sl_helper_free_ms (SlHelper *self, int wait_ms)
{
  gint64 before_ms = self->cpu_ms;
  char state;

  if (!look_at (self, &state, &self->cpu_ms))
    return wait_ms;
  if (state == 'D')
    return 0;
  if (state == 'R')
    return (int) CLAMP (self->cpu_ms - before_ms, wait_ms / MOST_STARVED, wait_ms);
  return wait_ms;
}

/* Whether it has ended by now; with @block, once it has. */
static gboolean
reap (SlHelper *self, gboolean block, int *status)
{
  pid_t found;

  do
    found = waitpid (self->pid, status, block ? 0 : WNOHANG);
  while (found < 0 && errno == EINTR);

  if (found == 0)
    return FALSE;
  self->pid = 0;
  return TRUE;
}

static int
kill_and_reap (SlHelper *self)
{
  int status = 0;

  kill (self->pid, SIGKILL);
  reap (self, TRUE, &status);
  return status;
}

int
sl_helper_finish (SlHelper *self, int grace_ms)
{
  int status = 0;

  g_return_val_if_fail (self->pid != 0, 0);
  for (int waited_ms = 0; waited_ms <= grace_ms; waited_ms += WAIT_STEP_MS)
    {
      if (reap (self, FALSE, &status))
        return status;
      g_usleep (WAIT_STEP_MS * 1000);
    }
  return kill_and_reap (self);
}

void
sl_helper_free (SlHelper *self)
{
  if (self == NULL)
    return;
  if (self->pid != 0)
    kill_and_reap (self);
  close (self->output);
  g_string_free (self->pending, TRUE);
  g_free (self);
}
