/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How files come into an open project, as stems or as its reference, and stems out of it. */
#include "app/choosing.h"
#include "app/gathering.h"
#include "app/project_page_private.h"
#include "workflow/intake.h"
#include "workflow/names.h"

#include <glib/gi18n.h>

/* Whoever has more stems of one name gives them other names first. */
#define MAX_SAME_NAMES 1000

static GtkWindow *
window_of (SlProjectPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* Whether anything may be changed: not after the window has closed, nor in another's project. */
static gboolean
is_writable (SlProjectPage *self)
{
  return self->document != NULL && sl_document_get_read_only (self->document) == NULL;
}

static void
tell_unusable (SlProjectPage *self, const char *why)
{
  if (self->document != NULL)
    sl_project_page_show_problem (self, _ ("This File Cannot Be Used"), why);
}

/* --- adding --- */

/* Under the name of its file, or that with a number when it is taken. */
static gboolean
take_file (SlSettings *settings, const char *path, const char *stored, GError **error)
{
  g_autofree char *base = sl_name_from_path (path);

  for (guint i = 1; i < MAX_SAME_NAMES; i++)
    {
      g_autofree char *name = i > 1 ? g_strdup_printf ("%s %u", base, i) : g_strdup (base);
      SlStem *stem = sl_stem_new (name, SL_STEM_FILE);

      stem->file = g_strdup (stored);
      g_clear_error (error);
      if (sl_settings_take_stem (settings, stem, error))
        return TRUE;
    }
  return FALSE;
}

/* Whether @stored is in the song already, as a stem or as the reference. */
static gboolean
is_in_song (const SlSettings *settings, const char *stored)
{
  if (g_strcmp0 (settings->reference, stored) == 0)
    return TRUE;
  for (guint i = 0; i < settings->stems->len; i++)
    if (g_strcmp0 (((const SlStem *) settings->stems->pdata[i])->file, stored) == 0)
      return TRUE;
  return FALSE;
}

/* Adds each of @files to @settings but those that are there: heard twice, they would be twice as
 * loud. How many were added; @n_there: how many were there; @problems: a line for each that could
 * not be. */
static guint
take_files (SlProjectPage *self,
            SlSettings *settings,
            char **files,
            guint *n_there,
            GString *problems)
{
  SlProject *project = sl_document_get_project (self->document);
  guint n = 0;

  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *stored = sl_intake_store_path (project, files[i], &error);

      if (stored != NULL && is_in_song (settings, stored))
        (*n_there)++;
      else if (stored != NULL && take_file (settings, files[i], stored, &error))
        n++;
      if (error != NULL)
        g_string_append_printf (problems, "%s%s", problems->len > 0 ? "\n\n" : "", error->message);
    }
  return n;
}

static void
tell_there (SlProjectPage *self, guint n)
{
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u file is in the song already and was left out",
                                   "%u files are in the song already and were left out", n),
                         n);

  sl_project_page_toast (self, text);
}

static void
add_files (SlProjectPage *self, char **files)
{
  SlSettings *settings = sl_document_edit (self->document);
  g_autoptr (GString) problems = g_string_new (NULL);
  guint n_there = 0;
  guint n = take_files (self, settings, files, &n_there, problems);

  if (n > 0)
    sl_document_apply (self->document, settings, NULL);
  else
    sl_settings_free (settings);
  if (problems->len > 0)
    tell_unusable (self, problems->str);
  else if (n_there > 0)
    tell_there (self, n_there);
  else if (n == 0)
    sl_project_page_toast (self, _ ("There are no audio files in that folder"));
}

static void
gathered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlProjectPage) self = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = sl_gather_finish (result, &error);

  if (error != NULL)
    tell_unusable (self, error->message);
  else if (is_writable (self))
    add_files (self, files);
}

void
sl_project_page_add_paths (SlProjectPage *self, const char *const *paths)
{
  if (is_writable (self))
    sl_gather_async (sl_project_get_folder (sl_document_get_project (self->document)), paths,
                     gathered, g_object_ref (self));
}

