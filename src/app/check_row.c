/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/check_row.h"

#include "app/level_icon.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _SlCheckRow
{
  GtkListBoxRow parent_instance;

  /* owned */
  SlCheck *check;
};

G_DEFINE_FINAL_TYPE (SlCheckRow, sl_check_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  SIGNAL_FIX,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_check_row_finalize (GObject *object)
{
  sl_check_free (SL_CHECK_ROW (object)->check);
  G_OBJECT_CLASS (sl_check_row_parent_class)->finalize (object);
}

static void
sl_check_row_class_init (SlCheckRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sl_check_row_finalize;
  signals[SIGNAL_FIX] = g_signal_new ("fix", SL_TYPE_CHECK_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
sl_check_row_init (SlCheckRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

/* --- words --- */

/* The unit as it is read; an abbreviation that all languages share stays. */
static const char *
unit_text (const char *unit)
{
  static const char *const units[]
      = { N_ ("frames"),  N_ ("samples"),    N_ ("channels"),    N_ ("bytes"),
          N_ ("entries"), N_ ("sections"),   N_ ("stems"),       N_ ("of full scale"),
          N_ ("ratio"),   N_ ("confidence"), N_ ("correlation"), N_ ("s"),
          N_ ("ms") };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (units[i], unit) == 0)
      return _ (units[i]);
  return unit != NULL ? unit : "";
}

static char *
format_number (double value, const char *unit)
{
  gboolean whole = value == floor (value) && fabs (value) < 1e15;

  if (isnan (value))
    return NULL;
  if (whole)
    {
      g_autofree char *digits = sl_format_frames ((gint64) value);
      return g_strdup_printf ("%s %s", digits, unit_text (unit));
    }
  return g_strdup_printf ("%.*f %s", fabs (value) < 10.0 ? 2 : 1, value, unit_text (unit));
}

static char *
format_value (double value, const char *text, const char *unit)
{
  char *result = text != NULL ? g_strdup (text) : format_number (value, unit);

  return result != NULL ? g_strchomp (result) : NULL;
}

/* "Bass · measured 1.2 dB · limit 3 dB · at 0:12.500". */
static char *
format_details (const SlCheck *check, int rate_hz)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *measured = format_value (check->measured, check->measured_text, check->unit);
  g_autofree char *limit = format_value (check->limit, check->limit_text, check->unit);

  if (check->subject != NULL && *check->subject != '\0')
    g_ptr_array_add (parts, g_strdup (check->subject));
  if (measured != NULL)
    g_ptr_array_add (parts, g_strdup_printf (_ ("measured %s"), measured));
  if (limit != NULL)
    g_ptr_array_add (parts, g_strdup_printf (_ ("limit %s"), limit));
  if (check->where >= 0)
    {
      g_autofree char *time = sl_format_time (check->where, rate_hz);
      g_ptr_array_add (parts, g_strdup_printf (_ ("at %s"), time));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

/* --- widgets --- */

static GtkWidget *
new_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
on_fix (GtkButton *button, SlCheckRow *self)
{
  g_signal_emit (self, signals[SIGNAL_FIX], 0,
                 GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "sl-fix")));
}

static GtkWidget *
new_fix_button (SlCheckRow *self, SlFix fix, gboolean first)
{
  g_autofree char *label = sl_fix_dup_label (fix, self->check);
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data (G_OBJECT (button), "sl-fix", GINT_TO_POINTER (fix));
  g_signal_connect (button, "clicked", G_CALLBACK (on_fix), self);
  if (first && self->check->level == SL_LEVEL_FAIL)
    gtk_widget_add_css_class (button, "suggested-action");
  return button;
}

static void
append_fixes (SlCheckRow *self, GtkBox *box, SlDocument *document, SlStepId step)
{
  SlFix fixes[SL_MAX_FIXES];
  guint n = sl_fixes_for_check (document, step, self->check, fixes);
  GtkWidget *flow;

  if (n == 0)
    return;
  flow = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 6);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (flow), 6);
  gtk_widget_set_margin_top (flow, 6);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *button = new_fix_button (self, fixes[i], i == 0);

      gtk_flow_box_append (GTK_FLOW_BOX (flow), button);
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
    }
  gtk_box_append (box, flow);
}

