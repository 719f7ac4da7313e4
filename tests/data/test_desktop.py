#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop entry is valid, and names the program, the icon and the type that are installed.

Usage: test_desktop.py DESKTOP-FILE
"""

import configparser
import sys

from support import ID, Tap, complaints, need, run

WANTED = {
    'Exec': 'seamline %U',
    'Icon': ID,
    'MimeType': 'application/x-seamline-project;',
    'StartupNotify': 'true',
}


def main(path):
    """One point for the validator, one for what other files rely on."""
    need('desktop-file-validate')
    tap = Tap()
    tap.point('desktop-file-validate has nothing to say',
              complaints(run('desktop-file-validate', path)))
    parser = configparser.RawConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, encoding='utf-8')
    entry = parser['Desktop Entry']
    tap.point('the entry names what is installed',
              [f'{key} is {entry.get(key)!r}, not {value!r}' for key, value in WANTED.items()
               if entry.get(key) != value])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
