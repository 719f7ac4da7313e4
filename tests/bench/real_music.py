#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How seams turn out in real music that does not repeat, where no truth is known.

Usage: real_music.py BUILD-DIR [--root FOLDER] [PIECE…]

Each piece (of the packages extremetuxracer-data and frozen-bubble-data, installed or unpacked with
"dpkg -x" below FOLDER, unless files are named) is cut at seeded random places and extended by 7, 31
and 90 s by "align --strategy auto", once without a tempo and, where the music keeps one, with it.
The tempo comes from the piece as a whole: the autocorrelation of its onsets, for beats over many
bars. Prints a line per extension and the worst of every measure. Exit code 1 when a goal is missed:
no step ratio above 1.5, 95 % of the levels within 1.5 dB, every loop whole bars where a tempo was
given: to within 10 ms, or a thousandth of its length, since a tempo of the whole piece is not exactly
that of a part.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy
import soundfile

PIECES = {'extremetuxracer-data': 'usr/share/games/etr/music/*.ogg',
          'frozen-bubble-data': 'usr/share/games/frozen-bubble/snd/*.ogg'}
SHORTEST_S = 50.0
CUTS, EXTENSIONS_S = 2, (7, 31, 90)
CUT_FROM, CUT_TO = 0.4, 0.95
STEP, LEVEL_DB, LEVEL_SHARE = 1.5, 1.5, 0.95
BARS_S, BARS_PART = 0.010, 0.001
HOP_HZ = 200.0
SLOWEST_BPM, USUAL_BPM, FASTEST_BPM = 70.0, 120.0, 180.0
BEATS_PER_BAR = 4
STEADY = 0.25


def find_pieces(root):
    """The pieces that are there; says which packages are not."""
    found = []
    for package, pattern in PIECES.items():
        there = [path for path in sorted(glob.glob(os.path.join(root, pattern)))
                 if soundfile.info(path).duration >= SHORTEST_S]
        if not there:
            print(f'absent: {package}')
        found += there
    return found


def onset_strength(samples, rate):
    """Rises of the spectrum, HOP_HZ times a second, without their mean."""
    mono, hop = samples.mean(axis=1), round(rate / HOP_HZ)
    window = 4 * hop
    frames = numpy.lib.stride_tricks.sliding_window_view(mono, window)[::hop]
    spectra = numpy.log1p(100 * numpy.abs(numpy.fft.rfft(frames * numpy.hanning(window), axis=1)))
    rises = numpy.maximum(numpy.diff(spectra, axis=0), 0).sum(axis=1)
    return rises - rises.mean(), rate / hop


def autocorrelation(rises):
    """Normalised, by lag, unbiased."""
    n = len(rises)
    power = numpy.abs(numpy.fft.rfft(rises, 2 * n)) ** 2
    curve = numpy.fft.irfft(power)[:n] / numpy.arange(n, 0, -1)
    return curve / curve[0]


def comb(curve, beat, beats):
    """The mean of @curve at whole beats."""
    at = numpy.arange(1, beats + 1) * beat
    return numpy.interp(at[at < len(curve) * 0.75], numpy.arange(len(curve)), curve).mean()


def steady_tempo(samples, rate):
    """The BPM when beats repeat through the whole piece, else None."""
    rises, per_second = onset_strength(samples, rate)
    curve = autocorrelation(rises)
    bpm = SLOWEST_BPM
    choices = []
    while bpm < FASTEST_BPM:
        # Twice, half or two thirds of a tempo repeat as well: the usual one is taken.
        usual = numpy.exp(-0.5 * numpy.log2(bpm / USUAL_BPM) ** 2)
        choices.append((usual * comb(curve, 60 * per_second / bpm, 16), bpm))
        bpm *= 1.002
    bpm = max(choices)[1]
    for beats in 64, 256:
        fine = bpm * (1 + numpy.linspace(-1, 1, 81) * 0.2 / beats)
        bpm = max((comb(curve, 60 * per_second / one, beats), one) for one in fine)[1]
    return bpm if comb(curve, 60 * per_second / bpm, 256) >= STEADY else None


def align(program, samples, rate, frames, options):
    """What align reports of @samples brought to @frames."""
    with tempfile.TemporaryDirectory() as folder:
        source, result = os.path.join(folder, 'stem.wav'), os.path.join(folder, 'aligned.wav')
        soundfile.write(source, samples, rate, subtype='FLOAT')
        done = subprocess.run([program, 'align', source, result, '--frames', str(frames),
                               '--strategy', 'auto', '--json', *options], capture_output=True,
                              text=True, check=False)
        return json.loads(done.stdout)


