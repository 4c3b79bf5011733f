"""Walks through a connector definition and gives every thing in it, with its kind and its pointer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import METHODS, ONE, Member
from exporter.openapi.walk import Operation, Trail, inside, internal_pointer, pointer_of, references

_NOT_THEIRS = frozenset(("path item", "response"))
"""Among these a name that starts with `x-` is an extension."""
_DEFINITION_LENGTH = 2


class Thing(NamedTuple):
    """An object of the definition."""

    kind: str
    """As in `exporter.openapi.grammar`: `operation`, `parameter`, `response`, `schema`, ..."""
    pointer: Pointer
    body: Object


def things(document: Object) -> Iterator[Thing]:
    """Give every object of a definition that is no mere data, in document order."""
    stack: list[tuple[Trail, Json, Member]] = [(None, document, ONE["document"])]
    while stack:
        trail, value, expected = stack.pop()
        inner: list[tuple[Trail, Json, Member]] = []
        if isinstance(value, list):
            inner = [((trail, index), item, expected) for index, item in enumerate(value) if isinstance(item, dict)]
        elif isinstance(value, dict):
            if not expected.named:
                yield Thing(expected.kind, pointer_of(trail), value)
            theirs = expected.named and expected.kind in _NOT_THEIRS
            inner = [
                ((trail, key), item, found)
                for key, item in value.items()
                if isinstance(item, (dict, list))
                and not (theirs and key.startswith("x-"))
                and (found := inside(expected, key)).kind != "data"
            ]
        stack += reversed(inner)


def operations_of(document: Object) -> Iterator[Operation]:
    """Give every operation of a connector definition, where each stands below its path, in document order."""
    for path, item in as_object(document.get("paths")).items():
        if not path.startswith("x-") and isinstance(item, dict):
            for method in item:
                body = item[method]
                if method in METHODS and isinstance(body, dict):
                    yield Operation(("paths", path, method), path, method, body, item)


def input_definitions(document: Object) -> set[str]:
    """Give the names of the definitions that a request's body is made of, references followed."""
    known: set[str] = set()
    definitions = as_object(document.get("definitions"))
    ahead = [thing.body["schema"] for thing in things(document) if thing.kind == "parameter" and "schema" in thing.body]
    while ahead:
        for one in references(ahead.pop(), ONE["schema"]):
            target = internal_pointer(str(one.value["$ref"])) or ()
            if len(target) >= _DEFINITION_LENGTH and target[0] == "definitions" and target[1] not in known:
                known.add(target[1])
                ahead.append(definitions.get(target[1]))
    return known


def is_input(pointer: Pointer, definitions: set[str]) -> bool:
    """Tell whether a schema at this pointer is part of a request; `definitions` as `input_definitions` gives them."""
    if pointer[0] == "definitions":
        return pointer[1] in definitions
    return pointer[0] == "parameters" or (pointer[0] == "paths" and "parameters" in pointer[2:4])
