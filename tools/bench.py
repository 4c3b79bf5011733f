"""
Measures whole runs of the exporter beside the bare interpreter: wall time, memory, and how both grow; `make bench`.

Every figure is a median of whole processes that are started as the image starts them; bare interpreter and exporter
take turns, so that what else the machine does falls on both. Definitions come from ../shared/corpus where it is there.

    python tools/bench.py [--rounds N] [--small]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CORPUS = os.path.join(os.path.dirname(ROOT), "shared", "corpus", "connectors")
MEMORY_TARGET = 60
BARE = [sys.executable, "-I", "-c", "pass"]
EXPORTER = [sys.executable, "-I", os.path.join(ROOT, "entrypoint.py")]
MEDIAN_SIZE = 32 * 1024
"""The median of 1,032 published connectors."""

_EXPORT = {"INPUT_MODE": "manual", "INPUT_RECORD": "file:connector-export/record.json"}
_CHECK = {"INPUT_MODE": "check", "INPUT_BASELINE": "file:before.json", "INPUT_RECORD": "none", "INPUT_FAIL-ON": "never"}

sys.path.insert(0, os.path.join(ROOT, "tools"))


class Case(NamedTuple):
    """A definition in two versions, in a folder of its own; a target of 0 is none."""

    name: str
    folder: str
    unchanged_target: float = 0
    changed_target: float = 0
    rounds: int = 0
    """0 is as many as were asked for."""
    growth: bool = False
    """Checked only, against a file: most of these are larger than Power Platform takes, which exit code 3 says at the end."""


class Sample(NamedTuple):
    """What one process took."""

    seconds: float
    megabytes: float
    code: int


class Figure(NamedTuple):
    """What many processes took: medians, and the bare interpreter's at the same time."""

    seconds: float
    bare: float
    megabytes: float
    note: str

    @property
    def ratio(self) -> float:
        """How many times the bare interpreter it took."""
        return self.seconds / self.bare


def main() -> None:
    """Measure, and print a table."""
    arguments = _arguments()
    print(
        f"Python {sys.version.split()[0]}, medians of {arguments.rounds} runs, taking turns with `python -I -c pass`\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: a child's peak memory never reads lower than its parent's was.
        subprocess.run(
            [sys.executable, __file__, "--prepare", folder, *(["--small"] if arguments.small else [])], check=True
        )
        with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
            cases = [Case(*fields) for fields in json.load(file)]
        print(f"{'':<40}{'ms':>9}{'bare ms':>9}{'x bare':>8}{'target':>8}{'MB':>8}{'target':>8}")
        growth: list[tuple[str, float]] = []
        for case in cases:
            for kind, target, measure in (
                ("unchanged", case.unchanged_target, _unchanged),
                ("changed", case.changed_target, _changed),
            ):
                figure = measure(case, case.rounds or arguments.rounds)
                growth.append((f"{case.name}, {kind}", figure.seconds))
                _print(f"{case.name}, {kind}", figure, target)
    _print_growth(dict(growth))


def _print(name: str, figure: Figure, target: float) -> None:
    wanted = f"<= {target:g}" if target else ""
    memory = f"<= {MEMORY_TARGET}" if target else ""
    missed = target and (figure.ratio > target or figure.megabytes > MEMORY_TARGET)
    print(
        f"{name:<40}{figure.seconds * 1000:>9.1f}{figure.bare * 1000:>9.1f}{figure.ratio:>8.1f}{wanted:>8}"
        f"{figure.megabytes:>8.1f}{memory:>8}{'  missed' if missed else ''}{figure.note}",
        flush=True,
    )


def _print_growth(seconds: dict[str, float]) -> None:
    print()
    for kind in ("unchanged", "changed"):
        sizes = [size for size in (10, 100, 1000, 10_000) if f"{size} operations, {kind}" in seconds]
        steps = [
            f"{(seconds[f'{more} operations, {kind}'] - seconds[f'{less} operations, {kind}']) / (more - less) * 1000:.2f} "
            f"({less} to {more})"
            for less, more in pairwise(sizes)
        ]
        print(f"ms an operation, {kind}: {', '.join(steps)}; target <= 0.4, and the same at every size")


def _unchanged(case: Case, rounds: int) -> Figure:
    _use(case, "before.json")
    _once(case)
    return _figure(case, rounds, lambda _: None, expected="false")


def _changed(case: Case, rounds: int) -> Figure:
    _use(case, "before.json")
    _once(case)
    # Each export is remembered, so that the other version is the changed one next time; a check remembers nothing.
    versions = ("after.json", "after.json" if case.growth else "before.json")
    return _figure(case, rounds, lambda turn: _use(case, versions[turn % 2]), expected="true")


def _figure(case: Case, rounds: int, prepare: Callable[[int], None], *, expected: str) -> Figure:
    bare, export, wrong = [], [], ""
    for turn in range(rounds):
        prepare(turn)
        bare.append(_sample(BARE, case.folder, {}))
        export.append(_once(case))
        changed = _output(case, "changed")
        if export[-1].code not in ({0, 3} if case.growth else {0}):
            wrong = f"  exit code {export[-1].code}"
        elif changed != expected:
            wrong = f"  said changed={changed}"
    return Figure(
        _median(s.seconds for s in export),
        _median(s.seconds for s in bare),
        _median(s.megabytes for s in export),
        wrong,
    )


def _once(case: Case) -> Sample:
    output = os.path.join(case.folder, "output")
    summary = os.path.join(case.folder, "summary")
    for path in (output, summary):
        with open(path, "wb"):
            pass
    variables = {
        "INPUT_DEFINITION": "api.json",
        **(_CHECK if case.growth else _EXPORT),
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_OUTPUT": output,
        "GITHUB_STEP_SUMMARY": summary,
        "GITHUB_WORKSPACE": os.path.join(case.folder, "workspace"),
    }
    return _sample(EXPORTER, os.path.join(case.folder, "workspace"), variables)


def _sample(command: list[str], folder: str, variables: dict[str, str]) -> Sample:
    """Run a process, and take its own account of its memory."""
    os.chdir(folder)
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_DUP2, 1, 2)]
    environment = {"PATH": os.defpath, "HOME": folder, **variables}
    began = time.perf_counter()
    process = os.posix_spawn(command[0], command, environment, file_actions=nowhere)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1024 if sys.platform == "linux" else 1
    return Sample(seconds, usage.ru_maxrss * unit / 1024**2, os.waitstatus_to_exitcode(status))