def loop_lengths(report):
    """Frames that the source goes back by, at each seam of two pieces of it."""
    pieces = report['segments']
    return [left['source'] + right['dest'] - left['dest'] - right['source']
            for left, right in zip(pieces, pieces[1:])
            if left['source'] is not None and right['source'] is not None]


def bars_off(report, rate, bpm):
    """The farthest that a loop is from whole bars, 1 being what is allowed."""
    bar = BEATS_PER_BAR * 60.0 * rate / bpm
    return max((abs(lag - max(1, round(lag / bar)) * bar) / max(BARS_S * rate, BARS_PART * lag)
                for lag in loop_lengths(report)), default=0.0)


def describe(report, rate, bpm):
    seams = [seam for seam in report['seams'] if seam['level_db'] is not None]
    lags = '/'.join(f'{lag / rate:.2f}' for lag in dict.fromkeys(loop_lengths(report)))
    return {'seams': len(seams), 'steps': [seam['step'] for seam in report['seams']],
            'levels': [abs(seam['level_db']) for seam in seams], 'lags': lags,
            'bars': bars_off(report, rate, bpm) if bpm else None,
            'match': min((seam['match'] for seam in seams if seam['match'] is not None),
                         default=None),
            'overlap': max((seam['overlap'] * 1000 / rate for seam in seams), default=0.0)}


def say(name, cut, seconds, bpm, strategy, row):
    """One line of the table."""
    def show(number, spec):
        return '–' if number is None else format(number, spec)
    print(f'{name:22}{cut:7.2f}{seconds:4}{show(bpm, ".2f"):>8} {strategy:10}{row["seams"]:4}'
          f'{max(row["steps"], default=0):7.2f}{max(row["levels"], default=0):7.2f}'
          f'{show(row["match"], ".2f"):>7}{show(row["bars"], ".2f"):>7}{row["overlap"]:8.0f}'
          f'  {row["lags"]}', flush=True)


def measure(program, path, seed):
    """The rows of one piece."""
    samples, rate = soundfile.read(path, dtype='float32', always_2d=True)
    bpm = steady_tempo(samples, rate)
    chance = numpy.random.default_rng(seed)
    rows = []
    for part in chance.uniform(CUT_FROM, CUT_TO, CUTS):
        cut = round(part * len(samples))
        for seconds in EXTENSIONS_S:
            for tempo in (None, bpm) if bpm else (None,):
                options = ['--bpm', f'{tempo:.3f}'] if tempo else []
                report = align(program, samples[:cut], rate, cut + seconds * rate, options)
                rows.append(describe(report, rate, tempo))
                say(os.path.basename(path), cut / rate, seconds, tempo, report['strategy'],
                    rows[-1])
    return rows


def judge(rows):
    """Whether every goal is reached."""
    step = max(step for row in rows for step in row['steps'])
    levels = [level for row in rows for level in row['levels']]
    share = sum(level <= LEVEL_DB for level in levels) / len(levels)
    bars = max((row['bars'] for row in rows if row['bars'] is not None), default=0.0)
    goals = ((f'largest step ratio {step:.2f}, at most {STEP}', step <= STEP),
             (f'levels within {LEVEL_DB} dB in {share:.1%} of {len(levels)} seams, at least '
              f'{LEVEL_SHARE:.0%}', share >= LEVEL_SHARE),
             (f'loops off whole bars by {bars:.2f} of what is allowed', bars <= 1.0))
    for text, reached in goals:
        print(f'{text}: {"ok" if reached else "MISSED"}')
    return all(reached for _, reached in goals)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('build')
    parser.add_argument('--root', default='/')
    parser.add_argument('pieces', nargs='*')
    words = parser.parse_intermixed_args()
    program = os.path.join(words.build, 'src/cli/seamline-cli')
    pieces = words.pieces or find_pieces(words.root)
    if not pieces:
        print('Skipped: no music is there.')
        return 0
    print(f'{"piece":22}{"cut s":>7}{"+s":>4}{"BPM":>8} {"strategy":10}{"n":>4}{"step":>7}'
          f'{"level":>7}{"match":>7}{"bars":>7}{"fade ms":>8}  loops, s')
    rows = [row for seed, path in enumerate(pieces) for row in measure(program, path, seed)]
    return 0 if judge(rows) else 1


if __name__ == '__main__':
    sys.exit(main())
