# SPDX-License-Identifier: GPL-3.0-or-later
"""The C files of the project, without comments where asked."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / 'src'

# Strings are matched too, so that a comment sign inside one is left alone.
COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def c_files(*folders):
    """All .c and .h files under the folders, sorted."""
    return sorted(path for folder in folders for pattern in ('*.c', '*.h')
                  for path in folder.rglob(pattern))


def without_comments(text):
    """The text with each comment replaced by as many line ends as it has."""
    def blank(match):
        found = match.group(0)
        return '\n' * found.count('\n') if found.startswith('/') else found
    return COMMENT_OR_STRING.sub(blank, text)


def without_comments_and_strings(text):
    """The text with comments gone and strings emptied."""
    def blank(match):
        found = match.group(0)
        return '\n' * found.count('\n') if found.startswith('/') else found[0] * 2
    return COMMENT_OR_STRING.sub(blank, text)


def check_by_folder(tap, paths, root, find_problems):
    """One test point per folder: the problems of all its files, each with the file's name."""
    folders = {}
    for path in paths:
        name = path.relative_to(root)
        problems = folders.setdefault(name.parent.as_posix(), [])
        problems += [f'{name.name}: {problem}' for problem in find_problems(path)]
    for folder, problems in sorted(folders.items()):
        tap.point(folder, problems)