def _use(case: Case, version: str) -> None:
    shutil.copyfile(os.path.join(case.folder, version), os.path.join(case.folder, "workspace", "api.json"))


def _output(case: Case, name: str) -> str:
    with open(os.path.join(case.folder, "output"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(f"{name}="):
            return line.partition("=")[2]
        if line.startswith(f"{name}<<"):
            return following
    return "nothing"


def _median(values: Iterator[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def prepare(folder: str, *, small: bool) -> None:
    """Write every case's two versions into a folder of its own, and the list of cases."""
    from synthetic import definition, later_version

    cases = []
    for number, (name, document, *targets) in enumerate(_documents(definition, small=small)):
        place = os.path.join(folder, str(number))
        os.makedirs(os.path.join(place, "workspace"))
        for version, content in (("before.json", document), ("after.json", later_version(document))):
            with open(os.path.join(place, version), "w", encoding="utf-8") as file:
                json.dump(content, file, indent=2)
        shutil.copy(os.path.join(place, "before.json"), os.path.join(place, "workspace"))
        cases.append(Case(name, place, *targets))
    with open(os.path.join(folder, "cases.json"), "w", encoding="utf-8") as file:
        json.dump(cases, file)


def _documents(definition: Callable[[int], dict[str, Any]], *, small: bool) -> Iterator[tuple[Any, ...]]:
    found = sorted(_connectors())
    if found:
        median = min(found, key=lambda entry: abs(entry[0] - MEDIAN_SIZE))
        for label, (size, path), targets in (("median", median, (6, 8)), ("largest", found[-1], (15, 25))):
            name = os.path.basename(os.path.dirname(path))[:18]
            yield f"{label} ({name}, {size // 1024} KB)", _read(path), *targets
    else:
        yield "as the median (14 operations)", definition(14), 6, 8
        yield "as the largest (219 operations)", definition(219), 15, 25
    for size, rounds in ((10, 0), (100, 0), (1000, 5), *(() if small else ((10_000, 3),))):
        yield f"{size} operations", definition(size), 0, 0, rounds, True


def _connectors() -> Iterator[tuple[int, str]]:
    if not os.path.isdir(CORPUS):
        return
    for entry in os.scandir(CORPUS):
        path = os.path.join(entry.path, "apiDefinition.swagger.json")
        if os.path.exists(path) and _usable(path):
            yield os.path.getsize(path), path


def _usable(path: str) -> bool:
    """Tell whether it is a definition at all; the corpus has broken ones on purpose."""
    try:
        return bool(_read(path)["paths"])
    except (ValueError, KeyError, TypeError):
        return False


def _read(path: str) -> Any:  # noqa: ANN401 - whatever is in the file
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure whole runs of the exporter beside the bare interpreter.")
    parser.add_argument("--rounds", type=int, default=11, help="runs of each kind (11)")
    parser.add_argument("--small", action="store_true", help="leave out the definition with 10,000 operations")
    parser.add_argument("--prepare", metavar="FOLDER", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.prepare:
        prepare(asked.prepare, small=asked.small)
    else:
        main()
