# SPDX-License-Identifier: GPL-3.0-or-later
"""A song that a run takes in no time, with a stem for each thing that a run does to stems."""
import hashlib
import os
import random

import bad_audio

RATE = 48000


def beats(seconds, seed, channels=1):
    """Samples of falling noise at 120 BPM, interleaved: something with joins to be found."""
    noise = random.Random(seed)
    beat = RATE // 2
    one = [noise.uniform(-0.4, 0.4) * (1 - n / beat) ** 4 for n in range(beat)]
    samples = (one * int(seconds * 2 + 1))[:int(seconds * RATE)]
    return [sample for sample in samples for _ in range(channels)]


def write_sources(folder):
    """Makes @folder with a reference of 2 s and stems that are shorter, longer, and of another
    rate; the paths of the stems by name."""
    os.makedirs(folder)
    bad_audio.put(os.path.join(folder, 'reference.wav'),
                  bad_audio.riff(bad_audio.pack(beats(2, 1, 2)), channels=2))
    bad_audio.put(os.path.join(folder, 'loop.wav'),
                  bad_audio.riff(bad_audio.pack(beats(1.2, 2))))
    bad_audio.put(os.path.join(folder, 'long.wav'),
                  bad_audio.riff(bad_audio.pack(beats(2.3, 3, 2), bad_audio.FLOAT),
                                 bad_audio.FLOAT, channels=2))
    bad_audio.good(os.path.join(folder, 'converted.wav'), 44100, rate=44100)
    return {name: os.path.join(folder, name + '.wav') for name in ('loop', 'long', 'converted')}


def make(cli, folder):
    """A project in @folder that has been made, and not run: the folders of project and sources."""
    sources, song = os.path.join(folder, 'sources'), os.path.join(folder, 'song')
    stems = write_sources(sources)
    cli.run('init', song, '--reference', os.path.join(sources, 'reference.wav'), '--bpm', '120',
            '--subtype', 'pcm24', '--sections', 'Verse:1', code=0)
    cli.run('add', song, '--convert', *(f'{name}={path}' for name, path in stems.items()), code=0)
    cli.run('add', song, 'tone=tone:333.3:0.25', '--lowpass', '1234.5', code=0)
    cli.run('drums', song, '--pattern', code=0)
    return song, sources


def digest_all(folder):
    """The SHA-256 of every file below @folder, by relative path."""
    found = {}
    for where, _folders, files in os.walk(folder):
        for name in files:
            path = os.path.join(where, name)
            with open(path, 'rb') as file:
                found[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return found
