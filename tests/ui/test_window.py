# SPDX-License-Identifier: GPL-3.0-or-later
"""The window comes up, says what it is, and goes without a word of complaint: TAP.

Usage: test_window.py BUILD-FOLDER
"""
import re
import subprocess

from session import main  # first: it knows where the others are

from accessible import FOCUSABLE, ROLES
from song_window import SMALLEST

CONTROLS = {ROLES[role] for role in ('button', 'check box', 'combo box', 'slider', 'spin button',
                                     'text box', 'toggle button')}


def test_empty_window(session):
    window = session.open()
    assert window.find('Seamline', 'window')
    window.close()


def test_version_needs_no_display(session):
    """Both programs tell the same one, in the same words."""
    env = {name: value for name, value in session.desktop.env.items()
           if name not in ('DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS')}
    told = [subprocess.run([session.built(path), '--version'], env=env, text=True, check=True,
                           capture_output=True, timeout=20).stdout.split()
            for path in ('src/app/seamline', 'src/cli/seamline-cli')]
    assert [words[0] for words in told] == ['seamline', 'seamline-cli'], told
    assert told[0][1:] == told[1][1:] and len(told[0]) == 2, told


def test_demo_song_turns_green(session):
    window = session.open(session.demo('demo'))
    window.run_all()
    window.wait_badges(['Passed'] * 8)
    window.close()


def is_named(item):
    """The toolkit gives the class where it knows no name."""
    return bool(item.name) and not re.match('(Adw|Gtk|Sl)[A-Z]', item.name)


def nameless_controls(tree):
    """Controls without a name that are not the inside of one that has a name."""
    tree.walk()
    by_path = {item.path: item for item in tree.items()}
    for item in by_path.values():
        if item.role not in CONTROLS or not item.has(FOCUSABLE):
            continue
        chain = [item]
        while len(chain) < 5 and chain[-1].parent in by_path:
            chain.append(by_path[chain[-1].parent])
        if not any(map(is_named, chain)):
            yield ' in '.join(part.name or 'group' for part in chain)


def test_every_control_has_a_name(session):
    folder = session.demo('names')
    session.cli('run', folder)
    window = session.open(folder)
    window.wait_badge(8, '^Passed')
    window.show_step(4)
    nameless = list(nameless_controls(window.tree))
    assert not nameless, '\n'.join(nameless)
    window.close()


def test_it_fits_into_small_screens_and_grows_again(session):
    window = session.open(session.demo('small'))
    window.wait_badge(1, '^Ready$')
    for size in [(700, 500), SMALLEST, (1200, 760), SMALLEST, (800, 400)]:
        window.change_size(size)
    window.close()


if __name__ == '__main__':
    main([test_empty_window, test_version_needs_no_display, test_demo_song_turns_green, test_every_control_has_a_name,
          test_it_fits_into_small_screens_and_grows_again], 60)
