/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/section_bar.h"

#include "app/drawing.h"
#include "app/section_blocks.h"
#include "app/section_drawing.h"
#include "app/section_text.h"

#include <math.h>

/* Pixels: the reach of an edge to the pointer; above and below a name. */
#define EDGE_REACH 5.0
#define ROW_PADDING 4

struct _SlSectionBar
{
  SlTimeView parent_instance;

  /* owned */
  GArray *sections;
  GPtrArray *names; /* of PangoLayout, one a section */

  gint64 song_end; /* -1: the range's */
  gboolean editable;
  int selected;
  int edge; /* the section whose right edge is held, or -1 */
  gboolean resized;
};

G_DEFINE_FINAL_TYPE (SlSectionBar, sl_section_bar, SL_TYPE_TIME_VIEW)

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_RENAME,
  SIGNAL_RESIZED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static SlSection *
get_section (SlSectionBar *self, int index)
{
  return &g_array_index (self->sections, SlSection, index);
}

static SlTimeRange *
get_range (SlSectionBar *self)
{
  return sl_time_view_get_range (SL_TIME_VIEW (self));
}

static gint64
get_song_end (SlSectionBar *self)
{
  return self->song_end >= 0 ? self->song_end : sl_time_range_get_frames (get_range (self));
}

static gint64
get_overrun (SlSectionBar *self)
{
  return sl_section_overrun (self->sections, sl_time_range_get_grid (get_range (self)),
                             get_song_end (self));
}

static GArray *
get_blocks (SlSectionBar *self)
{
  return sl_section_blocks (self->sections, sl_time_range_get_grid (get_range (self)),
                            get_song_end (self));
}

/* Layouts hold the style's font: they are made again when it changes. */
static PangoLayout *
get_name (SlSectionBar *self, guint index)
{
  if (self->names->len == 0)
    for (guint i = 0; i < self->sections->len; i++)
      {
        PangoLayout *layout
            = gtk_widget_create_pango_layout (GTK_WIDGET (self), get_section (self, (int) i)->name);

        pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
        g_ptr_array_add (self->names, layout);
      }
  return g_ptr_array_index (self->names, index);
}

static SlSectionPlace
get_place (SlSectionBar *self, gint64 start, gint64 end, GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  SlTimeView *view = SL_TIME_VIEW (self);

  return (SlSectionPlace){ widget, snapshot, sl_snap (widget, sl_time_view_to_x (view, start)),
                           sl_snap (widget, sl_time_view_to_x (view, end)) };
}

static void
snapshot_block (SlSectionBar *self, const SlBlock *block, GtkSnapshot *snapshot)
{
  SlSectionPlace place = get_place (self, block->range.start, block->range.end, snapshot);

  if (place.right < 0.0 || place.left > gtk_widget_get_width (place.widget))
    return;
  if (block->kind == SL_BLOCK_SECTION)
    sl_section_draw (&place, block->index, get_name (self, block->index),
                     (int) block->index == self->selected);
  else if (block->kind == SL_BLOCK_WHOLE)
    sl_section_draw_whole (&place);
  else
    sl_section_draw_rest (&place);
}

static void
sl_section_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlSectionBar *self = SL_SECTION_BAR (widget);
  g_autoptr (GArray) blocks = NULL;
  SlSectionPlace overrun;

  if (get_range (self) == NULL)
    return;
  blocks = get_blocks (self);
  for (guint i = 0; i < blocks->len; i++)
    snapshot_block (self, &g_array_index (blocks, SlBlock, i), snapshot);
  overrun
      = get_place (self, get_song_end (self), get_song_end (self) + get_overrun (self), snapshot);
  if (get_overrun (self) > 0)
    sl_section_draw_overrun (&overrun);
}

static void
sl_section_bar_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? height + 2 * ROW_PADDING : 0;
  *natural = *minimum;
}

