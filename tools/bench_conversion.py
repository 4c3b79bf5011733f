"""
Converts real OpenAPI 3 documents beside api-spec-converter, in one run: time and validity of both; part of `make bench`.

Every figure is a median of whole processes, ours and the peer's in turns. Ours loads, converts, checks every rule and
reports (`mode: check`); the peer loads and converts. The documents come from ../shared/oas3. The peer is installed into
build/ by npm when node is there, and left out by name when not. Valid means: the official schema of Swagger 2.0, no
reference that leads nowhere, and below 500 KB openapi-spec-validator as well.

    python tools/bench_conversion.py [--rounds N] [NAME ...]
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
from collections.abc import Iterator
from typing import Any, NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCUMENTS = os.path.join(os.path.dirname(ROOT), "shared", "oas3")
FILES_OVER_FILES = os.path.join("digitalocean", "specification", "DigitalOcean-public.v2.yaml")
PEER = "api-spec-converter@2.12.0"
BUILD = os.path.join(ROOT, "build", "bench")
SLOW_TO_VALIDATE = 500_000
_FROM_TO = ("--from=openapi_3", "--to=swagger_2", "--syntax=json")
_CHECK = {"INPUT_MODE": "check", "INPUT_BASELINE": "none", "INPUT_RECORD": "none", "INPUT_FAIL-ON": "never"}
# 3 says that Power Platform would refuse what the author wrote, mostly because there is too much of it.
_DONE = (0, 3)

sys.path.insert(0, ROOT)


class Took(NamedTuple):
    """What the runs of one converter on one document took, and what came out."""

    seconds: float
    megabytes: float
    outcome: str


def main() -> None:
    """Measure, and print a table with a line for each document."""
    arguments = _arguments()
    names = [name for name in _documents() if not arguments.names or any(asked in name for asked in arguments.names)]
    if not names:
        print("Conversion beside a peer: skipped, ../shared/oas3 has no such documents.")
        return
    peer = _peer()
    beside = f"beside {PEER} " if peer else f"({PEER} is skipped: it needs node and npm) "
    print(f"\nConversion of OpenAPI 3 {beside}- medians of {arguments.rounds} whole processes in turns\n")
    print(
        f"{'':<36}{'KB':>7}{'ms':>8}{'MB':>6}  {'result':<10}{'peer ms':>9}{'MB':>6}  {'peer result':<16}{'ours/peer':>9}"
    )
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DOCUMENTS, os.path.join(folder, "oas3"))
        rows = [_row(name, os.path.join(folder, "oas3"), peer, arguments.rounds) for name in names]
    valid = sum(ours.outcome == "valid" for ours, _ in rows)
    theirs = [row for row in rows if row[1] is not None]
    also = sum(peer_took is not None and peer_took.outcome == "valid" for _, peer_took in rows)
    ahead = sum(ours.seconds < peer_took.seconds for ours, peer_took in theirs if peer_took is not None)
    print(
        f"\nvalid: {valid} of {len(rows)}" + (f", the peer {also}; faster on {ahead} of {len(theirs)}" if peer else "")
    )


def _row(name: str, folder: str, peer: list[str], rounds: int) -> tuple[Took, Took | None]:
    path = os.path.join(folder, name)
    output = os.path.join(folder, "peer.json")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_run([sys.executable, "-I", os.path.join(ROOT, "entrypoint.py")], folder, _asked(name, folder)))
        if peer:
            theirs.append(_run([*peer, *_FROM_TO, path], folder, dict(os.environ), output))
    done = ours[-1][2] in _DONE
    took = Took(_median(ours, 0), _median(ours, 1), _validity(_converted(name, folder)) if done else "failed")
    size = os.path.getsize(path) // 1024
    print(
        f"{os.path.basename(name):<36}{size:>7}{took.seconds * 1000:>8.0f}{took.megabytes:>6.0f}  {took.outcome:<10}",
        end="",
    )
    if not peer:
        print(flush=True)
        return took, None
    other = Took(_median(theirs, 0), _median(theirs, 1), _peer_outcome(theirs[-1][2], output))
    ratio = took.seconds / other.seconds
    print(f"{other.seconds * 1000:>9.0f}{other.megabytes:>6.0f}  {other.outcome:<16}{ratio:>9.2f}", flush=True)
    return took, other


def _asked(name: str, folder: str) -> dict[str, str]:
    return {"INPUT_DEFINITION": name, **_CHECK, "GITHUB_WORKSPACE": folder, "PATH": os.defpath, "HOME": folder}


def _run(
    command: list[str], folder: str, environment: dict[str, str], output: str = os.devnull
) -> tuple[float, float, int]:
    with open(output, "wb") as file:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        # Linux counts in kilobytes, macOS in bytes.
        megabytes = usage.ru_maxrss * (1024 if sys.platform == "linux" else 1) / 1024**2
        return time.perf_counter() - began, megabytes, process.returncode


def _median(runs: list[tuple[float, float, int]], field: int) -> float:
    return sorted(run[field] for run in runs)[len(runs) // 2]


def _converted(name: str, folder: str) -> Any:  # noqa: ANN401 - a document
    from exporter.conversion.convert import convert
    from exporter.edges.workspace import FolderWorkspace
    from exporter.openapi.load import load

    definition = load(name, FolderWorkspace(folder)).definition
    return json.loads(json.dumps(convert(definition).document)) if definition else None


def _peer_outcome(code: int, output: str) -> str:
    try:
        with open(output, encoding="utf-8") as file:
            document = json.load(file)
    except ValueError:
        return "refused" if code else "no JSON"
    return _validity(document) if not code else f"exit code {code}"


def _validity(document: Any) -> str:  # noqa: ANN401 - a document
    from exporter.rules.gate import schema_findings

    wrong = len(schema_findings(document)) + sum(1 for _ in _dangling(document))
    if not wrong and len(json.dumps(document)) < SLOW_TO_VALIDATE:
        from openapi_spec_validator import OpenAPIV2SpecValidator

        wrong = sum(1 for _ in OpenAPIV2SpecValidator(document).iter_errors())
    return f"{wrong} invalid" if wrong else "valid"


def _dangling(document: Any) -> Iterator[str]:  # noqa: ANN401 - a document
    ahead = [document]
    while ahead:
        value = ahead.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                section, _, name = reference.removeprefix("#/").partition("/")
                if not reference.startswith("#/") or name not in document.get(section, {}):
                    yield reference
            ahead.extend(one for key, one in value.items() if key not in {"example", "examples", "default", "enum"})
        elif isinstance(value, list):
            ahead.extend(value)


def _documents() -> Iterator[str]:
    if os.path.isdir(DOCUMENTS):
        yield from sorted(name for name in os.listdir(DOCUMENTS) if os.path.isfile(os.path.join(DOCUMENTS, name)))
        if os.path.exists(os.path.join(DOCUMENTS, FILES_OVER_FILES)):
            yield FILES_OVER_FILES


def _peer() -> list[str]:
    """Give the command of the peer, installed now if it is not yet; nothing where that cannot be done."""
    node, npm = shutil.which("node"), shutil.which("npm")
    script = os.path.join(BUILD, "node_modules", "api-spec-converter", "bin", "api-spec-converter")
    if node and npm and not os.path.exists(script):
        print(f"Installing {PEER} into build/ ...", flush=True)
        os.makedirs(BUILD, exist_ok=True)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", "--prefix", BUILD, *quiet, PEER], check=False)
    return [node, script] if node and os.path.exists(script) else []


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the conversion of real documents beside api-spec-converter.")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind (3)")
    parser.add_argument("names", nargs="*", help="only documents with one of these in their names")
    return parser.parse_args()


if __name__ == "__main__":
    main()
