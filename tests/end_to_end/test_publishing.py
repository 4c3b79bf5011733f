"""Manual with an artifact service: outputs, order of the steps, and what is left where there is none."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Runner
from tests.github.test_artifacts import QUOTA, FakeRunner, runtime_token

ROOT = Path(__file__).parents[2]
RECORD = {"record": "file:last.json"}


@pytest.fixture
def service(serve: Any, said: Any) -> FakeRunner:
    return FakeRunner(serve, said)


@pytest.fixture
def job(service: FakeRunner, workspace: Path) -> dict[str, str]:
    (workspace / "api.json").write_bytes((ROOT / "examples/orders/swagger.json").read_bytes())
    return {
        "ACTIONS_RESULTS_URL": service.server.url,
        "ACTIONS_RUNTIME_TOKEN": runtime_token(),
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "octo/orders",
        "GITHUB_RUN_ID": "42",
        "GITHUB_RETENTION_DAYS": "90",
    }


def test_the_artifact_is_the_bundle_and_the_outputs_say_where_it_is(run, job, service, workspace) -> None:
    result = run(
        job, definition="api.json", environment="https://contoso.crm4.dynamics.com", retention_days="7", **RECORD
    )
    assert result.code == 0, result.log
    (name,) = service.artifacts
    assert name == "connector-Contoso Orders-contoso.crm4.dynamics.com"
    blob = service.blobs["1"]
    assert result.outputs["artifact-id"] == "1001"
    assert result.outputs["artifact-url"] == "https://github.com/octo/orders/actions/runs/42/artifacts/1001"
    assert result.outputs["artifact-digest"] == f"sha256:{hashlib.sha256(blob).hexdigest()}"
    assert "expires_at" in service.asked["CreateArtifact"]
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        published = {name: archive.read(name) for name in archive.namelist()}
    bundle = workspace / result.outputs["bundle-path"]
    assert published == {path.name: path.read_bytes() for path in bundle.iterdir()}


def test_an_environment_without_an_address_is_in_the_name_too(run, job, service, workspace) -> None:
    environment = "11111111-2222-3333-4444-555555555555"
    result = run(job, definition="api.json", environment=environment, cloud="gcc-high", record="none")
    assert [*service.artifacts] == [f"connector-Contoso Orders-{environment}"], result.log
    settings = json.loads((workspace / result.outputs["bundle-path"] / "settings.json").read_bytes())
    assert (settings["environment"], settings["powerAppsUrl"]) == (environment, "https://high.api.powerapps.us")


@pytest.mark.parametrize(
    ("words", "status", "body"),
    [
        ("CreateArtifact", 403, QUOTA),
        ("comp=block&", 403, {}),
        ("comp=blocklist", 400, {}),
        ("FinalizeArtifact", 400, {"code": "invalid_argument", "msg": "another size"}),
    ],
)
def test_the_record_moves_only_after_the_artifact_is_finished(
    words: str, status: int, body: Any, run, job, service, said, workspace
) -> None:
    service.server.trouble = [(words, said(status, body))]
    stopped = run(job, definition="api.json", **RECORD)
    assert stopped.code == 5, stopped.log
    assert not (workspace / "last.json").exists()
    assert {step["kind"]: step["state"] for step in stopped.report["steps"]} == {
        "write-bundle": "done",
        "publish-bundle": "failed",
        "remember": "skipped",
    }
    again = run(job, definition="api.json", **RECORD)
    assert (again.code, again.outputs["exported"]) == (0, "true"), again.log
    assert json.loads((workspace / "last.json").read_bytes())["fingerprint"] == again.outputs["fingerprint"]
    assert runtime_token() not in stopped.log + again.log


def test_where_there_is_no_service_a_later_step_can_publish_the_folder(run, job, service, workspace) -> None:
    enterprise = {**job, "GITHUB_SERVER_URL": "https://github.contoso.com"}
    result = run(enterprise, definition="api.json", **RECORD)
    assert result.code == 0, result.log
    assert service.server.seen == []
    assert "artifact-id" not in result.outputs
    assert (workspace / result.outputs["bundle-path"] / "index.html").is_file()
    assert "docs/bundle.md" in result.log
    assert (workspace / "last.json").is_file()


MACHINES = (
    ({"LC_ALL": "C", "TZ": "UTC", "LANG": "C"}, 0o022),
    ({"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}, 0o077),
    ({"LC_ALL": "C.UTF-8", "TZ": "America/St_Johns", "SOURCE_DATE_EPOCH": "1"}, 0o000),
)


def test_the_same_commit_gives_the_same_digest_on_every_machine(job, service, tmp_path) -> None:
    digests = set()
    for number, (machine, mask) in enumerate(MACHINES):
        folder = tmp_path / f"machine {number}" / ("x" * 20 * number)
        workspace = folder / "work"
        workspace.mkdir(parents=True)
        for path in sorted((ROOT / "examples/orders").rglob("*"), reverse=bool(number % 2)):
            if path.is_file() and "connector-export" not in path.parts:
                copy = workspace / path.relative_to(ROOT / "examples/orders")
                copy.parent.mkdir(exist_ok=True)
                copy.write_bytes(path.read_bytes())
        result = Runner(folder, workspace).run(
            {**job, **machine, "GITHUB_RUN_ID": str(number), "GITHUB_RUN_ATTEMPT": "1"},
            lambda mask=mask: os.umask(mask),
            definition="openapi.yaml",
            icon="icon.png",
            auth="aad",
            client_id="c",
            resource_url="api://orders",
            record="none",
            artifact_name=f"connector-{number}",
        )
        assert result.code == 0, result.log
        digests.add(result.outputs["artifact-digest"])
    assert len(digests) == 1
