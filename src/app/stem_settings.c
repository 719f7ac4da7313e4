/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stem_settings.h"

#include "app/fields.h"
#include "app/seam_changes.h"
#include "engine/base/units.h"
#include "engine/measure/offset.h"
#include "engine/process/lowpass.h"
#include "workflow/json.h"
#include "workflow/steps/mix.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* A low-pass that is switched on by hand starts here. */
#define DEFAULT_LOWPASS_HZ 8000.0

/* The lowest gain that can be set; mute is below. */
#define MIN_GAIN_DB (-60.0)
#define MAX_GAIN_DB 12.0

static const char *const roles[]
    = { "drums", "percussion", "bass", "guitars", "synths", "vocals", "other" };

static const SlStrategy strategies[]
    = { SL_STRATEGY_AUTO,      SL_STRATEGY_NONE,  SL_STRATEGY_ZERO_PAD, SL_STRATEGY_LOOP,
        SL_STRATEGY_CROSSFADE, SL_STRATEGY_PLACE, SL_STRATEGY_TRUNCATE };

struct _SlStemSettings
{
  GtkWidget parent_instance;

  /* template */
  AdwEntryRow *name;
  AdwComboRow *role;
  AdwComboRow *strategy;
  AdwComboRow *section;
  AdwComboRow *fill;
  AdwComboRow *ending;
  GtkSpinButton *loop_bars;
  GtkSpinButton *offset;
  AdwActionRow *place_row;
  GtkWidget *find_offset;
  GtkSwitch *convert;
  AdwActionRow *convert_row;
  GtkSpinButton *gain;
  AdwExpanderRow *gain_row;
  GtkSwitch *mute;
  AdwExpanderRow *lowpass_row;
  GtkSpinButton *lowpass;

  /* owned */
  SlDocument *document;
  char *stem;

  gboolean updating;
};

G_DEFINE_FINAL_TYPE (SlStemSettings, sl_stem_settings, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_RENAMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_stem_settings_dispose (GObject *object)
{
  SlStemSettings *self = SL_STEM_SETTINGS (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  g_clear_pointer (&self->stem, g_free);
  G_OBJECT_CLASS (sl_stem_settings_parent_class)->dispose (object);
}

/* --- edits --- */

/* An edit of the stem shown; NULL while the settings are only being shown. */
static SlSettings *
begin (SlStemSettings *self, SlStem **stem)
{
  SlSettings *settings;

  if (self->updating || self->document == NULL)
    return NULL;
  settings = sl_document_edit (self->document);
  *stem = sl_settings_find_stem (settings, self->stem);
  if (*stem == NULL)
    g_clear_pointer (&settings, sl_settings_free);
  return settings;
}

/* Edits of one thing of one stem that follow each other are one. */
static void
apply_joined (SlStemSettings *self, SlSettings *settings, const char *what)
{
  g_autofree char *tag = g_strdup_printf ("%s of %s", what, self->stem);

  sl_document_apply (self->document, settings, tag);
}

static void
on_role (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  g_free (stem->role);
  stem->role
      = g_strdup (roles[MIN (adw_combo_row_get_selected (self->role), G_N_ELEMENTS (roles) - 1)]);
  sl_document_apply (self->document, settings, NULL);
}

static void
on_strategy (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->strategy = strategies[MIN (adw_combo_row_get_selected (self->strategy),
                                   G_N_ELEMENTS (strategies) - 1)];
  stem->candidate = 0;
  sl_document_apply (self->document, settings, NULL);
}

/* The first choice is "the whole song"; behind the song's own is the one that it lost. */
static void
on_section (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);
  guint selected = adw_combo_row_get_selected (self->section);

  if (settings == NULL)
    return;
  if (selected > settings->sections->len)
    {
      sl_settings_free (settings);
      return;
    }
  g_clear_pointer (&stem->section, g_free);
  if (selected > 0)
    stem->section = g_strdup (g_array_index (settings->sections, SlSection, selected - 1).name);
  sl_document_apply (self->document, settings, NULL);
}

/* The list has them in their order. */
static void
on_fill (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->fill = (SlFill) MIN (adw_combo_row_get_selected (self->fill), (guint) SL_FILL_CROSSFADE);
  stem->candidate = 0;
  sl_document_apply (self->document, settings, NULL);
}

static void
on_ending (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->ending = adw_combo_row_get_selected (self->ending) == 1 ? SL_ENDING_KEEP : SL_ENDING_CUT;
  sl_document_apply (self->document, settings, NULL);
}

static void
on_loop_bars (SlStemSettings *self)
{
  if (!self->updating && self->document != NULL)
    sl_seam_set_loop_bars (self->document, self->stem,
                           gtk_spin_button_get_value_as_int (self->loop_bars));
}

static void
on_offset (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->offset = llround (gtk_spin_button_get_value (self->offset));
  stem->offset_auto = FALSE;
  apply_joined (self, settings, "offset");
}

static void
on_find_offset (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->offset_auto = TRUE;
  stem->offset = 0;
  sl_document_apply (self->document, settings, NULL);
}

static void
on_convert (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->convert = gtk_switch_get_active (self->convert);
  sl_document_apply (self->document, settings, NULL);
}

static void
on_gain (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  if (adw_expander_row_get_enable_expansion (self->gain_row))
    stem->gain = sl_gain_from_db (gtk_spin_button_get_value (self->gain));
  else
    stem->gain = -1.0;
  apply_joined (self, settings, "gain");
}

static void
on_mute (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->mute = gtk_switch_get_active (self->mute);
  sl_document_apply (self->document, settings, NULL);
}

static void
on_lowpass (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);

  if (settings == NULL)
    return;
  stem->lowpass_hz = adw_expander_row_get_enable_expansion (self->lowpass_row)
                         ? gtk_spin_button_get_value (self->lowpass)
                         : 0.0;
  apply_joined (self, settings, "lowpass");
}

