"""Bad input: each cause has its own message and exit code, no traceback, and nothing half-written."""

import json
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "1"},
    "host": "api.example.com",
    "schemes": ["https"],
    "paths": {"/a": {"get": {"operationId": "GetA", "responses": {"200": {"description": "ok"}}}}},
}
DEEP = "[" * 200_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [" + ", ".join([f"*{old}"] * 9) + "]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def _refer(target: str) -> bytes:
    paths = {"/a": {"get": {"operationId": "A", "responses": {"200": {"description": "", "schema": {"$ref": target}}}}}}
    return json.dumps(
        {**GOOD, "paths": paths, "definitions": {"Loop": {"$ref": "#/definitions/Loop"}}}, indent=1
    ).encode()


CASES = {
    "empty": (b"", "empty"),
    "binary": (bytes(range(256)) * 20, "not text"),
    "bomb": (b"swagger: '2.0'\n" + BOMB.encode(), "alias"),
    "deep json": (DEEP.encode(), "nested"),
    "deep yaml": (b"a: " + DEEP.encode(), "nested"),
    "not openapi": (b"hello: world\n", "version"),
    "a list": (b"[1, 2]", "object"),
    "a later version": (b'{"openapi": "4.0.0", "paths": {}}', "4.0.0"),
    "no paths": (json.dumps({**GOOD, "paths": {}}).encode(), "paths"),
    "a reference to nowhere": (_refer("#/definitions/Nowhere"), "Nowhere"),
    "a reference to itself": (_refer("#/definitions/Loop"), "Loop"),
    "a reference out of the workspace": (_refer("../../etc/passwd#/x"), "workspace"),
    "a reference to the network": (_refer("https://evil.example/x.json#/x"), "network"),
    "broken json": (b'{"swagger": "2.0", "paths": {"/a": ', "cannot be read"),
    "broken yaml": (b"swagger: '2.0'\npaths: [\n", "cannot be read"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_definition_that_cannot_be_exported(run, workspace, name) -> None:  # type: ignore[no-untyped-def]
    content, words = CASES[name]
    (workspace / "api").write_bytes(content)
    result = run(definition="api", record="none")
    assert result.code == 3, result.log
    assert words.lower() in result.log.lower()
    assert not (workspace / "connector-export" / "bundle").exists()
    assert result.report["problem"]["exit_code"] == 3


def test_no_file(run, workspace) -> None:  # type: ignore[no-untyped-def]
    result = run(definition="nothing.yaml")
    assert (result.code, "nothing.yaml is not there" in result.log) == (2, True)


def test_no_definition_input_and_no_usual_name(run, workspace) -> None:  # type: ignore[no-untyped-def]
    result = run(record="none")
    assert (result.code, "usual name" in result.log) == (2, True)


def test_a_folder(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "api").mkdir()
    result = run(definition="api")
    assert (result.code, "is a folder" in result.log) == (2, True)


def test_a_file_of_200_mb(run, workspace) -> None:  # type: ignore[no-untyped-def]
    with (workspace / "big.json").open("wb") as file:
        file.truncate(200_000_000)
    result = run(definition="big.json")
    assert (result.code, "200,000,000 bytes" in result.log) == (3, True)


def test_a_full_disk_while_the_bundle_is_written(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "api.json").write_text(json.dumps({**GOOD, "x-pad": "x" * 300_000}))

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    result = run(limits=no_room, definition="api.json", record="file:last.json")
    assert result.code == 8, result.log
    assert "cannot be written" in result.log
    left = [path.name for path in workspace.rglob("*") if path.is_file()]
    assert not {"apiDefinition.swagger.json", "last.json"} & set(left), left


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_workspace(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "api.json").write_text(json.dumps(GOOD))
    workspace.chmod(0o555)
    result = run(definition="api.json", record="none")
    workspace.chmod(0o755)
    assert (result.code, "cannot be written" in result.log) == (8, True)


def test_wrong_inputs_are_all_said(run, workspace) -> None:  # type: ignore[no-untyped-def]
    result = run(mode="exprss", cloud="moon", definition="../x")
    assert result.code == 2
    assert all(f"{name}:" in result.log for name in ("mode", "cloud", "definition"))
    assert "::error" in result.log


def test_hostile_names_do_not_reach_the_runner_as_commands(run, workspace) -> None:  # type: ignore[no-untyped-def]
    evil = "\n::add-path::/evil\n::error::x ##[error]x"
    path = {"/a": {"get": {"operationId": evil, "summary": evil, "responses": {"200": {"description": evil}}}}}
    (workspace / "api.json").write_text(json.dumps({**GOOD, "info": {"title": evil, "version": "1"}, "paths": path}))
    (workspace / "old.json").write_text(json.dumps(GOOD))
    result = run(definition="api.json", baseline="file:old.json", record="none")
    assert not [line for line in result.log.splitlines() if line.lstrip().startswith(("::add-path", "::error::x"))]
    assert "##[error]" not in result.log
    shutil.rmtree(workspace)


def test_a_revision_where_there_is_no_repository(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "api.json").write_text(json.dumps(GOOD))
    result = run(definition="api.json", baseline="git:main", record="none")
    assert (result.code, "in no git repository" in result.log) == (2, True)


def test_a_revision_without_the_file(run, workspace) -> None:  # type: ignore[no-untyped-def]
    def git(*arguments: str) -> None:
        named = ("-c", "user.name=x", "-c", "user.email=a@b")
        subprocess.run(["git", "-C", str(workspace), *named, *arguments], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "empty")
    (workspace / "api.json").write_text(json.dumps(GOOD))
    result = run(definition="api.json", baseline="git:main", mode="check")
    assert (result.code, result.outputs["verdict"]) == (0, "unknown")
    assert result.report["findings"][0]["id"] == "baseline-missing"
    assert "main has no file api.json" in result.log


@pytest.mark.parametrize("name", ["baseline", "icon", "script", "properties", "config"])
def test_a_file_that_an_input_names_and_that_is_not_there(run, workspace, name) -> None:  # type: ignore[no-untyped-def]
    (workspace / "api.json").write_text(json.dumps(GOOD))
    result = run(definition="api.json", **{name: "file:gone.json" if name == "baseline" else "gone.json"})
    assert (result.code, f"{name}: gone.json is not there." in result.log) == (2, True)


def test_an_error_names_its_place_and_how_many_there_are(run, workspace) -> None:  # type: ignore[no-untyped-def]
    operation = {"responses": {"200": {"description": "ok"}}}
    paths = {"/a": {"get": operation, "post": operation}}
    (workspace / "api.json").write_text(json.dumps({**GOOD, "paths": paths}, indent=1))
    result = run(definition="api.json", record="none", complete="none")
    assert result.code == 3
    assert (
        result.report["problem"]["message"] == "api.json:13: The operation has no operationId. There is 1 more error."
    )
    assert (workspace / result.outputs["definition-path"]).is_file()


def test_a_file_where_the_bundle_should_be(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "api.json").write_text(json.dumps(GOOD))
    result = run(definition="api.json", record="none", bundle_directory="api.json")
    assert (result.code, "api.json is a file" in result.log) == (2, True)
    assert json.loads((workspace / "api.json").read_text()) == GOOD


BASELINES = {
    name: CASES[name][0]
    for name in ("empty", "binary", "bomb", "deep json", "not openapi", "a list", "a later version", "no paths", "broken json")
}  # fmt: skip


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_that_says_nothing_gives_no_green_verdict(run, workspace, name) -> None:  # type: ignore[no-untyped-def]
    (workspace / "before").write_bytes(BASELINES[name])
    (workspace / "api.json").write_text(json.dumps(GOOD), "utf-8")
    result = run(definition="api.json", mode="check", baseline="file:before", record="none")
    assert (result.code, result.outputs["verdict"]) == (1, "unknown"), result.log
    assert "baseline-unreadable" in {finding["id"] for finding in result.report["findings"]}
