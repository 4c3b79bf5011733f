"""Gaps that are filled: stable names, findings that are gone afterwards, nothing done twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.conversion.convert import convert
from exporter.openapi.load import load
from exporter.ports import Files
from exporter.rules.check import check
from exporter.shaping.complete import complete_definition
from exporter.shaping.fillers import Extent
from exporter.shaping.operation_ids import operation_id

MENDED_SAFELY = frozenset(
    {
        "operation-id-required",
        "path-parameter-missing-encoding",
        "response-description-required",
        "mime-type-not-compatible-with-request-content-schema-type",
        "default-value-must-match-type",
        "required-read-only-property-not-allowed-as-input",
    }
)
MENDED = MENDED_SAFELY | {"required-property-missing", "operation-summary-too-long", "parameter-summary-missing"}

PATHS = st.dictionaries(
    st.sampled_from(["/a", "/A", "/a/b", "/a-b", "/a_b", "/a/{id}", "/a/{key}/b", "/日本", "/", "/aB", "/v1.0/c"]),
    st.dictionaries(
        st.sampled_from(["get", "post"]),
        st.one_of(
            st.just({}),
            st.sampled_from(["GetA", "PostAB", "Other", "", "Get-A"]).map(lambda name: {"operationId": name}),
        ),
        min_size=1,
    ),
    max_size=6,
)


def ids(document: Any) -> dict[tuple[str, str], str]:
    return {
        (path, method): body["operationId"]
        for path, item in document.get("paths", {}).items()
        for method, body in item.items()
    }


def completed(paths: Any, previous: Any = None) -> Any:
    return complete_definition({"swagger": "2.0", "paths": paths}, previous or {}, Extent.SAFE).document


@given(PATHS)
def test_generated_names_differ_from_all_others_in_letters_and_digits(paths: Any) -> None:
    made = ids(completed(paths))
    given_ = [body["operationId"] for item in paths.values() for body in item.values() if body.get("operationId")]
    plain = ["".join(c for c in name.lower() if c.isascii() and c.isalnum()) for name in made.values()]
    generated = len(plain) - len(given_)
    assert all(plain)
    assert len(set(plain)) >= generated + len({"".join(c for c in name.lower() if c.isalnum()) for name in given_})


@given(PATHS, st.randoms(use_true_random=False))
def test_names_do_not_depend_on_the_order_of_paths(paths: Any, random: Any) -> None:
    shuffled = list(paths.items())
    random.shuffle(shuffled)
    assert ids(completed(paths)) == ids(completed(dict(shuffled)))


@given(PATHS, PATHS)
def test_what_was_exported_keeps_its_name_whatever_is_added(paths: Any, more: Any) -> None:
    exported = completed(paths)
    added = {path: item for path, item in more.items() if path not in paths and "operationId" not in str(item)}
    addresses = {path.replace("{key}", "{id}") for path in paths}
    added = {path: item for path, item in added.items() if path.replace("{key}", "{id}") not in addresses}
    again = ids(completed({**added, **paths}, exported))
    assert ids(exported).items() <= again.items()


def test_a_renamed_variable_or_a_moved_base_path_keeps_the_name() -> None:
    last = {"basePath": "/v1/", "paths": {"/orders/{id}": {"get": {"operationId": "Kept"}}}}
    for base, path in (("/v1", "/orders/{orderId}"), ("", "/v1/orders/{x}"), ("/v2", "/orders/{id}")):
        document = {"swagger": "2.0", "basePath": base, "paths": {path: {"get": {}}}}
        assert ids(complete_definition(document, last, Extent.SAFE).document) == {(path, "get"): "Kept"}


def test_a_long_path_gets_a_name_of_eighty_letters_at_most() -> None:
    ((_, name),) = ids(completed({"/many" * 30: {"get": {}}})).items()
    assert len(name) == 80
    assert operation_id("get", "/many" * 30).startswith(name[:72])


@lru_cache(maxsize=1)
def converted(path: Path, folder: Callable[[Path], Files]) -> Any:
    definition = load(path.name, folder(path.parent)).definition
    assert definition is not None
    return convert(definition).document


@pytest.mark.parametrize("extent", [Extent.SAFE, Extent.LABELS])
@pytest.mark.parametrize("name", ["oas3/aspnet-swashbuckle-basic-3.1.json", "oas3/box.json", "oas3/museum.yaml", "oas3/openai.yaml", "oas3/feat-file-uploads.json"])  # fmt: skip
def test_what_is_mended_is_no_finding_any_more(
    name: str, extent: Extent, shared: Path, folder: Callable[[Path], Files]
) -> None:
    path = shared / name
    if not path.is_file():
        pytest.skip(f"there is no shared/{name}")
    document = converted(path, folder)
    before = json.dumps(document)
    filled = complete_definition(document, {}, extent)
    assert json.dumps(document) == before, "what was given is not changed"
    assert {finding.rule for finding in check(filled.document)}.isdisjoint(
        MENDED if extent is Extent.LABELS else MENDED_SAFELY
    )
    again = complete_definition(filled.document, {}, extent)
    assert again.fixes == ()
    assert again.document == filled.document


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "1", "true", "x", "object", "integer", "boolean", "#/definitions/A", "formData", "body", "path"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["get", "/a", "parameters", "responses", "200", "schema", "properties", "required", "readOnly", "type", "default", "items", "in", "name", "$ref", "description", "summary", "A", "consumes", "x-ms-visibility"]), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["paths", "definitions", "parameters", "responses", "consumes", "info", "basePath"]), VALUES
    )
)
def test_whatever_stands_there_is_filled_once(document: Any) -> None:
    first = complete_definition(document, document, Extent.LABELS)
    second = complete_definition(first.document, document, Extent.LABELS)
    assert second.fixes == ()
    assert complete_definition(document, document, Extent.LABELS) == first


def repeated(items: Any) -> Any:
    parameter = {"name": "a", "in": "query", "description": "Mine.", "type": "array", "collectionFormat": "multi"}
    document = {"paths": {"/a": {"get": {"operationId": "A", "parameters": [parameter | {"items": items}]}}}}
    return complete_definition(document, {}, Extent.REFUSED).document["paths"]["/a"]["get"]["parameters"][0]  # type: ignore[call-overload,index]


def test_a_single_value_is_what_the_items_are_and_named_as_the_parameter_is() -> None:
    items = {"type": "integer", "format": "int32", "name": "b", "in": "body", "description": "Theirs.", "x-a": 1}
    assert repeated(items) == {
        "name": "a",
        "in": "query",
        "description": "Mine.",
        "type": "integer",
        "format": "int32",
        "x-a": 1,
    }


@pytest.mark.parametrize("kind", [["string"], {}, None, "array"])
def test_a_list_of_what_is_no_single_value_stays(kind: Any) -> None:
    assert repeated({"type": kind})["collectionFormat"] == "multi"
