"""Where each part of the connector definition stands in the author's document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exporter.conversion.nodes import Node
from exporter.model.json_values import Json, Object
from exporter.model.pointers import Pointer

# What may hold parts of the author's document; examples, defaults and the like are taken whole.
_HOLDING = frozenset(
    {"paths", "definitions", "properties", "parameters", "responses", "headers", "securityDefinitions"}
)


def origins(document: Object) -> Mapping[Pointer, Pointer]:
    """Give, for each part that stands elsewhere than its parent says, where it stands in the author's document."""
    found: dict[Pointer, Pointer] = {}
    ahead: list[tuple[Json, Pointer, Pointer]] = [(document, (), ())]
    while ahead:
        value, here, expected = ahead.pop()
        if isinstance(value, Node):
            if value.origin != expected:
                found[here] = expected = value.origin
            for key, place in value.moved.items():
                if key in value and not isinstance(value[key], Node) and place != (*expected, key):
                    found[*here, key] = place
        for key, child in _holding(value):
            moved = None if isinstance(child, Node) else found.get((*here, key))
            ahead.append((child, (*here, key), moved or (*expected, key)))
    return found


def _holding(value: Json) -> Iterator[tuple[str, Json]]:
    """List the members of a part that may hold parts of the author's document."""
    if isinstance(value, dict):
        every = not isinstance(value, Node)
        for key, child in value.items():
            if isinstance(child, Node) or (isinstance(child, (dict, list)) and (every or key in _HOLDING)):
                yield key, child
    elif isinstance(value, list):
        for number, child in enumerate(value):
            if isinstance(child, Node):
                yield str(number), child
