#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stem of an hour, extended by ten minutes: time, against sox, and memory.

Usage: hour.py BUILD-DIR [MINUTES [ROUNDS]]

The stem is stereo, 48 kHz, 24 bits: a phrase of 4 s that comes again and again, with noise below it.
"align --strategy auto" finds the loop, writes the extension, reads it back and judges its seams; sox
reads the same file, resamples it to 44.1 kHz and writes it. They take turns, 3 rounds, and the medians
count. Needs 4 GB below the temporary folder (TMPDIR). Exit code 1 when align takes longer than sox,
or more than 96 MiB at its peak (resident, the larger of the program and its helpers).
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import soundfile

RATE, OTHER_RATE = 48000, 44100
PHRASE_S, GROWN = 4, 7.0 / 6.0
MOST_MIB = 96.0


def write_stem(path, seconds):
    chance = numpy.random.default_rng(1)
    t = numpy.arange(PHRASE_S * RATE) / RATE
    phrase = sum(numpy.sin(2 * numpy.pi * f * t) * numpy.exp(-3 * (t % 0.5))
                 for f in chance.uniform(80, 2000, 5)) * 0.1
    with soundfile.SoundFile(path, 'w', RATE, 2, 'PCM_24') as out:
        for _ in range(round(seconds / PHRASE_S)):
            out.write(phrase[:, None] + chance.standard_normal((len(phrase), 2)) * 0.001)


def run(command):
    """Seconds and MiB of @command, which must not fail; a judgement (1) is no failure."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - start
    if process.returncode not in (0, 1):
        sys.exit(f'{command[0]} failed: {process.returncode}')
    return seconds, usage.ru_maxrss / 1024


def main():
    build = os.path.abspath(sys.argv[1])
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    if shutil.which('sox') is None:
        print('Skipped: sox is not installed.')
        return 0
    os.environ.setdefault('SEAMLINE_PROBE', os.path.join(build, 'src/probe/seamline-probe'))
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        stem, result = os.path.join(folder, 'stem.wav'), os.path.join(folder, 'result.wav')
        write_stem(stem, minutes * 60)
        frames = round(minutes * 60 * RATE * GROWN)
        for _ in range(rounds):
            ours.append(run([os.path.join(build, 'src/cli/seamline-cli'), 'align', stem, result,
                             '--frames', str(frames), '--strategy', 'auto']))
            os.unlink(result)
            theirs.append(run(['sox', stem, '-r', str(OTHER_RATE), result]))
            os.unlink(result)
    mine, sox = (statistics.median(seconds for seconds, _ in runs) for runs in (ours, theirs))
    peak = max(mib for _, mib in ours)
    print(f'align {mine:.1f} s, sox {sox:.1f} s, ratio {sox / mine:.2f} (above 1 is faster than sox)')
    print(f'align peak {peak:.1f} MiB, at most {MOST_MIB:.0f}')
    return 0 if mine < sox and peak <= MOST_MIB else 1


if __name__ == '__main__':
    sys.exit(main())
