# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inspector sets of a stem: its place in the reference, and what fills its section: TAP.

Usage: test_stem_settings.py BUILD-FOLDER
"""
import json
import os
import random
import time
import wave

from session import main  # first: it knows where the others are

from accessible import wait_for

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


def bridge_plan(folder):
    with open(os.path.join(folder, 'Demo song.seamline'), encoding='utf-8') as file:
        return json.load(file)['records']['align']['Bridge']['values']


def wait_plan(folder, kind):
    """Waits until the bridge is planned by itself, to the end of its section and no further."""
    wait_for(lambda: f'a plan that tells of {kind}: {bridge_plan(folder)}',
             lambda: kind in bridge_plan(folder)['reason'], 10)
    assert bridge_plan(folder)['segments'][-1]['dest'] == 32 * RATE, bridge_plan(folder)


def test_section_is_filled(session):
    """The bridge of the demo lasts 7.4 s, its section 8 s; no other stem is in a section."""
    folder = session.demo('fill')
    session.cli('run', folder, '--through', 'align')
    silent = bridge_plan(folder)
    window = session.open(folder)
    window.wait_badge(4, '^Passed')
    window.click(window.find('Keys', 'list item'))
    wait_for('the row to be hidden', lambda: window.find('Fill', 'combo box').extents[3] == 0, 5)
    window.click(window.find('Bridge', 'list item'))
    for keys, kind in ((['Down'], 'looped'), (['Down', 'Down'], 'crossfades')):
        window.click(window.find('Fill', 'combo box'))
        time.sleep(0.3)                                  # the list takes the keys once it is shown
        window.key(*keys, 'Return')
        wait_plan(folder, kind)
        window.key('ctrl+z')
        wait_for('silence after it again', lambda: bridge_plan(folder) == silent, 10)
        window.wait_badge(4, '^Passed$')
    window.close()


if __name__ == '__main__':
    main([test_found_by_one_press, test_not_found_is_told, test_section_is_filled], 80)
