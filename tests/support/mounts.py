# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts that nobody else sees, and that are gone with the program that made them."""
import contextlib
import os
import subprocess
import sys
import tempfile

from cases import Skip, skip_all

MARK = 'SEAMLINE_TEST_MOUNTS'


def unshare(*words):
    """@words as a program with mounts of its own."""
    whom = [] if os.geteuid() == 0 else ['--user', '--map-root-user']
    return ['unshare', *whom, '--mount', '--propagation', 'private', *words]


def why_not():
    """Why nothing can be mounted here, or None."""
    try:
        tried = subprocess.run(unshare('mount', '-t', 'tmpfs', 'none', '/mnt'),
                               capture_output=True, text=True, check=False)
    except OSError as missing:
        return str(missing)
    return tried.stderr.strip() if tried.returncode != 0 else None


def enter(needed=True):
    """Runs this program again where it may mount. Where that cannot be, goes on as it is, or, if
    it is @needed, skips the program."""
    if MARK in os.environ:
        return
    reason = why_not()
    if reason is None:
        os.environ[MARK] = '1'
        words = unshare(sys.executable, '-B', *sys.argv)
        os.execvp(words[0], words)
    elif needed:
        skip_all(f'nothing can be mounted here: {reason}')


def needed():
    """To be called before mounting where enter() was not @needed."""
    if MARK not in os.environ:
        raise Skip('nothing can be mounted here')


def mount(*words):
    subprocess.run(['mount', *words], check=True, capture_output=True)


class Tmpfs:
    """A file system in memory on the folder @path, of which the free room can be set."""

    ROOMY = 64 << 20

    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)
        mount('-t', 'tmpfs', '-o', f'size={self.ROOMY}', 'none', path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(['umount', self.path], check=True)

    def set_room(self, room=None):
        """Leaves @room bytes, a number of whole pages; without, as much as anybody may want."""
        size = self.ROOMY
        if room is not None:
            now = os.statvfs(self.path)
            # No bytes at all would mean no limit.
            size = max((now.f_blocks - now.f_bfree) * now.f_frsize + room, now.f_frsize)
        # By what and where, so that mount repeats no option of before: some may be given once only.
        mount('-t', 'tmpfs', '-o', f'remount,size={size}', 'none', self.path)
        now = os.statvfs(self.path)
        assert room is None or 0 <= now.f_bavail * now.f_frsize - room <= now.f_frsize, (now, room)


@contextlib.contextmanager
def in_memory():
    """Temporary files are in memory meanwhile, where that can be: there syncing takes no time."""
    if MARK not in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        mount('-t', 'tmpfs', 'none', folder)
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = None
            subprocess.run(['umount', '--lazy', folder], check=True)
