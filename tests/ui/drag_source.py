# SPDX-License-Identifier: GPL-3.0-or-later
"""A window at the right edge of the screen from which files can be dragged, as from a file manager.

Usage: drag_source.py FILE-OR-URI…
"""
import sys

import gi

gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GLib, GObject, Gtk  # noqa: E402

TITLE = 'Files to drag'


def content():
    files = Gdk.FileList.new_from_array(
        [Gio.File.new_for_commandline_arg(word) for word in sys.argv[1:]])
    value = GObject.Value()
    value.init(Gdk.FileList)
    value.set_boxed(files)
    return Gdk.ContentProvider.new_for_value(value)


def main():
    Gtk.init()
    window = Gtk.Window(title=TITLE, decorated=False, default_width=120, default_height=80,
                        child=Gtk.Label(label=TITLE))
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY, content=content())
    window.add_controller(source)
    window.present()
    GLib.MainLoop().run()


main()
