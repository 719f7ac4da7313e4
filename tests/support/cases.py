# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs functions as the points of a TAP stream."""
import sys
import time
import traceback


class Skip(Exception):
    """Raised by a case that cannot be tried here; says why."""


def skip_all(reason):
    """Skips the whole program."""
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def run_cases(cases, *arguments):
    """Calls each of @cases with @arguments; the exit code."""
    print(f'1..{len(cases)}', flush=True)
    failures = 0
    for number, case in enumerate(cases, 1):
        name = case.__name__.removeprefix('test_').replace('_', ' ')
        began = time.monotonic()
        try:
            case(*arguments)
            print(f'ok {number} {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} {name} # SKIP {reason}', flush=True)
        except Exception:
            failures += 1
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
            print(f'not ok {number} {name}', flush=True)
        print(f'# {time.monotonic() - began:.1f} s', flush=True)
    return 1 if failures else 0
