#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of bad input file, wherever a file can be given: TAP.

What is wrong is told in one message with the file, the fault and a remedy, by the exit code that
is documented; what a good run has made before stays as it is. Usage: test_bad_input.py SEAMLINE-CLI
"""
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import bad_audio  # noqa: E402
from cases import Skip, cases_of, run_cases  # noqa: E402
from command import (Command, digests, failed_checks, finish, listing, parts,  # noqa: E402
                     read_all)

CLI = Command(sys.argv[1])
NOBODY = 65534
TARGET = 12000
REMEDY = re.compile(r'\b(check|choose|convert|copy|export|get|lengthen|open|put|save|try)\b', re.I)

# What the program knows of a file at the time it is added, measured or aligned.
SHUT = {'add': 3, 'measure': 3, 'align': 3}
BROKEN = {'add': 0, 'measure': 1, 'align': 1}

BAD_FILES = [
    (bad_audio.missing, SHUT, 'could not be opened: No such file'),
    (bad_audio.directory, SHUT, 'is not a file but a folder'),
    (bad_audio.fifo, SHUT, 'is not a file but a folder, a device or a pipe'),
    (bad_audio.symlink_loop, SHUT, 'symbolic links'),
    (bad_audio.text, SHUT, 'is not audio'),
    (bad_audio.empty, SHUT, 'is empty'),
    (bad_audio.seventeen_channels, SHUT, '17 channels'),
    (bad_audio.rate_of_two_gigahertz, SHUT, '2147483647 Hz'),
    (bad_audio.truncated_flac, SHUT, 'fails at frame'),
    (bad_audio.caf_of_all_time, SHUT, 'is not audio that can be read'),
    (bad_audio.no_frames, BROKEN, '0 frames'),
    (bad_audio.truncated_wav, BROKEN, 'does not fit its data'),
    (bad_audio.header_too_long, BROKEN, 'does not fit its data'),
    (bad_audio.header_too_short, BROKEN, 'does not fit its data'),
    (bad_audio.sizes_never_written, BROKEN, 'goes on where the decoder stopped'),
    (bad_audio.nan_sample, BROKEN, r'1 samples .* first is in frame 4,321'),
    (bad_audio.infinite_sample, BROKEN, r'1 samples .* first is in frame 4,321'),
    (bad_audio.flac_of_16_days, BROKEN, '9,600 frames, but its header says 68,719,476,735'),
    (bad_audio.rf64_of_all_time, BROKEN, 'does not fit its data'),
    (bad_audio.mp3_with_a_quiet_end, BROKEN, 'goes on where the decoder stopped'),
]


class Green:
    """A song that has passed, beside its sources, copied for each case."""

    def __init__(self, folder):
        self.path = folder
        self.song = self.file('song')
        self.digests = {}

    def file(self, name):
        return os.path.join(self.path, name)

    def make(self):
        bad_audio.good(self.file('reference.wav'), TARGET, 440.0)
        bad_audio.good(self.file('part.wav'))
        CLI.run('init', self.song, '--reference', self.file('reference.wav'), '--bpm', '120',
                code=0)
        CLI.run('add', self.song, f'part={self.file("part.wav")}', 'other=tone', code=0)
        CLI.run('run', self.song, code=0)
        return self.remember()

    def remember(self):
        self.digests = digests(self.song)
        assert len(self.digests) >= 3, self.digests
        return self

    def copy(self, folder):
        shutil.copytree(self.path, folder, dirs_exist_ok=True)
        return Green(folder).remember()

    def replace(self, name, make):
        os.remove(self.file(name))
        make(self.file(name))

    def check_intact(self):
        """Nothing that the good run has made has changed, nothing was added or left behind."""
        assert digests(self.song) == self.digests
        assert not parts(self.path), parts(self.path)


TEMPLATE = None


def new_song(folder):
    global TEMPLATE
    if TEMPLATE is None:
        TEMPLATE = Green(tempfile.mkdtemp()).make()
    return TEMPLATE.copy(folder)


# --- what is said ---

def check_refused(answer, name, fault):
    """One line, with the file, the fault and the remedy; nothing on standard output."""
    assert answer.code == 3 and answer.out == '' and answer.err.count('\n') == 1, str(answer)
    check_text(answer.err, name, fault)


def check_text(text, name, fault):
    assert name in text, f'{name} is not named: {text}'
    assert re.search(fault, text), f'“{fault}” is not told: {text}'
    assert REMEDY.search(text.partition(name)[2]), f'no remedy: {text}'


def check_red(answer, name, fault, step=None):
    """A run, red at @step, with a check that names the file, the fault and the remedy."""
    assert answer.code == 1, str(answer)
    assert step is None or [s['id'] for s in answer.json['steps'] if s['state'] == 'failed'] \
        == [step], answer.out
    checks = failed_checks(answer.json)
    assert checks and all(check['message'] and check['fix'] for check in checks), checks
    assert any(name in check['message'] and re.search(fault, check['message'])
               for check in checks), checks


def check_all_answers(answers, name, fault):
    for answer in answers:
        if answer.code == 3:
            check_refused(answer, name, fault)
        else:
            check_text(answer.out + answer.err, name.rpartition('.')[0], fault)


# --- one bad file, everywhere ---

def try_reference(green, bad, code, fault):
    """A new project is not made around it, or its first run stops there."""
    before = listing(green.path)
    fresh = green.file('fresh')
    answer = CLI.run('init', fresh, '--reference', bad, code=code)
    if code == 3:
        check_refused(answer, os.path.basename(bad), fault)
        assert listing(green.path) == before
    else:
        check_red(CLI.run('run', fresh, '--json'), os.path.basename(bad), fault, 'reference')


def try_replaced(folder, name, make, fault, step):
    """A source of a green song becomes bad: the next run is red, and what was made stays."""
    os.mkdir(folder)
    green = new_song(folder)
    green.replace(name, make)
    check_red(CLI.run('run', green.song, '--json'), name, fault, step)
    green.check_intact()


def try_alone(green, bad, codes, fault):
    """Measured, and aligned over a file that is there."""
    out = green.file('out.wav')
    bad_audio.good(out)
    answers = [CLI.run('align', bad, out, '--frames', str(TARGET), code=codes['align'])]
    with open(out, 'rb') as file:
        assert file.read() == bad_audio.riff(bad_audio.pack(bad_audio.sine()))
    measured = CLI.run('measure', bad, code=codes['measure'])
    assert codes['measure'] == 1 or measured.out == '', str(measured)
    check_all_answers([*answers, measured], os.path.basename(bad), fault)


def try_added(green, bad, code, fault):
    """Added to a green song, it is refused, or red in step 3."""
    answer = CLI.run('add', green.song, f'new={bad}', code=code)
    check_text(answer.out + answer.err, os.path.basename(bad), fault)
    if code == 3:
        check_refused(answer, os.path.basename(bad), fault)
        assert CLI.run('status', green.song, '--json', code=0).json['state'] == 'passed'
    else:
        check_red(CLI.run('run', green.song, '--json'), os.path.basename(bad), fault, 'stems')
    green.check_intact()


def try_everywhere(folder, make, codes, fault):
    green = new_song(folder)
    bad = green.file('bad.wav')
    make(bad)
    try_alone(green, bad, codes, fault)
    try_reference(green, bad, codes['add'], fault)
    try_added(green, bad, codes['add'], fault)
    try_replaced(green.file('a'), 'part.wav', make, fault, 'stems')
    try_replaced(green.file('b'), 'reference.wav', make, fault, 'reference')


def case_of(make, codes, fault):
    def case():
        with tempfile.TemporaryDirectory() as folder:
            try_everywhere(folder, make, codes, fault)
    case.__name__ = make.__name__
    return case


def in_folder(function):
    """A case that is given a folder of its own."""
    def case():
        with tempfile.TemporaryDirectory() as folder:
            function(folder)
    case.__name__ = function.__name__
    return case


# --- what needs more ---

@in_folder
def test_endless_list_chunk(folder):
    """All at once, because each waits until the decoder has been silent for 3 s."""
    green, other, third = (new_song(os.path.join(folder, name)) for name in 'abc')
    bad = green.file('bad.wav')
    bad_audio.endless_list(bad)
    assert os.path.getsize(bad) == 141
    other.replace('part.wav', bad_audio.endless_list)
    third.replace('reference.wav', bad_audio.endless_list)
    began = time.monotonic()
    alone = [CLI.start('add', green.song, f'new={bad}'), CLI.start('measure', bad),
             CLI.start('init', green.file('fresh'), '--reference', bad),
             CLI.start('align', bad, green.file('out.wav'), '--frames', '10')]
    runs = [CLI.start('run', song.song, '--json') for song in (other, third)]
    for process in alone:
        check_refused(finish(process), 'bad.wav', 'stopped making progress')
    check_red(finish(runs[0]), 'part.wav', 'stopped making progress', 'stems')
    check_red(finish(runs[1]), 'reference.wav', 'stopped making progress', 'reference')
    print(f'# all six have answered after {time.monotonic() - began:.1f} s')
    assert not os.path.exists(green.file('fresh')) and not os.path.exists(green.file('out.wav'))
    for song in (green, other, third):
        song.check_intact()


def as_nobody(folder):
    """The program as somebody who may not read everything; the folder is theirs."""
    if os.geteuid() != 0:
        return CLI
    if shutil.which('setpriv') is None:
        raise Skip('setpriv is not installed')
    command = Command(sys.argv[1], ['setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}',
                                    '--clear-groups'])
    process = command.start('--version')
    if process.wait(20) != 0:
        raise Skip('the program is where others may not run it: ' + read_all(process.streams[1]))
    for where, folders, files in os.walk(folder):
        for path in [where, *(os.path.join(where, name) for name in folders + files)]:
            os.chown(path, NOBODY, NOBODY)
    return command


@in_folder
def test_unreadable(folder):
    global CLI
    green = new_song(folder)
    whole, CLI = CLI, as_nobody(folder)
    try:
        bad_audio.unreadable(green.file('bad.wav'))
        try_alone(green, green.file('bad.wav'), SHUT, 'Permission denied')
        try_reference(green, green.file('bad.wav'), 3, 'Permission denied')
        try_added(green, green.file('bad.wav'), 3, 'Permission denied')
        green.replace('part.wav', bad_audio.unreadable)
        check_red(CLI.run('run', green.song, '--json'), 'part.wav', 'Permission denied', 'stems')
        green.check_intact()
    finally:
        CLI = whole


@in_folder
def test_wrong_rate(folder):
    """Red as a stem, with the option that mends it; a new project simply takes its rate."""
    green = new_song(folder)
    bad = green.file('bad.wav')
    bad_audio.wrong_rate(bad)
    CLI.run('add', green.song, f'new={bad}', code=0)
    answer = CLI.run('run', green.song, '--json')
    check_red(answer, 'bad.wav', '44100 Hz; the project has 48000 Hz', 'stems')
    assert any('set DIR new --convert' in check['fix'] for check in failed_checks(answer.json))
    green.check_intact()
    CLI.run('set', green.song, 'new', '--convert', code=0)
    CLI.run('run', green.song, code=0)
    for words in (['measure', bad], ['align', bad, green.file('out.wav'), '--frames', '9600'],
                  ['init', green.file('fresh'), '--reference', bad]):
        CLI.run(*words, code=0)
    try_replaced(green.file('a'), 'reference.wav', bad_audio.wrong_rate, '44100 Hz', 'reference')


@in_folder
def test_one_frame(folder):
    """Audio, if little: a song of one frame works, a stem that is a click is told as one."""
    green = new_song(folder)
    click = green.file('click.wav')
    bad_audio.one_frame(click)
    assert CLI.run('measure', click, '--json', code=0).json[0]['frames'] == 1
    CLI.run('align', click, green.file('one.wav'), '--frames', '1', code=0)
    CLI.run('init', green.file('fresh'), '--reference', click, code=0)
    CLI.run('add', green.file('fresh'), f'click={click}', code=0)
    assert CLI.run('run', green.file('fresh'), '--json').json['target_frames'] == 1
    CLI.run('add', green.song, f'click={click}', code=0)
    checks = failed_checks(CLI.run('run', green.song, '--json', code=1).json)
    assert [(check['id'], check['subject']) for check in checks] == [('seam-step', 'click')], checks
    assert REMEDY.search(checks[0]['fix']) and not parts(folder)


@in_folder
def test_riff_size_zero(folder):
    """The data tell their own length, so nothing is missing: the same samples come out."""
    green = new_song(folder)
    green.replace('part.wav', bad_audio.riff_size_zero)
    CLI.run('run', green.song, code=0)
    for name in ('aligned/part.wav', 'master/Master.wav'):
        assert digests(green.song)[name] == green.digests[name], name


@in_folder
def test_mp3_with_a_loud_end(folder):
    """Its length, guessed too long, is nothing that could be missing: decoded to its end."""
    green = new_song(folder)
    bad_audio.mp3_with_a_loud_end(green.file('end.mp3'))
    CLI.run('add', green.song, f'end={green.file("end.mp3")}', code=0)
    report = CLI.run('run', green.song, '--through', 'stems', '--json', code=0).json
    frames = [check['measured'] for step in report['steps'] for check in step['checks']
              if (check['id'], check['subject']) == ('length', 'end')]
    assert 5 * 48000 <= frames[0] <= 5 * 48000 + 3 * 1152, frames


# --- files that change ---

@in_folder
def test_replaced_between_steps(folder):
    """Other samples under the same name, size and time: taken anew, as a first run would."""
    green, fresh = (new_song(os.path.join(folder, name)) for name in 'ab')
    for song in (green, fresh):
        os.remove(song.file('song/stems/other.wav'))
    CLI.run('run', green.song, '--through', 'stems', code=0)
    before = os.stat(green.file('part.wav'))
    for song in (green, fresh):
        bad_audio.good(song.file('part.wav'), hz=550.0)
        os.utime(song.file('part.wav'), ns=(before.st_atime_ns, before.st_mtime_ns))
    CLI.run('run', green.song, code=0)
    CLI.run('run', fresh.song, code=0)
    assert digests(green.song) == digests(fresh.song) != green.digests


@in_folder
def test_shortened_between_steps(folder):
    green = new_song(folder)
    bad_audio.good(green.file('part.wav'), hz=550.0)
    CLI.run('run', green.song, '--through', 'stems', code=0)
    os.truncate(green.file('part.wav'), 9001)
    check_red(CLI.run('run', green.song, '--json'), 'part.wav', 'does not fit its data', 'stems')
    green.check_intact()


@in_folder
def test_removed_between_steps(folder):
    green = new_song(folder)
    bad_audio.good(green.file('part.wav'), hz=550.0)
    CLI.run('run', green.song, '--through', 'align', code=0)
    green.remember()
    os.remove(green.file('part.wav'))
    check_red(CLI.run('run', green.song, '--json'), 'part.wav', 'No such file', 'stems')
    green.check_intact()


def long_wav(path, hz):
    """40 s, which takes the program long enough to be disturbed."""
    bad_audio.put(path, bad_audio.riff(bad_audio.pack(bad_audio.sine(48000, hz)) * 40))


def shorten(path):
    os.truncate(path, 1_000_000)


def rewrite(path):
    """The same length, and from some frame on other samples: nothing in the file tells."""
    content = bad_audio.pack(bad_audio.sine(48000, 220.0)) * 20
    with open(path, 'r+b') as file:
        file.seek(-len(content), os.SEEK_END)
        file.write(content)


def when_aligning(song, ended):
    """Waits until the aligned copy is being written."""
    while not ended.is_set() and not parts(os.path.join(song, 'aligned')):
        time.sleep(0.0005)


def after(seconds):
    return lambda _song, ended: ended.wait(seconds)


def run_and_disturb(green, wait, disturb):
    """One run during which @disturb is done to the stem's file; its answer."""
    ended = threading.Event()

    def work():
        wait(green.song, ended)
        disturb(green.file('part.wav'))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        return CLI.run('run', green.song, '--json')
    finally:
        ended.set()
        worker.join()


