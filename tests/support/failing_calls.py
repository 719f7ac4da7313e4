# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets one call of the program fail, by a library that is put before libc.

strace counts the calls of each thread on its own, so that it cannot name each call once. Here the
calls of all threads and helpers have one count, those that concern other places than the folder
do not count, and the log tells what the call was about.
"""
import errno
import os
import re
import shutil
import subprocess

from cases import Skip
from command import Command

# All that the library knows of. These must be carried out for a file to be on disk.
CALLS = ('write', 'writev', 'pwrite64', 'fsync', 'fdatasync', 'syncfs', 'ftruncate', 'fallocate',
         'close', 'openat', 'mkdir', 'rename', 'link')

FULL, QUOTA, BROKEN = errno.ENOSPC, errno.EDQUOT, errno.EIO

PART = re.compile(r'^\.(.*)\.[0-9a-f]{6}\.part$')


class Call:
    """A call that was counted: its name, the path it was about, and whether it was made fail."""

    def __init__(self, line):
        hit, self.name, self.path = line.rstrip('\n').split(' ', 2)
        self.failed = hit == '1'

    def names(self):
        """How people may call the file: by its final name, or by its folder."""
        folder, name = os.path.split(self.path)
        part = PART.match(name)
        return [part.group(1) if part else name.removesuffix('.new'), os.path.basename(folder)]

    def __str__(self):
        return f'{self.name} {self.path}'


class FailingCalls:
    """The library, compiled into @folder."""

    def __init__(self, folder):
        compiler = shutil.which('cc') or shutil.which('gcc')
        if compiler is None:
            raise Skip('no C compiler is installed')
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'failing_calls.c')
        self.library, self.log, self.count = (os.path.join(folder, name)
                                              for name in ('failing.so', 'log', 'count'))
        subprocess.run([compiler, '-shared', '-fPIC', '-O1', source, '-o', self.library, '-ldl'],
                       check=True)

    def command(self, program, under, calls=CALLS, at=0, code=FULL, onwards=False,
                free_blocks=None):
        """@program, of whose @calls below the folder @under the one with the number @at (from 1,
        or 0 for none) fails with the error @code, and with @onwards all after it. @free_blocks
        is what every file system is said to have left."""
        with open(self.log, 'w', encoding='utf-8'), open(self.count, 'wb') as count:
            count.write(bytes(4))
        return Command(program, env={
            'LD_PRELOAD': self.library, 'FAIL_LOG': self.log, 'FAIL_COUNT': self.count,
            'FAIL_UNDER': under, 'FAIL_CALLS': ','.join(calls) + ',', 'FAIL_AT': str(at),
            'FAIL_ONWARDS': '1' if onwards else '', 'FAIL_CODE': str(code),
            'FAIL_FREE_BLOCKS': '' if free_blocks is None else str(free_blocks)})

    def counted(self):
        """The calls of the command that ran last, in their order."""
        with open(self.log, encoding='utf-8', errors='surrogateescape') as log:
            return [Call(line) for line in log]
