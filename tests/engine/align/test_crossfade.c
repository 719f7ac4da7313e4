/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/crossfade.h"

#include <math.h>

/* Of a gain or a power; the law is computed in double. */
#define TOLERANCE 1e-12

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, TOLERANCE);
}

static void
test_power_is_constant (void)
{
  const double correlations[] = { 0.0, 0.25, 0.5, 0.9, 1.0 };

  for (guint k = 0; k < G_N_ELEMENTS (correlations); k++)
    for (int i = 0; i <= 1000; i++)
      {
        double r = correlations[k];
        double a, b;

        sl_crossfade_gains (i / 1000.0, r, &a, &b);
        assert_near (a * a + b * b + 2.0 * r * a * b, 1.0);
      }
}

static void
test_full_correlation_is_linear (void)
{
  for (int i = 0; i <= 100; i++)
    {
      double t = i / 100.0;
      double a, b;

      sl_crossfade_gains (t, 1.0, &a, &b);
      assert_near (a, 1.0 - t);
      assert_near (b, t);
    }
}

/* At the middle of uncorrelated material both gains are the square root of a half. */
static void
test_known_gains (void)
{
  double a, b;

  sl_crossfade_gains (0.5, 0.0, &a, &b);
  assert_near (a, sqrt (0.5));
  assert_near (b, sqrt (0.5));
  sl_crossfade_gains (0.25, 0.0, &a, &b);
  assert_near (a, 3.0 / sqrt (10.0));
  assert_near (b, 1.0 / sqrt (10.0));
  sl_crossfade_gains (0.5, 0.5, &a, &b);
  assert_near (a, 1.0 / sqrt (3.0));
  assert_near (b, 1.0 / sqrt (3.0));
}

static void
test_ends (void)
{
  double a, b;

  sl_crossfade_gains (0.0, 0.3, &a, &b);
  assert_near (a, 1.0);
  assert_near (b, 0.0);
  sl_crossfade_gains (1.0, 0.3, &a, &b);
  assert_near (a, 0.0);
  assert_near (b, 1.0);
}

static void
assert_same_law (double r, double clamped)
{
  double a, b, c, d;

  sl_crossfade_gains (0.3, r, &a, &b);
  sl_crossfade_gains (0.3, clamped, &c, &d);
  g_assert_cmpfloat (a, ==, c);
  g_assert_cmpfloat (b, ==, d);
}

static void
test_correlation_is_clamped (void)
{
  assert_same_law (-0.5, 0.0);
  assert_same_law (1.5, 1.0);
  assert_same_law (NAN, 0.0);
}

static void
test_position (void)
{
  g_assert_cmpfloat (sl_crossfade_position (0, 1), ==, 0.5);
  g_assert_cmpfloat (sl_crossfade_position (0, 3), ==, 0.25);
  g_assert_cmpfloat (sl_crossfade_position (2, 3), ==, 0.75);
  g_assert_cmpfloat (sl_crossfade_position (0, 96000), >, 0.0);
  g_assert_cmpfloat (sl_crossfade_position (95999, 96000), <, 1.0);
}

static void
test_fill_equals_gains (void)
{
  double a[50], b[50];

  sl_crossfade_fill (30, 50, 200, 0.4, a, b);
  for (int i = 0; i < 50; i++)
    {
      double u, v;

      sl_crossfade_gains (sl_crossfade_position (30 + i, 200), 0.4, &u, &v);
      g_assert_cmpfloat (a[i], ==, u);
      g_assert_cmpfloat (b[i], ==, v);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crossfade/power-is-constant", test_power_is_constant);
  g_test_add_func ("/crossfade/full-correlation-is-linear", test_full_correlation_is_linear);
  g_test_add_func ("/crossfade/known-gains", test_known_gains);
  g_test_add_func ("/crossfade/ends", test_ends);
  g_test_add_func ("/crossfade/correlation-is-clamped", test_correlation_is_clamped);
  g_test_add_func ("/crossfade/position", test_position);
  g_test_add_func ("/crossfade/fill-equals-gains", test_fill_equals_gains);
  return g_test_run ();
}
