/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/level_icon.h"

#include <glib/gi18n.h>

SlLook
sl_state_look (SlState state)
{
  static const SlLook looks[] = {
    [SL_STATE_READY] = { "media-playback-start-symbolic", "ready" },
    [SL_STATE_STALE] = { "view-refresh-symbolic", "stale" },
    [SL_STATE_FAILED] = { "dialog-error-symbolic", "failed" },
    [SL_STATE_PASSED] = { "emblem-ok-symbolic", "passed" },
    [SL_STATE_LOCKED] = { "changes-prevent-symbolic", "locked" },
  };

  return looks[state];
}

SlLook
sl_level_look (SlLevel level)
{
  static const SlLook looks[] = {
    [SL_LEVEL_PASS] = { "emblem-ok-symbolic", "passed" },
    [SL_LEVEL_NOTE] = { "dialog-information-symbolic", "noted" },
    [SL_LEVEL_WARN] = { "dialog-warning-symbolic", "warned" },
    [SL_LEVEL_FAIL] = { "dialog-error-symbolic", "failed" },
  };

  return looks[level];
}

const char *
sl_level_title (SlLevel level)
{
  static const char *const titles[] = {
    [SL_LEVEL_PASS] = N_ ("Passed"),
    [SL_LEVEL_NOTE] = N_ ("Note"),
    [SL_LEVEL_WARN] = N_ ("Warning"),
    [SL_LEVEL_FAIL] = N_ ("Failed"),
  };

  return _ (titles[level]);
}