/* Under its new name it is a new stem to the rules of names. */
static gboolean
rename_stem (SlSettings *settings, const char *from, const char *to, GError **error)
{
  guint index = 0;
  SlStem *stem;

  g_ptr_array_find (settings->stems, sl_settings_find_stem (settings, from), &index);
  stem = g_ptr_array_steal_index (settings->stems, index);
  g_free (stem->name);
  stem->name = g_utf8_normalize (to, -1, G_NORMALIZE_NFC);
  if (!sl_settings_take_stem (settings, stem, error))
    return FALSE;
  g_ptr_array_insert (settings->stems, (int) index,
                      g_ptr_array_steal_index (settings->stems, settings->stems->len - 1));
  return TRUE;
}

static void
on_name (SlStemSettings *self)
{
  SlStem *stem;
  SlSettings *settings = begin (self, &stem);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name)));

  if (settings == NULL)
    return;
  if (strcmp (name, self->stem) == 0 || !rename_stem (settings, self->stem, name, &error))
    {
      sl_settings_free (settings);
      sl_field_set_problem (self->name, error != NULL ? error->message : NULL);
      return;
    }
  /* As it is kept: composed. */
  g_free (self->stem);
  self->stem = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  sl_field_applied (self->name);
  sl_document_apply (self->document, settings, NULL);
  g_signal_emit (self, signals[SIGNAL_RENAMED], 0, self->stem);
}

/* --- class --- */

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, name);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, role);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, strategy);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, section);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, fill);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, ending);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, loop_bars);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, offset);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, place_row);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, find_offset);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, convert);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, convert_row);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, gain);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, gain_row);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, mute);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, lowpass_row);
  gtk_widget_class_bind_template_child (widget_class, SlStemSettings, lowpass);
}

