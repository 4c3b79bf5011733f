"""JSON values as we read them: never changed, and never a reason to crash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
Object: TypeAlias = Mapping[str, Json]

_NOTHING: Object = {}


def as_object(value: Json) -> Object:
    """
    Give back an object as it is, and something empty for whatever else the author wrote.

    >>> as_object({"a": 1}), as_object("nonsense")
    ({'a': 1}, {})
    """
    return value if isinstance(value, dict) else _NOTHING


def as_list(value: Json) -> Sequence[Json]:
    """
    Give back an array as it is, and something empty for whatever else the author wrote.

    >>> as_list([1]), as_list("nonsense")
    ([1], ())
    """
    return value if isinstance(value, list) else ()


def as_text(value: Json) -> str:
    """
    Give back a string as it is, and an empty one for whatever else the author wrote.

    >>> as_text("a"), as_text(["a"])
    ('a', '')
    """
    return value if isinstance(value, str) else ""


def is_number(value: Json) -> bool:
    """
    Tell whether a value is a number; true and false are none.

    >>> is_number(1.5), is_number(True)
    (True, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool)


_PLAIN_TYPES = {"string": str, "boolean": bool, "array": list, "object": dict}


def is_of_type(value: Json, kind: str) -> bool:
    """
    Tell whether a value is of a type of JSON Schema; a type that we do not know takes everything.

    >>> is_of_type(1.0, "integer"), is_of_type("1", "integer"), is_of_type(True, "number")
    (True, False, False)
    """
    if kind in _PLAIN_TYPES:
        return isinstance(value, _PLAIN_TYPES[kind])
    if kind == "integer":
        return is_number(value) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
    return kind != "number" or is_number(value)
