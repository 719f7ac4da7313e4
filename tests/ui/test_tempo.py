# SPDX-License-Identifier: GPL-3.0-or-later
"""A tempo that the reference sounds like is proposed, never applied: TAP.

Usage: test_tempo.py BUILD-FOLDER
"""
import os
import re
import wave
from array import array

from session import main  # first: it knows where the others are

from accessible import wait_for

RATE, SECONDS, BPM = 48000, 20, 92.7
PROPOSAL = f'The reference sounds like {BPM} BPM'


def clicks(session):
    """A file of clicks at @BPM; its path."""
    samples = array('h', bytes(2 * RATE * SECONDS))
    for beat in range(int(SECONDS * BPM / 60)):
        start = round(beat * 60 / BPM * RATE)
        for frame in range(RATE // 100):
            samples[start + frame] = 16000 if frame // 24 % 2 else -16000
    path = os.path.join(session.desktop.make_folder('sources'), 'clicks.wav')
    with wave.open(path, 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def open_song(session, name, bpm):
    folder = session.desktop.path(name)
    session.cli('init', folder, '--reference', clicks(session), '--bpm', bpm)
    window = session.open(folder)
    window.show_step(1)
    return window


def wait_tempo(window, bpm):
    entry = window.find('Tempo (BPM)', 'text box')
    wait_for(lambda: f'{bpm} in the entry, which says {entry.text}', lambda: entry.text == bpm, 5)


def wait_proposed(window, expected):
    wait_for(f'the proposal: {expected}', lambda: window.tree.has(PROPOSAL) == expected, 5)


def test_proposal_waits_to_be_used(session):
    window = open_song(session, 'unknown', 'unknown')
    wait_proposed(window, True)
    wait_tempo(window, 'unknown')
    window.press('Use')
    wait_tempo(window, str(BPM))
    wait_proposed(window, False)
    window.press('Undo')
    wait_tempo(window, 'unknown')
    wait_proposed(window, True)
    window.close()


def test_wrong_tempo_is_told_and_mended(session):
    window = open_song(session, 'wrong', '120')
    window.run_step(1)
    window.run_step(2, '^Passed, [12] warnings?$')
    window.find(re.compile(f'sounds like {BPM} beats per minute, which does not go with'))
    window.press(f'Set {BPM} BPM')
    window.show_step(1)
    wait_tempo(window, str(BPM))
    wait_proposed(window, False)
    window.press('Undo')
    wait_tempo(window, '120')
    window.close()


def test_a_tempo_that_fits_is_not_disputed(session):
    window = open_song(session, 'right', '185.4')
    wait_tempo(window, '185.4')
    assert not window.tree.has(PROPOSAL)
    window.close()


if __name__ == '__main__':
    main([test_proposal_waits_to_be_used, test_wrong_tempo_is_told_and_mended,
          test_a_tempo_that_fits_is_not_disputed], 60)
