# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs functions as the points of a TAP stream."""
import atexit
import shutil
import sys
import tempfile
import time
import traceback


class Skip(Exception):
    """Raised by a case that cannot be tried here; says why."""


def skip_all(reason):
    """Skips the whole program."""
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def cases_of(names):
    """The functions test_… among the globals @names of a program, as they stand there."""
    return [case for name, case in names.items() if name.startswith('test_')]


def lasting_folder():
    """A new folder for several cases, which goes when the program ends."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


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
