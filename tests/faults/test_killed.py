#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at any system call, of the program with its helper or of one of them: TAP.

The calls of all threads and processes are counted together, and the places are spread evenly over
them. Whatever the place: sources are as they were, files under a final name are whole, the project
opens, and the same command once more ends well, with the bytes of a run that nobody killed, and
without part files. Tolerance: none, bytes are compared. Usage: test_killed.py SEAMLINE-CLI
"""
import json
import os
import shutil
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import aftermath  # noqa: E402
import bad_audio  # noqa: E402
import small_song  # noqa: E402
from cases import cases_of, lasting_folder, run_cases  # noqa: E402
from command import Command, digests, listing  # noqa: E402
from thorough import THOROUGH, sample  # noqa: E402
from tracer import Tracer, writing_calls  # noqa: E402

CLI = Command(sys.argv[1])

# Places that a thorough run tries in what has more.
MANY = 500


def places(calls, few):
    """At most MANY numbers from 1 to @calls, or @few in a quick run, none of them at an end: there
    is little to be seen."""
    assert calls > few, f'only {calls} calls'
    step = max(1, calls / MANY)
    every = [1 + int(n * step) for n in range(min(MANY, calls))]
    return every if THOROUGH else sample(every, few + 2)[1:-1]


def add_lossy(song, path):
    """A stem that a run decodes to a copy to work on, where one can be made."""
    try:
        import soundfile
    except ImportError:
        return
    soundfile.write(path, bad_audio.sine(72000), small_song.RATE, format='OGG', subtype='VORBIS')
    CLI.run('add', song, f'lossy={path}', code=0)


def rewrite_loop(sources, seed):
    """Other beats, and another length: what was known of the file holds no more."""
    bad_audio.put(os.path.join(sources, 'loop.wav'),
                  bad_audio.riff(bad_audio.pack(small_song.beats(1.1 + seed / 10, seed))))


class Ground:
    """A song before the command that is killed, and what that command makes of it undisturbed."""

    def __init__(self, folder):
        self.folder = folder
        self.song, self.sources = small_song.make(CLI, folder)
        self.out = self.path('out')
        os.mkdir(self.out)
        add_lossy(self.song, os.path.join(self.sources, 'lossy.ogg'))
        rewrite_loop(self.sources, 7)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def keep(self):
        """What is here now is what every killed command starts from."""
        for name in ('song', 'out'):
            shutil.copytree(self.path(name), self.path('kept', name))
        self.looks = aftermath.remember(self.sources)
        self.previous = digests(self.song)

    def restore(self):
        for name in ('song', 'out'):
            shutil.rmtree(self.path(name))
            shutil.copytree(self.path('kept', name), self.path(name))

    def learn(self, words, **options):
        """Runs the command unkilled; the calls that it makes."""
        self.restore()
        traced = Tracer(**options).run(CLI, *words)
        assert traced.code == 0, str(traced)
        self.expected, self.listed = digests(self.song), listing(self.song)
        self.exported, self.project = digests(self.out), self.read_project()
        return traced.calls

    def read_project(self, name='song/song.seamline'):
        """A project file, but for the times at which files were looked at: whole, or this fails."""
        with open(self.path(name), encoding='utf-8') as file:
            project = json.load(file)
        for entry in project['files'].values():
            entry.pop('seen_us', None)
        return project

    def check_run(self):
        """All that must hold after a run was killed, and of the run after it."""
        self.read_project()
        self.read_project('song/song.seamline.bak')
        aftermath.check_aftermath(CLI, self.song, self.sources, self.expected, self.looks,
                                  self.previous, killed=True)
        assert listing(self.song) == self.listed, set(listing(self.song)) ^ set(self.listed)


def try_places(ground, words, few, check, **options):
    """Kills the command at each place and has @check look; how many were hit must be most: the
    count of calls differs a little from run to run."""
    calls = ground.learn(words, **options)
    hits, chosen = 0, places(calls, few)
    for number, at in enumerate(chosen):
        if number % 100 == 99:
            print(f'# {number + 1} of {len(chosen)}', flush=True)
        ground.restore()
        traced = Tracer(at=at, **options).run(CLI, *words)
        hits += traced.hit
        try:
            check(traced)
        except AssertionError as failure:
            raise AssertionError(f'killed at {at} of {calls}: {failure}\n{traced}') from failure
    print(f'# {len(chosen)} of {calls} calls, {hits} hit', flush=True)
    assert hits >= 0.9 * len(chosen) - 1, hits


GROUNDS = {}


def ground_of(prepare):
    """The ground that @prepare makes, once for all who start from it."""
    if prepare not in GROUNDS:
        GROUNDS[prepare] = Ground(lasting_folder())
        prepare(GROUNDS[prepare])
        GROUNDS[prepare].keep()
    return GROUNDS[prepare]


def fresh(_ground):
    """Nothing has been run."""


def edited(ground):
    """Green, and then a stem and a setting have changed."""
    CLI.run('run', ground.song, code=0)
    rewrite_loop(ground.sources, 8)
    CLI.run('set', ground.song, 'tone', '--lowpass', '900', code=0)


def green(ground):
    """All is done; where exports go lies one of long ago, and audio."""
    CLI.run('run', ground.song, code=0)
    bad_audio.put(os.path.join(ground.out, 'old.tar.gz'), b'The archive of the week before.')
    bad_audio.good(os.path.join(ground.out, 'old.wav'))


# --- run ---

def check_killed_run(ground, traced):
    assert traced.code == (-signal.SIGKILL if traced.hit else 0), traced.code
    ground.check_run()


def try_run(prepare, few, **options):
    ground = ground_of(prepare)
    try_places(ground, ('run', ground.song), few,
               lambda traced: check_killed_run(ground, traced), **options)


def test_everything_at_any_call():
    try_run(fresh, 3)


def test_everything_at_any_change_of_the_disk():
    try_run(fresh, 3, counted=writing_calls())


def test_program_without_its_helper():
    """The helper is left with nobody to tell, and must not stay or go on writing."""
    try_run(fresh, 2, victim='program')


def test_again_after_an_edit():
    """Files of the run before stay until whole ones take their places."""
    try_run(edited, 2, counted=writing_calls())


def test_helper_alone():
    """The run ends by itself, tells of the file, and leaves no part of a file."""
    def check(ground, traced):
        if traced.hit:
            assert traced.code in (1, 3), traced.code
            assert 'loop' in traced.out + traced.err or 'lossy' in traced.out + traced.err
            assert not aftermath.leftovers(ground.song), aftermath.leftovers(ground.song)
        ground.check_run()

    ground = ground_of(fresh)
    try_places(ground, ('run', ground.song), 2, lambda traced: check(ground, traced),
               victim='helper')


# --- export ---

def check_export(ground, words):
    """What lies outside is nothing, the archive of before, or the new one; then all is new."""
    kept = digests(ground.path('kept', 'out'))
    found = {name: digest for name, digest in digests(ground.out).items()
             if not name.endswith('.part')}
    for name, digest in found.items():
        assert digest in (ground.exported.get(name), kept.get(name)), f'{name} is not whole'
    aftermath.check_finals(ground.song, ground.expected, ground.previous)
    if any(os.sep in name for name in found):
        check_folder_stays(ground, words, found)
    CLI.run(*words, code=0)
    assert digests(ground.out) == ground.exported, listing(ground.out)
    assert digests(ground.song) == ground.expected


def check_folder_stays(ground, words, found):
    """A folder with files in it is refused as not empty; who empties it can go on."""
    answer = CLI.run(*words, code=2)
    assert 'not empty' in answer.err, str(answer)
    assert {name: digests(ground.out).get(name) for name in found} == found
    shutil.rmtree(words[-1])


def try_export(name, few):
    ground = ground_of(green)
    words = ('export', ground.song, os.path.join(ground.out, name))
    try_places(ground, words, few, lambda traced: check_export(ground, words),
               counted=writing_calls())


def test_export_of_the_archive():
    try_export('song.zip', 1)


def test_export_over_an_archive():
    try_export('old.tar.gz', 2)


def test_export_to_a_folder():
    try_export('song', 2)


# --- commands that save ---

def check_saved(ground, words):
    """The project is that of before or that of after, the backup one of before."""
    before = [ground.read_project('kept/song/song.seamline' + suffix) for suffix in ('', '.bak')]
    found = ground.read_project()
    assert found in (before[0], ground.project), 'the project is neither the old nor the new one'
    assert ground.read_project('song/song.seamline.bak') in before, 'a backup of no version'
    if found == before[0]:
        CLI.run(*words, code=0)
    assert ground.read_project() == ground.project
    CLI.run('run', ground.song, '--through', 'timing', code=0)
    assert not aftermath.leftovers(ground.song), aftermath.leftovers(ground.song)
    aftermath.check_sources(ground.sources, ground.looks)


def try_save(few, make_words):
    ground = ground_of(green)
    words = make_words(ground)
    try_places(ground, words, few, lambda traced: check_saved(ground, words))


def test_set():
    try_save(2, lambda ground: ('set', ground.song, 'tone', '--gain', '0.25'))


def test_add():
    try_save(2, lambda ground: ('add', ground.song, f'more={ground.sources}/long.wav'))


# --- align, which knows no project ---

def check_aligned(ground, words, before):
    """The output is the file of before or the new one."""
    for name, digest in digests(ground.out).items():
        if not name.endswith('.part'):
            assert digest in (ground.exported[name], before[name]), f'{name} is not whole'
    CLI.run(*words, code=0)
    assert digests(ground.out) == ground.exported, listing(ground.out)
    aftermath.check_sources(ground.sources, ground.looks)


def test_align():
    """Over a file of that name, from an input that needs a copy to work on."""
    ground = ground_of(green)
    before = digests(ground.path('kept', 'out'))
    source = os.path.join(ground.sources, 'lossy.ogg')
    if not os.path.exists(source):
        source = os.path.join(ground.sources, 'loop.wav')
    words = ('align', source, os.path.join(ground.out, 'old.wav'), '--seconds', '2', '--strategy',
             'loop', '--bpm', '120')
    try_places(ground, words, 2, lambda traced: check_aligned(ground, words, before),
               counted=writing_calls())


if __name__ == '__main__':
    sys.exit(run_cases(cases_of(globals())))
