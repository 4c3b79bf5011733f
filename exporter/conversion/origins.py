"""Where each part of the connector definition stands in the author's document."""

from __future__ import annotations

from collections.abc import Mapping

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
        moved: Mapping[str, Pointer] = {}
        if isinstance(value, Node):
            if value.origin != expected:
                found[here] = expected = value.origin
            moved = value.moved
            for key, place in moved.items():
                if key in value and not isinstance(value[key], Node) and place != (*expected, key):
                    found[*here, key] = place
        if isinstance(value, dict):
            holder = not isinstance(value, Node)
            for key, child in value.items():
                if isinstance(child, Node):
                    ahead.append((child, (*here, key), (*expected, key)))
                elif isinstance(child, (dict, list)) and (holder or key in _HOLDING):
                    ahead.append((child, (*here, key), moved.get(key) or (*expected, key)))
        elif isinstance(value, list):
            ahead.extend(
                (child, (*here, str(i)), (*expected, str(i)))
                for i, child in enumerate(value)
                if isinstance(child, Node)
            )
    return found
