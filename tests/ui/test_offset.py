# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a stem belongs is found in the reference by one press, and told: TAP.

Usage: test_offset.py BUILD-FOLDER
"""
import os
import random
import wave

from session import main  # first: it knows where the others are

RATE, SECONDS, SHIFT = 48000, 10, 480
FOUND = f'+{SHIFT} frames (+10.0 ms), 100 % sure'


def write(session, name, samples):
    path = os.path.join(session.desktop.make_folder('sources'), name + '.wav')
    with wave.open(path, 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return path


def noise(seed):
    """Quiet enough for two of them in one master."""
    return bytes(byte if place % 2 == 0 else byte % 16 for place, byte in
                 enumerate(random.Random(seed).randbytes(2 * RATE * SECONDS)))


def open_aligned(session, name, stem):
    """A song whose reference is a noise, aligned, with the settings of its stem open."""
    folder = session.desktop.path(name)
    session.cli('init', folder, '--reference', write(session, 'reference', noise(1)))
    session.cli('add', folder, 'Synth=' + write(session, name, stem), '--strategy', 'zero-pad')
    session.cli('run', folder, '--through', 'align')
    window = session.open(folder)
    window.wait_badge(4, '^Passed')
    window.show_step(4)
    window.click(window.waveform('Synth'))
    window.find('In frames')
    return window


def test_found_by_one_press(session):
    window = open_aligned(session, 'early', noise(1)[2 * SHIFT:])
    window.press('Find')
    window.find(FOUND)
    assert window.find('Offset', 'spin button').value == SHIFT
    window.press('Undo')
    window.find('In frames')
    assert window.find('Offset', 'spin button').value == 0
    window.close()


def test_not_found_is_told(session):
    window = open_aligned(session, 'unrelated', noise(2)[2 * SHIFT:])
    window.press('Find')
    window.find('Not found in the reference: left at 0')
    window.press('Leave Unshifted')
    window.find('In frames')
    window.close()


if __name__ == '__main__':
    main([test_found_by_one_press, test_not_found_is_told], 60)
