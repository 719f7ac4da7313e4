/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of the program: what was asked for, and what every command needs to answer. */
#pragma once

#include "workflow/project.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** Exit codes that scripts rely on; a signal n gives 128 + n. */
enum
{
  SL_CLI_GREEN = 0,
  SL_CLI_RED = 1,   ///< a check failed
  SL_CLI_USAGE = 2, ///< asked for what cannot be
  SL_CLI_FAILED = 3 ///< could not be carried out
};

/** What an option works on. */
typedef struct
{
  SlSettings *settings;
  SlStem *stem; ///< of options of a stem
} SlCliEdit;

typedef struct
{
  const char *name;  ///< without dashes
  const char *value; ///< what its value is called; NULL: a switch
  const char *help;  ///< translatable
  gboolean is_file;  ///< the value is a file name: any bytes; others are UTF-8
  /** Puts the value where it belongs. NULL: the command does. */
  gboolean (*apply) (SlCliEdit *edit, const char *text, GError **error);
} SlCliOption;

typedef struct _SlCli SlCli;

typedef struct
{
  const char *name;
  const char *words;                ///< its arguments, for the help
  const char *summary;              ///< translatable
  const SlCliOption *const *tables; ///< its options, each table ended by a nameless one; or NULL
  const SlCliOption *refused;       ///< options that it answers by why not; or NULL
  guint min_words;
  guint max_words;
  /** Does it; the exit code, which counts only when @error is not set. */
  int (*run) (SlCli *cli, GError **error);
} SlCliCommand;

typedef struct
{
  SlCli *cli;
  int number;
} SlCliSignal;

struct _SlCli
{
  /* asked for */
  const SlCliCommand *command;
  gboolean json;
  gboolean quiet;
  GHashTable *options; ///< name → GPtrArray of values in the order given
  GPtrArray *words;    ///< as in argv: any bytes

  /* how it talks */
  gboolean colour;
  gboolean shows_progress;
  gboolean line_is_open; ///< a line of progress stands on the terminal
  gint64 progress_us;    ///< when it was last drawn
  char *doing;           ///< what the progress is of

  SlProject *locked; ///< what was opened to be changed, or NULL; owned

  /* how it ends */
  GCancellable *cancellable;
  int signal; ///< that asked to stop, or 0
  SlCliSignal signals[3];
};

G_END_DECLS
