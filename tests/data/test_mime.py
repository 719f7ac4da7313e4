#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project file is known by its type once the MIME package is installed.

Usage: test_mime.py
"""

import shutil
import sys
import tempfile
from pathlib import Path

from support import DATA, ID, Tap, complaints, need, run

TYPE = 'application/x-seamline-project'


def content_type(path, data_home):
    """What GIO says that a file is, from the types of the system and of this folder."""
    text = run('gio', 'info', '-a', 'standard::content-type', path,
               XDG_DATA_HOME=str(data_home)).stdout
    return text.rpartition('standard::content-type: ')[2].strip()


def install(data_home):
    """Installs the MIME package below a folder; the complaints of the tool."""
    packages = data_home / 'mime' / 'packages'
    packages.mkdir(parents=True)
    shutil.copy(DATA / f'{ID}.xml', packages)
    return complaints(run('update-mime-database', data_home / 'mime', XDG_DATA_HOME=str(data_home)))


def main():
    """One point for the database, one for a project file, one for a file that is none."""
    need('update-mime-database', 'gio')
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / 'share'
        song = Path(folder) / 'Song.seamline'
        song.write_text('{"format": 1}\n', encoding='utf-8')
        other = Path(folder) / 'Song.txt'
        other.write_text('a song\n', encoding='utf-8')
        tap.point('update-mime-database has nothing to say', install(home))
        found = content_type(song, home)
        tap.point('a project file is one', [] if found == TYPE else [found])
        found = content_type(other, home)
        tap.point('another file is none', [found] if found == TYPE else [])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
