#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near extensions come to how the music would have gone on, where that is known.

Usage: truth.py BUILD-DIR [LOOP…]

Each real loop (44.1 kHz, of the package sonic-pi-samples unless files are named) is repeated ten
times, cut at 6.37 and at 6.81 repeats, and extended by "align --strategy auto". A figure is the
normalised correlation of the extension with the truth, all channels together: 1.0 is what nobody can
tell. "played": every repeat ±3 % louder or softer, up to 2 ms early or late, with noise 40 dB below
the music; there each quarter of a loop is compared at its best lag within ±5 ms. "naive" repeats
the file from its start. Exit code 1 when a goal is missed: mean 0.99 and worst 0.95 with the tempo,
mean 0.95 without, mean 0.90 played.
"""
import glob
import os
import subprocess
import sys
import tempfile

import numpy
import soundfile

LOOPS = '/usr/share/sonic-pi/samples/loop_*.flac'
REPEATS = 10
CUTS = 6.37, 6.81
LEVEL, NOISE_DB, JITTER_S = 0.03, -40.0, 0.002
BEST_LAG_S = 0.005
SLOWEST_BPM = 70.0
COLUMNS = 'naive', 'tempo', 'no tempo', 'played'


def tempo(seconds):
    """The BPM of a loop of whole bars of four: the slowest of 70 BPM or more."""
    beats = 4
    while beats * 60.0 / seconds < SLOWEST_BPM:
        beats *= 2
    return beats * 60.0 / seconds


def repeat(loop):
    return numpy.tile(loop, (REPEATS, 1))


def play(loop, rate, seed):
    """@loop as somebody plays it again and again."""
    chance = numpy.random.default_rng(seed)
    moved = chance.uniform(-JITTER_S, JITTER_S, REPEATS + 1) * rate
    moved[[0, -1]] = 0.0
    starts = numpy.rint(numpy.arange(REPEATS + 1) * len(loop) + moved).astype(int)
    pieces = [loop[numpy.arange(end - start) % len(loop)] * (1 + chance.uniform(-LEVEL, LEVEL))
              for start, end in zip(starts, starts[1:])]
    level = numpy.sqrt(numpy.mean(loop ** 2)) * 10 ** (NOISE_DB / 20)
    noise = chance.standard_normal((REPEATS * len(loop), loop.shape[1]))
    return numpy.concatenate(pieces) + level * noise


def correlate(a, b):
    norm = numpy.linalg.norm(a) * numpy.linalg.norm(b)
    return float(numpy.vdot(a, b) / norm) if norm > 0 else 1.0


def correlate_nearby(piece, truth, first, reach):
    """The best correlation of @piece with @truth within @reach frames of @first."""
    starts = range(max(0, first - reach), min(len(truth) - len(piece), first + reach) + 1)
    return max(correlate(piece, truth[start:start + len(piece)]) for start in starts)


def by_quarters(extension, truth, first, loop_length, rate):
    """The mean over quarters of a loop, each at its best lag."""
    quarter, reach = loop_length // 4, round(BEST_LAG_S * rate)
    return float(numpy.mean([correlate_nearby(extension[at:at + quarter], truth, first + at, reach)
                             for at in range(0, len(extension) - quarter + 1, quarter)]))


def extend(program, samples, frames, rate, options):
    """What align makes of @samples."""
    with tempfile.TemporaryDirectory() as folder:
        source, result = os.path.join(folder, 'stem.wav'), os.path.join(folder, 'aligned.wav')
        soundfile.write(source, samples, rate, subtype='FLOAT')
        subprocess.run([program, 'align', source, result, '--frames', str(frames), '--strategy',
                        'auto', *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False)
        return soundfile.read(result, always_2d=True)[0]


def measure(program, loop, rate, part, seed):
    """The figures of one loop and one cut."""
    bpm = ['--bpm', f'{tempo(len(loop) / rate):.3f}']
    truth, played = repeat(loop), play(loop, rate, seed)
    cut, frames = round(part * len(loop)), len(truth)
    plain, free, heard = (extend(program, samples[:cut], frames, rate, options)[cut:] for
                          samples, options in ((truth, bpm), (truth, []), (played, bpm)))
    naive = truth[:cut][numpy.arange(frames - cut) % cut]
    return (correlate(naive, truth[cut:]), correlate(plain, truth[cut:]),
            correlate(free, truth[cut:]), by_quarters(heard, played, cut, len(loop), rate))


def judge(table):
    """Whether every goal is reached."""
    means, worst = numpy.mean(table, axis=0), numpy.min(table, axis=0)
    goals = {'mean, tempo': (means[1], 0.99), 'worst, tempo': (worst[1], 0.95),
             'mean, no tempo': (means[2], 0.95), 'mean, played': (means[3], 0.90)}
    for name, (figure, goal) in goals.items():
        print(f'{name}: {figure:.4f}, goal {goal:.2f}, {"ok" if figure >= goal else "MISSED"}')
    return all(figure >= goal for figure, goal in goals.values())


def main():
    program = os.path.join(sys.argv[1], 'src/cli/seamline-cli')
    table = []
    print(f'{"loop":24}{"cut":>6}' + ''.join(f'{name:>10}' for name in COLUMNS))
    for path in sys.argv[2:] or sorted(glob.glob(LOOPS)):
        loop, rate = soundfile.read(path, always_2d=True)
        for part in CUTS:
            row = measure(program, loop, rate, part, len(table))
            table.append(row)
            print(f'{os.path.basename(path):24}{part:6.2f}'
                  + ''.join(f'{figure:10.4f}' for figure in row), flush=True)
    if not table:
        sys.exit('There are no loops: install sonic-pi-samples.')
    for name, figures in (('mean', numpy.mean(table, axis=0)), ('worst', numpy.min(table, axis=0))):
        print(f'{name:30}' + ''.join(f'{figure:10.4f}' for figure in figures))
    return 0 if judge(table) else 1


if __name__ == '__main__':
    sys.exit(main())
