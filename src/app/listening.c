/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/listening.h"

#include "workflow/intake.h"
#include "workflow/json.h"
#include "workflow/steps/mix.h"

struct _SlListening
{
  GObject parent_instance;

  /* owned */
  SlDocument *document;
  SlPlayer *player;
  GPtrArray *solo; /* of SlTrack */
  char *playing;   /* the graph of the player, in words */

  SlStage stage;
  gboolean has_sound;
};

G_DEFINE_FINAL_TYPE (SlListening, sl_listening, G_TYPE_OBJECT)

enum
{
  SIGNAL_SOLO_CHANGED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sl_listening_dispose (GObject *object)
{
  SlListening *self = SL_LISTENING (object);

  g_clear_pointer (&self->player, sl_player_free);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (sl_listening_parent_class)->dispose (object);
}

static void
sl_listening_finalize (GObject *object)
{
  SlListening *self = SL_LISTENING (object);

  g_ptr_array_unref (self->solo);
  g_free (self->playing);
  G_OBJECT_CLASS (sl_listening_parent_class)->finalize (object);
}

static void
sl_listening_class_init (SlListeningClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sl_listening_dispose;
  G_OBJECT_CLASS (klass)->finalize = sl_listening_finalize;
  signals[SIGNAL_SOLO_CHANGED] = g_signal_new ("solo-changed", SL_TYPE_LISTENING, G_SIGNAL_RUN_LAST,
                                               0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SL_TYPE_LISTENING, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
sl_listening_init (SlListening *self)
{
  self->solo = g_ptr_array_new_with_free_func ((GDestroyNotify) sl_track_free);
  self->stage = SL_STAGE_MASTER;
}

/* --- the graph --- */

/* One file to be heard, and how loud. */
typedef struct
{
  SlAudio *audio;
  double gain;
} Voice;

static void
voice_clear (gpointer data)
{
  sl_audio_free (((Voice *) data)->audio);
}

/* What the master step took off all gains. */
static double
common_gain (SlDocument *document)
{
  SlProject *project = sl_document_get_project (document);
  SlRecord *record = sl_project_get_record (project, SL_STEP_MASTER, "");

  return record != NULL ? sl_json_get_number (record->values, "factor", 1.0) : 1.0;
}

static double
gain_of (SlDocument *document, const SlTrack *track)
{
  if (track->role == SL_WAVEFORM_REFERENCE || track->role == SL_WAVEFORM_MASTER)
    return 1.0;
  return sl_mix_gain (sl_document_get_settings (document), track->name) * common_gain (document);
}

/* Without a solo: the master alone at its stage, else everything that becomes the master. */
static gboolean
is_heard (SlListening *self, const SlTrack *track, SlStage stage)
{
  if (self->solo->len > 0)
    return sl_listening_is_solo (self, track);
  if (stage == SL_STAGE_MASTER)
    return track->role == SL_WAVEFORM_MASTER;
  return track->role == SL_WAVEFORM_STEM || track->role == SL_WAVEFORM_DRUMS;
}

static GArray *
collect (SlListening *self, const GPtrArray *tracks, SlStage stage)
{
  GArray *voices = g_array_new (FALSE, FALSE, sizeof (Voice));

  g_array_set_clear_func (voices, voice_clear);
  for (guint i = 0; i < tracks->len; i++)
    {
      const SlTrack *track = tracks->pdata[i];
      Voice voice = { NULL, gain_of (self->document, track) };

      if (!is_heard (self, track, stage))
        continue;
      for (int k = (int) stage; k >= 0 && voice.audio == NULL; k--)
        voice.audio = sl_track_audio (self->document, track, (SlStage) k);
      if (voice.audio != NULL)
        g_array_append_val (voices, voice);
    }
  return voices;
}

static int
widest (const GArray *voices)
{
  int channels = 1;

  for (guint i = 0; i < voices->len; i++)
    channels = MAX (channels, g_array_index (voices, Voice, i).audio->channels);
  return channels;
}

/* What is neither mono nor as wide as the widest has no place in a mix; its step says so in red. */
static void
drop_misfits (GArray *voices)
{
  int channels = widest (voices);

  for (guint i = voices->len; i-- > 0;)
    {
      int own = g_array_index (voices, Voice, i).audio->channels;

      if (own != 1 && own != channels)
        g_array_remove_index (voices, i);
    }
}

/* Tracks that are gone are no longer alone. */
static void
prune_solo (SlListening *self, const GPtrArray *tracks)
{
  for (guint i = self->solo->len; i-- > 0;)
    {
      gboolean found = FALSE;

      for (guint k = 0; k < tracks->len && !found; k++)
        found = sl_track_equal (self->solo->pdata[i], tracks->pdata[k]);
      if (!found)
        g_ptr_array_remove_index (self->solo, i);
    }
}

/* Before any step there is the reference at least. */
static void
add_reference (SlListening *self, const GPtrArray *tracks, GArray *voices)
{
  for (guint i = 0; i < tracks->len; i++)
    {
      const SlTrack *track = tracks->pdata[i];
      Voice voice = { NULL, 1.0 };

      if (track->role != SL_WAVEFORM_REFERENCE)
        continue;
      voice.audio = sl_track_audio (self->document, track, SL_STAGE_SOURCE);
      if (voice.audio != NULL)
        g_array_append_val (voices, voice);
    }
}

/* The stage that was asked for, or the last before it that there is. */
static GArray *
choose (SlListening *self)
{
  g_autoptr (GPtrArray) tracks = sl_tracks_list (sl_document_get_settings (self->document));
  GArray *voices;

  prune_solo (self, tracks);
  voices = collect (self, tracks, self->stage);
  for (int stage = (int) self->stage - 1; voices->len == 0 && stage >= 0; stage--)
    {
      g_array_unref (voices);
      voices = collect (self, tracks, (SlStage) stage);
    }
  if (voices->len == 0 && self->solo->len == 0)
    add_reference (self, tracks, voices);
  drop_misfits (voices);
  return voices;
}

static gint64
longest (const GArray *voices, gint64 target)
{
  for (guint i = 0; i < voices->len; i++)
    target = MAX (target, g_array_index (voices, Voice, i).audio->frames);
  return target;
}

static SlGraph *
make_graph (SlListening *self, const GArray *voices)
{
  SlProject *project = sl_document_get_project (self->document);
  int channels = widest (voices);
  SlGraph *graph = sl_graph_new (sl_document_get_settings (self->document)->rate_hz, channels,
                                 longest (voices, sl_intake_known_target (project)));

  for (guint i = 0; i < voices->len; i++)
    {
      const Voice *voice = &g_array_index (voices, Voice, i);
      g_autofree char *resolved = sl_project_resolve (project, voice->audio->path);
      g_autofree char *path = g_canonicalize_filename (resolved, NULL);

      sl_graph_add (graph, path, voice->gain);
    }
  return graph;
}

/* Everything in a graph but the gains, which a player changes as it plays. */
static char *
describe (const GArray *voices, gint64 target)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GINT64_FORMAT "\n", target);
  for (guint i = 0; i < voices->len; i++)
    {
      const Voice *voice = &g_array_index (voices, Voice, i);

      g_string_append_printf (text, "%s %s\n", voice->audio->path, voice->audio->digest);
    }
  return g_string_free (text, FALSE);
}

static void
update (SlListening *self)
{
  g_autoptr (GArray) voices = choose (self);
  gint64 target = sl_intake_known_target (sl_document_get_project (self->document));
  char *playing = describe (voices, target);

  if (g_strcmp0 (playing, self->playing) != 0)
    {
      sl_player_set_graph (self->player, voices->len > 0 ? make_graph (self, voices) : NULL);
      g_free (self->playing);
      self->playing = playing;
      self->has_sound = voices->len > 0;
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
      return;
    }
  g_free (playing);
  for (guint i = 0; i < voices->len; i++)
    sl_player_set_gain (self->player, i, g_array_index (voices, Voice, i).gain);
}

/* --- in use --- */

static void
on_player (SlPlayer *player, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_CHANGED], 0);
}

