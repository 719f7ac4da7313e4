# SPDX-License-Identifier: GPL-3.0-or-later
"""Audio files, whole and broken in every way that files are: each function writes one at a path."""
import math
import os
import random
import shutil
import struct
import subprocess

from cases import Skip

PCM, FLOAT = 1, 3
FRAMES = 9600


def sine(frames=FRAMES, hz=330.0, rate=48000):
    return [0.5 * math.sin(2 * math.pi * hz * n / rate) for n in range(frames)]


def pack(samples, kind=PCM):
    if kind == FLOAT:
        return struct.pack(f'<{len(samples)}f', *samples)
    return struct.pack(f'<{len(samples)}h', *(round(32767 * sample) for sample in samples))


def riff(data, kind=PCM, rate=48000, channels=1, riff_size=None, data_size=None):
    """A WAV of the bytes @data, whose sizes tell the truth unless others are given."""
    width = channels * (4 if kind == FLOAT else 2)
    head = struct.pack('<4sIHHIIHH', b'fmt ', 16, kind, channels, rate, rate * width % 2**32,
                       width, 8 * width // channels)
    size = len(data) if data_size is None else data_size
    body = b'WAVE' + head + struct.pack('<4sI', b'data', size) + data
    return struct.pack('<4sI', b'RIFF', len(body) if riff_size is None else riff_size) + body


def put(path, content):
    with open(path, 'wb') as file:
        file.write(content)


def good(path, frames=FRAMES, hz=330.0, rate=48000):
    put(path, riff(pack(sine(frames, hz, rate)), rate=rate))


def flac_bytes(path):
    try:
        import soundfile
    except ImportError as missing:
        raise Skip(str(missing)) from missing
    soundfile.write(path, sine(), 48000, 'PCM_16', format='FLAC')
    with open(path, 'rb') as file:
        return file.read()


# --- nothing that opens ---

def missing(path):
    assert not os.path.lexists(path)


def unreadable(path):
    good(path)
    os.chown(path, os.geteuid(), os.getegid())
    os.chmod(path, 0)


def directory(path):
    os.mkdir(path)


def fifo(path):
    os.mkfifo(path)


def symlink_loop(path):
    os.symlink(os.path.basename(path), path)


# --- no audio ---

def text(path):
    put(path, b'These are words, and no audio.\n' * 20)


def empty(path):
    put(path, b'')


def seventeen_channels(path):
    put(path, riff(pack(sine(17 * 100)), channels=17))


def rate_of_two_gigahertz(path):
    put(path, riff(pack(sine()), rate=2**31 - 1))


def endless_list(path):
    """The length of an entry leads back to the entry: libsndfile 1.2 never leaves it."""
    put(path, bytes.fromhex('524946468500000057415645666d74201000000001000100'
                            '80bb000000770100020010004c495354180000'
                            '00494e464f65636f72f8ffffff'
                            '6162636465666768f8ffffff').ljust(121, b'\0')
        + struct.pack('<4sI12x', b'data', 12)[:20])


# --- audio that is not whole ---

def no_frames(path):
    put(path, riff(b''))


def truncated_wav(path):
    put(path, riff(pack(sine()))[:9001])


def truncated_flac(path):
    content = flac_bytes(path)
    put(path, content[:len(content) * 2 // 3])


def header_too_long(path):
    data = pack(sine())
    put(path, riff(data, data_size=len(data) + 4000, riff_size=len(data) + 4036))


def header_too_short(path):
    data = pack(sine())
    put(path, riff(data, data_size=len(data) - 4000, riff_size=len(data) - 3964))


def sizes_never_written(path):
    """As a recorder leaves it that was switched off."""
    put(path, riff(pack(sine()), riff_size=0, data_size=0))


def nan_sample(path):
    samples = sine()
    samples[4321] = math.nan
    put(path, riff(pack(samples, FLOAT), FLOAT))


def infinite_sample(path):
    samples = sine()
    samples[4321] = -math.inf
    put(path, riff(pack(samples, FLOAT), FLOAT))


def flac_of_16_days(path):
    """STREAMINFO says 2³⁶-1 frames, the most that it can."""
    content = bytearray(flac_bytes(path))
    content[21] |= 0x0f
    content[22:26] = b'\xff' * 4
    put(path, bytes(content))


def caf_of_all_time(path):
    """The data chunk says 2⁶³-1 bytes."""
    samples = struct.pack(f'>{FRAMES}h', *(round(32767 * sample) for sample in sine()))
    put(path, struct.pack('>4sHH', b'caff', 1, 0)
        + struct.pack('>4sq', b'desc', 32)
        + struct.pack('>d4sIIIII', 48000.0, b'lpcm', 0, 2, 1, 1, 16)
        + struct.pack('>4sqI', b'data', 2**63 - 1, 0) + samples)


def rf64_of_all_time(path):
    """ds64 says 2⁶³-1 bytes and as many frames."""
    most = 2**63 - 1
    content = riff(pack(sine()), riff_size=2**32 - 1, data_size=2**32 - 1)
    sizes = struct.pack('<4sIQQQI', b'ds64', 28, most, most, most, 0)
    put(path, b'RF64' + content[4:12] + sizes + content[12:])


def write_mp3(path, loud):
    """VBR without a Xing frame, so that its length is guessed from how it starts. @loud tells of
    each second whether it is noise, which packs badly, or silence."""
    if shutil.which('lame') is None:
        raise Skip('lame is not installed')
    noise = random.Random(1)
    samples = [noise.uniform(-0.4, 0.4) if second else 0.0
               for second in loud for _ in range(48000)]
    put(path + '.raw.wav', riff(pack(samples)))
    subprocess.run(['lame', '--quiet', '-t', '-V', '2', path + '.raw.wav', path], check=True)
    os.remove(path + '.raw.wav')


def mp3_with_a_quiet_end(path):
    write_mp3(path, [True] + [False] * 9)


def mp3_with_a_loud_end(path):
    write_mp3(path, [False] + [True] * 4)


# --- whole, and yet ---

def riff_size_zero(path):
    """Only the outermost size is missing; the data tell their own."""
    put(path, riff(pack(sine()), riff_size=0))


def one_frame(path):
    put(path, riff(pack([0.5])))


def wrong_rate(path):
    good(path, rate=44100)
