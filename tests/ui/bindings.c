/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into the window: writes every key that the program binds, one a line, to the file that
 * SEAMLINE_BINDINGS_LOG names. What the toolkit binds for itself does not pass here. */
#include <dlfcn.h>
#include <gtk/gtk.h>
#include <stdio.h>

static void
note (const char *key)
{
  FILE *log = fopen (g_getenv ("SEAMLINE_BINDINGS_LOG"), "ae");

  g_assert_nonnull (log);
  fprintf (log, "%s\n", key);
  fclose (log);
}

/* Stands before GTK's. */
G_MODULE_EXPORT GtkShortcutTrigger *
gtk_shortcut_trigger_parse_string (const char *string)
{
  GtkShortcutTrigger *(*parse) (const char *);

  *(void **) &parse = dlsym (RTLD_NEXT, __func__);
  note (string);
  return parse (string);
}

/* Stands before GTK's. */
G_MODULE_EXPORT void
gtk_application_set_accels_for_action (GtkApplication *application,
                                       const char *action,
                                       const char *const *accels)
{
  void (*set) (GtkApplication *, const char *, const char *const *);

  *(void **) &set = dlsym (RTLD_NEXT, __func__);
  for (guint i = 0; accels[i] != NULL; i++)
    note (accels[i]);
  set (application, action, accels);
}
