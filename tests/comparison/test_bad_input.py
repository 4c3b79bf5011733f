"""Either side in another dialect, without end, or with operationIds that collide: still compared by what it means."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest

from exporter.comparison.compare import compare
from exporter.conversion.convert import convert
from exporter.edges.workspace import FolderWorkspace
from exporter.model.changes import Change, Impact
from exporter.model.connectors import Connector
from exporter.openapi.load import load

ORDER = {
    "type": "object",
    "required": ["sku"],
    "properties": {"sku": {"type": "string"}, "total": {"type": "number", "format": "double"}, "at": {"type": "string", "format": "date-time"}},
}  # fmt: skip
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Orders", "version": "1", "description": "Orders."},
    "host": "api.contoso.com",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/orders/{id}": {
            "put": {
                "operationId": "PutOrder",
                "summary": "Put",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "string"},
                    {"name": "kinds", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "csv"},
                    {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Order"}},
                ],
                "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Order"}}},
            }
        }
    },
    "definitions": {"Order": ORDER},
    "securityDefinitions": {"key": {"type": "apiKey", "name": "X-Key", "in": "header"}},
    "security": [{"key": []}],
}  # fmt: skip


def openapi(version: str) -> dict[str, Any]:
    """Say the same in OpenAPI 3."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    operation = SWAGGER["paths"]["/orders/{id}"]["put"]
    return {
        "openapi": version,
        "info": SWAGGER["info"],
        "servers": [{"url": "https://api.contoso.com/v1"}],
        "paths": {
            "/orders/{id}": {
                "put": {
                    "operationId": operation["operationId"],
                    "summary": operation["summary"],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "kinds", "in": "query", "style": "form", "explode": False, "schema": {"type": "array", "items": {"type": "string"}}},
                    ],
                    "requestBody": {"required": True, "content": content},
                    "responses": {"200": {"description": "OK", "content": content}},
                }
            }
        },
        "components": {
            "schemas": {"Order": ORDER},
            "securitySchemes": {"key": {"type": "apiKey", "name": "X-Key", "in": "header"}},
        },
        "security": [{"key": []}],
    }  # fmt: skip


def connector(document: dict[str, Any], folder: Path) -> Connector:
    (folder / "api.json").write_text(json.dumps(document), "utf-8")
    definition = load("api.json", FolderWorkspace(str(folder))).definition
    assert definition is not None
    return Connector(convert(definition).document if "openapi" in document else definition.document, {})


def ids(found: tuple[Change, ...]) -> set[str]:
    return {change.id for change in found}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_the_same_api_in_another_dialect_is_no_change_to_makers(tmp_path: Path, version: str) -> None:
    one, other = connector(SWAGGER, tmp_path), connector(openapi(version), tmp_path)
    for found in (compare(one, other), compare(other, one)):
        assert ids(found) <= {"written-differently"}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_what_changed_besides_the_dialect_is_found(tmp_path: Path, version: str) -> None:
    document = copy.deepcopy(openapi(version))
    document["components"]["schemas"]["Order"] = {
        **ORDER,
        "properties": {name: value for name, value in ORDER["properties"].items() if name != "total"},  # type: ignore[attr-defined]
    }
    found = compare(connector(SWAGGER, tmp_path), connector(document, tmp_path))
    assert {change.id for change in found if change.impact is Impact.BREAKING} == {
        "response-field-removed",
        "request-field-optional-removed",
    }


def test_operation_ids_that_differ_by_punctuation_alone_or_not_at_all_are_kept_apart() -> None:
    def definition(*operations: tuple[str, str]) -> Connector:
        answer = {"200": {"description": "OK"}}
        return Connector(
            {"paths": {path: {"get": {"operationId": name, "responses": answer}} for path, name in operations}}, {}
        )

    both = definition(("/a", "get-it"), ("/b", "get_it"), ("/c", "twice"), ("/d", "twice"))
    assert compare(both, definition(("/d", "twice"), ("/c", "twice"), ("/b", "get_it"), ("/a", "get-it"))) == ()
    one_gone = compare(both, definition(("/a", "get-it"), ("/c", "twice"), ("/d", "twice")))
    assert [change.operation for change in one_gone if change.id == "operation-removed"] == ["get_it"]
    last_gone = compare(both, definition(("/a", "get-it"), ("/b", "get_it"), ("/c", "twice")))
    assert [change.old_pointer for change in last_gone if change.id == "operation-removed"] == [("paths", "/d", "get")]


