#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several programs on one project, with the kernel's lock and without it: TAP.

Who answers with success has left its change in the project file, whoever else wrote; who is refused
is told who holds the project, and has changed nothing. Readers are never refused.
Usage: test_races.py SEAMLINE-CLI
"""
import itertools
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import small_song  # noqa: E402
from cases import Skip, cases_of, run_cases  # noqa: E402
from command import Command, finish, listing, parts  # noqa: E402
from thorough import sample  # noqa: E402

CLI = Command(sys.argv[1])
RACES = 200
FEW = 14
HELD_BY = re.compile(r'“(.*)” is in use by process (\d+) on \S+: close it there first\.\n$')


def without_locks():
    """The program on a file system that has no locks, as a sandbox shows one."""
    strace = shutil.which('strace')
    if strace is None:
        raise Skip('strace is missing')
    return Command(sys.argv[1], (strace, '-f', '-q', '-o', '/dev/null', '-e', 'trace=fcntl', '-e',
                                 'inject=fcntl:error=ENOSYS'))


class Song:
    """A project of generated stems; what its file says."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, 'song')
        self.file = os.path.join(self.folder, 'song.seamline')
        CLI.run('init', self.folder, '--frames', '4800', '--bpm', '120', code=0)
        CLI.run('add', self.folder, 'kept=tone', 'gone=tone', code=0)

    def read(self):
        with open(self.file, 'rb') as file:
            return json.load(file)

    def stem(self, name):
        return next((stem for stem in self.read()['stems'] if stem['name'] == name), None)

    def forget_records(self):
        """So that a run has something to write."""
        document = self.read()
        document['records'] = {}
        with open(self.file, 'w', encoding='utf-8') as file:
            json.dump(document, file)

    def check_whole(self):
        assert not parts(self.folder), listing(self.folder)
        assert '.seamline.holder' not in os.listdir(self.folder), listing(self.folder)


# --- writers: what each asks for, and whether the file has it ---

class Tempo:
    def __init__(self, song, number):
        self.bpm = str(20 + number % 381)
        self.words = ['set', song.folder, '--bpm', self.bpm]

    def is_in(self, song):
        return song.read()['timing']['bpm'] == self.bpm


class Gain:
    def __init__(self, song, number):
        self.gain = (number + 1) / 1024
        self.words = ['set', song.folder, 'kept', '--gain', str(self.gain)]

    def is_in(self, song):
        return song.stem('kept')['gain'] == self.gain


class Add:
    def __init__(self, song, number):
        self.name = f'tone{number}'
        self.words = ['add', song.folder, f'{self.name}=tone:100']

    def is_in(self, song):
        return song.stem(self.name) is not None


class Remove:
    def __init__(self, song, number):
        if song.stem('gone') is None:
            CLI.run('add', song.folder, 'gone=tone', code=0)
        self.words = ['remove', song.folder, 'gone']

    def is_in(self, song):
        return song.stem('gone') is None


class Drums:
    def __init__(self, song, number):
        other = {'none': '--pattern', 'pattern': '--none'}
        mode = song.read()['drums']['mode']
        self.words = ['drums', song.folder, other.get(mode, '--none')]
        self.mode = self.words[2].strip('-')

    def is_in(self, song):
        return song.read()['drums']['mode'] == self.mode


class Run:
    def __init__(self, song, number):
        song.forget_records()
        self.words = ['run', song.folder, '--through', 'reference']

    def is_in(self, song):
        return 'timing' in song.read()['records']


WRITERS = [Tempo, Gain, Add, Remove, Drums, Run]


def race(cli, song, kinds, number):
    """Two writers at once: how many were refused."""
    writers = [kind(song, 2 * number + n) for n, kind in enumerate(kinds)]
    assert not any(writer.is_in(song) for writer in writers)
    processes = [cli.start(*writer.words) for writer in writers]
    answers = [finish(process) for process in processes]
    refused = 0
    for writer, answer in zip(writers, answers):
        assert writer.is_in(song) == (answer.code == 0), f'{writer.is_in(song)} {answer}'
        if answer.code != 0:
            refused += 1
            check_refused(song, answer)
    assert refused < 2, str(answers[0]) + str(answers[1])
    song.check_whole()
    return refused


def check_refused(song, answer, holders=()):
    """One line with who holds the project; the process of it, where it is known."""
    told = HELD_BY.search(answer.err)
    assert answer.code == 3 and answer.out == '' and answer.err.count('\n') == 1, str(answer)
    assert told and told[1] == song.folder, str(answer)
    assert not holders or int(told[2]) in holders, f'{holders}: {answer}'


