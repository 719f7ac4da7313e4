#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the test points in a meson testlog.json and shows the output of what failed.

Usage: count_tests.py TESTLOG. The last line is "N passed, N failed", with ", N skipped" where there
are any. The exit code is 0 only when something passed and nothing failed.
"""

import json
import re
import sys

POINT = re.compile(r'^(?P<indent> *)(?P<not>not )?ok\b(?P<rest>.*)$')
DIRECTIVE = re.compile(r'#\s*(?P<word>SKIP|TODO)\b', re.IGNORECASE)
GOOD_RESULTS = ('OK', 'SKIP', 'EXPECTEDFAIL')


def verdict(match):
    """What one test point says: 'passed', 'failed' or 'skipped'."""
    directive = DIRECTIVE.search(match['rest'])
    if directive and directive['word'].upper() == 'SKIP':
        return 'skipped'
    if match['not'] and not directive:
        return 'failed'
    return 'passed'


def count_points(text):
    """Counts the points of a TAP stream; a point that closes a subtest is not counted again."""
    counts = {'passed': 0, 'failed': 0, 'skipped': 0}
    open_depth = -1
    for line in text.splitlines():
        match = POINT.match(line)
        if not match:
            continue
        depth = len(match['indent'])
        closes_subtest = depth < open_depth
        open_depth = depth
        if not closes_subtest:
            counts[verdict(match)] += 1
    return counts


def count_program(entry):
    """Counts one test program; one that ended badly without saying so is one failure more."""
    counts = count_points(entry.get('stdout') or '')
    if entry['result'] not in GOOD_RESULTS and counts['failed'] == 0:
        counts['failed'] = 1
    if not any(counts.values()):
        counts['skipped' if entry['result'] == 'SKIP' else 'failed'] = 1
    return counts


def show(entry):
    """Prints what a failed program has printed."""
    print(f"== {entry['name']}: {entry['result']} (exit code {entry.get('returncode')})")
    for stream in ('stdout', 'stderr'):
        if entry.get(stream):
            print(entry[stream].rstrip())


def read_log(path):
    """The entries of a test log, or none when there is no log."""
    try:
        with open(path, encoding='utf-8', errors='replace') as log:
            return [json.loads(line) for line in log if line.strip()]
    except OSError as error:
        print(f'No test has run: {error}')
        return []


def main():
    """Counts, shows, sums up."""
    total = {'passed': 0, 'failed': 0, 'skipped': 0}
    entries = read_log(sys.argv[1])
    for entry in entries:
        counts = count_program(entry)
        if counts['failed']:
            show(entry)
        for key, value in counts.items():
            total[key] += value
    if not entries:
        total['failed'] = 1
    skipped = f", {total['skipped']} skipped" if total['skipped'] else ''
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 0 if total['passed'] and not total['failed'] else 1


if __name__ == '__main__':
    sys.exit(main())
