# SPDX-License-Identifier: GPL-3.0-or-later
"""What a document portal shows to a sandbox; here the portal is a folder: TAP.

Usage: test_lent.py BUILD-FOLDER
"""
import os
import re

from session import main

QUESTION = 'Choose the Project’s Folder'


def test_a_file_without_its_folder(session):
    folder = session.desktop.make_folder('run', 'doc', '1a')
    path = os.path.join(folder, 'Song.seamline')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('{"format": 1}')
    window = session.open(path)
    assert window.find(QUESTION)
    assert window.find(re.compile('^Choose Folder…'), 'button').sensitive
    window.press(re.compile('^Cancel'))
    assert window.find('Open Project…', 'button').sensitive
    assert os.listdir(folder) == ['Song.seamline']       # nothing was written beside it
    window.close()


def test_a_folder(session):
    session.desktop.make_folder('run', 'doc', '2b')
    window = session.open(session.demo('run/doc/2b/Lent'))
    assert window.find('Lent', 'label')                  # not the path, which nobody knows
    window.close()


if __name__ == '__main__':
    main([test_a_file_without_its_folder, test_a_folder], 60)
