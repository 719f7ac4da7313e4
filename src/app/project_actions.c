/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with an open project: the actions "doc.*" and the fixes of checks. */
#include "app/accept_dialog.h"
#include "app/choosing.h"
#include "app/gathering.h"
#include "app/generate_dialog.h"
#include "app/project_page_private.h"

#include <glib/gi18n.h>

static GtkWindow *
window_of (SlProjectPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* --- running and undoing --- */

static void
run_next (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlDocument *document = SL_PROJECT_PAGE (widget)->document;
  int next = sl_document_get_next_step (document);

  if (next < SL_N_STEPS)
    sl_document_run_step (document, (SlStepId) next);
}

static void
run_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_document_run_all (SL_PROJECT_PAGE (widget)->document);
}

static void
stop (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);

  g_cancellable_cancel (self->export_cancellable);
  sl_document_stop (self->document);
}

/* Lets go of what is being dragged; closes what lies over the tracks in a narrow window; else stops
 * what runs. */
static void
escape (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);
  AdwFlap *const flaps[] = { self->steps_flap, self->inspector_flap };

  if (sl_tracks_cancel_drag (self->tracks))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (flaps); i++)
    if (adw_flap_get_folded (flaps[i]) && adw_flap_get_reveal_flap (flaps[i]))
      {
        adw_flap_set_reveal_flap (flaps[i], FALSE);
        return;
      }
  stop (widget, name, parameter);
}

static void
undo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_document_undo (SL_PROJECT_PAGE (widget)->document);
}

static void
redo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_document_redo (SL_PROJECT_PAGE (widget)->document);
}

static void
toggle_play (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_transport_toggle (SL_PROJECT_PAGE (widget)->transport);
}

static void
listen_seam (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_transport_listen_to_seam (SL_PROJECT_PAGE (widget)->transport);
}

static void
toggle_inspector (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = SL_PROJECT_PAGE (widget)->inspector_flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

/* Saved it is anyway; who presses the keys out of habit is told so. */
static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);

  if (sl_document_get_save_problem (self->document) != NULL)
    sl_document_save (self->document);
  else
    sl_project_page_toast (self, _ ("Seamline saves by itself"));
}

/* --- stems --- */

static void
add_stems (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_project_page_choose_stems (SL_PROJECT_PAGE (widget));
}

static void
add_folder (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_project_page_choose_folder (SL_PROJECT_PAGE (widget));
}

static void
generate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);

  sl_generate_dialog_show (window_of (self), self->document);
}

static void
remove_stem (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_project_page_remove_stem (SL_PROJECT_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
choose_reference (GtkWidget *widget, const char *name, GVariant *parameter)
{
  sl_project_page_choose_reference (SL_PROJECT_PAGE (widget));
}

/* --- fixes --- */

static void
show_in_song (SlProjectPage *self, gint64 frame)
{
  SlTimeRange *range = sl_tracks_get_range (self->tracks);
  double span = sl_time_range_get_rate_hz (range) * 4.0;

  sl_time_range_seek (range, frame);
  sl_time_range_show (range, (double) frame - span / 2.0, span);
}

void
sl_project_page_fix (SlProjectPage *self, SlStepId step, const SlCheck *check, SlFix fix)
{
  gboolean was_next = sl_document_get_next_step (self->document) == (int) step;
  int next;

  if (fix == SL_FIX_SHOW)
    show_in_song (self, check->where);
  else if (fix == SL_FIX_LOCATE)
    sl_project_page_locate (self, check->subject);
  else if (fix == SL_FIX_ADD_STEMS)
    sl_project_page_choose_stems (self);
  else if (fix == SL_FIX_ACCEPT)
    sl_accept_dialog_show (window_of (self), self->document, step, check);
  else if (fix == SL_FIX_REMOVE)
    sl_project_page_remove_stem (self, check->subject);
  else if (sl_fix_apply (self->document, step, check, fix))
    {
      /* Whoever mends something wants to know whether it helped. */
      next = sl_document_get_next_step (self->document);
      if (was_next && next <= (int) step)
        sl_document_run_step (self->document, (SlStepId) next);
    }
}

/* --- export --- */

static void
export_chosen (const char *const *paths, gpointer data)
{
  SlProjectPage *self = data;

  if (self->document != NULL)
    sl_project_page_export (self, paths[0], self->export_suffix);
}

static void export(GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProjectPage *self = SL_PROJECT_PAGE (widget);
  const char *suffix = g_variant_get_string (parameter, NULL);
  g_autofree char *proposed
      = g_strconcat (sl_document_get_settings (self->document)->title, suffix, NULL);

  g_free (self->export_suffix);
  self->export_suffix = g_strdup (suffix);
  sl_choose (window_of (self), SL_CHOOSE_SAVE, _ ("Export"), proposed, export_chosen,
             G_OBJECT (self));
}

/* --- all of them --- */

void
sl_project_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "doc.run-next", NULL, run_next);
  gtk_widget_class_install_action (widget_class, "doc.run-all", NULL, run_all);
  gtk_widget_class_install_action (widget_class, "doc.stop", NULL, stop);
  gtk_widget_class_install_action (widget_class, "doc.escape", NULL, escape);
  gtk_widget_class_install_action (widget_class, "doc.undo", NULL, undo);
  gtk_widget_class_install_action (widget_class, "doc.redo", NULL, redo);
  gtk_widget_class_install_action (widget_class, "doc.play", NULL, toggle_play);
  gtk_widget_class_install_action (widget_class, "doc.listen-seam", NULL, listen_seam);
  gtk_widget_class_install_action (widget_class, "doc.inspector", NULL, toggle_inspector);
  gtk_widget_class_install_action (widget_class, "doc.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "doc.add-stems", NULL, add_stems);
  gtk_widget_class_install_action (widget_class, "doc.add-folder", NULL, add_folder);
  gtk_widget_class_install_action (widget_class, "doc.generate", NULL, generate);
  gtk_widget_class_install_action (widget_class, "doc.remove-stem", "s", remove_stem);
  gtk_widget_class_install_action (widget_class, "doc.choose-reference", NULL, choose_reference);
  gtk_widget_class_install_action (widget_class, "doc.export", "s", export);
}

static void
enable (SlProjectPage *self, const char *action, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

void
sl_project_page_update_actions (SlProjectPage *self)
{
  SlDocument *document = self->document;
  gboolean writable = sl_document_get_read_only (document) == NULL;
  gboolean busy = sl_document_is_busy (document);
  gboolean green = sl_document_get_next_step (document) == SL_N_STEPS;
  gboolean exporting = self->export_cancellable != NULL;

  enable (self, "doc.run-next", writable && !busy && !green && !exporting);
  enable (self, "doc.run-all", writable && !busy && !green && !exporting);
  enable (self, "doc.stop", busy || exporting);
  enable (self, "doc.undo", writable && sl_document_can_undo (document));
  enable (self, "doc.redo", writable && sl_document_can_redo (document));
  enable (self, "doc.add-stems", writable);
  enable (self, "doc.add-folder", writable);
  enable (self, "doc.generate", writable);
  enable (self, "doc.remove-stem", writable);
  enable (self, "doc.choose-reference", writable);
  enable (self, "doc.listen-seam", sl_transport_can_listen_to_seam (self->transport));
  enable (self, "doc.export", green && !busy && !exporting);
  gtk_widget_set_visible (self->exporting, exporting);
}
