#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every manual page is set without a warning."""

import sys

from support import DATA, Tap, need, run


def warnings(page):
    """What the formatter says beside the page."""
    result = run('sh', '-c', 'man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null',
                 'man', page, MANWIDTH='80')
    return result.stdout.splitlines() + ([f'exit code {result.returncode}']
                                         if result.returncode else [])


def main():
    """One point for each page."""
    need('man')
    tap = Tap()
    for page in sorted(DATA.glob('*.1')):
        tap.point(page.name, warnings(page))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
