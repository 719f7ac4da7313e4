#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power is cut while the program works, and nothing that it had reported as done is lost: TAP.

The commands of a whole song are played on ext4, on a disk whose every write and flush is logged
(support/logged_disk.py). From the log the disk is made as the cut would leave it at many moments,
in the worst ways that a disk with a write cache allows:
  nothing flushed  what was written since the last flush is lost, all of it;
  journal only     of that, only the writes to the journal have reached the disk; so the file system
                   replays changes whose data never came, if they were not flushed (data=writeback,
                   no automatic allocation: nothing is done for programs that do not flush);
  as written       all of it has, in the order in which it was written;
  after sync       the whole file system was synced at that moment, with all that was half done.
What the kernel itself would write back after some seconds is lost in all views but the last.
Each disk is mounted, which recovers the journal, without any repair. Then
- the project opens, with the settings that were reported, or those of the command under way;
- every step that was reported as passed has passed;
- every file under a final name is one that the unbroken story has, byte for byte, and none of those
  reported is missing;
- a run ends as that of the unbroken story does, with identical outputs and without part files, and
  an export that was cut off can be repeated.
To prove that such a disk shows what is not flushed, the same is done with a program that does not
flush files, folders, or either; then the judge must find what is lost or short.
Usage: test_power_cut.py SEAMLINE-CLI
"""
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import mounts  # noqa: E402
from aftermath import leftovers  # noqa: E402
from cases import Skip, run_cases, skip_all  # noqa: E402
from command import Command  # noqa: E402
from logged_disk import Flush, LoggedDisk, Mount, Said, Write, run  # noqa: E402
from promises import (Broken, Lost, Promise, Unbroken, Wrong, files_of,  # noqa: E402
                      passed_steps, read_project, settings_of, tell_story, write_sources)
from thorough import sample  # noqa: E402

CLI = Command(sys.argv[1])
SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support')

DISK_BYTES = 48 << 20
BLOCK = 4096
JOURNAL_INODE = 8
POINTS = 100
HUNG_S = 60

# No help for programs that do not flush, and nothing written back while the story is played.
DEFAULT = 'commit=600'
WRITEBACK = 'commit=600,data=writeback,noauto_da_alloc'

Done = collections.namedtuple('Done', '')
Synced = collections.namedtuple('Synced', '')
Recording = collections.namedtuple('Recording', 'before log journal')


# --- what is recorded, and the disks that are made of it ---

def compile_no_sync(folder):
    """The library that makes flushing do nothing."""
    library = os.path.join(folder, 'no_sync.so')
    run('cc', '-shared', '-fPIC', '-O1', '-o', library, os.path.join(SUPPORT, 'no_sync.c'))
    return library


class Place:
    """The folders, the disk and the unbroken story that all cases share."""

    def __init__(self, folder):
        self.folder = folder
        self.sources = os.path.join(folder, 'sources')
        self.mount = os.path.join(folder, 'mounted')
        self.recordings = {}
        self.no_sync = compile_no_sync(folder)
        write_sources(self.sources)
        self.disk = LoggedDisk(os.path.join(folder, 'fuse'), DISK_BYTES)
        self.try_to_mount()
        self.unbroken = Unbroken(self.careless('all'), os.path.join(folder, 'unbroken'),
                                 self.sources)

    def try_to_mount(self):
        try:
            self.format()
            with Mount(self.disk, self.mount, WRITEBACK):
                pass
        except OSError as reason:
            self.disk.close()
            raise Skip(f'no file system can be mounted here: {reason}') from reason

    def careless(self, what):
        """The program, which does not flush "files", "folders" or "all"."""
        return Command(sys.argv[1], env={'LD_PRELOAD': self.no_sync, 'SEAMLINE_NO_SYNC': what})

    def format(self):
        """Makes an empty file system; the numbers of the blocks of its journal."""
        run('mkfs.ext4', '-q', '-F', '-b', str(BLOCK), '-J', 'size=4',
            '-E', 'nodiscard,lazy_itable_init=0,lazy_journal_init=0', self.disk.path)
        extents = run('debugfs', '-R', f'stat <{JOURNAL_INODE}>', self.disk.path)
        ranges = re.findall(r'\([-\d]+\):(\d+)(?:-(\d+))?', extents.partition('EXTENTS:')[2])
        return {block for first, last in ranges
                for block in range(int(first), int(last or first) + 1)}

    def record(self, options, cli=CLI, syncing=False):
        """Plays the story."""
        journal = self.format()
        mount = Mount(self.disk, self.mount, options)
        with mount:
            before = bytes(self.disk.image)
            self.disk.log = []
            for words in tell_story(self.mount, self.sources):
                self.play(cli, words, mount if syncing else None)
            log, self.disk.log = self.disk.log, []
        return Recording(before, log, journal)

    def recorded(self, options):
        """The story on a file system mounted with those options, played once."""
        if options not in self.recordings:
            self.recordings[options] = self.record(options)
        return self.recordings[options]

    def play(self, cli, words, synced):
        with open(self.disk.said, 'wb') as said:
            process = subprocess.Popen([*cli.program, *words], stdin=subprocess.DEVNULL,
                                       stdout=said, stderr=subprocess.PIPE, env=cli.env, cwd='/')
        while synced is not None and process.poll() is None:
            synced.sync()
            self.disk.log.append(Synced())
        complaint = process.communicate(timeout=HUNG_S)[1]
        assert process.returncode == 0 and not complaint, f'{words}: {complaint}'
        self.disk.log.append(Done())


def keeps_nothing(_recording, _write):
    return False


def keeps_all(_recording, _write):
    return True


def keeps_journal(recording, write):
    return write.offset // BLOCK in recording.journal


def cut(recording, position, keeps):
    """The disk as a cut after @position entries of the log leaves it, when of the writes that were
    not flushed those are kept for which @keeps is true."""
    image = bytearray(recording.before)
    log = recording.log[:position]
    flushed = max((n for n, entry in enumerate(log) if isinstance(entry, Flush)), default=0)
    for n, entry in enumerate(log):
        if isinstance(entry, Write) and (n < flushed or keeps(recording, entry)):
            image[entry.offset:entry.offset + len(entry.data)] = entry.data
    return image


def after(log, *kinds):
    """The positions right after entries of those kinds."""
    return [n + 1 for n, entry in enumerate(log) if isinstance(entry, kinds)]


def thin(places, count):
    """@count of @places, spread evenly."""
    return [places[round(n * (len(places) - 1) / (count - 1))] for n in range(count)]


def choose(log, few):
    """A hundred positions: right after each report, when nothing more may be lost, and others at
    equal distances; or @few of both."""
    reports = after(log, Said, Done)
    rest = [position for position in range(len(log)) if position not in reports]
    return {*sample(reports, few), *sample(thin(rest, POINTS - len(reports)), few)}


# --- judgement ---

def check_promise(place, promise):
    """What is there when the power has come back."""
    song = os.path.join(place.mount, 'song')
    promise.check_files(files_of(place.mount))
    try:
        promise.check_settings(settings_of(read_project(song)))
        read_project(song, '.bak')
    except ValueError as unreadable:
        raise Wrong(f'the project is no JSON: {unreadable}') from unreadable
    missing = promise.passed - passed_steps(CLI, song) if promise.passed else None
    if missing:
        raise Lost(f'no longer passed: {missing}')


def check_rerun(place, promise):
    """What was cut off can be done again."""
    song = os.path.join(place.mount, 'song')
    document = read_project(song)
    if document is None:
        return
    end = place.unbroken.end_of(settings_of(document))
    CLI.run('run', song, code=end.code)
    assert files_of(song) == end.files, 'the outputs of a rerun differ'
    assert not leftovers(song), leftovers(song)
    for words in tell_story(place.mount, place.sources)[promise.done:promise.done + 1]:
        if words[0] == 'export' and not promise.is_exported:
            repeat_export(place, promise, words)


def repeat_export(place, promise, words):
    """A folder that is not empty is refused; who exports empties it first."""
    if os.path.isdir(words[2]):
        shutil.rmtree(words[2])
    CLI.run(*words, code=0)
    promise.is_exported = True
    promise.check_files(files_of(place.mount))
    assert not leftovers(place.mount), leftovers(place.mount)


def judge(place, image, promise, *checks):
    place.disk.image = image
    with Mount(place.disk, place.mount):
        for check in checks:
            check(place, promise)
    place.disk.log = []


def try_cuts(place, recording, positions, keeps, checks=(check_promise, check_rerun)):
    """Cuts at all of @positions."""
    failures = []
    for position in sorted(positions):
        promise = promise_at(place, recording, position)
        try:
            judge(place, cut(recording, position, keeps), promise, *checks)
        except (AssertionError, OSError) as failure:
            failures.append(f'{describe(recording, position)}: {failure}')
    print(f'# {len(positions)} cuts of {len(recording.log)} events, {len(failures)} bad')
    assert not failures, '\n'.join(failures)


def promise_at(place, recording, position):
    """What must be there after a cut at that position."""
    log = recording.log[:position]
    done = after(log, Done)
    said = ''.join(entry.text for entry in log[max(done, default=0):] if isinstance(entry, Said))
    return Promise(place.unbroken, len(done), said)


def describe(recording, position):
    log = recording.log[:position]
    last = type(log[-1]).__name__ if log else 'the start'
    return f'event {position} ({last}), {len(after(log, Done))} commands done'


# --- cases ---

def test_nothing_flushed(place):
    recording = place.recorded(DEFAULT)
    try_cuts(place, recording, choose(recording.log, 3), keeps_nothing)


def test_as_written(place):
    recording = place.recorded(DEFAULT)
    try_cuts(place, recording, choose(recording.log, 2), keeps_all)


def test_journal_only(place):
    recording = place.recorded(WRITEBACK)
    try_cuts(place, recording, choose(recording.log, 3), keeps_journal)


def test_every_event(place):
    """Between any two events, whatever is kept; what a rerun does is for the other cases."""
    recording = place.recorded(WRITEBACK)
    for keeps in (keeps_nothing, keeps_journal, keeps_all):
        positions = sample(range(len(recording.log) + 1), 3)
        try_cuts(place, recording, positions, keeps, [check_promise])


def test_after_sync(place):
    recording = place.record(DEFAULT, syncing=True)
    synced = after(recording.log, Synced)
    assert len(synced) >= POINTS, f'only {len(synced)} syncs'
    try_cuts(place, recording, sample(thin(synced, POINTS), 5), keeps_all)


def check_seen(place, what, wanted):
    """A program that does not flush loses what it has reported, and the judge sees that."""
    recording = place.record(WRITEBACK, place.careless(what))
    for position in reversed(after(recording.log, Said, Done)):
        promise = promise_at(place, recording, position)
        for keeps in (keeps_nothing, keeps_journal):
            try:
                judge(place, cut(recording, position, keeps), promise, check_promise)
            except wanted as seen:
                print(f'# {describe(recording, position)}: {seen}')
                return
            except Broken:
                continue
    raise AssertionError('nothing is lost without flushing: the disk hides it, or the judge')


def test_files_not_flushed(place):
    check_seen(place, 'files', Wrong)


def test_folders_not_flushed(place):
    check_seen(place, 'folders', Lost)


def test_nothing_is_ever_flushed(place):
    check_seen(place, 'all', Lost)


CASES = [test_nothing_flushed, test_as_written, test_journal_only, test_every_event,
         test_after_sync, test_files_not_flushed, test_folders_not_flushed,
         test_nothing_is_ever_flushed]


def main():
    if os.geteuid() != 0:
        skip_all('only root has loop devices')
    mounts.enter()
    with tempfile.TemporaryDirectory(prefix='seamline-power-') as folder:
        try:
            place = Place(folder)
        except Skip as reason:
            skip_all(reason)
        try:
            return run_cases(CASES, place)
        finally:
            place.disk.close()


sys.exit(main())
