from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporter.model.definitions import Converted
from exporter.model.pointers import Pointer, parse_pointer, pointer_text

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "oas3"
CASES = sorted((ROOT / "tests" / "cases" / "conversion").glob("*/input.yaml"))
# The multi-file one is joined before it is converted.
REAL = sorted(path for path in SHARED.glob("*.*") if path.is_file()) if SHARED.is_dir() else []
LARGE = 500_000

Convert = Callable[..., Converted]
Silent = Callable[[Any, Converted], list[Any]]


def schemas(document: Any) -> Iterator[tuple[Any, Pointer]]:
    """List the schemas of a Swagger 2.0 document that are not inside of others."""
    for name, schema in document.get("definitions", {}).items():
        yield schema, ("definitions", name)
    for path, item in document["paths"].items():
        if "x-ms-notification-content" in item:
            yield item["x-ms-notification-content"]["schema"], ("paths", path, "x-ms-notification-content", "schema")
        for method, operation in item.items():
            where = ("paths", path, method)
            if not method.startswith("x-"):
                for number, parameter in enumerate(operation.get("parameters", ())):
                    yield parameter.get("schema", {}), (*where, "parameters", str(number), "schema")
                for code, response in operation["responses"].items():
                    yield response.get("schema", {}), (*where, "responses", code, "schema")


def properties(document: Any) -> Iterator[tuple[Pointer, Any]]:
    """Walk through all schemas: the pointer and schema of every property."""
    ahead = list(schemas(document))
    while ahead:
        schema, where = ahead.pop()
        for name, one in schema.get("properties", {}).items():
            yield (*where, "properties", name), one
            ahead.append((one, (*where, "properties", name)))
        ahead.extend(
            (schema[key], (*where, key))
            for key in ("items", "additionalProperties")
            if isinstance(schema.get(key), dict)
        )


def written_at(origins: Mapping[Pointer, Pointer], pointer: Pointer) -> Pointer:
    for length in range(len(pointer), 0, -1):
        if pointer[:length] in origins:
            return (*origins[pointer[:length]], *pointer[length:])
    return pointer


def look_up(document: Any, pointer: Pointer) -> Any:
    for segment in pointer:
        document = document[int(segment)] if isinstance(document, list) else document[segment]
    return document


def assert_traceable(document: Any, result: Converted) -> None:
    """Every property leads back to where it was written."""
    for pointer, _ in properties(result.document):
        origin = written_at(result.origins, pointer)
        assert origin[-1] == pointer[-1], (pointer, origin)
        look_up(document, origin)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_documents(
    path: Path, load: Callable[[Path], Any], converted: Convert, problems: Any, silent: Silent
) -> None:
    document = load(path)
    before = json.dumps(document)
    result = converted(document)
    assert json.dumps(document) == before
    assert result.document["swagger"] == "2.0"
    assert_traceable(document, result)
    assert silent(document, result) == []
    # Validators take half a minute for the large ones; those were checked by hand.
    if path.stat().st_size < LARGE:
        assert problems(json.loads(json.dumps(result.document))) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_cases_are_traceable_and_honest(
    path: Path, load: Callable[[Path], Any], converted: Convert, silent: Silent
) -> None:
    document = load(path)
    result = converted(document)
    assert_traceable(document, result)
    assert silent(document, result) == []


def _without(document: Any, pointer: Pointer) -> Any:
    changed = copy.deepcopy(document)
    holder = look_up(changed, pointer[:-1])
    del holder[int(pointer[-1]) if isinstance(holder, list) else pointer[-1]]
    return changed


@pytest.mark.parametrize(
    ("case", "pointer"),
    [
        ("parameters", "/paths/~1things~1{thing}~1{missing}/get"),
        ("parameters", "/paths/~1things~1{thing}~1{missing}/get/parameters/0"),
        ("parameters", "/paths/~1things~1{thing}~1{missing}/get/parameters/0/enum/1"),
        ("request-bodies", "/paths/~1bodies/post/parameters/0"),
        ("responses", "/paths/~1ranges/get/responses/200"),
        ("all-of", "/definitions/Dog/properties/owner"),
        ("all-of", "/definitions/Dog/required"),
        ("extensions", "/definitions/Order/properties/state/enum/0"),
        ("extensions", "/definitions/Order/properties/state/type"),
        ("security", "/securityDefinitions/Basic"),
    ],
)
def test_the_checker_of_silent_losses_sees_them(
    case: str, pointer: str, load: Callable[[Path], Any], converted: Convert, silent: Silent
) -> None:
    document = load(ROOT / "tests" / "cases" / "conversion" / case / "input.yaml")
    result = converted(document)
    assert silent(document, result) == []
    assert silent(document, result._replace(document=_without(result.document, parse_pointer(pointer)))) != []


