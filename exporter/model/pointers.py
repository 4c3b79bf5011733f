"""Where something stands in a document: JSON Pointers (RFC 6901) as tuples of their unescaped segments."""

from __future__ import annotations

from typing import TypeAlias

from exporter.model.json_values import Json

Pointer: TypeAlias = tuple[str, ...]

_MOST_DIGITS = 10
"""No list that we read is longer, and turning more digits into a number takes time."""


def pointer_text(pointer: Pointer) -> str:
    """
    Write a pointer as RFC 6901 has it.

    >>> pointer_text(("paths", "/orders/{id}", "get"))
    '/paths/~1orders~1{id}/get'
    """
    return "".join("/" + segment.replace("~", "~0").replace("/", "~1") for segment in pointer)


def parse_pointer(text: str) -> Pointer:
    """
    Read a pointer as RFC 6901 has it; without its leading slash it is read all the same.

    >>> parse_pointer("/paths/~1orders~1{id}/get")
    ('paths', '/orders/{id}', 'get')
    """
    if text in {"", "/"}:
        return ()
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.removeprefix("/").split("/"))


def item_index(segment: str, length: int) -> int:
    """
    Give the index that a segment of a pointer means in a list of that length; -1 for none (RFC 6901, section 4).

    >>> item_index("1", 2), item_index("01", 2), item_index("2", 2)
    (1, -1, -1)
    """
    if not (segment.isascii() and segment.isdecimal()) or len(segment) > _MOST_DIGITS:
        return -1
    if segment[0] == "0" and segment != "0":
        return -1
    index = int(segment)
    return index if index < length else -1


def value_at(document: Json, pointer: Pointer) -> Json:
    """
    Give the value that a pointer leads to; None where it leads nowhere.

    >>> value_at({"a": [{"b": 1}]}, ("a", "0", "b"))
    1
    """
    value = document
    for segment in pointer:
        if isinstance(value, dict):
            value = value.get(segment)
        elif isinstance(value, list) and (index := item_index(segment, len(value))) >= 0:
            value = value[index]
        else:
            return None
    return value
