#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk, a quota and a broken disk, at every call that changes what a disk holds: TAP.

Whatever the call: the program says so by its exit code, and in one line with the file, the fault
and a remedy; sources are as they were, files under a final name are whole, the project opens, and
the same command once more ends well, with the bytes of an undisturbed one. A call whose failure
costs nothing may be ignored: then the command ends well at once. Tolerance: none, bytes are
compared. Usage: test_failing_calls.py SEAMLINE-CLI
"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import aftermath  # noqa: E402
import mounts  # noqa: E402
from cases import Skip, run_cases  # noqa: E402
from command import Command  # noqa: E402
from failing_calls import BROKEN, CALLS, FULL, QUOTA, FailingCalls  # noqa: E402
from scene import CHANGE, GREEN, RUN, Scene  # noqa: E402
from thorough import THOROUGH, sample  # noqa: E402

PROGRAM = sys.argv[1]
CLI = Command(PROGRAM)
CODES = [FULL, QUOTA, BROKEN]

# Of these none may be ignored. What is synced and then closed has nothing to lose in closing; a
# file system without links gets a copy; a lock holds without the name of its holder.
NEEDED = {'pwrite64', 'fsync', 'rename', 'fallocate', 'openat'}
LOCK = '.seamline.lock'

def check_answer(answer, call, code):
    """What the program has said of a @call that failed with @code."""
    needed = call.name in NEEDED and not call.path.endswith(LOCK)
    if answer.code == 0 and not needed:
        return
    aftermath.check_told(answer, call.names(), os.strerror(code))


def try_place(library, scene, call, number, code):
    scene.restore()
    command = library.command(PROGRAM, scene.folder + os.sep, [call], number, code)
    answer = command.run(*scene.words)
    failed = [counted for counted in library.counted() if counted.failed]
    if not failed and call == 'close':
        return                          # how often a file is opened to be read depends on threads
    assert len(failed) == 1, f'{call} {number} is not called'
    try:
        check_answer(answer, failed[0], code)
        scene.check(answer)
    except AssertionError as wrong:
        raise AssertionError(f'{failed[0]}, {os.strerror(code)}: {wrong}\n{answer}') from wrong


def places_of(library, scene):
    """Each call that the undisturbed command makes, by name and number, with its error: of those
    that may not be ignored both that of a quota and that of a broken disk are tried."""
    scene.restore()
    library.command(PROGRAM, scene.folder + os.sep).run(*scene.words, code=0)
    counted = [call.name for call in library.counted()]
    places = [(name, number) for name in CALLS for number in range(1, counted.count(name) + 1)]
    return [(*place, code) for n, place in enumerate(places)
            for code in ([QUOTA, BROKEN] if THOROUGH and place[0] in NEEDED
                         else [CODES[n % len(CODES)]])]


def try_scene(few, words, prepare=(), after=()):
    with tempfile.TemporaryDirectory() as folder:
        library = FailingCalls(folder)
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), words, prepare, after)
        places = sample(places_of(library, scene), few)
        print(f'# {len(places)} places', flush=True)
        for place in places:
            try_place(library, scene, *place)


EXPORT_ZIP = ('export', '{song}', '{out}/song.zip')


def test_run():
    try_scene(5, RUN)


def test_run_over_the_files_of_another():
    try_scene(4, RUN, [GREEN, CHANGE])


def test_export_of_the_archive():
    """Over that of an earlier run."""
    try_scene(2, EXPORT_ZIP, [GREEN, EXPORT_ZIP, CHANGE, GREEN])


def test_export_as_another_archive():
    try_scene(2, ('export', '{song}', '{out}/song.tar.zst'), [GREEN])


def test_export_as_a_folder():
    try_scene(2, ('export', '{song}', '{out}/song'), [GREEN])


def test_add():
    try_scene(2, ('add', '{song}', 'new={sources}/loop.wav'), after=[GREEN])


def test_set():
    try_scene(2, ('set', '{song}', '--bpm', '121'), [GREEN], [GREEN])


def test_init():
    try_scene(2, ('init', '{out}/song', '--reference', '{sources}/reference.wav'))


def test_demo():
    try_scene(2, ('demo', '{out}/song'))


def test_align():
    """Over another file."""
    try_scene(2, ('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '2', '--bpm', '120'),
              [('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '1')])


def main():
    mounts.enter(needed=False)
    with mounts.in_memory():
        return run_cases([case for name, case in globals().items() if name.startswith('test_')])


if __name__ == '__main__':
    sys.exit(main())
