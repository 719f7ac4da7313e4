/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/align/layout.h"

#include "engine/base/error.h"

#include <glib/gi18n-lib.h>

void
sl_layout_init (SlLayout *self, GArray *segments)
{
  *self = (SlLayout){ .segments = segments };
}

static void
append (SlLayout *self, const SlSegment *segment)
{
  self->count++;
  if (self->segments != NULL)
    g_array_append_vals (self->segments, segment, 1);
  self->dest = segment->dest + segment->length;
}

void
sl_layout_silence (SlLayout *self, gint64 end)
{
  SlSegment silence = { .dest = self->dest, .source = -1, .length = end - self->dest };

  if (silence.length > 0)
    append (self, &silence);
}

void
sl_layout_open (SlLayout *self, gint64 source, gint64 fade_in)
{
  self->open = (SlSegment){ .dest = self->dest, .source = source, .fade_in = fade_in };
}

gint64
sl_layout_dest_of (const SlLayout *self, gint64 source)
{
  return self->open.dest + (source - self->open.source);
}

void
sl_layout_close (SlLayout *self, gint64 end, gint64 fade_out)
{
  self->open.length = end - self->open.dest;
  self->open.fade_out = MIN (fade_out, self->open.length - self->open.fade_in);
  append (self, &self->open);
}

void
sl_layout_cross (SlLayout *self, gint64 join, gint64 entry, gint64 pre, gint64 post)
{
  gint64 dest = sl_layout_dest_of (self, join);

  sl_layout_close (self, dest + post, pre + post);
  self->open = (SlSegment){ .dest = dest - pre, .source = entry - pre, .fade_in = pre + post };
}

/* First source frame of the open piece that is not part of its fade-in. */
static gint64
first_plain (const SlLayout *self)
{
  return self->open.source + self->open.fade_in;
}

/* An extension under way. */
typedef struct
{
  SlLayout *layout;
  const SlExtent *extent;
  const SlJoinSet *set;
  guint turn;    ///< join that comes next
  guint last;    ///< join that was used last
  gint64 beats;  ///< inserted so far: whole beats, which are rounded once
  gint64 frames; ///< and frames of joins that keep to no beat
} Extension;

static gint64
inserted (const Extension *self)
{
  if (self->beats == 0)
    return self->frames;
  return self->frames + sl_grid_beats_length (&self->extent->options->grid, self->beats);
}

/* Whether the open piece, begun behind another join, is long enough to be left at @join. */
static gboolean
in_reach (const Extension *self, const SlJoin *join)
{
  gint64 shortest = MAX (sl_extent_min_body (self->extent), self->set->joins[0].lag / 2);
  gint64 plain = join->join - first_plain (self->layout);

  return plain >= shortest && plain > join->pre;
}

/* The join whose turn it is, past those that the open piece does not reach. The one used last is
 * always in reach: the piece began one loop before it. */
static const SlJoin *
next_join (Extension *self)
{
  guint n = self->set->n;

  for (guint i = 0; i < n; i++)
    {
      guint index = (self->turn + i) % n;

      if (index == self->last || in_reach (self, &self->set->joins[index]))
        {
          self->turn = index;
          break;
        }
    }
  return &self->set->joins[self->turn];
}

static void
go_back (Extension *self, const SlJoin *join)
{
  gint64 before = inserted (self);

  if (join->beats > 0)
    self->beats += join->beats;
  else
    self->frames += join->lag;
  sl_layout_cross (self->layout, join->join, join->join - (inserted (self) - before), join->pre,
                   join->post);
  self->last = self->turn;
  self->turn = (self->turn + 1) % self->set->n;
}

gboolean
sl_layout_refuse_count (GError **error)
{
  g_set_error (error, SL_ERROR, SL_ERROR_LIMIT,
               _ ("Filling the target would take more than %d pieces of this stem. Choose a longer "
                  "loop, a longer stem, or zero-pad."),
               SL_PLAN_MAX_SEGMENTS);
  return FALSE;
}

