from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.edges.artifacts import RunnerArtifacts, artifact_name, artifacts_from
from exporter.edges.http import Http
from exporter.model.errors import CannotWrite, ServiceFailed, ServiceRefused

FILES = {"index.html": b"<h1>Orders</h1>", "apiDefinition.swagger.json": b"{}"}
QUOTA = {"code": "resource_exhausted", "msg": "Failed: insufficient usage to create artifact"}


class Job:
    """A job on a runner whose artifact service is the fake one."""

    def __init__(self, runner: Any, http: Http, token: str) -> None:
        self.masked: set[str] = set()
        self.http = http
        self.environment = {
            "ACTIONS_RESULTS_URL": f"{runner.url}/with/a/path/",
            "ACTIONS_RUNTIME_TOKEN": token,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "octo/orders",
            "GITHUB_RUN_ID": "42",
        }

    def artifacts(self, **changes: str) -> RunnerArtifacts | None:
        return artifacts_from({**self.environment, **changes}, self.http, self.masked.add)

    def publish(self, name: str = "connector-orders", files: Any = FILES, days: int = 0, **changes: str) -> Any:
        artifacts = self.artifacts(**changes)
        assert artifacts is not None
        return artifacts.publish(name, files, days)


@pytest.fixture
def job(runner: Any, http: Http, token: Callable[..., str]) -> Job:
    return Job(runner, http, token())


@pytest.mark.parametrize("camel", [False, True])
def test_people_can_download_what_was_published(camel: bool, job: Job, runner: Any) -> None:  # noqa: FBT001
    runner.camel = camel
    published = job.publish()
    blob = runner.blobs["1"]
    assert published.digest == f"sha256:{hashlib.sha256(blob).hexdigest()}"
    assert published.id == "1001"
    assert published.url == "https://github.com/octo/orders/actions/runs/42/artifacts/1001"
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert len(runner.seen) == 4


def test_the_same_files_have_the_same_digest(job: Job) -> None:
    turned = dict(reversed(FILES.items()))
    assert job.publish("one").digest == job.publish("two", turned).digest


def test_a_large_bundle_goes_up_in_blocks_of_8_mib(job: Job, runner: Any) -> None:
    noise = os.urandom(17 * 1024 * 1024)
    job.publish(files={"noise": noise})
    assert sum("comp=block&" in line for line in runner.seen) == 3
    with zipfile.ZipFile(io.BytesIO(runner.blobs["1"])) as archive:
        assert archive.read("noise") == noise


def test_the_signature_of_the_upload_is_masked_in_both_its_forms(job: Job) -> None:
    job.publish()
    assert job.masked == {"a%2Bb%2Fc%3D", "a+b/c="}


@pytest.mark.parametrize(
    ("days", "most", "kept"),
    [(0, "90", None), (30, "90", 30), (400, "90", 90), (30, "0", 30), (30, "", 30), (5, "x", 5)],
)
def test_artifacts_are_kept_as_long_as_asked_and_allowed(
    days: int, most: str, kept: int | None, job: Job, runner: Any
) -> None:
    now = 1_800_000_000
    artifacts = job.artifacts(GITHUB_RETENTION_DAYS=most)
    assert artifacts is not None
    RunnerArtifacts(artifacts._run, job.http, job.masked.add, lambda: now).publish("x", FILES, days)  # noqa: SLF001
    import time

    wanted = kept and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + kept * 24 * 3600))
    assert runner.asked["CreateArtifact"].get("expires_at") == wanted


def test_a_second_try_in_the_same_run_replaces_the_first(job: Job, runner: Any) -> None:
    job.publish()
    published = job.publish(files={"new": b"1"})
    assert published.id == "1002"
    assert [artifact["digest"] for artifact in runner.artifacts.values()] == [published.digest]


def test_a_name_that_stays_taken_is_said(job: Job, runner: Any, said: Any) -> None:
    runner.trouble = [
        ("CreateArtifact", said(409, {})),
        ("DeleteArtifact", said(404, {})),
        ("CreateArtifact", said(409, {})),
    ]
    with pytest.raises(ServiceRefused, match="already has a build artifact called connector-orders") as refused:
        job.publish()
    assert "artifact-name" in refused.value.advice


