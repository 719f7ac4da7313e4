/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What later steps take from the records of earlier ones. */
#pragma once

#include "workflow/project.h"

G_BEGIN_DECLS

/** The target in frames, or 0 while the reference step has not fixed it. */
gint64
sl_upstream_target (SlProject *project);

/** The channels of the reference; 0: no file, any width. */
int
sl_upstream_channels (SlProject *project);

/** What @step left for @subject, with the digest of now; NULL when it left nothing. Owned. */
SlAudio *
sl_upstream_audio (SlProject *project, SlStepId step, const char *subject);

/** What the effects step reads of @subject: from align, or from drums. Owned, or NULL. */
SlAudio *
sl_upstream_aligned (SlProject *project, const char *subject);

G_END_DECLS
