#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places where nothing may be written, and outputs that are a source by another name: TAP.

A folder that is read-only, by its rights, by an attribute or by its mount, is told with its name
and a remedy, and left as it is. A source stays as it is whatever name it has where a file would
be written: the same path, a symbolic or hard link to it, or a bind mount of it. Tolerance: none,
bytes and times are compared. Usage: test_refused_outputs.py SEAMLINE-CLI
"""
import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import aftermath  # noqa: E402
import mounts  # noqa: E402
from cases import Skip, cases_of, run_cases  # noqa: E402
from command import Command, listing  # noqa: E402
from scene import CHANGE, GREEN, RUN, Scene  # noqa: E402
from thorough import sample  # noqa: E402

PROGRAM = sys.argv[1]
CLI = Command(PROGRAM)
REFUSED = 'Permission denied|Operation not permitted|Read-only file system'


def all_in(folder):
    """The folder and everything below it."""
    return [folder] + [os.path.join(folder, name) for name in listing(folder)]


# --- folders in which nothing may be written ---

@contextlib.contextmanager
def without_rights(folder):
    """As a person who may look at everything in it, and no more."""
    wrapper = ()
    if os.geteuid() == 0:
        wrapper = ('setpriv', '--bounding-set=-dac_override,-dac_read_search')
    if shutil.which('setpriv') is None:
        raise Skip('setpriv is not installed')
    modes = {path: os.stat(path).st_mode for path in all_in(folder)}
    try:
        for path, mode in modes.items():
            os.chmod(path, stat.S_IMODE(mode) & ~0o222)
        yield Command(PROGRAM, wrapper)
    finally:
        for path, mode in modes.items():
            os.chmod(path, stat.S_IMODE(mode))


@contextlib.contextmanager
def immutable(folder):
    """Nobody may, not even root."""
    paths = all_in(folder)
    try:
        done = subprocess.run(['chattr', '+i', *paths], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise Skip(done.stderr.strip().partition('\n')[0])
        yield CLI
    except FileNotFoundError as missing:
        raise Skip(str(missing)) from missing
    finally:
        subprocess.run(['chattr', '-i', *paths], capture_output=True, check=False)


@contextlib.contextmanager
def mounted_read_only(folder):
    mounts.needed()
    mounts.mount('--bind', folder, folder)
    try:
        mounts.mount('-o', 'remount,bind,ro', folder)
        yield CLI
    finally:
        subprocess.run(['umount', folder], check=True)


def try_read_only(kind, words, prepare, where):
    """A command of which one folder is read-only, and the same when it is so no more."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), words, prepare)
        scene.restore()
        place = os.path.join(scene.folder, where)
        with kind(place) as cli:
            before = aftermath.remember(place)
            answer = cli.run(*scene.words)
            aftermath.check_told(answer, [place], REFUSED)
            assert aftermath.remember(place) == before, listing(place)
            cli.run('status', scene.song, code=0)
        scene.check(answer)


def try_making(kind, words):
    """A project in a folder in which no other folder can be made."""
    with tempfile.TemporaryDirectory() as folder:
        with kind(folder) as cli:
            answer = cli.run(*[word.format(out=folder) for word in words])
            aftermath.check_told(answer, [folder], REFUSED)
        assert not os.listdir(folder)