NAMES = st.text(st.sampled_from("ab_<>/[]$ é"), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(
    kept=st.lists(NAMES, unique=True, min_size=1, max_size=4),
    others=st.lists(st.text("XYZ", min_size=1, max_size=3), unique=True, max_size=4),
    data=st.data(),
)
def test_names_do_not_depend_on_what_else_is_there(kept, others, data, converted: Convert) -> None:
    schemas = {name: {"type": "object", "properties": {f"is {name}": {}, "inner": {"type": "object"}}} for name in kept}
    deep = {
        name: {"$ref": f"#/components/schemas/{quote(pointer_text((name,))[1:])}/properties/inner"} for name in kept
    }
    paths = {"/a": {"get": {"responses": {"200": {"description": "", "schema": {}}}}}}
    ours = {**schemas, "All": {"properties": deep}}
    mixed = dict(data.draw(st.permutations([*ours.items(), *((name, {"type": "string"}) for name in others)])))

    def names(all_schemas: Any) -> Any:
        result = converted({"openapi": "3.1.0", "paths": paths, "components": {"schemas": all_schemas}}).document
        return {
            **{
                next(iter(one["properties"])): name
                for name, one in result["definitions"].items()
                if "inner" in one.get("properties", {})
            },
            "inner": result["definitions"]["All"]["properties"],
        }

    assert names(mixed) == names(ours)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "#/components/schemas/A", "#/paths", "#", "object", "array", "cookie", "deepObject", "2XX", "/a/{b", "x-a"]
    ),
    st.sampled_from(
        [
            [],
            {},
            [None],
            [1, 1.0],
            {"$ref": "#/components/schemas/Thing"},
            {"$ref": "#"},
            {"$ref": 1},
            {"type": "string", "default": 5, "enum": ["a", None, "a"]},
            {"allOf": [{"type": "object", "required": ["zz"]}, {"properties": {"a": {"format": "binary"}}}]},
            {"minimum": 5, "maximum": True, "exclusiveMinimum": 3},
        ]
    ),
)
KEYS = st.sampled_from(
    [
        "$ref",
        "type",
        "default",
        "enum",
        "const",
        "nullable",
        "allOf",
        "oneOf",
        "anyOf",
        "items",
        "required",
        "properties",
        "format",
        "in",
        "name",
        "schema",
        "content",
        "responses",
        "parameters",
        "readOnly",
        "writeOnly",
        "explode",
        "style",
        "example",
        "additionalProperties",
        "exclusiveMinimum",
        "pattern",
        "servers",
        "security",
        "x-a",
        "operationId",
        "requestBody",
        "callbacks",
        "description",
        "url",
        "headers",
        "prefixItems",
    ]
)


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from containers(child)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_document_holds_the_result_is_valid(
    data: st.DataObject, load: Callable[[Path], Any], converted: Convert, problems: Any
) -> None:
    document = copy.deepcopy(load(data.draw(st.sampled_from(CASES))))
    for _ in range(data.draw(st.integers(1, 6))):
        places = list(containers(document))
        place = places[data.draw(st.integers(0, len(places) - 1))]
        new = copy.deepcopy(data.draw(st.one_of(JUNK, st.sampled_from(places).map(copy.deepcopy))))
        if isinstance(place, dict):
            place[data.draw(st.one_of(KEYS, st.sampled_from(list(place) or ["type"])))] = new
        else:
            place.append(new)
    # A changed `swagger` or `openapi` would make it another dialect.
    document = {**document, "openapi": "3.1.0", "swagger": None}
    result = converted(document)
    assert problems(json.loads(json.dumps(result.document))) == []
    assert converted(document) == result


@pytest.mark.parametrize("junk", [{}, {"paths": 1}, {"paths": {"/a": {"get": {}}}, "components": []}])
def test_nearly_nothing_is_valid_too(junk: Any, converted: Convert, problems: Any) -> None:
    assert problems(json.loads(json.dumps(converted({"openapi": "3.1.0", **junk}).document))) == []


def test_swagger_2_comes_back_as_it_is(converted: Convert) -> None:
    document = {"swagger": "2.0", "host": "a.example.com", "nonsense": [1]}
    assert converted(document).document is document
    moved = converted(document, "https://b.example.com/v2").document
    assert moved == {**document, "host": "b.example.com", "basePath": "/v2", "schemes": ["https"]}


