/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: its windows, what concerns all of them, and the command line. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SL_TYPE_APPLICATION (sl_application_get_type ())
G_DECLARE_FINAL_TYPE (SlApplication, sl_application, SL, APPLICATION, AdwApplication)

SlApplication *
sl_application_new (void);

G_END_DECLS
