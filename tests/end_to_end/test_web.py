"""A definition on the web: fetched from the one address that was named, its references are not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

GOOD = {
    "swagger": "2.0",
    "info": {"title": "T", "version": "1"},
    "host": "api.example.com",
    "schemes": ["https"],
    "paths": {"/a": {"get": {"operationId": "GetA", "summary": "A", "responses": {"200": {"description": "ok"}}}}},
}


@pytest.fixture
def web() -> Iterator[tuple[str, dict[str, object], list[str]]]:
    pages: dict[str, object] = {}
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            body = json.dumps(pages.get(self.path)).encode()
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", pages, seen
    server.shutdown()
    server.server_close()


def test_it_is_exported_like_a_file(run, workspace, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, _ = web
    pages["/openapi.json"] = GOOD
    result = run(definition=f"{address}/openapi.json", record="none")
    assert (result.code, result.outputs["exported"]) == (0, "true"), result.log
    assert json.loads((workspace / result.outputs["definition-path"]).read_bytes()) == GOOD


def test_its_references_are_not_followed(run, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, seen = web
    schema = {"$ref": "other.json#/x"}
    item = {"get": {"operationId": "A", "responses": {"200": {"description": "", "schema": schema}}}}
    pages["/openapi.json"] = {**GOOD, "paths": {"/a": item}}
    result = run(definition=f"{address}/openapi.json", record="none")
    assert result.code == 3, result.log
    assert seen == ["/openapi.json"]


def test_what_is_not_there_is_said(run, web) -> None:  # type: ignore[no-untyped-def]
    result = run(definition=f"{web[0]}/nothing.json", record="none")
    assert (result.code, "status 404" in result.log) == (3, True), result.log


def test_a_signature_in_the_address_is_in_no_file(run, workspace, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, _ = web
    pages["/openapi.json?sig=s3cret"] = {**GOOD, "paths": {"/a": {"get": {"responses": {}}}}}
    result = run(definition=f"{address}/openapi.json?sig=s3cret", mode="check", record="none")
    assert result.report["findings"], result.log
    left = [path.read_text() for path in workspace.rglob("*") if path.is_file()]
    assert not any("s3cret" in text for text in (*left, result.log, result.summary))


def test_its_references_do_not_reach_into_the_workspace(run, workspace, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, _ = web
    (workspace / "inside.json").write_text('{"x": {"type": "string", "description": "s3cret"}}')
    schema = {"$ref": "../../../inside.json#/x"}
    item = {"get": {"operationId": "A", "responses": {"200": {"description": "", "schema": schema}}}}
    pages["/a/openapi.json"] = {**GOOD, "paths": {"/a": item}}
    result = run(definition=f"{address}/a/openapi.json", record="none")
    assert result.code == 3, result.log
    assert "reference-to-network" in result.log