static int
section_at (SlSectionBar *self, double x)
{
  g_autoptr (GArray) blocks = get_blocks (self);
  gint64 frame = sl_time_view_to_frame (SL_TIME_VIEW (self), x);

  for (guint i = 0; i < blocks->len; i++)
    {
      const SlBlock *block = &g_array_index (blocks, SlBlock, i);

      if (block->kind == SL_BLOCK_SECTION && frame >= block->range.start
          && frame < block->range.end)
        return (int) block->index;
    }
  return -1;
}

/* The section whose right edge is near @x, or -1. */
static int
edge_at (SlSectionBar *self, double x)
{
  g_autoptr (GArray) blocks = get_blocks (self);

  for (guint i = 0; self->editable && i < blocks->len; i++)
    {
      const SlBlock *block = &g_array_index (blocks, SlBlock, i);

      if (block->kind == SL_BLOCK_SECTION
          && fabs (sl_time_view_to_x (SL_TIME_VIEW (self), block->range.end) - x) < EDGE_REACH)
        return (int) block->index;
    }
  return -1;
}

static void
tell_section (SlSectionBar *self)
{
  g_autofree char *text = NULL;

  if (self->selected >= 0 && get_range (self) != NULL)
    text = sl_section_text (self->sections, get_range (self), (guint) self->selected);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

void
sl_section_bar_set_selected (SlSectionBar *self, int index)
{
  g_return_if_fail (SL_IS_SECTION_BAR (self));
  g_return_if_fail (index >= -1 && index < (int) self->sections->len);

  if (index == self->selected)
    return;
  self->selected = index;
  tell_section (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
sl_section_bar_get_selected (SlSectionBar *self)
{
  return self->selected;
}

static void
activate (SlSectionBar *self, int index)
{
  sl_section_bar_set_selected (self, index);
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, (guint) index);
}

static gboolean
sl_section_bar_press (SlTimeView *view, int n_press, double x, double y)
{
  SlSectionBar *self = SL_SECTION_BAR (view);
  int index = section_at (self, x);

  self->edge = edge_at (self, x);
  self->resized = FALSE;
  if (self->edge >= 0)
    return TRUE;
  if (index < 0)
    return FALSE;
  if (n_press == 2)
    g_signal_emit (self, signals[SIGNAL_RENAME], 0, (guint) index);
  else if (n_press == 1)
    activate (self, index);
  return TRUE;
}

/* The edge is shown where it would go; who owns the sections changes them. */
static void
sl_section_bar_drag (SlTimeView *view, double x, gboolean end)
{
  SlSectionBar *self = SL_SECTION_BAR (view);
  gint64 beats;

  if (self->edge < 0 || self->edge >= (int) self->sections->len)
    return;
  beats = sl_section_beats_to (self->sections, sl_time_range_get_grid (get_range (self)),
                               (guint) self->edge, sl_time_view_to_frame (view, x));
  if (!end && beats != get_section (self, self->edge)->beats)
    {
      get_section (self, self->edge)->beats = beats;
      self->resized = TRUE;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  if (end && self->resized)
    g_signal_emit (self, signals[SIGNAL_RESIZED], 0, (guint) self->edge, beats);
}

static gboolean
sl_section_bar_key (SlTimeView *view, guint keyval, GdkModifierType state)
{
  SlSectionBar *self = SL_SECTION_BAR (view);
  int last = (int) self->sections->len - 1;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != 0 || last < 0)
    return FALSE;
  if (keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left)
    sl_section_bar_set_selected (self, MAX (0, self->selected - 1));
  else if (keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right)
    sl_section_bar_set_selected (self, MIN (last, self->selected + 1));
  else if (keyval == GDK_KEY_Home || keyval == GDK_KEY_KP_Home)
    sl_section_bar_set_selected (self, 0);
  else if (keyval == GDK_KEY_End || keyval == GDK_KEY_KP_End)
    sl_section_bar_set_selected (self, last);
  else if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) && self->selected >= 0)
    activate (self, self->selected);
  else if (keyval == GDK_KEY_F2 && self->selected >= 0)
    g_signal_emit (self, signals[SIGNAL_RENAME], 0, (guint) self->selected);
  else
    return FALSE;
  return TRUE;
}

