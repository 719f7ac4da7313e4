/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/waveform_marks.h"

#include "app/drawing.h"

#include <math.h>

/* Pixels: least width of a seam, size of its flag, of the sign on it, and its reach to a pointer.
 */
#define LEAST_WIDTH 3.0
#define FLAG_SIZE 16
#define SIGN_SIZE 12
#define REACH 4.0

#define RIM_WIDTH 2.0
#define LINE_WIDTH 2.0
#define SELECTED_LINE_WIDTH 4.0

/* How a verdict looks: two colours of the theme and a sign, so that colour is never alone. */
typedef struct
{
  const char *fill;
  const char *ink;
  const char *icon;
  float radius; ///< of the flag's corners
} Look;

static const Look looks[] = {
  [SL_LEVEL_PASS] = { "success_bg_color", "success_fg_color", "object-select-symbolic", 8.0f },
  [SL_LEVEL_NOTE] = { "accent_bg_color", "accent_fg_color", "dialog-information-symbolic", 8.0f },
  [SL_LEVEL_WARN] = { "warning_bg_color", "warning_fg_color", "dialog-warning-symbolic", 4.0f },
  [SL_LEVEL_FAIL] = { "error_bg_color", "error_fg_color", "window-close-symbolic", 1.0f },
};

static void
clear_mark (gpointer data)
{
  g_free (((SlSeamMark *) data)->text);
}

GArray *
sl_seam_marks_new (void)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (SlSeamMark));

  g_array_set_clear_func (marks, clear_mark);
  return marks;
}

void
sl_seam_marks_append (GArray *marks,
                      gint64 position,
                      gint64 overlap,
                      SlLevel level,
                      const char *text)
{
  SlSeamMark mark = { position, overlap, level, g_strdup (text), -1, -1, -1 };

  g_array_append_val (marks, mark);
}

GArray *
sl_seam_marks_copy (const GArray *marks)
{
  GArray *copy = sl_seam_marks_new ();

  for (guint i = 0; marks != NULL && i < marks->len; i++)
    {
      SlSeamMark mark = g_array_index (marks, SlSeamMark, i);

      mark.text = g_strdup (mark.text);
      g_array_append_val (copy, mark);
    }
  return copy;
}

static gboolean
is_same (const SlSeamMark *a, const SlSeamMark *b)
{
  return a->position == b->position && a->overlap == b->overlap && a->level == b->level
         && a->join == b->join && a->first_join == b->first_join && a->last_join == b->last_join
         && g_strcmp0 (a->text, b->text) == 0;
}

gboolean
sl_seam_marks_equal (const GArray *a, const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!is_same (&g_array_index (a, SlSeamMark, i), &g_array_index (b, SlSeamMark, i)))
      return FALSE;
  return TRUE;
}

SlSeamExtent
sl_seam_mark_extent (const SlSeamMark *mark, SlTimeRange *range, double width)
{
  double half = (double) mark->overlap / 2.0;
  double position = (double) mark->position;
  SlSeamExtent extent = { sl_time_range_to_x (range, position - half, width),
                          sl_time_range_to_x (range, position + half, width),
                          sl_time_range_to_x (range, position, width) };
  double lacking = LEAST_WIDTH - (extent.right - extent.left);

  if (lacking > 0.0)
    {
      extent.left -= lacking / 2.0;
      extent.right += lacking / 2.0;
    }
  return extent;
}

/* A flag stays whole at the ends of the song. */
static double
flag_middle (double middle, double width)
{
  if (middle < 0.0 || middle > width || width < FLAG_SIZE)
    return middle;
  return CLAMP (middle, FLAG_SIZE / 2.0, width - FLAG_SIZE / 2.0);
}

int
sl_seam_marks_at (const GArray *marks, SlTimeRange *range, double width, double x, double y)
{
  double nearest = G_MAXDOUBLE;
  int index = -1;

  for (guint i = 0; i < marks->len; i++)
    {
      SlSeamExtent extent
          = sl_seam_mark_extent (&g_array_index (marks, SlSeamMark, i), range, width);
      double middle = y < FLAG_SIZE ? flag_middle (extent.middle, width) : extent.middle;
      double reach = y < FLAG_SIZE ? FLAG_SIZE / 2.0 : REACH;
      double left = MIN (extent.left, middle - reach);
      double right = MAX (extent.right, middle + reach);

      if (x >= left && x < right && fabs (x - extent.middle) < nearest)
        {
          nearest = fabs (x - extent.middle);
          index = (int) i;
        }
    }
  return index;
}

static void
snapshot_sign (const Look *look, GtkWidget *widget, GtkSnapshot *snapshot)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  GdkRGBA ink[] = { sl_widget_named_color (widget, look->ink), { 0 }, { 0 }, { 0 } };
  g_autoptr (GtkIconPaintable) icon
      = gtk_icon_theme_lookup_icon (theme, look->icon, NULL, SIGN_SIZE,
                                    gtk_widget_get_scale_factor (widget), GTK_TEXT_DIR_LTR, 0);

  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, SIGN_SIZE,
                                            SIGN_SIZE, ink, G_N_ELEMENTS (ink));
}

/* A plate @grown pixels larger on every side than a flag. */
static void
snapshot_plate (const Look *look,
                GtkWidget *widget,
                const char *color,
                double left,
                double grown,
                GtkSnapshot *snapshot)
{
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT ((float) (left - grown), (float) -grown,
                            (float) (FLAG_SIZE + 2.0 * grown), (float) (FLAG_SIZE + 2.0 * grown));
  GdkRGBA fill = sl_widget_named_color (widget, color);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, look->radius + (float) grown);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &fill, &bounds);
  gtk_snapshot_pop (snapshot);
}

