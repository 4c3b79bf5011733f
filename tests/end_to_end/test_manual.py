"""Manual, end to end: a bundle on a change, nothing without one, the same bytes for the same input."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "orders"

RECORD = {"record": "file:last.json"}


@pytest.fixture
def orders(workspace: Path) -> Path:
    shutil.copytree(EXAMPLE, workspace, dirs_exist_ok=True)
    shutil.rmtree(workspace / "connector-export", ignore_errors=True)
    return workspace


def test_the_first_run_publishes_a_bundle_and_the_second_says_that_nothing_changed(run, orders) -> None:  # type: ignore[no-untyped-def]
    first = run(definition="openapi.yaml", **RECORD)
    assert first.code == 0, first.log
    assert (first.outputs["changed"], first.outputs["verdict"], first.outputs["exported"]) == (
        "true",
        "unknown",
        "true",
    )
    bundle = orders / first.outputs["bundle-path"]
    assert {"apiDefinition.swagger.json", "apiProperties.json", "settings.json", "index.html", "README.md"} <= {
        path.name for path in bundle.iterdir()
    }
    second = run(definition="openapi.yaml", **RECORD)
    assert (second.code, second.outputs["changed"], second.outputs["verdict"]) == (0, "false", "none")
    assert second.outputs["exported"] == "false"


def test_an_edit_is_told_with_file_and_line(run, orders) -> None:  # type: ignore[no-untyped-def]
    run(definition="swagger.json", **RECORD)
    document = json.loads((orders / "swagger.json").read_text())
    path, item = next(iter(document["paths"].items()))
    method = next(iter(item))
    gone = item.pop(method)
    if not item:
        del document["paths"][path]
    (orders / "swagger.json").write_text(json.dumps(document, indent=2))
    result = run(definition="swagger.json", **RECORD)
    assert (result.outputs["verdict"], result.code) == ("breaking", 0)
    change = next(change for change in result.report["changes"] if change["id"] == "operation-removed")
    assert change["operation"] == gone["operationId"]
    assert change["file"] == "swagger.json"
    assert change["line"] > 0


def test_the_same_input_gives_the_same_bytes(run, orders) -> None:  # type: ignore[no-untyped-def]
    sums = []
    for name in ("one", "two"):
        result = run(definition="openapi.yaml", record="none", bundle_directory=f"out/{name}")
        bundle = orders / result.outputs["bundle-path"]
        sums.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in bundle.iterdir()})
        lines = (bundle / "SHA256SUMS").read_text().splitlines()
        for line in lines:
            digest, name_in_bundle = line.split("  ")
            assert hashlib.sha256((bundle / name_in_bundle).read_bytes()).hexdigest() == digest
        assert len(lines) == len(list(bundle.iterdir())) - 1
    assert sums[0] == sums[1]


def test_a_connectors_definition_comes_out_equal(run, orders) -> None:  # type: ignore[no-untyped-def]
    result = run(definition="swagger.json", **RECORD)
    exported = json.loads((orders / result.outputs["definition-path"]).read_bytes())
    assert exported == json.loads((orders / "swagger.json").read_bytes())
    assert list(exported["paths"]) == list(json.loads((orders / "swagger.json").read_bytes())["paths"])


def test_a_pull_request_only_checks(run, orders) -> None:  # type: ignore[no-untyped-def]
    event = orders.parent / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    result = run(
        {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event)},
        definition="openapi.yaml",
        mode="express",
    )
    assert result.code == 0, result.log
    assert result.report["mode"] == "check"
    assert "bundle-path" not in result.outputs


def test_an_unchanged_run_loads_none_of_the_heavy_packages(run, orders) -> None:  # type: ignore[no-untyped-def]
    shutil.copy(orders / "swagger.json", orders / "api.json")
    run(definition="api.json", **RECORD)
    import subprocess
    import sys

    probe = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); sys.argv = sys.argv[:1]\n"
        "from exporter.main import run\n"
        "code = run([], os.environ)\n"
        "heavy = {'requests', 'jsonschema', 'deepdiff', 'prance', 'urllib3', 'cryptography', 'subprocess', 'logging', 'dataclasses'}\n"
        "heavy |= {'hashlib', 'yaml'}\n"
        "print('LOADED', code, sorted(heavy & set(sys.modules)))\n"
    )
    environment = {
        "GITHUB_WORKSPACE": str(orders),
        "INPUT_DEFINITION": "api.json",
        "INPUT_RECORD": RECORD["record"],
    }
    done = subprocess.run(
        [sys.executable, "-I", "-c", probe, str(ROOT)], env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "LOADED 0 []"


def test_no_secret_reaches_anything(run, orders) -> None:  # type: ignore[no-untyped-def]
    secret = "hunter2+/=%"
    result = run(
        definition="openapi.yaml",
        auth="oauth2",
        client_secret=secret,
        client_id="me",
        authorization_url="https://a.example",
        token_url="https://t.example",
        **RECORD,
    )
    assert result.code == 0, result.log
    log = "\n".join(line for line in result.log.splitlines() if not line.startswith("::add-mask::"))
    assert secret not in log + result.summary
    for path in orders.rglob("*"):
        if path.is_file():
            assert b"hunter2" not in path.read_bytes(), path
