/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <glib-unix.h>
#include <signal.h>

/* Removing the source gives the signal its usual effect back. */
static gboolean
asked_to_stop (gpointer data)
{
  SlCliSignal *asked = data;

  asked->cli->signal = asked->number;
  g_cancellable_cancel (asked->cli->cancellable);
  return G_SOURCE_REMOVE;
}

/* Who started us with nohup wants us to outlive the terminal. */
static gboolean
is_hangup_ignored (void)
{
  struct sigaction action;

  return sigaction (SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void
sl_cli_signals_start (SlCli *cli)
{
  static const int numbers[G_N_ELEMENTS (cli->signals)] = { SIGINT, SIGTERM, SIGHUP };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      if (numbers[i] == SIGHUP && is_hangup_ignored ())
        continue;
      cli->signals[i] = (SlCliSignal){ cli, numbers[i] };
      g_unix_signal_add (numbers[i], asked_to_stop, &cli->signals[i]);
    }
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
}
