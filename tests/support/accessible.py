# SPDX-License-Identifier: GPL-3.0-or-later
"""Widgets of a running program as assistive technologies see them, over the bus of AT-SPI.

Every property is asked for when it is read: nothing here is remembered from an earlier state.
"""
import re
import time

from gi.repository import Gio, GLib

ROOT = '/org/a11y/atspi/accessible/root'
REGISTRY = 'org.a11y.atspi.Registry'
A11Y = 'org.a11y.atspi.'
CALL_MS = 20000

# Numbers of AT-SPI's states.
CHECKED, FOCUSABLE, FOCUSED, PRESSED, SENSITIVE, VISIBLE = 4, 11, 12, 20, 24, 30

# Names of AT-SPI's roles that a test asks for.
ROLES = {'alert': 2, 'check box': 7, 'combo box': 11, 'dialog': 16, 'image': 27, 'label': 29,
         'list': 31, 'list item': 32, 'menu item': 35, 'group': 39, 'page tab': 37, 'button': 43,
         'slider': 51, 'spin button': 52, 'status bar': 54, 'text box': 61, 'toggle button': 62,
         'window': 23, 'switch': 130}


class Gone(Exception):
    """The widget is no longer there, or does not do what was asked of it."""


class Missing(AssertionError):
    """No widget has come up that answers the description."""


class Bus:
    """A connection to the bus of AT-SPI, found through a session bus."""

    def __init__(self, session_address):
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)

        def connect(address):
            return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

        session = connect(session_address)
        address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress',
                                    None, None, 0, CALL_MS, None).unpack()[0]
        session.close_sync(None)
        self.connection = connect(address)

    def call(self, owner, path, interface, method, arguments=None):
        try:
            return self.connection.call_sync(owner, path, interface, method, arguments, None, 0,
                                             CALL_MS, None).unpack()
        except GLib.Error as error:
            raise Gone(f'{interface}.{method}: {error.message}') from error

    def children_of_all(self, owner, paths):
        """Asks all of @paths at once for their children; one round trip instead of many."""
        found, left = [], [len(paths)]

        def answered(connection, result):
            left[0] -= 1
            try:
                found.extend(path for _, path in connection.call_finish(result).unpack()[0])
            except GLib.Error:
                pass                                     # it went away meanwhile

        for path in paths:
            self.connection.call(owner, path, A11Y + 'Accessible', 'GetChildren', None, None, 0,
                                 CALL_MS, None, answered)
        while left[0]:
            GLib.MainContext.default().iteration(True)
        return found

    def owner_of_process(self, is_wanted):
        """The bus name of the program for whose process @is_wanted holds, or None."""
        for owner, _ in self.call(REGISTRY, ROOT, A11Y + 'Accessible', 'GetChildren')[0]:
            pid = self.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                            'GetConnectionUnixProcessID', GLib.Variant('(s)', (owner,)))[0]
            if is_wanted(pid):
                return owner, pid
        return None


class Widget:
    """One accessible object of a program."""

    def __init__(self, bus, owner, path):
        self.bus, self.owner, self.path = bus, owner, path

    def call(self, interface, method, arguments=None):
        return self.bus.call(self.owner, self.path, interface, method, arguments)

    def get(self, interface, name):
        return self.call('org.freedesktop.DBus.Properties', 'Get',
                         GLib.Variant('(ss)', (A11Y + interface, name)))[0]

    @property
    def name(self):
        return self.get('Accessible', 'Name')

    @property
    def description(self):
        return self.get('Accessible', 'Description')

    @property
    def states(self):
        low, high = self.call(A11Y + 'Accessible', 'GetState')[0]
        return {bit for bit in range(64) if (low | high << 32) >> bit & 1}

    @property
    def sensitive(self):
        return SENSITIVE in self.states

    @property
    def is_gone(self):
        try:
            return not self.states
        except Gone:
            return True

    @property
    def checked(self):
        return bool({CHECKED, PRESSED} & self.states)

    @property
    def children(self):
        return [Widget(self.bus, owner, path)
                for owner, path in self.call(A11Y + 'Accessible', 'GetChildren')[0]]

    @property
    def extents(self):
        """x, y, width and height within the window, in pixels."""
        return self.call(A11Y + 'Component', 'GetExtents', GLib.Variant('(u)', (1,)))[0]

    @property
    def value(self):
        return self.get('Value', 'CurrentValue')

    @value.setter
    def value(self, number):
        self.call('org.freedesktop.DBus.Properties', 'Set', GLib.Variant(
            '(ssv)', (A11Y + 'Value', 'CurrentValue', GLib.Variant('d', number))))

    @property
    def text(self):
        length = self.get('Text', 'CharacterCount')
        return self.call(A11Y + 'Text', 'GetText', GLib.Variant('(ii)', (0, length)))[0]

    @text.setter
    def text(self, words):
        self.call(A11Y + 'EditableText', 'SetTextContents', GLib.Variant('(s)', (words,)))

    def press(self):
        """Does the first action: a click, for a button. It comes about a moment later."""
        self.do_action(0)

    def act(self, action):
        """Does the action of that name."""
        names = [names[0] for names in self.call(A11Y + 'Action', 'GetActions')[0]]
        self.do_action(names.index(action))

    def do_action(self, index):
        if not self.call(A11Y + 'Action', 'DoAction', GLib.Variant('(i)', (index,)))[0]:
            raise Gone(f'{self.name} does not act')


