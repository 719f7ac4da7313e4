/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a step keeps of its last run for one subject: what it depended on, what it found, what it
 * wrote. */
#pragma once

#include "engine/io/digest.h"
#include "workflow/check.h"

G_BEGIN_DECLS

/** A file that holds audio between two steps, as last verified. */
typedef struct
{
  char *path; ///< as the project keeps paths
  char digest[SL_DIGEST_HEX_LENGTH + 1];
  gint64 frames;
  int channels;
  int rate_hz;
  char *encoding;    ///< "FLOAT", "PCM_24", …
  int bits;          ///< exact bits of a sample; 32 and more: more than float holds
  gboolean is_wav;   ///< could be delivered as it is
  double peak;       ///< linear
  double rms;        ///< linear, over everything
  double active_rms; ///< linear, over active 400 ms windows
} SlAudio;

SlAudio *
sl_audio_copy (const SlAudio *audio);

void
sl_audio_free (SlAudio *audio);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlAudio, sl_audio_free)

/** A file that the step wrote. */
typedef struct
{
  char *path;
  char digest[SL_DIGEST_HEX_LENGTH + 1];
} SlOutputFile;

/** Immutable once it has been published; shared by reference count, across threads. */
typedef struct
{
  gatomicrefcount refs;
  char *key;
  GPtrArray *checks;  ///< of SlCheck
  GPtrArray *outputs; ///< of SlOutputFile
  SlAudio *audio;     ///< what the next step reads, or NULL
  JsonObject *values; ///< what else the step found out, by name
} SlRecord;

SlRecord *
sl_record_new (const char *key);

SlRecord *
sl_record_ref (SlRecord *record);

void
sl_record_unref (SlRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlRecord, sl_record_unref)

/** Appends @check (taken) and returns it. */
SlCheck *
sl_record_take_check (SlRecord *record, SlCheck *check);

void
sl_record_add_output (SlRecord *record, const char *path, const char *digest);

/** The worst level among the checks. */
SlLevel
sl_record_level (const SlRecord *record);

/** Whether a check of kind integrity has failed: what the step made must not be used. */
gboolean
sl_record_integrity_failed (const SlRecord *record);

JsonNode *
sl_record_to_json (const SlRecord *record);

/** NULL when @node is not a whole record. */
SlRecord *
sl_record_from_json (JsonNode *node);

G_END_DECLS
