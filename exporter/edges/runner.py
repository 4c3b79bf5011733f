"""The runner that started us: its log, its masks, its output and summary files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

from exporter.model.errors import CannotWrite

_SHORTEST_MASK = 4


class Runner:
    """GitHub's runner where it started us, and a terminal where nobody did."""

    def __init__(self, environment: Mapping[str, str], log: TextIO) -> None:
        self.environment = environment
        self.on_github = environment.get("GITHUB_ACTIONS") == "true"
        self.has_summary = bool(environment.get("GITHUB_STEP_SUMMARY"))
        self._log = log
        self._masked: set[str] = set()

    def mask(self, text: str) -> None:
        """Keep one line of text out of the log from now on; `secrecy.hide` gives each form that a secret is sent in."""
        if self.on_github and len(text) >= _SHORTEST_MASK and text not in self._masked:
            self._masked.add(text)
            self.command(f"::add-mask::{text.replace('%', '%25')}")

    def command(self, line: str) -> None:
        """Print a workflow command that is already escaped."""
        print(line, file=self._log, flush=True)

    def say(self, text: str) -> None:
        """Print text for people that is already safe to print."""
        print(text, file=self._log, flush=True)

    def summary(self, markdown: str) -> None:
        """Add to the job summary, where there is one."""
        self._append("GITHUB_STEP_SUMMARY", markdown + "\n")

    def outputs(self, values: Mapping[str, str]) -> None:
        """Set the step's outputs, where there is somebody to read them."""
        self._append("GITHUB_OUTPUT", "".join(_assignment(name, value) for name, value in values.items()))

    def _append(self, variable: str, text: str) -> None:
        path = self.environment.get(variable, "")
        if not path:
            return
        try:
            with open(path, "ab") as file:
                file.write(text.encode("utf-8", "replace"))
        except OSError as error:
            raise CannotWrite(
                f"The runner's file {variable} cannot be written: {(error.strerror or '').lower()}.",
                advice="Is there room on the runner's disk?",
            ) from error


def _assignment(name: str, value: str) -> str:
    r"""
    Write one output.

    >>> _assignment("changed", "true")
    'changed=true\n'
    """
    if "\n" not in value and "\r" not in value:
        return f"{name}={value}\n"
    end = "end-" + os.urandom(16).hex()
    return f"{name}<<{end}\n{value}\n{end}\n"
