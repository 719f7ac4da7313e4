/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every fuzz target has: its entry point for libFuzzer, and the rule that errors follow. */
#pragma once

#include "engine/base/error.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Called with one input after another; what breaks a rule aborts. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Whoever fails says so in our domain, in words that can be shown. */
static inline void
assert_told (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == SL_ERROR);
  g_assert_true (*error->message != '\0' && g_utf8_validate (error->message, -1, NULL));
}

/* A copy that ends in a zero byte. */
static inline char *
text_of (const guint8 *data, gsize size)
{
  char *text = g_malloc (size + 1);

  memcpy (text, data, size);
  text[size] = '\0';
  return text;
}

/* The input as a file in memory, always the same one; its path. */
static inline const char *
file_of (const guint8 *data, gsize size)
{
  static char path[32];
  static int descriptor = -1;

  if (descriptor < 0)
    descriptor = memfd_create ("input", MFD_CLOEXEC);
  g_assert_cmpint (descriptor, >=, 0);
  g_snprintf (path, sizeof path, "/proc/self/fd/%d", descriptor);
  g_assert_cmpint (ftruncate (descriptor, 0), ==, 0);
  g_assert_cmpint (pwrite (descriptor, data, size, 0), ==, (gssize) size);
  return path;
}
