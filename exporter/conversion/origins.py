"""Where each part of the connector definition stands in the author's document."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.conversion.nodes import Node, holding
from exporter.model.json_values import Json
from exporter.model.pointers import Pointer


def origins(document: Node) -> Mapping[Pointer, Pointer]:
    """Give, for each part that stands elsewhere than its parent says, where it stands in the author's document."""
    found: dict[Pointer, Pointer] = {}
    _trace(document, (), [], found)
    return found


def _trace(value: Json, expected: Pointer, here: list[str], found: dict[Pointer, Pointer]) -> None:
    """Note what stands elsewhere in a value; `here` is where it is, and `expected` where its parent says."""
    moved: Mapping[str, Pointer] = {}
    if isinstance(value, Node):
        moved = value.moved
        if value.origin != expected:
            found[*here,] = expected = value.origin
        for key, place in moved.items():
            if key in value and not isinstance(value[key], Node) and place != (*expected, key):
                found[*here, key] = place
    for key, child in holding(value):
        below = (*expected, key)
        if not isinstance(child, Node):
            below = moved.get(key, below)
        elif child.origin == below and child.is_leaf():
            continue
        here.append(key)
        _trace(child, below, here, found)
        here.pop()
