#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a stem that starts late or early is found to the frame in a mix of five.

Usage: offset.py BUILD-DIR [TRIALS]

Each trial repeats a real loop of drums (44.1 kHz, of the package sonic-pi-samples) for 25 to 50 s
and mixes it, -4,801 to +4,801 frames off, with four other loops, each at a tempo and a level of its
own: played up to 6 % slower or faster, all at one tempo in every second trial, the others up to 6 dB
louder or softer than the drums and with offsets of their own. "align --offset auto" has to find the
frame. Unrelated: the same mix without the drums; no number may be given. Exit code 1 when one of all
trials (50 of each) fails.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy
import soundfile

DRUMS = ('amen', 'amen_full', 'breakbeat', 'compus', 'industrial', 'mehackit1', 'mehackit2', 'mika',
         'perc1', 'perc2', 'safari', 'tabla')
SAME = {name: ('amen', 'amen_full') for name in ('amen', 'amen_full')}  # one holds the other
FOLDER = '/usr/share/sonic-pi/samples'
RATE = 44100
LARGEST_SHIFT = 4801
SECONDS = 25, 50
OTHERS_DB, TEMPO = 6.0, 0.06
OTHERS = 4


def load(path, ratio):
    """The first channel of a loop, @ratio times as fast: by interpolation, pitch and all."""
    loop = soundfile.read(path, always_2d=True)[0][:, 0]
    places = numpy.arange(0, len(loop) - 1, ratio)
    return numpy.interp(places, numpy.arange(len(loop)), loop)


def stretched_to(path, frames):
    """A loop of exactly a power of two times @frames, as near to its own tempo as that gives."""
    own = soundfile.info(path).frames
    factor = 2.0 ** round(numpy.log2(own / frames))
    return load(path, own / (frames * factor))


def level(samples):
    return numpy.sqrt(numpy.mean(samples ** 2))


def repeat(loop, start, frames):
    """@loop over and over, from @start of it on."""
    return loop[(numpy.arange(frames) + start) % len(loop)]


def make_trial(chance, shift, related):
    """The drums, and a mix in which they are @shift frames later, or are not at all."""
    frames = int(chance.uniform(*SECONDS) * RATE)
    name = chance.choice(DRUMS)
    paths = [path for path in sorted(glob.glob(f'{FOLDER}/loop_*.flac'))
             if os.path.basename(path)[5:-5] not in SAME.get(name, (name,))]
    drums = load(f'{FOLDER}/loop_{name}.flac', 1 + chance.uniform(-TEMPO, TEMPO))
    stem = repeat(drums, 0, frames)
    mix = numpy.zeros(frames)
    one_tempo = chance.integers(2)
    for path in chance.choice(paths, OTHERS, replace=False):
        loop = stretched_to(path, len(drums)) if one_tempo else \
            load(path, 1 + chance.uniform(-TEMPO, TEMPO))
        gain = level(stem) / level(loop) * 10 ** (chance.uniform(-OTHERS_DB, OTHERS_DB) / 20)
        mix += gain * repeat(loop, 0 if one_tempo else chance.integers(len(loop)), frames)
    if related:
        mix[max(shift, 0):frames + min(shift, 0)] += stem[max(-shift, 0):frames - max(shift, 0)]
    scale = 0.5 / max(numpy.max(numpy.abs(stem)), numpy.max(numpy.abs(mix)))
    return name, stem * scale, mix * scale


def find(program, stem, mix):
    """What align makes of it: the offset, how sure it is of it, and whether it took it."""
    with tempfile.TemporaryDirectory() as folder:
        stem_path, mix_path = (os.path.join(folder, name) for name in ('stem.wav', 'mix.wav'))
        soundfile.write(stem_path, stem, RATE, subtype='FLOAT')
        soundfile.write(mix_path, mix, RATE, subtype='FLOAT')
        result = subprocess.run([program, 'align', stem_path, os.path.join(folder, 'out.wav'),
                                 '--like', mix_path, '--offset', 'auto', '--json'],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    answer = json.loads(result.stdout)
    check = next(check for check in answer['checks'] if check['id'] == 'offset')
    return answer['offset'], check


def run(program, trials, related):
    """How many trials came out right; those that did not are told."""
    chance = numpy.random.default_rng(1 if related else 2)
    right = 0
    for trial in range(trials):
        shift = round(LARGEST_SHIFT * (2 * trial / max(trials - 1, 1) - 1))
        name, stem, mix = make_trial(chance, shift, related)
        offset, check = find(program, stem, mix)
        sure = check['unit'] == 'frames'
        good = sure and offset == shift if related else not sure and offset == 0
        right += good
        if not good:
            print(f'  trial {trial}: {name}, {shift} frames, found {offset}: {check["message"]}')
    return right


def main():
    program = os.path.join(sys.argv[1], 'src/cli/seamline-cli')
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    if not glob.glob(f'{FOLDER}/loop_*.flac'):
        sys.exit('There are no loops: install sonic-pi-samples.')
    found = run(program, trials, True)
    print(f'found to the frame: {found} of {trials}', flush=True)
    refused = run(program, trials, False)
    print(f'unrelated, without a number: {refused} of {trials}')
    return 0 if found == refused == trials else 1


if __name__ == '__main__':
    sys.exit(main())
