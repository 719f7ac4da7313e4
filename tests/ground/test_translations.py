#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language of po/LINGUAS has all words of today, translated and with their options."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sources import ROOT
from tap import Tap, skip_all

PO = ROOT / 'po'
TOOLS = ('xgettext', 'msgmerge', 'msgfmt')

# What the build passes to xgettext for programs that use GLib.
KEYWORDS = ('_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'g_dcgettext:2', 'g_dngettext:2,3',
            'g_dpgettext2:2c,3')
FORMATS = ('N_:1:pass-c-format', 'C_:2:pass-c-format', 'NC_:2:pass-c-format',
           'g_dngettext:2:pass-c-format', 'g_strdup_printf:1:c-format',
           'g_string_append_printf:2:c-format', 'g_error_new:3:c-format',
           'g_set_error:4:c-format')

ENTRY = re.compile(r'^msgid "(.*)"\n(?:msgid_plural ".*"\n)?((?:msgstr.*\n?)+)', re.MULTILINE)
FUZZY = re.compile(r'^#,.*\bfuzzy\b', re.MULTILINE)
TEXT = re.compile(r'^msgstr(?:\[\d+\])? "(.*)"$', re.MULTILINE)
OPTION = re.compile(r'--[a-z][a-z-]*')


def complaints(*command):
    """What a tool says when it fails; nothing when it succeeds."""
    result = subprocess.run([str(word) for word in command], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return (result.stdout.splitlines() or [f'{command[0]} failed']) if result.returncode else []


def extract(template):
    """Writes the template of all words that are marked now."""
    return complaints('xgettext', '--from-code=UTF-8', f'--directory={ROOT}',
                      f'--files-from={PO / "POTFILES.in"}', f'--output={template}',
                      *(f'--keyword={keyword}' for keyword in KEYWORDS),
                      *(f'--flag={flag}' for flag in FORMATS))


def problem_of(block, text, translations):
    """What is wrong with one entry of a catalogue, or None."""
    if FUZZY.search(block):
        return 'is fuzzy'
    if not all(translations):
        return 'is not translated'
    options = set(OPTION.findall(text))
    if any(set(OPTION.findall(translation)) != options for translation in translations):
        return 'has other options'
    return None


def incomplete(catalogue):
    """The entries of a merged catalogue that cannot be used, and why."""
    problems, entries = [], 0
    joined = catalogue.read_text(encoding='utf-8').replace('"\n"', '')
    for block in joined.split('\n\n'):
        match = ENTRY.search(block)
        if match and match[1]:
            entries += 1
            why = problem_of(block, match[1], TEXT.findall(match[2]))
            problems += [f'“{match[1]}” {why}'] if why else []
    return problems if entries else [f'{catalogue.name}: no entry was found']


def check_language(tap, language, template, folder):
    """Two test points: the catalogue is valid, and nothing is missing from it."""
    merged = folder / f'{language}.po'
    problems = complaints('msgmerge', '--quiet', '--no-fuzzy-matching', f'--output-file={merged}',
                          PO / f'{language}.po', template)
    problems = problems or complaints('msgfmt', '--check', '--output-file=/dev/null', merged)
    tap.point(f'{language} is accepted by msgfmt', problems)
    tap.point(f'{language} has all words',
              incomplete(merged) if merged.is_file() else [f'po/{language}.po was not merged'])


def main():
    """The catalogues against LINGUAS, then each of them against the words of today."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        skip_all(f'not installed: {", ".join(missing)}')
    tap = Tap()
    listed = (PO / 'LINGUAS').read_text(encoding='utf-8').split()
    present = [path.stem for path in PO.glob('*.po')]
    tap.point('the languages are the catalogues',
              [f'po/{name}.po or its line in po/LINGUAS is missing'
               for name in sorted(set(listed) ^ set(present))])
    with tempfile.TemporaryDirectory() as name:
        template = Path(name) / 'seamline.pot'
        tap.point('the words of today can be found', extract(template))
        for language in listed:
            check_language(tap, language, template, Path(name))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
