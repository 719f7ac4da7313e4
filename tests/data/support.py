# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this folder share: tools that may be missing, and where things are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests' / 'ground'))

from tap import Tap, skip_all  # noqa: E402,F401  pylint: disable=wrong-import-position

DATA = ROOT / 'data'
ID = 'org.seamline.Seamline'


def need(*tools):
    """Skips the whole program where one of these tools is not installed."""
    for tool in tools:
        if shutil.which(tool) is None:
            skip_all(f'{tool} is not installed')


def run(*command, **environment):
    """Runs a command with both outputs in one text; what goes wrong is the caller's to judge."""
    return subprocess.run([str(word) for word in command], text=True, encoding='utf-8',
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8', **environment})


def complaints(result):
    """What a validating tool said: its lines when it printed any, its exit code when not."""
    lines = [line for line in result.stdout.splitlines() if line.strip()]
    if result.returncode and not lines:
        lines = [f'exit code {result.returncode}']
    return lines
