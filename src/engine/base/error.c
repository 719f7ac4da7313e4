/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/* G_DEFINE_QUARK would read and write its variable from many threads at once. */
GQuark
sl_error_quark (void)
{
  static gsize quark = 0;

  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_quark_from_static_string ("sl-error-quark"));
  return quark;
}

static gboolean
is_out_of_space (int saved_errno)
{
  return saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;
}

/* What to do about a file that was to be read. */
static const char *
remedy_of_reading (int saved_errno)
{
  switch (saved_errno)
    {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
      return _ ("Check its name, or put it back.");
    case EACCES:
    case EPERM:
      return _ ("Get the right to read it, or choose another.");
    case ELOOP:
      return _ ("Its links lead in a circle: choose the file itself.");
    default:
      return _ ("Try again, or copy it to another disk first.");
    }
}

static const char *
remedy_of_writing (int saved_errno)
{
  switch (saved_errno)
    {
    case ENAMETOOLONG:
      return _ ("Choose a shorter name.");
    case ENOENT:
    case ENOTDIR:
    case EACCES:
    case EPERM:
    case EROFS:
      return _ ("Choose a folder that you may write to.");
    default:
      return _ ("Try again, or choose another folder.");
    }
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
    g_set_error (error, SL_ERROR, fallback, _ ("“%s” %s: %s. %s"), name, doing,
                 g_strerror (saved_errno),
                 fallback == SL_ERROR_OPEN ? remedy_of_reading (saved_errno)
                                           : remedy_of_writing (saved_errno));
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
