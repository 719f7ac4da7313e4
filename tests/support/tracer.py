# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program and kills it, or sends it a signal, at its n-th system call, counted over all its
threads and helpers.

strace counts for each thread on its own, and its SIGKILL takes one process; here the calls of all
have one count, in the order in which they come, and what is killed is everything, the program
alone, or a helper alone. A call at which something is killed is not carried out any more.
"""
import ctypes
import errno
import os
import platform
import signal
import struct
import tempfile

from cases import Skip

TRACEME, CONTINUE_TO_CALL, SETOPTIONS, GET_CALL_INFO = 0, 24, 0x4200, 0x420e
MARK_CALLS, FOLLOW_FORK, FOLLOW_VFORK, FOLLOW_CLONE, TELL_EXEC, DIE_WITH_US = (
    1, 2, 4, 8, 0x10, 0x100000)
OPTIONS = MARK_CALLS | FOLLOW_FORK | FOLLOW_VFORK | FOLLOW_CLONE | TELL_EXEC | DIE_WITH_US
ANY_THREAD = 0x40000000
ENTRY = 1

# Nothing takes this long but a program that hangs.
HUNG_S = 120

# Numbers of the calls that change what a disk holds.
WRITING = {
    'x86_64': {
        'write': 1, 'pwrite64': 18, 'writev': 20, 'fsync': 74, 'fdatasync': 75, 'truncate': 76,
        'ftruncate': 77, 'rename': 82, 'mkdir': 83, 'rmdir': 84, 'creat': 85, 'link': 86,
        'unlink': 87, 'openat': 257, 'mkdirat': 258, 'unlinkat': 263, 'renameat': 264,
        'linkat': 265, 'fallocate': 285, 'renameat2': 316, 'copy_file_range': 326, 'sendfile': 40,
        'close': 3, 'open': 2, 'syncfs': 306},
    'aarch64': {
        'mkdirat': 34, 'unlinkat': 35, 'linkat': 37, 'renameat': 38, 'truncate': 45,
        'ftruncate': 46, 'fallocate': 47, 'openat': 56, 'close': 57, 'write': 64, 'writev': 66,
        'pwrite64': 68, 'sendfile': 71, 'fsync': 82, 'fdatasync': 83, 'syncfs': 267,
        'renameat2': 276, 'copy_file_range': 285},
}

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.restype = ctypes.c_long
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def writing_calls():
    """Numbers of the calls that change what a disk holds, on this machine."""
    if platform.machine() not in WRITING:
        raise Skip(f'the system calls of {platform.machine()} are not known')
    return set(WRITING[platform.machine()].values())


def ptrace(request, thread, address=0, data=0):
    """The call; a thread that has been killed meanwhile is no error."""
    ctypes.set_errno(0)
    result = LIBC.ptrace(request, thread, address, data)
    if result < 0 and ctypes.get_errno() != errno.ESRCH:
        raise OSError(ctypes.get_errno(), f'ptrace {request}: {os.strerror(ctypes.get_errno())}')
    return result


def become(words, env, out, err):
    """In the child: turns into the program, as one that is traced."""
    try:
        os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        os.chdir('/')
        ptrace(TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        os.execve(words[0], words, env)
    finally:
        os._exit(127)


class Killed:
    """What became of a run: @calls counted, whether anything was @hit, how the program ended
    (@code as subprocess has it), and what it has said."""

    def __init__(self, words, calls, hit, code, out, err):
        self.words, self.calls, self.hit, self.code = words, calls, hit, code
        self.out, self.err = out, err

    def __str__(self):
        return f'{self.words}: exit {self.code} after {self.calls} calls\n{self.out}{self.err}'


class Tracer:
    """One run. @at: the call to strike at, from 1, or None; @victim: 'all', 'program' or 'helper';
    @counted: numbers of the calls that count, or None for every one; @number: the signal."""

    def __init__(self, at=None, victim='all', counted=None, number=signal.SIGKILL):
        self.at, self.victim, self.counted, self.number = at, victim, counted, number
        self.calls, self.hit = 0, False
        self.program = 0
        self.code = None
        self.process_of = {}      # by thread
        self.entered = {}         # by thread: whether it is inside a call

    def counts(self, thread):
        """Whether the call that @thread begins is one of those that count."""
        if self.victim == 'helper' and self.process_of[thread] == self.program:
            return False
        if self.counted is None:
            return True
        info = ctypes.create_string_buffer(96)
        ptrace(GET_CALL_INFO, thread, len(info), ctypes.addressof(info))
        kind, number = info.raw[0], struct.unpack_from('<Q', info.raw, 24)[0]
        return kind == ENTRY and number in self.counted

    def strike(self, thread):
        """Sends the signal to whom it concerns."""
        self.hit = True
        victims = {'all': set(self.process_of.values()), 'program': {self.program},
                   'helper': {self.process_of[thread]}}[self.victim]
        for process in victims:
            try:
                os.kill(process, self.number)
            except ProcessLookupError:
                pass

    def at_call(self, thread):
        self.entered[thread] = not self.entered.get(thread, False)
        if not self.entered[thread] or not self.counts(thread):
            return
        self.calls += 1
        if self.calls == self.at:
            self.strike(thread)

    def first_seen(self, thread):
        """A new thread or process stops before it begins; which of both it is, proc tells."""
        self.process_of[thread] = thread
        try:
            with open(f'/proc/{thread}/status', encoding='ascii', errors='replace') as status:
                for line in status:
                    if line.startswith('Tgid:'):
                        self.process_of[thread] = int(line.split()[1])
        except OSError:
            pass                                                      # it is dead already
        if self.hit and self.victim == 'all':
            self.strike(thread)

    def stopped(self, thread, status):
        """Deals with a stop; the signal that the thread shall get."""
        number = os.WSTOPSIG(status)
        if thread not in self.process_of:
            self.first_seen(thread)
            return 0 if number == signal.SIGSTOP else number
        if number == signal.SIGTRAP | 0x80:
            self.at_call(thread)
            return 0
        if status >> 16:                                  # it has forked, or runs another program
            self.entered[thread] = self.entered.get(thread, False)
            return 0
        return number

    def ended(self, thread, status):
        self.process_of.pop(thread, None)
        self.entered.pop(thread, None)
        if thread == self.program:
            self.code = os.waitstatus_to_exitcode(status)

    def watch(self):
        """Until the last thread of the last process has ended."""
        while True:
            try:
                thread, status = os.waitpid(-1, ANY_THREAD)
            except ChildProcessError:
                return
            if os.WIFSTOPPED(status):
                ptrace(CONTINUE_TO_CALL, thread, 0, self.stopped(thread, status))
            else:
                self.ended(thread, status)

    def start(self, words, env, out, err):
        self.program = os.fork()
        if self.program == 0:
            become(words, env, out, err)
        _, status = os.waitpid(self.program, 0)
        if not os.WIFSTOPPED(status):
            raise Skip('programs cannot be traced here')
        self.process_of[self.program] = self.program
        ptrace(SETOPTIONS, self.program, 0, OPTIONS)
        ptrace(CONTINUE_TO_CALL, self.program)

    def run(self, command, *words):
        """Runs @command (of command.py) with @words to its end."""
        argv = [*command.program, *words]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            signal.signal(signal.SIGALRM, self.hangs)
            signal.alarm(HUNG_S)
            try:
                self.start(argv, command.env, out, err)
                self.watch()
            finally:
                signal.alarm(0)
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode(errors='replace'))
        return Killed(argv, self.calls, self.hit, self.code, *texts)

    def hangs(self, _number, _frame):
        for process in set(self.process_of.values()):
            os.kill(process, signal.SIGKILL)
        raise AssertionError(f'hangs after {self.calls} calls')
