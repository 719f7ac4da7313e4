/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workflow/check.h"

#include "engine/base/units.h"
#include "workflow/json.h"

#include <math.h>
#include <string.h>

static const char *const level_names[] = { "pass", "note", "warn", "fail" };
static const char *const kind_names[] = { "integrity", "judgement" };

SlCheck *
sl_check_new (const char *id, const char *subject, SlLevel level, SlCheckKind kind)
{
  SlCheck *self = g_new0 (SlCheck, 1);

  self->id = g_strdup (id);
  self->subject = g_strdup (subject);
  self->level = level;
  self->kind = kind;
  self->measured = NAN;
  self->limit = NAN;
  self->where = -1;
  return self;
}

static void
replace (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

void
sl_check_set_numbers (SlCheck *self, double measured, double limit, const char *unit)
{
  self->measured = measured;
  self->limit = limit;
  replace (&self->unit, unit);
}

void
sl_check_set_texts (SlCheck *self, const char *measured, const char *limit)
{
  replace (&self->measured_text, measured);
  replace (&self->limit_text, limit);
}

void
sl_check_set_message (SlCheck *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_free (self->message);
  self->message = g_strdup_vprintf (format, args);
  va_end (args);
}

void
sl_check_set_fix (SlCheck *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_free (self->fix);
  self->fix = g_strdup_vprintf (format, args);
  va_end (args);
}

void
sl_check_free (SlCheck *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->subject);
  g_free (self->measured_text);
  g_free (self->limit_text);
  g_free (self->unit);
  g_free (self->fix);
  g_free (self->message);
  g_free (self);
}

SlCheck *
sl_check_copy (const SlCheck *self)
{
  SlCheck *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->subject = g_strdup (self->subject);
  copy->measured_text = g_strdup (self->measured_text);
  copy->limit_text = g_strdup (self->limit_text);
  copy->unit = g_strdup (self->unit);
  copy->fix = g_strdup (self->fix);
  copy->message = g_strdup (self->message);
  return copy;
}

const char *
sl_level_name (SlLevel level)
{
  return level_names[level];
}

static int
index_of (const char *const *names, guint n, const char *name)
{
  for (guint i = 0; name != NULL && i < n; i++)
    if (strcmp (names[i], name) == 0)
      return (int) i;
  return -1;
}

JsonNode *
sl_check_to_json (const SlCheck *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", self->id);
  sl_json_set_string (object, "subject", self->subject);
  json_object_set_string_member (object, "level", level_names[self->level]);
  json_object_set_string_member (object, "kind", kind_names[self->kind]);
  sl_json_set_number_or_text (object, "measured", self->measured, self->measured_text);
  sl_json_set_number_or_text (object, "limit", self->limit, self->limit_text);
  sl_json_set_string (object, "unit", self->unit);
  sl_json_set_number (object, "where", self->where >= 0 ? (double) self->where : NAN);
  sl_json_set_string (object, "fix", self->fix);
  sl_json_set_string (object, "message", self->message);
  return sl_json_take_object (object);
}

SlCheck *
sl_check_from_json (JsonNode *node)
{
  JsonObject *object = sl_json_object (node);
  const char *id = sl_json_get_string (object, "id");
  int level
      = index_of (level_names, G_N_ELEMENTS (level_names), sl_json_get_string (object, "level"));
  int kind = index_of (kind_names, G_N_ELEMENTS (kind_names), sl_json_get_string (object, "kind"));
  SlCheck *self;

  if (id == NULL || level < 0 || kind < 0)
    return NULL;
  self = sl_check_new (id, sl_json_get_string (object, "subject"), (SlLevel) level,
                       (SlCheckKind) kind);
  self->measured = sl_json_get_number (object, "measured", NAN);
  self->limit = sl_json_get_number (object, "limit", NAN);
  sl_check_set_texts (self, sl_json_get_string (object, "measured"),
                      sl_json_get_string (object, "limit"));
  self->unit = g_strdup (sl_json_get_string (object, "unit"));
  self->where = sl_json_get_int (object, "where", -1);
  self->fix = g_strdup (sl_json_get_string (object, "fix"));
  self->message = g_strdup (sl_json_get_string (object, "message"));
  return self;
}

char *
sl_format_frames (gint64 frames)
{
  g_autofree char *digits
      = g_strdup_printf ("%" G_GUINT64_FORMAT,
                         (guint64) (frames < 0 ? -(guint64) frames : (guint64) frames));
  gsize n = strlen (digits);
  GString *text = g_string_new (frames < 0 ? "-" : "");

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

char *
sl_format_signed_frames (gint64 frames)
{
  g_autofree char *text = sl_format_frames (frames);

  return frames > 0 ? g_strconcat ("+", text, NULL) : g_steal_pointer (&text);
}

char *
sl_format_time (gint64 frame, int rate_hz)
{
  gint64 ms = sl_round_fraction (frame, 1000, rate_hz);

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d.%03d", ms / 60000, (int) (ms / 1000 % 60),
                          (int) (ms % 1000));
}
