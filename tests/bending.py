"""Puts nonsense anywhere into a document."""

from __future__ import annotations

from typing import Any

from exporter.model.pointers import Pointer


def pointers(value: Any, here: Pointer = ()) -> list[Pointer]:
    """Give every place of a document, from the top down."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(pointer for key, member in members for pointer in pointers(member, (*here, str(key))))]


def with_value(document: Any, pointer: Pointer, value: Any) -> Any:
    """
    Give the document with another value at a place; what leads there is made where it is missing.

    TypeError where the way leads through a value that holds nothing, IndexError or ValueError where a list has no such
    item.
    """
    if not pointer:
        return value
    if isinstance(document, list):
        index = int(pointer[0])
        return [*document[:index], with_value(document[index], pointer[1:], value), *document[index + 1 :]]
    if not isinstance(document, dict):
        raise TypeError(f"Nothing is inside {type(document).__name__}")
    return document | {pointer[0]: with_value(document.get(pointer[0], {}), pointer[1:], value)}
