#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs fuzz targets, two at a time, each for so many seconds, and sums up.

Usage: run.py BUILD-DIR SECONDS [TARGET…]. One line per target tells how many inputs it has seen;
the last line is "N passed, N failed". What broke a target is kept in BUILD-DIR/findings, what it
has learned in BUILD-DIR/corpus, and what it printed in BUILD-DIR/logs.
"""

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
AT_ONCE = 2
MAX_BYTES = 16384
MEMORY_MIB = 2048
LOG_BYTES = 1 << 18

# Production ends the helper after 3 s of silence; sanitized code is slower.
HANG_SECONDS = 5

# Time for a target that has been told to stop, before it is ended.
GRACE_SECONDS = 60

EXECUTIONS = re.compile(r'^stat::number_of_executed_units:\s*(\d+)', re.MULTILINE)
SUMMARY = re.compile(r'^SUMMARY: (.*)$', re.MULTILINE)
ASSERTION = re.compile(r'^.*(?:ERROR:.*|runtime error: .*)$', re.MULTILINE)
SECONDS_FORMAT = re.compile(r'[1-9][0-9]{0,5}')

# The codecs are what the helper process is there for: when they go round in circles it is killed.
HANG = 'ERROR: libFuzzer: timeout'
CODECS = re.compile(r'^ *#\d+ .*lib(?:sndfile|FLAC|vorbis|opus|mpg123)', re.MULTILINE)


@dataclasses.dataclass
class Outcome:
    """What the runs of one target have come to."""
    target: str
    executions: int = 0
    codec_hangs: int = 0
    problem: str = ''

    def line(self):
        """The line of this target in the summary."""
        hangs = f', {self.codec_hangs} hangs inside a codec' if self.codec_hangs else ''
        verdict = f'FAILED: {self.problem}' if self.problem else 'ok'
        return f'{self.target}: {self.executions} executions{hangs}, {verdict}'


def environment(scratch):
    """The variables of a target: strict sanitizers, files in a folder of its own."""
    leaks = HERE / 'leaks.supp'
    return {**os.environ, 'TMPDIR': scratch, 'LC_ALL': 'C.UTF-8', 'G_SLICE': 'always-malloc',
            'ASAN_OPTIONS': 'detect_leaks=1:strict_string_checks=1:allocator_may_return_null=1',
            'LSAN_OPTIONS': f'suppressions={leaks}:print_suppressions=0',
            'UBSAN_OPTIONS': 'print_stacktrace=1'}


def make_folders(build, targets):
    """Makes what targets write into; findings of another time are gone."""
    shutil.rmtree(build / 'findings', ignore_errors=True)
    for folder in ['findings', 'logs', *(f'corpus/{target}' for target in targets)]:
        (build / folder).mkdir(parents=True, exist_ok=True)


def command(build, target, seconds):
    """How a target is called: it learns in its corpus and starts from the seeds."""
    dictionary = HERE / 'dictionaries' / f'{target}.dict'
    return [build / 'tests' / 'fuzz' / f'fuzz-{target}', f'-max_total_time={seconds}',
            f'-timeout={HANG_SECONDS}', f'-rss_limit_mb={MEMORY_MIB}', f'-max_len={MAX_BYTES}',
            f"-artifact_prefix={build / 'findings' / target}-", '-print_final_stats=1',
            *(['-seed=1'] if 'CI' in os.environ else []),   # the same paths for the same change
            *([f'-dict={dictionary}'] if dictionary.is_file() else []),
            build / 'corpus' / target, HERE / 'seeds' / target]


def read_end(log):
    """The last of what was printed, where reports are: a decoder may chat without end."""
    with log.open('rb') as text:
        text.seek(max(0, log.stat().st_size - LOG_BYTES))
        return text.read().decode('utf-8', errors='replace')


def run_once(build, target, seconds, scratch):
    """Runs a target until its time is over or something breaks: exit code, what it printed."""
    log = build / 'logs' / f'{target}.log'
    with log.open('wb') as output:
        try:
            code = subprocess.run(command(build, target, seconds), env=environment(scratch),
                                  stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=subprocess.STDOUT, check=False,
                                  timeout=seconds + GRACE_SECONDS).returncode
        except subprocess.TimeoutExpired:
            code = 'did not stop'
    return code, read_end(log)


def describe(code, text):
    """In one line, what broke."""
    found = SUMMARY.findall(text) + ASSERTION.findall(text)
    return found[0] if found else f'exit code {code}'


def fuzz(build, target, seconds):
    """Runs a target for its time, going on after a hang that is not ours."""
    outcome = Outcome(target)
    end = time.monotonic() + seconds
    shared = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='seamline-fuzz-', dir=shared) as scratch:
        while (left := round(end - time.monotonic())) > 0 and not outcome.problem:
            code, text = run_once(build, target, left, scratch)
            outcome.executions += sum(map(int, EXECUTIONS.findall(text)))
            if code != 0 and HANG in text and CODECS.search(text):
                outcome.codec_hangs += 1
            elif code != 0:
                outcome.problem = describe(code, text)
    if not outcome.executions and not outcome.problem:
        outcome.problem = 'nothing was executed'
    return outcome


def all_targets():
    """Every target, by its file."""
    return sorted(path.stem.removeprefix('fuzz_') for path in HERE.glob('fuzz_*.c'))


def parse_arguments(arguments):
    """Build folder, seconds, targets; or ends with the usage."""
    known = all_targets()
    if len(arguments) < 2 or not SECONDS_FORMAT.fullmatch(arguments[1]):
        sys.exit(__doc__)
    unknown = [name for name in arguments[2:] if name not in known]
    if unknown:
        sys.exit(f"There is no target {unknown[0]}; there are {', '.join(known)}.")
    return Path(arguments[0]).resolve(), int(arguments[1]), arguments[2:] or known


def main():
    """Runs what was asked for and counts."""
    build, seconds, targets = parse_arguments(sys.argv[1:])
    make_folders(build, targets)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda target: fuzz(build, target, seconds), targets))
    for outcome in outcomes:
        print(outcome.line())
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    if failed:
        print(f"What broke them is in {build / 'findings'}, what they printed in {build / 'logs'}.")
    print(f'{len(outcomes) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
