#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Songs that are large: files beyond 4 GiB, more stems than open files, hours of audio. TAP.

What is compared is every sample, read by others than the program. The plain suite leaves the files
of 4 GiB out, which need 30 GB of disk, and takes minutes of audio in place of hours.
Usage: test_big.py SEAMLINE-CLI
"""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

from cases import Skip, cases_of, run_cases, skip_all  # noqa: E402
from command import COMPLAINT, Command, parts, read_all  # noqa: E402
from thorough import THOROUGH  # noqa: E402

try:
    import numpy
    import soundfile
except ImportError as missing:
    skip_all(str(missing))

CLI = Command(sys.argv[1])
RATE = 48000
BLOCK = 1 << 20

# Frames of the loop, and how many of them are compared at once.
LOOP = 8 * RATE
ROUNDS = 3

# The size of a file that the sizes in a WAV, of 32 bits, cannot tell any more.
BORDER = 1 << 32
# Of stereo FLOAT: RIFF, fmt, fact, padding in place of peaks (8 bytes and 8 a channel), data.
WAV_HEADER = 88
FRAME = 8
BORDER_FRAMES = (BORDER - WAV_HEADER) // FRAME
# ds64 takes 36 bytes, and what stands for fact and peaks is longer by 12.
RF64_HEADER = 136
NEEDED = 40 * 10**9

# The loop is cut by a fade of 10 ms.
END_FADE = 480

# How much more memory ten times the audio may take.
MOST_GROWTH = 1.1
HUNG_S = 3600
SAMPLED_S = 0.005


# --- how much memory ---

def high_water_kib(pid):
    """The most memory that the process has had so far; 0 once it is gone."""
    try:
        with open(f'/proc/{pid}/status') as status:
            return sum(int(line.split()[1]) for line in status if line.startswith('VmHWM'))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children(pid):
    try:
        with open(f'/proc/{pid}/task/{pid}/children') as file:
            return file.read().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def run(*words, code=0, cli=CLI):
    """Runs the program however long it takes: what it said, and its peak memory in KiB. What
    getrusage() tells would include that of this program, which the child is copied from."""
    process, peak, began = cli.start(*words), 0, time.monotonic()
    try:
        while process.poll() is None:
            peak = max([peak, *map(high_water_kib, [process.pid, *children(process.pid)])])
            assert time.monotonic() - began < HUNG_S, f'{words} hangs'
            time.sleep(SAMPLED_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    out, err = map(read_all, process.streams)
    assert process.returncode == code, f'{words}: {process.returncode}\n{out[-2000:]}{err[-2000:]}'
    assert not COMPLAINT.search(err), err
    print(f'# {words[0]}: {time.monotonic() - began:.1f} s, peak {peak / 1024:.1f} MiB', flush=True)
    return out, peak


def tool(*words, **options):
    """Runs another program, which must succeed: what it said."""
    try:
        return subprocess.run(words, check=True, capture_output=True, text=True, **options).stdout
    except FileNotFoundError as missing:
        raise Skip(str(missing)) from missing


# --- a master of 4 GiB ---

def noise(frames, channels, seed):
    random = numpy.random.default_rng(seed)
    return random.uniform(-0.3, 0.3, (frames, channels)).astype(numpy.float32)


class Song:
    """A loop through all of the song, and a mark in its last second, so that both sides of the
    border tell where they belong."""

    def __init__(self, folder, frames):
        self.folder, self.frames = folder, frames
        self.path = os.path.join(folder, 'song')
        self.master = os.path.join(self.path, 'master', 'Master.wav')
        self.loop, self.mark = noise(LOOP, 2, 1), noise(RATE, 1, 2)
        self.rounds = numpy.tile(self.loop, (ROUNDS, 1))

    def make(self):
        loop, mark = (os.path.join(self.folder, name) for name in ('loop.wav', 'mark.wav'))
        soundfile.write(loop, self.loop, RATE, 'FLOAT')
        soundfile.write(mark, self.mark, RATE, 'FLOAT')
        run('init', self.path, '--frames', str(self.frames), '--bpm', '120', '--subtype', 'float')
        run('add', self.path, f'loop={loop}', '--strategy', 'loop', '--loop-bars', '4')
        run('add', self.path, f'mark={mark}', '--strategy', 'zero-pad', '--offset',
            str(self.frames - RATE))
        run('run', self.path)
        return self

    def expected(self, start, count):
        """The sum from frame @start on, at which the loop begins again."""
        if start + count <= self.frames - RATE:
            return self.rounds[:count]
        at = numpy.arange(start, start + count)
        fade = numpy.minimum(1.0, 1.0 - (at - (self.frames - END_FADE) + 1) / (END_FADE + 1))
        loop = (self.loop[at % len(self.loop)] * fade[:, None]).astype(numpy.float32)
        into = at - (self.frames - RATE)
        mark = numpy.where(into[:, None] >= 0, self.mark[numpy.maximum(into, 0)], 0)
        return (loop.astype(float) + mark).astype(numpy.float32)

    def check_block(self, start, found):
        expected = self.expected(start, len(found))
        if not numpy.array_equal(found, expected):
            wrong = numpy.flatnonzero((found != expected).any(axis=1))
            raise AssertionError(f'{len(wrong)} frames differ, the first is {start + wrong[0]}')


def chunks(path):
    """What kind of file it is, the size it tells of itself, and its chunks: start and size."""
    found = {}
    with open(path, 'rb') as file:
        kind, told, _form = struct.unpack('<4sI4s', file.read(12))
        while b'data' not in found:
            name, size = struct.unpack('<4sI', file.read(8))
            found[name] = (file.tell(), size)
            file.seek(size, os.SEEK_CUR)
    return kind, told, found


def check_header(song):
    """Every size in the header is that of what is there; where the samples start."""
    kind, told, found = chunks(song.master)
    size, start = os.path.getsize(song.master), found[b'data'][0]
    audio = song.frames * FRAME
    assert size == start + audio, (size, start, audio)
    if WAV_HEADER + audio < BORDER:
        assert (kind, told, found[b'data'][1], start) == (b'RIFF', size - 8, audio, WAV_HEADER)
    else:
        unknown = 2**32 - 1
        assert (kind, told, found[b'data'][1], start) == (b'RF64', unknown, unknown, RF64_HEADER)
        with open(song.master, 'rb') as file:
            file.seek(found[b'ds64'][0])
            assert struct.unpack('<3Q', file.read(24)) == (size - 8, audio, song.frames)
    return start


def check_samples(song, start):
    """By libsndfile through another door, and as bytes, without any library."""
    with soundfile.SoundFile(song.master) as file:
        assert (file.frames, file.channels, file.samplerate) == (song.frames, 2, RATE)
        at = 0
        for block in file.blocks(ROUNDS * LOOP, dtype='float32'):
            song.check_block(at, block)
            at += len(block)
    assert at == song.frames, at
    bare = numpy.memmap(song.master, '<f4', 'r', start).reshape(-1, 2)
    assert len(bare) == song.frames
    for at in range(0, song.frames, ROUNDS * LOOP):
        song.check_block(at, bare[at:at + ROUNDS * LOOP])


def check_sox(song):
    """What another program takes its length to be."""
    assert int(tool('sox', '--i', '-s', song.master)) == song.frames


def check_zip(song):
    path = os.path.join(song.path, 'deliverables', 'song.zip')
    assert 'No errors detected' in tool('unzip', '-tq', path)
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo('song/Master.wav')
        assert entry.file_size == os.path.getsize(song.master)


def check_tar(song):
    """Exported once more, as a tar: its entries by name and size, and the master in it by byte."""
    path = os.path.join(song.folder, 'song.tar.zst')
    run('export', song.path, path)
    listed = tool('tar', '--zstd', '-tvf', path)
    assert re.search(rf' {os.path.getsize(song.master)} .* song/Master\.wav$', listed, re.M), listed
    tool('bash', '-o', 'pipefail', '-c',
         'tar --zstd -xOf "$1" song/Master.wav | cmp - "$2"', 'bash', path, song.master)


def check_master(frames, tar):
    """A song of so many frames, and everything that reads its master. Tar has no limit at 4 GiB:
    it need not be tried on both sides."""
    with tempfile.TemporaryDirectory() as folder:
        song = Song(folder, frames).make()
        check_samples(song, check_header(song))
        check_sox(song)
        check_zip(song)
        if tar:
            check_tar(song)
        assert not parts(folder)
        print(f'# {frames} frames, {os.path.getsize(song.master)} bytes', flush=True)


def check_beside_border(frames, tar=False):
    if not THOROUGH:
        raise Skip('30 GB of disk: with SEAMLINE_THOROUGH=1')
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < NEEDED:
        raise Skip(f'{free / 1e9:.0f} GB free of {NEEDED / 1e9:.0f}')
    check_master(frames, tar)


def test_master_of_some_seconds():
    check_master(30 * RATE + 1, True)


def test_master_of_4_gib_less_a_frame():
    check_beside_border(BORDER_FRAMES - 1)


def test_master_of_4_gib():
    assert WAV_HEADER + BORDER_FRAMES * FRAME == BORDER
    check_beside_border(BORDER_FRAMES, True)


def test_master_of_4_gib_and_a_frame():
    check_beside_border(BORDER_FRAMES + 1)


# --- more stems than files that may be open ---

STEMS = 200
MAY_OPEN = 64


def test_200_stems_with_64_files():
    few = Command(sys.argv[1], ('sh', '-c', f'ulimit -n {MAY_OPEN} && exec "$@"', 'sh'))
    with tempfile.TemporaryDirectory() as folder:
        song, out = os.path.join(folder, 'song'), os.path.join(folder, 'out')
        for n in range(STEMS):
            soundfile.write(os.path.join(folder, f's{n}.wav'), noise(RATE, 1, n), RATE, 'PCM_16')
        run('init', song, '--frames', str(RATE + 100), '--bpm', '120', cli=few)
        run('set', song, '--fit-gains', cli=few)
        run('add', song, *(f's{n}={folder}/s{n}.wav' for n in range(STEMS)), cli=few)
        for words in ('run', song), ('status', song), ('export', song, out):
            run(*words, cli=few)
        run('export', song, out + '.tar.gz', cli=few)
        assert len([name for name in os.listdir(out) if name.startswith('s')]) == STEMS
        check_sum(song)


def check_sum(song):
    """The master is the sum of all stems, at one gain."""
    folder = os.path.join(song, 'aligned')
    total = sum(soundfile.read(os.path.join(folder, f's{n}.wav'))[0] for n in range(STEMS))
    master = soundfile.read(os.path.join(song, 'master', 'Master.wav'))[0]
    gain = (master @ total) / (total @ total)
    assert len(master) == RATE + 100 and abs(total).max() > 1.0
    assert abs(master - gain * total).max() < 1e-6


# --- hours of audio ---

def write_music(path, seconds):
    """A phrase of 4 s that comes again and again, over noise that does not: mono, PCM_16."""
    random = numpy.random.default_rng(3)
    t = numpy.arange(4 * RATE) / RATE
    phrase = sum(numpy.sin(2 * numpy.pi * hz * t) * numpy.exp(-3 * (t % 0.5))
                 for hz in random.uniform(80, 2000, 5)) * 0.1
    below = random.standard_normal(11 * RATE + 13) * 0.001
    with soundfile.SoundFile(path, 'w', RATE, 1, 'PCM_16') as out:
        for at in range(0, seconds * RATE, len(phrase)):
            first = random.integers(len(below) - len(phrase))
            out.write((phrase + below[first:first + len(phrase)])[:seconds * RATE - at])


def gains(plan, n, at):
    """How much of segment @n of a plan sounds at the frames @at of the song."""
    segment = plan[n]
    start, end = segment['dest'], segment['dest'] + segment['length']
    gain = ((at >= start) & (at < end)).astype(float)
    if n + 1 < len(plan) or segment['fade_out']:
        gain *= crossed(at, end - segment['fade_out'], end,
                        plan[n + 1]['correlation'] if n + 1 < len(plan) else 1.0)[0]
    return gain * crossed(at, start, start + segment['fade_in'], segment['correlation'])[1]


def crossed(at, start, end, r):
    """The gains of what ends and of what starts between two frames: power is kept."""
    t = numpy.clip((at - start + 1) / (end - start + 1), 0.0, 1.0)
    law = numpy.sqrt((1 - t)**2 + t**2 + 2 * max(0.0, min(1.0, r)) * t * (1 - t))
    return (1 - t) / law, t / law


def check_plan(source, result, plan, at, until):
    """The frames @at to @until of @result are what @plan makes of @source, in 16 bits."""
    frames = numpy.arange(at, until)
    total = numpy.zeros(until - at)
    for n, segment in enumerate(plan):
        if segment['dest'] < until and at < segment['dest'] + segment['length']:
            into = numpy.clip(frames - segment['dest'], 0, segment['length'] - 1)
            total += gains(plan, n, frames) * source[segment['source'] + into]
    wrong = numpy.flatnonzero(abs(result[at:until] - total) > 0.51)
    assert len(wrong) == 0, f'{len(wrong)} samples differ, the first is {at + wrong[0]}'


def samples_of(path):
    """The samples of a mono PCM_16 WAV as they lie in the file."""
    kind, _told, found = chunks(path)
    start, size = found[b'data']
    assert kind == b'RIFF' and os.path.getsize(path) == start + size
    return numpy.memmap(path, '<i2', 'r', start)


def aligned(folder, seconds):
    """Brings a stem of @seconds to a ninth more, and compares all of it: the peak memory in KiB."""
    stem, out = os.path.join(folder, 'stem.wav'), os.path.join(folder, 'out.wav')
    frames = seconds * RATE * 10 // 9 + 7
    write_music(stem, seconds)
    said, peak = run('align', stem, out, '--frames', str(frames), '--bpm', '120', '--json')
    plan = json.loads(said)['segments']
    source, result = samples_of(stem), samples_of(out)
    assert (len(source), len(result)) == (seconds * RATE, frames) and len(plan) > 1
    for at in range(0, frames, BLOCK):
        check_plan(source, result, plan, at, min(at + BLOCK, frames))
    os.remove(out)
    return peak


def added(folder, seconds):
    """The same in a song, up to the align step: the peak memory in KiB of the run."""
    song = os.path.join(folder, 'song')
    frames = seconds * RATE * 10 // 9 + 7
    run('init', song, '--frames', str(frames), '--bpm', '120', '--subtype', 'pcm16')
    run('add', song, 'stem=' + os.path.join(folder, 'stem.wav'))
    peak = run('run', song, '--through', 'align')[1]
    assert len(samples_of(os.path.join(song, 'aligned', 'stem.wav'))) == frames
    return peak


def test_memory_does_not_grow_with_length():
    short = 3600 if THOROUGH else 60
    peaks = []
    for seconds in short, 10 * short:
        with tempfile.TemporaryDirectory() as folder:
            peaks.append((aligned(folder, seconds), added(folder, seconds)))
    for (once, ten_times), what in zip(zip(*peaks), ('align', 'run')):
        print(f'# {what}: {once} KiB, and {ten_times} KiB of ten times the audio', flush=True)
        assert 0 < ten_times <= MOST_GROWTH * once


if __name__ == '__main__':
    sys.exit(run_cases(cases_of(globals())))
