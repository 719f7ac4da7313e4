#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine prints nothing and ends no process: what it has to say is an error or a result."""

import re
import sys

from sources import SRC, c_files, check_by_folder, without_comments_and_strings
from tap import Tap

# g_error() and g_assert() differ: an assertion is for a broken program, and stays.
PRINTING = re.compile(
    r'\b(g_print|g_printerr|g_printf|g_fprintf|g_vprintf|g_vfprintf|g_message|g_debug|g_info'
    r'|g_warning|g_warning_once|g_critical|g_error|g_log|g_log_structured|g_logv'
    r'|printf|fprintf|vprintf|vfprintf|dprintf|vdprintf|puts|fputs|putchar|putc|fputc'
    r'|perror|psignal|syslog|stdout|stderr|STDOUT_FILENO|STDERR_FILENO'
    r'|exit|_exit|abort)\b')


def printing_lines(path):
    """Each line of the file that prints, with its number."""
    text = path.read_text(encoding='utf-8')
    lines = without_comments_and_strings(text).splitlines()
    return [f'line {number}: {line.strip()}'
            for number, line in enumerate(lines, 1) if PRINTING.search(line)]


def main():
    """One test point per folder of the engine."""
    tap = Tap()
    check_by_folder(tap, c_files(SRC / 'engine'), SRC, printing_lines)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
