# SPDX-License-Identifier: GPL-3.0-or-later
"""The window comes up, says what it is, and goes without a word of complaint: TAP.

Usage: test_window.py BUILD-FOLDER
"""
from session import main


def test_empty_window(session):
    window = session.open()
    assert window.find('Seamline', 'window')
    window.close()


def test_demo_song_turns_green(session):
    window = session.open(session.demo('demo'))
    window.run_all()
    window.wait_badges(['Passed'] * 8)
    window.close()


if __name__ == '__main__':
    main([test_empty_window, test_demo_song_turns_green], 60)
