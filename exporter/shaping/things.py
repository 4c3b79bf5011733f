"""Walks through a connector definition and gives every thing in it, with its kind and its pointer."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.json_values import Object, as_object
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import METHODS, ONE
from exporter.openapi.walk import Operation, Step, Trail, internal_pointer, pointer_of, references, steps

_NOT_THEIRS = frozenset(("path item", "response"))
"""Among these a name that starts with `x-` is an extension."""
_DEFINITION_LENGTH = 2


class Thing(NamedTuple):
    """An object of the definition."""

    kind: str
    """As in `exporter.openapi.grammar`: `operation`, `parameter`, `response`, `schema`, ..."""
    trail: Trail
    body: Object

    @property
    def pointer(self) -> Pointer:
        """Where it stands; most things are fine, and nobody asks."""
        return pointer_of(self.trail)


def things(document: Object) -> Iterator[Thing]:
    """Give every object of a definition that is no mere data, in document order."""
    stack: list[Step] = [(None, document, ONE["document"])]
    while stack:
        trail, value, expected = stack.pop()
        inner = steps(trail, value, expected)
        if isinstance(value, list):
            inner = [step for step in inner if isinstance(step[1], dict)]
        elif not expected.named:
            yield Thing(expected.kind, trail, as_object(value))
        elif expected.kind in _NOT_THEIRS:
            inner = [step for step in inner if step[0] and not str(step[0][1]).startswith("x-")]
        stack += inner[::-1]


def operations_of(document: Object) -> Iterator[Operation]:
    """Give every operation of a connector definition, where each stands below its path, in document order."""
    for path, item in as_object(document.get("paths")).items():
        if not path.startswith("x-") and isinstance(item, dict):
            for method in item:
                body = item[method]
                if method in METHODS and isinstance(body, dict):
                    yield Operation(("paths", path, method), path, method, body, item)


def input_definitions(document: Object, found: Iterable[Thing]) -> set[str]:
    """Give the names of the definitions that a request's body is made of, references followed, by its `things`."""
    known: set[str] = set()
    definitions = as_object(document.get("definitions"))
    ahead = [thing.body["schema"] for thing in found if thing.kind == "parameter" and "schema" in thing.body]
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
