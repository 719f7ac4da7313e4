# SPDX-License-Identifier: GPL-3.0-or-later
"""seamline-cli as a test calls it: what it answered, and what it left on disk."""
import hashlib
import json
import os
import re
import resource
import subprocess
import tempfile

COMPLAINT = re.compile(r'WARNING \*\*|CRITICAL \*\*|ERROR \*\*|Sanitizer|runtime error|Assertion')

# What the coverage build says of a process that may not write into the build folder.
PROFILER = re.compile(r'^profiling:.*\n', re.MULTILINE)

# Nothing takes this long but a program that hangs; how fast it is, a loaded machine cannot tell.
HUNG_S = 60

# A decoder that goes round in circles is ended after 3 s; all the rest is quick.
MOST_CPU_S = 5

# Characters of what a program said that a failure repeats.
MOST_TOLD = 1000


class Answer:
    """What one run has said, and the seconds of processor time that it and its helpers took."""

    def __init__(self, words, code, out, err, cpu):
        self.words, self.code, self.out, self.err, self.cpu = words, code, out, err, cpu

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f'{self.words}: exit {self.code}, {self.cpu:.1f} s\n'
                f'{self.out[-MOST_TOLD:]}{self.err[-MOST_TOLD:]}')


class Command:
    """The program, and how it is called: @wrapper before it, @env over the environment."""

    def __init__(self, program, wrapper=(), env=None):
        self.program = [*wrapper, os.path.abspath(program)]
        self.env = {**os.environ, 'LC_ALL': 'C.UTF-8', **(env or {})}

    def start(self, *words):
        """Starts the program; its output goes to files, which never fill up as a pipe does."""
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        process = subprocess.Popen([*self.program, *words], env=self.env, stdout=out, stderr=err,
                                   stdin=subprocess.DEVNULL, cwd='/')
        process.streams = out, err
        return process

    def run(self, *words, code=None):
        """Runs the program; with @code, that must be its exit code."""
        return finish(self.start(*words), code)


def finish(process, code=None):
    """Waits for the end of a program that was started, which must not be a crash or a hang."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        process.wait(HUNG_S)
    except subprocess.TimeoutExpired as hung:
        process.kill()
        process.wait()
        raise AssertionError(f'{process.args} hangs') from hung
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    answer = Answer(process.args, process.returncode, *map(read_all, process.streams), cpu)
    assert not COMPLAINT.search(answer.err) and answer.code >= 0, str(answer)
    assert answer.cpu < MOST_CPU_S, str(answer)
    assert code is None or answer.code == code, f'wanted {code}: {answer}'
    return answer


def read_all(stream):
    with stream:
        stream.seek(0)
        return PROFILER.sub('', stream.read().decode(errors='replace'))


def failed_checks(report):
    """The red checks of a run's report."""
    return [check for step in report['steps'] for check in step['checks']
            if check['level'] == 'fail']


def is_output(name):
    """Whether a file of a project is neither its own file, nor its lock, nor its cache."""
    return not name.endswith(('.seamline', '.seamline.bak', '.seamline.lock')) \
        and not name.startswith('cache' + os.sep)


def digests(folder):
    """The SHA-256 of every output below @folder, by relative path."""
    found = {}
    for name in listing(folder):
        path = os.path.join(folder, name)
        if is_output(name) and os.path.isfile(path):
            with open(path, 'rb') as file:
                found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def listing(folder):
    """Every file, link and folder below @folder, sorted, relative."""
    return sorted(os.path.relpath(os.path.join(where, name), folder)
                  for where, folders, files in os.walk(folder) for name in folders + files)


def parts(folder):
    """Part files left below @folder."""
    return [name for name in listing(folder) if name.endswith('.part')]
