/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/package/sha256.h"

#include "engine/package/archive.h"

#include <openssl/evp.h>

#define READ_BYTES (256 * 1024)

struct _SlSha256
{
  EVP_MD_CTX *context;
};

SlSha256 *
sl_sha256_new (void)
{
  SlSha256 *self = g_new0 (SlSha256, 1);

  self->context = EVP_MD_CTX_new ();
  g_assert (self->context != NULL);
  if (EVP_DigestInit_ex (self->context, EVP_sha256 (), NULL) != 1)
    g_assert_not_reached ();
  return self;
}

void
sl_sha256_feed (SlSha256 *self, gconstpointer data, gsize length)
{
  if (EVP_DigestUpdate (self->context, data, length) != 1)
    g_assert_not_reached ();
}

void
sl_sha256_finish (SlSha256 *self, char hex[SL_SHA256_HEX_LENGTH + 1])
{
  guint8 bytes[SL_SHA256_HEX_LENGTH / 2];

  if (EVP_DigestFinal_ex (self->context, bytes, NULL) != 1)
    g_assert_not_reached ();
  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    g_snprintf (hex + 2 * i, 3, "%02x", bytes[i]);
}

void
sl_sha256_free (SlSha256 *self)
{
  if (self == NULL)
    return;
  EVP_MD_CTX_free (self->context);
  g_free (self);
}

/* Feeds all of @file, about @expected bytes. */
static gboolean
feed_file (SlSha256 *sha, SlFile *file, gint64 expected, const SlProgress *progress, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gint64 done = 0;
  gint64 got;

  while ((got = sl_file_read (file, buffer, READ_BYTES)) > 0)
    {
      sl_sha256_feed (sha, buffer, (gsize) got);
      done += got;
      if (!sl_progress_report (progress, done, expected, error))
        return FALSE;
    }
  return sl_file_check (file, error);
}

gboolean
sl_sha256_file (const char *path, char sha256[65], const SlProgress *progress, GError **error)
{
  g_autoptr (SlFile) file = sl_file_open (path, error);
  g_autoptr (SlSha256) sha = sl_sha256_new ();
  SlStat before;

  if (file == NULL || !sl_file_stat (file, &before, error)
      || !feed_file (sha, file, before.size_bytes, progress, error)
      || !sl_file_check_unchanged (file, &before, error))
    return FALSE;
  sl_sha256_finish (sha, sha256);
  return TRUE;
}