static void
stems_chosen (const char *const *paths, gpointer data)
{
  sl_project_page_add_paths (data, paths);
}

void
sl_project_page_choose_stems (SlProjectPage *self)
{
  sl_choose (window_of (self), SL_CHOOSE_AUDIOS, _ ("Add Stems"), NULL, stems_chosen,
             G_OBJECT (self));
}

void
sl_project_page_choose_folder (SlProjectPage *self)
{
  sl_choose (window_of (self), SL_CHOOSE_FOLDER, _ ("Add a Folder of Stems"), NULL, stems_chosen,
             G_OBJECT (self));
}

/* --- removing --- */

/* Only while nothing else was edited: what is undone must be what the toast speaks of. */
static void
on_undo_removal (AdwToast *toast, SlProjectPage *self)
{
  guint edits = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (toast), "sl-edits"));

  if (self->document != NULL && sl_document_get_edits (self->document) == edits)
    sl_document_undo (self->document);
}

static void
tell_removed (SlProjectPage *self, const char *name)
{
  g_autofree char *text = g_strdup_printf (_ ("“%s” was removed"), name);
  AdwToast *toast = sl_project_page_toast (self, text);

  adw_toast_set_button_label (toast, _ ("Undo"));
  g_object_set_data (G_OBJECT (toast), "sl-edits",
                     GUINT_TO_POINTER (sl_document_get_edits (self->document)));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_undo_removal), self, 0);
}

void
sl_project_page_remove_stem (SlProjectPage *self, const char *name)
{
  SlSettings *settings;
  SlStem *stem;

  if (!is_writable (self))
    return;
  settings = sl_document_edit (self->document);
  stem = sl_settings_find_stem (settings, name);
  if (stem == NULL)
    {
      sl_settings_free (settings);
      return;
    }
  g_ptr_array_remove (settings->stems, stem);
  sl_document_apply (self->document, settings, NULL);
  tell_removed (self, name);
}

/* --- a file in the place of another --- */

/* Gives @subject (NULL: the reference) the file at @path. */
static void
set_file (SlProjectPage *self, const char *subject, const char *path, GError **error)
{
  g_autofree char *stored
      = sl_intake_store_path (sl_document_get_project (self->document), path, error);
  SlSettings *settings = sl_document_edit (self->document);
  SlStem *stem = subject != NULL ? sl_settings_find_stem (settings, subject) : NULL;
  char **file = subject == NULL ? &settings->reference : (stem != NULL ? &stem->file : NULL);

  if (stored == NULL || file == NULL)
    {
      sl_settings_free (settings);
      return;
    }
  g_free (*file);
  *file = g_strdup (stored);
  if (subject == NULL)
    settings->reference_frames = 0;
  sl_document_apply (self->document, settings, NULL);
  sl_importer_retry (sl_document_get_importer (self->document), stored);
}

/* What was chosen, as the project can keep it. */
static void
file_gathered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlProjectPage) self = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = sl_gather_finish (result, &error);

  if (files != NULL && files[0] != NULL && is_writable (self))
    set_file (self, self->locating, files[0], &error);
  if (error != NULL)
    tell_unusable (self, error->message);
}

static void
file_chosen (const char *const *paths, gpointer data)
{
  SlProjectPage *self = data;

  if (is_writable (self))
    sl_gather_async (sl_project_get_folder (sl_document_get_project (self->document)), paths,
                     file_gathered, g_object_ref (self));
}

void
sl_project_page_choose_reference (SlProjectPage *self)
{
  sl_project_page_locate (self, NULL);
}

void
sl_project_page_locate (SlProjectPage *self, const char *subject)
{
  gboolean is_stem = subject != NULL && *subject != '\0';
  g_autofree char *title
      = is_stem ? g_strdup_printf (_ ("Locate “%s”"), subject) : g_strdup (_ ("Choose Reference"));

  /* The dialog is modal: there is one at a time. */
  g_free (self->locating);
  self->locating = is_stem ? g_strdup (subject) : NULL;
  sl_choose (window_of (self), SL_CHOOSE_AUDIO, title, NULL, file_chosen, G_OBJECT (self));
}
