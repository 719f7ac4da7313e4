/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/pair.h"

SlPair
sl_pair_of (const SlPlan *plan, const SlSeam *seam)
{
  const SlSegment *left = &g_array_index (plan->segments, SlSegment, seam->left);
  const SlSegment *right = left + 1;

  return (SlPair){ left->source + left->length - seam->overlap, right->source, seam->overlap };
}

guint
sl_pair_hash (gconstpointer pair)
{
  const SlPair *p = pair;

  return g_int64_hash (&p->left) * 31 + g_int64_hash (&p->right) * 7 + g_int64_hash (&p->length);
}

gboolean
sl_pair_equal (gconstpointer a, gconstpointer b)
{
  const SlPair *one = a;
  const SlPair *other = b;

  return one->left == other->left && one->right == other->right && one->length == other->length;
}
