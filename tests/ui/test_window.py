# SPDX-License-Identifier: GPL-3.0-or-later
"""The window comes up, says what it is, and goes without a word of complaint: TAP.

Usage: test_window.py BUILD-FOLDER
"""
from session import main


def test_empty_window(session):
    window = session.open()
    assert window.find('Seamline', 'window')
    window.close()


if __name__ == '__main__':
    main([test_empty_window], 60)
