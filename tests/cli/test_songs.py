#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole songs through the command line, on files that sound: TAP.

Usage: test_songs.py SEAMLINE-CLI
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import zipfile

try:
    import numpy
    import soundfile
except ImportError as missing:
    print(f'1..0 # SKIP {missing}')
    sys.exit(0)

CLI = sys.argv[1]
SAMPLES = '/usr/share/sonic-pi/samples'
LOOPS = ['loop_amen', 'loop_breakbeat', 'loop_garzul', 'loop_mika', 'loop_tabla', 'loop_compus']


class Skip(Exception):
    pass


def cli(*args, code=0):
    result = subprocess.run([CLI, *args], capture_output=True, text=True)
    assert result.returncode == code, \
        f'{args}: exit {result.returncode}, wanted {code}\n{result.stdout}{result.stderr}'
    return result


def run_green(song, *args):
    """Runs all steps; the JSON of the run, every badge green."""
    report = json.loads(cli('run', song, '--json', *args).stdout)
    states = {step['id']: step['state'] for step in report['steps']}
    assert report['state'] == 'passed' and set(states.values()) == {'passed'}, states
    return report


def unpack(song, folder):
    archives = os.listdir(os.path.join(song, 'deliverables'))
    assert len(archives) == 1, archives
    path = os.path.join(song, 'deliverables', archives[0])
    subprocess.run(['unzip', '-tqq', path], check=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        return [os.path.join(folder, name) for name in archive.namelist()]


def sox_header(path, option):
    return subprocess.run(['sox', '--i', option, path], capture_output=True, text=True,
                          check=True).stdout.strip()


def music(seconds, rate, seed, beat=None):
    """Decaying tones on a beat, in stereo: something to join."""
    rng = numpy.random.default_rng(seed)
    beat = beat or 0.5
    t = numpy.arange(int(seconds * rate)) / rate
    phase = t % (8 * beat)
    out = numpy.zeros((len(t), 2))
    for i in range(8):
        at = numpy.clip(phase - i * beat, 0, None)
        tone = numpy.sin(2 * numpy.pi * rng.uniform(80, 900) * at) * numpy.exp(-5 * at)
        out += (tone * (phase >= i * beat))[:, None] * rng.uniform(0.05, 0.2, 2)
    return out + rng.standard_normal(out.shape) * 1e-4


def test_worked_example(folder):
    """140 BPM, 48+16+16 bars, a supplied drum track used as drums, four stems of wrong lengths."""
    target, rate, beat = 6582857, 48000, 60 / 140
    reference = os.path.join(folder, 'drums.wav')
    soundfile.write(reference, music(target / rate + 1, rate, 1, beat)[:target], rate, 'PCM_24')
    lengths = {'guitars': 91.3, 'synths': 140.2, 'bridge': 25.0, 'bass': 60.77}
    for i, (name, seconds) in enumerate(lengths.items()):
        soundfile.write(os.path.join(folder, name + '.wav'), music(seconds, rate, i + 2, beat),
                        rate, 'PCM_24')
    song = os.path.join(folder, 'Deja Vu')
    cli('init', song, '--reference', reference, '--bpm', '140', '--subtype', 'pcm24',
        '--sections', 'Verse:48bars,Bridge:16bars,Outro:16bars')
    for name in lengths:
        section = ['--section', 'Bridge'] if name == 'bridge' else []
        cli('add', song, f'{name}={folder}/{name}.wav', *section)
    cli('drums', song, '--reference')
    report = run_green(song)
    assert report['target_frames'] == target
    files = unpack(song, os.path.join(folder, 'out'))
    wavs = [path for path in files if path.endswith('.wav')]
    assert sorted(os.path.basename(p) for p in wavs) == \
        ['Master.wav', 'bass.wav', 'bridge.wav', 'drums.wav', 'guitars.wav', 'synths.wav']
    for path in wavs:
        assert sox_header(path, '-s') == str(target), path
        assert sox_header(path, '-r') == '48000' and sox_header(path, '-c') == '2', path
        assert sox_header(path, '-b') == '24', path
        assert soundfile.info(path).subtype == 'PCM_24', path
    drums, _ = soundfile.read(os.path.join(folder, 'out/Deja Vu/drums.wav'), dtype='int32')
    supplied, _ = soundfile.read(reference, dtype='int32')
    assert numpy.array_equal(drums, supplied)
    bridge, _ = soundfile.read(os.path.join(folder, 'out/Deja Vu/bridge.wav'), dtype='int32')
    source, _ = soundfile.read(os.path.join(folder, 'bridge.wav'), dtype='int32')
    start = 3949714                                  # 192 beats of 20,571.4286 frames
    assert not bridge[:start].any()
    assert numpy.array_equal(bridge[start:start + len(source) - 480],
                             source[:-480])          # all but a fade of at most 10 ms


def require_samples():
    if not os.path.isdir(SAMPLES):
        raise Skip('sonic-pi-samples is not installed')


def loop_stem(folder, name, repeats):
    """A real loop, repeated to an uneven length, as it would come from a session."""
    data, rate = soundfile.read(f'{SAMPLES}/{name}.flac', dtype='int32', always_2d=True)
    frames = int(len(data) * repeats)
    path = os.path.join(folder, name + '.flac')
    soundfile.write(path, numpy.resize(data, (frames, data.shape[1])), rate, 'PCM_24')
    return path


def test_real_loops_are_converted(folder):
    require_samples()
    reference = os.path.join(folder, 'reference.wav')
    soundfile.write(reference, music(180, 48000, 1), 48000, 'PCM_24')
    song = os.path.join(folder, 'loops')
    cli('init', song, '--reference', reference, '--bpm', 'unknown')
    for i, name in enumerate(LOOPS):
        cli('add', song, f'{name}={loop_stem(folder, name, 5.3 + i)}', '--convert')
    report = run_green(song)
    assert report['target_frames'] == 180 * 48000
    for path in unpack(song, os.path.join(folder, 'out')):
        if path.endswith('.wav'):
            assert sox_header(path, '-s') == str(180 * 48000), path
            assert sox_header(path, '-r') == '48000', path


def test_all_at_44100_needs_no_conversion(folder):
    require_samples()
    reference = os.path.join(folder, 'reference.wav')
    soundfile.write(reference, music(40, 44100, 1), 44100, 'PCM_16')
    song = os.path.join(folder, 'song')
    cli('init', song, '--reference', reference, '--bpm', 'unknown', '--subtype', 'pcm24')
    for i, name in enumerate(LOOPS[:3]):
        cli('add', song, f'{name}={loop_stem(folder, name, 3.3 + i)}')
    run_green(song)
    assert not os.path.isdir(os.path.join(song, 'stems')) or \
        not any(name.endswith('.wav') for name in os.listdir(os.path.join(song, 'stems')))


def test_other_containers(folder):
    """MP3, Ogg, AIFF and CAF stems."""
    for tool in ('lame', 'oggenc'):
        if shutil.which(tool) is None:
            raise Skip(f'{tool} is not installed')
    rate, seconds = 48000, 12
    reference = os.path.join(folder, 'reference.wav')
    soundfile.write(reference, music(seconds, rate, 1), rate, 'PCM_24')
    wav = os.path.join(folder, 'source.wav')
    soundfile.write(wav, music(seconds * 0.7, rate, 2), rate, 'PCM_16')
    subprocess.run(['lame', '--quiet', wav, os.path.join(folder, 'a.mp3')], check=True)
    subprocess.run(['oggenc', '-Q', wav, '-o', os.path.join(folder, 'b.ogg')], check=True)
    data, _ = soundfile.read(wav)
    soundfile.write(os.path.join(folder, 'c.aiff'), data, rate, 'PCM_24')
    soundfile.write(os.path.join(folder, 'd.caf'), data, rate, 'FLOAT')
    song = os.path.join(folder, 'song')
    cli('init', song, '--reference', reference, '--bpm', '120')
    for name in ('a.mp3', 'b.ogg', 'c.aiff', 'd.caf'):
        cli('add', song, f'{name[2:]}={folder}/{name}')
    run_green(song)
    assert sorted(os.listdir(os.path.join(song, 'stems'))) == ['mp3.flac', 'ogg.flac']


def main():
    tests = [value for name, value in globals().items() if name.startswith('test_')]
    print(f'1..{len(tests)}')
    failed = False
    for number, test in enumerate(tests, 1):
        folder = tempfile.mkdtemp()
        name = test.__name__[5:].replace('_', ' ')
        try:
            test(folder)
            print(f'ok {number} {name}')
        except Skip as why:
            print(f'ok {number} {name} # SKIP {why}')
        except Exception:
            failed = True
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
            print(f'not ok {number} {name}')
        finally:
            shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


main()
