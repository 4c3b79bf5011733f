"""Starts the entry point as GitHub's runner does: a process, `INPUT_*`, output and summary files, a workspace."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exporter.settings.settings import Backend
from tests.github.conftest import TOKEN, fake_github, said, serve  # noqa: F401 - fixtures
from tests.powerplatform.conftest import running, standin  # noqa: F401 - fixtures

ROOT = Path(__file__).parents[2]


class Result(NamedTuple):
    """What a run left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    report: Mapping[str, Any]
    workspace: Path


Run = Callable[..., Result]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def runner(tmp_path: Path, workspace: Path) -> "Runner":
    return Runner(tmp_path, workspace)


@pytest.fixture
def run(runner: "Runner") -> Run:
    """Run the entry point with inputs by name; `variables` are more of the environment."""
    return runner.run


class Runner:
    """What GitHub's runner gives to a step, and what is left of it."""

    def __init__(self, folder: Path, workspace: Path) -> None:
        self.folder = folder
        self.workspace = workspace

    def environment(self, variables: Mapping[str, str] | None = None, **inputs: str) -> dict[str, str]:
        for name in ("output", "summary"):
            (self.folder / name).write_text("")
        return {
            "PATH": "/usr/bin:/bin",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_SHA": "0123456789012345678901234567890123456789",
            **{f"INPUT_{name.replace('_', '-').upper()}": value for name, value in inputs.items()},
            **(variables or {}),
        }

    def run(
        self, variables: Mapping[str, str] | None = None, limits: Callable[[], None] | None = None, **inputs: str
    ) -> Result:
        done = subprocess.run(
            [sys.executable, "-I", str(ROOT / "entrypoint.py")],
            cwd=self.workspace,
            env=self.environment(variables, **inputs),
            capture_output=True,
            timeout=120,
            check=False,
            preexec_fn=limits,
        )
        return self.result(done.returncode, (done.stdout + done.stderr).decode())

    def result(self, code: int, log: str) -> Result:
        assert "Traceback" not in log, log
        outputs = dict(line.split("=", 1) for line in (self.folder / "output").read_text().splitlines())
        path = self.workspace / outputs.get("report-path", "-")
        report = json.loads(path.read_bytes()) if path.is_file() else {}
        return Result(code, log, outputs, (self.folder / "summary").read_text(), report, self.workspace)


class Forker:
    """Runs the entry point in a fork of a process that has loaded it already; one run at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._log = Path()
        self._runner: Runner | None = None
        self._child = 0

    def start(self, runner: Runner, variables: Mapping[str, str] | None = None, **inputs: str) -> None:
        self._runner, self._log = runner, runner.folder / "log"
        asked = {"environment": runner.environment(variables, **inputs), "folder": str(runner.workspace)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({**asked, "log": str(self._log)}) + "\n")
        self._process.stdin.flush()
        self._child = self._number("started")

    def kill(self) -> bool:
        """Kill the run, if there is one; False where it had ended by itself."""
        if not self._child:
            return False
        os.kill(self._child, signal.SIGKILL)
        self._child = 0
        return self._number("ended") == -signal.SIGKILL

    def wait(self) -> Result:
        assert self._runner is not None
        code = self._number("ended")
        self._child = 0
        return self._runner.result(code, self._log.read_text())

    def run(self, runner: Runner, variables: Mapping[str, str] | None = None, **inputs: str) -> Result:
        self.start(runner, variables, **inputs)
        return self.wait()

    def _number(self, what: str) -> int:
        assert self._process.stdout is not None
        word, number = self._process.stdout.readline().split()
        assert word == what
        return int(number)


@pytest.fixture
def forkers(two_forkers: tuple[Forker, Forker]) -> Iterator[tuple[Forker, Forker]]:
    yield two_forkers
    for forker in two_forkers:
        forker.kill()  # what a test that failed left behind


@pytest.fixture(scope="session")
def two_forkers() -> Iterator[tuple[Forker, Forker]]:
    """Give two, for two runs at once."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("forker.py"))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        subprocess.Popen(command, text=True, **pipes) as one,  # type: ignore[call-overload]
        subprocess.Popen(command, text=True, **pipes) as other,  # type: ignore[call-overload]
    ):
        yield Forker(one), Forker(other)


