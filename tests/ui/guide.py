# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of data/doc/alignment.md: the row of a stem for each strategy. Not a test.

Usage: guide.py BUILD-FOLDER TARGET-FOLDER
"""
import math
import os
import subprocess
import sys
import time

from session import Session

import bad_audio
import small_song

RATE = small_song.RATE
SONG_S = 24
WINDOW = (1400, 700)

# What the window draws round itself.
BORDER = 5


def pad(seconds):
    """A chord that swells."""
    def sample(frame):
        swell = 0.6 + 0.3 * math.sin(2 * math.pi * 0.37 * frame / RATE)
        return swell * sum(math.sin(2 * math.pi * hertz * frame / RATE)
                           for hertz in (110.0, 165.0, 220.0)) / 3.2
    return [sample(frame) for frame in range(round(seconds * RATE))]


def beat(seed, gain):
    return [min(1.0, max(-1.0, 2 * gain * sample)) for sample in small_song.beats(0.5, seed)]


def beats(seconds):
    """Bars of four beats that differ."""
    bar = beat(1, 1.0) + beat(2, 0.4) + beat(3, 0.7) + beat(4, 0.4)
    return (bar * math.ceil(seconds / 2))[:round(seconds * RATE)]


def with_ending(seconds):
    """Beats with a last note."""
    return beats(seconds - 1) + beat(9, 1.2) + [0.0] * (RATE // 2)


# File name of the picture and of the stem, what it sounds like, and how it is aligned.
STEMS = [('none', beats(SONG_S), []),
         ('zero-pad', pad(17), ['--strategy', 'zero-pad']),
         ('loop', beats(10.3), ['--strategy', 'loop']),
         ('loop-keep', with_ending(12), ['--strategy', 'loop', '--ending', 'keep']),
         ('crossfade', pad(14), ['--strategy', 'crossfade']),
         ('place', pad(7), ['--section', 'Bridge']),
         ('truncate', beats(30), ['--strategy', 'truncate'])]


def make_song(session):
    folder, sources = session.desktop.path('Guide'), session.desktop.make_folder('sources')
    session.cli('init', folder, '--seconds', str(SONG_S), '--bpm', '120', '--sections',
                'Verse:4bars,Bridge:4bars,Outro:4bars')
    for name, samples, options in STEMS:
        path = os.path.join(sources, name + '.wav')
        bad_audio.put(path, bad_audio.riff(bad_audio.pack(samples)))
        session.cli('add', folder, f'{name}={path}', *options)
    session.cli('drums', folder, '--none')
    session.cli('run', folder, '--through', 'align')
    return folder


def cut_out(picture, window, name, path):
    """Saves the row of the stem @name."""
    x, y, width, height = window.waveform(name).extents
    area = f'{width}x{height}+{x + BORDER}+{y + BORDER}'
    subprocess.run(['convert', picture, '-crop', area, '+repage', '-colors', '128', path],
                   check=True)
    print(path)


def main():
    target = os.path.abspath(sys.argv[2])
    session = Session(sys.argv[1], 400)
    try:
        window = session.open(make_song(session))
        window.wait_badge(4, '^(Passed|Failed)')
        window.resize(*WINDOW)
        window.key('F9')
        time.sleep(3)
        picture = session.desktop.path('guide.png')
        window.screenshot(picture)
        for name, _samples, _options in STEMS:
            cut_out(picture, window, name, os.path.join(target, name + '.png'))
    finally:
        session.desktop.close()


main()
