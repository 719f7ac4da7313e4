# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the Test Anything Protocol for the checks of this folder."""

import sys


class Tap:
    """One stream of test points; done() prints the plan and gives the exit code."""

    def __init__(self):
        self.points = 0
        self.failures = 0

    def point(self, name, problems):
        """One test point: passes when there are no problems, else lists them."""
        self.points += 1
        self.failures += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.points} {name}")
        for problem in problems:
            print(f'# {problem}')

    def done(self):
        """Ends the stream; a stream without points is a failure."""
        print(f'1..{self.points}')
        return 1 if self.failures or not self.points else 0


def skip_all(reason):
    """Skips the whole program."""
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)