static GtkWidget *
new_icon (const SlCheck *check)
{
  SlLook look = sl_level_look (check->level);
  GtkWidget *icon = gtk_image_new_from_icon_name (look.icon);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 2);
  gtk_widget_add_css_class (icon, look.style);
  gtk_widget_set_tooltip_text (icon, sl_level_title (check->level));
  return icon;
}

static const char *
message_of (const SlCheck *check)
{
  return check->message != NULL ? check->message : check->id;
}

/* What a button says, or the message itself, needs not be said again. */
static gboolean
has_own_fix (SlCheckRow *self, SlDocument *document, SlStepId step)
{
  SlFix fixes[SL_MAX_FIXES];

  return sl_fixes_for_check (document, step, self->check, fixes) > 0
         && (fixes[0] == SL_FIX_CONVERT || fixes[0] == SL_FIX_FIT_GAINS
             || fixes[0] == SL_FIX_ADD_STEMS || strcmp (self->check->id, "open") == 0);
}

static GtkWidget *
new_text (SlCheckRow *self, SlDocument *document, SlStepId step)
{
  const SlCheck *check = self->check;
  g_autofree char *details = format_details (check, sl_document_get_settings (document)->rate_hz);
  const char *reason = sl_fixes_get_reason (document, step, check);
  g_autofree char *advice = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  if (reason != NULL)
    advice = g_strdup_printf (_ ("Accepted: %s"), reason);
  else if (check->level >= SL_LEVEL_WARN)
    advice = sl_fix_advice (check->fix);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), new_label (message_of (check), NULL));
  if (*details != '\0')
    {
      GtkWidget *label = new_label (details, "dim-label");
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "numeric");
      gtk_box_append (GTK_BOX (box), label);
    }
  if (advice != NULL && !has_own_fix (self, document, step))
    gtk_box_append (GTK_BOX (box), new_label (advice, "advice"));
  append_fixes (self, GTK_BOX (box), document, step);
  return box;
}

static void
set_name (SlCheckRow *self)
{
  g_autofree char *name
      = g_strdup_printf ("%s: %s%s%s", sl_level_title (self->check->level),
                         self->check->subject != NULL ? self->check->subject : "",
                         self->check->subject != NULL && *self->check->subject != '\0' ? ", " : "",
                         message_of (self->check));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* What passed is said in one piece, which lays out quickly; the numbers are in its tooltip. */
static GtkWidget *
new_short_text (SlCheckRow *self, SlDocument *document)
{
  const SlCheck *check = self->check;
  gboolean named = check->subject != NULL && *check->subject != '\0';
  g_autofree char *details = format_details (check, sl_document_get_settings (document)->rate_hz);
  g_autofree char *text = g_strdup_printf ("%s%s%s", named ? check->subject : "", named ? ": " : "",
                                           message_of (check));
  GtkWidget *label = new_label (text, NULL);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (label, details);
  return label;
}

GtkWidget *
sl_check_row_new (SlDocument *document, SlStepId step, const SlCheck *check)
{
  SlCheckRow *self = g_object_new (SL_TYPE_CHECK_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  self->check = sl_check_copy (check);
  gtk_widget_add_css_class (GTK_WIDGET (self), "check");
  gtk_box_append (GTK_BOX (box), new_icon (check));
  if (check->level >= SL_LEVEL_WARN)
    gtk_box_append (GTK_BOX (box), new_text (self, document, step));
  else
    gtk_box_append (GTK_BOX (box), new_short_text (self, document));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  set_name (self);
  return GTK_WIDGET (self);
}

const SlCheck *
sl_check_row_get_check (SlCheckRow *self)
{
  return self->check;
}
