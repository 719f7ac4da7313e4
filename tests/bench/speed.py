#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed of the eight steps against the same workflow in plain numpy and scipy, in one run.

Usage: speed.py BUILD-DIR [PEER-SCRIPT] [ROUNDS]

137 s at 48 kHz, four stems of 100 s low-passed at 8,000 Hz, pattern drums. The peer is a script that
is called as PEER OUTDIR 137 120 with STEM_SECONDS=100 and prints "STEP SECONDS s" lines; without one
only our own table is printed. The archive is left out on both sides. Prints medians; asserts nothing.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import numpy
import soundfile

SECONDS, STEM_SECONDS, BPM, RATE = 137, 100, 120, 48000
STRATEGIES = {'bass': 'loop', 'guitars': 'auto', 'synths': 'auto', 'bridge': 'crossfade'}


def make_project(build, folder):
    cli = os.path.join(build, 'src/cli/seamline-cli')
    reference = os.path.join(folder, 'reference.wav')
    noise = numpy.random.default_rng(1).standard_normal(SECONDS * RATE) * 0.1
    soundfile.write(reference, noise.astype('f4'), RATE, subtype='FLOAT')
    song = os.path.join(folder, 'song')
    calls = [['init', song, '--reference', reference, '--bpm', str(BPM), '--subtype', 'float']]
    for name, strategy in STRATEGIES.items():
        calls.append(['add', song, f'{name}=tone', '--seconds', str(STEM_SECONDS),
                      '--strategy', strategy, '--lowpass', '8000'])
    for call in calls:
        subprocess.run([cli, '--quiet', *call], check=True)
    return song


def parse(text):
    """'name 1.234' and 'name 1.234 s' lines as a dict."""
    table = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) in (2, 3):
            try:
                table[words[0]] = float(words[1])
            except ValueError:
                pass
    return table


def run_ours(build, scratch):
    folder = tempfile.mkdtemp(dir=scratch)
    song = make_project(build, folder)
    bench = os.path.join(build, 'tests/bench/bench-workflow')
    result = subprocess.run([bench, song, '2'], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f'our run was not green:\n{result.stdout}{result.stderr}')
    shutil.rmtree(folder)
    return parse(result.stdout)


def run_peer(peer, scratch):
    folder = tempfile.mkdtemp(dir=scratch)
    env = dict(os.environ, STEM_SECONDS=str(STEM_SECONDS))
    result = subprocess.run([sys.executable, peer, folder, str(SECONDS), str(BPM)], env=env,
                            capture_output=True, text=True, check=True)
    shutil.rmtree(folder)
    table = parse(result.stdout)
    table['total'] = sum(v for k, v in table.items() if k not in ('archive', 'total'))
    peak = result.stdout.split('peak RSS ')[1].split(' ')[0]
    table['peak-mib'] = float(peak)
    return table


def median_table(tables):
    return {key: statistics.median(table.get(key, 0.0) for table in tables) for key in tables[0]}


def main():
    build = os.path.abspath(sys.argv[1])
    peer = sys.argv[2] if len(sys.argv) > 2 else None
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    os.environ.setdefault('SEAMLINE_PROBE', os.path.join(build, 'src/probe/seamline-probe'))
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(rounds):
            ours.append(run_ours(build, scratch))
            if peer and os.path.exists(peer):
                theirs.append(run_peer(peer, scratch))
    for table in ours:
        table['without-archive'] = table['total'] - table['archive']
        # Each byte is digested when written and when read back, on two threads; the final verification
        # reads about half of them once more, on one.
        table['without-digests'] = table['without-archive'] - 1.5 * table['one-digest']
    table = median_table(ours)
    peer_table = median_table(theirs) if theirs else {}
    print(f'{"":18s}{"ours":>10s}{"peer":>10s}   (median of {rounds}, s)')
    for key, value in table.items():
        other = peer_table.get(key)
        print(f'{key:18s}{value:10.3f}{other:10.3f}' if other is not None
              else f'{key:18s}{value:10.3f}')
    if theirs:
        pairs = [b['total'] / a['without-archive'] for a, b in zip(ours, theirs)]
        print(f'peer / ours without archive: median {statistics.median(pairs):.2f} '
              f'({min(pairs):.2f} to {max(pairs):.2f})')
        pairs = [b['total'] / a['without-digests'] for a, b in zip(ours, theirs)]
        print(f'without digests, at most:    median {statistics.median(pairs):.2f}')


main()
