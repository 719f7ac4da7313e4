# SPDX-License-Identifier: GPL-3.0-or-later
"""A private desktop for tests of real windows: X server, session bus, accessibility, home folder.

Nothing of the person who runs the tests is seen or touched. Needs Xvfb, dbus-daemon, at-spi2-core,
xdotool, python3-gi and gir1.2-gtk-4.0; missing() names what is not there.
"""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

LAUNCHER = '/usr/libexec/at-spi-bus-launcher'
TOOLS = ['Xvfb', 'dbus-daemon', 'xdotool', LAUNCHER]
PR_SET_CHILD_SUBREAPER = 36


def missing(*more):
    """The first of the needed tools, and of @more, that is not installed; None when all are."""
    for tool in TOOLS + list(more):
        if shutil.which(tool) is None:
            return f'{tool} is not installed'
    try:
        import gi
        gi.require_version('Gtk', '4.0')
    except ImportError:
        return 'python3-gi is not installed'
    except ValueError:
        return 'gir1.2-gtk-4.0 is not installed'
    return None


def read_line(descriptor):
    with os.fdopen(descriptor) as stream:
        return stream.readline().strip()


def children_of(pid):
    """Processes whose parent is @pid."""
    result = []
    for entry in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{entry}/stat', encoding='utf-8', errors='replace') as stat:
                parent = int(stat.read().rpartition(')')[2].split()[1])
        except (OSError, ValueError):
            continue                                     # it has just ended
        if parent == pid:
            result.append(int(entry))
    return result


def kill_children():
    """Ends everything this process has started, orphans included, and waits for it."""
    while True:
        pids = children_of(os.getpid())
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


class Desktop:
    """Servers and folders; leave it with close(). One per process."""

    def __init__(self, build_folder, seconds):
        """Everything is killed, and the process with it, when @seconds have passed."""
        # Daemons that detach themselves come back as children of this process.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.watchdog = threading.Timer(seconds, self.give_up)
        self.watchdog.daemon = True
        self.watchdog.start()
        self.seconds = seconds
        self.folder = tempfile.mkdtemp(prefix='sl-ui-')
        self.env = self.make_environment(build_folder)
        try:
            self.start_servers()
        except BaseException:
            self.close()
            raise

    def give_up(self):
        print(f'Bail out! Not finished after {self.seconds} s', flush=True)
        kill_children()
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(1)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def make_folder(self, *parts):
        os.makedirs(self.path(*parts), mode=0o700, exist_ok=True)
        return self.path(*parts)

    def make_environment(self, build_folder):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(('XDG_', 'GTK_', 'GDK_', 'WAYLAND', 'DBUS_', 'PULSE_'))}
        env.setdefault('LC_ALL', 'C.UTF-8')
        env.setdefault('G_DEBUG', 'fatal-warnings')
        env.setdefault('SEAMLINE_PROBE', os.path.join(build_folder, 'src/probe/seamline-probe'))
        env.update({
            'HOME': self.make_folder('home'),
            'TMPDIR': self.make_folder('tmp'),
            'XDG_RUNTIME_DIR': self.make_folder('run'),
            'XDG_CONFIG_HOME': self.make_folder('home', '.config'),
            'XDG_DATA_HOME': self.make_folder('home', '.local', 'share'),
            'XDG_CACHE_HOME': self.make_folder('home', '.cache'),
            'GDK_BACKEND': 'x11',
            'GDK_DEBUG': 'gl-disable',
            'GSK_RENDERER': 'cairo',
            'GTK_A11Y': 'atspi',
            'GTK_USE_PORTAL': '0',
            'ADW_DISABLE_PORTAL': '1',
            'GIO_USE_VFS': 'local',
            'GSETTINGS_BACKEND': 'memory',
            'GSETTINGS_SCHEMA_DIR': os.path.join(build_folder, 'data'),
        })
        return env

    def spawn(self, log, *command, **options):
        with open(self.path(log), 'ab') as output:
            return subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL,
                                    stdout=options.pop('stdout', output), stderr=output, **options)

    def spawn_telling(self, log, *command):
        """Starts a server that writes one line to the descriptor that replaces “{}”."""
        reading, writing = os.pipe()
        self.spawn(log, *[word.format(writing) for word in command], pass_fds=[writing])
        os.close(writing)
        line = read_line(reading)
        if not line:
            with open(self.path(log), encoding='utf-8', errors='replace') as output:
                raise RuntimeError(f'{command[0]} does not start: {output.read()}')
        return line

    def start_servers(self):
        display = self.spawn_telling('xvfb.log', 'Xvfb', '-displayfd', '{}', '-screen', '0',
                                     '1400x1000x24', '-nolisten', 'tcp', '-noreset')
        self.env['DISPLAY'] = f':{display}'
        self.env['DBUS_SESSION_BUS_ADDRESS'] = self.spawn_telling(
            'dbus.log', 'dbus-daemon', '--session', '--nofork', '--print-address={}')
        self.spawn('atspi.log', LAUNCHER, '--launch-immediately')

    def connect(self):
        from accessible import Bus
        return Bus(self.env['DBUS_SESSION_BUS_ADDRESS'])

    def xdotool(self, *words):
        return subprocess.run(['xdotool', *map(str, words)], env=self.env, check=True, text=True,
                              timeout=20, stdout=subprocess.PIPE, stderr=sys.stderr).stdout

    def close(self):
        self.watchdog.cancel()
        kill_children()
        shutil.rmtree(self.folder, ignore_errors=True)
