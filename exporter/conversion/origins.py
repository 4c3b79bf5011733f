"""Where each part of the connector definition stands in the author's document."""

from __future__ import annotations

from collections.abc import Mapping

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
            if value.origin != expected:
                found[here] = expected = value.origin
            moved = {key: place for key, place in value.moved.items() if key in value and place != (*expected, key)}
            found.update({(*here, key): place for key, place in moved.items() if not isinstance(value[key], Node)})
        for key, child in _holding(value):
            is_node = isinstance(child, Node)
            place = (*expected, key) if is_node or key not in moved else moved[key]
            if not is_node or child.origin != place or child.moved or not _CONTAINERS.isdisjoint(map(type, child.values())):
                ahead.append((child, (*here, key), place))
    return found


_CONTAINERS = frozenset({Node, dict, list})


def _holding(value: Json) -> list[tuple[str, Json]]:
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
