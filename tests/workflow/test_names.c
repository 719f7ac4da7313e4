/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that become file names: what is allowed, what is proposed, and what counts as the same. */
#include "workflow/names.h"

#include "engine/base/error.h"
#include "workflow/settings.h"

#include <string.h>

#define E_ACUTE "\xc3\xa9"              /* U+00E9 */
#define COMBINING_ACUTE "\xcc\x81"      /* U+0301 */
#define RIGHT_TO_LEFT "\xe2\x80\xae"    /* U+202E */
#define ISOLATE "\xe2\x81\xa6"          /* U+2066 */
#define ZERO_WIDTH_SPACE "\xe2\x80\x8b" /* U+200B */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"  /* U+FEFF */
#define LINE_SEPARATOR "\xe2\x80\xa8"   /* U+2028 */
#define NEXT_LINE "\xc2\x85"            /* U+0085 */
#define REPLACEMENT "\xef\xbf\xbd"      /* U+FFFD */

static const char *const allowed[] = {
  "bass",
  "Bass 2 (DI)",
  "a",
  "lead.v2",
  "2024-05-01_take-3",
  "Gitarre übersteuert",
  "M" E_ACUTE "lodie",
  "ベース",
  "Бас",
  "גיטרה",
  "गिटार",
  "🎸 solo",
  "a & b, c; d's #1 @ 50% + [x] {y} ~ ^ ` $ ! =",
  "CONsole",
  "com",
  "come",
  "com10",
  "nul_",
};

/* What is refused, and the name that is proposed instead. */
static const struct
{
  const char *name;
  const char *proposal;
} refused[] = {
  { "", "Untitled" },
  { ".", "Untitled" },
  { "..", "Untitled" },
  { "   ", "Untitled" },
  { "-.-", "Untitled" },
  { "a/b", "a_b" },
  { "../../etc/passwd", "_.._etc_passwd" },
  { "/absolute", "_absolute" },
  { "C:\\stems\\bass", "C__stems_bass" },
  { "a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h" },
  { "-rf", "rf" },
  { "--help", "help" },
  { ".hidden", "hidden" },
  { " bass", "bass" },
  { "bass ", "bass" },
  { "bass.", "bass" },
  { "bass. .", "bass" },
  { "two\nlines", "twolines" },
  { "tab\tbed", "tabbed" },
  { "bell\a\x7f", "bell" },
  { "next" NEXT_LINE "line", "nextline" },
  { "line" LINE_SEPARATOR "separator", "lineseparator" },
  { "bass" RIGHT_TO_LEFT "vaw.exe", "bassvaw.exe" },
  { ISOLATE "bass", "bass" },
  { "ba" ZERO_WIDTH_SPACE "ss", "bass" },
  { BYTE_ORDER_MARK "bass", "bass" },
  { "Me" COMBINING_ACUTE "lodie", "M" E_ACUTE "lodie" },
  { "Me" ZERO_WIDTH_SPACE COMBINING_ACUTE "lodie", "M" E_ACUTE "lodie" },
  { "b\xff\xfe", "b" REPLACEMENT REPLACEMENT },
  { "cut \xc3", "cut " REPLACEMENT },
  { "CON", "CON_" },
  { "con", "con_" },
  { "Nul.wav", "Nul_.wav" },
  { "aux.tar.gz", "aux_.tar.gz" },
  { "COM1", "COM1_" },
  { "lpt9.txt", "lpt9_.txt" },
};

static void
test_allowed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (allowed); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *made = sl_name_make (allowed[i]);

      sl_name_check (allowed[i], &error);
      g_assert_no_error (error);
      g_assert_cmpstr (made, ==, allowed[i]);
    }
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *made = sl_name_make (refused[i].name);

      g_assert_cmpstr (made, ==, refused[i].proposal);
      g_assert_false (sl_name_check (refused[i].name, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, refused[i].proposal));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* A proposal must be one that is accepted. */
static void
test_proposals_are_allowed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *made = sl_name_make (refused[i].name);
      g_autoptr (GError) error = NULL;

      sl_name_check (made, &error);
      g_assert_no_error (error);
    }
}

static char *
repeat (const char *text, int times)
{
  GString *repeated = g_string_new (NULL);

  while (times-- > 0)
    g_string_append (repeated, text);
  return g_string_free (repeated, FALSE);
}

/* As a shell reads it, a word is the name again; plain names stay plain. */
static void
test_quote (void)
{
  static const char *const names[] = { "Bass", "Lead-Gitarre_2.1",
                                       "小鼓", "Chorus Riff",
                                       "It's", "$(rm x)",
                                       "a\"b", "~",
                                       "*",    "#1",
                                       "a;b",  "",
                                       "&" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *word = sl_name_quote (names[i]);
      g_auto (GStrv) words = NULL;

      g_assert_true (g_shell_parse_argv (word, NULL, &words, NULL));
      g_assert_cmpuint (g_strv_length (words), ==, 1);
      g_assert_cmpstr (words[0], ==, names[i]);
      g_assert_cmpint (strcmp (word, names[i]) == 0, ==, i < 3);
    }
}

