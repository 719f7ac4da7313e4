# SPDX-License-Identifier: GPL-3.0-or-later
"""What is heard from the window is what is in the files, to 1e-4 of full scale: TAP.

A sound server with one silent device records what is played. Usage: test_sound.py BUILD-FOLDER
"""
import os
import time

from session import main, skip_all  # first: it knows where the others are

import pulse
from accessible import wait_for

try:
    import numpy
    import soundfile
except ImportError as absent:
    skip_all(absent)

RATE = 48000
TOLERANCE = 1e-4        # of full scale
SECONDS = 1.5           # played each time, and a little more
EDGE = RATE // 50       # frames at either end of a recording in which playing fades in or out


class Differs(AssertionError):
    """What was heard is not what is in the file."""


def open_song(session, server):
    """The window with the demo song, all green; its folder and the window."""
    folder = session.desktop.path('song')
    if not os.path.isdir(folder):
        session.demo('song')
        session.cli('run', folder)
    return folder, session.open(folder, env=server.env({}))


def read(folder, name):
    data, rate = soundfile.read(os.path.join(folder, name), dtype='float32', always_2d=True)
    assert rate == RATE
    return numpy.broadcast_to(data, (len(data), 2))


def record(server, window):
    """Plays for a while; what was heard, without the silence around it."""
    recording = server.record()
    window.press('Play')
    time.sleep(SECONDS)
    window.press('Pause')
    time.sleep(0.5)
    heard = numpy.fromfile(recording.stop(), '<f4').reshape(-1, 2)
    loud = numpy.flatnonzero(heard.any(axis=1))
    assert len(loud) > RATE, f'{len(loud)} frames are not silent'
    return heard[loud[0]:loud[-1] + 1]


def find(piece, whole):
    """The frame of @whole at which @piece lies: where their difference has the least energy."""
    size = 1 << (len(piece) + len(whole)).bit_length()
    spectrum = numpy.fft.rfft(whole[:, 0], size) * numpy.fft.rfft(piece[:, 0], size).conj()
    common = numpy.fft.irfft(spectrum, size)[:len(whole) - len(piece) + 1]
    energy = numpy.concatenate([[0.0], numpy.cumsum(whole[:, 0].astype(float) ** 2)])
    return int((energy[len(piece):] - energy[:-len(piece)] - 2 * common).argmin())


def check_is(heard, expected, gain=1.0):
    """Compares what was heard with a file; the frame of the file at which it begins."""
    at = find(heard, expected * gain)
    heard, expected = heard[EDGE:-EDGE], expected[at + EDGE:at + len(heard) - EDGE] * gain
    difference = float(numpy.abs(heard - expected).max())
    print(f'# {len(heard)} frames from {at}: largest difference {difference:g}')
    assert numpy.abs(expected).max() > 100 * TOLERANCE, 'there is nothing to be heard'
    if difference > TOLERANCE:
        raise Differs(f'by {difference:g}, more than {TOLERANCE:g}')
    return at


def gains_of_master(folder):
    """The gain of each stem in the master, by what the files hold."""
    master = read(folder, 'master/Master.wav')
    names = sorted(os.listdir(os.path.join(folder, 'aligned')))
    stems = []
    for name in names:
        processed = os.path.join('processed', name)
        stems.append(read(folder, processed if os.path.exists(os.path.join(folder, processed))
                          else os.path.join('aligned', name)))
    matrix = numpy.stack([stem.ravel() for stem in stems], 1).astype(float)
    gains, *_ = numpy.linalg.lstsq(matrix, master.ravel().astype(float), rcond=None)
    return dict(zip(names, gains))


def test_master(session, server):
    folder, window = open_song(session, server)
    assert check_is(record(server, window), read(folder, 'master/Master.wav')) < 2 * EDGE


def test_stem_alone(session, server):
    folder, window = open_song(session, server)
    gain = gains_of_master(folder)['Bass.wav']
    assert gain < 0.95, f'a gain of {gain} would not be heard'
    window.press('Solo Bass')
    check_is(record(server, window), read(folder, 'aligned/Bass.wav'), gain)


def test_pause_and_seek(session, server):
    folder, window = open_song(session, server)
    position = window.find('Position in Seconds', 'slider')
    position.value = 20.0
    wait_for('the position to be 20 s', lambda: abs(position.value - 20.0) < 0.05)
    at = check_is(record(server, window), read(folder, 'master/Master.wav'))
    assert abs(at - 20 * RATE) < 2 * EDGE, at
    held = position.value
    assert 20.0 + SECONDS / 2 < held < 20.0 + 3 * SECONDS, f'{held} s, after {SECONDS} s'
    time.sleep(1)
    assert position.value == held, f'{position.value} s, it was paused at {held} s'
    again = check_is(record(server, window), read(folder, 'master/Master.wav'))
    assert abs(again - held * RATE) < RATE / 5, (again, held)


def with_server(case, server):
    """A case that only needs a session. A busy machine may keep the sound server from recording
    without a gap, so a difference counts when it comes each time."""
    def run(session):
        for tries_left in (2, 1, 0):
            try:
                return case(session, server)
            except Differs:
                session.close_windows()
                if not tries_left:
                    raise
    run.__name__ = case.__name__
    return run


if __name__ == '__main__':
    why = pulse.missing()
    if why:
        skip_all(why)
    with pulse.PulseServer(RATE) as the_server:
        main([with_server(case, the_server)
              for case in (test_master, test_stem_alone, test_pause_and_seek)], 90)
