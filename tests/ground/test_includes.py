#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on an include that crosses a wall: who may see whom, and which door a library has."""

import re
import sys

from sources import SRC, c_files, check_by_folder, without_comments
from tap import Tap

INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:(["<])([^">\n]+)[">]|(\S+))',
                     re.MULTILINE)

# What a room may include; every room sees itself. Rooms of the engine are named one by one.
ENGINE = ['engine/base', 'engine/io', 'engine/generate', 'engine/align', 'engine/process',
          'engine/measure', 'engine/waveform', 'engine/package']
SEES = {
    'engine/base': [],
    'engine/io': ['engine/base'],
    'engine/generate': ['engine/base', 'engine/io'],
    'engine/align': ['engine/base', 'engine/io'],
    'engine/process': ['engine/base', 'engine/io'],
    'engine/measure': ['engine/base', 'engine/io'],
    'engine/waveform': ['engine/base', 'engine/io'],
    'engine/package': ['engine/base', 'engine/io'],
    'probe': ENGINE,
    'workflow': ENGINE,
    'preview': ENGINE,
    'cli': ['workflow'] + ENGINE,
    'app': ['workflow', 'preview'] + ENGINE,
}

# Each library: how its headers are called, and the files or rooms that may include them.
DOORS = [
    ('libsndfile', r'sndfile\.h', ['engine/io/']),
    ('libsoxr', r'soxr.*\.h', ['engine/io/resampler.c']),
    ('FFTW', r'fftw3.*\.h', ['engine/base/fft.c']),
    ('xxHash', r'xx(hash|h3|h_x86dispatch).*\.h', ['engine/io/digest.c']),
    ('OpenSSL', r'openssl/.*', ['engine/package/']),
    ('libarchive', r'archive(_entry)?\.h', ['engine/package/']),
    ('libebur128', r'ebur128\.h', ['engine/measure/']),
    ('JSON-GLib', r'json-glib/.*', ['workflow/', 'cli/']),
    ('PortAudio', r'(portaudio|pa_.*)\.h', ['preview/portaudio.c']),
    ('GTK and Adwaita', r'(gtk|gdk|gsk|adwaita|libadwaita|graphene|pango).*', ['app/']),
    ('GIO', r'gio/.*', ['workflow/', 'cli/', 'app/']),
    ('GObject', r'(glib-object\.h|gobject/.*)', ['workflow/', 'cli/', 'app/']),
]

SYSTEM = re.compile(
    r'(sys|linux)/[a-z0-9_]+\.h|(assert|complex|ctype|dirent|errno|fcntl|float|inttypes|limits|locale'
    r'|math|poll|pthread|sched|signal|spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio'
    r'|stdlib|string|strings|time|unistd|wchar|immintrin)\.h')
GLIB = re.compile(r'glib\.h|glib/(gi18n|gi18n-lib|gstdio)\.h|glib-unix\.h')


def room_of(name):
    """The room of a path under src/, or None: two folders deep in the engine, else one."""
    parts = name.split('/')
    if len(parts) < 2:
        return None
    room = '/'.join(parts[:2]) if parts[0] == 'engine' and len(parts) > 2 else parts[0]
    return room if room in SEES else None


def own_problem(name, target):
    """Why the file may not include another file of the project, or None."""
    room, target_room = room_of(name), room_of(target)
    if target_room is None or not (SRC / target).is_file():
        return 'is not a file under src/ named by its room'
    if target_room != room and target_room not in SEES[room]:
        return f'{room} may not see {target_room}'
    return None


def system_problem(name, target):
    """Why the file may not include a header of a library, or None."""
    for library, pattern, doors in DOORS:
        if re.fullmatch(pattern, target):
            if any(name.startswith(door) for door in doors):
                return None
            return f"{library} may be seen only by {', '.join(doors)}"
    if SYSTEM.fullmatch(target) or GLIB.fullmatch(target):
        return None
    return 'is a library that has no door yet'


def include_problem(name, quote, target, computed):
    """Why this include is forbidden, or None."""
    if computed:
        return 'is not a plain name'
    return own_problem(name, target) if quote == '"' else system_problem(name, target)


def file_problems(path):
    """All forbidden includes of one file."""
    name = path.relative_to(SRC).as_posix()
    if room_of(name) is None:
        return ['is in no room']
    text = without_comments(path.read_text(encoding='utf-8'))
    return [f'includes {target or computed}: {problem}'
            for quote, target, computed in INCLUDE.findall(text)
            if (problem := include_problem(name, quote, target, computed))]


def main():
    """One test point per folder under src/."""
    tap = Tap()
    check_by_folder(tap, c_files(SRC), SRC, file_problems)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
