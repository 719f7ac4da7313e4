# SPDX-License-Identifier: GPL-3.0-or-later
"""No iteration of the window's main loop uses more than 50 ms of processor time: TAP.

The limit is of the design: what takes longer belongs into a thread. Processor time, not wall time,
so that a busy machine changes nothing. See guard.c. Usage: test_main_loop.py BUILD-FOLDER
"""
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


def test_no_iteration_above_the_limit(session):
    folder, log = make_song(session), session.desktop.path('guard.log')
    window = session.open(folder, env={'LD_PRELOAD': session.built('tests/ui/libui-guard.so'),
                                       'SEAMLINE_GUARD_LOG': log})
    since, until = import_run_and_save(session, window, folder)
    window.close()
    iterations = read_log(log)
    assert iterations, 'the guard has seen nothing, not even the start'
    costs = [(cost, trace) for when, cost, trace in iterations if since < when < until]
    print(f'# the longest iteration took {max(costs, default=(0.0,))[0]:.1f} ms')
    above = [f'{cost} ms\n{trace}' for cost, trace in costs if cost > LIMIT_MS]
    assert not above, '\n'.join(above)


if __name__ == '__main__':
    main([test_no_iteration_above_the_limit], 60)
