#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGTERM, SIGHUP and SIGINT end the program at once and leave the last good state: TAP.

At any system call of a run: the exit code is 128 and the signal's number, no part file is left,
and another run makes the bytes of one that was not stopped. With audio that keeps each step busy
for a while: the program has ended 250 ms later, and after few more system calls, which a step of
even a short song exceeds. As other work may hold up the machine, a moment counts as good when one
of TRIES signals at that moment is obeyed in time; work that does not look whether it is to stop is
late every time. SIGPIPE and SIGXFSZ end nothing.
Usage: test_signals.py SEAMLINE-CLI
"""
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import aftermath  # noqa: E402
import small_song  # noqa: E402
from cases import Skip, cases_of, lasting_folder, run_cases  # noqa: E402
from command import HUNG_S, Command, digests, listing  # noqa: E402
from thorough import THOROUGH, sample  # noqa: E402
from tracer import Tracer  # noqa: E402

CLI = Command(sys.argv[1])
SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]

# Places that a thorough run tries for each signal, of all the calls of a run.
MANY = 150

# The program is to end within this, and within so many calls of all its threads.
LIMIT_MS = 250
LIMIT_CALLS = 1200
TRIES = 4

# Of the long song, and the moments at which each command is asked to stop.
MINUTES = 20 if THOROUGH else 2
MOMENTS = 16 if THOROUGH else 2

# Moments at which the calls that follow are counted, in a run of four minutes of audio.
COUNTED_MOMENTS = 40 if THOROUGH else 4


class Song:
    """A small song that was not run, and what a run makes of it."""

    def __init__(self):
        self.folder = lasting_folder()
        self.song, self.sources = small_song.make(CLI, self.folder)
        self.kept = os.path.join(self.folder, 'kept')
        shutil.copytree(self.song, self.kept)
        self.looks = aftermath.remember(self.sources)
        self.calls = Tracer().run(CLI, 'run', self.song).calls
        self.expected = digests(self.song)

    def restore(self):
        shutil.rmtree(self.song)
        shutil.copytree(self.kept, self.song)

    def check(self, **options):
        """All that must hold after a run that ended early."""
        aftermath.check_aftermath(CLI, self.song, self.sources, self.expected, self.looks,
                                  **options)


MADE = {}


def made(kind):
    """The song of that kind, once for all cases."""
    if kind not in MADE:
        MADE[kind] = kind()
    return MADE[kind]


# --- any system call ---

def check_stopped(song, traced, number):
    """Before the program looks after signals, and after its work, they have no say in the end."""
    if traced.code == -number:
        assert listing(song.song) == listing(song.kept), 'it was at work already'
    elif traced.code == 0:
        assert digests(song.song) == song.expected, str(traced)
    else:
        assert traced.code == 128 + number, str(traced)
    song.check()


def check_signal(number, few):
    song = made(Song)
    step = max(1, song.calls / MANY)
    every = [1 + int(n * step) for n in range(min(MANY, song.calls))]
    chosen = every if THOROUGH else sample(every, few + 2)[1:-1]
    stopped = 0
    for at in chosen:
        song.restore()
        traced = Tracer(at=at, victim='program', number=number).run(CLI, 'run', song.song)
        stopped += traced.code == 128 + number
        try:
            check_stopped(song, traced, number)
        except AssertionError as failure:
            raise AssertionError(f'at {at} of {song.calls}: {failure}\n{traced}') from failure
    print(f'# {len(chosen)} of {song.calls} calls, {stopped} stopped', flush=True)
    assert stopped > 0.5 * len(chosen), stopped


def test_sigterm_at_any_call():
    check_signal(signal.SIGTERM, 2)


def test_sighup_at_any_call():
    check_signal(signal.SIGHUP, 1)


def test_sigint_at_any_call():
    check_signal(signal.SIGINT, 1)


# --- how soon ---

def write_noise(path, seconds, rate):
    """PCM_16 that no packer makes smaller."""
    try:
        import numpy
        import soundfile
    except ImportError as missing:
        raise Skip(str(missing)) from missing
    noise = numpy.random.default_rng(rate)
    with soundfile.SoundFile(path, 'w', rate, 1, 'PCM_16') as file:
        for _ in range(int(seconds)):
            file.write(noise.integers(-4000, 4000, rate, dtype=numpy.int16))


class LongSong:
    """A song of many minutes: a loop, a conversion, a lowpass and drums."""

    def __init__(self, minutes=MINUTES):
        self.folder = lasting_folder()
        self.song = self.path('song')
        seconds = minutes * 60
        for name, length, rate in (('reference', seconds, 48000), ('short', seconds * 2 / 3, 48000),
                                   ('converted', seconds * 0.9, 44100)):
            write_noise(self.path(name + '.wav'), length, rate)
        CLI.run('init', self.song, '--reference', self.path('reference.wav'), '--bpm', '120',
                '--subtype', 'pcm24', code=0)
        CLI.run('add', self.song, '--convert', f'short={self.path("short.wav")}',
                f'converted={self.path("converted.wav")}', code=0)
        CLI.run('add', self.song, 'tone=tone:333.3:0.1', '--lowpass', '1234.5', code=0)
        CLI.run('drums', self.song, '--pattern', code=0)
        shutil.copytree(self.song, self.path('kept'))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def restore(self):
        shutil.rmtree(self.song)
        shutil.copytree(self.path('kept'), self.song)

    def tidy(self):
        """Takes away what a command has made outside of the song."""
        shutil.rmtree(self.path('out'), ignore_errors=True)
        os.mkdir(self.path('out'))


class ShorterSong(LongSong):
    """The same, for a tracer that makes all of it slow."""

    def __init__(self):
        super().__init__(minutes=4)


class GreenLongSong(LongSong):
    """The long one, done."""

    def __init__(self):
        super().__init__()
        finish(CLI.start('run', self.song))

    def restore(self):
        """Nothing that is asked of it changes it."""


def finish(process):
    """Waits for the end of what takes long; its exit code."""
    try:
        return process.wait(HUNG_S * MINUTES)
    finally:
        process.kill()
        for stream in process.streams:
            stream.close()


def time_command(song, words):
    """Seconds that the command takes when it is left alone."""
    song.restore()
    song.tidy()
    began = time.monotonic()
    assert finish(CLI.start(*words)) == 0, words
    return time.monotonic() - began


def stop_at(song, words, moment_s, number):
    """Sends the signal at that moment; the milliseconds until the program has ended, or None if it
    had ended before."""
    song.restore()
    song.tidy()
    process = CLI.start(*words)
    time.sleep(moment_s)
    began = time.monotonic()
    process.send_signal(number)
    code = finish(process)
    took_ms = 1000 * (time.monotonic() - began)
    if code == 0:
        return None
    assert code in (128 + number, -number), code
    assert not aftermath.leftovers(song.folder), aftermath.leftovers(song.folder)
    return took_ms


def obeyed(song, words, moment_s, number):
    """Milliseconds until the end, of a few tries until one is in time. What has ended already,
    being quicker than it was before, is asked sooner."""
    times = []
    for _ in range(3 * TRIES):
        took_ms = stop_at(song, words, moment_s, number)
        if took_ms is None:
            moment_s *= 0.7
            continue
        times.append(took_ms)
        if took_ms <= LIMIT_MS or len(times) == TRIES:
            break
    assert times, 'it had always ended before'
    return times


def check_soon(song, words):
    """At moments spread over the whole command."""
    whole_s = time_command(song, words)
    late, all_ms = [], []
    for n in range(MOMENTS):
        fraction = (n + 0.5) / MOMENTS
        times = obeyed(song, words, whole_s * fraction, SIGNALS[n % len(SIGNALS)])
        all_ms += times
        if min(times) > LIMIT_MS:
            late.append(f'at {fraction:.3f}: ' + ', '.join(f'{ms:.0f}' for ms in times))
    all_ms.sort()
    print(f'# {whole_s:.1f} s alone; {len(all_ms)} signals, ms until the end: median '
          f'{all_ms[len(all_ms) // 2]:.0f}, longest {all_ms[-1]:.0f}', flush=True)
    assert not late, late


def calls_after(song, at, number):
    """System calls of a run from the signal to the end; the fewest of a few tries."""
    fewest = None
    for _ in range(TRIES):
        song.restore()
        traced = Tracer(at=at, victim='program', number=number).run(CLI, 'run', song.song)
        assert traced.code == 128 + number, str(traced)
        assert not aftermath.leftovers(song.folder), aftermath.leftovers(song.folder)
        after = traced.calls - at
        fewest = after if fewest is None else min(fewest, after)
        if fewest <= LIMIT_CALLS:
            break
    return fewest


def test_run_stops_after_few_calls():
    """Whatever the machine has to do besides."""
    song = made(ShorterSong)
    song.restore()
    calls = Tracer().run(CLI, 'run', song.song).calls
    assert calls > 10 * LIMIT_CALLS, calls
    counts = []
    for n in range(COUNTED_MOMENTS):
        fraction = 0.1 + 0.8 * (n + 0.5) / COUNTED_MOMENTS
        counts.append(calls_after(song, int(calls * fraction), SIGNALS[n % len(SIGNALS)]))
    print(f'# of {calls} calls, after the signal: {counts}', flush=True)
    assert max(counts) <= LIMIT_CALLS, counts


def test_run_stops_soon():
    song = made(LongSong)
    check_soon(song, ('run', song.song))


def test_align_stops_soon():
    song = made(LongSong)
    check_soon(song, ('align', song.path('short.wav'), song.path('out', 'a.wav'), '--like',
                      song.path('reference.wav'), '--strategy', 'loop', '--bpm', '120'))


def test_export_of_the_archive_stops_soon():
    song = made(GreenLongSong)
    check_soon(song, ('export', song.song, song.path('out', 'a.zip')))


def test_export_of_another_archive_stops_soon():
    song = made(GreenLongSong)
    check_soon(song, ('export', song.song, song.path('out', 'a.tar.zst')))


def test_export_to_a_folder_stops_soon():
    song = made(GreenLongSong)
    check_soon(song, ('export', song.song, song.path('out', 'folder')))


# --- signals that end nothing ---

def test_reader_has_gone():
    """As with "| head -1": the work goes on, and nobody is told."""
    song = made(Song)
    song.restore()
    process = subprocess.Popen([*CLI.program, 'run', song.song], env=CLI.env, cwd='/',
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(HUNG_S) == 0, process.returncode
    assert digests(song.song) == song.expected


def test_largest_file():
    """What is larger than "ulimit -f" allows is told as a full disk is."""
    song = made(Song)
    sizes = range(65536, max(os.path.getsize(os.path.join(song.song, name))
                             for name in song.expected), 65536)
    for size in sample(sizes, 3):
        song.restore()
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
        try:
            answer = CLI.run('run', song.song)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        aftermath.check_told(answer, song.expected, 'File too large')
        song.check()


def heed_signals():
    """Whoever started this may have told it to ignore some, as nohup does: programs inherit that."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


if __name__ == '__main__':
    heed_signals()
    sys.exit(run_cases(cases_of(globals())))
