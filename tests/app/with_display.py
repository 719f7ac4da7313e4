#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test program on an X server of its own: with_display.py PROGRAM…; skips without Xvfb."""

import os
import shutil
import subprocess
import sys

SCREEN = '1280x1024x24'


def start_server():
    """The process, and its display once it takes clients."""
    reading, writing = os.pipe()
    server = subprocess.Popen(['Xvfb', '-displayfd', str(writing), '-screen', '0', SCREEN,
                               '-nolisten', 'tcp'],
                              pass_fds=[writing], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as stream:
        return server, stream.readline().strip()


def sanitizer_options():
    """What lies below GTK, such as fontconfig, keeps what it has allocated."""
    return ':'.join(filter(None, [os.environ.get('ASAN_OPTIONS'), 'detect_leaks=0']))


def main():
    """The program's own exit code; its stream is the test's."""
    if shutil.which('Xvfb') is None:
        print('1..0 # SKIP Xvfb is not installed')
        return 0
    server, number = start_server()
    try:
        environment = dict(os.environ, DISPLAY=f':{number}', GDK_BACKEND='x11',
                           GSK_RENDERER='cairo', GTK_A11Y='none', GSETTINGS_BACKEND='memory',
                           ASAN_OPTIONS=sanitizer_options())
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        server.kill()
        server.wait()


if __name__ == '__main__':
    sys.exit(main())
