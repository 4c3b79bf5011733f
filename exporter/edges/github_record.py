"""Remembers the last export in a hidden git ref of the repository, through GitHub's REST API."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING

from exporter.edges.github import RAW, GitHub, reason
from exporter.model.errors import ServiceRefused
from exporter.model.json_values import Json, as_object, as_text
from exporter.model.plans import Record
from exporter.planning.record_format import NotARecord, read_record, write_record
from exporter.reporting.writer import pretty

if TYPE_CHECKING:
    from exporter.edges.http import Answer

RECORD_FILE = "record.json"
_WRITE = "contents: write"
_NOT_FOUND, _UNPROCESSABLE = 404, 422
_LONGEST_SLUG = 60


def record_ref(environment: str, name: str) -> str:
    """
    Name the ref that remembers one connector of one environment; no two of them share one, whatever their names are.

    It is not below `refs/heads`: no branch, starts no workflow, is not fetched by a clone.

    >>> record_ref("https://contoso.crm4.dynamics.com", "Orders API")
    'refs/connector-exporter/contoso-crm4-dynamics-com-orders-api-a2e202f908f9'
    >>> record_ref("", "注文")
    'refs/connector-exporter/77fce61a753a'
    """
    import hashlib

    home = environment.casefold().rstrip("/")
    readable = re.sub(r"[^a-z0-9]+", "-", f"{home.removeprefix('https://')} {name}".lower()).strip("-")
    digest = hashlib.sha256(f"{home}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"refs/connector-exporter/{readable[:_LONGEST_SLUG]}-{digest[:12]}".replace("/-", "/")


class RefRecords:
    """
    The port `Records` for `record: ref`: a chain of commits, one per export.

    Each holds `record.json`, which is what we read (two requests: the ref, the file), and beside it the connector's
    files, for people: `git fetch origin <ref>`, `git diff FETCH_HEAD~1 FETCH_HEAD`. A new commit's parent is the one
    that was read, and the ref is only moved forward, so that of two runs at once the later one is refused
    (https://docs.github.com/rest/git/refs#update-a-reference).
    """

    def __init__(self, github: GitHub, ref: str) -> None:
        self._github = github
        self._ref = ref
        self._head: str | None = None
        """The commit that was read last; empty where there was none, None before anything was read."""

    @property
    def place(self) -> str:
        """In words for people, where it is."""
        return self._ref

    def read(self) -> Record | None:
        """
        Give what the ref says; None where there is no ref yet.

        Raises ServiceRefused where the ref holds something else, or GitHub does not let us read; ServiceFailed.
        """
        self._head = self._current()
        if not self._head:
            return None
        answer = self._github.ask("GET", f"contents/{RECORD_FILE}?ref={self._head}", accept=RAW, also={_NOT_FOUND})
        try:
            return read_record(_found(answer))
        except NotARecord as error:
            raise ServiceRefused(
                f"The ref {self._ref} does not hold a record of an export: {error}.",
                advice="Somebody else wrote it. To start anew, delete it: "
                f"`gh api --method DELETE repos/{self._github.repository}/git/{self._ref}`.",
            ) from error

    def remember(self, record: Record) -> None:
        """Add a commit and move the ref to it. Raises ServiceRefused where it moved since `read`; ServiceFailed."""
        if self._head is None:
            self._head = self._current()
        tree = self._make("trees", {"tree": [self._entry(path, content) for path, content in _files(record).items()]})
        parents = [self._head] if self._head else []
        commit = self._make("commits", {"message": _message(record), "tree": tree, "parents": parents})
        self._move(commit)
        self._head = commit

    def _move(self, commit: str) -> None:
        if self._head:
            body: Json = {"sha": commit, "force": False}
            answer = self._github.ask("PATCH", f"git/{self._ref}", body=body, permission=_WRITE, also={_UNPROCESSABLE})
        else:
            body = {"sha": commit, "ref": self._ref}
            answer = self._github.ask("POST", "git/refs", body=body, permission=_WRITE, also={_UNPROCESSABLE})
        if answer.status != _UNPROCESSABLE:
            return
        now = self._current()
        if now == commit:
            return  # The first answer was lost, and the request was sent again.
        if now == self._head:
            raise ServiceRefused(
                f"GitHub refused to move {self._ref}: {reason(answer)}.",
                advice="Look whether a ruleset of the repository covers it, or use `record: file:<path>`.",
            )
        raise ServiceRefused(
            f"Another run exported in between: {self._ref} is not what it was when this run began.",
            advice="Run it again: it compares with the newer export. To let exports wait for each other, "
            "give the workflow a `concurrency` group.",
        )

    def _current(self) -> str:
        answer = self._github.ask("GET", f"git/ref/{self._ref.removeprefix('refs/')}", also={_NOT_FOUND})
        if answer.status == _NOT_FOUND:
            return ""
        target = as_object(as_object(answer.json()).get("object"))
        if target.get("type") != "commit":
            raise ServiceRefused(f"The ref {self._ref} leads to no commit.", advice="Delete the ref to start anew.")
        return _sha(target.get("sha"))

    def _entry(self, path: str, content: bytes) -> Json:
        entry = {"path": path, "mode": "100644", "type": "blob"}
        try:
            return {**entry, "content": content.decode()}
        except UnicodeDecodeError:
            text = binascii.b2a_base64(content, newline=False).decode("ascii")
            return {**entry, "sha": self._make("blobs", {"content": text, "encoding": "base64"})}

    def _make(self, kind: str, body: Json) -> str:
        """Make a git object; made twice it is the same, or belongs to nobody."""
        answer = self._github.ask("POST", f"git/{kind}", body=body, permission=_WRITE)
        return _sha(as_object(answer.json()).get("sha"))


def _found(answer: Answer) -> bytes:
    if answer.status == _NOT_FOUND:
        raise NotARecord(f"it has no {RECORD_FILE}")
    return answer.body


def _files(record: Record) -> dict[str, bytes]:
    connector = record.connector
    files = {
        RECORD_FILE: write_record(record),
        "apiDefinition.swagger.json": pretty(connector.definition) + b"\n",
        "apiProperties.json": pretty({"properties": connector.properties}) + b"\n",
        "icon.png": connector.icon,
        "script.csx": connector.script.encode("utf-8", "replace"),
    }
    return {path: content for path, content in files.items() if content}


def _message(record: Record) -> str:
    info = as_object(record.connector.definition.get("info"))
    title = " ".join(as_text(info.get("title")).split())[:_LONGEST_SLUG] or "the connector"
    facts = (
        ("Commit", record.commit),
        ("Time", record.time),
        ("Run", record.run),
        ("Connector", record.connector_id),
        ("Fingerprint", record.fingerprint),
    )
    return f"Export {title}\n\n" + "\n".join(f"{name}: {value}" for name, value in facts if value) + "\n"


def _sha(value: Json) -> str:
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", value):
        return value
    raise ServiceRefused(
        "GitHub's answer does not name a commit.", advice="Something between the runner and GitHub may have answered."
    )