static gboolean
sl_section_bar_query_tooltip (GtkWidget *widget,
                              int x,
                              int y,
                              gboolean keyboard_mode,
                              GtkTooltip *tooltip)
{
  SlSectionBar *self = SL_SECTION_BAR (widget);
  SlTimeRange *range = get_range (self);
  g_autofree char *text = NULL;
  int index;

  if (range == NULL)
    return FALSE;
  index = keyboard_mode ? self->selected : section_at (self, x);
  if (index >= 0 && sl_time_view_to_frame (SL_TIME_VIEW (self), x) < get_song_end (self))
    text = sl_section_text (self->sections, range, (guint) index);
  else
    text = sl_section_overrun_text (range, get_overrun (self));
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, SlSectionBar *self)
{
  const char *cursor = NULL;

  if (get_range (self) != NULL)
    cursor = edge_at (self, x) >= 0 ? "col-resize" : section_at (self, x) >= 0 ? "pointer" : NULL;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursor);
}

void
sl_section_bar_set_sections (SlSectionBar *self, const GArray *sections)
{
  g_autofree char *label = NULL;

  g_return_if_fail (SL_IS_SECTION_BAR (self));

  g_array_unref (self->sections);
  self->sections = sections != NULL ? sl_sections_copy (sections) : sl_sections_new ();
  g_ptr_array_set_size (self->names, 0);
  self->edge = -1;
  self->selected = MIN (self->selected, (int) self->sections->len - 1);
  label = sl_section_names (self->sections);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  tell_section (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sl_section_bar_set_song_end (SlSectionBar *self, gint64 frame)
{
  self->song_end = frame;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
sl_section_bar_set_editable (SlSectionBar *self, gboolean editable)
{
  self->editable = editable;
}

static void
sl_section_bar_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  g_ptr_array_set_size (SL_SECTION_BAR (widget)->names, 0);
  GTK_WIDGET_CLASS (sl_section_bar_parent_class)->css_changed (widget, change);
}

static void
sl_section_bar_finalize (GObject *object)
{
  SlSectionBar *self = SL_SECTION_BAR (object);

  g_array_unref (self->sections);
  g_ptr_array_unref (self->names);
  G_OBJECT_CLASS (sl_section_bar_parent_class)->finalize (object);
}

static void
add_signals (void)
{
  signals[SIGNAL_ACTIVATED]
      = g_signal_new ("section-activated", SL_TYPE_SECTION_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_RENAME] = g_signal_new ("section-rename", SL_TYPE_SECTION_BAR, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_RESIZED]
      = g_signal_new ("section-resized", SL_TYPE_SECTION_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
}

static void
sl_section_bar_class_init (SlSectionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  SlTimeViewClass *view_class = SL_TIME_VIEW_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sl_section_bar_finalize;
  widget_class->snapshot = sl_section_bar_snapshot;
  widget_class->measure = sl_section_bar_measure;
  widget_class->query_tooltip = sl_section_bar_query_tooltip;
  widget_class->css_changed = sl_section_bar_css_changed;
  view_class->press = sl_section_bar_press;
  view_class->drag = sl_section_bar_drag;
  view_class->key = sl_section_bar_key;
  add_signals ();
  gtk_widget_class_set_css_name (widget_class, "sectionbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sl_section_bar_init (SlSectionBar *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->song_end = -1;
  self->selected = -1;
  self->edge = -1;
  self->sections = sl_sections_new ();
  self->names = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

GtkWidget *
sl_section_bar_new (SlTimeRange *range)
{
  return g_object_new (SL_TYPE_SECTION_BAR, "range", range, NULL);
}
