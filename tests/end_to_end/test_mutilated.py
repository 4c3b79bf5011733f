"""
Whole runs over what becomes of definitions that are cut off, bent, led in circles or full of the same thing.

No traceback, no hang, no report of any size: findings, or a refusal with a message. The documents are those of
../shared/oas3 (skipped by name where it is not there) and of the examples.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporter.main import run
from exporter.model.pointers import pointer_text
from tests.bending import pointers, with_value

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(path for path in (ROOT.parent / "shared" / "oas3").glob("*.*") if path.is_file())
SMALL = 60_000
PLACES = 10
SECONDS = 20
LARGEST_REPORT = 12_000_000

needs_documents = pytest.mark.skipif(not DOCUMENTS, reason="../shared/oas3 is not there")


def checked(content: bytes, name: str = "api.json", complete: str = "auto") -> Any:
    """Run a check in this process and give the report; a traceback is raised, and too much time or text is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        inputs = {"DEFINITION": name, "MODE": "check", "RECORD": "none", "BASELINE": "none", "COMPLETE": complete}
        started = time.process_time()
        code = run([], {"GITHUB_WORKSPACE": folder, **{f"INPUT_{key}": value for key, value in inputs.items()}})
        assert time.process_time() - started < SECONDS
        assert code in {0, 3}
        (report,) = Path(folder).rglob("*.report.json")
        assert report.stat().st_size < LARGEST_REPORT
        return json.loads(report.read_bytes())


@needs_documents
@pytest.mark.parametrize(("number", "path"), list(enumerate(DOCUMENTS)), ids=[path.name for path in DOCUMENTS])
def test_cut_off_at_ten_places(number: int, path: Path) -> None:
    content = path.read_bytes()
    # The large ones take a second each: they are cut once here, each at another of the ten places.
    places = range(PLACES) if len(content) < SMALL else [number % PLACES]
    for place in places:
        report = checked(content[: len(content) * place // PLACES], path.name)
        assert report["findings"]


def read(path: Path) -> Any:
    return json.loads(path.read_bytes()) if path.suffix == ".json" else yaml.safe_load(path.read_bytes())


BENDABLE = [(path.name, document, pointers(document)) for path in DOCUMENTS if path.stat().st_size < SMALL for document in [read(path)]]  # fmt: skip
OTHER_TYPES = [None, True, -1, 1.5, 10**400, "", "x", [], {}, [[]], [None], {"": None}, [{}], {"x": {}}, {"$ref": 1}]


@needs_documents
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_types_swapped_and_references_in_circles(data: st.DataObject) -> None:
    _, document, places = data.draw(st.sampled_from(BENDABLE))
    reference = st.sampled_from(places).map(lambda pointer: {"$ref": f"#{pointer_text(pointer)}"})
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places))
        value = data.draw(st.sampled_from(OTHER_TYPES) | reference)
        try:
            document = with_value(document, place, value)
        except (TypeError, IndexError, ValueError):
            continue  # an earlier one took its place away
    checked(json.dumps(document).encode())


def swagger(**members: Any) -> Any:
    said = {"operationId": "A", "summary": "A", "responses": {"200": {"description": "ok"}}}
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "a.example.com", "schemes": ["https"], "paths": {"/a": {"get": said}}} | members  # fmt: skip


def openapi(schemas: Any = None, **members: Any) -> Any:
    document = {key: value for key, value in swagger().items() if key not in {"swagger", "host", "schemes"}}
    servers = {"openapi": "3.0.3", "servers": [{"url": "https://a.example.com"}]}
    return document | servers | {"components": {"schemas": schemas or {}}} | members


def operation(**members: Any) -> Any:
    return {"operationId": "A", "responses": {"200": {"description": "ok"}}} | members


def body(schema: Any) -> Any:
    return {"name": "body", "in": "body", "schema": schema}


def holding(count: int) -> Any:
    names = [f"p{n}" for n in range(count)]
    return {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}


