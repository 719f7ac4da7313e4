# SPDX-License-Identifier: GPL-3.0-or-later
"""The window comes up, says what it is, and goes without a word of complaint: TAP.

Usage: test_window.py BUILD-FOLDER
"""
import time

from session import main  # first: it knows where the others are

from accessible import wait_for

BORDER = 4              # pixels that the toolkit draws around a window where nobody else does
SMALLEST = (360 + 2 * BORDER, 400 + 2 * BORDER)


def test_empty_window(session):
    window = session.open()
    assert window.find('Seamline', 'window')
    window.close()


def test_demo_song_turns_green(session):
    window = session.open(session.demo('demo'))
    window.run_all()
    window.wait_badges(['Passed'] * 8)
    window.close()


def test_it_fits_into_small_screens_and_grows_again(session):
    window = session.open(session.demo('small'))
    window.wait_badge(1, '^Ready$')
    for size in [(700, 500), SMALLEST, (1200, 760), SMALLEST, (800, 400)]:
        window.resize(*size)
        wait_for(f'a window of {size}', lambda: window.size() == size, 5)
        time.sleep(0.3)                                  # the panes fold away
        window.check_running()
    window.close()


if __name__ == '__main__':
    main([test_empty_window, test_demo_song_turns_green,
          test_it_fits_into_small_screens_and_grows_again], 60)
