#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone, with the flags of no more libraries than its room may see.

Usage: test_headers.py COMPILER…
"""

import functools
import subprocess
import sys

from sources import SRC, check_by_folder
from tap import Tap

PACKAGES = {
    'engine': ['glib-2.0'],
    'probe': ['glib-2.0'],
    'workflow': ['glib-2.0', 'gio-unix-2.0', 'json-glib-1.0'],
    'preview': ['glib-2.0'],
    'cli': ['glib-2.0', 'gio-unix-2.0', 'json-glib-1.0'],
    'app': ['gtk4', 'libadwaita-1', 'json-glib-1.0'],
}


@functools.cache
def package_flags(room):
    """Compiler flags of the packages of a room."""
    command = ['pkg-config', '--cflags'] + PACKAGES[room]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def compile_alone(compiler, path):
    """What the compiler says about a file that only includes this header, twice."""
    name = path.relative_to(SRC).as_posix()
    include = f'#include "{name}"\n'
    flags = package_flags(name.split('/', maxsplit=1)[0])
    command = compiler + ['-std=gnu17', '-fsyntax-only', '-Wall', '-Wextra', '-Wno-unused-function',
                          '-Wno-unused-parameter', '-Wstrict-prototypes', '-Werror',
                          f'-I{SRC}', *flags, '-x', 'c', '-']
    done = subprocess.run(command, input=include * 2, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    problems = done.stdout.splitlines()
    return problems if done.returncode == 0 or problems else [f'exit code {done.returncode}']


def main():
    """One test point per folder under src/."""
    tap = Tap()
    headers = sorted(SRC.rglob('*.h'))
    check_by_folder(tap, headers, SRC, lambda path: compile_alone(sys.argv[1:], path))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