class Express:
    """Runs express against the stand-in, with a record as the test says."""

    def __init__(self, forker: Forker, runner: Runner, service: Any) -> None:
        self.forker = forker
        self.runner = runner
        self.standin = service
        self.variables = {"AZURE_AUTHORITY_HOST": service.url}
        self.inputs = {
            "definition": "api.json",
            "mode": "express",
            "endpoints": "\n".join(f"{name}={address}" for name, address in service.endpoints.items()),
            "deployer_tenant_id": service.about["tenant_id"],
            "deployer_client_id": service.about["client_id"],
            "deployer_client_secret": service.about["client_secret"],
            "record": "file:last.json",
        }

    def remember_in_a_ref(self, github: Any) -> None:
        self.inputs |= {"record": "ref", "github_token": TOKEN, "name": "Orders"}
        self.variables |= {"GITHUB_API_URL": github.server.url, "GITHUB_REPOSITORY": "octo/orders"}

    def start(self, document: Any = None, /, variables: Mapping[str, str] | None = None, **inputs: str) -> None:
        if document is not None:
            (self.runner.workspace / "api.json").write_text(json.dumps(document))
        self.forker.start(self.runner, {**self.variables, **(variables or {})}, **{**self.inputs, **inputs})

    def run(self, document: Any = None, /, variables: Mapping[str, str] | None = None, **inputs: str) -> Result:
        self.start(document, variables, **inputs)
        return self.forker.wait()

    def counted(self, document: Any = None, /, **inputs: str) -> tuple[Result, int]:
        """Run, and count what was asked of sign-in and Dataverse."""
        self.standin.tell("faults", [])
        result = self.run(document, **inputs)
        return result, len(self.standin.requests)

    def take(self, door: str) -> None:
        """Go through this door from now on."""
        self.standin.backend = Backend(door)
        self.inputs |= {"backend": door, "environment": self.standin.deployer.environment}

    @property
    def power_apps(self) -> bool:
        """Tell which door it takes."""
        return self.inputs["backend"] == "powerapps"

    @property
    def id(self) -> str:
        """What the door calls the only connector."""
        (row,) = self.standin.rows
        return str(row["columns"]["connectorinternalid"] if self.power_apps else row["id"])

    @property
    def live(self) -> dict[str, Any]:
        """The columns of the only connector."""
        (row,) = self.standin.rows
        return dict(row["columns"])

    def edit(self, **columns: Any) -> None:
        self.standin.tell("edit", {"displayname": self.live["displayname"], "columns": columns})


@pytest.fixture
def express(forkers: tuple[Forker, Forker], runner: Runner, request: pytest.FixtureRequest) -> Express:
    """Run through Dataverse, or through the door that the test names."""
    made = Express(forkers[0], runner, request.getfixturevalue("standin"))
    made.take(getattr(request, "param", Backend.DATAVERSE.value))
    return made


both = pytest.mark.parametrize("express", [door.value for door in Backend], indirect=True)
"""Run a test with `express` twice, once through each door."""


def definition(*operations: str, **more: Any) -> dict[str, Any]:
    """Make a connector's definition with these operations."""
    answer = {"200": {"description": "ok", "schema": {"type": "object", "properties": {"id": {"type": "string"}}}}}
    return {
        "swagger": "2.0",
        "info": {"title": "Orders", "version": "1", "description": "All the orders of Contoso, for its people."},
        "host": "api.contoso.com",
        "basePath": "/v1",
        "schemes": ["https"],
        "paths": {
            f"/{name}": {"get": {"operationId": name, "summary": name, "description": f"{name}.", "responses": answer}}
            for name in ("ListOrders", *operations)
        },
        **more,
    }


def saved(result: Any) -> Path:
    """Give the folder that a run saved the live connector in."""
    (step,) = [step for step in result.report["steps"] if step["kind"] == "save-live-connector"]
    folder = step["detail"].split(" lies in ")[1].split(", and")[0].split(". To")[0]
    return Path(result.workspace) / folder


AS_JSON = ("openapidefinition", "connectionparameters", "connectionparametersets", "policytemplateinstances")
ADDED = ("consumes", "definitions", "parameters", "responses", "tags", "security")


def alike(columns: dict[str, Any]) -> dict[str, Any]:
    """Give a row as clients see it: JSON by its meaning, without times, and without what the service adds to each."""
    row = {name: value for name, value in columns.items() if name not in {"modifiedon", "createdon", "only_here"}}
    row |= {name: json.loads(row.get(name) or "null") for name in AS_JSON}
    row["openapidefinition"] = {
        name: value for name, value in row["openapidefinition"].items() if value or name not in ADDED
    }
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}
