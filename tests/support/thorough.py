# SPDX-License-Identifier: GPL-3.0-or-later
"""How many places a test of faults tries: some at every change, all when time does not matter."""
import os

THOROUGH = os.environ.get('SEAMLINE_THOROUGH') == '1'


def sample(places, few):
    """All of @places with SEAMLINE_THOROUGH=1 (build-aux/test --thorough), else @few of them,
    spread evenly, the first and the last among them."""
    places = list(places)
    if THOROUGH or len(places) <= few:
        return places
    return [places[round(n * (len(places) - 1) / (few - 1))] for n in range(few)]
