"""Little servers for the tests: one that answers as told, and GitHub's REST API over a real git repository."""

from __future__ import annotations

import base64
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
from tests.github.fake_pull_requests import Comments

TOKEN = "gh-token-of-the-tests"


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


def say(status: int, value: Any = None, headers: dict[str, str] | None = None) -> Said:
    return Said(status, json.dumps(value).encode(), headers=headers or {})


class Server:
    """Answers by `answer`; the first trouble whose words are in `METHOD /path?query` comes instead, or loses the answer."""

    def __init__(self, answer: Callable[[Request], Said]) -> None:
        self.seen: list[str] = []
        self.trouble: list[tuple[str, Said | str]] = []
        self.answer = answer
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

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815

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
            assert what == "answer lost"
            self.answer(request)
            return None
        return self.answer(request)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class FakeGitHub:
    """The git data API, contents and commits of `octo/orders`; git itself decides what is right."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.may_write = True
        self.comments = Comments()
        self.pulls: list[dict[str, Any]] = []
        subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
        self.server = Server(self.answer)

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
        verb, path = request.method, re.sub(r"^/(repos/octo/orders|repositories/17)/", "", request.path)
        routes = {
            r"GET git/ref/(.+)": self.get_ref,
            r"GET contents/(.+)": self.get_contents,
            r"GET commits/(.+)": self.get_commit,
            r"GET pulls": self.get_pulls,
            r"GET pulls/([0-9]+)": self.get_pull,
            r"GET compare/(.+)": self.get_compared,
            r"GET issues/([0-9]+)/comments": self.get_comments,
            r"(POST) issues/[0-9]+/comments": self.write_comment,
            r"(PATCH|DELETE) issues/comments/[0-9]+": self.write_comment,
            r"GET /user": self.get_user,
            r"POST /graphql": self.post_graphql,
            r"POST git/(blobs)": self.post_blob,
            r"POST git/(trees)": self.post_tree,
            r"POST git/(commits)": self.post_commit,
            r"POST git/(refs)": self.post_ref,
            r"PATCH git/(refs/.+)": self.patch_ref,
        }
        found = ((handler, re.fullmatch(pattern, f"{verb} {path}")) for pattern, handler in routes.items())
        handler, fits = next(((handler, fits) for handler, fits in found if fits), (None, None))
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return say(401, {"message": "Bad credentials"})
        if not handler or not fits:
            return say(404, {"message": "Not Found"})
        if "/git/" in request.path and verb != "GET" and not self.may_write:
            return say(403, {"message": "Resource not accessible by integration"})
        assert request.headers.get("user-agent")
        assert "x-github-api-version" in request.headers
        try:
            return handler(fits[1] if fits.re.groups else "", request, json.loads(request.body or b"{}"))
        except LookupError as error:
            return say(422, {"message": str(error)})

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

    def get_pulls(self, _: str, request: Request, _body: Any) -> Said:
        state, branch = request.query["state"][0], request.query["head"][0]
        return say(200, [pull for pull in self.pulls if (pull["state"], pull["head"]["label"]) == (state, branch)])

    def get_pull(self, number: str, _request: Request, _body: Any) -> Said:
        found = [pull for pull in self.pulls if pull["number"] == int(number)]
        return say(200, found[0]) if found else say(404, {"message": "Not Found"})

    def get_compared(self, names: str, _request: Request, _body: Any) -> Said:
        old, new = names.split("...")
        parted = self.git("merge-base", old, new).decode()
        ahead, behind = (self.git("rev-list", "--count", f"{parted}..{name}").decode() != "0" for name in (new, old))
        status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}.get((ahead, behind))
        return say(200, {"status": status or "identical", "merge_base_commit": {"sha": parted}})

    def get_comments(self, number: str, request: Request, _body: Any) -> Said:
        return say(*self.comments.list(self.server.url, int(number), request.query))

    def write_comment(self, verb: str, request: Request, _body: Any) -> Said:
        number = int(re.findall("[0-9]+", request.path)[-1])
        return say(*self.comments.write(verb, number, request.body))

    def get_user(self, _: str, _request: Request, _body: Any) -> Said:
        if self.comments.me.endswith("[bot]"):
            return say(403, {"message": "Resource not accessible by integration"})
        return say(200, {"login": self.comments.me})

    def post_graphql(self, _: str, _request: Request, body: Any) -> Said:
        assert "viewer" in body["query"]
        return say(200, {"data": {"viewer": {"login": self.comments.me}}})

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


@pytest.fixture
def fake_github(tmp_path: Path) -> Iterator[FakeGitHub]:
    running = FakeGitHub(tmp_path / "github.git")
    yield running
    running.server.stop()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Request], Said]], Server]]:
    running: list[Server] = []

    def start(answer: Callable[[Request], Said]) -> Server:
        running.append(Server(answer))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def said() -> Callable[..., Said]:
    return say


@pytest.fixture
def http() -> Iterator[Http]:
    client = Http(Patience(tries=3, base_delay=0.001), sleep=lambda _: None)
    yield client
    client.close()


@pytest.fixture
def github(fake_github: FakeGitHub, http: Http) -> GitHub:
    return GitHub(http, fake_github.server.url, "octo/orders", Secret(TOKEN))
