#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk, a quota and a broken disk, at every call that changes what a disk holds: TAP.

Whatever the call: the program says so by its exit code, and in one line with the file, the fault
and a remedy; sources are as they were, files under a final name are whole, the project opens, and
the same command once more ends well, with the bytes of an undisturbed one. A call whose failure
costs nothing may be ignored: then the command ends well at once. Tolerance: none, bytes are
compared. Usage: test_failing_calls.py SEAMLINE-CLI
"""
import collections
import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import aftermath  # noqa: E402
import mounts  # noqa: E402
from cases import Skip, cases_of, run_cases  # noqa: E402
from command import Command, digests  # noqa: E402
from failing_calls import BROKEN, CALLS, FULL, QUOTA, FailingCalls  # noqa: E402
from scene import CHANGE, GREEN, RUN, Scene  # noqa: E402
from thorough import THOROUGH, sample  # noqa: E402

PROGRAM = sys.argv[1]
CLI = Command(PROGRAM)
CODES = [FULL, QUOTA, BROKEN]

STEP = 64 << 10

# More places than any command has.
MANY = 1 << 20

# What strace is to watch: all that could change a file, also by names that are not used now.
CHANGES = ','.join(f'?{name}' for name in (
    'write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'fsync', 'fdatasync', 'syncfs', 'sync',
    'truncate', 'ftruncate', 'fallocate', 'rename', 'renameat', 'renameat2', 'link', 'linkat',
    'symlink', 'symlinkat', 'unlink', 'unlinkat', 'rmdir', 'mkdir', 'mkdirat', 'creat', 'chmod',
    'fchmod', 'fchmodat', 'chown', 'fchown', 'utimensat', 'sendfile', 'copy_file_range', 'splice',
    'sync_file_range'))

# That these fail is of no consequence: parts are taken away again, and write-back is begun.
HARMLESS = {'unlink', 'rmdir', 'sync_file_range'}

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
    that may not be ignored both that of a quota and that of a broken disk are tried, and in a
    quick round no others are."""
    scene.restore()
    library.command(PROGRAM, scene.folder + os.sep).run(*scene.words, code=0)
    counted = [call.name for call in library.counted()]
    names = [name for name in CALLS if THOROUGH or name in NEEDED]
    places = [(name, number) for name in names for number in range(1, counted.count(name) + 1)]
    return [(*place, code) for n, place in enumerate(places)
            for code in ([QUOTA, BROKEN] if THOROUGH and place[0] in NEEDED
                         else [CODES[n % len(CODES)]])]


