/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"

#include "app/window.h"

struct _SlApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (SlApplication, sl_application, ADW_TYPE_APPLICATION)

static void
sl_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (sl_window_new (SL_APPLICATION (application))));
}

static void
sl_application_class_init (SlApplicationClass *klass)
{
  G_APPLICATION_CLASS (klass)->activate = sl_application_activate;
}

static void
sl_application_init (SlApplication *self)
{
}

SlApplication *
sl_application_new (void)
{
  return g_object_new (SL_TYPE_APPLICATION, "application-id", SL_APPLICATION_ID,
                       "resource-base-path", "/org/seamline/Seamline", NULL);
}
