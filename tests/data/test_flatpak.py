#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Flatpak asks for no more than it needs, and is built from archives that are pinned."""

import re
import sys

from support import ID, ROOT, Tap, skip_all

try:
    import yaml
except ImportError as missing:
    skip_all(missing)

# No network and no file that the user has not chosen.
PERMISSIONS = {'--socket=wayland', '--socket=fallback-x11', '--share=ipc', '--device=dri',
               '--socket=pulseaudio'}


def loose_archives(modules):
    """The archives that could be exchanged on their way."""
    archives = [source for module in modules for source in module['sources']
                if source['type'] == 'archive']
    if not archives:
        return ['there are none']
    return [source['url'] for source in archives
            if not source['url'].startswith('https://')
            or not re.fullmatch('[0-9a-f]{64}', source.get('sha256', ''))]


def main():
    """One point each for the names, the permissions, the archives and the program itself."""
    manifest = yaml.safe_load((ROOT / 'flatpak' / f'{ID}.yml').read_text(encoding='utf-8'))
    own = manifest['modules'][-1]
    tap = Tap()
    tap.point('it is the application of the desktop entry',
              [] if (manifest['id'], manifest['command']) == (ID, 'seamline')
              else [manifest['id'], manifest['command']])
    tap.point('it asks for nothing else', sorted(set(manifest['finish-args']) ^ PERMISSIONS))
    tap.point('every archive is pinned', loose_archives(manifest['modules']))
    tap.point('the program is built from this folder',
              [] if own['buildsystem'] == 'meson' and own['sources'][0]['path'] == '..'
              else [str(own)])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
