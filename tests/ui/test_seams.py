# SPDX-License-Identifier: GPL-3.0-or-later
"""Seams in the window: selected, replaced by the next best, dragged, undone: TAP.

Usage: test_seams.py BUILD-FOLDER

The bass of the demo is a loop with three seams. Whatever is changed about it, the files and records
of the other stems must stay as they are, to the byte and to the time of writing.
"""
import hashlib
import json
import os
import re
import time

from session import main  # first: it knows where the others are

from accessible import wait_for

RATE = 48000
BEAT = RATE // 2        # of the demo, 120 BPM
SECONDS = 40.0          # its length
FIRST_SEAM = 21.345     # where the bass is joined first, in seconds


def read_project(folder):
    name = next(name for name in os.listdir(folder) if name.endswith('.seamline'))
    with open(os.path.join(folder, name), encoding='utf-8') as file:
        return json.load(file)


def bass(folder):
    """The settings of the bass."""
    return next(stem for stem in read_project(folder)['stems'] if stem['name'] == 'Bass')


def plan(folder):
    """What the plan of the bass was made of, and its seams."""
    return read_project(folder)['records']['align']['Bass']['values']


def others(folder):
    """Files, with digest and time of writing, and records of all stems but the bass."""
    files = {}
    for parent, _, names in os.walk(os.path.join(folder, 'aligned')):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, 'rb') as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            files[name] = (digest, os.stat(path).st_mtime_ns)
    assert files.pop('Bass.wav') and files, files
    records = read_project(folder)['records']['align']
    return files, {name: record for name, record in records.items() if name != 'Bass'}


class Song:
    """The demo, aligned, in a window, with the first seam of the bass selected."""

    def __init__(self, session, name, *spoil_guitars, verdict='Passed', **options):
        self.folder = session.demo(name)
        self.verdict = verdict
        if spoil_guitars:
            session.cli('set', self.folder, '--limit', 'seam-step=0.5')
            session.cli('set', self.folder, 'Guitars', *spoil_guitars)
        session.cli('run', self.folder, '--through', 'align')
        self.before = others(self.folder)
        self.window = session.open(self.folder, **options)
        self.window.wait_badge(4, '^' + verdict)
        self.window.key('period')
        self.window.find('Seam 1 of 3', 'label')
        self.settings, self.plan = bass(self.folder), plan(self.folder)

    def wait_plan(self, what, is_right):
        """Waits until the bass has been planned so that @is_right, and looks at all others."""
        def is_there():
            return self.window.badge(4).startswith(self.verdict) and is_right(plan(self.folder))

        wait_for(lambda: f'{what}; step 4 says {self.window.badge(4)}', is_there, 20)
        assert others(self.folder) == self.before, 'another stem was touched'
        self.window.find(re.compile('^Seam 1 of'), 'label')

    def change_and_undo(self, what, change, is_right):
        """@change must make a plan that @is_right; undoing brings the first back, redoing it."""
        change()
        self.wait_plan(what, is_right)
        self.window.key('ctrl+z')
        self.wait_plan(f'the first plan after {what}', lambda values: values == self.plan)
        assert bass(self.folder) == self.settings, bass(self.folder)
        self.window.key('ctrl+shift+z')
        self.wait_plan(f'{what}, once more', is_right)

    def select_first(self):
        x, y = self.window.place_of('Bass', FIRST_SEAM, SECONDS)
        self.window.desktop.xdotool('mousemove', '--window', self.window.window, x, y, 'click', 1)
        self.window.find('Seam 1 of 3', 'label')

    def drag(self, pixels):
        """Drags the first seam; the pointer stays pressed."""
        self.window.hold_seam('Bass', pixels, FIRST_SEAM, SECONDS)

    def drop(self):
        self.window.desktop.xdotool('mouseup', 1)


def test_seams_are_selected_and_told(session):
    window = Song(session, 'select').window
    text = wait_for('the seam to be told', lambda: window.seam('Bass'), 5)
    assert text.startswith('Loop, seam 1 of 3: Passed\nSeam at 0:21.345, 50.0 ms overlap\n'), text
    assert 'Match: 1.000' in text, text
    for measure in ('Step', 'Level', 'Grid', 'Match'):
        window.find(re.compile(f'^{measure}: Passed, .*limit'), 'list item')
    # The playhead stands 2 s before it.
    assert window.waveform('Bass').description.startswith('0:19.345, bar 10'), 'the playhead'
    window.key('period')
    window.find('Seam 2 of 3', 'label')
    window.key('comma')
    window.find('Seam 1 of 3', 'label')
    x, y = window.place_of('Guitars', 26.95, SECONDS)
    window.desktop.xdotool('mousemove', '--window', window.window, x, y, 'click', 1)
    window.find('Guitars · Loop', 'label')
    wait_for('one selected seam', lambda: window.seam('Guitars') and not window.seam('Bass'), 5)
    window.press(re.compile('^Stem'))
    window.find('Guitars', 'label')
    wait_for('no selected seam', lambda: not window.seam('Guitars'), 5)
    window.close()


def test_next_best_and_back(session):
    song = Song(session, 'next')
    song.window.find('1 of 8', 'list item')
    song.change_and_undo('the next best join', lambda: song.window.press('Next Best'),
                         lambda values: values['candidate'] == 1)
    song.window.find('2 of 8', 'list item')
    song.window.press('The Join Before')
    song.wait_plan('the best join', lambda values: values == song.plan)
    song.window.close()