static gboolean
within_limit (const Extension *self, GError **error)
{
  return self->layout->count <= SL_PLAN_MAX_SEGMENTS || sl_layout_refuse_count (error);
}

/* Saves walking through an extension that is far beyond the limit. */
static gboolean
can_be_within_limit (const SlExtent *extent, const SlJoinSet *set, GError **error)
{
  gint64 longest = 0;

  for (guint i = 0; i < set->n; i++)
    longest = MAX (longest, set->joins[i].lag);
  return sl_extent_gap (extent) / (longest + 1) <= SL_PLAN_MAX_SEGMENTS
         || sl_layout_refuse_count (error);
}

/* Whether the extension may end without leaving the open piece at @join: it reaches the end by
 * itself, or lacks less than the last fade, and the source goes on for that long. */
static gboolean
reaches_end (const Extension *self, const SlJoin *join, gint64 end_fade)
{
  gint64 beyond = self->extent->end - sl_layout_dest_of (self->layout, join->join);

  if (beyond <= join->post)
    return TRUE;
  return beyond - join->post < end_fade
         && beyond <= self->extent->options->source_length - join->join;
}

static gboolean
extend_and_cut (Extension *self, gint64 end_fade, GError **error)
{
  const SlJoin *join;

  while (join = next_join (self), !reaches_end (self, join, end_fade))
    {
      go_back (self, join);
      if (!within_limit (self, error))
        return FALSE;
    }
  sl_layout_close (self->layout, self->extent->end, end_fade);
  return TRUE;
}

/* Goes back @lag frames, whatever they match, with as much of a crossfade as the open piece has. */
static gboolean
make_up (Extension *self, gint64 join, gint64 lag, GError **error)
{
  SlJoin part;

  if (lag < sl_extent_min_body (self->extent))
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_INVALID,
                           _ ("No loop of this stem fits before its ending. Choose the ending "
                              "“cut”, or zero-pad."));
      return FALSE;
    }
  g_assert (lag <= join - self->extent->first);
  part = sl_join_make (self->extent, join, lag, 0);
  /* A frame of the open piece stays in front, so that segments begin one after the other. */
  part.pre = MIN (part.pre, MAX (0, join - first_plain (self->layout) - 1));
  go_back (self, &part);
  return TRUE;
}

/* Goes back @rest frames in all, so that the source's end lands on the extent's: at once, or, where
 * the source has too little before the join, in two halves. These are in it, since a rest is at
 * most one loop and one shortest body, and the loop is at least as long as that. */
static gboolean
make_up_rest (Extension *self, gint64 join, gint64 rest, GError **error)
{
  if (rest <= join - self->extent->first)
    return make_up (self, join, rest, error);
  return make_up (self, join, rest / 2, error) && make_up (self, join, rest - rest / 2, error);
}

/* Whole loops as long as more than one is missing; then one step back of what is left. */
static gboolean
extend_before_ending (Extension *self, gint64 end_fade, GError **error)
{
  gint64 shortest = sl_extent_min_body (self->extent);
  gint64 rest = sl_extent_gap (self->extent);
  const SlJoin *join;

  while (join = next_join (self), rest > join->lag + shortest)
    {
      go_back (self, join);
      if (!within_limit (self, error))
        return FALSE;
      rest = sl_extent_gap (self->extent) - inserted (self);
    }
  if (!make_up_rest (self, join->join, rest, error))
    return FALSE;
  sl_layout_close (self->layout, self->extent->end, end_fade);
  return TRUE;
}

gboolean
sl_layout_extend (SlLayout *self,
                  const SlExtent *extent,
                  const SlJoinSet *set,
                  gint64 end_fade,
                  GError **error)
{
  Extension extension = { self, extent, set, 0, 0, 0, 0 };

  if (!can_be_within_limit (extent, set, error))
    return FALSE;
  if (sl_extent_keeps_ending (extent))
    return extend_before_ending (&extension, end_fade, error);
  return extend_and_cut (&extension, end_fade, error);
}
