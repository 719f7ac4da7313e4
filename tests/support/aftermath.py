# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of a song after a run that was cut short, by whatever it was."""
import hashlib
import os
import re

from command import digests, listing

# A message that tells what to do about it, not only what went wrong.
REMEDY = re.compile(r'\b(check|choose|close|copy|free|get|make room|move|open|put|run|try)\b', re.I)

# Where each step puts the files that it makes.
FOLDERS = {'stems': 'stems/', 'align': 'aligned/', 'effects': 'processed/', 'master': 'master/',
           'deliver': 'deliverables/'}
DRUMS = 'aligned/drums.wav'


def look(path):
    """All of a file that a program could have changed: its bytes, their number, and when."""
    stat = os.stat(path)
    with open(path, 'rb') as file:
        return hashlib.sha256(file.read()).hexdigest(), stat.st_mtime_ns, stat.st_mode


def remember(folder):
    """What each file below @folder is like, by relative path: what check_sources() wants."""
    return {name: look(os.path.join(folder, name)) for name in listing(folder)
            if os.path.isfile(os.path.join(folder, name))}


def check_sources(folder, before):
    """Bytes, times and rights of all files below @folder are as remember() saw them."""
    assert remember(folder) == before, f'sources changed: {folder}'


def leftovers(folder):
    """Files below @folder that were to be given another name."""
    return [name for name in listing(folder) if name.endswith(('.part', '.new'))]


def check_finals(song, expected, previous=None):
    """Each file of @song under a final name is what an unbroken run makes (@expected, as
    command.digests() tells) or what was there before (@previous); and of the latter all are
    there."""
    previous = previous or {}
    found = {name: digest for name, digest in digests(song).items()
             if not name.endswith(('.part', '.new'))}
    for name, digest in found.items():
        assert digest in (expected.get(name), previous.get(name)), f'{name} is not whole'
    assert previous.keys() <= found.keys(), f'{previous.keys() - found.keys()} lost'


def made_by(step, expected):
    """The files among those of a whole run that come from @step."""
    if step == 'drums':
        return [name for name in expected if name == DRUMS]
    folder = FOLDERS.get(step)
    return [name for name in expected if folder and name.startswith(folder) and name != DRUMS]


def check_opens(cli, song, expected, previous=None):
    """The project opens, and what it calls passed is what an unbroken run makes, or, where
    @previous is given, what had passed before; its report."""
    previous = previous or {}
    answer = cli.run('status', song, '--json')
    assert answer.code in (0, 1), str(answer)
    found = digests(song)
    for step in answer.json['steps']:
        for name in made_by(step['id'], expected) if step['state'] == 'passed' else ():
            assert found.get(name) in (expected[name], previous.get(name, expected[name])), \
                f'{step["id"]} is called good: {name}'
    return answer.json


def check_claims(answer, report):
    """What a run has called passed in its @answer is so in the @report of the project now."""
    for number in re.findall(r'Passed +(\d)', answer.out):
        step = report['steps'][int(number) - 1]
        assert step['state'] == 'passed', f'{step["id"]} was called good: {answer}'
    assert report['state'] == 'passed' or 'green' not in answer.out, str(answer)


def check_rerun(cli, song, expected):
    """Without the fault a run is green, with the files of an unbroken one and no others."""
    cli.run('run', song, code=0)
    assert digests(song) == expected, sorted(digests(song).items() ^ expected.items())
    assert not leftovers(song), leftovers(song)


def check_aftermath(cli, song, sources, expected, source_looks, previous=None, killed=False):
    """All that must hold of @song after a run was cut short, and of the run after it.

    @sources is the folder with what the song is made of, @source_looks is remember() of it from
    before. @expected is command.digests() of the song after an unbroken run, @previous of what
    was there before the broken one. @killed: the program had no time to take its part files away,
    which the next run does.
    """
    check_sources(sources, source_looks)
    assert killed or not leftovers(song), leftovers(song)
    check_finals(song, expected, previous)
    check_opens(cli, song, expected)
    check_rerun(cli, song, expected)
    check_sources(sources, source_looks)


def check_told(answer, names, fault, code=3):
    """@answer has the exit code, and its last line names a file of @names, a fault that matches
    @fault, and a remedy."""
    assert answer.code == code, str(answer)
    told = answer.err.strip().rpartition('\n')[2]
    named = [name for name in names if name in told]
    assert named, f'no file is named: {answer}'
    assert re.search(fault, told), f'“{fault}” is not told: {answer}'
    assert REMEDY.search(told.rpartition(named[0])[2]), f'no remedy: {answer}'
