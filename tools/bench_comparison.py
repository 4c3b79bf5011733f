"""
Compares connectors beside peers, in one run: how it grows, what it takes, what peers take; part of `make bench`.

The first three figures are of the comparison alone, each in a process of its own: growth from ten operations to ten
thousand, a definition of the platform's limit (1 MB) with one change, and the real pairs in ../shared/corpus (left out
by name where they are not there). Then whole processes in turns, ours, deepdiff and npm's openapi-diff, which read two
files and say what differs; the last is installed into build/ by npm when node is there, and given fifteen seconds.

    python tools/bench_comparison.py [--rounds N]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from exporter.comparison.compare import compare
from exporter.model.connectors import Connector
from tools import synthetic

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAIRS = os.path.join(os.path.dirname(ROOT), "shared", "corpus", "pairs")
BUILD = os.path.join(ROOT, "build", "bench")
PEER = "openapi-diff@0.24.1"
SIZES = (10, 100, 1_000, 10_000)
ABOUT_1_MB = 430
PATIENCE = 15
_PEER_SEES = {"PATH": os.defpath, "HOME": os.path.expanduser("~")}
_CHECK = {"MODE": "check", "BASELINE": "file:before.json", "RECORD": "none", "FAIL-ON": "never"}
_DEEPDIFF = (
    "import json,sys,deepdiff; print(deepdiff.DeepDiff(*[json.load(open(one)) for one in sys.argv[1:]]).pretty())"
)


def main(arguments: argparse.Namespace) -> None:
    """Measure, and print what was measured."""
    print("\nComparison of connectors, processor time of the comparison alone, a tenth of the operations changed\n")
    print(f"{'operations':>12}{'changes':>9}{'ms':>9}{'us each':>9}   against 1,000")
    grown = {size: _measured("growth", size) for size in SIZES}
    each = {size: figures["cpu"] / size for size, figures in grown.items()}
    for size, figures in grown.items():
        cost = f"{figures['cpu'] * 1e3:>9.1f}{each[size] * 1e6:>9.1f}"
        print(f"{size:>12,}{figures['changes']:>9,}{cost}   {each[size] / each[1_000]:.2f}")
    one = _measured("megabyte", ABOUT_1_MB)
    memory = f"peak memory {one['peak'] / one['parsed']:.2f} times the parsed documents"
    print(f"\na definition of {one['bytes'] / 1e6:.1f} MB with one change: {one['cpu'] * 1e3:.0f} ms, {memory}")
    if os.path.isdir(PAIRS):
        real = _measured("pairs", 0)
        told = f"{1 / real['median']:.0f} a second on the median, {real['each']:.0f} a second over all"
        print(f"{real['pairs']} real pairs: {told}, the slowest {real['slowest'] * 1e3:.0f} ms")
    else:
        print("real pairs: skipped, ../shared/corpus is not there")
    _beside_peers(arguments.rounds)


def _measured(what: str, size: int) -> dict[str, Any]:
    """Measure in a process of its own, so that nothing measured before counts."""
    command = [sys.executable, __file__, "--measure", what, "--size", str(size)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def measure(what: str, size: int) -> dict[str, Any]:
    """Give the figures of one measurement."""
    gc.disable()
    if what == "pairs":
        return _real_pairs()
    old = synthetic.definition(size)
    before = json.dumps(old)
    after = json.dumps(synthetic.later_version(old, max(1, size // 10) if what == "growth" else 1))
    del old
    empty = _memory()
    sides = [Connector(json.loads(text), {}) for text in (before, after)]
    parsed = _memory() - empty
    took, changes = min(_timed(*sides) for _ in range(3 if size > SIZES[-2] else 15))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1024 if sys.platform == "linux" else 1) - empty
    return {"cpu": took, "changes": changes, "bytes": len(before), "parsed": parsed, "peak": max(peak, parsed)}


def _timed(before: Connector, after: Connector) -> tuple[float, int]:
    began = time.process_time()
    found = compare(before, after)
    return time.process_time() - began, len(found)


def _memory() -> int:
    """Give what this process holds now, in bytes; where the system does not say it, the most that it ever held."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _real_pairs() -> dict[str, Any]:
    pairs = [
        [Connector(_read(os.path.join(PAIRS, name, f"{side}.json")), {}) for side in ("before", "after")]
        for name in sorted(os.listdir(PAIRS))
        if os.path.isdir(os.path.join(PAIRS, name))
    ]
    took = sorted(min(_timed(*pair)[0] for _ in range(3)) for pair in pairs)
    return {"pairs": len(took), "median": took[len(took) // 2], "each": len(took) / sum(took), "slowest": took[-1]}


def _read(path: str) -> Any:  # noqa: ANN401 - a document
    with open(path, "rb") as file:
        content = file.read()
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return json.loads(content.decode("cp1252", errors="replace"))


def _beside_peers(rounds: int) -> None:
    peers = {"deepdiff": [sys.executable, "-c", _DEEPDIFF], **_openapi_diff()}
    print(f"\nWhole processes, two files in, differences out; milliseconds, medians of {rounds} in turns\n")
    print(f"{'operations':>12}{'KB':>7}{'ours':>9}" + "".join(f"{name:>22}" for name in peers))
    for size in (30, 100, ABOUT_1_MB):
        with tempfile.TemporaryDirectory() as folder:
            _write(folder, size)
            mine = {f"INPUT_{name}": value for name, value in {**_CHECK, "DEFINITION": "after.json"}.items()}
            ours = {**mine, "GITHUB_WORKSPACE": folder, "PATH": os.defpath}
            rows: dict[str, list[float]] = {name: [] for name in ("ours", *peers)}
            for _ in range(rounds):
                rows["ours"].append(_run([sys.executable, "-I", os.path.join(ROOT, "entrypoint.py")], folder, ours))
                for name, command in peers.items():
                    if not rows[name] or rows[name][-1] < PATIENCE:
                        rows[name].append(_run([*command, "before.json", "after.json"], folder, _PEER_SEES))
            kilobytes = os.path.getsize(os.path.join(folder, "after.json")) // 1024
        told = [_shown(sorted(row)[len(row) // 2]) for row in rows.values()]
        print(f"{size:>12}{kilobytes:>7}{told[0]:>9}" + "".join(f"{one:>22}" for one in told[1:]), flush=True)


def _shown(seconds: float) -> str:
    return f"{seconds * 1e3:,.0f}" if seconds < PATIENCE else "given up"


def _write(folder: str, size: int) -> None:
    before = synthetic.definition(size)
    for name, document in (("before", before), ("after", synthetic.later_version(before))):
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(document, file)


def _run(command: list[str], folder: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    try:
        subprocess.run(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return PATIENCE
    return time.perf_counter() - began


def _openapi_diff() -> dict[str, list[str]]:
    """Give the command of the peer, installed now if it is not yet; nothing where that cannot be done."""
    node, npm = shutil.which("node"), shutil.which("npm")
    script = os.path.join(BUILD, "node_modules", ".bin", "openapi-diff")
    if node and npm and not os.path.exists(script):
        print(f"Installing {PEER} into build/ ...", flush=True)
        os.makedirs(BUILD, exist_ok=True)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", "--prefix", BUILD, *quiet, PEER], check=False)
    if node and os.path.exists(script):
        return {PEER: [node, script]}
    print(f"{PEER} is skipped: it needs node and npm")
    return {}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the comparison of connectors beside peers.")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind (3)")
    parser.add_argument("--measure", choices=("growth", "megabyte", "pairs"), help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.size)))
    else:
        main(asked)
