/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/confine.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEBIBYTE (G_GINT64_CONSTANT (1) << 20)

/* The work needs about 50 MiB, whatever the file. */
#define MEMORY_BYTES (1024 * MEBIBYTE)

/* A mebibyte of the tightest coding is decoded and packed in well under two seconds. */
#define CPU_BASE_S 600
#define CPU_PER_MEBIBYTE_S 2

/* Standard output may be a file when a person runs this by hand. */
#define REPORT_BYTES MEBIBYTE

/* A picture has 8 bytes for 256 frames of a channel; silence packs better than anything. */
#define PICTURE_BASE_BYTES (256 * MEBIBYTE)

/* Speech at 8 kbit/s against 24-bit stereo at 48 kHz is 1 to 288. */
#define AUDIO_BASE_BYTES (1024 * MEBIBYTE)
#define AUDIO_GROWTH 300

static void
limit (__rlimit_resource_t resource, gint64 value)
{
  struct rlimit limits;

  if (getrlimit (resource, &limits) != 0)
    return;
  limits.rlim_cur = MIN (limits.rlim_max, (rlim_t) value);
  limits.rlim_max = limits.rlim_cur;
  setrlimit (resource, &limits);
}

void
sl_confine_process (void)
{
  pid_t parent = getppid ();

  signal (SIGPIPE, SIG_DFL);
  signal (SIGXFSZ, SIG_IGN); /* writing then fails with EFBIG, which is told */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (1);

  limit (RLIMIT_CORE, 0);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ /* they reserve terabytes */
  limit (RLIMIT_AS, MEMORY_BYTES);
#endif
}

void
sl_confine_to_input (gint64 input_bytes, gboolean writes_audio, gboolean writes_picture)
{
  gint64 mebibytes = input_bytes / MEBIBYTE;
  gint64 written = REPORT_BYTES;

  if (writes_picture)
    written += PICTURE_BASE_BYTES + input_bytes;
  if (writes_audio)
    written += AUDIO_BASE_BYTES + MIN (input_bytes, G_MAXINT64 / AUDIO_GROWTH / 2) * AUDIO_GROWTH;

  limit (RLIMIT_CPU, CPU_BASE_S + mebibytes * CPU_PER_MEBIBYTE_S);
  limit (RLIMIT_FSIZE, written);
}
