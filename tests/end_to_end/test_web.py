"""A definition on the web, and references to the web: only what was named is fetched."""

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
            page = pages.get(self.path)
            body = json.dumps(page).encode()
            self.send_response(302 if isinstance(page, str) else 200 if self.path in pages else 404)
            if isinstance(page, str):
                self.send_header("Location", page)
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


def referring(*references: str) -> dict[str, object]:
    items = {
        f"/a{number}": {
            "get": {"operationId": f"A{number}", "responses": {"200": {"description": "", "schema": {"$ref": one}}}}
        }
        for number, one in enumerate(references)
    }
    return {**GOOD, "paths": items}


def test_references_to_allowed_hosts_are_joined(run, workspace, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, seen = web
    (workspace / "openapi.json").write_text(json.dumps(referring(f"{address}/v1/order.json#/Order")))
    order = {"type": "object", "properties": {"line": {"$ref": "../line.json#/Line"}, "next": {"$ref": "#/Order"}}}
    pages["/v1/order.json"] = {"Order": order}
    pages["/line.json"] = {"Line": {"type": "string"}}
    host = address.partition("//")[2]
    result = run(definition="openapi.json", record="none", **{"allow-references": f"schemas.example.com {host}"})
    assert (result.code, result.outputs["exported"]) == (0, "true"), result.log
    made = json.loads((workspace / result.outputs["definition-path"]).read_bytes())
    assert sorted(made["definitions"]) == ["Line", "Order"]
    assert made["definitions"]["Order"]["properties"] == {
        "line": {"$ref": "#/definitions/Line"},
        "next": {"$ref": "#/definitions/Order"},
    }
    assert sorted(seen) == ["/line.json", "/v1/order.json"]


def test_references_stay_where_they_are_allowed(run, workspace, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, seen = web
    (workspace / "inside.json").write_text('{"x": {"type": "string", "description": "s3cret"}}')
    pages["/away.json"] = address.replace("127.0.0.1", "localhost") + "/elsewhere.json"
    pages["/inside.json"] = {"x": {"$ref": "file:///inside.json#/x"}}
    host = address.partition("//")[2]
    bad = {
        f"{address}/a.json?sig=s3cret#/x": "reference-with-query",
        f"{address}/nothing.json#/x": "reference-not-fetched",
        f"{address}/inside.json#/x": "reference-scheme",
        f"http://user@{host}/b.json#/x": "reference-to-network",
        "https://elsewhere.example.com/c.json#/x": "reference-to-network",
        "//elsewhere.example.com/d.json#/x": "reference-to-network",
    }
    (workspace / "openapi.json").write_text(json.dumps(referring(*bad)))
    result = run(definition="openapi.json", record="none", **{"allow-references": host})
    assert result.code == 3, result.log
    rules = [one["id"] for one in result.report["findings"] if one["id"].startswith("reference")]
    assert sorted(rules) == sorted(bad.values())
    assert sorted(seen) == ["/inside.json", "/nothing.json"]
    assert "status 404" in result.log

    (workspace / "openapi.json").write_text(json.dumps(referring(f"{address}/away.json#/x")))
    result = run(definition="openapi.json", record="none", **{"allow-references": host})
    assert (result.code, "elsewhere" in result.log) == (7, True), result.log
    assert "/elsewhere.json" not in seen


def test_a_pull_request_cannot_allow_hosts(run, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "config.yaml").write_text("allow-references: [inside.example.com]\n")
    (workspace / "openapi.json").write_text(json.dumps(GOOD))
    result = run(
        definition="openapi.json", config="config.yaml", record="none", variables={"GITHUB_EVENT_NAME": "pull_request"}
    )
    assert (result.code, "allow-references: hosts must come from the workflow" in result.log) == (2, True), result.log


def test_the_neighbours_of_a_definition_on_the_web_are_joined_where_its_host_is_allowed(run, workspace, web) -> None:  # type: ignore[no-untyped-def]
    address, pages, seen = web
    pages["/v1/openapi.json?sig=s3cret"] = referring("parts/order.json#/Order", "../openapi.json#/Line")
    pages["/v1/parts/order.json"] = {"Order": {"$ref": "../openapi.json#/definitions/Own"}}
    pages["/openapi.json"] = {"Line": {"type": "string"}}
    pages["/v1/openapi.json?sig=s3cret"]["definitions"] = {"Own": {"type": "object"}}  # type: ignore[index]
    host = address.partition("//")[2]
    result = run(definition=f"{address}/v1/openapi.json?sig=s3cret", record="none", **{"allow-references": host})
    assert result.code == 0, result.log
    made = json.loads((workspace / result.outputs["definition-path"]).read_bytes())
    assert sorted(made["definitions"]) == ["Line", "Own"]
    assert sorted(seen) == ["/openapi.json", "/v1/openapi.json?sig=s3cret", "/v1/parts/order.json"]
    assert "s3cret" not in result.log + result.summary
