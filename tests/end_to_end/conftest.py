"""Starts the entry point as GitHub's runner does: a process, `INPUT_*`, output and summary files, a workspace."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Result(NamedTuple):
    """What a run left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    report: Mapping[str, Any]


Run = Callable[..., Result]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, workspace: Path) -> Run:
    """Run the entry point with inputs by name; `variables` are more of the environment."""

    def start(
        variables: Mapping[str, str] | None = None, limits: Callable[[], None] | None = None, **inputs: str
    ) -> Result:
        output, summary = tmp_path / "output", tmp_path / "summary"
        output.write_text("")
        summary.write_text("")
        environment = {
            "PATH": "/usr/bin:/bin",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_SHA": "0123456789012345678901234567890123456789",
            **{f"INPUT_{name.replace('_', '-').upper()}": value for name, value in inputs.items()},
            **(variables or {}),
        }
        done = subprocess.run(
            [sys.executable, "-I", str(ROOT / "entrypoint.py")],
            cwd=workspace,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
            preexec_fn=limits,  # noqa: PLW1509 - the test process has no threads
        )
        log = (done.stdout + done.stderr).decode()
        assert "Traceback" not in log, log
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        path = workspace / outputs.get("report-path", "-")
        report = json.loads(path.read_bytes()) if path.is_file() else {}
        return Result(done.returncode, log, outputs, summary.read_text(), report)

    return start
