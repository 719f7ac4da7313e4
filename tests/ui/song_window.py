# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests know of Seamline's window: its steps and their badges, and files dropped into it."""
import os
import re
import signal
import sys
import time

from accessible import wait_for
from command import parts
from program import Program

STEPS = ['Timing', 'Reference', 'Stems', 'Align', 'Drums', 'Effects', 'Master', 'Deliver']
GREEN = re.compile(r'^Passed(, \d+ warnings?)?$')
ANY_STEP = re.compile(f'^[1-8] ({"|".join(STEPS)}), ')
BORDER = 4              # pixels that the toolkit draws around a window where nobody else does
SMALLEST = (360 + 2 * BORDER, 400 + 2 * BORDER)
HERE = os.path.dirname(os.path.abspath(__file__))


class SongWindow(Program):
    """The window with one project; steps are counted from 1, as in the window."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.buttons = {}

    def step(self, number):
        """The button of a step."""
        if number not in self.buttons:
            self.find(re.compile(f'^{number} {STEPS[number - 1]}, '), 'button')
            for button in self.tree.matching(ANY_STEP, 'button'):
                self.buttons[int(button.name[0])] = button
        return self.buttons[number]

    def badge(self, number):
        """The words of a step's badge."""
        return self.step(number).name.partition(', ')[2]

    def badges(self):
        """All of them in order, without their warnings."""
        return [GREEN.sub('Passed', self.badge(number)) for number in range(1, 9)]

    def wait_badges(self, expected):
        """Waits until all eight say what is @expected."""
        wait_for(lambda: f'{expected}; the badges are {self.badges()}',
                 lambda: self.badges() == expected, 10)

    def wait_badge(self, number, pattern, seconds=30):
        expected = re.compile(pattern)
        return wait_for(lambda: f'{pattern} in step {number}, which says {self.badge(number)}',
                        lambda: expected.search(self.badge(number)), seconds)

    def show_step(self, number):
        """Presses a step's button and waits for the inspector to be about it."""
        self.step(number).press()
        self.find(f'{number} {STEPS[number - 1]}', 'label')

    def run_step(self, number, verdict=GREEN.pattern, seconds=30):
        """Presses a step's button and waits for its verdict."""
        wait_for(f'step {number} to be open', lambda: self.step(number).sensitive)
        self.step(number).press()
        self.wait_badge(number, verdict, seconds)

    def run_all(self, seconds=60):
        self.press('Run All')
        self.wait_badge(8, GREEN.pattern, seconds)

    def waveform(self, track):
        return self.find(f'Waveform of {track}', 'slider')

    def seam(self, track):
        """What is told of the selected seam of a track; empty without one."""
        return self.waveform(track).description.partition('\n')[2]

    def place_of(self, track, second, seconds):
        """Where @second of a song of @seconds is in the waveform, from the window's corner."""
        x, y, width, height = self.waveform(track).extents
        return round(x + BORDER + width * second / seconds), y + BORDER + height // 2

    def hold_seam(self, track, pixels, second=21.345, seconds=40.0):
        """Presses on the seam of a track at @second and moves it by @pixels, without letting go."""
        x, y = self.place_of(track, second, seconds)
        xdotool = self.desktop.xdotool
        xdotool('mousemove', '--window', self.window, x, y, 'mousedown', 1)
        for part in range(1, 6):
            xdotool('mousemove', '--window', self.window, x + pixels * part // 5, y)
            time.sleep(0.05)

    def is_frozen(self):
        tasks = f'/proc/{self.pid}/task'
        states = []
        for task in os.listdir(tasks):
            with open(f'{tasks}/{task}/stat', encoding='utf-8', errors='replace') as stat:
                states.append(stat.read().rpartition(')')[2].split()[0])
        return set(states) == {'T'}

    def freeze_when_writing(self, folder):
        """Stops the program in the middle of the first file that it writes in @folder."""
        wait_for('a part file', lambda: os.path.isdir(folder) and parts(folder), every=0)
        os.kill(self.pid, signal.SIGSTOP)
        wait_for('all threads to stand still', self.is_frozen, every=0.01)
        assert parts(folder), 'it was stopped too late'

    def thaw(self):
        os.kill(self.pid, signal.SIGCONT)

    def change_size(self, size):
        """Waits for the size, and for panes to fold away or come back."""
        self.resize(*size)
        wait_for(f'a window of {size}', lambda: self.size() == size, 5)
        time.sleep(0.3)
        self.check_running()

    def drop(self, *paths):
        """Drags files from a window of another program into the middle of this one."""
        desktop = self.desktop
        source = desktop.spawn('drag.log', sys.executable, '-B',
                               os.path.join(HERE, 'drag_source.py'), *paths)
        search = ('search', '--sync', '--onlyvisible', '--name', '^Files to drag$')
        window = desktop.xdotool(*search).split()[-1]
        desktop.xdotool('windowmove', '--sync', window, 1250, 100)
        desktop.xdotool('mousemove', '--window', window, 40, 40, 'mousedown', 1)
        for _ in range(3):
            desktop.xdotool('mousemove_relative', '--sync', '--', -20, 0)
            time.sleep(0.05)
        for x in (600, 610):
            desktop.xdotool('mousemove', '--sync', x, 400)
            time.sleep(0.1)
        desktop.xdotool('mouseup', 1)
        time.sleep(0.5)
        source.kill()
        source.wait()
