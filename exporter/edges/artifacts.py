"""Publishes build artifacts through the runner's artifact service (version 4 of its protocol)."""

from __future__ import annotations

import binascii
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from exporter.edges.artifact_run import Run, run_of
from exporter.model.errors import ServiceRefused
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.ports import PublishedArtifact
from exporter.reporting.zip_file import deflated_zip

if TYPE_CHECKING:
    from exporter.edges.http import Answer, Http

_SERVICE = "github.actions.results.api.v1.ArtifactService"
_VERSION = 4
"""What upload-artifact v4 to v6 send for a zip; newer clients' `mime_type` is only needed for what is no zip."""
_BLOCK = 8 * 1024 * 1024
_LONGEST_NAME = 200
_QUOTA = b"insufficient usage"
"""How GitHub begins to say that the storage is full; trying again does not help for hours."""
_OK, _CREATED, _CONFLICT = 200, 201, 409
_DAY = 24 * 3600
_PAUSES = (0, 2, 6)
"""Seconds; a bundle is up in one or two."""


class _There(NamedTuple):
    """An artifact that the run has already."""

    id: str
    digest: str
    job: str
    """The service's own id of the job that published it; empty where the service does not say."""


class RunnerArtifacts:
    """
    The port `Artifacts`, in four requests for a small bundle: create, block, list of blocks, finalize.

    We follow https://github.com/actions/toolkit/tree/main/packages/artifact, which is the only description there is.
    `mask` is given what must not be seen in the log; `now` gives the seconds since 1970; `sleep` waits for seconds.
    """

    def __init__(
        self,
        run: Run,
        http: Http,
        mask: Callable[[str], None],
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._run = run
        self._http = http
        self._mask = mask
        self._now = now
        self._sleep = sleep

    def publish(self, name: str, files: Mapping[str, bytes], retention_days: int) -> PublishedArtifact:
        """
        Publish files (by path inside the zip); 0 days leaves it to the repository.

        An artifact of the same name in this run is taken as it is where it is the same to the byte, and replaced where
        it is of an earlier try; what another job published is left alone. Raises ServiceRefused (also where the name
        is taken or the storage is full), ServiceFailed, CannotWrite where a path is unfit for a zip.
        """
        import hashlib

        content = deflated_zip(files)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        name = artifact_name(name)
        wanted: Object = {"name": name, "version": _VERSION, **self._expiry(retention_days)}
        answer = self._call("CreateArtifact", wanted)
        artifact = ""
        if answer.status == _CONFLICT:
            artifact, answer = self._taken(wanted, digest, answer)
        if not artifact:
            self._upload(self._address(answer, name), content)
            artifact = self._finalize(name, content, digest)
        return PublishedArtifact(artifact, f"{self._run.page}/artifacts/{artifact}", digest)

    def _taken(self, wanted: Object, digest: str, answer: Answer) -> tuple[str, Answer]:
        """
        Look whose the artifact is that has the name already: ours as it is, or an earlier try that gives way.

        The service knows an artifact's job, and each attempt of a job is another one there. What is not listed is not
        finished: another job may be at it this very moment, so we wait and look again before we call it a broken try;
        in another attempt it is one more likely than not.
        """
        name = as_text(wanted["name"])
        for pause in _PAUSES[: 1 if self._run.again else None]:
            self._sleep(pause)
            listed = tuple(self._artifacts(name))
            for there in listed:
                if there.digest == digest:
                    return there.id, answer
                if there.job not in {"", self._run.job_id} and not self._run.again:
                    self._refused(answer, name)
            if listed:
                break
        self._call("DeleteArtifact", {"name": name})
        return "", self._call("CreateArtifact", wanted)

    def _address(self, answer: Answer, name: str) -> str:
        address = as_text(_field(answer, "signed_upload_url", "signedUploadUrl"))
        if not address:
            self._refused(answer, name)
        for secret in _signatures(address):
            self._mask(secret)
        return address

    def _expiry(self, days: int) -> Object:
        if not days:
            return {}
        kept = min(days, self._run.most_days or days)
        return {"expires_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._now() + kept * _DAY))}

    def _upload(self, address: str, content: bytes) -> None:
        """
        Put the blocks and then their list, with nothing but the address's own signature to show for it.

        Not as one blob, although Azure would take it: act answers 200 to that and stores nothing.
        https://learn.microsoft.com/rest/api/storageservices/put-block-list
        """
        ids = []
        for start in range(0, len(content), _BLOCK):
            ids.append(binascii.b2a_base64(b"%032d" % start, newline=False).decode("ascii"))
            place = f"{address}&comp=block&blockid={ids[-1].replace('=', '%3D')}"
            self._put(place, content[start : start + _BLOCK], {})
        latest = "".join(f"<Latest>{block}</Latest>" for block in ids)
        self._put(
            f"{address}&comp=blocklist",
            f'<?xml version="1.0" encoding="utf-8"?><BlockList>{latest}</BlockList>'.encode(),
            {"Content-Type": "application/xml", "x-ms-blob-content-type": "application/zip"},
        )

    def _put(self, address: str, content: bytes, headers: Mapping[str, str]) -> None:
        answer = self._http.request(
            "PUT",
            address,
            service="artifact storage",
            headers={"x-ms-version": "2021-12-02", **headers},
            data=content,
        )
        if answer.status not in {_OK, _CREATED}:
            raise ServiceRefused(
                f"The artifact storage did not take the bundle: {answer.asked} (status {answer.status}).",
                advice="Run it again. On a runner of your own, check that its clock is right and that "
                "*.blob.core.windows.net can be reached.",
            )

    def _finalize(self, name: str, content: bytes, digest: str) -> str:
        answer = self._call("FinalizeArtifact", {"name": name, "size": str(len(content)), "hash": digest})
        artifact = _number(_field(answer, "artifact_id", "artifactId"))
        if not artifact:  # it may be there already, where the answer to an earlier try was lost
            artifact = next((there.id for there in self._artifacts(name) if there.digest == digest), "")
        if not artifact:
            self._refused(answer, name)
        return artifact

    def _artifacts(self, name: str) -> Iterator[_There]:
        listed = as_object(self._call("ListArtifacts", {"name_filter": name}).details())
        for one in map(as_object, as_list(listed.get("artifacts"))):
            if one.get("name") == name:
                yield _There(
                    _number(one.get("database_id", one.get("databaseId"))),
                    as_text(one.get("digest")),
                    as_text(one.get("workflow_job_run_backend_id", one.get("workflowJobRunBackendId"))),
                )

    def _call(self, method: str, body: Object) -> Answer:
        """Ask the service; every call may be sent again, because whoever asks looks after what it then says."""
        ids = {"workflow_run_backend_id": self._run.run_id, "workflow_job_run_backend_id": self._run.job_id}
        return self._http.request(
            "POST",
            f"{self._run.service}/twirp/{_SERVICE}/{method}",
            service="artifact service",
            headers={"Authorization": f"Bearer {self._run.token}"},
            json={**ids, **body},
            repeatable=True,
            final=_QUOTA,
        )

    def _refused(self, answer: Answer, name: str) -> NoReturn:
        if _QUOTA in answer.body:
            raise ServiceRefused(
                f"The storage for build artifacts is full, so {name} was not published.",
                advice="Delete old artifacts or lower retention-days; GitHub counts again every 6 to 12 hours. "
                "The bundle is in the workspace all the same.",
            )
        if answer.status == _CONFLICT:
            raise ServiceRefused(
                f"This run already has a build artifact called {name}.",
                advice="Give each job its own name with the input artifact-name.",
            )
        raise ServiceRefused(
            f"The artifact service did not publish {name}: {answer.asked} (status {answer.status}{_words(answer)}).",
            advice="The bundle is in the workspace all the same; a later step with actions/upload-artifact can take it.",
        )


def artifacts_from(
    environment: Mapping[str, str],
    http: Http,
    mask: Callable[[str], None],
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> RunnerArtifacts | None:
    """Give the artifact service of this run; None where there is none."""
    run = run_of(environment)
    return RunnerArtifacts(run, http, mask, now, sleep) if run else None


def artifact_name(wanted: str) -> str:
    r"""
    Make a name that the service takes: without what file systems do not like.

    >>> artifact_name('connector-Orders: "new"/old\n')
    'connector-Orders- -new--old'
    """
    return re.sub(r'[\x00-\x1f\x7f"*/:<>?\\|]', "-", wanted.strip())[:_LONGEST_NAME].strip(". ") or "connector"


def _signatures(address: str) -> set[str]:
    """Give the signature in a signed address, as it is written there and as it is meant."""
    from urllib.parse import unquote

    written = re.findall(r"[?&]sig=([^&#]+)", address)
    return {form for signature in written for form in (signature, unquote(signature))}


def _field(answer: Answer, snake: str, camel: str) -> Json:
    """Give a field of an answer that says yes: GitHub writes snake_case, other servers camelCase."""
    body = as_object(answer.details()) if answer.status == _OK else {}
    return body.get(snake, body.get(camel))


def _number(value: Json) -> str:
    return str(value) if isinstance(value, (int, str)) and str(value).isdecimal() else ""


def _words(answer: Answer) -> str:
    words = as_text(as_object(answer.details()).get("msg"))
    return f": {words[:200]!r}" if words else ""
