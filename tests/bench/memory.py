#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak anonymous memory of `run --jobs 2` on five stereo stems of an hour, against five of a minute.

Usage: memory.py BUILD-DIR [MINUTES]

Needs about 30 GB of disk for an hour. Prints the peak of RssAnon over the process and its helpers,
sampled every 5 ms; asserts nothing.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

import numpy
import soundfile

RATE = 48000


def write_stem(path, seconds, seed):
    """Music-like: a phrase of 4 s that repeats, with noise below it."""
    rng = numpy.random.default_rng(seed)
    t = numpy.arange(4 * RATE) / RATE
    phrase = sum(numpy.sin(2 * numpy.pi * f * t) * numpy.exp(-3 * (t % 0.5))
                 for f in rng.uniform(80, 2000, 5)) * 0.1
    with soundfile.SoundFile(path, 'w', RATE, 2, 'PCM_24') as out:
        left = int(seconds * RATE)
        while left > 0:
            n = min(left, len(phrase))
            noise = rng.standard_normal((n, 2)) * 0.001
            out.write(phrase[:n, None] + noise)
            left -= n


def anonymous_kib(pid):
    total = 0
    pids = [pid]
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as children:
            pids += children.read().split()
        for one in pids:
            with open(f'/proc/{one}/status') as status:
                total += sum(int(line.split()[1]) for line in status if line.startswith('RssAnon'))
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def peak_of_run(build, folder, minutes):
    cli = os.path.join(build, 'src/cli/seamline-cli')
    song = os.path.join(folder, 'song')
    reference = os.path.join(folder, 'reference.wav')
    write_stem(reference, minutes * 60, 0)
    subprocess.run([cli, '--quiet', 'init', song, '--reference', reference, '--bpm', '120'],
                   check=True)
    for i in range(5):
        path = os.path.join(folder, f'stem{i}.wav')
        write_stem(path, minutes * 60 * (0.8 + 0.08 * i), i + 1)
        subprocess.run([cli, '--quiet', 'add', song, f'stem{i}={path}', '--lowpass', '8000'],
                       check=True)
    start = time.monotonic()
    process = subprocess.Popen([cli, '--quiet', 'run', song, '--jobs', '2'])
    peak = 0
    while process.poll() is None:
        peak = max(peak, anonymous_kib(process.pid))
        time.sleep(0.005)
    return peak / 1024, process.returncode, time.monotonic() - start


def main():
    build = os.path.abspath(sys.argv[1])
    long_minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    os.environ.setdefault('SEAMLINE_PROBE', os.path.join(build, 'src/probe/seamline-probe'))
    for minutes in (1.0, long_minutes):
        folder = tempfile.mkdtemp()
        try:
            peak, code, seconds = peak_of_run(build, folder, minutes)
        finally:
            shutil.rmtree(folder)
        print(f'{minutes:5.0f} min: peak {peak:6.1f} MiB anonymous, exit {code}, {seconds:.1f} s')


main()
