"""Merges one value into another as the Overlay Specification says, and names each thing to write."""

from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.json_values import Json
from exporter.model.pointers import Pointer


class Write(NamedTuple):
    """A value to write, and where it stands in what is merged in."""

    pointer: Pointer
    value: Json
    source: Pointer


class Incompatible(Exception):
    """Two values cannot be merged, such as a text into an object."""

    def __init__(self, source: Pointer, target: Json, value: Json) -> None:
        super().__init__(f"{_named(value).capitalize()} cannot be merged into {_named(target)}")
        self.source = source


def merged(target: Json, value: Json, at: Pointer, source: Pointer = (), *, selected: bool = True) -> Iterator[Write]:
    """
    Give what to write where so that `value` is merged into `target`, which stands at the pointer `at`.

    Objects are merged, arrays appended, other values replaced; what is `selected` as an array also takes a single
    entry. An empty value (null) for an object or an array says nothing. Raises Incompatible.

    >>> list(merged({"a": [1], "b": 1}, {"a": [2], "b": 3}, ("x",)))
    [Write(pointer=('x', 'a', '1'), value=2, source=('a', '0')), Write(pointer=('x', 'b'), value=3, source=('b',))]
    """
    if isinstance(target, dict) and isinstance(value, dict):
        for key, one in value.items():
            if key in target:
                yield from merged(target[key], one, (*at, key), (*source, key), selected=False)
            else:
                yield Write((*at, key), one, (*source, key))
    elif isinstance(target, list) and isinstance(value, list):
        for index, one in enumerate(value):
            yield Write((*at, str(len(target) + index)), one, (*source, str(index)))
    elif isinstance(target, list) and selected:
        yield Write((*at, str(len(target))), value, source)
    elif isinstance(target, (dict, list)) or isinstance(value, (dict, list)):
        if value is not None and not (target is None and not selected):
            raise Incompatible(source, target, value)
        if value is not None:
            yield Write(at, value, source)
    else:
        yield Write(at, value, source)


def _named(value: Json) -> str:
    return "an object" if isinstance(value, dict) else "an array" if isinstance(value, list) else "a single value"


def counted(value: Json) -> int:
    """
    Count the values in a value.

    >>> counted({"a": [1, 2]})
    4
    """
    count, ahead = 0, [value]
    while ahead:
        one = ahead.pop()
        count += 1
        if isinstance(one, dict):
            ahead.extend(one.values())
        elif isinstance(one, list):
            ahead.extend(one)
    return count
