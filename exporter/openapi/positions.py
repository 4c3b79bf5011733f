"""Where a pointer stands in a file: line and column, found when asked (JSON) or kept while reading (YAML)."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TypeAlias

from exporter.model.json_values import Json
from exporter.model.pointers import Pointer, item_index
from exporter.openapi.scanner import scan_text, scan_value

Mark: TypeAlias = int
"""Line and column (from 0) in one integer: a file has a mark for every value, and an integer is small."""

_COLUMN_BITS = 20
_COLUMN_MASK = (1 << _COLUMN_BITS) - 1
_skip = re.compile(r"[ \t\r\n]*").match


def mark(line: int, column: int) -> Mark:
    """Pack line and column, both from 0."""
    return line << _COLUMN_BITS | min(column, _COLUMN_MASK)


def unpack(packed: Mark) -> tuple[int, int]:
    """
    Give line and column of a mark, both from 1.

    >>> unpack(mark(0, 4))
    (1, 5)
    """
    return (packed >> _COLUMN_BITS) + 1, (packed & _COLUMN_MASK) + 1


class Lines:
    """Turns offsets in a text into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))

    def mark(self, offset: int) -> Mark:
        """Give the mark of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return mark(line, offset - self._starts[line])

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset, both from 1."""
        return unpack(self.mark(offset))


class KeptPositions:
    """Positions that were noted while the text was read: for every object and list, where its members stand."""

    def __init__(self, root: Json, start: Mark, marks: dict[int, dict[str, Mark] | list[Mark]]) -> None:
        self._root = root
        self._start = start
        self._marks = marks
        """By `id` of the object or list; the root keeps them alive, so that an id stays theirs."""

    def find(self, pointer: Pointer) -> tuple[int, int]:
        """Give line and column (from 1) of the pointer, or of its nearest parent that is in the file."""
        value, found = self._root, self._start
        for segment in pointer:
            marks = self._marks.get(id(value))
            if isinstance(marks, dict) and isinstance(value, dict) and segment in marks:
                found, value = marks[segment], value[segment]
            elif isinstance(marks, list) and isinstance(value, list):
                index = item_index(segment, len(marks))
                if index < 0:
                    break
                found, value = marks[index], value[index]
            else:
                break
        return unpack(found)


class SoughtPositions:
    """
    Positions in strict JSON, found by walking the text with the C scanner, only as far as a pointer needs.

    Reading the text of a file that nobody asks about would cost more than reading its values.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None
        self._seen: dict[int, dict[str, tuple[int, int]]] = {}

    def find(self, pointer: Pointer) -> tuple[int, int]:
        """Give line and column (from 1) of the pointer, or of its nearest parent that is in the file."""
        self._lines = self._lines or Lines(self._text)
        found = value = _end(self._text, 0)
        for segment in pointer:
            members = self._members(value)
            if segment not in members:
                break
            found, value = members[segment]
        return self._lines.place(found)

    def _members(self, start: int) -> dict[str, tuple[int, int]]:
        """Give, for the object or list at an offset, where each key (or item) and its value start."""
        if start not in self._seen:
            opening = self._text[start : start + 1]
            self._seen[start] = self._keys(start) if opening == "{" else self._items(start) if opening == "[" else {}
        return self._seen[start]

    def _keys(self, start: int) -> dict[str, tuple[int, int]]:
        text = self._text
        members: dict[str, tuple[int, int]] = {}
        offset = _end(text, start + 1)
        while text[offset] != "}":
            at = offset
            key, offset = scan_text(text, at + 1, True)
            value = _end(text, _end(text, offset) + 1)
            members[key] = (at, value)
            offset = self._next(value)
        return members

    def _items(self, start: int) -> dict[str, tuple[int, int]]:
        text = self._text
        members: dict[str, tuple[int, int]] = {}
        offset = _end(text, start + 1)
        while text[offset] != "]":
            members[str(len(members))] = (offset, offset)
            offset = self._next(offset)
        return members

    def _next(self, value: int) -> int:
        """Skip a value, and the comma behind it if there is one."""
        offset = _end(self._text, scan_value(self._text, value)[1])
        return _end(self._text, offset + 1) if self._text[offset] == "," else offset


def _end(text: str, offset: int) -> int:
    """Skip white space."""
    found = _skip(text, offset)
    return found.end() if found else offset
