# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the window does at its busiest: six files come in, all steps run, the project is saved.

Widgets are found beforehand and afterwards only their names are read, so that what is measured
meanwhile is the window's own work and not its answers to a test.
"""
import json
import os
import time

from accessible import wait_for

N_FILES = 6


def make_song(session):
    """A project with a reference and no stems; its folder."""
    folder = session.desktop.path('busy')
    session.cli('init', folder, '--reference', session.tone('Reference', 60))
    return folder


def count_stems(folder):
    with open(os.path.join(folder, 'busy.seamline'), encoding='utf-8') as file:
        return len(json.load(file)['stems'])


def import_run_and_save(session, window, folder):
    """Drops the files, runs all steps; the monotonic times at which it began and had ended."""
    files = [session.tone(f'Stem {i}', 31.7 + 7 * i, hertz=100 + 10 * i) for i in range(N_FILES)]
    steps = [window.step(number) for number in range(1, 9)]
    run_all = window.find('Run All', 'button')
    began = time.monotonic()
    window.drop(*files)
    wait_for('six stems in the project file', lambda: count_stems(folder) == N_FILES)
    run_all.press()
    wait_for(lambda: f'the last step to pass: {[step.name for step in steps]}',
             lambda: steps[7].name.startswith('8 Deliver, Passed'), 60)
    wait_for('the project to be saved', lambda: session.states(folder) == ['Passed'] * 8)
    return began, time.monotonic()
