"""Wires everything once: reads what was asked, gathers, decides, applies, reports."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """
    Run once and end the process with one of the exit codes of docs/errors.md.

    Without arguments the inputs come from the environment as GitHub's runner sets them, with arguments from these.
    """
    gc.disable()  # the process is short-lived; collecting doubles the time a large definition takes to load
    code = run(arguments, environment)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to tear down; freeing a large definition piece by piece takes time


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run once and give the exit code."""
