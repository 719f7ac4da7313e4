/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sound goes: a device that asks for blocks of frames. Used by one thread, the feeder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SlOutput SlOutput;

/**
 * Fills @out (interleaved, channels × @frames). Called from the device's own thread, in real time:
 * must not allocate, lock, log or touch a file.
 */
typedef void (*SlOutputFill) (float *out, gint64 frames, gpointer data);

typedef struct
{
  /**
   * Opens the default device as near to @rate_hz and @channels as it can; what it really plays is
   * in the output. NULL with SL_ERROR_OPEN and a sentence for people.
   */
  SlOutput *(*open) (int rate_hz, int channels, SlOutputFill fill, gpointer data, GError **error);
  /** Begins to call fill. FALSE with SL_ERROR_OPEN. */
  gboolean (*start) (SlOutput *self, GError **error);
  /** Fill is not called any more when this returns. */
  void (*stop) (SlOutput *self);
  /** Stops and frees. */
  void (*close) (SlOutput *self);
  /** Frames between fill and the ear. */
  gint64 (*latency) (SlOutput *self);
  /** Looks for devices anew; nothing may be open. FALSE with SL_ERROR_OPEN when there is none. */
  gboolean (*probe) (GError **error);
} SlOutputClass;

/** Base of every output; an implementation has it as its first member. */
struct _SlOutput
{
  const SlOutputClass *klass;
  int rate_hz;  ///< what the device plays
  int channels; ///< what fill has to fill
};

/** The default device of the system, through PortAudio. */
const SlOutputClass *
sl_output_portaudio (void);

/** No device: takes frames in real time and drops them. */
const SlOutputClass *
sl_output_null (void);

G_END_DECLS
