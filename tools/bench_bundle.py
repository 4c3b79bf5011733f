"""
Measures what the bundle of the largest connector of ../shared/corpus takes; part of `make bench`.

Whole processes in turns: one exports it by hand for the first time, one only checks it; the difference is the bundle.
Then each of the bundle's larger files alone, inside one process.

    python tools/bench_bundle.py [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [ROOT, os.path.join(ROOT, "tools")]

from bench import BARE, CORPUS, EXPORTER, Sample  # noqa: E402 - found where this file lies

_INPUTS = {"INPUT_DEFINITION": "api.json", "INPUT_RECORD": "none", "INPUT_BASELINE": "none", "INPUT_FAIL-ON": "never"}


def main(rounds: int) -> None:
    """Measure, and print two tables."""
    found = _largest()
    if not found:
        print("The bundle of the largest connector: skipped, ../shared/corpus is not there.")
        return
    with open(found, "rb") as file:
        definition = file.read()
    name = os.path.basename(os.path.dirname(found))
    print(f"\nThe bundle of {name} ({len(definition) // 1024} KB), medians of {rounds} whole processes in turns\n")
    runs: dict[str, list[Sample]] = {"bare interpreter": [], "check": [], "manual": []}
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "api.json"), "wb") as file:
            file.write(definition)
        for _ in range(rounds):
            runs["bare interpreter"].append(_run(BARE, folder, {}))
            for mode in ("check", "manual"):
                runs[mode].append(_run(EXPORTER, folder, {**_INPUTS, "INPUT_MODE": mode}))
        bundle = os.path.join(folder, "connector-export", "bundle")
        sizes = {entry.name: entry.stat().st_size for entry in os.scandir(bundle)}
    bare = _median([sample.seconds for sample in runs["bare interpreter"]])
    for kind, samples in runs.items():
        seconds, megabytes = (_median([getattr(it, what) for it in samples]) for what in ("seconds", "megabytes"))
        print(f"{kind:<20}{seconds * 1000:>9.1f} ms{seconds / bare:>8.1f} x bare{megabytes:>8.1f} MB")
    _parts(json.loads(definition), sizes, rounds)


def _largest() -> str:
    if not os.path.isdir(CORPUS):
        return ""
    paths = (os.path.join(entry.path, "apiDefinition.swagger.json") for entry in os.scandir(CORPUS))
    return max(filter(os.path.exists, paths), key=os.path.getsize, default="")


def _run(command: list[str], folder: str, environment: dict[str, str]) -> Sample:
    variables = {"PATH": os.defpath, "GITHUB_WORKSPACE": folder, **environment}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return Sample(seconds, usage.ru_maxrss * (1024 if sys.platform == "linux" else 1) / 1024**2, process.returncode)


def _parts(document: dict[str, object], sizes: dict[str, int], rounds: int) -> None:
    from exporter.model.connectors import Connector
    from exporter.model.plans import NO_PLAN
    from exporter.openapi.places import NO_PLACES
    from exporter.reporting.bundle import bundle_files
    from exporter.reporting.connector_files import definition_bytes
    from exporter.reporting.page import page
    from exporter.reporting.solution import names_of, solution_zip
    from exporter.reporting.zip_file import deflated_zip

    plan = NO_PLAN._replace(name="The largest", candidate=Connector(document, {}), fingerprint="f" * 64)
    names = names_of(plan.name)
    files = bundle_files(plan, NO_PLACES, "1")
    makers: dict[str, Callable[[], object]] = {
        "apiDefinition.swagger.json": lambda: definition_bytes(document),
        "index.html": lambda: page(plan, names, (), (), "1", large=True),
        "solution.zip": lambda: solution_zip(plan.candidate, names),
        "the artifact (zip of all)": lambda: deflated_zip(files),
    }
    print()
    sizes["the artifact (zip of all)"] = len(deflated_zip(files))
    for name, make in makers.items():
        print(f"{name:<30}{sizes[name] // 1024:>8} KB{_median([_took(make) for _ in range(rounds)]) * 1000:>9.1f} ms")


def _took(make: Callable[[], object]) -> float:
    began = time.perf_counter()
    make()
    return time.perf_counter() - began


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the bundle of the largest connector of the corpus.")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each kind (7)")
    main(parser.parse_args().rounds)
