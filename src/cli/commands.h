/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that the program can be told to do. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

extern const SlCliCommand sl_cli_command_init;
extern const SlCliCommand sl_cli_command_add;
extern const SlCliCommand sl_cli_command_set;
extern const SlCliCommand sl_cli_command_remove;
extern const SlCliCommand sl_cli_command_drums;
extern const SlCliCommand sl_cli_command_demo;
extern const SlCliCommand sl_cli_command_run;
extern const SlCliCommand sl_cli_command_status;
extern const SlCliCommand sl_cli_command_accept;
extern const SlCliCommand sl_cli_command_align;
extern const SlCliCommand sl_cli_command_measure;
extern const SlCliCommand sl_cli_command_export;

G_END_DECLS
