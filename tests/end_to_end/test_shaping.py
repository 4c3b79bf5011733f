"""Shaping, end to end: filters, overlays and filled gaps, from inputs to bundle and report."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORD = {"record": "file:last.json"}
OVERLAY = """\
overlay: 1.1.0
info: {title: For makers, version: 1.0.0}
actions:
  - target: $.paths['/orders'].get
    update: {x-ms-visibility: importnt}
  - target: $.paths['/nothing']
    remove: true
"""


@pytest.fixture
def orders(workspace: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "orders", workspace, dirs_exist_ok=True)
    shutil.rmtree(workspace / "connector-export", ignore_errors=True)
    return workspace


def exported(workspace: Path, result) -> dict:  # type: ignore[no-untyped-def,type-arg]
    return json.loads((workspace / result.outputs["definition-path"]).read_bytes())  # type: ignore[no-any-return]


def test_only_what_makers_need_is_exported(run, orders) -> None:  # type: ignore[no-untyped-def]
    result = run(definition="openapi.yaml", include="tag:Orders\ntag:Nobody", exclude="DELETE", **RECORD)
    assert result.code == 0, result.log
    document = exported(orders, result)
    assert {tag for item in document["paths"].values() for one in item.values() for tag in one["tags"]} == {"Orders"}
    assert "Customer" not in document["definitions"]
    (finding,) = [one for one in result.report["findings"] if one["id"] == "selector-unmatched"]
    assert (finding["file"], finding["message"]) == ("openapi.yaml", "include: `tag:Nobody` matches no operation.")
    again = run(definition="openapi.yaml", include="tag:Orders", exclude="DELETE", **RECORD)
    assert again.outputs["changed"] == "false"


def test_leaving_out_more_is_a_breaking_change(run, orders) -> None:  # type: ignore[no-untyped-def]
    run(definition="openapi.yaml", **RECORD)
    result = run(definition="openapi.yaml", exclude="tag:Customers", **RECORD)
    assert (result.outputs["verdict"], result.code) == ("breaking", 0)


def test_nothing_left_stops_the_run(run, orders) -> None:  # type: ignore[no-untyped-def]
    result = run(definition="openapi.yaml", include="tag:Nobody", **RECORD)
    assert result.code == 2
    assert "none of the" in result.log


def test_an_overlay_has_findings_on_its_own_lines(run, orders) -> None:  # type: ignore[no-untyped-def]
    (orders / "for makers.yaml").write_text(OVERLAY)
    result = run(definition="openapi.yaml", overlay="for makers.yaml", **RECORD)
    assert result.code == 0, result.log
    places = {one["id"]: (one["file"], one["line"]) for one in result.report["findings"]}
    assert places["visibility-value"] == ("for makers.yaml", 5)
    assert places["overlay-target-unmatched"] == ("for makers.yaml", 6)
    assert exported(orders, result)["paths"]["/orders"]["get"]["x-ms-visibility"] == "importnt"


def test_a_new_overlay_is_compared_with_what_was_there_without_it(run, orders) -> None:  # type: ignore[no-untyped-def]
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@a.example", "-c", "init.defaultBranch=main"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "before"]):
        subprocess.run([*git, *command], cwd=orders, check=True)
    (orders / "o.yaml").write_text(OVERLAY)
    result = run(definition="openapi.yaml", overlay="o.yaml", mode="check", baseline="git:HEAD", record="none")
    assert result.outputs["verdict"] == "compatible", result.log


def test_a_broken_overlay_is_told_with_file_and_line(run, orders) -> None:  # type: ignore[no-untyped-def]
    (orders / "o.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: paths\n    remove: true\n"
    )
    result = run(definition="openapi.yaml", overlay="o.yaml", **RECORD)
    assert result.code == 2
    assert "overlay: o.yaml:4: `paths` is no JSONPath query" in result.log


def test_names_that_were_given_once_stay(run, workspace) -> None:  # type: ignore[no-untyped-def]
    paths = {"/a-b": {"get": {"responses": {"200": {}}}}}
    document = {"swagger": "2.0", "info": {"title": "Api", "version": "1"}, "host": "api.example", "schemes": ["https"]}
    api = workspace / "api.json"
    api.write_text(json.dumps({**document, "paths": paths}))
    refused = run(definition="api.json", complete="none", **RECORD)
    assert refused.code == 3
    first = run(definition="api.json", **RECORD)
    assert first.code == 0, first.log
    assert exported(workspace, first)["paths"]["/a-b"]["get"]["operationId"] == "GetAB"
    assert {"operation-id-required", "response-description-required"} == {one["rule"] for one in first.report["fixes"]}
    assert all(one["file"] == "api.json" and one["line"] for one in first.report["fixes"])
    assert "filled in" in first.summary
    assert json.loads(api.read_text())["paths"] == paths, "the author's file is as it was"
    assert run(definition="api.json", complete="safe", **RECORD).outputs["changed"] == "false"
    api.write_text(json.dumps({**document, "paths": {"/aB": paths["/a-b"], **paths}}))
    second = run(definition="api.json", complete="safe", **RECORD)
    names = {path: item["get"]["operationId"] for path, item in exported(workspace, second)["paths"].items()}
    assert names["/a-b"] == "GetAB"
    assert names["/aB"].startswith("GetAB")
    assert second.outputs["verdict"] == "compatible"


def test_over_a_limit_the_advice_says_what_to_leave_out(run, workspace) -> None:  # type: ignore[no-untyped-def]
    answer = {"200": {"description": "OK", "schema": {"type": "string"}}}
    paths = {
        f"/{tag}/{n}": {"get": {"operationId": f"Get{tag}{n}", "tags": [tag], "responses": answer}}
        for tag, size in (("Large", 250), ("Small", 20))
        for n in range(size)
    }
    document = {"swagger": "2.0", "info": {"title": "Api", "version": "1"}, "host": "api.example", "schemes": ["https"]}
    (workspace / "api.json").write_text(json.dumps({**document, "paths": paths}))
    result = run(definition="api.json", **RECORD)
    assert result.code == 3
    assert "`tag:Large` (250), `tag:Small` (20)" in result.log
    assert run(definition="api.json", exclude="tag:Small", **RECORD).code == 0


def test_an_unshaped_run_does_not_load_what_shapes(run, orders) -> None:  # type: ignore[no-untyped-def]
    run(definition="swagger.json", **RECORD)
    probe = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); sys.argv = sys.argv[:1]\n"
        "from exporter.main import run\n"
        "run([], os.environ)\n"
        "print('LOADED', [name for name in sys.modules if 'shaping' in name or 'jsonpath' in name or name == 'regex'])\n"
    )
    for inputs in ({"INPUT_RECORD": "file:last.json"}, {"INPUT_RECORD": "file:other.json"}):
        environment = {"GITHUB_WORKSPACE": str(orders), "INPUT_DEFINITION": "swagger.json", **inputs}
        done = subprocess.run(
            [sys.executable, "-I", "-c", probe, str(ROOT)], env=environment, capture_output=True, check=True
        )
        assert done.stdout.decode().splitlines()[-1] == "LOADED []"
