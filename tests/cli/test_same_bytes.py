#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same inputs give the same bytes of every output, wherever and whenever: TAP.

Tolerance: none, the SHA-256 of every file that a run leaves is compared. Usage: test_same_bytes.py
SEAMLINE-CLI
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import bad_audio  # noqa: E402
from cases import Skip, cases_of, lasting_folder, run_cases  # noqa: E402
from command import Command, digests  # noqa: E402

PROGRAM = sys.argv[1]
RATE = 48000

# Seconds by which the clock of a program is put forward, further than any cache remembers.
CLOCK = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define AHEAD 123456789
time_t time (time_t *t)
{
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  return t != NULL ? (*t = now.tv_sec) : now.tv_sec;
}
int gettimeofday (struct timeval *restrict tv, void *restrict tz)
{
  struct timespec now;
  clock_gettime (CLOCK_REALTIME, &now);
  tv->tv_sec = now.tv_sec;
  tv->tv_usec = now.tv_nsec / 1000;
  return 0;
}
int clock_gettime (clockid_t id, struct timespec *t)
{
  int (*real) (clockid_t, struct timespec *) = dlsym (RTLD_NEXT, "clock_gettime");
  int result = real (id, t);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
    t->tv_sec += AHEAD;
  return result;
}
'''


def loop(seconds, seed, channels=1):
    """Beats of falling noise at 120 BPM: something with joins to be found."""
    noise = random.Random(seed)
    beat = RATE // 2
    one = [noise.uniform(-0.4, 0.4) * (1 - n / beat) ** 4 for n in range(beat)]
    samples = (one * int(seconds * 2 + 1))[:int(seconds * RATE)]
    return [sample for sample in samples for _ in range(channels)]


class Inputs:
    """A reference and stems of each kind that a run treats in another way."""

    def __init__(self, folder):
        self.folder = folder
        bad_audio.put(self.path('reference.wav'),
                      bad_audio.riff(bad_audio.pack(loop(4.3, 1, 2)), channels=2))
        bad_audio.put(self.path('short.wav'), bad_audio.riff(bad_audio.pack(loop(1.7, 2))))
        bad_audio.put(self.path('float.wav'),
                      bad_audio.riff(bad_audio.pack(loop(4.9, 3, 2), bad_audio.FLOAT),
                                     bad_audio.FLOAT, channels=2))
        bad_audio.good(self.path('converted.wav'), 3 * 44100, rate=44100)
        self.stems = ['short.wav', 'float.wav', 'converted.wav']
        if shutil.which('lame') is not None:
            subprocess.run(['lame', '--quiet', self.path('short.wav'), self.path('lossy.mp3')],
                           check=True)
            self.stems.append('lossy.mp3')

    def path(self, name):
        return os.path.join(self.folder, name)


INPUTS = Inputs(lasting_folder())
FIRST = {}


def make(folder, cli, *options):
    """Runs the song in @folder as @cli does; the digest of every output."""
    sources = os.path.join(folder, 'sources')
    song = os.path.join(folder, 'song')
    shutil.copytree(INPUTS.folder, sources)
    cli.run('init', song, '--reference', os.path.join(sources, 'reference.wav'), '--bpm', '120.5',
            '--subtype', 'pcm24', '--sections', 'Verse:4,Chorus:1bars', code=0)
    cli.run('add', song, '--convert', *(f'{name.partition(".")[0]}={sources}/{name}'
                                        for name in INPUTS.stems), code=0)
    cli.run('add', song, 'tone=tone:333.3:0.25', '--lowpass', '1234.5', '--gain', '0.7', code=0)
    cli.run('drums', song, '--pattern', code=0)
    cli.run('set', song, '--fit-gains', code=0)
    cli.run('run', song, *options, code=0)
    for suffix in ('.tar.gz', '.tar.zst', '.zip'):
        cli.run('export', song, os.path.join(song, 'exported' + suffix), code=0)
    return digests(song)


def check_same(cli, *options, folder=None):
    assert FIRST, 'there is nothing to compare with'
    with tempfile.TemporaryDirectory() as own:
        found = make(folder or own, cli, *options)
        assert set(found) == set(FIRST), set(found) ^ set(FIRST)
        other = [name for name in found if found[name] != FIRST[name]]
        assert not other, other


def test_first_run():
    """What the others are compared with holds a file of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        FIRST.update(make(folder, Command(PROGRAM)))
    for part in ('stems/', 'aligned/', 'processed/', 'master/', 'deliverables/', 'exported'):
        assert any(name.startswith(part) for name in FIRST), part
    assert len(set(FIRST.values())) > 8, FIRST


def test_second_run():
    check_same(Command(PROGRAM))


def test_one_job():
    check_same(Command(PROGRAM), '--jobs', '1')


def test_two_jobs():
    check_same(Command(PROGRAM), '--jobs', '2')


def test_eight_jobs():
    check_same(Command(PROGRAM), '--jobs', '8')


def test_steps_one_by_one():
    """Stopping after each step makes no difference to what the next one writes."""
    class Stepwise(Command):
        def run(self, *words, code=None):
            if words[0] == 'run':
                for step in ('timing', 'reference', 'stems', 'align', 'drums', 'effects', 'master'):
                    super().run(*words, '--through', step, code=code)
            return super().run(*words, code=code)

    check_same(Stepwise(PROGRAM))


def test_another_folder():
    """Far from the first, with a long name in letters of its own."""
    with tempfile.TemporaryDirectory() as folder:
        deep = os.path.join(folder, 'Übung 日本語', 'x' * 150)
        os.makedirs(deep)
        check_same(Command(PROGRAM), folder=deep)


def locale_environment(folder, name):
    """The environment with a locale that is made for it."""
    if shutil.which('localedef') is None:
        raise Skip('localedef is not installed')
    result = subprocess.run(['localedef', '--no-archive', '-i', name, '-f', 'UTF-8',
                             os.path.join(folder, name + '.UTF-8')], capture_output=True,
                            text=True, check=False)
    if not os.path.isfile(os.path.join(folder, name + '.UTF-8', 'LC_NUMERIC')):
        raise Skip(f'{name} cannot be made: {result.stderr.strip()}')
    return {'LOCPATH': folder, 'LC_ALL': name + '.UTF-8', 'LANG': name + '.UTF-8',
            'LANGUAGE': name.partition('_')[0]}


def check_locale(name, number):
    """@number is 1.5 as the locale writes it: proof that it is in force."""
    with tempfile.TemporaryDirectory() as folder:
        env = locale_environment(folder, name)
        printed = subprocess.run(['/usr/bin/printf', '%.1f', number], env={**os.environ, **env},
                                 capture_output=True, text=True, check=False)
        assert printed.stdout == number, printed
        check_same(Command(PROGRAM, env=env))


def test_german():
    """A comma in numbers."""
    check_locale('de_DE', '1,5')


def test_turkish():
    """Another small letter of I."""
    check_locale('tr_TR', '1,5')


def test_chinese():
    """The language that the program is translated into, if it is installed."""
    check_locale('zh_CN', '1.5')


def test_plain_c():
    check_same(Command(PROGRAM, env={'LC_ALL': 'C', 'LANG': 'C'}))


def test_another_time_zone_and_older_files():
    """Sources with time stamps of 1999, local times 26 hours apart from the first run's."""
    with tempfile.TemporaryDirectory() as folder:
        dated = Inputs(folder)
        for name in os.listdir(folder):
            os.utime(dated.path(name), (920000000, 920000000))
        global INPUTS
        usual, INPUTS = INPUTS, dated
        try:
            check_same(Command(PROGRAM, env={'TZ': 'Pacific/Kiritimati'}))
        finally:
            INPUTS = usual


def test_another_clock():
    """Almost four years later, by a clock that is put before that of the system."""
    compiler = shutil.which('cc') or shutil.which('gcc')
    if compiler is None:
        raise Skip('no C compiler is installed')
    with tempfile.TemporaryDirectory() as folder:
        clock = os.path.join(folder, 'clock.so')
        subprocess.run([compiler, '-shared', '-fPIC', '-x', 'c', '-', '-o', clock, '-ldl'],
                       input=CLOCK, text=True, check=True)
        ahead = Command(PROGRAM, env={'LD_PRELOAD': clock})
        shown = [subprocess.run(['date', '+%s'], env=env, capture_output=True, text=True,
                                check=True).stdout for env in (ahead.env, None)]
        assert int(shown[0]) - int(shown[1]) > 123456780, shown
        if ahead.start('--version').wait(20) != 0:
            raise Skip('the program takes no other library before its own')
        check_same(ahead)


if __name__ == '__main__':
    sys.exit(run_cases(cases_of(globals())))
