#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sound server gets to hear from the player, through PortAudio and ALSA: TAP.

Usage: test_pulse.py PLAY, the program that plays one file
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'ground'))

from pulse import PulseServer, missing  # noqa: E402
from tap import Tap, skip_all  # noqa: E402

try:
    import numpy
    import soundfile
except ImportError as absent:
    skip_all(absent)

PLAY = sys.argv[1]
RATE = 48000
TOLERANCE = 1e-4        # of full scale; a float that nothing touches comes out as it went in
ATTEMPTS = 4


def write_noise(folder, seconds, channels=2):
    """A float WAV; its path and frames."""
    rng = numpy.random.default_rng(1)
    frames = (rng.standard_normal((int(seconds * RATE), channels)) * 0.1).astype(numpy.float32)
    path = os.path.join(folder, f'noise{channels}.wav')
    soundfile.write(path, frames, RATE, 'FLOAT')
    return path, frames


def start(server, path, frames):
    """The player, playing. What ALSA and its plug-ins leak is not to be reported here."""
    env = server.env()
    env['ASAN_OPTIONS'] = env.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
    return subprocess.Popen([PLAY, path, str(RATE), str(frames.shape[1]), str(len(frames))],
                            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def find_start(recorded, played):
    """Where the first channel of @played begins in @recorded, by cross-correlation."""
    size = 1 << (len(recorded) + len(played)).bit_length()
    spectrum = numpy.fft.rfft(recorded[:, 0], size) * numpy.fft.rfft(played[:, 0], size).conj()
    return int(numpy.fft.irfft(spectrum, size)[:len(recorded)].argmax())


def play_and_record(server, path, frames):
    """What was recorded while the file played, and what is wrong with the player's end."""
    recording = server.record()
    process = start(server, path, frames)
    out, err = process.communicate(timeout=60)
    time.sleep(0.3)
    recorded = numpy.fromfile(recording.stop(), '<f4').reshape(-1, server.channels)
    problems = [f'exit code {process.returncode}'] if process.returncode else []
    if out != 'underruns 0\n' or err:
        problems.append(f'said {out!r} {err!r}')
    return recorded, problems


def compare(recorded, frames):
    """Why what was recorded is not what was to be played."""
    at = find_start(recorded, frames)
    if at + len(frames) > len(recorded):
        return [f'{len(recorded)} frames recorded, the file begins at {at}: its end is missing']
    difference = float(numpy.abs(recorded[at:at + len(frames)] - frames).max())
    print(f'# largest difference {difference:g}')
    if difference > TOLERANCE:
        return [f'differs by up to {difference:g}, more than {TOLERANCE:g}']
    rest = numpy.concatenate([recorded[:at], recorded[at + len(frames):]])
    return ['something else was heard besides'] if rest.any() else []


def hear(server, path, frames):
    """What is wrong with what was heard; a machine too busy for real time gets another try."""
    wanted = numpy.repeat(frames, server.channels // frames.shape[1], axis=1)
    for _ in range(ATTEMPTS):
        recorded, problems = play_and_record(server, path, frames)
        problems = problems or compare(recorded, wanted)
        if not problems:
            break
    return problems


def check_heard(tap, server, folder):
    """All of a file, from its first to its last frame, and nothing else."""
    for channels, name in ((2, 'stereo'), (1, 'mono, on both sides')):
        path, frames = write_noise(folder, 3, channels)
        tap.point(f'a file is heard as it is: {name}', hear(server, path, frames))


def check_server_lost(tap, server, folder, how, name):
    """The player notices, says so, and ends although its device does not answer."""
    path, frames = write_noise(folder, 30)
    process = start(server, path, frames)
    server.wait_for(server.sink_inputs, 'the player to play')
    server.process.send_signal(how)
    out, err = process.communicate(timeout=25)
    server.process.send_signal(signal.SIGCONT)
    problems = []
    if process.returncode != 1 or not out.startswith('underruns'):
        problems.append(f'exit code {process.returncode}, said {out!r}')
    if 'The sound device' not in err:
        problems.append(f'complained {err!r}')
    tap.point(name, problems)


def check_no_server(tap, server, folder):
    """One sentence, and none of the dozens of lines that ALSA has to say."""
    path, frames = write_noise(folder, 1)
    process = start(server, path, frames)
    _, err = process.communicate(timeout=60)
    problems = [] if process.returncode == 1 else [f'exit code {process.returncode}']
    if len(err.splitlines()) != 1 or 'sound device' not in err:
        problems.append(f'complained {err!r}')
    tap.point('no sound server', problems)


def main():
    """The points need one server, which the last ones lose."""
    reason = missing()
    if reason:
        skip_all(reason)
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder, PulseServer(rate=RATE) as server:
        check_heard(tap, server, folder)
        check_server_lost(tap, server, folder, signal.SIGSTOP, 'a sound server that freezes')
        check_server_lost(tap, server, folder, signal.SIGKILL, 'a sound server that dies')
        check_no_server(tap, server, folder)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
