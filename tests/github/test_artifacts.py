from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import time
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


SERVICE = "/twirp/github.actions.results.api.v1.ArtifactService/"
FIELDS = {
    "CreateArtifact": {"name", "version", "expires_at"},
    "FinalizeArtifact": {"name", "size", "hash"},
    "ListArtifacts": {"name_filter"},
    "DeleteArtifact": {"name"},
}
IDS = {"workflow_run_backend_id": "run-1", "workflow_job_run_backend_id": "job-2"}


def runtime_token(scopes: str = "Actions.Results:run-1:job-2 Actions.Other:x") -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"scp": scopes, "sub": "ü?>"}).encode()).decode().rstrip("=")
    return f"e30.{payload}.signature"


class FakeRunner:
    """The artifact service and its blob store: refuses what protojson, the service and Azure refuse."""

    def __init__(self, serve: Any, say: Any) -> None:
        self.say = say
        self.camel = False
        self.asked: dict[str, Any] = {}
        self.artifacts: dict[str, dict[str, Any]] = {}
        self.blocks: dict[str, bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.made = 0
        self.server = serve(self.answer)
        self.signed: Callable[[int], str] | None = None
        """Gives the address of the blob with that number, where another store than this one keeps it."""

    def answer(self, request: Any) -> Any:
        if request.method == "PUT":
            return self.store(request)
        method = request.path.removeprefix(SERVICE)
        body = json.loads(request.body)
        if request.headers.get("authorization") != f"Bearer {runtime_token()}":
            return self.say(401, {"code": "unauthenticated", "msg": "who are you"})
        if {name: body.pop(name) for name in IDS} != IDS:
            return self.say(403, {"code": "permission_denied", "msg": "another run"})
        if unknown := set(body) - FIELDS[method]:
            return self.say(400, {"code": "malformed", "msg": f"unknown field {unknown}"})
        self.asked[method] = body
        return {"CreateArtifact": self.create, "FinalizeArtifact": self.finalize}.get(method, self.other)(method, body)

    def create(self, _method: str, body: Any) -> Any:
        assert body["version"] == 4
        assert not re.search(r'["*/:<>?\\|\r\n]', body["name"])
        if body["name"] in self.artifacts:
            return self.say(409, {"code": "already_exists", "msg": "an artifact with this name already exists"})
        self.made += 1
        job = IDS["workflow_job_run_backend_id"]
        self.artifacts[body["name"]] = {
            "database_id": str(1000 + self.made),
            "name": body["name"],
            "workflow_job_run_backend_id": job,
        }
        here = f"{self.server.url}/blobs/{self.made}?sv=2021&sig=a%2Bb%2Fc%3D"
        address = self.signed(self.made) if self.signed else here
        return self.say(200, {"ok": True, "signedUploadUrl" if self.camel else "signed_upload_url": address})

    def store(self, request: Any) -> Any:
        if "authorization" in request.headers:
            return self.say(400, "InvalidAuthenticationInfo")
        if request.query.get("sig") != ["a+b/c="] or "x-ms-version" not in request.headers:
            return self.say(403, "AuthenticationFailed")
        if request.query["comp"] == ["block"]:
            assert 0 < len(request.body) <= 8 * 1024 * 1024
            self.blocks[request.query["blockid"][0]] = request.body
        elif request.query["comp"] == ["blocklist"]:
            assert request.headers["x-ms-blob-content-type"] == "application/zip"
            names = re.findall(r"<Latest>([^<]+)</Latest>", request.body.decode())
            if not set(names) <= set(self.blocks):
                return self.say(400, "InvalidBlockList")
            self.blobs[request.path.rpartition("/")[2]] = b"".join(self.blocks[name] for name in names)
        return self.say(201)

    def finalize(self, _method: str, body: Any) -> Any:
        artifact = self.artifacts[body["name"]]
        blob = self.blobs.get(str(int(artifact["database_id"]) - 1000))
        if self.signed:
            artifact["digest"] = body["hash"]
            return self.say(200, {"ok": True, "artifact_id": artifact["database_id"]})
        if blob is None:
            return self.say(404, {"code": "not_found", "msg": "no blob"})
        if body["size"] != str(len(blob)) or body["hash"] != f"sha256:{hashlib.sha256(blob).hexdigest()}":
            return self.say(400, {"code": "invalid_argument", "msg": "another size or hash"})
        if "digest" in artifact:
            return self.say(409, {"code": "already_exists", "msg": "finalized before"})
        artifact["digest"] = body["hash"]
        return self.say(200, {"ok": True, "artifactId" if self.camel else "artifact_id": artifact["database_id"]})

    def other(self, method: str, body: Any) -> Any:
        if method == "DeleteArtifact":
            found = self.artifacts.pop(body["name"], None)
            return self.say(200, {"ok": True}) if found else self.say(404, {"code": "not_found"})
        finished = [one for one in self.artifacts.values() if one["name"] == body["name_filter"] and "digest" in one]
        return self.say(200, {"artifacts": finished})


class Job:
    """A job on a runner whose artifact service is the fake one."""

    def __init__(self, runner: FakeRunner, http: Http) -> None:
        self.masked: set[str] = set()
        self.waited: list[float] = []
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens while this job waits."""
        self.http = http
        self.environment = {
            "ACTIONS_RESULTS_URL": f"{runner.server.url}/with/a/path/",
            "ACTIONS_RUNTIME_TOKEN": runtime_token(),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "octo/orders",
            "GITHUB_RUN_ID": "42",
        }

    def artifacts(self, **changes: str) -> RunnerArtifacts | None:
        return artifacts_from({**self.environment, **changes}, self.http, self.masked.add, sleep=self.wait)

    def wait(self, seconds: float) -> None:
        if seconds:
            self.waited.append(seconds)
            self.meanwhile()

    def publish(self, name: str = "connector-orders", files: Any = FILES, days: int = 0, **changes: str) -> Any:
        artifacts = self.artifacts(**changes)
        assert artifacts is not None
        return artifacts.publish(name, files, days)


@pytest.fixture
def runner(serve: Any, said: Any) -> FakeRunner:
    return FakeRunner(serve, said)


@pytest.fixture
def job(runner: FakeRunner, http: Http) -> Job:
    return Job(runner, http)


@pytest.mark.parametrize("camel", [False, True])
def test_people_can_download_what_was_published(camel: bool, job: Job, runner: FakeRunner) -> None:
    runner.camel = camel
    published = job.publish()
    blob = runner.blobs["1"]
    assert published.digest == f"sha256:{hashlib.sha256(blob).hexdigest()}"
    assert published.id == "1001"
    assert published.url == "https://github.com/octo/orders/actions/runs/42/artifacts/1001"
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert len(runner.server.seen) == 4


def test_the_same_files_have_the_same_digest(job: Job) -> None:
    turned = dict(reversed(FILES.items()))
    assert job.publish("one").digest == job.publish("two", turned).digest


def test_a_large_bundle_goes_up_in_blocks_of_8_mib(job: Job, runner: FakeRunner) -> None:
    noise = os.urandom(17 * 1024 * 1024)
    job.publish(files={"noise": noise})
    assert sum("comp=block&" in line for line in runner.server.seen) == 3
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
    days: int, most: str, kept: int | None, job: Job, runner: FakeRunner
) -> None:
    environment = {**job.environment, "GITHUB_RETENTION_DAYS": most}
    now = 1_800_000_000
    artifacts = artifacts_from(environment, job.http, job.masked.add, lambda: now)
    assert artifacts is not None
    artifacts.publish("x", FILES, days)
    wanted = kept and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + kept * 24 * 3600))
    assert runner.asked["CreateArtifact"].get("expires_at") == wanted


def test_a_second_try_in_the_same_run_replaces_the_first(job: Job, runner: FakeRunner) -> None:
    job.publish()
    published = job.publish(files={"new": b"1"})
    assert published.id == "1002"
    assert [artifact["digest"] for artifact in runner.artifacts.values()] == [published.digest]


def asked(runner: FakeRunner) -> list[str]:
    return [line.rpartition("/")[2] for line in runner.server.seen if line.startswith("POST")]


def test_what_is_there_to_the_byte_is_not_published_again(job: Job, runner: FakeRunner) -> None:
    first = job.publish()
    runner.artifacts["connector-orders"]["workflow_job_run_backend_id"] = "job-1"
    runner.server.seen.clear()
    assert job.publish() == first
    assert asked(runner) == ["CreateArtifact", "ListArtifacts"]


@pytest.mark.parametrize(("attempt", "replaced"), [("1", False), ("2", True), ("", False)])
def test_what_another_job_published_is_replaced_only_by_another_attempt(
    attempt: str, replaced: bool, job: Job, runner: FakeRunner
) -> None:
    job.publish(files={"a": b"of another leg of the matrix"})
    theirs = runner.artifacts["connector-orders"]
    theirs["workflow_job_run_backend_id"] = "job-1"
    if replaced:
        assert job.publish(GITHUB_RUN_ATTEMPT=attempt).id == "1002"
        return
    with pytest.raises(ServiceRefused, match="already has a build artifact") as refused:
        job.publish(GITHUB_RUN_ATTEMPT=attempt)
    assert "artifact-name" in refused.value.advice
    assert runner.artifacts["connector-orders"] is theirs
    assert "DeleteArtifact" not in asked(runner)


@pytest.mark.parametrize("same", [True, False])
def test_what_another_job_is_just_publishing_is_waited_for(same: bool, job: Job, runner: FakeRunner) -> None:
    job.publish()
    theirs = runner.artifacts["connector-orders"]
    theirs["workflow_job_run_backend_id"] = "job-1"
    digest = theirs.pop("digest")
    job.meanwhile = lambda: theirs.update(digest=digest)
    if same:
        assert job.publish().id == "1001"
    else:
        with pytest.raises(ServiceRefused, match="already has a build artifact"):
            job.publish(files={"other": b"1"})
    assert len(job.waited) == 1
    assert runner.artifacts["connector-orders"] is theirs


@pytest.mark.parametrize(("attempt", "waited"), [("1", 2), ("2", 0)])
def test_what_was_never_finished_gives_way(attempt: str, waited: int, job: Job, runner: FakeRunner, said: Any) -> None:
    runner.server.trouble = [("comp=blocklist", said(403, {}))]
    with pytest.raises(ServiceRefused):
        job.publish()
    assert job.publish(GITHUB_RUN_ATTEMPT=attempt).id == "1002"
    assert len(job.waited) == waited


def test_a_name_that_stays_taken_is_said(job: Job, runner: FakeRunner, said: Any) -> None:
    runner.server.trouble = [
        ("CreateArtifact", said(409, {})),
        ("DeleteArtifact", said(404, {})),
        ("CreateArtifact", said(409, {})),
    ]
    with pytest.raises(ServiceRefused, match="already has a build artifact called connector-orders") as refused:
        job.publish()
    assert "artifact-name" in refused.value.advice


@pytest.mark.parametrize("words", ["CreateArtifact", "comp=block&", "comp=blocklist", "FinalizeArtifact"])
@pytest.mark.parametrize("trouble", ["answer lost", 429, 500, 503])
def test_trouble_that_passes_is_not_noticed(words: str, trouble: Any, job: Job, runner: FakeRunner, said: Any) -> None:
    runner.server.trouble = [(words, trouble if isinstance(trouble, str) else said(trouble, {"msg": "later"}))]
    published = job.publish()
    assert runner.server.trouble == []
    assert runner.artifacts["connector-orders"]["digest"] == published.digest
    assert published.id == runner.artifacts["connector-orders"]["database_id"]


@pytest.mark.parametrize("words", ["CreateArtifact", "comp=block&", "FinalizeArtifact"])
def test_trouble_that_stays_is_a_failure(words: str, job: Job, runner: FakeRunner, said: Any) -> None:
    runner.server.trouble = [(words, said(503, {}))] * 3
    with pytest.raises(ServiceFailed):
        job.publish()


@pytest.mark.parametrize("status", [403, 429])
def test_a_full_storage_is_said_at_once(status: int, job: Job, runner: FakeRunner, said: Any) -> None:
    runner.server.trouble = [("CreateArtifact", said(status, QUOTA))]
    with pytest.raises(ServiceRefused, match="storage for build artifacts is full"):
        job.publish()
    assert len(runner.server.seen) == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [("CreateArtifact", 401), ("comp=block&", 403), ("comp=blocklist", 400), ("FinalizeArtifact", 400)],
)
def test_a_refusal_says_what_was_refused_and_nothing_secret(
    words: str, status: int, job: Job, runner: FakeRunner, said: Any
) -> None:
    runner.server.trouble = [(words, said(status, {"msg": "no\n::error::x"}))]
    with pytest.raises(ServiceRefused, match=str(status)) as refused:
        job.publish()
    text = refused.value.message + refused.value.advice
    assert "\n" not in text
    assert not any(secret in text for secret in {*job.masked, job.environment["ACTIONS_RUNTIME_TOKEN"]})


@pytest.mark.parametrize("answer", [{}, [], {"signed_upload_url": 7}, {"ok": True, "signed_upload_url": ""}])
def test_an_answer_without_an_address_is_refused(answer: Any, job: Job, runner: FakeRunner, said: Any) -> None:
    runner.server.trouble = [("CreateArtifact", said(200, answer))]
    with pytest.raises(ServiceRefused):
        job.publish()


def test_a_file_that_would_not_unpack_safely_is_not_published(job: Job, runner: FakeRunner) -> None:
    with pytest.raises(CannotWrite):
        job.publish(files={"../evil": b""})
    assert runner.server.seen == []


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


def test_a_token_for_something_else_is_no_service(job: Job) -> None:
    for scopes in ("", "Actions.Results:only-one", "Actions.Results:a:b:c", "Actions.Other:a:b"):
        assert job.artifacts(ACTIONS_RUNTIME_TOKEN=runtime_token(scopes)) is None


@pytest.mark.parametrize("server", ["https://octo.ghe.com", "https://x.localhost", "http://127.0.0.1:3000", ""])
def test_githubs_own_hosts_and_this_machine_have_the_service(server: str, job: Job) -> None:
    assert job.artifacts(GITHUB_SERVER_URL=server) is not None


@given(st.text())
def test_every_name_becomes_one_that_the_service_takes(wanted: str) -> None:
    name = artifact_name(wanted)
    assert 0 < len(name) <= 200
    assert not set('"*/:<>?\\|\r\n') & set(name)
    assert artifact_name(name) == name
