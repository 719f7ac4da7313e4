#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every C file is formatted as .clang-format says. Skipped without clang-format 14, whose taste the
files follow: other versions differ in details."""

import collections
import re
import shutil
import subprocess
import sys

from sources import ROOT, SRC, c_files, check_by_folder
from tap import Tap, skip_all

MAJOR = 14


def major_version(program):
    """Major version of a clang-format program, or None."""
    if shutil.which(program) is None:
        return None
    shown = subprocess.run([program, '--version'], stdout=subprocess.PIPE, text=True, check=True)
    found = re.search(r'version (\d+)', shown.stdout)
    return int(found.group(1)) if found else None


def find_formatter():
    """The program to use, or a skip that says what was found."""
    versions = {name: major_version(name) for name in (f'clang-format-{MAJOR}', 'clang-format')}
    for name, major in versions.items():
        if major == MAJOR:
            return name
    found = ', '.join(f'version {major}' for major in versions.values() if major) or 'none'
    return skip_all(f'needs clang-format {MAJOR}, found {found}')


def count_differences(formatter, files):
    """How many places clang-format would change in each file, asked at once for all of them."""
    done = subprocess.run([formatter, '--dry-run', '-Werror', '--style=file', *map(str, files)],
                          stderr=subprocess.PIPE, text=True, check=False)
    places = [line.split(':')[0] for line in done.stderr.splitlines() if ' error: ' in line]
    if done.returncode != 0 and not places:
        sys.exit(f'Bail out! {done.stderr}')
    return collections.Counter(places)


def main():
    """One test point per folder."""
    formatter = find_formatter()
    files = c_files(SRC, ROOT / 'tests')
    differences = count_differences(formatter, files)
    tap = Tap()
    check_by_folder(tap, files, ROOT, lambda path: (
        [f'{differences[str(path)]} differences: run clang-format -i on it']
        if differences[str(path)] else []))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
