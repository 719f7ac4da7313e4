#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the audio callback calls nothing that could wait: its undefined symbols.

Usage: test_rt_symbols.py LIBRARY…
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'ground'))

from tap import Tap, skip_all  # noqa: E402

# Copying memory; what compilers add for sanitizers, stack protection and position independence.
ALLOWED = re.compile(r'memcpy|memset|memmove|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail'
                     r'|__(asan|ubsan|tsan)_\w+')


def undefined_symbols(library):
    """What the objects of a library need from elsewhere, and how many functions they offer."""
    lines = subprocess.run(['nm', library], stdout=subprocess.PIPE, text=True,
                           check=True).stdout.splitlines()
    fields = [line.split() for line in lines]
    needed = [words[1] for words in fields if len(words) == 2 and words[0] == 'U']
    offered = [words[2] for words in fields if len(words) == 3 and words[1] == 'T']
    return needed, offered


def main():
    """One test point a library."""
    if shutil.which('nm') is None:
        skip_all('binutils is not installed')
    tap = Tap()
    for library in sys.argv[1:]:
        needed, offered = undefined_symbols(library)
        problems = [f'calls {name}' for name in needed if not ALLOWED.fullmatch(name)]
        tap.point(Path(library).name, problems if offered else ['offers no function at all'])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