/* The limit counts bytes, and a character is never cut in two. */
static void
test_length (void)
{
  static const struct
  {
    const char *letter;
    int times;
    gsize made_bytes;
  } rows[] = {
    { "a", 200, 200 },     { "a", 201, 200 }, { "a", 255, 200 }, { E_ACUTE, 100, 200 },
    { E_ACUTE, 101, 200 }, { "ベ", 66, 198 }, { "ベ", 67, 198 }, { "🎸", 51, 200 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = repeat (rows[i].letter, rows[i].times);
      g_autofree char *made = sl_name_make (name);

      g_assert_cmpuint (strlen (made), ==, rows[i].made_bytes);
      g_assert_true (g_utf8_validate (made, -1, NULL));
      g_assert_cmpint (sl_name_check (name, NULL), ==, strlen (name) <= SL_NAME_MAX_BYTES);
      g_assert_true (sl_name_check (made, NULL));
    }
}

/* Any bytes make an allowed name. */
static void
test_any_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (int round = 0; round < 20000; round++)
    {
      char text[24];
      int length = g_rand_int_range (random, 0, (int) sizeof text);
      g_autofree char *made = NULL;
      g_autoptr (GError) error = NULL;

      for (int i = 0; i < length; i++)
        text[i] = (char) (round % 2
                              ? g_rand_int_range (random, 1, 256)
                              : "aé-. /\\:\xcc\x81\xe2\x80\x8b"[g_rand_int_range (random, 0, 15)]);
      text[length] = '\0';
      made = sl_name_make (text);
      sl_name_check (made, &error);
      g_assert_no_error (error);
    }
}

static void
test_fold (void)
{
  static const char *const same[][2] = {
    { "Bass", "bass" },
    { "BASS", "bass" },
    { "M" E_ACUTE "LODIE", "mélodie" },
    { "Me" COMBINING_ACUTE "lodie", "m" E_ACUTE "lodie" },
    { "Straße", "STRASSE" },
    { "ΣΊΣΥΦΟΣ", "σίσυφος" },
    { "БАС", "бас" },
  };
  static const char *const different[][2] = {
    { "bass", "bass 2" },
    { "melodie", "m" E_ACUTE "lodie" },
    { "ベース", "ヘース" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *a = sl_name_fold (same[i][0]);
      g_autofree char *b = sl_name_fold (same[i][1]);
      g_assert_cmpstr (a, ==, b);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autofree char *a = sl_name_fold (different[i][0]);
      g_autofree char *b = sl_name_fold (different[i][1]);
      g_assert_cmpstr (a, !=, b);
    }
}

static gboolean
take (SlSettings *settings, const char *name, SlStemKind kind, GError **error)
{
  SlStem *stem = sl_stem_new (name, kind);

  stem->file = g_strdup ("x.wav");
  return sl_settings_take_stem (settings, stem, error);
}

/* Two stems that one file system could not tell apart are refused, and what steps write is
 * reserved. */
static void
test_duplicates (void)
{
  static const char *const clashing[]
      = { "Bass", "bass", "BASS", "MASTER", "master", "Reference", "M" E_ACUTE "LODIE" };
  g_autoptr (SlSettings) settings = sl_settings_new ("Song");
  g_autoptr (GError) error = NULL;

  g_assert_true (take (settings, "Bass", SL_STEM_FILE, &error));
  g_assert_true (take (settings, "m" E_ACUTE "lodie", SL_STEM_FILE, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (clashing); i++)
    {
      g_assert_false (take (settings, clashing[i], SL_STEM_FILE, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_INVALID);
      g_clear_error (&error);
    }
  g_assert_cmpuint (settings->stems->len, ==, 2);
}

/* "drums" is what the drums step calls its own, unless it takes files. */
static void
test_drums_reserved (void)
{
  static const struct
  {
    SlDrumsMode mode;
    SlStemKind kind;
    gboolean allowed;
  } rows[] = {
    { SL_DRUMS_AUTO, SL_STEM_FILE, TRUE },       { SL_DRUMS_AUTO, SL_STEM_TONE, FALSE },
    { SL_DRUMS_FILES, SL_STEM_FILE, TRUE },      { SL_DRUMS_NONE, SL_STEM_FILE, TRUE },
    { SL_DRUMS_PATTERN, SL_STEM_FILE, FALSE },   { SL_DRUMS_PATTERN, SL_STEM_TONE, FALSE },
    { SL_DRUMS_REFERENCE, SL_STEM_FILE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SlSettings) settings = sl_settings_new ("Song");

      settings->drums = rows[i].mode;
      g_assert_cmpint (take (settings, "Drums", rows[i].kind, NULL), ==, rows[i].allowed);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/names/allowed", test_allowed);
  g_test_add_func ("/names/quote", test_quote);
  g_test_add_func ("/names/refused", test_refused);
  g_test_add_func ("/names/proposals-are-allowed", test_proposals_are_allowed);
  g_test_add_func ("/names/length", test_length);
  g_test_add_func ("/names/any-bytes", test_any_bytes);
  g_test_add_func ("/names/fold", test_fold);
  g_test_add_func ("/names/duplicates", test_duplicates);
  g_test_add_func ("/names/drums-reserved", test_drums_reserved);

  return g_test_run ();
}