def test_only_that_stem_is_planned(session):
    """The guitars stay red, and those after them as they are, while the bass is planned again."""
    song = Song(session, 'alone', '--join', '705555', '--fade', '0', '--loop-bars', '1',
                verdict='Failed')
    assert set(song.before[1]) == {'Guitars'}, 'the guitars have not stopped the step'
    song.window.press('Next Best')
    song.wait_plan('the next best join', lambda values: values['candidate'] == 1)
    song.window.close()


def test_seam_is_dragged_along_the_beats(session):
    song = Song(session, 'drag')

    def drag():
        song.drag(-50)
        song.drop()

    def is_on_a_beat(values):
        first = values['seams'][0]
        join = first['position'] + first['overlap']
        return join % BEAT == 0 and abs(join - (FIRST_SEAM - 50 * SECONDS / 412) * RATE) < BEAT

    song.change_and_undo('a join on the beat', drag, is_on_a_beat)
    assert bass(song.folder)['join'] % BEAT == 0
    song.window.press('Find Again')
    song.wait_plan('the join that was found', lambda values: values == song.plan)
    assert bass(song.folder) == song.settings
    song.window.close()


def test_escape_lets_go_and_shift_goes_free(session):
    song = Song(session, 'free')
    song.drag(-50)
    song.window.desktop.xdotool('key', 'Escape')         # without letting go of the button
    song.drop()
    time.sleep(0.5)                                      # what would be changed by now
    assert not song.window.find('Undo', 'button').sensitive, 'Escape left a step of undo'
    song.window.desktop.xdotool('keydown', 'Shift_L')
    song.drag(-53)
    song.drop()
    song.window.desktop.xdotool('keyup', 'Shift_L')
    song.wait_plan('a join between beats', lambda values: values != song.plan)
    assert bass(song.folder)['join'] % BEAT != 0, bass(song.folder)
    song.window.key('ctrl+z')
    song.wait_plan('the first plan', lambda values: values == song.plan)
    song.window.close()


def test_numbers_are_set(session):
    """Loop length, place of the join and fade by their fields."""
    song = Song(session, 'numbers')
    window = song.window

    def enter(name, text):
        window.enter(window.find(name, 'spin button'), text)

    def lag(values):
        left, right = values['segments'][:2]
        return right['dest'] - right['source'] - (left['dest'] - left['source'])

    song.change_and_undo('a loop of two bars', lambda: enter('Loop Length', '2'),
                         lambda values: lag(values) == 8 * BEAT)
    song.window.press('Find Again')
    song.wait_plan('the join that was found', lambda values: values == song.plan)
    join = song.plan['seams'][0]['position'] + song.plan['seams'][0]['overlap'] - 48
    song.change_and_undo('a join 48 frames before', lambda: enter('Join At', str(join)),
                         lambda values: values['seams'][0]['position']
                         + values['seams'][0]['overlap'] == join)
    window.close()


def test_stem_waits_while_its_step_is_locked(session):
    """With another tempo nothing is aligned as it stood: nothing is planned by itself."""
    song = Song(session, 'waits')
    records = read_project(song.folder)['records']
    window = song.window
    window.step(1).press()
    window.enter(window.find('Tempo (BPM)', 'text box'), '121')
    window.wait_badge(1, '^Stale$')
    window.click(window.waveform('Bass'))
    window.find('Loop Length', 'spin button').value = 2
    wait_for('the loop length to be saved', lambda: bass(song.folder)['loop_bars'] == 2, 10)
    time.sleep(1)                                        # four times as long as a plan waits
    assert window.badge(4) == 'Locked' and window.badge(1) == 'Stale', window.badges()
    assert read_project(song.folder)['records'] == records
    window.key('ctrl+z')
    window.key('ctrl+z')
    window.wait_badge(4, '^Passed')
    song.select_first()
    window.key('ctrl+shift+z')
    window.find(re.compile('^Match: Waits for the steps before Align'), 'list item')
    window.close()


def test_seam_is_heard_once_and_again(session):
    song = Song(session, 'heard', env={'SEAMLINE_SOUND': 'null'})
    window = song.window

    def playhead():
        minutes, seconds = window.waveform('Bass').description.split(',')[0].split(':')
        return int(minutes) * 60 + float(seconds)

    play = window.find('Play', 'button')
    window.press('Listen')
    wait_for('it to play', lambda: play.name == 'Pause', 5)
    wait_for('it to hold', lambda: play.name == 'Play', 15)
    # From 2 s before the overlap of 50 ms to 2 s after it; told at most 1 s late.
    wait_for(lambda: f'the end at 23.37 s; it is at {playhead()}',
             lambda: 23.37 <= playhead() < 23.6, 5)
    repeat = window.press('Repeat the Selected Seam')
    wait_for('it to play again', lambda: play.name == 'Pause', 5)
    wait_for('the second half', lambda: playhead() > 21.5, 10)
    wait_for('the first half again', lambda: 19.3 < playhead() < 21.4, 10)
    window.key('End')
    wait_for('it to be repeated no more', lambda: not repeat.checked, 5)
    window.close()


if __name__ == '__main__':
    main([test_seams_are_selected_and_told,
          test_next_best_and_back,
          test_only_that_stem_is_planned,
          test_seam_is_dragged_along_the_beats,
          test_escape_lets_go_and_shift_goes_free,
          test_numbers_are_set,
          test_stem_waits_while_its_step_is_locked,
          test_seam_is_heard_once_and_again], 110)
