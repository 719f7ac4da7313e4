#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full after any 64 KiB of what a command writes: TAP.

The disk is in memory and has just so much room. What is refused in time, because the room is
predicted, is refused; then the disk says that it has room, so that it is full in the middle, at
first when the room of a file is reserved, and at last in the middle of writing it. Whatever the
place: the program says so by its exit code, and in one line with the file, the fault and a
remedy; sources are as they were, files under a final name are whole, the project opens, and the
same command ends well as soon as there is room, with the bytes of an undisturbed one. Tolerance:
none, bytes are compared. Usage: test_full_disk.py SEAMLINE-CLI
"""
import errno
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import aftermath  # noqa: E402
import mounts  # noqa: E402
from cases import cases_of, run_cases  # noqa: E402
from command import Command  # noqa: E402
from failing_calls import FailingCalls  # noqa: E402
from scene import CHANGE, GREEN, RUN, Scene  # noqa: E402
from thorough import sample  # noqa: E402

PROGRAM = sys.argv[1]
STEP = 64 << 10

# More blocks than anything here needs.
MUCH = 1 << 30

EXPORT_ZIP = ('export', '{song}', '{out}/song.zip')


class Honest:
    """As it is: too little room is seen before it is used."""

    fault = 'No space left on device|free'

    def command(self, _library, _folder):
        return Command(PROGRAM)


class Liar:
    """There is room, it says, but room for a whole file is refused."""

    fault = 'No space left on device'

    def command(self, library, folder):
        return library.command(PROGRAM, folder, [], free_blocks=MUCH)


class Promising:
    """There is room, it says, and it cannot reserve any: each byte that is too much fails."""

    fault = 'No space left on device'

    def command(self, library, folder):
        return library.command(PROGRAM, folder, ['fallocate'], 1, errno.EOPNOTSUPP, onwards=True,
                               free_blocks=MUCH)


def try_room(scene, disk, command, fault, room):
    """Whether @room was enough."""
    disk.set_room()
    scene.restore()
    disk.set_room(room)
    answer = command.run(*scene.words)
    try:
        if answer.code != 0:
            aftermath.check_told(answer, scene.names(), fault)
        disk.set_room()
        scene.check(answer)
    except AssertionError as wrong:
        raise AssertionError(f'{room} bytes: {wrong}\n{answer}') from wrong
    return answer.code == 0


def folder_bytes(disk):
    """Bytes of the files in each folder of @disk: those of a step are there before any of them
    takes the place of an older one."""
    return [sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())
            for folder, _folders, _files in os.walk(disk.path)]


def needed_by(scene, disk):
    """Bytes that the undisturbed command needs on @disk, about."""
    scene.restore()
    before = os.statvfs(disk.path)
    Command(PROGRAM).run(*scene.words, code=0)
    after = os.statvfs(disk.path)
    return max((before.f_bfree - after.f_bfree) * after.f_frsize, *folder_bytes(disk))


def try_rooms(few, kind, words, prepare=(), on='song'):
    """Every room up to what the command needs, and one in which it ends well."""
    with tempfile.TemporaryDirectory() as folder:
        library = FailingCalls(folder)
        area = os.path.join(folder, 'scene')
        with mounts.Tmpfs(os.path.join(area, on)) as disk:
            scene = Scene(PROGRAM, area, words, prepare)
            needed = needed_by(scene, disk)
            rooms = sample(range(0, needed, STEP), few)
            command = kind.command(library, area)
            enough = [try_room(scene, disk, command, kind.fault, room) for room in rooms]
            print(f'# {len(rooms)} rooms, {enough.count(False)} too small', flush=True)
            enough_for_two = 2 * needed // STEP * STEP
            assert not enough[0] and try_room(scene, disk, command, kind.fault, enough_for_two)


def test_run():
    try_rooms(2, Honest(), RUN)


def test_run_whose_files_find_no_room():
    try_rooms(3, Liar(), RUN)


def test_run_whose_bytes_find_no_room():
    try_rooms(3, Promising(), RUN)


def test_run_over_the_files_of_another():
    try_rooms(3, Promising(), RUN, [GREEN, CHANGE])


def test_export_of_the_archive():
    """Over that of an earlier run."""
    try_rooms(3, Promising(), EXPORT_ZIP, [GREEN, EXPORT_ZIP, CHANGE, GREEN], 'out')


def test_export_as_another_archive():
    try_rooms(3, Promising(), ('export', '{song}', '{out}/song.tar.zst'), [GREEN], 'out')


def test_export_as_a_folder():
    try_rooms(3, Promising(), ('export', '{song}', '{out}/song'), [GREEN], 'out')


def test_align():
    """Over another file."""
    try_rooms(3, Promising(), ('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '4'),
              [('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '1')], 'out')


def main():
    mounts.enter()
    with mounts.in_memory():
        return run_cases(cases_of(globals()))


if __name__ == '__main__':
    sys.exit(main())
