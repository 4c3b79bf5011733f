"""Where a pointer stands in a file: line and column, found when asked (JSON) or kept while reading (YAML)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, islice
from typing import TypeAlias

from exporter.model.json_values import Json
from exporter.model.pointers import Pointer, item_index
from exporter.openapi.scanner import scan_text, scan_value

Mark: TypeAlias = int
"""Line and column (from 0) in one integer: a file has a mark for every value, and an integer is small."""

_Wanted: TypeAlias = "dict[str, _Wanted]"
"""Pointers by their first segments, as a tree."""

_NOTHING: _Wanted = {}
_OPENINGS = frozenset("{[")
COLUMN_BITS = 26
"""Enough for a file of one line, however large: MOST_BYTES is less than two to the power of 26."""
_COLUMN_MASK = (1 << COLUMN_BITS) - 1
_BLOCK = 4096
_CONTINUING = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that are not the first one of a letter."""
_skip = re.compile(r"[ \t\r\n]*").match


def mark(line: int, column: int) -> Mark:
    """Pack line and column, both from 0."""
    return line << COLUMN_BITS | column


def unpack(packed: Mark) -> tuple[int, int]:
    """
    Give line and column of a mark, both from 1.

    >>> unpack(mark(0, 4))
    (1, 5)
    """
    return (packed >> COLUMN_BITS) + 1, (packed & _COLUMN_MASK) + 1


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


class Utf8Lines:
    """Turns offsets in UTF-8 into lines and columns: offsets count bytes, columns letters. Takes each byte as a letter."""

    def __init__(self, text: str) -> None:
        from array import array  # ten times smaller than a list, for every line of a large file

        self._text = text
        self._starts = array("I", [0])
        self._letters = array("I", [0])
        """Before each block; a column far right in a line, where everything is in one, is then not counted for long."""
        for start in range(0, len(text), _BLOCK):
            block = text[start : start + _BLOCK].encode("latin-1")
            lines = block.split(b"\n")
            self._starts.extend(islice(accumulate([len(line) + 1 for line in lines], initial=start), 1, len(lines)))
            self._letters.append(self._letters[-1] + _letters(block))

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, self._before(offset) - self._before(self._starts[line - 1]) + 1

    def _before(self, offset: int) -> int:
        """Count the letters before an offset."""
        block = offset // _BLOCK
        return self._letters[block] + _letters(self._text[block * _BLOCK : offset].encode("latin-1"))


def _letters(content: bytes) -> int:
    return len(content.translate(None, _CONTINUING))


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

    def expect(self, pointers: Iterable[Pointer]) -> None:
        """Be told what will be asked for; all of it is known."""


class SoughtPositions:
    """
    Positions in strict JSON, found by walking the text with the C scanner, only as far as a pointer needs.

    Reading the text of a file that nobody asks about would cost more than reading its values. The text is kept as its
    bytes, each taken for a letter: one emoji, and Python would keep every letter in four.
    """

    def __init__(self, content: bytes) -> None:
        self._text = content.decode("latin-1")
        self._lines: Utf8Lines | None = None
        self._seen: dict[int, dict[str, tuple[int, int]]] = {}

    def find(self, pointer: Pointer) -> tuple[int, int]:
        """Give line and column (from 1) of the pointer, or of its nearest parent that is in the file."""
        self._lines = self._lines or Utf8Lines(self._text)
        found = value = _end(self._text, 0)
        for segment in pointer:
            members = self._members(value)
            if segment not in members:
                break
            found, value = members[segment]
        return self._lines.place(found)

    def expect(self, pointers: Iterable[Pointer]) -> None:
        """Be told what will be asked for: together it is found in one reading, one by one in as many as it has levels."""
        wanted: _Wanted = {}
        for pointer in pointers:
            inner = wanted
            for segment in pointer:
                inner = inner.setdefault(segment, {})
        if wanted:
            self._read(_end(self._text, 0), wanted)

    def _members(self, start: int) -> dict[str, tuple[int, int]]:
        """Give, for the object or list at an offset, where each key (or item) and its value start."""
        if self._text[start : start + 1] not in _OPENINGS:
            return {}
        if start not in self._seen:
            self._read(start, {"": {}})
        return self._seen[start]

    def _read(self, start: int, wanted: _Wanted) -> int:
        """Remember where members of the value at an offset stand, inside of it as far as is wanted; give its end."""
        text = self._text
        opening = text[start : start + 1]
        if not wanted or opening not in _OPENINGS:
            return scan_value(text, start)[1]
        members: dict[str, tuple[int, int]] = {}
        self._seen[start] = members
        key, offset = "", _end(text, start + 1)
        while text[offset] not in "}]":
            at = offset
            if opening == "{":
                key, offset = scan_text(text, at + 1, True)
                if not key.isascii():
                    key = scan_text(text[at:offset].encode("latin-1").decode(), 1, True)[0]
                offset = _end(text, _end(text, offset) + 1)
            else:
                key = str(len(members))
            members[key] = (at, offset)
            offset = _end(text, self._read(offset, wanted.get(key, _NOTHING)))
            if text[offset] == ",":
                offset = _end(text, offset + 1)
        return offset + 1


def _end(text: str, offset: int) -> int:
    """Skip white space."""
    found = _skip(text, offset)
    return found.end() if found else offset
