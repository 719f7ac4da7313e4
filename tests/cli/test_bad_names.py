#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of stems, songs and files that do harm, and those that only look foreign: TAP.

A name is refused with the code of wrong usage and changes nothing, or it comes out of the archive
as it went in; nothing is ever written outside of the project. Usage: test_bad_names.py SEAMLINE-CLI
"""
import json
import os
import sys
import tarfile
import tempfile
import unicodedata
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import bad_audio  # noqa: E402
from cases import run_cases  # noqa: E402
from command import Command, listing, parts  # noqa: E402

CLI = Command(sys.argv[1])
FRAMES = 4800

BAD_NAMES = {
    'newline': 'a\nb', 'tab': 'a\tb', 'escape': 'a\x1b[2Jb', 'delete': 'a\x7fb', 'slash': 'a/b',
    'backslash': 'a\\b', 'colon': 'a:b', 'question mark': 'a?b', 'one dot': '.', 'two dots': '..',
    'parent': '../a', 'absolute': '/tmp/a', 'leading dash': '-a', 'leading dot': '.a',
    'trailing dot': 'a.', 'trailing space': 'a ', 'nothing': '', '255 bytes': 'a' * 255,
    '201 bytes': 'a' * 201, '202 bytes of two': 'é' * 101, 'not UTF-8': b'a\xff',
    'half a character': b'a\xe6\x97', 'surrogate': b'a\xed\xa0\x80', 'right to left': 'a\u202eb',
    'isolate': 'a\u2066b', 'invisible': 'a\u200bb', 'line separator': 'a\u2028b', 'CON': 'CON',
    'con with a suffix': 'con.wav', 'LPT1': 'lpt1', 'decomposed': unicodedata.normalize('NFD', 'é'),
}

DUPLICATES = {
    'the same': ('bass', 'bass'), 'by case': ('bass', 'BASS'), 'by case of Greek': ('ΣΑΣ', 'σας'),
    'by sharp s': ('Straße', 'STRASSE'), 'by case of umlauts': ('Über', 'üBER'),
    'by form': ('caf\u00e9', 'cafe\u0301'), 'by form, reversed': ('caf\u00e9', 'CAFE\u0301'),
    'of the program': ('bass', 'master'),
}

GOOD_NAMES = ['Привет', '日本語', '🎸 solo', 'Ωμέγα', 'שלום', 'नमस्ते', 'é' * 100, 'a' * 200,
              'README', 'manifest', 'song', 'aux1', 'a-b', 'I', 'İstanbul', 'ı', '%s%n', "it's",
              '$(id)', '~', '#1', '{title}']

FILE_NAMES = ['new\nline.wav', 'tab\t.wav', 'escape\x1b[2J.wav', '-dash.wav', '.hidden.wav',
              'two..dots.wav', 'over\u202evaw.wav', 'CON', 'a' * 251 + '.wav', 'Привет.wav',
              '日本語.wav', '🎸.wav', 'cafe\u0301.wav', '100%s.wav', 'equals=sign.wav', 'tone']


def as_bytes(name):
    return name if isinstance(name, bytes) else name.encode()


class Place:
    """A folder with a project in it, and everything around it."""

    def __init__(self, folder):
        self.outer = folder
        self.folder = os.path.join(folder, 'inner')
        self.song = os.path.join(self.folder, 'song')
        os.mkdir(self.folder)
        CLI.run('init', self.song, '--frames', str(FRAMES), '--bpm', '120', code=0)
        self.around = self.listing()

    def path(self, name):
        return os.path.join(os.fsencode(self.folder), as_bytes(name))

    def listing(self):
        """Everything outside of the project."""
        return [name for name in listing(self.outer)
                if not name.startswith(os.path.join('inner', 'song'))]

    def settings(self):
        with open(os.path.join(self.song, 'song.seamline'), encoding='utf-8') as file:
            return file.read()

    def check_untouched(self):
        assert self.listing() == self.around and not parts(self.outer)


def refused(place, *words):
    """Wrong usage, told in a line that no terminal misunderstands; nothing has changed."""
    before = place.settings(), listing(place.song)
    answer = CLI.run(*words, code=2)
    lines = answer.err.splitlines()
    assert answer.out == '' and len(lines) == 2 and lines[0].startswith('seamline-cli'), str(answer)
    assert lines[0].isprintable(), ascii(lines[0])
    assert (place.settings(), listing(place.song)) == before
    place.check_untouched()


def case(name, function, *arguments):
    def call():
        with tempfile.TemporaryDirectory() as folder:
            function(Place(folder), *arguments)
    call.__name__ = name
    return call


def bad_name(place, name):
    bad_audio.good(place.path('good.wav'), FRAMES)
    place.around = place.listing()
    name = as_bytes(name)
    refused(place, 'add', place.song, '--', name + b'=tone')
    refused(place, 'add', place.song, '--', name + b'=' + place.path('good.wav'))
    refused(place, 'set', place.song, b'--title=' + name)
    refused(place, 'init', os.path.join(place.folder, 'fresh'), '--frames', '10',
            b'--title=' + name)


def duplicate(place, first, second):
    CLI.run('add', place.song, first + '=tone', code=0)
    refused(place, 'add', place.song, second + '=tone')
    refused(place, 'add', place.song, 'new=tone', second + '=tone')


def check_entries(names, title, stems):
    """Plain relative paths of one folder, each once."""
    wanted = {f'{title}/{name}.wav' for name in [*stems, 'Master']}
    wanted |= {f'{title}/README.txt', f'{title}/manifest.json'}
    assert sorted(names) == sorted(wanted), set(names) ^ wanted


def run_and_export(place, title, stems):
    """Runs the song and looks into every archive that can be made of it."""
    CLI.run('run', place.song, code=0)
    path = os.path.join(place.song, 'deliverables', title + '.zip')
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        check_entries(archive.namelist(), title, stems)
        assert all(entry.flag_bits & 0x800 or entry.filename.isascii()
                   for entry in archive.infolist()), 'not marked as UTF-8'
        manifest = json.loads(archive.read(f'{title}/manifest.json'))
    assert [file['file'] for file in manifest['files']] == [f'{s}.wav' for s in [*stems, 'Master']]
    place.check_untouched()
    out = os.path.join(place.folder, 'out.tar.gz')
    CLI.run('export', place.song, out, code=0)
    with tarfile.open(out) as archive:
        check_entries(archive.getnames(), title, stems)
    os.remove(out)
    place.check_untouched()


def test_foreign_names_come_out_as_they_went_in(place):
    stems = GOOD_NAMES
    CLI.run('add', place.song, '--', *(f'{name}=tone:{100 + i * 7}:0.05'
                                       for i, name in enumerate(stems)), code=0)
    CLI.run('drums', place.song, '--none', code=0)
    CLI.run('set', place.song, '--title', 'Здравствуй 世界 🎵', code=0)
    run_and_export(place, 'Здравствуй 世界 🎵', stems)


def test_files_called_anything(place):
    """What a source is called is nobody's business, as long as a project can keep it."""
    for name in FILE_NAMES:
        bad_audio.good(place.path(name), FRAMES)
    place.around = place.listing()
    stems = [f's{i}' for i in range(len(FILE_NAMES))]
    for stem, name in zip(stems, FILE_NAMES):
        answer = CLI.run('add', place.song, stem.encode() + b'=' + place.path(name), code=0)
        assert all(line.isprintable() for line in answer.out.splitlines()), ascii(answer.out)
    CLI.run('drums', place.song, '--none', code=0)
    run_and_export(place, 'song', stems)
    out = os.path.join(place.folder, 'out.wav')
    for name in FILE_NAMES:
        for words in (['measure', place.path(name)],
                      ['align', place.path(name), out, '--frames', str(FRAMES)]):
            answer = CLI.run(*words, code=0)
            assert all(line.isprintable() for line in answer.out.splitlines()), ascii(answer.out)
    os.remove(out)
    place.check_untouched()