# fmt: off
MANY: dict[str, Callable[[int], Any]] = {
    "references to nowhere": lambda count: swagger(tags=[{"$ref": f"#/n/{n}"} for n in range(count)]),
    "schemas that are references to nowhere": lambda count: openapi({f"D{n}": {"$ref": f"#/components/schemas/X{n}"} for n in range(count)}),
    "references to references": lambda count: openapi({f"D{n}": {"$ref": f"#/components/schemas/D{n + 1}"} for n in range(count)}),
    "files that are missing": lambda count: swagger(definitions={f"D{n}": {"$ref": f"x{n}.yaml#/a"} for n in range(count)}),
    "losses of one kind": lambda count: openapi(paths={f"/p{n}": 5 for n in range(2 * count)}),
    "tags that are none": lambda count: openapi(tags=list(range(3 * count))),
    "gaps to fill": lambda count: openapi(paths={"/a": {"get": operation(responses={str(n): {} for n in range(2 * count)})}}),
    "parameters of one name": lambda count: swagger(paths={"/a": {"get": operation(parameters=[body({})] * count)}}),
    "parameters without names": lambda count: swagger(paths={"/a": {"get": operation(parameters=[{} for _ in range(count)])}}),
    "variables in a path": lambda count: openapi(paths={"/" + "/".join(f"{{v{n}}}" for n in range(count // 4)): {"get": operation()}}),
    "extensions with a spelling mistake": lambda count: swagger(paths={"/a": {"get": operation(**{f"x-ms-visibilit{n}": 1 for n in range(count)})}}),
    "schemas in one allOf": lambda count: openapi({"A": {"allOf": [{"properties": {f"p{n}": {"type": "string"}}} for n in range(count)]}}),
    "schemas that take in each other": lambda count: swagger(
        definitions={f"D{n}": {"allOf": [{"$ref": f"#/definitions/D{n + 1}"}], "required": ["a", "b"]} for n in range(count // 4)},
        paths={f"/{n}": {"post": operation(operationId=f"O{n}", parameters=[body({"$ref": f"#/definitions/D{n}"})])} for n in range(count // 4)}),
    "operations with one large body": lambda count: swagger(
        definitions={"D": holding(count // 4)},
        paths={f"/{n}": {"post": operation(operationId=f"O{n}", parameters=[body({"$ref": "#/definitions/D"})])} for n in range(count // 4)}),
    "operations with one large form": lambda count: openapi(
        {"D": holding(count // 16)},
        paths={f"/{n}": {"post": operation(operationId=f"O{n}", requestBody={"content": {"application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/D"}}}})} for n in range(count // 16)}),
    "values of the wrong type": lambda count: swagger(definitions={f"D{n}": {"type": 5, "k": 1} for n in range(count)}),
    "one very long name": lambda count: swagger(paths={"/" + "k" * count * 50: {"get": operation(parameters=[{"name": f"p{n}", "in": "query"} for n in range(200)])}}),
}
# fmt: on


@pytest.mark.parametrize("name", MANY)
def test_the_same_thing_thousands_of_times(name: str) -> None:
    report = checked(json.dumps(MANY[name](8_000)).encode(), complete="all")
    assert report["findings"] or report["losses"]


def test_what_is_not_listed_is_counted() -> None:
    losses = checked(json.dumps(openapi(paths={f"/p{n}": 5 for n in range(12_000)})).encode())["losses"]
    assert sum(loss["kind"] == "operation-broken" for loss in losses) == 10_001
    assert "2,000 more of this kind" in losses[-1]["what"]
    gaps = {"/a": {"get": operation(parameters=[{"name": f"p{n}", "in": "path"} for n in range(12_000)])}}
    fixes = checked(json.dumps(swagger(paths=gaps)).encode(), complete="safe")["fixes"]
    assert len(fixes) == 10_001
    assert "2,000 more gaps of this kind" in fixes[-1]["done"]
