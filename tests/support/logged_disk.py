# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk whose every write and flush is known, in order, beside what a program says meanwhile.

The disk is a file of a FUSE file system that this process serves from memory; a loop device on it
carries a real file system. So the log holds exactly what the kernel has handed to the disk, and a
disk as a power cut would leave it at any moment can be made from it afterwards. A program's
standard output goes to a second file of the same kind: what it says has its place in the log.
"""
import collections
import contextlib
import ctypes
import errno
import os
import stat
import struct
import subprocess
import threading
import traceback

from cases import Skip

MNT_DETACH = 2

# Requests of FUSE, by number (linux/fuse.h).
LOOKUP, FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS = 1, 2, 3, 4, 14, 15, 16, 17
RELEASE, FSYNC, INIT, INTERRUPT, BATCH_FORGET = 18, 20, 26, 36, 42
SILENT = FORGET, BATCH_FORGET, INTERRUPT

MAJOR, MINOR = 7, 31
BIG_WRITES, MAX_PAGES, DIRECT_IO = 1 << 5, 1 << 22, 1
PAGES = 256
LARGEST = PAGES * 4096
ROOT, DISK, SAID = 1, 2, 3
FILES = {b'disk': DISK, b'said': SAID}
FOREVER = 1 << 40
ENDED_S = 5

IN_HEADER, OUT_HEADER = struct.Struct('<IIQQIIII'), struct.Struct('<IiQ')
ATTRIBUTES = struct.Struct('<6Q10I')
TRANSFER = struct.Struct('<QQI')                         # handle, offset, size
WRITE_BYTES = 40

Write = collections.namedtuple('Write', 'offset data')
Flush = collections.namedtuple('Flush', '')
Said = collections.namedtuple('Said', 'text')

LIBC = ctypes.CDLL(None, use_errno=True)


def run(*words):
    """Runs a tool of the file system; its output."""
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except FileNotFoundError as missing:
        raise Skip(str(missing)) from missing
    text = done.stdout.decode(errors='replace')
    if done.returncode != 0:
        raise OSError(f'{" ".join(words)}: {text}')
    return text


class LoggedDisk:
    """The disk, served below the folder @folder, and its log: Write, Flush, Said and whatever
    else is put in.

    Its bytes may be exchanged while nothing is mounted on it.
    """

    def __init__(self, folder, size):
        self.folder, self.image, self.log = folder, bytearray(size), []
        self.handlers = {INIT: self.init, LOOKUP: self.lookup, GETATTR: self.get_attributes,
                         SETATTR: self.get_attributes, OPEN: self.open, READ: self.read,
                         WRITE: self.write, STATFS: lambda *_: bytes(80),
                         RELEASE: lambda *_: b'', FSYNC: self.flush}
        os.mkdir(folder)
        try:
            self.channel = os.open('/dev/fuse', os.O_RDWR)
        except OSError as missing:
            raise Skip(f'/dev/fuse: {missing.strerror}') from missing
        failed = LIBC.mount(b'logged-disk', os.fsencode(folder), b'fuse', ctypes.c_ulong(0),
                            b'fd=%d,rootmode=40755,user_id=0,group_id=0' % self.channel)
        if failed:
            raise Skip(f'mounting a file system of FUSE: {os.strerror(ctypes.get_errno())}')
        # The last one in a namespace takes its mounts apart, and waits for the disk: not this one,
        # which may be killed and answers for the disk. It ends when this one is gone.
        self.last = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        self.path, self.said = os.path.join(folder, 'disk'), os.path.join(folder, 'said')

    def close(self):
        LIBC.umount2(os.fsencode(self.folder), MNT_DETACH)
        self.thread.join(ENDED_S)
        os.close(self.channel)
        self.last.communicate()

    # --- the protocol ---

    def serve(self):
        """Until nothing is mounted. Who waits for an answer that never comes waits for ever: so
        the whole program ends rather than this thread alone."""
        try:
            while self.serve_one():
                pass
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def serve_one(self):
        try:
            request = os.read(self.channel, LARGEST + 65536)
        except OSError as ended:
            return ended.errno != errno.ENODEV
        _, code, unique, node, *_ = IN_HEADER.unpack_from(request)
        if code not in SILENT:
            self.answer(unique, self.handlers.get(code), node, request[IN_HEADER.size:])
        return True

    def answer(self, unique, handler, node, body):
        """What there is no handler for, the kernel does not ask for again."""
        reply = handler(node, body) if handler is not None else errno.ENOSYS
        error, content = (-reply, b'') if isinstance(reply, int) else (0, reply)
        with contextlib.suppress(FileNotFoundError):         # who asked has been killed
            os.write(self.channel,
                     OUT_HEADER.pack(OUT_HEADER.size + len(content), error, unique) + content)

    def init(self, _node, _body):
        return struct.pack('<4I2H2I2HI7I', MAJOR, MINOR, 0, BIG_WRITES | MAX_PAGES, 0, 0, LARGEST,
                           1, PAGES, 0, 0, *[0] * 7)

    def attributes(self, node):
        mode = stat.S_IFDIR | 0o755 if node == ROOT else stat.S_IFREG | 0o644
        size = len(self.image) if node == DISK else 0
        return ATTRIBUTES.pack(node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

    def lookup(self, _node, name):
        node = FILES.get(name.rstrip(b'\0'))
        if node is None:
            return errno.ENOENT
        return struct.pack('<4Q2I', node, 0, FOREVER, FOREVER, 0, 0) + self.attributes(node)

    def get_attributes(self, node, _body):
        return struct.pack('<Q2I', FOREVER, 0, 0) + self.attributes(node)

    def open(self, _node, _body):
        return struct.pack('<Q2I', 0, DIRECT_IO, 0)

    def read(self, node, body):
        _, offset, size = TRANSFER.unpack_from(body)
        return bytes(memoryview(self.image)[offset:offset + size]) if node == DISK else b''

    def write(self, node, body):
        _, offset, size = TRANSFER.unpack_from(body)
        data = body[WRITE_BYTES:WRITE_BYTES + size]
        if node == DISK:
            self.image[offset:offset + size] = data
            self.log.append(Write(offset, data))
        else:
            self.log.append(Said(data.decode()))
        return struct.pack('<2I', size, 0)

    def flush(self, _node, _body):
        self.log.append(Flush())
        return b''


class Mount:
    """The file system of a disk at a folder, for as long as the context lasts."""

    def __init__(self, disk, folder, options=''):
        self.disk, self.folder, self.options = disk, folder, options

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        run('mount', '-t', 'ext4', '-o', f'loop,noatime,{self.options}'.rstrip(','),
            self.disk.path, self.folder)
        return self.folder

    def __exit__(self, *_exception):
        run('umount', self.folder)

    def sync(self):
        """Brings everything that was done on the file system to the disk. By another program: what
        waits for the disk cannot be killed, and this one must answer for the disk until it ends."""
        run('sync', '--file-system', self.folder)
