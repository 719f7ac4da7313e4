#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of the tempo that files sound like, and that none is applied: TAP.

Usage: test_tempo.py SEAMLINE-CLI
"""
import json
import os
import subprocess
import sys
import tempfile
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

from cases import run_cases  # noqa: E402

RATE, BPM = 48000, 92.7


def cli(*words):
    result = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=False)
    assert result.returncode == 0, f'{words}: {result.returncode}\n{result.stdout}{result.stderr}'
    return result.stdout


def clicks(folder, seconds):
    """A file of clicks at @BPM; its path."""
    samples = bytearray(2 * RATE * seconds)
    for beat in range(int(seconds * BPM / 60) - 1):
        start = 2 * round(beat * 60 / BPM * RATE)
        samples[start:start + 960] = (b'\x00\x30' * 24 + b'\x00\xd0' * 24) * 10
    path = os.path.join(folder, f'clicks{seconds}.wav')
    with wave.open(path, 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return path


def told(song, *settings):
    """The levels, tempi and steps of what is said after a run with @settings."""
    if settings:
        cli('set', song, *settings)
    steps = json.loads(cli('run', song, '--through', 'align', '--json'))['steps']
    return [(step['id'], check['level'], check['measured'], check['limit']) for step in steps
            for check in step['checks'] if check['id'] == 'tempo' and step['id'] != 'timing']


def make_song(folder, *options):
    song = os.path.join(folder, 'song')
    cli('init', song, *options)
    cli('add', song, 'shaker=' + clicks(folder, 20), '--role', 'percussion')
    return song


def test_reference_proposes():
    with tempfile.TemporaryDirectory() as folder:
        song = make_song(folder, '--reference', clicks(folder, 30), '--bpm', 'unknown')
        assert told(song) == [('reference', 'note', BPM, None)], told(song)
        assert told(song) == [('reference', 'note', BPM, None)], 'it was applied'


def test_known_tempo_is_held_against_files():
    with tempfile.TemporaryDirectory() as folder:
        song = make_song(folder, '--reference', clicks(folder, 30), '--bpm', '120')
        wrong = [('reference', 'warn', BPM, 120), ('align', 'warn', BPM, 120)]
        assert told(song) == wrong, told(song)
        for bpm in ('92.7', '185.4', '46.35', '139.05'):
            assert told(song, '--bpm', bpm) == [], f'{bpm}: {told(song)}'
        assert told(song, '--bpm', '120') == wrong


def test_stem_proposes_without_a_reference():
    with tempfile.TemporaryDirectory() as folder:
        song = make_song(folder, '--seconds', '30', '--bpm', 'unknown')
        assert told(song) == [('align', 'note', BPM, None)], told(song)


def test_align_proposes():
    with tempfile.TemporaryDirectory() as folder:
        words = ['align', clicks(folder, 20), os.path.join(folder, 'out.wav'), '--seconds', '30',
                 '--strategy', 'loop', '--json']

        def said(*options):
            return [(check['level'], check['measured']) for check in
                    json.loads(cli(*words, *options))['checks'] if check['id'] == 'tempo']

        assert said() == [('note', BPM)], said()
        assert said('--bpm', '92.7') == []
        assert said('--bpm', '100') == [('warn', BPM)]


if __name__ == '__main__':
    sys.exit(run_cases([test_reference_proposes, test_known_tempo_is_held_against_files,
                        test_stem_proposes_without_a_reference, test_align_proposes]))
