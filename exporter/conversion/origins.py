"""Where each part of the connector definition stands in the author's document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exporter.conversion.nodes import Node
from exporter.model.json_values import Json, Object, as_list
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
        moved: Mapping[str, Pointer] = {}
        if isinstance(value, Node):
            moved = value.moved
            for key, place in moved.items():
                if key in value and not isinstance(value[key], Node) and place != (*expected, key):
                    found[*here, key] = place
        for key, child in _holding(value):
            place = (*expected, key)
            if not isinstance(child, Node):
                ahead.append((child, (*here, key), moved.get(key, place)))
                continue
            if child.origin != place:
                found[*here, key] = place = child.origin
            if child.moved or not _CONTAINERS.isdisjoint(map(type, child.values())):
                ahead.append((child, (*here, key), place))
    return found


_CONTAINERS = frozenset({Node, dict, list})


def _holding(value: Json) -> Iterable[tuple[str, Json]]:
    """List the members of a part that may hold parts of the author's document."""
    if isinstance(value, Node):
        return [
            (key, child)
            for key, child in value.items()
            if (kind := type(child)) is Node or (kind in _CONTAINERS and key in _HOLDING)
        ]
    if isinstance(value, dict):
        return [(key, child) for key, child in value.items() if type(child) in _CONTAINERS]
    return [(str(number), child) for number, child in enumerate(as_list(value)) if type(child) is Node]