def test_the_given_server_wins(converted: Convert) -> None:
    operation = {"servers": [{"url": "https://elsewhere.example.com"}], "responses": {"200": {"description": ""}}}
    result = converted(
        {"openapi": "3.0.3", "servers": [{"url": "https://a.example.com"}], "paths": {"/a": {"get": operation}}},
        "https://b.example.com/base",
    )
    assert (result.document["host"], result.document["basePath"]) == ("b.example.com", "/base")
    assert "/a" in result.document["paths"]


@pytest.mark.parametrize("wrap", [{"properties": "a"}, {"items": ""}, {"allOf": 0}, {"oneOf": 0}])
def test_depth_is_bounded(wrap: dict[str, Any], converted: Convert, problems: Any) -> None:
    ((key, inner),) = wrap.items()
    schema: Any = {"type": "string"}
    for _ in range(500):
        schema = {key: {inner: schema} if key == "properties" else schema if key == "items" else [schema]}
    result = converted({"openapi": "3.1.0", "components": {"schemas": {"A": schema}}})
    assert problems(json.loads(json.dumps(result.document))) == []
    assert "schema-too-deep" in {loss.kind for loss in result.losses}


@pytest.mark.parametrize("names", ["A", "AB", "ABC"])
@pytest.mark.parametrize("kind", [{"type": "file"}, {"type": "string", "format": "binary"}])
def test_bytes_that_hold_themselves_are_no_circle(kind: Any, names: str, converted: Convert, problems: Any) -> None:
    following = zip(names, names[1:] + names[0], strict=True)
    schemas = {
        name: {**kind, "properties": {"inner": {"$ref": f"#/components/schemas/{other}"}}} for name, other in following
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    responses = {"200": {"description": "Fine", "content": content}}
    document = {"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": responses}}}}
    result = converted({**document, "components": {"schemas": schemas}})
    assert problems(json.loads(json.dumps(result.document))) == []
    inner = [schema["properties"]["inner"] for schema in result.document["definitions"].values()]  # type: ignore[union-attr,index,call-overload]
    assert all(list(one) == ["$ref"] for one in inner)


def test_merging_does_not_explode(converted: Convert) -> None:
    """Each definition holds the one before twice: copied all the way there would be 2 ** 40 of them."""
    schemas: dict[str, Any] = {"A0": {"type": "object", "properties": {"x": {"type": "string"}}}}
    for number in range(1, 41):
        both = {"allOf": [{"$ref": f"#/components/schemas/A{number - 1}"}, {"properties": {"more": {}}}]}
        schemas[f"A{number}"] = {"properties": {"left": both, "right": both}}
    result = converted({"openapi": "3.0.3", "components": {"schemas": schemas}})
    assert len(json.dumps(result.document)) < 10_000_000
    assert "merge-cut" in {loss.kind for loss in result.losses}


def test_a_long_chain_of_merges_is_cut_not_a_crash(converted: Convert, problems: Any) -> None:
    schemas = {
        f"A{i}": {"allOf": [{"$ref": f"#/components/schemas/A{i + 1}"}, {"properties": {f"p{i}": {}}}]}
        for i in range(400)
    }
    result = converted({"openapi": "3.0.3", "components": {"schemas": {**schemas, "A400": {"type": "object"}}}})
    assert problems(json.loads(json.dumps(result.document))) == []


def test_a_union_that_becomes_very_large_is_shallower(converted: Convert, problems: Any, silent: Silent) -> None:
    """Members that differ deep inside of each other: each level that is merged too multiplies what a body holds."""

    def nested(name: str, level: int) -> dict[str, Any]:
        if not level:
            return {"type": "string"}
        fields = {f"{name}{number}": nested(name, level - 1) for number in range(3)}
        return {"type": "object", "properties": {"shared": nested(name, level - 1), **fields}}

    def document(level: int) -> Any:
        members = [nested("a", level), nested("b", level)]
        return {"openapi": "3.0.3", "components": {"schemas": {"Either": {"oneOf": members}}}}

    small, large = converted(document(2)), converted(document(5))
    assert "shared" in small.document["definitions"]["Either"]["properties"]["shared"]["properties"]
    either = large.document["definitions"]["Either"]["properties"]
    assert either["shared"]["properties"]["shared"] == {}
    assert {"a0", "b0"} <= set(either["shared"]["properties"])
    assert silent(document(5), large) == []
    assert problems(json.loads(json.dumps(large.document))) == []
