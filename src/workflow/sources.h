/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a project only reads: none of its outputs may take the place of one. */
#pragma once

#include "workflow/settings.h"

G_BEGIN_DECLS

/** The paths of the reference and of every stem that is a file, as @settings keep them. Owned. */
char **
sl_sources_list (const SlSettings *settings);

/**
 * Whether @path may be written: FALSE with SL_ERROR_INVALID when it is, by device and inode (so
 * through links and mounts too), a source or the reference of @settings, whose relative paths start
 * in @folder. What is not there yet may be written. Any thread.
 */
gboolean
sl_sources_check_output (const SlSettings *settings,
                         const char *folder,
                         const char *path,
                         GError **error);

/** Whether both are there and the same file, however they are called. Any thread. */
gboolean
sl_sources_is_same_file (const char *a, const char *b);

G_END_DECLS
