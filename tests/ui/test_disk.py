# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk and a folder that cannot be written, in the window: what was made before stays, no
change is lost, and when there is room again the same buttons end green: TAP.

Usage: test_disk.py BUILD-FOLDER
"""
import contextlib
import os
import re
import time

from session import main  # first: it knows where the others are

import mounts
from accessible import wait_for
from command import digests, parts

FULL = re.compile('[Ff]ree some space')
NOT_SAVED = re.compile('^The last changes are not saved yet. .*Free some space', re.DOTALL)
READ_ONLY = re.compile('^To be looked at only. .*Choose a folder that you may write to', re.DOTALL)


@contextlib.contextmanager
def green_song(session, name, seconds='2'):
    """A song of tones, more than are worked on at once, that has passed, on a disk of its own: the
    disk and the folder."""
    with mounts.Tmpfs(session.desktop.path(name)) as disk:
        folder = os.path.join(disk.path, 'song')
        session.cli('init', folder, '--seconds', seconds, '--bpm', '120', '--subtype', 'pcm16')
        session.cli('add', folder, *(f'tone{hz}=tone:{hz}:0.1' for hz in range(110, 170, 10)))
        session.cli('run', folder)
        try:
            yield disk, folder
        finally:
            session.close_windows()                  # which are on the disk


def fill(disk, folder):
    """Leaves no room, nor any that saving would make: the backup before the last is kept."""
    kept = os.path.join(disk.path, f'kept-{time.monotonic_ns()}')
    os.link(os.path.join(folder, 'song.seamline.bak'), kept)
    disk.set_room(0)


def dialog_text(window, heading):
    """The heading of a dialog has come up; what the dialog says below it."""
    window.find(heading)
    return window.find(FULL, 'label').name


def close_dialog(window, heading):
    window.press('Close Close')                      # the toolkit doubles it
    wait_for('the dialog to close', lambda: not window.tree.has(heading))


def check_step_fails(window, folder):
    """Step 3 ends with a message, and not green; the digests of what is there then."""
    text = dialog_text(window, 'This Could Not Be Done')
    assert folder in text, text
    close_dialog(window, 'This Could Not Be Done')
    window.wait_badge(3, '^(Stale|Failed)$')
    assert not parts(folder), parts(folder)
    return digests(folder)


def test_full_in_a_step(session):
    """First seen before anything is written, then in the middle."""
    with green_song(session, 'step', '12') as (disk, folder):
        session.cli('set', folder, '--subtype', 'float')
        session.cli('run', folder, '--through', 'reference')
        before = digests(folder)
        window = session.open(folder)
        window.wait_badge(3, '^Stale$')
        disk.set_room(64 << 10)
        window.step(3).press()
        assert check_step_fails(window, folder) == before
        disk.set_room()
        window.step(3).press()
        window.freeze_when_writing(os.path.join(folder, 'stems'))
        fill(disk, folder)
        window.thaw()
        left = check_step_fails(window, folder)
        disk.set_room()
        window.run_step(3)
        window.run_all()
        assert not parts(folder)
        window.close()
        after = digests(folder)
        assert all(left[name] in (before[name], after[name]) for name in after), 'not whole'
        assert session.states(folder) == ['Passed'] * 8


def set_tempo(window, bpm):
    window.enter(window.find('Tempo (BPM)', 'text box'), bpm)


def project_file(folder):
    with open(os.path.join(folder, 'song.seamline'), 'rb') as file:
        return file.read()


def ask_to_close(window):
    window.find(re.compile('^song — Seamline$'), 'window').act('window.close')
    window.find('Close Without Saving?')
    assert FULL.search(window.find(re.compile('^The last changes would be lost')).name)


def test_full_when_saving(session):
    with green_song(session, 'saving') as (disk, folder):
        window = session.open(folder)
        window.show_step(1)
        window.find('Tempo (BPM)', 'text box')
        before = project_file(folder)
        fill(disk, folder)
        set_tempo(window, '97.5')
        window.find(NOT_SAVED)
        set_tempo(window, '98.5')
        ask_to_close(window)
        window.press('Keep Open Keep Open')
        assert project_file(folder) == before and not parts(folder)
        disk.set_room()
        wait_for('the banner to go', lambda: not window.tree.has(NOT_SAVED))
        assert b'98.5' in project_file(folder)
        fill(disk, folder)
        set_tempo(window, '99.5')
        window.find(NOT_SAVED)
        disk.set_room()
        window.press('Save Now')
        wait_for('the file to be saved', lambda: b'99.5' in project_file(folder))
        window.close()
        assert session.states(folder)[0] == 'Stale'


def test_closing_without_what_could_not_be_saved(session):
    with green_song(session, 'closing') as (disk, folder):
        window = session.open(folder)
        window.show_step(1)
        fill(disk, folder)
        set_tempo(window, '97.5')
        window.find(NOT_SAVED)
        ask_to_close(window)
        window.press('Close Close')
        window.wait_end()
        disk.set_room()
        assert session.states(folder) == ['Passed'] * 8


def test_folder_that_cannot_be_written(session):
    """It opens to be looked at, and to be changed as soon as it can be."""
    with green_song(session, 'shut') as (disk, folder):
        mounts.mount('-o', 'remount,ro', disk.path)
        window = session.open(folder)
        window.find(READ_ONLY)
        window.wait_badges(['Passed'] * 8)
        assert not window.find('Run All', 'button').sensitive
        mounts.mount('-o', 'remount,rw', disk.path)
        window.press('Try Again')
        wait_for('the banner to go', lambda: not window.tree.has(READ_ONLY))
        window.buttons.clear()                       # those of the page before
        window.show_step(1)
        set_tempo(window, '97.5')
        window.wait_badge(1, '^Stale$')
        window.run_all()
        window.close()


if __name__ == '__main__':
    mounts.enter()
    main([test_full_in_a_step,
          test_full_when_saving,
          test_closing_without_what_could_not_be_saved,
          test_folder_that_cannot_be_written], 110)