def check_races(cli):
    pairs = list(itertools.combinations(WRITERS, 2))
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        song = Song(folder)
        for number in sample(range(RACES), FEW):
            kinds = list(pairs[number % len(pairs)])
            random.Random(number).shuffle(kinds)
            refused += race(cli, song, kinds, number)
    print(f'# {refused} refused', flush=True)
    assert refused > 0, 'no writer has met another'


def test_writers():
    check_races(CLI)


def test_writers_without_locks():
    check_races(without_locks())


# --- who holds it, and who only reads ---

def holder_of(song):
    """The process that is named in the lock, or 0."""
    for name in '.seamline.lock', '.seamline.holder':
        try:
            with open(os.path.join(song, name), encoding='utf-8') as file:
                told = re.match(r'process (\d+) on', file.read())
        except FileNotFoundError:
            continue
        if told:
            return int(told[1])
    return 0


def is_stopped(pid):
    """Whether every thread has stopped: one in a system call ends that first."""
    states = []
    for thread in os.listdir(f'/proc/{pid}/task'):
        with open(f'/proc/{pid}/task/{thread}/stat', encoding='utf-8') as file:
            states.append(file.read().rpartition(')')[2].split()[0])
    return set(states) <= {'T', 't'}


class Held:
    """A small song whose run is stopped in the middle of its work, when no helper works for it any
    more, and goes on at the end."""

    def __init__(self, cli, folder):
        self.folder, self.sources = small_song.make(CLI, folder)
        self.process = cli.start('run', self.folder)
        while not os.path.isdir(os.path.join(self.folder, 'aligned')):
            assert self.process.poll() is None, 'the run has ended too soon'
            time.sleep(0.001)
        self.holder = holder_of(self.folder)
        os.kill(self.holder, signal.SIGSTOP)
        while not is_stopped(self.holder):
            time.sleep(0.001)

    def content(self):
        return {name: digest for name, digest in small_song.digest_all(self.folder).items()
                if not name.startswith('.seamline')}

    def go_on(self):
        os.kill(self.holder, signal.SIGCONT)
        return finish(self.process)


def check_held(cli):
    with tempfile.TemporaryDirectory() as folder:
        song = Held(cli, folder)
        try:
            before = song.content()
            for words in (['set', '--bpm', '99'], ['add', 'other=tone'], ['remove', 'tone'], ['run'],
                          ['drums', '--none'], ['export', os.path.join(folder, 'out')]):
                answer = cli.run(words[0], song.folder, *words[1:], code=3)
                check_refused(song, answer, [song.holder])
            assert cli.run('status', song.folder).code in (0, 1)
            changed = set(before.items()) ^ set(song.content().items())
            assert not changed, sorted(name for name, _digest in changed)
        finally:
            ended = song.go_on()
        assert ended.code == 0, str(ended)
        cli.run('set', song.folder, '--bpm', '99', code=0)


def test_everybody_but_the_holder_is_refused():
    check_held(CLI)


def test_everybody_is_refused_without_locks():
    check_held(without_locks())


def test_readers_beside_writers():
    """The tempo that a reader tells is the one before or the one after, and it is never refused."""
    with tempfile.TemporaryDirectory() as folder:
        song = Song(folder)
        for number in sample(range(RACES), FEW):
            before = song.read()['timing']['bpm']
            writer = Tempo(song, number)
            processes = [CLI.start(*words) for words in (writer.words, ['status', song.folder])]
            written, read = (finish(process) for process in processes)
            assert written.code == 0 and writer.is_in(song), str(written)
            told = re.search(r', (\d+) BPM', read.err + read.out)
            assert read.code in (0, 1) and told and told[1] in (before, writer.bpm), str(read)


def test_export_beside_writers():
    """An export holds the project as a writer does: it is whole, or refused."""
    with tempfile.TemporaryDirectory() as folder:
        song = Song(folder)
        CLI.run('run', song.folder, code=0)
        exported = 0
        for number in sample(range(RACES // 4), 6):
            out = os.path.join(folder, f'{number}.zip')
            gain = Gain(song, number)
            processes = [CLI.start(*words) for words in (['export', song.folder, out], gain.words)]
            export, written = (finish(process) for process in processes)
            assert gain.is_in(song) == (written.code == 0), str(written)
            assert os.path.exists(out) == (export.code == 0), str(export)
            exported += export.code == 0
            for answer in export, written:
                if answer.code == 3:
                    check_refused(song, answer)
            CLI.run('run', song.folder, code=0)
        print(f'# {exported} exported', flush=True)


if __name__ == '__main__':
    sys.exit(run_cases(cases_of(globals())))
