"""Walking through what anybody may have written ends, and misses no operation."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exporter.model.definitions import Definition, Dialect, Part, Place
from exporter.openapi.dangling import dangling
from exporter.openapi.places import Places
from exporter.openapi.walk import operations, references, resolve

KEYS = st.sampled_from(
    [
        "paths",
        "/a",
        "get",
        "$ref",
        "properties",
        "schema",
        "components",
        "schemas",
        "A",
        "parameters",
        "items",
        "example",
    ]
)
LEAVES = st.sampled_from(["#", "#/components/schemas/A", "#/paths/~1a", "#/nowhere", "a.yaml", 1, None, True])
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner), max_leaves=20),
)


@given(DOCUMENTS)
def test_walking_always_ends(document: dict[str, Any]) -> None:
    list(operations(document))
    found = list(references(document))
    list(dangling(document, found))
    for reference in found:
        resolve(document, reference.value)


def test_a_path_item_that_is_a_reference_has_its_operations() -> None:
    document: dict[str, Any] = {
        "paths": {"/a": {"$ref": "#/paths/~1b"}, "/b": {"post": {}, "get": {}}, "x-c": {"get": {}}}
    }
    assert [(one.path, one.method, one.pointer) for one in operations(document)] == [
        ("/a", "get", ("paths", "/b", "get")),
        ("/a", "post", ("paths", "/b", "post")),
        ("/b", "get", ("paths", "/b", "get")),
        ("/b", "post", ("paths", "/b", "post")),
    ]


def test_references_in_circles_lead_nowhere() -> None:
    document = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"$ref": "#/d"}, "d": {"type": "string"}}
    assert resolve(document, document["a"]) is None
    assert resolve(document, document["c"]) == {"type": "string"}
    assert resolve(document, {"$ref": "other.yaml"}) is None
    assert resolve(document, "text") == "text"


def test_ten_thousand_references_to_nowhere_are_looked_up_in_no_time() -> None:
    chain = {f"A{n}": {"$ref": f"#/definitions/A{n + 1}"} for n in range(10_000)}
    document = {"definitions": chain}
    assert [one.reference for one in dangling(document, references(document))] == ["#/definitions/A10000"]


class Fixed:
    """Positions that say where they were asked for."""

    def find(self, pointer: tuple[str, ...]) -> tuple[int, int]:
        return len(pointer), 1


def test_places_lead_back_through_both_stages() -> None:
    parts = {("components", "schemas", "Pet"): Part("pet.yaml", ("Pet",)), ("paths",): Part("paths.yaml", ())}
    definition = Definition({}, "a.yaml", Dialect.OPENAPI_3_0, {"a.yaml": Fixed(), "pet.yaml": Fixed()}, parts)
    places = Places(definition, {("definitions",): ("components", "schemas"), ("host",): ("servers", "0", "url")})
    assert places.of_connector(("definitions", "Pet", "type")) == Place("pet.yaml", 2, 1)
    assert places.of_connector(("host",)) == Place("a.yaml", 3, 1)
    assert places.of_connector(("info", "title")) == Place("a.yaml", 2, 1)
    assert places.of_author(("paths", "/a")) == Place("paths.yaml")