@pytest.mark.parametrize("words", ["CreateArtifact", "comp=block&", "comp=blocklist", "FinalizeArtifact"])
@pytest.mark.parametrize("trouble", ["answer lost", 429, 500, 503])
def test_trouble_that_passes_is_not_noticed(words: str, trouble: Any, job: Job, runner: Any, said: Any) -> None:
    runner.trouble = [(words, trouble if isinstance(trouble, str) else said(trouble, {"msg": "later"}))]
    published = job.publish()
    assert runner.trouble == []
    assert runner.artifacts["connector-orders"]["digest"] == published.digest
    assert published.id == runner.artifacts["connector-orders"]["database_id"]


@pytest.mark.parametrize("words", ["CreateArtifact", "comp=block&", "FinalizeArtifact"])
def test_trouble_that_stays_is_a_failure(words: str, job: Job, runner: Any, said: Any) -> None:
    runner.trouble = [(words, said(503, {}))] * 3
    with pytest.raises(ServiceFailed):
        job.publish()


@pytest.mark.parametrize("status", [403, 429])
def test_a_full_storage_is_said_at_once(status: int, job: Job, runner: Any, said: Any) -> None:
    runner.trouble = [("CreateArtifact", said(status, QUOTA))]
    with pytest.raises(ServiceRefused, match="storage for build artifacts is full"):
        job.publish()
    assert len(runner.seen) == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [("CreateArtifact", 401), ("comp=block&", 403), ("comp=blocklist", 400), ("FinalizeArtifact", 400)],
)
def test_a_refusal_says_what_was_refused_and_nothing_secret(
    words: str, status: int, job: Job, runner: Any, said: Any
) -> None:
    runner.trouble = [(words, said(status, {"msg": "no\n::error::x"}))]
    with pytest.raises(ServiceRefused, match=str(status)) as refused:
        job.publish()
    text = refused.value.message + refused.value.advice
    assert "\n" not in text
    assert not any(secret in text for secret in {*job.masked, job.environment["ACTIONS_RUNTIME_TOKEN"]})


@pytest.mark.parametrize("answer", [{}, [], {"signed_upload_url": 7}, {"ok": True, "signed_upload_url": ""}])
def test_an_answer_without_an_address_is_refused(answer: Any, job: Job, runner: Any, said: Any) -> None:
    runner.trouble = [("CreateArtifact", said(200, answer))]
    with pytest.raises(ServiceRefused):
        job.publish()


def test_a_file_that_would_not_unpack_safely_is_not_published(job: Job, runner: Any) -> None:
    with pytest.raises(CannotWrite):
        job.publish(files={"../evil": b""})
    assert runner.seen == []


@pytest.mark.parametrize(
    "changes",
    [
        {"ACTIONS_RESULTS_URL": ""},
        {"ACTIONS_RESULTS_URL": "http://[half"},
        {"ACTIONS_RUNTIME_TOKEN": ""},
        {"ACTIONS_RUNTIME_TOKEN": "no.token"},
        {"ACTIONS_RUNTIME_TOKEN": "a.W10.c"},
        {"ACTIONS_RUNTIME_TOKEN": "a.bnVsbA.c"},
        {"GITHUB_SERVER_URL": "https://github.contoso.com"},
        {"GITHUB_SERVER_URL": "https://github.com.contoso.com"},
    ],
)
def test_where_the_service_is_not_there_we_say_so_instead_of_failing(changes: dict[str, str], job: Job) -> None:
    assert job.artifacts() is not None
    assert job.artifacts(**changes) is None


def test_a_token_for_something_else_is_no_service(job: Job, token: Callable[..., str]) -> None:
    for scopes in ("", "Actions.Results:only-one", "Actions.Results:a:b:c", "Actions.Other:a:b"):
        assert job.artifacts(ACTIONS_RUNTIME_TOKEN=token(scopes)) is None


@pytest.mark.parametrize("server", ["https://octo.ghe.com", "https://x.localhost", "http://127.0.0.1:3000", ""])
def test_githubs_own_hosts_and_this_machine_have_the_service(server: str, job: Job) -> None:
    assert job.artifacts(GITHUB_SERVER_URL=server) is not None


@given(st.text())
def test_every_name_becomes_one_that_the_service_takes(wanted: str) -> None:
    name = artifact_name(wanted)
    assert 0 < len(name) <= 200
    assert not set('"*/:<>?\\|\r\n') & set(name)
    assert artifact_name(name) == name
