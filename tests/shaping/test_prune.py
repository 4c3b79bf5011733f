"""Filtering by property: all that is kept is complete, nothing dangles, nothing else is left."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exporter.model.definitions import Definition, Dialect
from exporter.model.errors import WrongInputs
from exporter.openapi.walk import internal_pointer, look_up, references
from exporter.shaping.choose import choose

NAMES = ("A", "B", "C", "D")
TARGETS = st.sampled_from(
    [f"#/components/schemas/{name}" for name in NAMES]
    + [f"#/components/schemas/{name}/properties/p0" for name in NAMES]
    + [f"#/paths/~1{n}/get/responses/200/content/j/schema" for n in range(4)]
)
SCHEMAS = st.lists(TARGETS, max_size=3).map(
    lambda targets: {"type": "object", "properties": {f"p{n}": {"$ref": target} for n, target in enumerate(targets)}}
)


@st.composite
def documents(draw: Any) -> Any:
    paths: dict[str, Any] = {
        f"/{n}": {"get": {"operationId": f"Op{n}", "responses": {"200": {"content": {"j": {"schema": draw(SCHEMAS)}}}}}}
        for n in range(4)
    }
    paths["/again"] = {"$ref": f"#/paths/~1{draw(st.integers(0, 3))}"}
    return {"openapi": "3.0.0", "paths": paths, "components": {"schemas": {name: draw(SCHEMAS) for name in NAMES}}}


def reachable(document: Any, value: Any, seen: frozenset[str] = frozenset()) -> Any:
    """Write a value out, each reference followed once on every way down."""
    if isinstance(value, dict):
        text = value.get("$ref")
        if isinstance(text, str):
            pointer = internal_pointer(text) or ()
            exists, target = look_up(document, pointer)
            key = str(id(target))
            return (
                "…"
                if key in seen or len(seen) > 4
                else reachable(document, target, seen | {key})
                if exists
                else "nowhere"
            )
        return {key: reachable(document, one, seen) for key, one in value.items()}
    return [reachable(document, one, seen) for one in value] if isinstance(value, list) else value


@given(documents(), st.lists(st.sampled_from(["/0", "/1", "/2", "/3", "/again"]), min_size=1, max_size=3, unique=True))
def test_what_is_kept_reaches_all_it_reached_and_nothing_dangles(document: Any, kept: list[str]) -> None:
    before = Definition(document, "a.json", Dialect.OPENAPI_3_0, {}, {})
    try:
        after = choose(before, kept, []).definition.document
    except WrongInputs:
        raise AssertionError from None
    assert list(after["paths"]) == [path for path in document["paths"] if path in kept]  # type: ignore[call-overload,arg-type]
    for path in kept:
        wanted = document["paths"][path]
        wanted = look_up(document, internal_pointer(wanted["$ref"]) or ())[1] if "$ref" in wanted else wanted
        assert reachable(after, after["paths"][path]) == reachable(document, wanted)  # type: ignore[index,call-overload]
    leads = {internal_pointer(one.value["$ref"]) or () for one in references(after)}  # type: ignore[arg-type]
    known = {pointer for pointer in leads if look_up(document, pointer)[0]}
    assert all(look_up(after, pointer)[0] for pointer in known)
    listed = after.get("components", {}).get("schemas", {})  # type: ignore[union-attr]
    assert set(listed) <= {pointer[2] for pointer in leads if pointer[:2] == ("components", "schemas")}


@given(documents(), st.lists(st.sampled_from(["/0", "/1", "/2"]), min_size=1, max_size=2, unique=True))
def test_filtering_what_was_filtered_changes_nothing(document: Any, kept: list[str]) -> None:
    once = choose(Definition(document, "a.json", Dialect.OPENAPI_3_0, {}, {}), kept, []).definition
    assert choose(once, kept, []).definition is once
