# SPDX-License-Identifier: GPL-3.0-or-later
"""A project that another program holds, and an export that would take a source's place: TAP.

Usage: test_held.py BUILD-FOLDER
"""
import os
import re
import signal
import subprocess

from session import main  # first: it knows where the others are

import bad_audio
from accessible import Gone, wait_for
from command import listing, parts

HELD = re.compile('^To be looked at only. .*is in use by process .*close it there first', re.DOTALL)

# What would change the project or its files.
CONTROLS = ['Run All', 'Mute One']


def start_long_run(session, folder):
    """The command line at work on the project, and stopped in the middle."""
    program = subprocess.Popen([session.built('src/cli/seamline-cli'), 'run', folder],
                               env=session.desktop.env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    wait_for('a part file', lambda: parts(folder), every=0)
    program.send_signal(signal.SIGSTOP)
    os.waitpid(program.pid, os.WUNTRACED)       # until all its threads stand still
    return program


def is_sensitive(window, name):
    """Of a window that may just be making its page anew."""
    try:
        return window.find(name, 'button').sensitive
    except Gone:
        return False


def test_project_in_use(session):
    """It is looked at, with the holder's name; nothing can be changed until that has ended."""
    folder = session.desktop.path('used')
    session.cli('init', folder, '--seconds', '60')
    session.cli('add', folder, 'One=tone:110', 'Two=tone:220')
    other = start_long_run(session, folder)
    before = listing(folder)
    window = session.open(folder)
    assert f'process {other.pid} on ' in window.find(HELD).name
    for name in CONTROLS:
        assert not window.find(name, 'button').sensitive, name
    window.show_step(1)
    tempo = window.find('Tempo (BPM)', 'text box')
    window.enter(tempo, '97.5')
    assert tempo.text == '120'
    window.drop(session.tone('Dropped', 2))
    tried = window.press('Try Again')
    wait_for('the project to be opened anew', lambda: tried.is_gone)
    window.find(HELD)
    assert not window.tree.has('Dropped')
    assert listing(folder) == before, set(listing(folder)) ^ set(before)
    other.kill()
    other.wait()
    window.press('Try Again')
    wait_for('the banner to go', lambda: not window.tree.has(HELD))
    window.buttons.clear()              # the project has been opened anew
    assert not parts(folder)
    for name in CONTROLS:
        wait_for(f'{name} to be sensitive', lambda: is_sensitive(window, name))
    window.run_all()
    window.close()


def export_to(window, path):
    window.key('ctrl+e')
    window.find('Name:', 'text box').text = path
    window.press('_Save Save')
    window.press('_Replace Replace')


def test_export_over_a_source_is_refused(session):
    """By its name, by a symbolic link, by a hard link."""
    source = session.desktop.path('Source.zip')
    bad_audio.good(source, 96000)
    os.symlink(source, session.desktop.path('Link.zip'))
    os.link(source, session.desktop.path('Hard.zip'))
    folder = session.desktop.path('export')
    session.cli('init', folder, '--seconds', '2')
    session.cli('add', folder, 'One=' + source)
    session.cli('run', folder)
    window = session.open(folder)
    window.wait_badges(['Passed'] * 8)
    with open(source, 'rb') as file:
        before = file.read()
    for name in ('Source.zip', 'Link.zip', 'Hard.zip'):
        export_to(window, session.desktop.path(name))
        window.find('The Export Failed')
        window.find(re.compile(f'{name}” belongs to the project: choose another place'), 'label')
        window.press('Close Close')                  # the toolkit doubles it
        wait_for('the dialog to close', lambda: not window.tree.has('The Export Failed'))
        with open(source, 'rb') as file:
            assert file.read() == before, name
    assert os.path.islink(session.desktop.path('Link.zip'))
    window.close()


if __name__ == '__main__':
    main([test_project_in_use,
          test_export_over_a_source_is_refused], 80)
