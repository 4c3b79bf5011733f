"""Two strict little servers: GitHub's REST API over a real git repository, and the runner's artifact service."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from exporter.edges.github import GitHub
from exporter.edges.http import Http, Patience
from exporter.settings.settings import Secret

TOKEN = "gh-token-of-the-tests"
SERVICE = "/twirp/github.actions.results.api.v1.ArtifactService/"


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class Said(NamedTuple):
    status: int
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = {}  # noqa: RUF012


def say(status: int, value: Any) -> Said:
    return Said(status, json.dumps(value).encode())


class Server:
    """Answers by `answer`; the first trouble whose words are in `METHOD /path?query` comes before or instead of it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.trouble: list[tuple[str, Said | str | Callable[[], None]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = server.meet(
                    Request(self.command, unquote(parts.path), parse_qs(parts.query), headers, body), self.path
                )
                if said is None:
                    self.close_connection = True
                    return
                self.send_response(said.status)
                for name, value in {"Content-Type": said.kind, **said.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)

            do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def meet(self, request: Request, address: str) -> Said | None:
        line = f"{request.method} {address}"
        self.seen.append(line)
        for number, (words, what) in enumerate(self.trouble):
            if words not in line:
                continue
            del self.trouble[number]
            if isinstance(what, Said):
                return what
            if what == "answer lost":
                self.answer(request)
                return None
            assert callable(what)
            what()
            break
        return self.answer(request)

    def answer(self, request: Request) -> Said:
        raise NotImplementedError

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class FakeGitHub(Server):
    """The git data API, contents and commits of `octo/orders`; git itself decides what is right."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.may_write = True
        subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
        super().__init__()

    def git(self, *arguments: str, given: bytes = b"") -> bytes:
        who = {f"GIT_{role}_{what}": "bot@x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=given,
            capture_output=True,
            check=False,
            env={**who, "PATH": "/usr/local/bin:/usr/bin:/bin"},
        )
        if done.returncode:
            raise LookupError(done.stderr)
        return done.stdout if arguments[0] == "cat-file" else done.stdout.strip()

    def answer(self, request: Request) -> Said:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return say(401, {"message": "Bad credentials"})
        if not request.headers.get("user-agent") or "x-github-api-version" not in request.headers:
            return say(400, {"message": "A header is missing"})
        if not request.path.startswith("/repos/octo/orders/"):
            return say(404, {"message": "Not Found"})
        if request.method != "GET" and not self.may_write:
            return say(403, {"message": "Resource not accessible by integration"})
        verb, path = request.method, request.path.removeprefix("/repos/octo/orders/")
        body = json.loads(request.body or b"{}")
        routes = {
            r"GET git/ref/(.+)": self.get_ref,
            r"GET contents/(.+)": self.get_contents,
            r"GET commits/(.+)": self.get_commit,
            r"POST git/(blobs)": self.post_blob,
            r"POST git/(trees)": self.post_tree,
            r"POST git/(commits)": self.post_commit,
            r"POST git/(refs)": self.post_ref,
            r"PATCH git/(refs/.+)": self.patch_ref,
        }
        for pattern, handler in routes.items():
            if found := re.fullmatch(pattern, f"{verb} {path}"):
                try:
                    return handler(found[1], request, body)
                except LookupError as error:
                    return say(422, {"message": str(error)})
        return say(404, {"message": "Not Found"})

    def get_ref(self, name: str, _request: Request, _body: Any) -> Said:
        try:
            sha = self.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"refs/{name}").decode()
        except LookupError:
            return say(404, {"message": "Not Found"})
        kind = self.git("cat-file", "-t", sha).decode().strip()
        return say(200, {"ref": f"refs/{name}", "object": {"sha": sha, "type": kind}})

    def get_contents(self, path: str, request: Request, _body: Any) -> Said:
        if request.headers["accept"] != "application/vnd.github.raw+json":
            return say(415, {"message": "Only raw here"})
        place = f"{request.query['ref'][0]}:{path}"
        try:
            kind = self.git("cat-file", "-t", place).strip()
        except LookupError:
            return say(404, {"message": "Not Found"})
        if kind == b"tree":
            return say(200, [{"type": "file", "name": "something"}])
        return Said(200, self.git("cat-file", "blob", place), "application/vnd.github.raw+json; charset=utf-8")

    def get_commit(self, name: str, _request: Request, _body: Any) -> Said:
        try:
            sha, *parents = self.git("rev-list", "--parents", "-n1", "--end-of-options", name).decode().split()
        except LookupError:
            return say(422, {"message": f"No commit found for SHA: {name}"})
        return say(200, {"sha": sha, "parents": [{"sha": parent} for parent in parents]})

    def post_blob(self, _kind: str, _request: Request, body: Any) -> Said:
        assert body.pop("encoding") == "base64"
        content = base64.b64decode(body.pop("content"), validate=True)
        assert not body
        return say(201, {"sha": self.git("hash-object", "-w", "--stdin", given=content).decode()})

    def post_tree(self, _kind: str, _request: Request, body: Any) -> Said:
        lines = []
        for entry in body["tree"]:
            assert entry["mode"] == "100644"
            assert entry["type"] == "blob"
            assert ("content" in entry) != ("sha" in entry)
            written = entry.get("content", "").encode()
            sha = entry.get("sha") or self.git("hash-object", "-w", "--stdin", given=written).decode()
            lines.append(f"100644 blob {sha}\t{entry['path']}")
        return say(201, {"sha": self.git("mktree", given="\n".join(lines).encode()).decode()})

    def post_commit(self, _kind: str, _request: Request, body: Any) -> Said:
        parents = [word for parent in body["parents"] for word in ("-p", parent)]
        sha = self.git("commit-tree", body["tree"], *parents, given=body["message"].encode()).decode()
        return say(201, {"sha": sha})

    def post_ref(self, _kind: str, _request: Request, body: Any) -> Said:
        if not body["ref"].startswith("refs/") or body["ref"].count("/") < 2:
            return say(422, {"message": "Reference name must start with refs/ and have two slashes"})
        self.git("check-ref-format", body["ref"])
        try:
            self.git("update-ref", body["ref"], body["sha"], "0" * 40)
        except LookupError:
            return say(422, {"message": "Reference already exists"})
        return say(201, {})

    def patch_ref(self, ref: str, _request: Request, body: Any) -> Said:
        assert body["force"] is False
        try:
            old = self.git("rev-parse", "--verify", "--quiet", ref).decode()
        except LookupError:
            return say(422, {"message": "Reference does not exist"})
        try:
            self.git("merge-base", "--is-ancestor", old, body["sha"])
        except LookupError:
            return say(422, {"message": "Update is not a fast forward"})
        self.git("update-ref", ref, body["sha"], old)
        return say(200, {})


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


class FakeRunner(Server):
    """The artifact service and its blob store: refuses what protojson, the service and Azure refuse."""

    def __init__(self) -> None:
        self.camel = False
        self.asked: dict[str, Any] = {}
        self.artifacts: dict[str, dict[str, Any]] = {}
        self.blocks: dict[str, bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.made = 0
        super().__init__()

    def answer(self, request: Request) -> Said:
        if request.method == "PUT":
            return self.store(request)
        method = request.path.removeprefix(SERVICE)
        body = json.loads(request.body)
        if request.headers.get("authorization") != f"Bearer {runtime_token()}":
            return say(401, {"code": "unauthenticated", "msg": "who are you"})
        if {name: body.pop(name) for name in IDS} != IDS:
            return say(403, {"code": "permission_denied", "msg": "another run"})
        if unknown := set(body) - FIELDS[method]:
            return say(400, {"code": "malformed", "msg": f"unknown field {unknown}"})
        self.asked[method] = body
        return {"CreateArtifact": self.create, "FinalizeArtifact": self.finalize}.get(method, self.other)(method, body)

    def create(self, _method: str, body: Any) -> Said:
        assert body["version"] == 4
        assert not re.search(r'["*/:<>?\\|\r\n]', body["name"])
        if body["name"] in self.artifacts:
            return say(409, {"code": "already_exists", "msg": "an artifact with this name already exists"})
        self.made += 1
        self.artifacts[body["name"]] = {"database_id": str(1000 + self.made), "name": body["name"]}
        address = f"{self.url}/blobs/{self.made}?sv=2021&sig=a%2Bb%2Fc%3D"
        return say(200, {"ok": True, "signedUploadUrl" if self.camel else "signed_upload_url": address})

    def store(self, request: Request) -> Said:
        if "authorization" in request.headers:
            return Said(400, b"<Error>InvalidAuthenticationInfo</Error>", "application/xml")
        if request.query.get("sig") != ["a+b/c="] or "x-ms-version" not in request.headers:
            return Said(403, b"<Error>AuthenticationFailed</Error>", "application/xml")
        if request.query["comp"] == ["block"]:
            assert 0 < len(request.body) <= 8 * 1024 * 1024
            self.blocks[request.query["blockid"][0]] = request.body
        elif request.query["comp"] == ["blocklist"]:
            assert request.headers["x-ms-blob-content-type"] == "application/zip"
            names = re.findall(r"<Latest>([^<]+)</Latest>", request.body.decode())
            if not set(names) <= set(self.blocks):
                return Said(400, b"<Error>InvalidBlockList</Error>", "application/xml")
            self.blobs[request.path.rpartition("/")[2]] = b"".join(self.blocks[name] for name in names)
        return Said(201)

    def finalize(self, _method: str, body: Any) -> Said:
        artifact = self.artifacts[body["name"]]
        blob = self.blobs[str(int(artifact["database_id"]) - 1000)]
        if body["size"] != str(len(blob)) or body["hash"] != f"sha256:{hashlib.sha256(blob).hexdigest()}":
            return say(400, {"code": "invalid_argument", "msg": "another size or hash"})
        if "digest" in artifact:
            return say(409, {"code": "already_exists", "msg": "finalized before"})
        artifact["digest"] = body["hash"]
        return say(200, {"ok": True, "artifactId" if self.camel else "artifact_id": artifact["database_id"]})

    def other(self, method: str, body: Any) -> Said:
        if method == "DeleteArtifact":
            found = self.artifacts.pop(body["name"], None)
            return say(200, {"ok": True}) if found else say(404, {"code": "not_found"})
        return say(200, {"artifacts": [one for one in self.artifacts.values() if one["name"] == body["name_filter"]]})


@pytest.fixture
def fake_github(tmp_path: Path) -> Iterator[FakeGitHub]:
    running = FakeGitHub(tmp_path / "github.git")
    yield running
    running.stop()


@pytest.fixture
def runner() -> Iterator[FakeRunner]:
    running = FakeRunner()
    yield running
    running.stop()


@pytest.fixture
def http() -> Iterator[Http]:
    client = Http(Patience(tries=3, base_delay=0.001), sleep=lambda _: None)
    yield client
    client.close()


@pytest.fixture
def github(fake_github: FakeGitHub, http: Http) -> GitHub:
    return GitHub(http, fake_github.url, "octo/orders", Secret(TOKEN))


@pytest.fixture
def said() -> Callable[..., Said]:
    def make(status: int, value: Any, headers: dict[str, str] | None = None) -> Said:
        return say(status, value)._replace(headers=headers or {})

    return make


@pytest.fixture
def token() -> Callable[..., str]:
    return runtime_token
