/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one error domain: what can keep a piece of work from being done. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SL_ERROR (sl_error_quark ())

typedef enum
{
  SL_ERROR_CANCELLED, ///< the progress callback answered "stop"
  SL_ERROR_INVALID,   ///< an argument or setting that cannot be carried out
  SL_ERROR_OPEN,      ///< a file that is missing, unreadable or not a regular file
  SL_ERROR_DECODE,    ///< a file that opens but whose audio is not what it claims to be
  SL_ERROR_CHANGED,   ///< a file that changed while it was in use
  SL_ERROR_WRITE,     ///< writing, syncing or renaming failed
  SL_ERROR_NO_SPACE,  ///< the disk or the quota is full
  SL_ERROR_VERIFY,    ///< what was read back is not what was written
  SL_ERROR_LIMIT,     ///< a documented bound was passed
  SL_ERROR_PROJECT,   ///< a project file that cannot be understood
  SL_ERROR_NEWER,     ///< a project file of a newer format
  SL_ERROR_LOCKED,    ///< a project that another program holds
  SL_ERROR_HUNG,      ///< a helper that stopped answering
  SL_ERROR_HELPER     ///< a helper that could not be started
} SlError;

/** The quark of #SL_ERROR. Any thread. */
GQuark
sl_error_quark (void);

/**
 * Sets @error from an errno value: ENOSPC, EDQUOT and EFBIG become SL_ERROR_NO_SPACE, all others
 * @fallback. @path is the file (shown by its display name); @doing says what failed in words, for
 * example _("could not be written"). Always returns FALSE, so that callers can return it.
 * Any thread.
 */
gboolean
sl_error_set_errno (GError **error,
                    SlError fallback,
                    int saved_errno,
                    const char *path,
                    const char *doing);

/**
 * Whether @error says that something is wrong with what was read or asked for, which is a finding,
 * rather than that the work was stopped or could not be done here: cancelled, a write that failed,
 * a full disk, a helper that is missing. Any thread.
 */
gboolean
sl_error_is_finding (const GError *error);

G_END_DECLS