class Item:
    """What the program's cache says of one widget at one moment."""

    def __init__(self, row):
        (self.owner, self.path), _, (_, self.parent) = row[0], row[1], row[2]
        self.name, self.role = row[6], row[7]
        self.bits = row[9][0]

    def has(self, state):
        return bool(self.bits >> state & 1)


class Tree:
    """All widgets of one program."""

    def __init__(self, bus, owner):
        self.bus, self.owner = bus, owner

    def walk(self):
        """Visits every widget, which is what makes the toolkit list it in its cache."""
        level = [ROOT]
        while level:
            level = self.bus.children_of_all(self.owner, level)

    def items(self):
        """Every widget that neither is hidden nor has a hidden ancestor."""
        rows = self.bus.call(self.owner, '/org/a11y/atspi/cache', A11Y + 'Cache', 'GetItems')[0]
        by_path = {item.path: item for item in map(Item, rows)}

        def is_shown(item):
            while item is not None and item.path != ROOT:
                if not item.has(VISIBLE):
                    return False
                item = by_path.get(item.parent)
            return item is not None

        return [item for item in by_path.values() if is_shown(item)]

    def matching(self, name, role=None, state=None):
        """Widgets named @name (a string, or a compiled expression to be found in the name)."""
        found = []
        for item in self.items():
            fits = name.search(item.name) if isinstance(name, re.Pattern) else name == item.name
            if fits and (role is None or item.role == ROLES[role]) and \
                    (state is None or item.has(state)):
                found.append(Widget(self.bus, self.owner, item.path))
        return found

    def look_for(self, name, role, state):
        """Such a widget; of several, one that has a place in the window. None while there is none,
        or while the program is only coming up or changing what it shows."""
        try:
            found = self.matching(name, role, state)
            if len(found) > 1:
                found = [widget for widget in found if widget.extents[2] > 0] or found
        except Gone:
            return None
        return found[0] if found else None

    def find(self, name, role=None, state=None, seconds=15):
        """Such a widget, waiting for it."""
        end = time.monotonic() + seconds
        while True:
            found = self.look_for(name, role, state)
            if found is not None:
                return found
            self.walk()
            if time.monotonic() > end:
                raise Missing(f'no {role or "widget"} {name} among:\n{self.outline()}')
            time.sleep(0.1)

    def has(self, name, role=None, state=None):
        self.walk()
        return bool(self.matching(name, role, state))

    def outline(self):
        """The names and roles that there are, for messages."""
        roles = {number: word for word, number in ROLES.items()}
        lines = {f'{roles.get(item.role, item.role)}: {item.name}'
                 for item in self.items() if item.name and not item.name.startswith('Gtk')}
        return '\n'.join(sorted(lines))


def wait_for(what, is_so, seconds=30, every=0.05):
    """Polls until @is_so() is true and returns that; @what is said when it never is."""
    end = time.monotonic() + seconds
    while True:
        answer = is_so()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f'waited {seconds} s for {what() if callable(what) else what}')
        time.sleep(every)