/* The selected one has a rim. */
static void
snapshot_flag (const Look *look,
               GtkWidget *widget,
               double middle,
               gboolean selected,
               GtkSnapshot *snapshot)
{
  double left = sl_snap (widget, middle - FLAG_SIZE / 2.0);

  if (selected)
    {
      snapshot_plate (look, widget, "view_fg_color", left, 2.0 * RIM_WIDTH, snapshot);
      snapshot_plate (look, widget, "view_bg_color", left, RIM_WIDTH, snapshot);
    }
  snapshot_plate (look, widget, look->fill, left, 0.0, snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (left + (FLAG_SIZE - SIGN_SIZE) / 2.0,
                                                          (FLAG_SIZE - SIGN_SIZE) / 2.0));
  snapshot_sign (look, widget, snapshot);
  gtk_snapshot_restore (snapshot);
}

void
sl_seam_marks_snapshot_extents (const GArray *marks,
                                int selected,
                                SlTimeRange *range,
                                GtkWidget *widget,
                                GtkSnapshot *snapshot)
{
  double width = gtk_widget_get_width (widget);

  for (guint i = 0; i < marks->len; i++)
    {
      const SlSeamMark *mark = &g_array_index (marks, SlSeamMark, i);
      SlSeamExtent extent = sl_seam_mark_extent (mark, range, width);
      GdkRGBA color = sl_widget_named_color (widget, looks[mark->level].fill);
      double left = MAX (0.0, sl_snap (widget, extent.left));
      double right = MIN (width, sl_snap (widget, extent.right));

      sl_fill (snapshot, left, 0.0, right - left, gtk_widget_get_height (widget),
               sl_color_fade (color, (int) i == selected ? 0.5 : 0.25));
    }
}

static void
snapshot_seam (const SlSeamMark *mark,
               gboolean selected,
               SlTimeRange *range,
               GtkWidget *widget,
               GtkSnapshot *snapshot)
{
  double width = gtk_widget_get_width (widget);
  double middle = sl_time_range_to_x (range, (double) mark->position, width);
  double line_width = selected ? SELECTED_LINE_WIDTH : LINE_WIDTH;
  const Look *look = &looks[mark->level];

  if (middle < -FLAG_SIZE || middle > width + FLAG_SIZE)
    return;
  sl_fill (snapshot, sl_snap (widget, middle - line_width / 2.0), 0.0, line_width,
           gtk_widget_get_height (widget), sl_widget_named_color (widget, look->fill));
  snapshot_flag (look, widget, flag_middle (middle, width), selected, snapshot);
}

void
sl_seam_marks_snapshot (const GArray *marks,
                        int selected,
                        SlTimeRange *range,
                        GtkWidget *widget,
                        GtkSnapshot *snapshot)
{
  for (SlLevel level = SL_LEVEL_PASS; level <= SL_LEVEL_FAIL; level++)
    for (guint i = 0; i < marks->len; i++)
      {
        const SlSeamMark *mark = &g_array_index (marks, SlSeamMark, i);

        if (mark->level == level && (int) i != selected)
          snapshot_seam (mark, FALSE, range, widget, snapshot);
      }
  if (selected >= 0 && selected < (int) marks->len)
    snapshot_seam (&g_array_index (marks, SlSeamMark, selected), TRUE, range, widget, snapshot);
}

/* The visible part of a stretch in pixels; FALSE when there is none. */
static gboolean
visible_part (const SlRange *stretch,
              SlTimeRange *range,
              GtkWidget *widget,
              double *left,
              double *right)
{
  double width = gtk_widget_get_width (widget);

  *left = sl_snap (widget, sl_time_range_to_x (range, (double) stretch->start, width));
  *right = sl_snap (widget, sl_time_range_to_x (range, (double) stretch->end, width));
  *left = MAX (0.0, *left);
  *right = MIN (width, *right);
  return *right > *left;
}

void
sl_paddings_snapshot (const GArray *paddings,
                      SlTimeRange *range,
                      GtkWidget *widget,
                      GtkSnapshot *snapshot)
{
  GdkRGBA color = sl_color_fade (sl_widget_named_color (widget, "view_fg_color"), 0.3);
  double left, right;

  for (guint i = 0; i < paddings->len; i++)
    if (visible_part (&g_array_index (paddings, SlRange, i), range, widget, &left, &right))
      sl_hatch (widget, snapshot, left, 0.0, right - left, gtk_widget_get_height (widget), color);
}

/* Neighbouring groups get hues far apart. */
static GdkRGBA
group_color (guint group)
{
  const double golden = 0.6180339887;
  double hue = group * golden - floor (group * golden);
  GdkRGBA color = { .alpha = 0.14f };

  gtk_hsv_to_rgb ((float) hue, 0.8f, 0.9f, &color.red, &color.green, &color.blue);
  return color;
}

void
sl_repeat_marks_snapshot (const GArray *repeats,
                          SlTimeRange *range,
                          GtkWidget *widget,
                          GtkSnapshot *snapshot)
{
  double left, right;

  for (guint i = 0; i < repeats->len; i++)
    {
      const SlRepeatMark *mark = &g_array_index (repeats, SlRepeatMark, i);

      if (visible_part (&mark->range, range, widget, &left, &right))
        sl_fill (snapshot, left, 0.0, right - left, gtk_widget_get_height (widget),
                 group_color (mark->group));
    }
}
