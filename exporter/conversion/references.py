"""Where an internal `$ref` leads: through aliases, anchors and other references, and never in circles."""

from typing import NamedTuple

from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.model.pointers import Pointer, item_index, parse_pointer
from exporter.openapi.walk import fragment_of

_MOST_HOPS = 50
_MOST_ONWARD = 2_000_000
"""Segments of all pointers that references lead on to; GitHub's API has a thousandth of that, circles have no end."""


class Target(NamedTuple):
    """What a reference leads to."""

    pointer: Pointer
    value: Json


def reference_of(value: Json) -> str:
    """
    Give the reference that an object is; empty where it is none (a *property* may be named `$ref`).

    >>> reference_of({"$ref": "#/a"}), reference_of({"$ref": {"type": "string"}}), reference_of(None)
    ('#/a', '', '')
    """
    reference = value["$ref"] if isinstance(value, dict) and "$ref" in value else ""
    return reference if isinstance(reference, str) else ""


class References:
    """Finds what internal references of one document lead to; each is looked up once."""

    def __init__(self, document: Object) -> None:
        self._document = document
        self._found: dict[str, Target | None] = {}
        self._anchors: dict[str, Pointer] | None = None
        self._room = _MOST_ONWARD
        self.passed: set[Pointer] = set()
        """Where references have led, on the way and in the end."""

    def find(self, reference: str) -> Target | None:
        """Give the first thing on the way that is more than a reference; None where there is none."""
        if reference not in self._found:
            self._found[reference] = self._find(reference)
        return self._found[reference]

    def resolve(self, value: Json, where: Pointer) -> Target | None:
        """
        Give an object itself, or what it refers to; a description beside the reference wins (OpenAPI 3.1).

        None where the reference leads nowhere.
        """
        reference = reference_of(value)
        if not reference:
            return Target(where, value)
        target = self.find(reference)
        description = as_object(value).get("description")
        if target and isinstance(description, str) and isinstance(target.value, dict):
            return Target(target.pointer, {**target.value, "description": description})
        return target

    def _find(self, reference: str) -> Target | None:
        hops = 0
        pointer = self._pointer(reference)
        while pointer is not None and hops < _MOST_HOPS and self._room > 0:
            self._room -= len(pointer) if hops else 0
            hops += 1
            self.passed.add(pointer)
            value: Json = self._document
            onward = None
            for depth, segment in enumerate(pointer):
                if (inner := reference_of(value)) and segment not in as_object(value):
                    start = self._pointer(inner)
                    onward = None if start is None else (*start, *pointer[depth:])
                    value = None
                    break
                value = _step(value, segment)
                if value is None:
                    return None
            else:
                alias = reference_of(value)
                if not alias or len(as_object(value)) > 1:
                    return Target(pointer, value)
                onward = self._pointer(alias)
            pointer = onward
        return None

    def _pointer(self, reference: str) -> Pointer | None:
        fragment = fragment_of(reference)
        if fragment is None:
            return None
        if fragment.startswith("/"):
            return parse_pointer(fragment)
        if self._anchors is None:
            self._anchors = _anchors(self._document)
        return self._anchors.get(fragment)


def _step(value: Json, segment: str) -> Json:
    if isinstance(value, dict):
        return value.get(segment)
    items = as_list(value)
    index = item_index(segment, len(items))
    return items[index] if index >= 0 else None


def _anchors(document: Object) -> dict[str, Pointer]:
    found: dict[str, Pointer] = {}
    ahead: list[tuple[Json, Pointer]] = [(document, ())]
    while ahead:
        value, where = ahead.pop()
        if isinstance(value, dict):
            anchor = value.get("$anchor")
            if isinstance(anchor, str):
                found.setdefault(anchor, where)
            ahead.extend((child, (*where, key)) for key, child in value.items() if isinstance(child, (dict, list)))
        elif isinstance(value, list):
            ahead.extend((child, (*where, str(i))) for i, child in enumerate(value) if isinstance(child, (dict, list)))
    return found