def test_missing_files_called_anything(place):
    """A message about them is one line that shows what a terminal would obey."""
    for name in FILE_NAMES:
        for words in (['add', place.song, b'x=' + place.path(name)],
                      ['measure', place.path(name)],
                      ['init', os.path.join(place.folder, 'fresh'), '--reference',
                       place.path(name)],
                      ['align', place.path(name), place.path('o.wav'), '--frames', '9']):
            answer = CLI.run(*words, code=3)
            assert answer.err.count('\n') == 1 and answer.err[:-1].isprintable(), ascii(answer.err)
    place.check_untouched()


def test_a_file_that_is_not_utf8(place):
    """It can be measured and aligned, but no project can keep its name."""
    path = place.path(b'a\xff.wav')
    bad_audio.good(path, FRAMES)
    place.around = place.listing()
    refused(place, 'add', place.song, b'x=' + path)
    refused(place, 'set', place.song, '--reference', path)
    refused(place, 'init', os.path.join(place.folder, 'fresh'), '--reference', path)
    CLI.run('measure', path, code=0)
    assert json.loads(CLI.run('measure', path, '--json', code=0).out)[0]['frames'] == FRAMES
    CLI.run('align', path, place.path('out.wav'), '--frames', str(FRAMES), code=0)


def test_folders_called_anything(place):
    """A song takes the nearest good name to that of its folder."""
    for i, name in enumerate(['new\nline', '-dash', '.hidden', 'CON', 'a\u202eb', 'a' * 255,
                              b'a\xff', 'Привет', 'cafe\u0301', '..dots', ' ']):
        folder = place.path(f'{i}') + b'/' + as_bytes(name)
        CLI.run('init', folder, '--frames', str(FRAMES), code=0)
        CLI.run('add', folder, 'x=tone', code=0)
        CLI.run('run', folder, code=0)
        archives = os.listdir(os.path.join(folder, b'deliverables'))
        title = archives[0].decode().removesuffix('.zip')
        assert len(archives) == 1 and title.isprintable() and title[0] not in '.-'
        assert unicodedata.is_normalized('NFC', title) and len(title.encode()) <= 200
        with open(os.path.join(folder, b'deliverables', archives[0]), 'rb') as file, \
                zipfile.ZipFile(file) as archive:
            check_entries(archive.namelist(), title, ['x', 'drums'])
        assert os.listdir(place.path(f'{i}')) == [as_bytes(name)]