static void
sl_stem_settings_class_init (SlStemSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sl_stem_settings_dispose;
  signals[SIGNAL_RENAMED] = g_signal_new ("renamed", SL_TYPE_STEM_SETTINGS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/seamline/Seamline/stem_settings.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_name);
  gtk_widget_class_bind_template_callback (widget_class, on_role);
  gtk_widget_class_bind_template_callback (widget_class, on_strategy);
  gtk_widget_class_bind_template_callback (widget_class, on_section);
  gtk_widget_class_bind_template_callback (widget_class, on_fill);
  gtk_widget_class_bind_template_callback (widget_class, on_ending);
  gtk_widget_class_bind_template_callback (widget_class, on_loop_bars);
  gtk_widget_class_bind_template_callback (widget_class, on_offset);
  gtk_widget_class_bind_template_callback (widget_class, on_find_offset);
  gtk_widget_class_bind_template_callback (widget_class, on_convert);
  gtk_widget_class_bind_template_callback (widget_class, on_gain);
  gtk_widget_class_bind_template_callback (widget_class, on_mute);
  gtk_widget_class_bind_template_callback (widget_class, on_lowpass);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
set_range (GtkSpinButton *spin, double lower, double upper, double step, double page)
{
  gtk_spin_button_set_range (spin, lower, upper);
  gtk_spin_button_set_increments (spin, step, page);
}

static void
sl_stem_settings_init (SlStemSettings *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  sl_field_name_switch (self->gain_row);
  sl_field_name_switch (self->lowpass_row);
  sl_field_leave_undo (self->loop_bars);
  sl_field_leave_undo (self->offset);
  sl_field_leave_undo (self->gain);
  sl_field_leave_undo (self->lowpass);
  set_range (self->loop_bars, 0, 256, 1, 4);
  set_range (self->offset, -100000000, 100000000, 1, 1000);
  set_range (self->gain, MIN_GAIN_DB, MAX_GAIN_DB, 0.1, 1.0);
  gtk_spin_button_set_increments (self->lowpass, 10, 1000);
  self->updating = FALSE;
}

/* --- showing --- */

static guint
find_role (const char *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (strcmp (roles[i], role) == 0)
      return i;
  return G_N_ELEMENTS (roles) - 1;
}

static guint
find_strategy (SlStrategy strategy)
{
  for (guint i = 0; i < G_N_ELEMENTS (strategies); i++)
    if (strategies[i] == strategy)
      return i;
  return 0;
}

/* Only a stem that is placed in a section can be shorter than it. */
static void
show_fill (SlStemSettings *self, const SlStem *stem)
{
  gboolean placed = stem->section != NULL
                    && (stem->strategy == SL_STRATEGY_AUTO || stem->strategy == SL_STRATEGY_PLACE);

  adw_combo_row_set_selected (self->fill, (guint) stem->fill);
  gtk_widget_set_visible (GTK_WIDGET (self->fill), placed);
}

static gboolean
is_same_list (GListModel *a, GListModel *b)
{
  guint n = g_list_model_get_n_items (b);

  if (a == NULL || g_list_model_get_n_items (a) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (strcmp (gtk_string_list_get_string (GTK_STRING_LIST (a), i),
                gtk_string_list_get_string (GTK_STRING_LIST (b), i))
        != 0)
      return FALSE;
  return TRUE;
}

/* Made anew only when the sections are others: the list may be open. One that the song does not
 * have any more comes last. */
static void
show_sections (SlStemSettings *self, const SlSettings *settings, const SlStem *stem)
{
  GListModel *shown = adw_combo_row_get_model (self->section);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  g_autofree char *missing = NULL;
  guint selected = 0;

  gtk_string_list_append (list, _ ("Whole Song"));
  for (guint i = 0; i < settings->sections->len; i++)
    {
      const char *name = g_array_index (settings->sections, SlSection, i).name;

      gtk_string_list_append (list, name);
      if (g_strcmp0 (stem->section, name) == 0)
        selected = i + 1;
    }
  if (stem->section != NULL && selected == 0)
    {
      missing = g_strdup_printf (_ ("%s (missing)"), stem->section);
      gtk_string_list_append (list, missing);
      selected = settings->sections->len + 1;
    }
  if (!is_same_list (shown, G_LIST_MODEL (list)))
    adw_combo_row_set_model (self->section, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->section, selected);
}

static void
show_gain (SlStemSettings *self, const SlSettings *settings, const SlStem *stem)
{
  gboolean fixed = stem->gain >= 0.0;

  adw_expander_row_set_enable_expansion (self->gain_row, fixed);
  sl_field_show_number (self->gain,
                        CLAMP (sl_db_from_gain (sl_mix_gain_unmuted (settings, stem->name)),
                               MIN_GAIN_DB, MAX_GAIN_DB));
  gtk_switch_set_active (self->mute, stem->mute);
}

/* Left to itself, only what was generated is filtered. */
static void
show_lowpass (SlStemSettings *self, const SlSettings *settings, const SlStem *stem)
{
  gboolean on = stem->lowpass_hz > 0.0 || (stem->lowpass_hz < 0.0 && stem->kind == SL_STEM_TONE);

  gtk_spin_button_set_range (self->lowpass, SL_LOWPASS_MIN_HZ,
                             sl_lowpass_max_hz (settings->rate_hz));
  adw_expander_row_set_enable_expansion (self->lowpass_row, on);
  sl_field_show_number (self->lowpass,
                        stem->lowpass_hz > 0.0 ? stem->lowpass_hz : DEFAULT_LOWPASS_HZ);
}

/* The values that the last run has left for @stem, when they are of what is there now, or NULL. */
static JsonObject *
find_values (SlStemSettings *self, const SlStem *stem)
{
  SlRecord *record = sl_seam_get_record (self->document, stem->name);

  return record != NULL && sl_seam_is_measured (self->document, stem->name) ? record->values : NULL;
}

/* Where a search has put the stem, and how sure that is. */
static char *
describe_found (const SlSettings *settings, JsonObject *values)
{
  double confidence = sl_json_get_number (values, "offset_confidence", 0.0);
  gint64 offset = sl_json_get_int (values, "offset", 0);
  g_autofree char *frames = sl_format_signed_frames (offset);

  if (values == NULL || !json_object_has_member (values, "offset_confidence"))
    return g_strdup (_ ("Is found when the stem is aligned"));
  if (confidence < SL_OFFSET_SURE)
    return g_strdup (_ ("Not found in the reference: left at 0"));
  return g_strdup_printf (_ ("%s frames (%+.1f ms), %.0f %% sure"), frames,
                          sl_ms_from_frames (offset, settings->rate_hz), 100.0 * confidence);
}

static void
show_offset (SlStemSettings *self, const SlSettings *settings, const SlStem *stem)
{
  JsonObject *values = stem->offset_auto ? find_values (self, stem) : NULL;
  gint64 offset = stem->offset_auto ? sl_json_get_int (values, "offset", 0) : stem->offset;
  g_autofree char *subtitle = stem->offset_auto
                                  ? describe_found (settings, values)
                                  : g_strdup (_ ("Can be found, up to 5 s either way"));

  sl_field_show_number (self->offset, (double) offset);
  adw_action_row_set_subtitle (self->place_row, subtitle);
  gtk_widget_set_sensitive (self->find_offset, !stem->offset_auto && settings->reference != NULL);
}

static void
show_stem (SlStemSettings *self, const SlSettings *settings, const SlStem *stem)
{
  sl_field_show_text (self->name, stem->name);
  adw_combo_row_set_selected (self->role, find_role (stem->role));
  adw_combo_row_set_selected (self->strategy, find_strategy (stem->strategy));
  show_sections (self, settings, stem);
  show_fill (self, stem);
  adw_combo_row_set_selected (self->ending, stem->ending == SL_ENDING_KEEP ? 1 : 0);
  sl_field_show_number (self->loop_bars, stem->loop_bars);
  show_offset (self, settings, stem);
  gtk_widget_set_visible (GTK_WIDGET (self->convert_row), stem->kind == SL_STEM_FILE);
  gtk_switch_set_active (self->convert, stem->convert);
  show_gain (self, settings, stem);
  show_lowpass (self, settings, stem);
}

gboolean
sl_stem_settings_show (SlStemSettings *self, SlDocument *document, const char *name)
{
  const SlSettings *settings = sl_document_get_settings (document);
  const SlStem *stem = sl_settings_find_stem (settings, name);

  if (stem == NULL)
    return FALSE;
  g_set_object (&self->document, document);
  if (g_strcmp0 (self->stem, name) != 0)
    {
      g_free (self->stem);
      self->stem = g_strdup (name);
    }
  self->updating = TRUE;
  show_stem (self, settings, stem);
  self->updating = FALSE;
  return TRUE;
}