/* Tests that need no ears may say so. */
static const SlOutputClass *
choose_output (void)
{
  return g_strcmp0 (g_getenv ("SEAMLINE_SOUND"), "null") == 0 ? sl_output_null ()
                                                              : sl_output_portaudio ();
}

SlListening *
sl_listening_new (SlDocument *document)
{
  SlListening *self = g_object_new (SL_TYPE_LISTENING, NULL);

  self->document = g_object_ref (document);
  self->player = sl_player_new (choose_output ());
  sl_player_set_notify (self->player, on_player, self);
  sl_player_probe_device (self->player);
  g_signal_connect_swapped (document, "changed", G_CALLBACK (update), self);
  update (self);
  return self;
}

SlPlayer *
sl_listening_get_player (SlListening *self)
{
  return self->player;
}

void
sl_listening_set_stage (SlListening *self, SlStage stage)
{
  self->stage = stage;
  update (self);
}

gboolean
sl_listening_has_sound (SlListening *self)
{
  return self->has_sound;
}

static int
find_solo (SlListening *self, const SlTrack *track)
{
  for (guint i = 0; i < self->solo->len; i++)
    if (sl_track_equal (self->solo->pdata[i], track))
      return (int) i;
  return -1;
}

void
sl_listening_set_solo (SlListening *self, const SlTrack *track, gboolean solo)
{
  int index = find_solo (self, track);
  SlTrack *added;

  if (solo == (index >= 0))
    return;
  if (!solo)
    g_ptr_array_remove_index (self->solo, (guint) index);
  else
    {
      added = g_new0 (SlTrack, 1);
      added->role = track->role;
      added->name = g_strdup (track->name);
      g_ptr_array_add (self->solo, added);
    }
  update (self);
  g_signal_emit (self, signals[SIGNAL_SOLO_CHANGED], 0);
}

gboolean
sl_listening_is_solo (SlListening *self, const SlTrack *track)
{
  return find_solo (self, track) >= 0;
}
