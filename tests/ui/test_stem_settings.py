# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inspector sets of a stem: its place in the reference, and what fills its section: TAP.

Usage: test_stem_settings.py BUILD-FOLDER
"""
import json
import os
import random
import time

from session import main  # first: it knows where the others are

from accessible import wait_for

RATE, SECONDS, SHIFT = 48000, 10, 480
FOUND = f'+{SHIFT} frames (+10.0 ms), 100 % sure'


def noise(seed):
    """Quiet enough for two of them in one master."""
    return bytes(byte if place % 2 == 0 else byte % 16 for place, byte in
                 enumerate(random.Random(seed).randbytes(2 * RATE * SECONDS)))


def open_aligned(session, name, stem):
    """A song whose reference is a noise, aligned, with the settings of its stem open."""
    folder = session.desktop.path(name)
    session.cli('init', folder, '--reference', session.wav('reference', noise(1)))
    session.cli('add', folder, 'Synth=' + session.wav(name, stem), '--strategy', 'zero-pad')
    session.cli('run', folder, '--through', 'align')
    window = session.open(folder)
    window.wait_badge(4, '^Passed')
    window.show_step(4)
    window.click(window.waveform('Synth'))
    window.find('Can be found, up to 5 s either way')
    return window


def test_found_by_one_press(session):
    window = open_aligned(session, 'early', noise(1)[2 * SHIFT:])
    window.press('Find')
    window.find(FOUND)
    assert window.find('Offset', 'spin button').value == SHIFT
    window.press('Undo')
    window.find('Can be found, up to 5 s either way')
    assert window.find('Offset', 'spin button').value == 0
    window.close()


def test_not_found_is_told(session):
    window = open_aligned(session, 'unrelated', noise(2)[2 * SHIFT:])
    window.press('Find')
    window.find('Not found in the reference: left at 0')
    window.press('Leave Unshifted')
    window.find('Can be found, up to 5 s either way')
    window.close()


def records(folder):
    """Of the align step, by stem."""
    with open(os.path.join(folder, 'Demo song.seamline'), encoding='utf-8') as file:
        return json.load(file)['records']['align']


def plan_of(folder, stem):
    return records(folder)[stem]['values']


def choose(window, row, *keys):
    """Goes with @keys to another choice in the list of a row."""
    window.click(window.find(row, 'combo box'))
    time.sleep(0.3)                                      # the list takes the keys once it is shown
    window.key(*keys, 'Return')


def wait_plan(folder, kind):
    """Waits until the bridge is planned by itself, to the end of its section and no further."""
    wait_for(f'a plan that tells of {kind}',
             lambda: kind in plan_of(folder, 'Bridge')['reason'], 10)
    plan = plan_of(folder, 'Bridge')
    assert plan['segments'][-1]['dest'] == 32 * RATE, plan


def test_ending_is_planned_at_once(session):
    """Whatever the plan is made from: only that stem is planned again, by itself."""
    folder = session.demo('ending')
    session.cli('run', folder, '--through', 'align')
    window = session.open(folder)
    window.wait_badge(4, '^Passed')
    before = plan_of(folder, 'Guitars')
    window.click(window.find('Guitars', 'list item'))
    choose(window, 'Ending', 'Down')
    wait_for('another plan', lambda: plan_of(folder, 'Guitars') != before, 10)
    window.wait_badge(4, '^Passed')
    window.key('ctrl+z')
    wait_for('the first plan', lambda: plan_of(folder, 'Guitars') == before, 10)
    window.wait_badge(4, '^Passed')
    window.close()


def test_what_cannot_be_planned(session):
    """A strategy that does not fit, and a section that has gone, are mended by one press each."""
    folder = session.demo('unplanned')
    session.cli('set', folder, 'Guitars', '--strategy', 'none')
    session.cli('set', folder, '--sections', 'Intro:16,Verse:16,Chorus:16,Outro:32')
    session.cli('run', folder, '--through', 'align')
    window = session.open(folder)
    window.wait_badge(4, '^Failed')
    window.show_step(4)
    window.press('Choose Automatically')
    wait_for('a plan', lambda: plan_of(folder, 'Guitars').get('strategy') == 'loop', 10)
    window.step(4).press()
    wait_for('its section to be looked for', lambda: 'Bridge' in records(folder), 10)
    window.click(window.find('Bridge', 'list item'))
    window.find('Bridge (missing)', 'label')
    window.press('Whole Song')
    wait_for('a plan', lambda: plan_of(folder, 'Bridge').get('strategy') == 'crossfade', 10)
    window.close()


def test_section_is_filled(session):
    """The bridge of the demo lasts 7.4 s, its section 8 s; no other stem is in a section."""
    folder = session.demo('fill')
    session.cli('run', folder, '--through', 'align')
    silent = plan_of(folder, 'Bridge')
    window = session.open(folder)
    window.wait_badge(4, '^Passed')
    window.click(window.find('Keys', 'list item'))
    wait_for('the row to be hidden', lambda: window.find('Fill', 'combo box').extents[3] == 0, 5)
    window.click(window.find('Bridge', 'list item'))
    for keys, kind in ((['Down'], 'looped'), (['Down', 'Down'], 'crossfades')):
        choose(window, 'Fill', *keys)
        wait_plan(folder, kind)
        window.key('ctrl+z')
        wait_for('silence after it again', lambda: plan_of(folder, 'Bridge') == silent, 10)
        window.wait_badge(4, '^Passed$')
    window.close()


if __name__ == '__main__':
    main([test_found_by_one_press, test_not_found_is_told, test_ending_is_planned_at_once,
          test_what_cannot_be_planned, test_section_is_filled], 85)
