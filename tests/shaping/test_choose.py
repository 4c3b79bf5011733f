"""Which operations are exported: selectors, what is pruned with them, and that places stay right."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporter.conversion.convert import convert
from exporter.model.definitions import Definition
from exporter.model.errors import WrongInputs
from exporter.openapi.load import dangling_findings, load
from exporter.openapi.places import Places
from exporter.openapi.walk import Operation, operations, references
from exporter.ports import Files
from exporter.shaping.choose import choose
from exporter.shaping.selectors import MOST_SELECTORS, glob_of, path_glob_of, selectors

GET_ORDER = Operation((), "/orders/{id}", "get", {"operationId": "GetOrder", "tags": ["Order Desk", 5], "x-a": False}, {"x-a": 1, "x-b": "y"})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("tag:Order Desk", True), ("tag:Order*", True), ("tag:order desk", False), ("tag:5", False), ("tag:*", True),
        ("/orders/*", True), ("path:/orders/*", True), ("/orders", False), ("/*", False), ("/**", True), ("/**/{id}", True),
        ("GET", True), ("get", True), ("POST", False), ("GET /orders/*", True), ("GET /customers/*", False),
        ("POST /orders/*", False), ("operation:Get*", True), ("operation:*order", False), ("operation:Get?rder", True),
        ("x-a", False), ("x-a=false", True), ("x-a=1", False), ("x-b", True), ("x-b=y", True), ("x-b=z", False), ("x-c", False),
    ],
)  # fmt: skip
def test_a_selector_means_what_it_says(text: str, matches: bool) -> None:
    (selector,) = selectors("include", [text])
    assert selector.matches(GET_ORDER) is matches


@pytest.mark.parametrize(
    "text", ["Orders", "tag:", "GET orders", "FETCH /orders", "operation", ":x", "tags:a", "x" * 600]
)
def test_what_is_no_selector_is_refused(text: str) -> None:
    with pytest.raises(WrongInputs, match="include: "):
        selectors("include", ["GET", text])


def test_there_are_so_many_selectors_at_most() -> None:
    with pytest.raises(WrongInputs, match="more than"):
        selectors("exclude", [f"tag:{n}" for n in range(MOST_SELECTORS + 1)])


@pytest.mark.parametrize("glob", ["*a" * 200, "?*" * 200, "/*a" * 150, "/**" * 150, "/**/a" * 100])
def test_hostile_globs_take_no_time(glob: str) -> None:
    started = time.process_time()
    text = "/a" * 999
    assert glob_of(glob)(text + "b") in {True, False}
    assert path_glob_of(glob)(text + "b") in {True, False}
    assert time.process_time() - started < 10  # linear ones take a tenth of a second, others years


def test_where_nothing_goes_nothing_is_pruned(define: Callable[[Any], Definition]) -> None:
    definition = define({"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {}}}, "definitions": {"Unused": {}}})  # fmt: skip
    assert choose(definition, ["GET"], []).definition is definition


def test_places_stay_right(memory: Callable[..., Files]) -> None:
    text = """\
openapi: 3.0.3
info: {title: a, version: '1'}
paths:
  /gone:
    get: {operationId: Gone, responses: {}}
  /kept:
    $ref: 'kept.yaml'
components:
  schemas:
    Gone: {type: string}
    Kept:
      type: object
"""
    kept = """\
get:
  operationId: Kept
  responses:
    '200':
      description: OK
      content: {application/json: {schema: {$ref: 'api.yaml#/components/schemas/Kept'}}}
delete: {operationId: Delete, responses: {}}
"""
    loaded = load("api.yaml", memory({"api.yaml": text, "kept.yaml": kept})).definition
    assert loaded is not None
    definition = choose(loaded, [], ["operation:Gone", "DELETE"]).definition
    places = Places(definition)
    assert places.of_author(("components", "schemas", "Kept", "type"))[:2] == ("api.yaml", 12)
    assert places.of_author(("paths", "/kept", "get", "operationId"))[:2] == ("kept.yaml", 2)
    assert list(definition.document["components"]["schemas"]) == ["Kept"]  # type: ignore[index,call-overload,arg-type]


def test_a_path_of_its_own_reference_keeps_its_place_when_it_is_written_out(
    define: Callable[[Any], Definition],
) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
        "components": {"pathItems": {"A": {"get": {"operationId": "A"}, "post": {"operationId": "B"}}}},
    }
    definition = choose(define(document), ["GET"], []).definition
    assert definition.document["paths"] == {"/a": {"get": {"operationId": "A"}}}
    assert "components" not in definition.document or definition.document["components"] == {}
    before = define(document)
    there = ("components", "pathItems", "A", "get", "operationId")
    assert Places(definition).of_author(("paths", "/a", "get", "operationId")) == Places(before).of_author(there)


def _operations(document: Any) -> dict[str, str]:
    """By method and address: where paths have servers of their own, the base path depends on which are kept."""
    base = document.get("basePath", "").rstrip("/")
    return {
        f"{method} {base}{path}": json.dumps(value)
        for path, item in document["paths"].items()
        for method, value in item.items()
    }


DOCUMENTS = ["oas3/stripe-2023-09.yaml", "oas3/box.json", "oas3/feat-polymorphism.json", "oas3/digitalocean/specification/DigitalOcean-public.v2.yaml"]  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_kept_of_a_real_document_becomes_what_it_would_have_become(
    name: str, shared: Path, folder: Callable[[Path], Files]
) -> None:
    path = shared / name
    if not path.is_file():
        pytest.skip(f"there is no shared/{name}")
    definition = load(path.name, folder(path.parent)).definition
    assert definition is not None
    listed = list(operations(definition.document))
    wanted = [f"{one.method.upper()} {one.path}" for one in listed[:: max(1, len(listed) // 3)]]
    chosen = choose(definition, wanted, [])
    assert chosen.findings == ()
    assert not list(dangling_findings(chosen.definition, list(references(chosen.definition.document))))
    whole, part = convert(definition).document, convert(chosen.definition).document
    assert _operations(part)
    assert _operations(part).items() <= _operations(whole).items()
    for key, value in part.get("definitions", {}).items():  # type: ignore[union-attr]
        assert value == whole["definitions"][key]  # type: ignore[index,call-overload]
    assert len(json.dumps(part)) < len(json.dumps(whole))


def test_calls_that_are_not_listed_are_counted(define: Callable[[Any], Definition]) -> None:
    called = {"operationId": "Gone", "value-path": "id"}
    parameters = [{"name": f"p{n}", "in": "query", "type": "string", "x-ms-dynamic-values": called} for n in range(300)]
    answer = {"200": {"description": "OK"}}
    paths = {
        "/a": {"get": {"operationId": "Kept", "parameters": parameters, "responses": answer}},
        "/b": {"get": {"operationId": "Gone", "responses": answer}},
    }
    document = {"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": paths}
    *listed, last = choose(define(document), (), ("/b",)).findings
    assert len(listed) == 200
    assert (last.times, last.message) == (100, "There are 100 more of this kind, not listed.")
