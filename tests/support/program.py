# SPDX-License-Identifier: GPL-3.0-or-later
"""The program under test on a private desktop: its process, its window, keys and pictures."""
import contextlib
import os
import re
import signal
import subprocess
import time

from accessible import Gone, Tree, wait_for
from desktop import children_of

COMPLAINT = re.compile(r'WARNING|CRITICAL|ERROR: \w+Sanitizer|runtime error')


class Program:
    """One run of the window."""

    def __init__(self, desktop, executable, *arguments, env=None, wrapper=(), log='program.log'):
        self.desktop = desktop
        self.log = desktop.path(log)
        with open(self.log, 'wb') as output:
            self.process = subprocess.Popen(
                [*wrapper, executable, *arguments], env={**desktop.env, **(env or {})},
                cwd=desktop.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.bus = desktop.connect()
        owner, self.pid = wait_for('the program to be on the bus', self.find_owner)
        self.tree = Tree(self.bus, owner)
        self.window = self.find_window()
        self.focus()

    def find_owner(self):
        self.check_running()
        own = {self.process.pid, *children_of(self.process.pid)}
        return self.bus.owner_of_process(own.__contains__)

    def check_running(self):
        code = self.process.poll()
        assert code is None, f'the program has ended with {code}:\n{self.output()}'

    def find_window(self):
        def search():
            self.check_running()
            try:
                return self.desktop.xdotool('search', '--onlyvisible', '--pid', self.pid).split()
            except subprocess.CalledProcessError:
                return None
        return wait_for('a window', search)[-1]

    def output(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            return log.read()

    def find(self, name, role=None, state=None, seconds=15):
        self.check_running()
        return self.tree.find(name, role, state, seconds)

    def press(self, name, role='button', seconds=15):
        """Presses a button when it is there and can be pressed."""
        def find_sensitive():
            button = self.find(name, role, seconds=seconds)
            with contextlib.suppress(Gone):              # another has taken its place
                return button if button.sensitive else None

        button = wait_for(f'{name} to be sensitive', find_sensitive, seconds)
        button.press()
        return button

    def focus(self):
        """Without a window manager, nobody else gives a window the keys."""
        self.desktop.xdotool('windowfocus', '--sync', self.window)

    def key(self, *keys):
        self.desktop.xdotool('key', '--clearmodifiers', *keys)

    def click(self, widget):
        """Clicks into the middle of a widget with the pointer, once it has come to its place."""
        def has_place():
            before = widget.extents
            time.sleep(0.1)
            return before if before == widget.extents and before[2] > 0 else None

        x, y, width, height = wait_for(f'{widget.name} to have a place', has_place)
        self.desktop.xdotool('mousemove', '--window', self.window, x + width // 2, y + height // 2,
                             'click', 1)

    def enter(self, widget, text):
        """Replaces what an entry holds as a person does: click, select all, type, Return."""
        self.click(widget)
        self.key('ctrl+a')
        self.desktop.xdotool('type', '--delay', 5, text)
        self.key('Return')

    def resize(self, width, height):
        self.desktop.xdotool('windowsize', '--sync', self.window, width, height)

    def size(self):
        """Width and height of the window in pixels."""
        words = self.desktop.xdotool('getwindowgeometry', '--shell', self.window).split()
        values = dict(word.split('=') for word in words)
        return int(values['WIDTH']), int(values['HEIGHT'])

    def screenshot(self, path):
        subprocess.run(['import', '-window', self.window, path], env=self.desktop.env, check=True,
                       timeout=20)

    def close(self):
        """Closes the window as its user does; a program may be gone before it has answered."""
        self.check_running()
        with contextlib.suppress(Gone):
            self.find(re.compile(''), 'window').act('window.close')
        self.wait_end()

    def wait_end(self):
        """The program must end now, well and silently."""
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise AssertionError('the program does not end when its window is closed') from error
        assert code == 0, f'the program ended with {code}:\n{self.output()}'
        complaints = [line for line in self.output().splitlines() if COMPLAINT.search(line)]
        assert not complaints, '\n'.join(complaints)

    def kill(self):
        if self.process.poll() is None:
            if self.pid != self.process.pid:
                os.kill(self.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
