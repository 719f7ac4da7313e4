/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "cli/arguments.h"
#include "cli/values.h"
#include "engine/base/error.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
sl_cli_apply (const SlCli *cli, const SlCliOption *table, SlCliEdit *edit, GError **error)
{
  for (const SlCliOption *option = table; option->name != NULL; option++)
    {
      const GPtrArray *values = sl_cli_get_all (cli, option->name);

      for (guint i = 0; option->apply != NULL && values != NULL && i < values->len; i++)
        if (!option->apply (edit, values->pdata[i], error))
          {
            g_prefix_error (error, "--%s: ", option->name);
            return FALSE;
          }
    }
  return TRUE;
}

const char *
sl_cli_first_given (const SlCli *cli, const SlCliOption *table)
{
  for (const SlCliOption *option = table; option->name != NULL; option++)
    if (sl_cli_has (cli, option->name))
      return option->name;
  return NULL;
}

gboolean
sl_cli_check_exclusive (const SlCli *cli, const char *const *names, GError **error)
{
  const char *first = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!sl_cli_has (cli, names[i]))
        continue;
      if (first != NULL)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_INVALID, _ ("Either --%s or --%s, not both."),
                       first, names[i]);
          return FALSE;
        }
      first = names[i];
    }
  return TRUE;
}
