#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file with words for people is in po/POTFILES.in, once, and every file there exists."""

import re
import sys

from sources import ROOT, SRC, c_files, without_comments
from tap import Tap

MARKED = re.compile(r'(?<![A-Za-z0-9_])(N_|C_|Q_|_|ngettext)\s*\(\s*"')


def listed_files():
    """The lines of POTFILES.in that name a file."""
    lines = (ROOT / 'po' / 'POTFILES.in').read_text(encoding='utf-8').splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def marked_files():
    """The C and .ui files in which words are marked for translation."""
    return [path.relative_to(ROOT).as_posix() for path in c_files(SRC)
            if MARKED.search(without_comments(path.read_text(encoding='utf-8')))] + [
                path.relative_to(ROOT).as_posix() for path in sorted((ROOT / 'ui').glob('*.ui'))
                if 'translatable="yes"' in path.read_text(encoding='utf-8')]


def main():
    """One test point for what is missing, one for what is too much."""
    listed = listed_files()
    tap = Tap()
    tap.point('every file with words is listed',
              [f'{name} is not in po/POTFILES.in' for name in marked_files() if name not in listed])
    tap.point('every listed file exists, once',
              [f'{name}: gone or repeated' for name in sorted(set(listed))
               if listed.count(name) > 1 or not (ROOT / name).is_file()])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
