/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/* The formatter takes the dashes of the name for subtractions. */
/* clang-format off */
G_DEFINE_QUARK (sl-error-quark, sl_error)
/* clang-format on */

static gboolean
is_out_of_space (int saved_errno)
{
  return saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;
}

gboolean
sl_error_set_errno (GError **error,
                    SlError fallback,
                    int saved_errno,
                    const char *path,
                    const char *doing)
{
  g_autofree char *name = g_filename_display_name (path);

  if (is_out_of_space (saved_errno))
    g_set_error (error, SL_ERROR, SL_ERROR_NO_SPACE,
                 _ ("“%s” %s: %s. Free some space, or choose another disk."), name, doing,
                 g_strerror (saved_errno));
  else
    g_set_error (error, SL_ERROR, fallback, _ ("“%s” %s: %s."), name, doing,
                 g_strerror (saved_errno));
  return FALSE;
}

gboolean
sl_error_is_finding (const GError *error)
{
  if (error->domain != SL_ERROR)
    return FALSE;
  switch ((SlError) error->code)
    {
    case SL_ERROR_CANCELLED:
    case SL_ERROR_WRITE:
    case SL_ERROR_NO_SPACE:
    case SL_ERROR_HELPER:
      return FALSE;
    default:
      return TRUE;
    }
}
