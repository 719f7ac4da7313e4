# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are bad, or go bad under an open window: a message with file, fault and remedy,
nothing that was made before is lost, and the way back is green: TAP.

Usage: test_faults.py BUILD-FOLDER
"""
import os
import re
import shutil
import signal
import subprocess
import time
from urllib.parse import quote

from session import main  # first: it knows where the others are

import bad_audio
from accessible import ROLES, wait_for
from cases import Skip
from command import digests, parts
from desktop import children_of
from song_window import GREEN
from thorough import sample

# What the window says of each, and the word for it in the stem's row.
BAD_STEMS = [
    (bad_audio.missing, 'could not be opened: No such file', 'Cannot be read'),
    (bad_audio.fifo, 'is not a file but a folder, a device or a pipe', 'Cannot be read'),
    (bad_audio.symlink_loop, 'symbolic links', 'Cannot be read'),
    (bad_audio.text, 'is not audio', 'Cannot be read'),
    (bad_audio.empty, 'is empty', 'Cannot be read'),
    (bad_audio.seventeen_channels, '17 channels', 'Cannot be read'),
    (bad_audio.rate_of_two_gigahertz, '2147483647 Hz', 'Cannot be read'),
    (bad_audio.truncated_flac, 'fails at frame', 'Cannot be read'),
    (bad_audio.caf_of_all_time, 'is not audio that can be read', 'Cannot be read'),
    (bad_audio.endless_list, 'stopped making progress', 'Cannot be read'),
    (bad_audio.no_frames, '0 frames', 'Silent'),
    (bad_audio.truncated_wav, 'does not fit its data', 'Damaged'),
    (bad_audio.header_too_long, 'does not fit its data', 'Damaged'),
    (bad_audio.header_too_short, 'does not fit its data', 'Damaged'),
    (bad_audio.sizes_never_written, 'does not fit its data', 'Damaged'),
    (bad_audio.nan_sample, 'first is in frame 4,321', 'Damaged'),
    (bad_audio.infinite_sample, 'first is in frame 4,321', 'Damaged'),
    (bad_audio.flac_of_16_days, '9,600 frames, but its header says 68,719,476,735', 'Damaged'),
    (bad_audio.rf64_of_all_time, 'does not fit its data', 'Damaged'),
    (bad_audio.mp3_with_a_quiet_end, 'goes on where the decoder stopped', 'Damaged'),
    (bad_audio.wrong_rate, '44100 Hz; the project has 48000 Hz', '44,100 Hz'),
]
if os.geteuid() != 0:
    BAD_STEMS.append((bad_audio.unreadable, 'could not be opened: Permission denied',
                      'Cannot be read'))

# A new project takes the rate of its reference; one whose audio is not whole is made, and red.
BAD_REFERENCES = [row for row in BAD_STEMS
                  if row[2] == 'Cannot be read' and row[0] is not bad_audio.endless_list]

UNWELL = re.compile('^(Cannot be read|Damaged|Silent)$')
REMEDY = re.compile('[Ee]xport|[Cc]hoose|Check|Convert|open it in|[Pp]ut|Locate|[Rr]eplace')


def song_of(session, name, *stems):
    """A project with a reference of 2 s and these stems (NAME=FILE); its folder."""
    folder = session.desktop.path(name)
    session.cli('init', folder, '--reference', session.tone(name, 2), '--bpm', '120')
    if stems:
        session.cli('add', folder, *stems)
    return folder


def rows(window):
    """Every row of every list: its name, and all that stands in it."""
    window.tree.walk()
    items = window.tree.items()
    below = {}
    for item in items:
        below.setdefault(item.parent, []).append(item)

    def words(item):
        return [word for child in below.get(item.path, [])
                for word in [child.name, *words(child)] if word]

    return [(item.name, words(item)) for item in items if item.role == ROLES['list item']]


def wait_for_rows(window, expected):
    """Waits until for each of @expected there is a row of which it holds."""
    def all_there():
        found = rows(window)
        return all(any(is_so(*row) for row in found) for is_so in expected)

    wait_for(lambda: '\n'.join(map(str, rows(window))), all_there)


def told(file, fault):
    """Whether a row is a check that names the file and the fault, and what can be done."""
    message = re.compile(f'^Failed: (?=.*{re.escape(file)}).*{fault}', re.DOTALL)
    return lambda name, words: message.search(name) and REMEDY.search(' '.join(words))


def check_told(window, *faults):
    """Of each (FILE, FAULT) there is such a check."""
    wait_for_rows(window, [told(file, fault) for file, fault in faults])


def check_titles(window, titles):
    """The row of each stem says its fault in a word."""
    wait_for_rows(window, [lambda name, words, stem=stem, title=title:
                           name == stem and title in words for stem, title in titles.items()])


def close_dialog(window, heading):
    window.press('Close Close')                      # the toolkit doubles it
    wait_for('the dialog to close', lambda: not window.tree.has(heading))


def look_away_and_back(window):
    """What somebody does who puts a file right in another program."""
    root = window.desktop.xdotool('search', '--maxdepth', 0, '--name', '').split()[0]
    window.desktop.xdotool('windowfocus', root)
    time.sleep(0.2)
    window.focus()


def replace(path, make=bad_audio.good):
    """Puts another file there, as programs do: a new one under the old name."""
    if os.path.isdir(path):
        os.rmdir(path)
    elif os.path.lexists(path):
        os.remove(path)
    make(path)


# --- files that are bad from the start ---

def write_bad_files(folder):
    """What can be made here of BAD_STEMS: path, fault and title by name."""
    found = {}
    for make, fault, title in BAD_STEMS:
        path = os.path.join(folder, make.__name__ + '.wav')
        try:
            make(path)
        except Skip as reason:
            print(f'# {make.__name__}: {reason}')
            continue
        found[os.path.basename(path)] = path, fault, title
    return found


def test_bad_files_are_told_and_mended(session):
    """All come at once, a good one and a folder among them: each gets its row and its fault, and
    once every file is put right the step is green."""
    bad = write_bad_files(session.desktop.make_folder('bad'))
    window = session.open(song_of(session, 'song'))
    window.run_step(1)
    window.run_step(2)
    window.drop(session.tone('Good', 2), session.desktop.make_folder('empty folder.wav'),
                *[path for path, _, _ in bad.values()])
    check_titles(window, {'Good': 'as long as the song',
                          **{name.removesuffix('.wav'): bad[name][2] for name in bad}})
    assert not window.tree.has('empty folder', 'list item')
    window.run_step(3, '^Failed$')
    check_told(window, *((name, bad[name][1]) for name in bad))
    for name, (path, _, _) in bad.items():
        if name != 'wrong_rate.wav':
            replace(path)
    look_away_and_back(window)
    window.wait_badge(3, '^Stale$')
    wait_for('the rows to be well', lambda: not window.tree.has(UNWELL, 'label'))
    window.run_step(3, '^Failed$')
    window.press('Convert a Copy')
    window.wait_badge(3, GREEN.pattern)
    window.close()


def test_names_that_cannot_be_kept(session):
    """They are told, both of them, and what was dropped between them comes in."""
    folder = song_of(session, 'names')
    inside = os.path.join(session.desktop.make_folder('names', 'cache'), 'Inside.wav')
    odd = os.fsencode(session.desktop.path('sources', 'odd ')) + b'\xff.wav'
    for path in (inside, odd):
        bad_audio.good(path)
    window = session.open(folder)
    window.drop(inside, session.tone('Between', 2), 'file://' + quote(odd))
    window.find('This File Cannot Be Used')
    window.find(re.compile('Inside.wav”.*copy it to another folder.*not UTF-8.*rename it', re.S))
    close_dialog(window, 'This File Cannot Be Used')
    check_titles(window, {'Between': 'as long as the song'})
    assert not window.tree.has(re.compile('Inside'), 'list item')
    window.close()


def projects_below(folder):
    return [name for _, _, names in os.walk(folder) for name in names
            if name.endswith('.seamline')]


def test_bad_reference_makes_no_project(session):
    window = session.open()
    for make, fault, _ in sample(BAD_REFERENCES, 3):
        path = session.desktop.path(f'reference {make.__name__}.wav')
        make(path)
        window.drop(path)
        window.press('Create')
        window.find(re.compile(f'“.*{os.path.basename(path)}”.*{fault}', re.S), 'alert')
        window.press('Cancel')
        wait_for('the dialog to close', lambda: not window.tree.has('Create', 'button'))
    assert not projects_below(session.desktop.path('home'))
    window.close()


# --- projects that do not open ---

def damaged(folder):
    with open(os.path.join(folder, 'Project.seamline'), 'w', encoding='utf-8') as file:
        file.write('{"format": 1, "title": ')


def of_tomorrow(folder):
    with open(os.path.join(folder, 'Project.seamline'), 'w', encoding='utf-8') as file:
        file.write('{"format": 2, "title": "Tomorrow"}')


def no_project(folder):
    bad_audio.text(os.path.join(folder, 'notes.txt'))


def two_projects(folder):
    damaged(folder)
    shutil.copy(os.path.join(folder, 'Project.seamline'), os.path.join(folder, 'B.seamline'))


def unreadable_project(folder):
    if os.geteuid() == 0:
        raise Skip('root may read everything')
    bad_audio.unreadable(os.path.join(folder, 'Project.seamline'))


BAD_PROJECTS = [(damaged, 'damaged|put a good copy'), (of_tomorrow, 'newer Seamline: update'),
                (no_project, 'choose the folder that holds a .seamline file'),
                (two_projects, 'several projects: name the .seamline file'),
                (unreadable_project, 'Permission denied. Get the right')]


def test_projects_that_do_not_open(session):
    """Each is said in a dialog, the file stays as it was, and the start page is there again."""
    window = session.open()
    for make, fault in BAD_PROJECTS:
        folder = session.desktop.make_folder('projects', make.__name__)
        try:
            make(folder)
        except Skip as reason:
            print(f'# {make.__name__}: {reason}')
            continue
        before = sorted(os.listdir(folder))
        subprocess.run([session.built('src/app/seamline'), folder], env=session.desktop.env,
                       check=True, timeout=20)
        window.find('The Project Could Not Be Opened')
        window.find(re.compile(f'{make.__name__}.*({fault})', re.DOTALL))
        assert not window.tree.has(re.compile('Parse error|<data>'))
        close_dialog(window, 'The Project Could Not Be Opened')
        assert window.find('Open Project…', 'button').sensitive
        assert set(os.listdir(folder)) <= {*before, '.seamline.lock'}
    window.close()


# --- sources that change under an open window ---

GONE = 'is not there any more, or cannot be read'


def delete(path):
    os.remove(path)


def shorten(path):
    os.truncate(path, 9001)


def become_a_folder(path):
    replace(path, bad_audio.directory)


# What is said before the step runs, and by the step.
CHANGES = [(delete, GONE, 'could not be opened: No such file', 'File missing'),
           (shorten, 'does not fit its data', 'does not fit its data', 'Damaged'),
           (become_a_folder, GONE, 'is not a file but', 'File missing')]


def test_source_that_goes_bad_between_steps(session):
    """The row says so as soon as one comes back to the window; the next run is red and leaves what
    was made; put back, everything is as it was."""
    path = session.tone('Bass', 2)
    kept = shutil.copy(path, session.desktop.path('kept.wav'))
    folder = song_of(session, 'between', 'Bass=' + path)
    session.cli('run', folder)
    before = digests(folder)
    window = session.open(folder)
    window.wait_badges(['Passed'] * 8)
    for change, seen, fault, title in CHANGES:
        change(path)
        look_away_and_back(window)
        window.wait_badge(3, '^Stale$')
        check_titles(window, {'Bass': title})
        window.click(window.find('Bass', 'list item'))
        check_told(window, ('Bass.wav', seen))
        assert window.find('Locate…', 'button').sensitive
        window.run_step(3, '^Failed$')
        check_told(window, ('Bass.wav', fault))
        assert digests(folder) == before and not parts(folder)
        replace(path, lambda target: shutil.copy(kept, target))
        window.run_all()
        assert not window.tree.has(title, 'label')
        assert digests(folder) == before
    window.close()


LONG_S = 60


def test_song_whose_reference_is_gone(session):
    """It opens at the step that this leaves to be done, with the way out."""
    folder = song_of(session, 'gone', 'Bass=' + session.tone('Whole', 2))
    session.cli('run', folder)
    os.remove(session.desktop.path('sources', 'gone.wav'))
    window = session.open(folder)
    window.wait_badges(['Passed', 'Stale'] + ['Locked'] * 6)
    window.find('2 Reference', 'label')
    check_told(window, ('gone.wav', GONE))
    check_titles(window, {'Reference': 'File missing'})
    assert window.find('Locate…', 'button').sensitive
    window.close()


def long_stem(path, hz):
    """So long that the window needs a while for it, and can be disturbed."""
    bad_audio.put(path, bad_audio.riff(bad_audio.pack(bad_audio.sine(48000, hz)) * LONG_S))


def test_source_that_is_cut_while_a_step_reads_it(session):
    path = session.desktop.path('Long.wav')
    long_stem(path, 330)
    folder = session.desktop.path('middle')
    session.cli('init', folder, '--frames', str(48000 * LONG_S + 4800), '--bpm', '120')
    session.cli('add', folder, 'Long=' + path, '--strategy', 'zero-pad')
    session.cli('run', folder)
    before = digests(folder)
    window = session.open(folder)
    window.wait_badges(['Passed'] * 8)
    replace(path, lambda target: long_stem(target, 550))
    look_away_and_back(window)
    window.wait_badge(3, '^Stale$')
    window.run_step(3)
    wait_for('step 4 to be open', lambda: window.step(4).sensitive)
    window.step(4).press()
    window.freeze_when_writing(os.path.join(folder, 'aligned'))
    os.truncate(path, 1_000_000)
    window.thaw()
    window.wait_badge(4, '^Failed$')
    check_told(window, ('Long.wav', 'changed while it was being read'))
    look_away_and_back(window)
    window.wait_badges(['Passed', 'Passed', 'Stale'] + ['Locked'] * 5)
    check_titles(window, {'Long': 'Damaged'})
    assert digests(folder) == before and not parts(folder)
    long_stem(path, 330)
    window.run_all()
    assert digests(folder) == before and not parts(folder)
    window.close()


# --- programs that die ---

def helpers_of(window):
    """The processes that look at files for this window, and for no other."""
    found = []
    for pid in children_of(window.pid):
        with open(f'/proc/{pid}/comm', encoding='utf-8', errors='replace') as comm:
            if comm.read().startswith('seamline-probe'):
                found.append(pid)
    return found


def kill_helper(window):
    """Kills it while the decoder goes round in circles."""
    pid, = wait_for('the helper', lambda: helpers_of(window), every=0.01)
    time.sleep(0.2)
    os.kill(pid, signal.SIGKILL)


def test_killed_helper_is_told(session):
    path = session.desktop.path('Endless.wav')
    bad_audio.endless_list(path)
    folder = song_of(session, 'helper')
    window = session.open(folder)
    window.run_step(1)
    window.run_step(2)
    window.drop(path)
    kill_helper(window)
    check_titles(window, {'Endless': 'Cannot be read'})
    window.step(3).press()
    kill_helper(window)
    window.wait_badge(3, '^Failed$')
    check_told(window, ('Endless.wav', 'The decoder crashed on'))
    window.press('Remove Stem')
    wait_for('the stem to go', lambda: not window.tree.has('Endless', 'list item'))
    window.close()


def test_killed_window_opens_again(session):
    folder = session.desktop.path('killed')
    session.cli('init', folder, '--seconds', '60')
    session.cli('add', folder, 'One=tone:110', 'Two=tone:220')
    window = session.open(folder)
    window.press('Run All')
    window.freeze_when_writing(os.path.join(folder, 'stems'))
    os.kill(window.pid, signal.SIGKILL)
    window.process.wait()
    assert parts(folder)
    window = session.open(folder)
    window.wait_badges(['Passed', 'Passed', 'Ready'] + ['Locked'] * 5)
    assert not parts(folder)
    window.run_all()
    assert not parts(folder)
    window.close()


if __name__ == '__main__':
    main([test_bad_files_are_told_and_mended,
          test_names_that_cannot_be_kept,
          test_bad_reference_makes_no_project,
          test_projects_that_do_not_open,
          test_source_that_goes_bad_between_steps,
          test_song_whose_reference_is_gone,
          test_source_that_is_cut_while_a_step_reads_it,
          test_killed_helper_is_told,
          test_killed_window_opens_again], 150)
