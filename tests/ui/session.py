# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of the window starts with: a desktop, the programs of a build, and projects.

A test program is called with the build folder.
"""
import json
import math
import os
import subprocess
import sys
import wave
from array import array

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))

from cases import run_cases, skip_all  # noqa: E402
from desktop import Desktop, missing  # noqa: E402

ABSENT = missing()
if ABSENT:
    skip_all(ABSENT)


class Session:
    """A desktop on which one window after the other is opened."""

    def __init__(self, build_folder, seconds):
        self.build = os.path.abspath(build_folder)
        self.desktop = Desktop(self.build, seconds)
        self.desktop.env['LSAN_OPTIONS'] = f'suppressions={HERE}/leaks.supp:print_suppressions=0'
        self.windows = []

    def built(self, path):
        return os.path.join(self.build, path)

    def cli(self, *words):
        """Runs the command-line program; its standard output."""
        result = subprocess.run([self.built('src/cli/seamline-cli'), *words], text=True,
                                env=self.desktop.env, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, check=False, timeout=120)
        assert result.returncode in (0, 1), f'{words}: {result.stderr}'
        return result.stdout

    def states(self, folder):
        """What the command line derives for each step: “Passed”, “Stale” …, for eight steps."""
        steps = json.loads(self.cli('status', folder, '--json'))['steps']
        return [step['state'].capitalize() for step in steps]

    def open(self, *arguments, **options):
        """Opens the window, with a project's folder as argument."""
        from song_window import SongWindow
        window = SongWindow(self.desktop, self.built('src/app/seamline'), *arguments, **options)
        self.windows.append(window)
        return window

    def demo(self, name):
        """Makes the demo project in a folder of its own."""
        folder = self.desktop.path(name)
        self.cli('demo', folder)
        return folder

    def tone(self, name, seconds, rate=48000, hertz=110):
        """Writes a mono PCM_16 file, half as loud as can be, of whole @hertz; its path."""
        second = array('h', [round(16384 * math.sin(2 * math.pi * hertz * frame / rate))
                             for frame in range(rate)])
        samples = (second * math.ceil(seconds))[:round(seconds * rate)]
        return self.wav(name, samples.tobytes(), rate)

    def wav(self, name, samples, rate=48000):
        """Writes a mono file of these bytes as PCM_16; its path."""
        path = os.path.join(self.desktop.make_folder('sources'), name + '.wav')
        with wave.open(path, 'wb') as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(samples)
        return path

    def close_windows(self):
        """Ends what a case has left open."""
        for window in self.windows:
            window.kill()
        self.windows.clear()


def main(cases, seconds, *tools):
    """Runs @cases, each with a session without windows; @seconds for all of them."""
    absent = missing(*tools)             # what only these cases need
    if absent:
        skip_all(absent)
    # Sanitized programs are several times slower; meson allows them more time likewise.
    session = Session(sys.argv[1], seconds * (5 if 'ASAN_OPTIONS' in os.environ else 1))

    def with_clean_session(case):
        def run(shared):
            try:
                case(shared)
            finally:
                shared.close_windows()
        run.__name__ = case.__name__
        return run

    try:
        code = run_cases([with_clean_session(case) for case in cases], session)
    finally:
        session.desktop.close()
    sys.exit(code)
