#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings schema compiles strictly, and the build tree has it for programs that run there.

Usage: test_schema.py COMPILED-SCHEMAS
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from support import DATA, ID, Tap, complaints, need, run


def undescribed(path):
    """The keys without a summary."""
    return [key.get('name') for key in ElementTree.parse(path).iter('key')
            if not key.findtext('summary')]


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
    """One point each for the compiler, the summaries, and the copy in the build tree."""
    need('glib-compile-schemas', 'gsettings')
    tap = Tap()
    tap.point('glib-compile-schemas --strict has nothing to say',
              complaints(run('glib-compile-schemas', '--strict', '--dry-run', DATA)))
    tap.point('every key says what it is for', undescribed(DATA / f'{ID}.gschema.xml'))
    tap.point('the build tree has it', unknown_keys(Path(compiled).parent))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
