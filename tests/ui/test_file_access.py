# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's main thread touches no file while it imports, runs steps and saves: TAP.

What the toolkit itself looks up is excepted: its resources, its settings and its icons. Usage:
test_file_access.py BUILD-FOLDER
"""
import os
import re
import subprocess
import time

from session import main  # first: it knows where the others are

from busy_song import import_run_and_save, make_song
from cases import Skip

CALLS = ('%file,read,readv,pread64,preadv,preadv2,write,writev,pwrite64,pwritev,pwritev2,fsync,'
         'fdatasync,sync_file_range,ftruncate,fallocate,getdents64,copy_file_range,sendfile,flock,'
         'fstat,fstatfs,fchmod')
# Data is not printed (-s 0), file names are; -y names the file behind every descriptor.
STRACE = ['strace', '-f', '--seccomp-bpf', '-y', '-ttt', '-s', '0', '-e', 'trace=' + CALLS,
          '-e', 'signal=none']
LINE = re.compile(r'^(?P<thread>\d+) +(?P<time>\d+\.\d+) (?P<call>\w+)\((?P<rest>.*)$')
WORKING_FOLDER = re.compile(r'AT_FDCWD<[^>]*>')
FILE = re.compile(r'"(?P<name>[^"]*)"|<(?P<open>/[^>]*)>')
SYSTEM = ('/usr/', '/etc/', '/lib', '/proc/', '/sys/', '/dev/', '/memfd:', '/var/cache/fontconfig/',
          '/var/lib/dbus/', '/run/')


def require_strace():
    trial = subprocess.run([*STRACE, '-o', '/dev/null', 'true'], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if trial.returncode != 0:
        raise Skip('strace cannot attach to a process here')


def allowed_paths(session):
    """What the toolkit may look at besides the system's files."""
    home = session.desktop.path('home')
    return SYSTEM + (session.desktop.path('run'),                  # sockets
                     os.path.join(home, '.config'),                # settings
                     os.path.join(home, '.cache', 'fontconfig'),
                     os.path.join(home, '.local', 'share', 'icons'),
                     os.path.join(home, '.local', 'share', 'mime'),
                     os.path.join(home, '.icons'))


def files_named(rest):
    """The files that a system call names or whose descriptors it uses."""
    for match in FILE.finditer(WORKING_FOLDER.sub('', rest)):
        name = match['name'] or match['open']
        if name:
            yield name


def read_calls(log, since, until):
    """Thread, line and file of each file access between two times of the clock, in seconds."""
    with open(log, encoding='utf-8', errors='replace') as lines:
        for line in lines:
            match = LINE.match(line)
            if match and since < float(match['time']) < until:
                for name in files_named(match['rest']):
                    yield int(match['thread']), line.rstrip(), name


def test_main_thread_touches_no_file(session):
    require_strace()
    folder, log = make_song(session), session.desktop.path('strace.log')
    window = session.open(folder, wrapper=[*STRACE, '-o', log])
    clock = time.time() - time.monotonic()
    since, until = import_run_and_save(session, window, folder)
    window.close()
    calls = list(read_calls(log, since + clock, until + clock))
    elsewhere = [name for thread, _, name in calls if thread != window.pid]
    assert any(name.startswith(folder) for name in elsewhere), 'no thread has touched the project'
    allowed = allowed_paths(session)
    touched = [line for thread, line, name in calls
               if thread == window.pid and not name.startswith(allowed)]
    assert not touched, f'{len(touched)} accesses:\n' + '\n'.join(touched[:40])


if __name__ == '__main__':
    main([test_main_thread_touches_no_file], 100, 'strace')
