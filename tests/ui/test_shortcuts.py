# SPDX-License-Identifier: GPL-3.0-or-later
"""The shortcuts window shows the keys that the program binds, and keys do what they say: TAP.

Usage: test_shortcuts.py BUILD-FOLDER
"""
from session import main  # first: it knows where the others are

from accessible import wait_for

# How the shortcuts window writes what the program calls otherwise. “=” is the key of “+” without
# Shift, and what is on the number pad is told once.
SHOWN_AS = {'<control>': 'Ctrl', '<shift>': 'Shift', '<alt>': 'Alt', 'space': '␣', 'plus': '+',
            'equal': '+', 'kp_add': '+', 'minus': '-', 'kp_subtract': '-', 'kp_0': '0',
            'question': '?', 'comma': ',', 'period': '.'}


def as_shown(binding):
    """“<Control><Shift>r” as a set of caps, {Ctrl, Shift, R}."""
    *modifiers, key = binding.lower().replace('>', '> ').split()
    return frozenset([SHOWN_AS[modifier] for modifier in modifiers]
                     + [SHOWN_AS.get(key, key.capitalize())])


def shown_keys(label):
    """The keys of one entry: caps with “+” between them, keys with “/” between them."""
    names = [child.name for child in label.children]
    assert names, 'an entry without keys'
    alternatives, caps = [], []
    for place, name in enumerate(names):
        separates = place % 2 == 1
        if separates and name == '/':
            alternatives.append(frozenset(caps))
            caps = []
        elif not separates:
            caps.append(name)
    return alternatives + [frozenset(caps)]


def test_shortcuts_window_shows_what_is_bound(session):
    log = session.desktop.path('bindings.log')
    window = session.open(session.demo('shown'), env={
        'LD_PRELOAD': session.built('tests/ui/libui-bindings.so'), 'SEAMLINE_BINDINGS_LOG': log})
    window.wait_badge(1, '^Ready$')
    window.key('F1')
    window.find('Keyboard shortcuts', 'label')
    window.tree.walk()
    shown = {keys for label in window.tree.matching('GtkShortcutLabel')
             for keys in shown_keys(label)}
    with open(log, encoding='utf-8') as lines:
        bound = {as_shown(line.strip()) for line in lines}
    assert len(bound) > 10, bound
    assert shown == bound, f'only shown: {shown - bound}, only bound: {bound - shown}'


def test_keys_run_steps(session):
    window = session.open(session.demo('steps'))
    window.wait_badge(1, '^Ready$')
    window.key('ctrl+r')
    window.wait_badges(['Passed', 'Ready'] + ['Locked'] * 6)
    window.key('ctrl+shift+r')
    window.wait_badge(8, '^Passed')


def test_f9_hides_the_inspector(session):
    window = session.open(session.demo('inspector'))
    window.wait_badge(1, '^Ready$')
    toggle = window.find('Show Inspector', 'button')
    assert toggle.checked
    for expected in (False, True):
        window.key('F9')
        wait_for(f'the inspector to be there: {expected}', lambda: toggle.checked == expected, 5)


def test_keys_open_and_close(session):
    window = session.open(session.demo('keys'))
    window.wait_badge(1, '^Ready$')
    window.key('ctrl+n')
    window.find('New Project', 'window')
    window.key('Escape')
    wait_for('the dialog to go', lambda: not window.tree.has('New Project', 'window'), 5)
    window.focus()
    window.key('ctrl+w')
    window.wait_end()


if __name__ == '__main__':
    main([test_shortcuts_window_shows_what_is_bound,
          test_keys_run_steps,
          test_f9_hides_the_inspector,
          test_keys_open_and_close], 60)
