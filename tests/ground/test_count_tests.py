#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counting behind build-aux/test: nothing that went wrong may be counted as passed."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from sources import ROOT
from tap import Tap

COUNTER = ROOT / 'build-aux' / 'count_tests.py'

# Name, (result, stdout) of each program, expected last line, expected exit code.
CASES = [
    ('all pass', [('OK', 'ok 1 /a\nok 2 /b\n1..2\n')], '2 passed, 0 failed', 0),
    ('points of two programs', [('OK', 'ok 1\n1..1\n'), ('OK', 'ok 1\n1..1\n')],
     '2 passed, 0 failed', 0),
    ('a failed point', [('FAIL', 'ok 1 /a\nnot ok 2 /b\n1..2\n')], '1 passed, 1 failed', 1),
    ('a skipped point', [('OK', 'ok 1 /a\nok 2 /b # SKIP no samples\n1..2\n')],
     '1 passed, 0 failed, 1 skipped', 0),
    ('a skipped program', [('OK', 'ok 1\n1..1\n'), ('SKIP', '1..0 # SKIP no tool\n')],
     '1 passed, 0 failed, 1 skipped', 0),
    ('an expected failure', [('OK', 'ok 1\nnot ok 2 # TODO later\n1..2\n')],
     '2 passed, 0 failed', 0),
    ('a crash after passing points', [('ERROR', 'ok 1 /a\nok 2 /b\n')], '2 passed, 1 failed', 1),
    ('a crash on a failed point', [('ERROR', 'ok 1 /a\nnot ok 2 /b\nBail out!\n')],
     '1 passed, 1 failed', 1),
    ('a time-out without output', [('TIMEOUT', '')], '0 passed, 1 failed', 1),
    ('a program that says nothing', [('OK', 'fine\n')], '0 passed, 1 failed', 1),
    ('a point of a subtest counts once', [('OK', '    ok 1 a\n    ok 2 b\n    1..2\nok 1 s\n1..1\n')],
     '2 passed, 0 failed', 0),
    ('only skipped', [('SKIP', '1..0 # SKIP no tool\n')], '0 passed, 0 failed, 1 skipped', 1),
    ('no program at all', [], '0 passed, 1 failed', 1),
]


def run_counter(path):
    """Last line and exit code of the counter."""
    done = subprocess.run([sys.executable, str(COUNTER), str(path)], stdout=subprocess.PIPE,
                          text=True, check=False)
    return done.stdout.splitlines()[-1], done.returncode


def case_problems(folder, programs, line, code):
    """How the counter differs from what is expected for these programs."""
    log = folder / 'testlog.json'
    entries = [{'name': 'n', 'result': result, 'stdout': out} for result, out in programs]
    log.write_text(''.join(json.dumps(entry) + '\n' for entry in entries), encoding='utf-8')
    found = run_counter(log)
    return [] if found == (line, code) else [f'expected {(line, code)}, found {found}']


def main():
    """One test point per case."""
    tap = Tap()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, programs, line, code in CASES:
            tap.point(title, case_problems(folder, programs, line, code))
        missing = run_counter(folder / 'missing.json')
        tap.point('no log', [] if missing == ('0 passed, 1 failed', 1) else [str(missing)])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
