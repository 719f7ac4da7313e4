/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of SlFile share: bytes, and what is on disk. */
#pragma once

#include "../../support/noise.h"
#include "../../support/temp_folder.h"
#include "engine/io/file.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->path = g_build_filename (f->folder, "take.bin", NULL);
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  sl_file_set_fault_hook (NULL, NULL);
  g_free (f->path);
  test_folder_free (f->folder);
}

static inline guint8 *
make_bytes (gsize length)
{
  guint8 *bytes = g_malloc (length);
  guint32 state = 1;

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (noise_bits (&state) >> 24);
  return bytes;
}

static inline void
put (const char *path, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, (const char *) bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static inline void
assert_contents (const char *path, const guint8 *bytes, gsize length)
{
  g_autofree char *found = NULL;
  gsize found_length;

  g_assert_true (g_file_get_contents (path, &found, &found_length, NULL));
  g_assert_cmpmem (found, found_length, bytes, length);
}

/* What the file's bytes digest to when they are simply read from disk. */
static inline SlDigest
digest_on_disk (const char *path)
{
  g_autoptr (GError) error = NULL;
  SlDigest digest;

  sl_digest_file (path, &digest, NULL, &error);
  g_assert_no_error (error);
  return digest;
}
