/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The default device of the system, through PortAudio. */
#include "engine/base/error.h"
#include "preview/output.h"

#include <glib/gi18n-lib.h>
#include <portaudio.h>

/* Measured: with 0.05 s a busy machine (four loops on two cores) left gaps in most songs. */
#define LATENCY_SECONDS 0.1

typedef struct
{
  SlOutput base;
  SlOutputFill fill;
  gpointer data;
  PaStream *stream;
} PortAudioOutput;

typedef void (*AlsaErrorHandler) (const char *file,
                                  int line,
                                  const char *function,
                                  int code,
                                  const char *format,
                                  ...);
typedef void (*JackMessageHandler) (const char *message);

/* PortAudio's search for devices makes ALSA and JACK print dozens of lines about what a computer
 * does not have. They have handlers for that, but Seamline is not linked to them: weak symbols are
 * there whenever PortAudio has brought the library along, and NULL otherwise. Nothing else in the
 * process is touched, as it would be by turning stderr away meanwhile. */
extern int
snd_lib_error_set_handler (AlsaErrorHandler handler) __attribute__ ((weak));
extern void
jack_set_error_function (JackMessageHandler handler) __attribute__ ((weak));
extern void
jack_set_info_function (JackMessageHandler handler) __attribute__ ((weak));

/* PortAudio may be started and ended by one thread at a time. */
static GMutex start_lock;

static void
ignore_alsa (const char *file, int line, const char *function, int code, const char *format, ...)
{
}

static void
ignore_jack (const char *message)
{
}

static void
silence_libraries (void)
{
  if (snd_lib_error_set_handler != NULL)
    snd_lib_error_set_handler (ignore_alsa);
  if (jack_set_error_function != NULL)
    jack_set_error_function (ignore_jack);
  if (jack_set_info_function != NULL)
    jack_set_info_function (ignore_jack);
}

static gboolean
set_no_device (GError **error)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_OPEN,
                       _ ("There is no sound device: connect one or start a sound server."));
  return FALSE;
}

static gboolean
set_failed (PaError code, GError **error)
{
  g_set_error (error, SL_ERROR, SL_ERROR_OPEN, _ ("The sound device cannot be used: %s."),
               Pa_GetErrorText (code));
  return FALSE;
}

/* PortAudio lists the devices when it is started, and only then. */
static gboolean
start_library (GError **error)
{
  PaError code;

  g_mutex_lock (&start_lock);
  silence_libraries ();
  code = Pa_Initialize ();
  g_mutex_unlock (&start_lock);
  return code == paNoError || set_failed (code, error);
}

static void
end_library (void)
{
  g_mutex_lock (&start_lock);
  Pa_Terminate ();
  g_mutex_unlock (&start_lock);
}

static int
on_callback (const void *input,
             void *output,
             unsigned long frames,
             const PaStreamCallbackTimeInfo *time,
             PaStreamCallbackFlags flags,
             void *data)
{
  PortAudioOutput *self = data;

  self->fill (output, (gint64) frames, self->data);
  return paContinue;
}

static PaStreamParameters
parameters_of (PaDeviceIndex device, int channels)
{
  return (PaStreamParameters){
    .device = device,
    .channelCount = channels,
    .sampleFormat = paFloat32,
    .suggestedLatency = MAX (Pa_GetDeviceInfo (device)->defaultHighOutputLatency, LATENCY_SECONDS),
  };
}

/* Tries as many channels as wanted, then two, then one. */
static gboolean
open_at_rate (PortAudioOutput *self, PaDeviceIndex device, int rate_hz, int wanted, PaError *code)
{
  const int channels[] = { wanted, 2, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      PaStreamParameters parameters = parameters_of (device, channels[i]);

      *code = Pa_IsFormatSupported (NULL, &parameters, rate_hz);
      if (*code != paFormatIsSupported)
        continue;
      *code = Pa_OpenStream (&self->stream, NULL, &parameters, rate_hz,
                             paFramesPerBufferUnspecified, paNoFlag, on_callback, self);
      self->base.rate_hz = rate_hz;
      self->base.channels = channels[i];
      if (*code == paNoError)
        return TRUE;
    }
  return FALSE;
}

static gboolean
open_stream (PortAudioOutput *self, int rate_hz, int channels, GError **error)
{
  PaDeviceIndex device = Pa_GetDefaultOutputDevice ();
  PaError code = paNoError;

  if (device == paNoDevice)
    return set_no_device (error);
  return open_at_rate (self, device, rate_hz, channels, &code)
         || open_at_rate (self, device, (int) Pa_GetDeviceInfo (device)->defaultSampleRate,
                          channels, &code)
         || set_failed (code, error);
}

static SlOutput *
portaudio_open (int rate_hz, int channels, SlOutputFill fill, gpointer data, GError **error)
{
  g_autofree PortAudioOutput *self = g_new0 (PortAudioOutput, 1);

  if (!start_library (error))
    return NULL;
  self->base.klass = sl_output_portaudio ();
  self->fill = fill;
  self->data = data;
  if (open_stream (self, rate_hz, channels, error))
    return &((PortAudioOutput *) g_steal_pointer (&self))->base;
  end_library ();
  return NULL;
}

static gboolean
portaudio_start (SlOutput *output, GError **error)
{
  PaError code = Pa_StartStream (((PortAudioOutput *) output)->stream);

  return code == paNoError || set_failed (code, error);
}

static void
portaudio_stop (SlOutput *output)
{
  Pa_AbortStream (((PortAudioOutput *) output)->stream);
}

static void
portaudio_close (SlOutput *output)
{
  PortAudioOutput *self = (PortAudioOutput *) output;

  Pa_CloseStream (self->stream);
  end_library ();
  g_free (self);
}

static gint64
portaudio_latency (SlOutput *output)
{
  const PaStreamInfo *info = Pa_GetStreamInfo (((PortAudioOutput *) output)->stream);

  return (gint64) (info->outputLatency * output->rate_hz);
}

static gboolean
portaudio_probe (GError **error)
{
  gboolean found;

  if (!start_library (error))
    return FALSE;
  found = Pa_GetDefaultOutputDevice () != paNoDevice;
  end_library ();
  return found || set_no_device (error);
}

const SlOutputClass *
sl_output_portaudio (void)
{
  static const SlOutputClass klass = { portaudio_open,  portaudio_start,   portaudio_stop,
                                       portaudio_close, portaudio_latency, portaudio_probe };

  return &klass;
}
