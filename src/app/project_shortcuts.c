/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/project_shortcuts.h"

typedef struct
{
  const char *trigger;
  const char *action;
  const char *target; ///< a string, or NULL
} Key;

/* Work wherever the focus is. The shortcuts window (help-overlay.ui) lists the same. */
static const Key keys[] = {
  { "<Control>r", "doc.run-next", NULL }, { "<Control><Shift>r", "doc.run-all", NULL },
  { "<Control>z", "doc.undo", NULL },     { "<Control><Shift>z", "doc.redo", NULL },
  { "<Control>s", "doc.save", NULL },     { "<Control>e", "doc.export", ".zip" },
  { "F9", "doc.inspector", NULL },
};

/* Are also letters, or mean something to buttons: only where nobody is typing or pressing. */
static const Key plain_keys[] = {
  { "space", "doc.play", NULL },          { "Escape", "doc.escape", NULL },
  { "Delete", "tracks.remove", NULL },    { "comma", "tracks.previous-seam", NULL },
  { "period", "tracks.next-seam", NULL },
};

static const Key zoom_keys[] = {
  { "plus", "tracks.zoom-in", NULL },         { "equal", "tracks.zoom-in", NULL },
  { "KP_Add", "tracks.zoom-in", NULL },       { "minus", "tracks.zoom-out", NULL },
  { "KP_Subtract", "tracks.zoom-out", NULL }, { "0", "tracks.zoom-fit", NULL },
  { "KP_0", "tracks.zoom-fit", NULL },
};

/* Whether the focus is where @key means something already. */
static gboolean
is_focus_in_use (GtkWidget *page, gboolean by_space)
{
  GtkRoot *root = gtk_widget_get_root (page);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL)
    return FALSE;
  if (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus)
      || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL)
    return TRUE;
  return by_space
         && (GTK_IS_BUTTON (focus) || GTK_IS_SWITCH (focus) || GTK_IS_EXPANDER (focus)
             || GTK_IS_DROP_DOWN (focus) || GTK_IS_MENU_BUTTON (focus));
}

static gboolean
activate_plain (GtkWidget *widget, GVariant *args, gpointer data)
{
  const Key *key = data;
  GtkWidget *page = gtk_widget_get_ancestor (widget, g_type_from_name ("SlProjectPage"));

  if (page == NULL || is_focus_in_use (page, g_str_equal (key->trigger, "space")))
    return FALSE;
  return gtk_widget_activate_action (widget, key->action, NULL);
}

static void
add_key (GtkShortcutController *controller, const Key *key)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (key->trigger),
                                            gtk_named_action_new (key->action));

  if (key->target != NULL)
    gtk_shortcut_set_arguments (shortcut, g_variant_new_string (key->target));
  gtk_shortcut_controller_add_shortcut (controller, shortcut);
}

static void
add_plain_keys (GtkShortcutController *controller, const Key *table, guint n)
{
  for (guint i = 0; i < n; i++)
    gtk_shortcut_controller_add_shortcut (
        controller,
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (table[i].trigger),
                          gtk_callback_action_new (activate_plain, (gpointer) &table[i], NULL)));
}

static GtkShortcutController *
add_controller (GtkWidget *widget, GtkPropagationPhase phase)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_event_controller_set_propagation_phase (controller, phase);
  gtk_widget_add_controller (widget, controller);
  return GTK_SHORTCUT_CONTROLLER (controller);
}

void
sl_project_shortcuts_add (GtkWidget *page, GtkWidget *tracks)
{
  GtkShortcutController *controller = add_controller (page, GTK_PHASE_BUBBLE);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    add_key (controller, &keys[i]);
  /* On the tracks, from where the actions of both are found; before a row takes Space for itself.
   */
  controller = add_controller (tracks, GTK_PHASE_CAPTURE);
  add_plain_keys (controller, plain_keys, G_N_ELEMENTS (plain_keys));
  add_plain_keys (controller, zoom_keys, G_N_ELEMENTS (zoom_keys));
}
