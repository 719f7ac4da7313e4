/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has every new file of a project looked at by the helper process, at once, and puts what it finds
 * where the steps will look for it. Main thread; nothing here blocks. */
#pragma once

#include "workflow/project.h"

G_BEGIN_DECLS

#define SL_TYPE_IMPORTER (sl_importer_get_type ())
G_DECLARE_FINAL_TYPE (SlImporter, sl_importer, SL, IMPORTER, GObject)

/** Signal "changed": a file is or was being looked at. */
SlImporter *
sl_importer_new (SlProject *project);

/** Starts looking at every source of the project that nothing is known of. */
void
sl_importer_sync (SlImporter *self);

/** Whether the file kept as @stored is being looked at, or waits for it. */
gboolean
sl_importer_is_busy (SlImporter *self, const char *stored);

/** Why the file kept as @stored could not be read, as a sentence, or NULL. */
const char *
sl_importer_get_problem (SlImporter *self, const char *stored);

/** Forgets the problem of @stored: it is looked at again. */
void
sl_importer_retry (SlImporter *self, const char *stored);

G_END_DECLS
