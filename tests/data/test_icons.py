#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The icons are drawn by the library that desktops draw with, and are not empty."""

import sys

from support import DATA, ID, Tap, skip_all

try:
    import gi
    gi.require_version('GdkPixbuf', '2.0')
    from gi.repository import GdkPixbuf, GLib
except (ImportError, ValueError) as missing:
    skip_all(missing)

ICONS = DATA / 'icons' / 'hicolor'
NATURAL_SIZES = {
    ICONS / 'scalable' / 'apps' / f'{ID}.svg': 128,
    ICONS / 'symbolic' / 'apps' / f'{ID}-symbolic.svg': 16,
}


def opaque_share(pixbuf):
    """The share of pixels that are at least half opaque."""
    pixels, stride = pixbuf.get_pixels(), pixbuf.get_rowstride()
    width, height = pixbuf.get_width(), pixbuf.get_height()
    alphas = [pixels[y * stride + x * 4 + 3] for y in range(height) for x in range(width)]
    return sum(alpha >= 128 for alpha in alphas) / len(alphas)


def faults(path, size):
    """An icon is square, has the size it is drawn for, and leaves a margin."""
    try:
        pixbuf = GdkPixbuf.Pixbuf.new_from_file(str(path))
    except GLib.Error as error:
        return [error.message]
    found = []
    if (pixbuf.get_width(), pixbuf.get_height()) != (size, size):
        found.append(f'{pixbuf.get_width()} by {pixbuf.get_height()}, not {size}')
    if not pixbuf.get_has_alpha() or not 0.2 < opaque_share(pixbuf) < 0.9:
        found.append('empty, or without a margin')
    return found


def main():
    """One point for each icon."""
    if 'svg' not in [known.get_name() for known in GdkPixbuf.Pixbuf.get_formats()]:
        skip_all('no loader for SVG is installed')
    tap = Tap()
    for path, size in NATURAL_SIZES.items():
        tap.point(path.name, faults(path, size))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
