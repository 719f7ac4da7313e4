# SPDX-License-Identifier: GPL-3.0-or-later
"""No iteration of the window's main loop uses more than 50 ms of processor time: TAP.

The limit is of the design: what takes longer belongs into a thread. Processor time, not wall time,
so that a busy machine changes nothing. See guard.c. Usage: test_main_loop.py BUILD-FOLDER
"""
import os
import re
import time

from session import main  # first: it knows where the others are

from busy_song import import_run_and_save, make_song

LIMIT_MS = 50.0


def read_log(path):
    """For each iteration: monotonic time of its end in seconds, cost in milliseconds, trace."""
    iterations, trace = [], []
    with open(path, encoding='utf-8', errors='replace') as log:
        for line in log:
            try:
                when, cost = map(float, line.split())
            except ValueError:
                trace.append(line)
                continue
            iterations.append((when, cost, ''.join(trace)))
            trace = []
    return iterations


def open_guarded(session, folder):
    """The window of a project with the guard in it, and the guard's log."""
    log = session.desktop.path(os.path.basename(folder) + '.log')
    return log, session.open(folder, env={'LD_PRELOAD': session.built('tests/ui/libui-guard.so'),
                                          'SEAMLINE_GUARD_LOG': log})


def check(log, since, until):
    """Fails when an iteration between two monotonic times was above the limit."""
    iterations = read_log(log)
    assert iterations, 'the guard has seen nothing, not even the start'
    costs = [(cost, trace) for when, cost, trace in iterations if since < when < until]
    print(f'# the longest iteration took {max(costs, default=(0.0,))[0]:.1f} ms')
    above = [f'{cost} ms\n{trace}' for cost, trace in costs if cost > LIMIT_MS]
    assert not above, '\n'.join(above)


def test_importing_running_saving(session):
    folder = make_song(session)
    log, window = open_guarded(session, folder)
    since, until = import_run_and_save(session, window, folder)
    window.close()
    check(log, since, until)


def test_looking_around(session):
    """What is pressed is found before: answers to a test would be measured too."""
    folder = session.demo('demo')
    session.cli('run', folder)
    log, window = open_guarded(session, folder)
    window.wait_badge(8, '^Passed')
    window.show_step(4)
    checks = window.find(re.compile('checks passed'))
    since = time.monotonic()
    window.click(checks)
    time.sleep(0.5)
    for number in range(1, 9):
        window.step(number).press()
        time.sleep(0.4)
    window.desktop.xdotool('mousemove', '--window', window.window, 600, 300)
    for button in (4, 4, 4, 5):
        window.desktop.xdotool('keydown', 'ctrl', 'click', button, 'keyup', 'ctrl', 'click', button)
        time.sleep(0.1)
    for size in ((600, 500), (1300, 900)):
        window.resize(*size)
        time.sleep(0.3)
    until = time.monotonic()
    window.close()
    check(log, since, until)


def test_changing_seams(session):
    """A seam is selected, dragged, and replaced by the next best; its stem is planned again."""
    folder = session.demo('seams')
    session.cli('run', folder, '--through', 'align')
    log, window = open_guarded(session, folder)
    window.wait_badge(4, '^Passed')
    window.key('period')
    next_best = window.find('Next Best', 'button')
    since = time.monotonic()
    next_best.press()
    time.sleep(1.5)
    window.key('ctrl+z')
    time.sleep(1.5)
    window.hold_seam('Bass', -50)
    window.desktop.xdotool('mouseup', 1)
    time.sleep(1.5)
    until = time.monotonic()
    assert window.seam('Bass').startswith('Loop, seam 1 of '), window.seam('Bass')
    window.close()
    check(log, since, until)


if __name__ == '__main__':
    main([test_importing_running_saving, test_looking_around, test_changing_seams], 60)
