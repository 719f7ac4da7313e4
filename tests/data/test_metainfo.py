#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metainfo is valid, and tells the version that is built.

Usage: test_metainfo.py METAINFO VERSION
"""

import sys
import xml.etree.ElementTree as ElementTree

from support import DATA, ID, Tap, complaints, need, run

# AppStream before 1.0 does not know <developer>; AppStream since 1.0 wants it.
UNAVOIDABLE = ('unknown-tag developer', 'cid-contains-uppercase-letter')


def remarks(path):
    """The lines of the validator, errors, warnings and infos, that could have been avoided."""
    result = run('appstreamcli', 'validate', '--no-net', '--no-color', path)
    lines = [line for line in complaints(result) if line[:3] in ('E: ', 'W: ', 'I: ')]
    lines = [line for line in lines if not any(known in line for known in UNAVOIDABLE)]
    return lines or ([result.stdout.strip()] if result.returncode else [])


def release_faults(root, version):
    """The newest release is this version, and dates do not rise further down."""
    releases = root.findall('releases/release')
    dates = [release.get('date') for release in releases]
    faults = []
    if not releases or releases[0].get('version') != version:
        faults.append(f'the first release is not {version}')
    if None in dates or dates != sorted(dates, reverse=True):
        faults.append(f'dates missing or out of order: {dates}')
    return faults


def shop_faults(root):
    """What software shops ask for beyond validity."""
    faults = []
    if not 10 <= len(root.findtext('summary')) <= 35:
        faults.append('the summary has not 10 to 35 characters')
    if len(root.findtext('name')) > 15:
        faults.append('the name has more than 15 characters')
    if [s.get('type') for s in root.iter('screenshot')].count('default') != 1:
        faults.append('there is not exactly one default screenshot')
    if not all(s.findtext('caption') for s in root.iter('screenshot')):
        faults.append('a screenshot has no caption')
    return faults


def main(path, version):
    """One point for the validator, three for what it does not look at."""
    need('appstreamcli')
    tap = Tap()
    tap.point('appstreamcli has nothing to say that could be avoided', remarks(path))
    root = ElementTree.parse(path).getroot()
    tap.point('the newest release is the version that is built', release_faults(root, version))
    tap.point('names, screenshots and captions are as shops want them', shop_faults(root))
    named = (root.findtext('id'), root.findtext('launchable'))
    tap.point('it belongs to the desktop entry',
              [f'{named}'] if named != (ID, f'{ID}.desktop')
              or not (DATA / f'{ID}.desktop.in').is_file() else [])
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