# Commands, what comes before them, and the folder in which they may not write.
WRITING = [
    (RUN, [GREEN, CHANGE], 'song'),
    (('set', '{song}', '--bpm', '121'), [], 'song'),
    (('add', '{song}', 'new={sources}/loop.wav'), [], 'song'),
    (('export', '{song}', '{out}/song'), [GREEN], 'out'),
    (('export', '{song}', '{out}/song.tar.gz'), [GREEN], 'out'),
    (('export', '{song}', '{out}/song.zip'), [GREEN], 'out'),
    (('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '1'), [], 'out'),
]


def try_all_commands(kind):
    for words, prepare, where in sample(WRITING, 4):
        try_read_only(kind, words, prepare, where)
    try_making(kind, ('init', '{out}/song', '--seconds', '1'))
    try_making(kind, ('demo', '{out}/song'))


def test_a_folder_without_rights():
    try_all_commands(without_rights)


def test_an_immutable_folder():
    try_all_commands(immutable)


def test_a_folder_on_a_read_only_mount():
    try_all_commands(mounted_read_only)


# --- outputs that are a source ---

@contextlib.contextmanager
def symbolic_link(source, place):
    os.symlink(source, place)
    yield
    os.remove(place)


@contextlib.contextmanager
def hard_link(source, place):
    os.link(source, place)
    yield
    os.remove(place)


@contextlib.contextmanager
def bind_mount(source, place):
    mounts.needed()
    with open(place, 'xb'):
        pass
    mounts.mount('--bind', source, place)
    try:
        yield
    finally:
        subprocess.run(['umount', place], check=True)
        os.remove(place)


def check_refused(scene, answer, code, name):
    """The file is told by its name, the remedy with it, and the source is as it was."""
    aftermath.check_sources(scene.sources, scene.looks)
    assert answer.code == code, str(answer)
    told = answer.out + answer.err
    assert name in told and aftermath.REMEDY.search(told.partition(name)[2]), str(answer)


def try_target(kind, words, name, prepare=()):
    """A command that would write to out/@name, which is the source loop.wav."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), words, prepare)
        scene.restore()
        place = os.path.join(scene.out, name)
        with kind(os.path.join(scene.sources, 'loop.wav'), place):
            check_refused(scene, CLI.run(*scene.words), 2, name)
        scene.check_again(CLI.run(*scene.words))


def try_targets(kind):
    for name in sample(['song.zip', 'song.tar.zst', 'song'], 2):
        try_target(kind, ('export', '{song}', '{out}/' + name), name, [GREEN])
    try_target(kind, ('align', '{sources}/loop.wav', '{out}/new.wav', '--seconds', '1'), 'new.wav')
    try_target(kind, ('align', '{sources}/long.wav', '{out}/new.wav', '--like',
                      '{sources}/loop.wav'), 'new.wav')


# What a run writes at each of its steps.
OUTPUTS = ['stems/converted.wav', 'stems/tone.wav', 'aligned/loop.wav', 'aligned/drums.wav',
           'processed/tone.wav', 'master/Master.wav', 'deliverables/song.zip']


def try_outputs(kind):
    """A run is red where it would write over a source, and goes on when that is out of the way."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), RUN)
        source = os.path.join(scene.sources, 'loop.wav')
        scene.restore()
        for output in sample(OUTPUTS, 3):
            place = os.path.join(scene.song, output)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with kind(source, place):
                check_refused(scene, CLI.run(*scene.words), 1, 'loop.wav')
        scene.check_again(CLI.run(*scene.words))


def try_own_files(kind):
    """What the project keeps for itself: its backup and its lock are links, and a run may replace
    them or refuse, but not write through them."""
    for name in ('song.seamline.bak', '.seamline.lock', '.seamline.holder'):
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(PROGRAM, os.path.join(folder, 'scene'), RUN)
            scene.restore()
            place = os.path.join(scene.song, name)
            with contextlib.suppress(FileNotFoundError):
                os.remove(place)
            with contextlib.suppress(FileNotFoundError):
                with kind(os.path.join(scene.sources, 'loop.wav'), place):
                    answer = CLI.run(*scene.words)
                    aftermath.check_sources(scene.sources, scene.looks)
                    if answer.code != 0:
                        aftermath.check_told(answer, [place, scene.song], '.')
            scene.check_again(answer)


def try_kind(kind):
    try_targets(kind)
    try_outputs(kind)
    try_own_files(kind)


def test_symbolic_links_to_a_source():
    try_kind(symbolic_link)


def test_hard_links_to_a_source():
    try_kind(hard_link)


def test_bind_mounts_of_a_source():
    try_kind(bind_mount)


def test_the_path_of_a_source():
    """Of an export and of align; one that lies where a run writes cannot be added."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), RUN)
        loop = os.path.join(scene.sources, 'loop.wav')
        check_refused(scene, CLI.run('export', scene.song, loop), 2, 'loop.wav')
        for words in ((loop, loop, '--seconds', '1'),
                      (os.path.join(scene.sources, 'long.wav'), loop, '--like', loop)):
            check_refused(scene, CLI.run('align', *words), 2, 'loop.wav')
        mine = os.path.join(scene.song, 'aligned', 'mine.wav')
        shutil.copy2(loop, mine)
        check_refused(scene, CLI.run('add', scene.song, f'mine={mine}'), 2, 'mine.wav')


def test_folders_that_are_links_to_the_sources():
    """Every output whose name is that of a source there."""
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), RUN)
        for name in ('stems', 'aligned'):
            scene.restore()
            os.symlink(scene.sources, os.path.join(scene.song, name))
            answer = CLI.run(*scene.words)
            assert answer.code == 1, str(answer)
            for path, look in scene.looks.items():
                assert aftermath.look(os.path.join(scene.sources, path)) == look, path


def main():
    mounts.enter(needed=False)
    return run_cases(cases_of(globals()))


if __name__ == '__main__':
    sys.exit(main())
