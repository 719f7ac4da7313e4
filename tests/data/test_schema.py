#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings schema compiles strictly, and the build tree has it for programs that run there.

Usage: test_schema.py COMPILED-SCHEMAS
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from support import DATA, ID, ROOT, Tap, complaints, need, run

CALL = re.compile(r'g_settings_(?:get|set)_(\w+)\s*\([^";]*?,\s*"([a-z-]+)"')
TYPES = {'boolean': 'b', 'double': 'd', 'int': 'i', 'string': 's', 'strv': 'as'}


def undescribed(path):
    """The keys without a summary."""
    return [key.get('name') for key in ElementTree.parse(path).iter('key')
            if not key.findtext('summary')]


def differences_from_window(path):
    """The keys that the schema and the calls of the window do not have in common, with types."""
    schema = {(key.get('name'), key.get('type')) for key in ElementTree.parse(path).iter('key')}
    calls = {(key, TYPES.get(kind, kind))
             for file in (ROOT / 'src' / 'app').glob('*.c')
             for kind, key in CALL.findall(file.read_text(encoding='utf-8'))}
    return sorted(f'{name} ({kind})' for name, kind in schema ^ calls)


def unknown_keys(folder):
    """What of the schema GSettings does not find in the folder, with the defaults of the window."""
    wanted = {'window-width': '1200', 'window-height': '760', 'recent-projects': '@as []'}
    faults = []
    for key, value in wanted.items():
        found = run('gsettings', 'get', ID, key, GSETTINGS_SCHEMA_DIR=str(folder),
                    GSETTINGS_BACKEND='memory').stdout.strip()
        if found != value:
            faults.append(f'{key}: {found!r}, not {value!r}')
    return faults


def main(compiled):
    """One point each for the compiler, the summaries, the window, and the build tree."""
    need('glib-compile-schemas', 'gsettings')
    tap = Tap()
    tap.point('glib-compile-schemas --strict has nothing to say',
              complaints(run('glib-compile-schemas', '--strict', '--dry-run', DATA)))
    tap.point('every key says what it is for', undescribed(DATA / f'{ID}.gschema.xml'))
    tap.point('the window uses these keys and no others',
              differences_from_window(DATA / f'{ID}.gschema.xml'))
    tap.point('the build tree has it', unknown_keys(Path(compiled).parent))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