def try_scene(few, words, prepare=(), after=(), most=MANY):
    """At @few places in a quick round, and otherwise at all, or @most of them."""
    with tempfile.TemporaryDirectory() as folder:
        library = FailingCalls(folder)
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), words, prepare, after)
        places = places_of(library, scene)
        places = sample(places[::-(-len(places) // most)], few)
        print(f'# {len(places)} places', flush=True)
        for place in places:
            try_place(library, scene, *place)


EXPORT_ZIP = ('export', '{song}', '{out}/song.zip')
EXPORT_TAR = ('export', '{song}', '{out}/song.tar.zst')


def test_run():
    try_scene(5, RUN)


def test_run_over_the_files_of_another():
    try_scene(4, RUN, [GREEN, CHANGE])


def test_export_of_the_archive():
    """Over that of an earlier run."""
    try_scene(2, EXPORT_ZIP, [GREEN, EXPORT_ZIP, CHANGE, GREEN])


def test_export_as_another_archive():
    try_scene(2, EXPORT_TAR, [GREEN])


def test_export_as_a_folder():
    try_scene(2, ('export', '{song}', '{out}/song'), [GREEN])


def test_add():
    try_scene(2, ('add', '{song}', 'new={sources}/loop.wav'), after=[GREEN])


def test_set():
    try_scene(2, ('set', '{song}', '--bpm', '121'), [GREEN], [GREEN])


def test_init():
    try_scene(2, ('init', '{out}/song', '--reference', '{sources}/reference.wav'))


def test_demo():
    """It writes twenty files in the same way."""
    try_scene(2, ('demo', '{out}/song'), most=40)


def test_align():
    """Over another file."""
    try_scene(2, ('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '2'),
              [('align', '{sources}/loop.wav', '{out}/loop.wav', '--seconds', '1')])


# --- as the kernel does it ---

def check_fault(scene, answer, fault):
    """A failure that the program has met somewhere in its work."""
    try:
        aftermath.check_told(answer, scene.names(), fault)
        scene.check(answer)
    except AssertionError as wrong:
        raise AssertionError(f'{wrong}\n{answer}') from wrong


def try_sizes(few, words, prepare=()):
    """No file may become larger than so many bytes; the signal about it would end the program."""
    if shutil.which('prlimit') is None:
        raise Skip('prlimit is not installed')
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), words, prepare)
        most = max(os.path.getsize(os.path.join(written, name))
                   for written in (scene.song, scene.out) for name in digests(written))
        for size in sample(range(STEP, most, STEP), few):
            scene.restore()
            limited = Command(PROGRAM, ('prlimit', f'--fsize={size}'))
            check_fault(scene, limited.run(*scene.words), 'File too large')


def test_a_limit_of_the_size_of_files():
    try_sizes(2, RUN)
    try_sizes(2, EXPORT_ZIP, [GREEN])


def traced(log, *options):
    """The program under strace, which writes into @log."""
    return Command(PROGRAM, ('strace', '-f', '-qq', '-y', '-o', log, *options))


def traced_calls(log, under):
    """The calls that strace has seen change something below the folder @under, by name."""
    with open(log, encoding='utf-8', errors='replace') as lines:
        found = [re.match(r'\d+ +(\w+)\((.*)', line) for line in lines]
    return collections.Counter(call.group(1) for call in found if call and under in call.group(2))


def need_strace():
    try:
        subprocess.run(['strace', '-o', '/dev/null', 'true'], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as missing:
        raise Skip(f'strace: {missing}') from missing


def test_no_call_is_overlooked():
    """What the kernel is asked to change is what the calls above are, each of them."""
    need_strace()
    with tempfile.TemporaryDirectory() as folder:
        library, log = FailingCalls(folder), os.path.join(folder, 'log.strace')
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), RUN, [GREEN, CHANGE])
        scene.restore()
        traced(log, '-e', f'trace={CHANGES}').run(*scene.words, code=0)
        seen = traced_calls(log, scene.folder)
        scene.restore()
        library.command(PROGRAM, scene.folder + os.sep).run(*scene.words, code=0)
        counted = collections.Counter(call.name for call in library.counted())
        assert seen, 'strace has seen nothing'
        assert not seen.keys() - set(CALLS) - HARMLESS, seen
        for name in NEEDED - {'openat'}:
            assert seen[name] == counted[name] > 0, (name, seen, counted)


def try_traced(few, call, code, words, prepare=()):
    """From the n-th @call of each thread on all of them fail. Threads share the work as it comes,
    so that there may be fewer calls in each this time: then it has been a good run."""
    need_strace()
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(PROGRAM, os.path.join(folder, 'scene'), words, prepare)
        log = os.path.join(folder, 'log.strace')
        scene.restore()
        traced(log, '-e', f'trace={call}').run(*scene.words, code=0)
        for number in sample(range(1, most_of_a_thread(log) + 1), few):
            scene.restore()
            failing = traced(log, '-e', f'trace={call}', '-e',
                             f'inject={call}:error={errno.errorcode[code]}:when={number}+')
            answer = failing.run(*scene.words)
            with open(log, encoding='utf-8', errors='replace') as lines:
                met = '(INJECTED)' in lines.read()
            assert met or (number > 1 and answer.code == 0), str(answer)
            if met:
                check_fault(scene, answer, os.strerror(code))


def most_of_a_thread(log):
    with open(log, encoding='utf-8', errors='replace') as lines:
        calls = collections.Counter(line.split()[0] for line in lines if 'resumed>' not in line)
    return max(calls.values())


def test_writes_that_strace_lets_fail():
    try_traced(2, 'pwrite64', QUOTA, RUN)


def test_syncs_that_strace_lets_fail():
    try_traced(2, 'fsync', BROKEN, RUN)


def test_renames_that_strace_lets_fail():
    try_traced(2, 'rename', FULL, RUN)


def test_an_archive_that_strace_lets_fail():
    try_traced(2, 'pwrite64', BROKEN, EXPORT_TAR, [GREEN])


def main():
    mounts.enter(needed=False)
    with mounts.in_memory():
        return run_cases(cases_of(globals()))


if __name__ == '__main__':
    sys.exit(main())