def test_names_put_into_the_project_file(place):
    """What the program would not take from a person, it does not take from a file."""
    CLI.run('add', place.song, 'victim=tone', code=0)
    path = os.path.join(place.song, 'song.seamline')
    good = json.loads(place.settings())
    for name in ['../evil', '/tmp/evil', '..', '', '-a', '.a', 'a\nb', 'CON', 'a' * 255, 'a\u202eb',
                 'Master', 'cafe\u0301']:
        for edit in (lambda song: song['stems'][0].update(name=name),
                     lambda song: song.update(title=name)):
            song = json.loads(json.dumps(good))
            edit(song)
            if name == 'Master' and song['title'] == name:
                continue
            with open(path, 'w', encoding='utf-8') as file:
                json.dump(song, file)
            before = listing(place.song)
            answer = CLI.run('run', place.song, code=3)
            assert answer.err.count('\n') == 1 and answer.err[:-1].isprintable(), ascii(answer.err)
            assert listing(place.song) == before, listing(place.song)
            place.check_untouched()


def main():
    cases = [case('name ' + what, bad_name, name) for what, name in BAD_NAMES.items()]
    cases += [case('twice ' + what, duplicate, *pair) for what, pair in DUPLICATES.items()]
    cases += [case(name, function) for name, function in globals().items()
              if name.startswith('test_')]
    return run_cases(cases)


if __name__ == '__main__':
    sys.exit(main())
