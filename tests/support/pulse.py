# SPDX-License-Identifier: GPL-3.0-or-later
"""A sound server of the test's own, whose only device is recorded bit for bit."""

import os
import shutil
import signal
import subprocess
import tempfile
import time

SINK = 'seamline_test'

ALSA_CONFIG = '''</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
'''


def missing():
    """Why there can be no server here, or None."""
    for program, package in (('pulseaudio', 'pulseaudio'), ('parec', 'pulseaudio-utils')):
        if shutil.which(program) is None:
            return f'{package} is not installed'
    return None


class PulseServer:
    """PulseAudio with a null sink that keeps floats as they are; ALSA's default plays to it.

    Use as a context; env() is the environment for what shall play here.
    """

    def __init__(self, rate=48000, channels=2):
        self.rate = rate
        self.channels = channels
        self.folder = tempfile.mkdtemp(prefix='seamline-pulse-')
        self.socket = os.path.join(self.folder, 'native')
        self.alsa_config = os.path.join(self.folder, 'alsa.conf')
        self.process = None
        self.log = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception):
        self.stop()

    def env(self, base=None):
        """@base (default: this environment) for a program that plays here and nowhere else."""
        env = dict(os.environ if base is None else base)
        for name in ('PULSE_SINK', 'PULSE_COOKIE'):
            env.pop(name, None)
        env.update(PULSE_SERVER=f'unix:{self.socket}', PULSE_RUNTIME_PATH=self.folder,
                   ALSA_CONFIG_PATH=self.alsa_config)
        return env

    def server_env(self):
        """The environment of the server: nothing of this session."""
        env = {name: value for name, value in os.environ.items()
               if name not in ('DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS')}
        env.update(HOME=self.folder, XDG_RUNTIME_DIR=self.folder, PULSE_RUNTIME_PATH=self.folder,
                   PULSE_STATE_PATH=self.folder, PULSE_CONFIG_PATH=self.folder)
        return env

    def start(self):
        """Starts the server and waits until it answers."""
        with open(self.alsa_config, 'w', encoding='ascii') as config:
            config.write(ALSA_CONFIG)
        self.log = open(os.path.join(self.folder, 'log'), 'wb')
        self.process = subprocess.Popen(
            ['pulseaudio', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '-n',
             '--disable-shm=yes', '--system=no',
             f'--load=module-null-sink sink_name={SINK} format=float32le rate={self.rate} '
             f'channels={self.channels}',
             f'--load=module-native-protocol-unix auth-anonymous=1 socket={self.socket}'],
            env=self.server_env(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.wait_for(self.answers, 'the server to answer')

    def answers(self):
        """Whether the server is there."""
        if self.process.poll() is not None:
            raise RuntimeError(f'pulseaudio ended: {self.read_log()}')
        return subprocess.run(['pactl', 'info'], env=self.env(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    def read_log(self):
        """What the server has said."""
        with open(os.path.join(self.folder, 'log'), encoding='utf-8', errors='replace') as log:
            return log.read()

    @staticmethod
    def wait_for(condition, what, seconds=20):
        """Waits until the condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f'waited in vain for {what}')
            time.sleep(0.05)

    def record(self):
        """Starts to record what is played; a Recording."""
        return Recording(self)

    def sink_inputs(self):
        """How many streams play now."""
        listing = subprocess.run(['pactl', 'list', 'short', 'sink-inputs'], env=self.env(),
                                 stdout=subprocess.PIPE, check=True)
        return len(listing.stdout.splitlines())

    def stop(self):
        """Ends the server and removes its folder."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.log is not None:
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Recording:
    """Raw floats of the sink's monitor in a file; stop() returns the path."""

    def __init__(self, server):
        self.path = os.path.join(server.folder, f'recording-{time.monotonic_ns()}.f32')
        self.file = open(self.path, 'wb')
        self.process = subprocess.Popen(
            ['parec', '--raw', '--format=float32le', f'--rate={server.rate}',
             f'--channels={server.channels}', '--latency-msec=200', f'--device={SINK}.monitor'],
            env=server.env(), stdin=subprocess.DEVNULL, stdout=self.file,
            stderr=subprocess.DEVNULL)
        server.wait_for(lambda: os.path.getsize(self.path) > 0, 'the recording to begin')

    def stop(self):
        """Ends the recording; the path of its raw float32 frames."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.file.close()
        return self.path
