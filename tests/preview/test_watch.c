/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preview/watch.h"

#define S G_USEC_PER_SEC

/* Looks at one device; the device had asked @calls times by @at_us. */
typedef struct
{
  gint64 at_us;
  guint calls;
  gboolean stalled;
} Look;

static const Look slow_start[] = { { 2 * S, 7, FALSE }, { 5 * S - 1, 8, FALSE } };
static const Look no_start[] = { { 5 * S - 1, 7, FALSE }, { 5 * S, 7, TRUE } };
static const Look late_stall[]
    = { { 8 * S, 9, FALSE }, { 10 * S, 9, FALSE }, { 10 * S + 1, 9, TRUE }, { 11 * S, 10, FALSE } };

static void
check (const Look *looks, guint n)
{
  SlWatch watch;

  sl_watch_start (&watch, 7, 100);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (sl_watch_look (&watch, looks[i].calls, 100 + looks[i].at_us), ==,
                     looks[i].stalled);
}

static void
test_looks (void)
{
  check (slow_start, G_N_ELEMENTS (slow_start));
  check (no_start, G_N_ELEMENTS (no_start));
  check (late_stall, G_N_ELEMENTS (late_stall));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preview/watch/looks", test_looks);
  return g_test_run ();
}
