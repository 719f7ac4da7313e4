# SPDX-License-Identifier: GPL-3.0-or-later
"""The eight steps in the window, from the first press to the archive, and what goes wrong: TAP.

Usage: test_steps.py BUILD-FOLDER
"""
import os
import re
import shutil
import signal
import zipfile

from session import main  # first: it knows where the others are

from accessible import wait_for
from song_window import GREEN, SMALLEST, STEPS

ALL_PASSED = ['Passed'] * 8


def test_eight_buttons_in_order_make_an_archive(session):
    folder = session.demo('demo')
    window = session.open(folder)
    window.wait_badges(['Ready'] + ['Locked'] * 7)
    for number in range(1, 9):
        assert number == 8 or not window.step(number + 1).sensitive, f'{number + 1} is not locked'
        window.run_step(number)
    window.wait_badges(ALL_PASSED)
    window.close()
    with zipfile.ZipFile(os.path.join(folder, 'deliverables', 'Demo song.zip')) as archive:
        assert archive.testzip() is None
        assert 'Demo song/Master.wav' in archive.namelist()
    assert session.states(folder) == ALL_PASSED


def test_wrong_rate_is_told_and_converted(session):
    folder = session.desktop.path('rate')
    session.cli('init', folder, '--reference', session.tone('Reference', 10))
    session.cli('add', folder, 'Bass=' + session.tone('Bass', 8, rate=44100))
    window = session.open(folder)
    window.press('Run All')
    window.wait_badge(3, '^Failed$')
    window.wait_badges(['Passed'] * 2 + ['Failed'] + ['Locked'] * 5)
    window.find(re.compile('“Bass.wav” has 44100 Hz; the project has 48000 Hz'))
    window.press('Convert a Copy')
    window.wait_badge(3, GREEN.pattern)
    window.close()


def test_broken_stem_is_told(session):
    folder = session.desktop.path('broken')
    path = session.tone('Cut', 8)
    os.truncate(path, 500000)
    session.cli('init', folder, '--reference', session.tone('Reference', 10))
    session.cli('add', folder, 'Cut=' + path)
    window = session.open(folder)
    for number in (1, 2):
        window.run_step(number)
    window.run_step(3, '^Failed$')
    window.find(re.compile('The header of “Cut.wav” does not fit its data'))
    window.find(re.compile('The file is cut short or damaged: export it again'))
    window.close()


def test_judgement_is_accepted_with_a_reason(session):
    """A join in the middle of a sound, without a fade, clicks."""
    folder = session.demo('judgement')
    session.cli('set', folder, 'Guitars', '--join', '705555', '--fade', '0', '--loop-bars', '1')
    session.cli('run', folder)
    window = session.open(folder)
    window.wait_badge(4, '^Failed$')
    window.show_step(4)
    window.press('Accept…')
    accept = window.find(re.compile('^Accept( Accept)?$'), 'button')  # the toolkit doubles it
    assert not accept.sensitive, 'a reason is needed'
    window.find('Reason', 'text box').text = 'It is meant to breathe'
    wait_for('the reason to be enough', lambda: accept.sensitive, 5)
    accept.press()
    window.wait_badge(4, '^Stale$')                    # the stems after it have not been aligned
    window.run_step(4, r'^Passed, \d+ warnings$')
    window.close()
    assert session.states(folder)[3] == 'Passed'


def part_files(folder):
    return [name for _, _, names in os.walk(folder) for name in names if name.endswith('.part')]


def run_until_it_writes(window, folder):
    window.step(3).press()
    window.wait_badge(3, r'^Running \d+\s?%$')
    wait_for('a part file', lambda: part_files(folder))


def test_stopping_leaves_everything_as_it_was(session):
    folder = session.desktop.path('long')
    session.cli('init', folder, '--seconds', '7200', '--subtype', 'pcm16')
    session.cli('add', folder, *[f'tone{i}=tone:{100 + i}' for i in range(6)])
    session.cli('run', folder, '--through', 'reference')
    window = session.open(folder)
    before = ['Passed'] * 2 + ['Ready'] + ['Locked'] * 5
    window.wait_badges(before)
    run_until_it_writes(window, folder)
    window.press('Stop “Stems”')
    window.wait_badges(before)
    assert not part_files(folder), part_files(folder)
    run_until_it_writes(window, folder)
    window.close()
    assert not part_files(folder), f'after closing: {part_files(folder)}'
    window = session.open(folder)
    window.change_size(SMALLEST)
    run_until_it_writes(window, folder)
    left, _, width, _ = window.find('Close', 'button').extents
    assert left + width <= SMALLEST[0], f'the close button ends at {left + width}'
    os.kill(window.pid, signal.SIGTERM)
    window.wait_end()
    assert not part_files(folder), f'after a signal: {part_files(folder)}'
    assert session.states(folder) == before
    shutil.rmtree(folder)


def set_tempo(window, bpm):
    window.show_step(1)
    window.enter(window.find('Tempo (BPM)', 'text box'), bpm)


def test_tempo_greys_what_depends_on_it(session):
    """The command line does the same to a copy of the project and is the oracle."""
    folder = session.demo('tempo')
    session.cli('run', folder)
    copy = session.desktop.path('copy')
    shutil.copytree(folder, copy)
    session.cli('set', copy, '--bpm', '240')
    window = session.open(folder)
    window.wait_badges(ALL_PASSED)
    set_tempo(window, '240')
    window.wait_badges(['Stale'] + ['Locked'] * 7)
    assert session.states(copy) == ['Stale'] + ['Locked'] * 7
    for number, name in enumerate(STEPS, 1):
        window.run_step(number)
        session.cli('run', copy, '--through', name.lower())
        window.wait_badges(session.states(copy))
    window.close()


def test_undo_brings_the_verdicts_back(session):
    folder = session.demo('undo')
    session.cli('run', folder)
    window = session.open(folder)
    set_tempo(window, '97.5')
    window.wait_badge(1, '^Stale$')
    window.press('Undo')
    window.wait_badges(ALL_PASSED)
    tempo = window.find('Tempo (BPM)', 'text box')
    wait_for(lambda: f'120 in the entry, which says {tempo.text}', lambda: tempo.text == '120', 5)
    window.press('Redo')
    window.wait_badge(1, '^Stale$')
    window.close()


if __name__ == '__main__':
    main([test_eight_buttons_in_order_make_an_archive,
          test_wrong_rate_is_told_and_converted,
          test_broken_stem_is_told,
          test_judgement_is_accepted_with_a_reason,
          test_stopping_leaves_everything_as_it_was,
          test_tempo_greys_what_depends_on_it,
          test_undo_brings_the_verdicts_back], 110)