class Disturbed:
    """A song whose stem has other samples since it was green, and is changed again in a run."""

    def __init__(self, folder):
        self.green = green = Green(folder)
        self.kept = green.file('kept')
        long_wav(green.file('part.wav'), 330.0)
        CLI.run('init', green.song, '--frames', str(48000 * 40 + 4800), '--bpm', '120', code=0)
        CLI.run('add', green.song, f'part={green.file("part.wav")}', code=0)
        CLI.run('run', green.song, code=0)
        green.remember()
        shutil.copytree(green.song, self.kept)
        self.prepare()
        self.whole = self.run_again()

    def prepare(self):
        shutil.rmtree(self.green.song)
        shutil.copytree(self.kept, self.green.song)
        long_wav(self.green.file('part.wav'), 550.0)

    def run_again(self):
        """What a run makes that nobody disturbs."""
        CLI.run('run', self.green.song, code=0)
        return digests(self.green.song)

    def run(self, wait, disturb):
        self.prepare()
        return run_and_disturb(self.green, wait, disturb)


def check_old_or_whole(song):
    """Each file is that of the green run, or that of a run that nobody disturbed."""
    found = digests(song.green.song)
    assert set(found) == set(song.whole) == set(song.green.digests)
    assert all(found[name] in (song.whole[name], song.green.digests[name]) for name in found)
    assert not parts(song.green.path)


