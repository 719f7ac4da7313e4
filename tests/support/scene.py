# SPDX-License-Identifier: GPL-3.0-or-later
"""A song before a command that meets a fault, as often as there are places for it to fail."""
import atexit
import functools
import os
import shutil
import tempfile

import aftermath
import bad_audio
import small_song
from command import Command, digests, listing

GREEN = ('run', '{song}')

# One stem at a time, so that calls come in the same order each time.
RUN = ('run', '{song}', '--jobs', '1')

# After this every file that a run makes is another.
CHANGE = ('set', '{song}', '--subtype', 'pcm16')


def fill_in(words, folder):
    """The words of a command with the folders of the scene in @folder."""
    return [word.format(**{name: os.path.join(folder, name) for name in ('song', 'out', 'sources')})
            for word in words]


def copy_into(source, target):
    """Makes @target, which may be a mount point, hold what @source holds."""
    os.makedirs(target, exist_ok=True)
    for entry in os.scandir(target):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.remove(entry.path)
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)


def add_lossy(cli, song, path):
    """A stem that a run decodes to a copy to work on, where one can be made."""
    try:
        import soundfile
    except ImportError:
        return
    soundfile.write(path, bad_audio.sine(72000), small_song.RATE, format='OGG', subtype='VORBIS')
    cli.run('add', song, f'lossy={path}', code=0)


@functools.cache
def prepared(program, commands):
    """A folder with song, sources and an empty folder out, after @commands; made once."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cli = Command(program)
    if commands:
        shutil.copytree(prepared(program, commands[:-1]), folder, dirs_exist_ok=True)
        cli.run(*fill_in(commands[-1], folder), code=0)
        return folder
    song, sources = small_song.make(cli, folder)
    add_lossy(cli, song, os.path.join(sources, 'lossy.ogg'))
    os.mkdir(os.path.join(folder, 'out'))
    return folder


class Scene:
    """A folder with song, sources and out, after the commands @prepare and before the command
    @words, which shall fail. What is compared in the end is there after the commands @after."""

    def __init__(self, program, folder, words, prepare=(), after=()):
        self.cli, self.folder = Command(program), folder
        self.song, self.sources, self.out = fill_in(('{song}', '{sources}', '{out}'), folder)
        self.words = fill_in(words, folder)
        self.after = [fill_in(command, folder) for command in after]
        self.kept = prepared(program, tuple(prepare))
        shutil.copytree(os.path.join(self.kept, 'sources'), self.sources)
        self.looks = aftermath.remember(self.sources)
        self.restore()
        self.previous = self.outputs()
        self.expected = self.undisturbed()

    def outputs(self):
        return digests(self.song), digests(self.out)

    def restore(self):
        for name in ('song', 'out'):
            copy_into(os.path.join(self.kept, name), os.path.join(self.folder, name))

    def undisturbed(self):
        """What the command makes, and what comes after it, when all goes well."""
        for words in [self.words, *self.after]:
            self.cli.run(*words, code=0)
        return self.outputs()

    def names(self):
        """How a message may call what the command writes: files, and the folders that have them."""
        files = [*self.expected[0], *self.expected[1]]
        folders = {os.path.basename(os.path.dirname(name)) for name in files} - {''}
        return [*map(os.path.basename, files), 'song.seamline', *folders, 'cache', 'song', 'out']

    def check_left(self, answer):
        """What is there after the failure. Of an export there is all or nothing."""
        aftermath.check_sources(self.sources, self.looks)
        left = aftermath.leftovers(self.song) + aftermath.leftovers(self.out)
        assert not left, left
        aftermath.check_finals(self.song, self.expected[0], self.previous[0])
        assert digests(self.out) in (self.previous[1], self.expected[1]), listing(self.out)
        if self.words[0] == 'run':
            report = aftermath.check_opens(self.cli, self.song, self.expected[0])
            aftermath.check_claims(answer, report)
        else:
            aftermath.check_opens(self.cli, self.song, self.expected[0], self.previous[0])

    def check_again(self, answer):
        """The same command once more, without the fault; one of which only the last call failed
        may have left nothing to be done."""
        if answer.code != 0:
            again = self.cli.run(*self.words)
            assert again.code == 0 or (again.code == 2 and 'already' in again.err), str(again)
        for words in self.after:
            self.cli.run(*words, code=0)
        assert self.outputs() == self.expected, listing(self.out)
        assert not aftermath.leftovers(self.song) + aftermath.leftovers(self.out)
        aftermath.check_sources(self.sources, self.looks)

    def check(self, answer):
        self.check_left(answer)
        self.check_again(answer)
