#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project file that is damaged, or newer than the program, by every command: TAP.

It opens, or is refused in one line with the file, the fault and the way back; whoever is refused
has written nothing, to the project file, to its backup, or to anything beside them.
Usage: test_project_file.py SEAMLINE-CLI
"""
import json
import os
import random
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import small_song  # noqa: E402
from cases import cases_of, lasting_folder, run_cases  # noqa: E402
from command import Command, listing  # noqa: E402
from thorough import sample  # noqa: E402

CLI = Command(sys.argv[1])
NESTING = 16 * 1024 * 1024
BACKUP = re.compile(r'The version before is beside it, with the suffix \.bak')
COPY = re.compile('put a good copy in its place')
NEWER = re.compile('newer Seamline: update to open it')


class Project:
    """A small song that has passed; its file is damaged and put back by turns."""

    def __init__(self, folder):
        self.song, self.sources = small_song.make(CLI, folder)
        CLI.run('run', self.song, code=0)
        self.file = os.path.join(self.song, 'song.seamline')
        self.good = self.read()

    def read(self):
        with open(self.file, 'rb') as file:
            return file.read()

    def write(self, content):
        with open(self.file, 'wb') as file:
            file.write(content)

    def everything(self):
        """What lies in the song and beside it, but for the lock, which tells who had it last."""
        found = small_song.digest_all(os.path.dirname(self.song))
        found.pop('song/.seamline.lock', None)
        return listing(self.song), found


PROJECT = None


def project():
    """The one that all cases share, with its file as it was made."""
    global PROJECT
    if PROJECT is None:
        PROJECT = Project(lasting_folder())
    PROJECT.write(PROJECT.good)
    return PROJECT


def commands(made):
    """Every command that opens a project."""
    out = os.path.join(os.path.dirname(made.song), 'out')
    stem = 'other=' + os.path.join(made.sources, 'loop.wav')
    return [('status', made.song), ('status', made.file), ('run', made.song),
            ('set', made.song, '--bpm', '99'), ('set', made.song, 'loop', '--gain', '0.1'),
            ('add', made.song, stem), ('add', made.song, 'other=tone'),
            ('remove', made.song, 'loop'), ('drums', made.song, '--none'),
            ('accept', made.song, 'align', 'step'), ('export', made.song, out)]


def check_refused(made, content, remedy, words):
    """One command on a project file of @content."""
    answer = CLI.run(*words, code=3)
    assert answer.out == '' and answer.err.count('\n') == 1, str(answer)
    assert made.file in answer.err and remedy.search(answer.err), str(answer)
    assert not re.search('<data>|Parse error', answer.err), str(answer)
    assert made.read() == content, f'{words} has written over {made.file}'


def check_by_all(made, content, remedy):
    made.write(content)
    before = made.everything()
    for words in commands(made):
        check_refused(made, content, remedy, words)
    assert made.everything() == before


def changed(content, **members):
    """The file with other members at its top level."""
    return json.dumps({**json.loads(content), **members}).encode()


def damages(made):
    half = made.good[:len(made.good) // 2]
    return [b'', half, made.good[1:], made.good * 2, bytes(len(made.good)),
            b'\xff\xfe' + made.good, b'[' * NESTING, b'{"format": 1, "x": ' + b'[' * NESTING,
            b'{"format": 1, "x": ' + b'{"a":' * (NESTING // 5),
            changed(made.good, format=-1), changed(made.good, format=0),
            changed(made.good, format='1'), changed(made.good, title='../x'),
            changed(made.good, timing={'bpm': '12'})]


def test_damaged_by_every_command():
    made = project()
    for content in damages(made):
        check_by_all(made, content, BACKUP)


def test_damaged_without_a_backup():
    made = project()
    backup = made.file + '.bak'
    os.rename(backup, backup + '.kept')
    try:
        for content in damages(made)[:2]:
            check_by_all(made, content, COPY)
    finally:
        os.rename(backup + '.kept', backup)


def test_newer_by_every_command():
    made = project()
    for number in 2, 2**31, 2**62:
        check_by_all(made, changed(made.good, format=number), NEWER)


def test_no_other_is_made_there():
    """Neither init nor demo takes a folder for free whose project cannot be opened."""
    made = project()
    made.write(b'damaged')
    before = made.everything()
    for words in ('init', made.song), ('init', made.song, '--title', 'other'), ('demo', made.song):
        answer = CLI.run(*words, code=2)
        assert made.song in answer.err, str(answer)
    assert made.everything() == before


def test_cut_at_every_byte():
    """Nothing of which a byte is missing opens, but the last ones may be white space."""
    made = project()
    least = len(made.good.rstrip())
    for n, cut in enumerate(sample(range(least), 60)):
        made.write(made.good[:cut])
        words = [('status', made.song), ('set', made.song, '--bpm', '99')][n % 2]
        check_refused(made, made.good[:cut], BACKUP, words)


def flipped(content, random_numbers):
    damaged = bytearray(content)
    for _ in range(random_numbers.randint(1, 3)):
        damaged[random_numbers.randrange(len(damaged))] ^= 1 << random_numbers.randrange(8)
    return bytes(damaged)


def test_10000_random_flips():
    """A flip may make another number or name; then the project opens, and is not written."""
    made = project()
    opened = 0
    for seed in sample(range(10000), 40):
        content = flipped(made.good, random.Random(seed))
        made.write(content)
        answer = CLI.run('status', made.song, '--json')
        assert made.read() == content, f'seed {seed}: status has written'
        if answer.code == 3:
            assert re.search('|'.join((BACKUP.pattern, NEWER.pattern)), answer.err), str(answer)
            check_refused(made, content, re.compile(''), ('set', made.song, '--bpm', '99'))
        else:
            opened += 1
            assert answer.code in (0, 1) and answer.json['steps'], f'seed {seed}: {answer}'
    print(f'# {opened} opened', flush=True)


def test_going_back_to_the_backup():
    """What the message tells to do brings the version before back, and a run makes it green."""
    made = project()
    CLI.run('set', made.song, '--bpm', '121', code=0)
    made.write(made.read()[:1000])
    check_refused(made, made.read(), BACKUP, ('run', made.song))
    shutil.copy(made.file + '.bak', made.file)
    assert made.read() == made.good
    assert CLI.run('run', made.song, '--json', code=0).json['state'] == 'passed'


if __name__ == '__main__':
    sys.exit(run_cases(cases_of(globals())))
