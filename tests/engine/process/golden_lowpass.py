#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes golden_lowpass.h, what scipy 1.10 answers:

  /usr/bin/python3 golden_lowpass.py > golden_lowpass.h

The inputs are made as in test_lowpass.c (noise: tests/support/noise.h). The answers are those of
filtfilt, and below 100 Hz those of sosfiltfilt with the same padding: the polynomial form that
filtfilt runs on is off by up to 5e-6 at 30 Hz, where the second-order sections agree with 40-digit
arithmetic to 2e-11.
"""

import numpy as np
from scipy.signal import butter, filtfilt, sosfiltfilt

RATES = (48000, 44100)
CUTOFFS = (8000, 1000, 100, 30)
PADDING = 15


def noise(length, seed):
    out = np.empty(length)
    for i in range(length):
        seed = (seed * 1664525 + 1013904223) % 2**32
        out[i] = (seed >> 8) / 2.0**23 - 1.0
    return out


def impulse(length, seed):
    out = np.zeros(length)
    out[length // 2 + seed] = 1.0
    return out


def step(length, seed):
    out = np.zeros(length)
    out[length // 2 + seed :] = 1.0
    return out


KINDS = {"NOISE": noise, "IMPULSE": impulse, "STEP": step}


def probes(n):
    at = (0, 1, n // 7, n // 3, n // 2, n // 2 + 1, n - 2, n - 1)
    return [max(0, min(n - 1, i)) for i in at]


def number(value):
    return f"{round(value, 12) + 0.0:.9g}"


def answer(x, cutoff, rate, sections):
    padding = min(PADDING, len(x) - 1)
    if sections:
        return sosfiltfilt(butter(4, cutoff / (rate / 2), output="sos"), x, padlen=padding)
    return filtfilt(*butter(4, cutoff / (rate / 2)), x, padlen=padding)


def emit(kind, rate, cutoff, length, seed):
    y = answer(KINDS[kind](length, seed), cutoff, rate, cutoff < 100)
    values = ", ".join(number(y[i]) for i in probes(length))
    print(f"  {{ {kind}, {rate}, {cutoff}, {length}, {seed}, {{ {values} }}, "
          f"{number(np.mean(y))}, {number(np.mean(y * y))} }},")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* What scipy 1.10 answers; written by golden_lowpass.py. */")
    print("/* clang-format off */")
    print("static const Golden golden[] = {")
    for rate in RATES:
        for cutoff in CUTOFFS:
            for length in (16, 17, 100, 100000):
                for seed in (1, 2):
                    emit("NOISE", rate, cutoff, length, seed)
            for kind in ("IMPULSE", "STEP"):
                for length in (17, 100000):
                    emit(kind, rate, cutoff, length, 0)
    for length in range(1, 16):
        emit("NOISE", 48000, 8000, length, 3)
        emit("NOISE", 44100, 100, length, 3)
    print("};")


main()
