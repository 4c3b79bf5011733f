"""
Converts real OpenAPI 3 documents beside api-spec-converter, in one run: time and validity of both; part of `make bench`.

Every figure is a median of whole processes, ours and the peer's in turns. Ours loads, converts, checks every rule and
reports (`mode: check`); the peer loads and converts. The documents come from ../shared/oas3. The peer is installed into
build/ by npm when node is there, and left out by name when not. Valid means: the official schema of Swagger 2.0, no
reference that leads nowhere, and below 500 KB openapi-spec-validator as well. The largest one is also held against the
time of loading it in C and validating it with jsonschema, and against ten times its own size in memory.

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
LARGEST = "github-ghes-3.17.json"
TIMES_VALIDATION, TIMES_FILE = 1.5, 10
BUILD = os.path.join(ROOT, "build", "bench")
SLOW_TO_VALIDATE = 500_000
_PEER_OUTPUT = "peer.json"
_FROM_TO = ("--from=openapi_3", "--to=swagger_2", "--syntax=json")
_CHECK = {"INPUT_MODE": "check", "INPUT_BASELINE": "none", "INPUT_RECORD": "none", "INPUT_FAIL-ON": "never"}
_PEER_SEES = {"PATH": os.defpath, "HOME": os.path.expanduser("~")}
# 3 says that Power Platform would refuse what the author wrote, mostly because there is too much of it.
_DONE = (0, 3)

sys.path.insert(0, ROOT)


class Run(NamedTuple):
    """What one process took."""

    seconds: float
    cpu: float
    megabytes: float
    code: int


class Result(NamedTuple):
    """What a converter took for a document (medians), and what came out."""

    seconds: float
    cpu: float
    megabytes: float
    outcome: str


def main(arguments: argparse.Namespace) -> None:
    """Measure, and print a table with a line for each document."""
    names = [name for name in _documents() if not arguments.names or any(asked in name for asked in arguments.names)]
    if not names:
        print("Conversion beside a peer: skipped, ../shared/oas3 has no such documents.")
        return
    peer = _peer()
    beside = f"beside {PEER}" if peer else f"({PEER} is skipped: it needs node and npm)"
    print(f"\nConversion of OpenAPI 3 {beside}, medians of {arguments.rounds} whole processes in turns\n")
    print(
        f"{'':<40}{'KB':>6}",
        _line("ms", "cpu", "MB", "result"),
        _line("peer", "cpu", "MB", "result"),
        "ms  cpu: ours/peer, target < 1",
    )
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DOCUMENTS, os.path.join(folder, "oas3"))
        rows = [_row(name, os.path.join(folder, "oas3"), peer, arguments.rounds) for name in names]
        if LARGEST in names:
            _print_largest(rows[names.index(LARGEST)][0], os.path.join(folder, "oas3"))
    print(f"\nvalid: {sum(ours.outcome == 'valid' for ours, _ in rows)} of {len(rows)}")
    theirs = [(ours, other) for ours, other in rows if other is not None]
    if theirs:
        valid = sum(other.outcome == "valid" for _, other in theirs)
        done = [(ours, other) for ours, other in theirs if ours.outcome == "valid"]
        faster = sum(ours.seconds < other.seconds for ours, other in done)
        cheaper = sum(ours.cpu < other.cpu for ours, other in done)
        print(
            f"the peer: valid {valid}; ours took less time on {faster}, less processor time on {cheaper}; target: all"
        )


def _print_largest(ours: Result, folder: str) -> None:
    megabytes = os.path.getsize(os.path.join(folder, LARGEST)) / 1024**2
    validated = _run([sys.executable, __file__, "--validate", LARGEST], folder, _PEER_SEES)
    ratio, times = ours.seconds / validated.seconds, ours.megabytes / megabytes
    print(f"\n{LARGEST} ({megabytes:.1f} MB), loaded by C and validated by jsonschema: {validated.seconds:.1f} s")
    print(f"  ours takes {ratio:.2f} of that; target below {TIMES_VALIDATION}{_missed(ratio < TIMES_VALIDATION)}")
    print(f"  ours needs {times:.1f} times its size in memory; target below {TIMES_FILE}{_missed(times < TIMES_FILE)}")


def _missed(reached: bool) -> str:  # noqa: FBT001 - it is about nothing else
    return "" if reached else "  missed"


def _row(name: str, folder: str, peer: list[str], rounds: int) -> tuple[Result, Result | None]:
    print(f"{os.path.basename(name):<40}{os.path.getsize(os.path.join(folder, name)) // 1024:>6}", end=" ", flush=True)
    output = os.path.join(folder, _PEER_OUTPUT)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_run([sys.executable, "-I", os.path.join(ROOT, "entrypoint.py")], folder, _asked(name, folder)))
        if peer:
            theirs.append(_run([*peer, *_FROM_TO, os.path.join(folder, name)], folder, _PEER_SEES, output))
    result = _medians(ours, _judged(name, folder) if ours[-1].code in _DONE else f"exit code {ours[-1].code}")
    print(_line(*_shown(result)), end=" ", flush=True)
    if not peer:
        print()
        return result, None
    other = _medians(theirs, "refused" if theirs[-1].code else _judged(_PEER_OUTPUT, folder))
    print(_line(*_shown(other)), f"{result.seconds / other.seconds:.2f} {result.cpu / other.cpu:.2f}", flush=True)
    return result, other


def _line(seconds: str, cpu: str, megabytes: str, outcome: str) -> str:
    return f"{seconds:>7}{cpu:>7}{megabytes:>5}  {outcome:<12}"


def _shown(result: Result) -> tuple[str, str, str, str]:
    return f"{result.seconds * 1000:.0f}", f"{result.cpu * 1000:.0f}", f"{result.megabytes:.0f}", result.outcome


def _asked(name: str, folder: str) -> dict[str, str]:
    return {"INPUT_DEFINITION": name, **_CHECK, "GITHUB_WORKSPACE": folder, "PATH": os.defpath, "HOME": folder}


def _run(command: list[str], folder: str, environment: dict[str, str], output: str = os.devnull) -> Run:
    with open(output, "wb") as file:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in kilobytes, macOS in bytes.
    megabytes = usage.ru_maxrss * (1024 if sys.platform == "linux" else 1) / 1024**2
    return Run(seconds, usage.ru_utime + usage.ru_stime, megabytes, process.returncode)


def _medians(runs: list[Run], outcome: str) -> Result:
    seconds, cpu, megabytes = (sorted(run[field] for run in runs)[len(runs) // 2] for field in range(3))
    return Result(seconds, cpu, megabytes, outcome)


def _judged(path: str, folder: str) -> str:
    """Judge in a process of its own: a child's peak memory never reads lower than its parent's was."""
    command = [sys.executable, __file__, "--judge", path]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def judge(path: str) -> str:
    """Say how valid a document of Swagger 2.0 is, or what becomes of one of OpenAPI 3; paths are relative."""
    if path != _PEER_OUTPUT:
        return _validity(_converted(path, os.getcwd()))
    try:
        with open(path, encoding="utf-8") as file:
            return _validity(json.load(file))
    except ValueError:
        return "no JSON"


def validate(path: str) -> None:
    """Load a document with the scanner in C and hold it against the official schema of OpenAPI 3.0; for its time."""
    from jsonschema import Draft4Validator
    from openapi_spec_validator.schemas import schema_v30

    with open(path, "rb") as file:
        document = json.loads(file.read())
    for _ in Draft4Validator(dict(schema_v30)).iter_errors(document):
        pass


def _converted(name: str, folder: str) -> Any:  # noqa: ANN401 - a document
    from exporter.conversion.convert import convert
    from exporter.edges.workspace import FolderWorkspace
    from exporter.openapi.load import load

    definition = load(name, FolderWorkspace(folder)).definition
    return json.loads(json.dumps(convert(definition).document)) if definition else None


def _validity(document: Any) -> str:  # noqa: ANN401 - a document
    from exporter.rules.gate import schema_findings

    wrong = len(schema_findings(document)) + sum(1 for _ in dangling(document))
    if not wrong and len(json.dumps(document)) < SLOW_TO_VALIDATE:
        from openapi_spec_validator import OpenAPIV2SpecValidator

        wrong = sum(1 for _ in OpenAPIV2SpecValidator(document).iter_errors())
    return f"{wrong} invalid" if wrong else "valid"


def dangling(document: Any) -> Iterator[str]:  # noqa: ANN401 - a document
    """List the references of a Swagger 2.0 document that lead nowhere."""
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
    parser.add_argument("--validate", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--judge", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", help="only documents with one of these in their names")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.validate:
        validate(asked.validate)
    elif asked.judge:
        print(judge(asked.judge))
    else:
        main(asked)
