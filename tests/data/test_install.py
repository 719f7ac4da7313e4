#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed is complete, and finds its helper where it was put.

Usage: test_install.py BUILD-DIR PREFIX
"""

import os
import sys
import tempfile
import wave
from pathlib import Path

from support import ID, ROOT, Tap, complaints, need, run

WANTED = [
    'bin/seamline',
    'bin/seamline-cli',
    'libexec/seamline/seamline-probe',
    f'share/applications/{ID}.desktop',
    f'share/glib-2.0/schemas/{ID}.gschema.xml',
    f'share/icons/hicolor/scalable/apps/{ID}.svg',
    f'share/icons/hicolor/symbolic/apps/{ID}-symbolic.svg',
    *(f'share/doc/seamline/{name}' for name in (
        'alignment.md', 'crossfade.png', 'loop-keep.png', 'loop.png', 'none.png', 'place.png',
        'truncate.png', 'zero-pad.png')),
    'share/man/man1/seamline.1',
    'share/man/man1/seamline-cli.1',
    f'share/metainfo/{ID}.metainfo.xml',
    f'share/mime/packages/{ID}.xml',
]


def languages():
    """The translations that there are."""
    lines = (ROOT / 'po' / 'LINGUAS').read_text(encoding='utf-8').splitlines()
    return [word for line in lines for word in line.partition('#')[0].split()]


def difference(prefix):
    """What is missing below the prefix, and what nobody has asked for."""
    wanted = set(WANTED + [f'share/locale/{name}/LC_MESSAGES/seamline.mo' for name in languages()])
    found = {path.relative_to(prefix).as_posix() for path in prefix.rglob('*') if path.is_file()}
    return ([f'missing: {name}' for name in sorted(wanted - found)]
            + [f'not wanted: {name}' for name in sorted(found - wanted)])


def sound(path):
    """A tenth of a second of a square wave."""
    with wave.open(str(path), 'wb') as file:
        file.setparams((1, 2, 44100, 0, 'NONE', ''))
        file.writeframes((b'\x00\x20' * 50 + b'\x00\xe0' * 50) * 44)


def measure(prefix, folder):
    """What goes wrong when the installed program has a file decoded by the installed helper."""
    song = folder / 'square.wav'
    sound(song)
    os.environ.pop('SEAMLINE_PROBE', None)
    result = run(prefix / 'bin' / 'seamline-cli', 'measure', '--json', song)
    return [] if result.returncode == 0 and '"frames"' in result.stdout else complaints(result)


def main(build, prefix):
    """One point each for the installation, its contents, and the program that was installed."""
    need('meson')
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / 'root'
        result = run('meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--destdir', root)
        tap.point('meson install succeeds', complaints(result) if result.returncode else [])
        installed = root / prefix.lstrip('/')
        tap.point('everything is there, and nothing else', difference(installed))
        tap.point('the installed program finds the installed helper',
                  measure(installed, Path(folder)))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
