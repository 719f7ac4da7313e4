#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone, with the flags of no more libraries than its room may see.

Usage: test_headers.py COMPILER…
"""

import subprocess
import sys

from sources import SRC
from tap import Tap

PACKAGES = {
    'engine': ['glib-2.0'],
    'probe': ['glib-2.0'],
    'workflow': ['glib-2.0', 'gio-unix-2.0', 'json-glib-1.0'],
    'preview': ['glib-2.0'],
    'cli': ['glib-2.0', 'gio-unix-2.0', 'json-glib-1.0'],
    'app': ['gtk4', 'libadwaita-1'],
}


def package_flags(room):
    """Compiler flags of the packages of a room."""
    command = ['pkg-config', '--cflags'] + PACKAGES[room]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def compile_alone(compiler, flags, name):
    """What the compiler says about a file that only includes this header, twice."""
    include = f'#include "{name}"\n'
    command = compiler + ['-std=gnu17', '-fsyntax-only', '-Wall', '-Wextra', '-Wno-unused-function',
                          '-Wno-unused-parameter', '-Wstrict-prototypes', '-Werror',
                          f'-I{SRC}', *flags, '-x', 'c', '-']
    done = subprocess.run(command, input=include * 2, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    problems = done.stdout.splitlines()
    return problems if done.returncode == 0 or problems else [f'exit code {done.returncode}']


def main():
    """One test point per header."""
    compiler = sys.argv[1:]
    tap = Tap()
    flags = {}
    for path in sorted(SRC.rglob('*.h')):
        name = path.relative_to(SRC).as_posix()
        room = name.split('/')[0]
        if room not in flags:
            flags[room] = package_flags(room)
        tap.point(name, compile_alone(compiler, flags[room], name))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
