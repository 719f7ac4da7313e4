# SPDX-License-Identifier: GPL-3.0-or-later
"""No iteration of the window's main loop uses more than 50 ms of processor time: TAP.

The limit is of the design: what takes longer belongs into a thread. Processor time, not wall time,
so that a busy machine changes nothing. See guard.c. Usage: test_main_loop.py BUILD-FOLDER
"""
from busy_song import import_run_and_save, make_song
from session import main

LIMIT_MS = 50.0


def read_log(path):
    """Pairs of monotonic time in seconds and cost in milliseconds, and the lines of traces."""
    costs, traces = [], []
    with open(path, encoding='utf-8', errors='replace') as log:
        for line in log:
            words = line.split()
            try:
                costs.append((float(words[0]), float(words[1])))
            except (ValueError, IndexError):
                traces.append(line)
    return costs, traces


def test_no_iteration_above_the_limit(session):
    log = session.desktop.path('guard.log')
    folder = make_song(session)
    window = session.open(folder, env={'LD_PRELOAD': session.built('tests/ui/libui-guard.so'),
                                       'SEAMLINE_GUARD_LOG': log})
    since = import_run_and_save(session, window, folder)
    window.close()
    costs, traces = read_log(log)
    assert costs, 'the guard has seen nothing, not even the start'
    worst = max([cost for when, cost in costs if when > since], default=0.0)
    print(f'# the longest iteration took {worst:.1f} ms')
    assert worst <= LIMIT_MS, f'{worst} ms\n{"".join(traces)}'


if __name__ == '__main__':
    main([test_no_iteration_above_the_limit], 60)