MOMENTS = [when_aligning, after(0.005), after(0.03), after(0.06), after(0.1)]


@in_folder
def test_shortened_in_the_middle(folder):
    """Red and nothing lost, or all of it was read in time; never a shorter file."""
    song = Disturbed(folder)
    codes = []
    for moment in MOMENTS:
        answer = song.run(moment, shorten)
        codes.append(answer.code)
        if answer.code == 0:
            assert digests(song.green.song) == song.whole
        else:
            check_red(answer, 'part.wav', 'changed|does not fit its data')
            check_old_or_whole(song)
    print(f'# exit codes {codes}')
    assert 1 in codes, codes


@in_folder
def test_rewritten_in_the_middle(folder):
    """Green is what was made of one file or the other; a mixture is made again, or red."""
    song = Disturbed(folder)
    codes = []
    for moment in MOMENTS:
        answer = song.run(moment, rewrite)
        codes.append(answer.code)
        found = digests(song.green.song)
        rewritten = song.run_again()
        if answer.code == 0:
            assert found in (song.whole, rewritten), 'a mixture is called green'
        else:
            assert answer.code == 1, str(answer)
            checks = failed_checks(answer.json)
            assert [check['subject'] for check in checks] == ['part'] and checks[0]['fix'], checks
            assert all(found[name] in (song.green.digests[name], song.whole[name],
                                       rewritten[name]) for name in song.whole)
    print(f'# exit codes {codes}')


def main():
    cases = [case_of(*row) for row in BAD_FILES]
    cases += cases_of(globals())
    try:
        return run_cases(cases)
    finally:
        if TEMPLATE is not None:
            shutil.rmtree(TEMPLATE.path)


if __name__ == '__main__':
    sys.exit(main())
