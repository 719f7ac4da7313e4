# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of the window in its states, sizes and colours. Not a test.

Usage: screenshots.py BUILD-FOLDER TARGET-FOLDER [STATE…]
"""
import os
import re
import sys
import time

from session import Session

SIZES = {'wide': (1200, 760), 'small': (400, 600), 'least': (368, 408)}
COLOURS = {'light': {}, 'dark': {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}}


def red_song(session, name):
    folder = session.desktop.path(name)
    session.cli('init', folder, '--reference', session.tone('Reference', 10))
    session.cli('add', folder, 'Bass=' + session.tone('Bass', 8, rate=44100))
    return folder


def long_song(session, name):
    folder = session.desktop.path(name)
    session.cli('init', folder, '--seconds', '7200', '--subtype', 'pcm16')
    session.cli('add', folder, *[f'tone{i}=tone:{100 + i}' for i in range(6)])
    session.cli('run', folder, '--through', 'reference')
    return folder


def show_empty(session, _name, env):
    return session.open(env=env)


def show_ready(session, name, env):
    return session.open(session.demo(name), env=env)


def show_running(session, name, env):
    window = session.open(long_song(session, name), env=env)
    window.step(3).press()
    window.wait_badge(3, '^Running')
    return window


def show_red(session, name, env):
    folder = red_song(session, name)
    session.cli('run', folder)
    window = session.open(folder, env=env)
    window.wait_badge(3, '^Failed$')
    window.step(3).press()
    return window


def show_green(session, name, env):
    folder = session.demo(name)
    session.cli('run', folder)
    window = session.open(folder, env=env)
    window.wait_badge(8, '^Passed')
    return window


def show_timing(session, name, env):
    window = show_green(session, name, env)
    window.step(1).press()
    return window


def show_aligned(session, name, env):
    window = show_green(session, name, env)
    window.step(4).press()
    return window


def show_seam(session, name, env, *settings):
    """A seam of the guitars is selected: a good one, unless @settings spoil it."""
    folder = session.demo(name)
    if settings:
        session.cli('set', folder, 'Guitars', *settings)
    session.cli('run', folder, '--through', 'align')
    window = session.open(folder, env=env)
    window.wait_badge(4, '^(Passed|Failed)')
    window.click(window.waveform('Guitars'))
    window.key('period')
    window.find(re.compile(r'^Seam \d+ of'), 'label')
    return window


def show_seam_warned(session, name, env):
    return show_seam(session, name, env, '--join', '1233131', '--fade', '0', '--loop-bars', '3')


def show_seam_failed(session, name, env):
    return show_seam(session, name, env, '--join', '705555', '--fade', '0', '--loop-bars', '1')


def show_seam_dragged(session, name, env):
    window = show_seam(session, name, env)
    window.hold_seam('Bass', -90)
    return window


STATES = {match[1]: show for match, show in
          ((re.match('show_(.*)', key), value) for key, value in list(globals().items())) if match}


def take_inspector(window, path):
    window.key('F9')
    time.sleep(0.8)
    window.screenshot(path.replace('small', 'sheet'))
    window.key('F9')


def take(session, state, colour, target):
    window = STATES[state](session, f'{state}-{colour}', COLOURS[colour])
    for size, pixels in SIZES.items():
        window.resize(*pixels)
        time.sleep(0.8)
        path = os.path.join(target, f'{state}-{size}-{colour}.png')
        window.screenshot(path)
        print(path, flush=True)
        if state.startswith('seam') and size == 'small':
            take_inspector(window, path)
    session.close_windows()


def main():
    target = os.path.abspath(sys.argv[2])
    os.makedirs(target, exist_ok=True)
    session = Session(sys.argv[1], 400)
    try:
        for state in sys.argv[3:] or STATES:
            for colour in COLOURS:
                take(session, state, colour, target)
    finally:
        session.desktop.close()


main()
