# SPDX-License-Identifier: GPL-3.0-or-later
"""A story of commands that make and deliver a song, and what must be there when it is cut off."""
import json
import os
import re
import shutil

import small_song
from cases import Skip
from command import digests

STEPS = ['timing', 'reference', 'stems', 'align', 'drums', 'effects', 'master', 'deliver']
PASSED = re.compile(r'^✓ Passed +(\d) ', re.M)


class Broken(AssertionError):
    """What is there is not what must be."""


class Lost(Broken):
    """Something is not there that had been reported."""


class Wrong(Broken):
    """Something looks valid and is not."""


# --- the story ---

def write_sources(folder):
    """Makes @folder with all that the story works on."""
    small_song.write_sources(folder)
    write_lossy(os.path.join(folder, 'lossy.ogg'))


def write_lossy(path):
    """A stem of which the project keeps a working copy, made by the helper."""
    try:
        import soundfile
    except ImportError as missing:
        raise Skip(str(missing)) from missing
    soundfile.write(path, small_song.beats(1.5, 4), small_song.RATE, format='OGG',
                    subtype='VORBIS')


def tell_story(folder, sources):
    """The commands, for a project in @folder."""
    song, archive, plain = (os.path.join(folder, name) for name in ('song', 'out.zip', 'plain'))

    def source(name):
        return os.path.join(sources, name + ('.ogg' if name == 'lossy' else '.wav'))

    return [
        ['init', song, '--reference', source('reference'), '--bpm', '120', '--subtype', 'pcm24',
         '--sections', 'Verse:1'],
        ['add', song, '--convert', f'loop={source("loop")}', f'converted={source("converted")}',
         f'lossy={source("lossy")}'],
        ['drums', song, '--pattern'],
        ['run', song],
        ['export', song, archive],
        ['export', song, plain],
        ['add', song, 'tone=tone:333.3:0.05', '--lowpass', '1234.5'],
        ['set', song, '--fit-gains'],
        ['run', song],
    ]


# --- what there is ---

def files_of(folder):
    """Digests of what lies under a final name."""
    return {name: digest for name, digest in digests(folder).items()
            if not name.startswith('song/cache/') and not name.endswith('.part')}


def read_project(song, suffix=''):
    """The project in the folder @song, or its backup; None where there is none."""
    path = os.path.join(song, 'song.seamline' + suffix)
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def settings_of(document):
    """What of a project its user has chosen."""
    return document and {name: value for name, value in document.items()
                         if name not in ('records', 'files')}


def passed_steps(cli, song):
    """What "status" says of a project, which must open."""
    answer = cli.run('--json', 'status', song)
    if answer.code not in (0, 1):
        raise Lost(f'the project does not open: {answer}')
    return {step['id'] for step in answer.json['steps'] if step['state'] == 'passed'}


class State:
    """What there is in @folder: files with their digests, settings, steps that have passed."""

    def __init__(self, cli, folder):
        song = os.path.join(folder, 'song')
        self.files = files_of(folder)
        document = read_project(song)
        self.made_by = {os.path.join('song', output['path']): step
                        for step, subjects in (document or {}).get('records', {}).items()
                        for record in subjects.values() for output in record['outputs']}
        self.settings = settings_of(document)
        self.passed = passed_steps(cli, song) if document is not None else set()


# --- what is promised ---

class Ends:
    """How a run of the project in @folder ends, tried on a copy beside it."""

    def __init__(self, cli, folder):
        copy = folder + '-run'
        shutil.copytree(folder, copy)
        self.settings = settings_of(read_project(os.path.join(copy, 'song')))
        self.code = cli.run('run', os.path.join(copy, 'song')).code
        self.files = files_of(os.path.join(copy, 'song'))
        shutil.rmtree(copy)


class Unbroken:
    """The story as it goes when nothing happens: its states after each command."""

    def __init__(self, cli, folder, sources):
        os.mkdir(folder)
        self.states, self.ends = [State(cli, folder)], []
        for words in tell_story(folder, sources):
            cli.run(*words, code=0)
            self.states.append(State(cli, folder))
            if self.states[-1].settings != self.states[-2].settings:
                self.ends.append(Ends(cli, folder))

    def end_of(self, settings):
        """How a run of the project with those settings ends."""
        return next(end for end in self.ends if end.settings == settings)


class Promise:
    """What must be there when the story is cut off after @done commands, of which the next has
    @said something."""

    def __init__(self, unbroken, done, said):
        reported = {STEPS[int(number) - 1] for number in PASSED.findall(said)}
        self.done = done
        self.before = unbroken.states[done]
        self.after = unbroken.states[min(done + 1, len(unbroken.states) - 1)]
        self.passed = (self.before.passed & self.after.passed) | reported
        self.complete = {name for name, step in self.after.made_by.items() if step in reported}
        self.is_exported = 'Exported' in said
        self.is_set = said != '' and not PASSED.search(said)

    def check_settings(self, settings):
        if settings is None and self.before.settings is not None:
            raise Lost('the project is gone')
        if settings != self.after.settings and (self.is_set or settings != self.before.settings):
            raise Lost(f'the settings are none that were set: {settings}')

    def check_file(self, name, digest):
        before, after = self.before.files.get(name), self.after.files.get(name)
        is_reported = name in self.complete or self.is_exported
        if digest is None and (before is not None or (is_reported and after is not None)):
            raise Lost(f'{name} is gone')
        if digest is not None and digest != after and (is_reported or digest != before):
            raise Wrong(f'{name} is not what it was')

    def check_files(self, files):
        for name in {*files, *self.before.files, *self.after.files}:
            self.check_file(name, files.get(name))