def test_circles_that_all_operations_share_cost_no_more_than_their_size() -> None:
    def ring(leaf: str) -> Connector:
        size = 1_500
        answer = [{"200": {"description": "OK", "schema": {"$ref": f"#/definitions/D{at}"}}} for at in range(size)]
        paths = {f"/{at}": {"get": {"operationId": f"Get{at:05}", "responses": answer[at]}} for at in range(size)}
        links = {
            f"D{at}": {"properties": {"next": {"$ref": f"#/definitions/D{(at + 1) % size}"}, "leaf": {"type": leaf}}}
            for at in range(size)
        }
        return Connector({"paths": paths, "definitions": links}, {})

    found = compare(ring("string"), ring("integer"))
    assert len(found) == 1_500
    assert {len(change.operations) for change in found} == {1_000}
    assert len({id(change.operations) for change in found}) == 1
    assert max(len(change.place) for change in found) < 70


def test_what_inherits_from_what_inherits_costs_no_more_than_its_size_and_is_never_green() -> None:
    def chain(size: int, leaf: str) -> Connector:
        links = {
            f"D{at}": {
                "type": "object",
                "properties": {f"p{at}": {"type": "string"}},
                "allOf": [{"$ref": f"#/definitions/D{at + 1}"}],
            }
            for at in range(size)
        }
        answers = [{"200": {"description": "OK", "schema": {"$ref": f"#/definitions/D{at}"}}} for at in range(size)]
        paths = {f"/{at}": {"get": {"operationId": f"Get{at:05}", "responses": answers[at]}} for at in range(size)}
        return Connector(
            {"paths": paths, "definitions": {**links, f"D{size}": {"properties": {"x": {"type": leaf}}}}}, {}
        )

    (change,) = compare(chain(300, "string"), chain(300, "integer"))
    assert (change.id, len(change.operations)) == ("response-field-type-changed", 300)
    began = time.process_time()
    found = compare(chain(1_500, "string"), chain(1_500, "integer"))
    assert time.process_time() - began < 20  # a minute and more without an end of it
    assert {"inheritance-cut", "response-field-type-changed"} <= ids(found)
    assert len(found) < 10


def test_bodies_that_take_in_each_other_and_schemas_that_meet_each_other_come_to_an_end() -> None:
    def bodies(schemas: dict[str, Any], size: int) -> Connector:
        paths: dict[str, Any] = {
            f"/{at}": {
                "post": {
                    "operationId": f"Op{at}",
                    "parameters": [{"name": "body", "in": "body", "schema": {"$ref": f"#/definitions/D{at}"}}],
                    "responses": {"200": {"description": "OK"}},
                }
            }
            for at in range(size)
        }
        return Connector({"paths": paths, "definitions": schemas}, {})

    def chain(size: int, kind: str) -> Connector:
        links: dict[str, Any] = {
            f"D{at}": {"allOf": [{"$ref": f"#/definitions/D{at + 1}"}], "properties": {f"p{at}": {"type": kind}}}
            for at in range(size)
        }
        return bodies({**links, f"D{size}": {"type": "object"}}, size // 2)

    def mesh(size: int) -> Connector:
        schemas: dict[str, Any] = {
            f"D{at}": {
                "properties": {f"p{to}": {"$ref": f"#/definitions/D{(at * 7 + to * 13) % size}"} for to in range(10)}
            }
            for at in range(size)
        }
        return bodies(schemas, size // 3)

    began = time.process_time()
    assert "inheritance-cut" in ids(compare(chain(1_500, "string"), chain(1_500, "integer")))
    assert ids(compare(mesh(240), mesh(241))) == {"inheritance-cut"}
    assert time.process_time() - began < 30  # minutes, and gigabytes, without an end
