/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One verified statement: what was measured, against which limit, where, and what to do about it.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  SL_LEVEL_PASS,
  SL_LEVEL_NOTE, ///< informs
  SL_LEVEL_WARN, ///< green, with an amber count
  SL_LEVEL_FAIL  ///< red; the next step stays locked
} SlLevel;

typedef enum
{
  SL_KIND_INTEGRITY, ///< never waived
  SL_KIND_JUDGEMENT  ///< a person can accept it, with a reason
} SlCheckKind;

typedef struct
{
  char *id;      ///< stable, such as "frames" or "seam-level"
  char *subject; ///< the stem or file, or NULL for the whole song
  SlLevel level;
  SlCheckKind kind;
  double measured;     ///< NAN: none, or text
  double limit;        ///< NAN: none, or text
  char *measured_text; ///< instead of a number
  char *limit_text;
  char *unit;    ///< "frames", "dBFS", …; NULL with text
  gint64 where;  ///< frame, or -1
  char *fix;     ///< what to do, or NULL when there is nothing to do
  char *message; ///< one plain sentence
} SlCheck;

/** A new check without numbers, place, fix or message. */
SlCheck *
sl_check_new (const char *id, const char *subject, SlLevel level, SlCheckKind kind);

void
sl_check_set_numbers (SlCheck *self, double measured, double limit, const char *unit);

void
sl_check_set_texts (SlCheck *self, const char *measured, const char *limit);

void
sl_check_set_message (SlCheck *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

void
sl_check_set_fix (SlCheck *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

void
sl_check_free (SlCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlCheck, sl_check_free)

SlCheck *
sl_check_copy (const SlCheck *self);

/** "pass", "note", "warn", "fail". */
const char *
sl_level_name (SlLevel level);

/** The object of the command line's JSON and of records; every member present, null where unset. */
JsonNode *
sl_check_to_json (const SlCheck *self);

/** NULL when @node is not a check. */
SlCheck *
sl_check_from_json (JsonNode *node);

/** @frames in digits with thousands separators, for messages: "6,582,857". Owned. */
char *
sl_format_frames (gint64 frames);

/** The same with a sign: "+1,200". Owned. */
char *
sl_format_signed_frames (gint64 frames);

/** @frame as minutes and seconds: "1:22.286". Owned. */
char *
sl_format_time (gint64 frame, int rate_hz);

G_END_DECLS
