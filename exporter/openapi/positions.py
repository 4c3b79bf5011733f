"""Where a pointer stands in a file: line and column, found when asked (JSON) or kept while reading (YAML)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate, islice
from typing import TypeAlias

from exporter.model.json_values import Json
from exporter.model.pointers import Pointer, item_index
from exporter.openapi.scanner import scan_text, scan_value

Mark: TypeAlias = int
"""Line and column (from 0) in one integer: a file has a mark for every value, and an integer is small."""

_Members: TypeAlias = dict[str, tuple[int, int]]
"""By key or index: where the key (or item) starts, and where its value does."""

_OPENINGS, _CLOSINGS = frozenset("{["), frozenset("}]")
COLUMN_BITS = 26
"""Enough for a file of one line, however large: MOST_BYTES is less than two to the power of 26."""
_COLUMN_MASK = (1 << COLUMN_BITS) - 1
_BLOCK = 4096
_CONTINUING = bytes(range(0x80, 0xC0))
"""Bytes of UTF-8 that are not the first one of a letter."""
_skip = re.compile(r"[ \t\r\n]*").match
_colon = re.compile(r"[ \t\r\n]*:[ \t\r\n]*").match
_comma = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*").match


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
        start = self._starts[line - 1]
        if offset - start < _BLOCK:
            return line, _letters(self._text[start:offset].encode("latin-1")) + 1
        return line, self._before(offset) - self._before(start) + 1

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
        self._expected: dict[Pointer, int] = {}
        """Where that stands which was expected."""
        self._seen: dict[int, _Members] = {}
        """The members of an object or list at an offset, where somebody asked for one that was not expected."""

    def find(self, pointer: Pointer) -> tuple[int, int]:
        """Give line and column (from 1) of the pointer, or of its nearest parent that is in the file."""
        self._lines = self._lines or Utf8Lines(self._text)
        found = self._expected.get(pointer, -1)
        return self._lines.place(self._sought(pointer) if found < 0 else found)

    def expect(self, pointers: Iterable[Pointer]) -> None:
        """Be told what will be asked for: together it is found in one reading, one by one in as many as it has levels."""
        wanted = [pointer for pointer in dict.fromkeys(pointers) if pointer not in self._expected]
        if wanted:
            start = _end(_skip, self._text, 0)
            self._note(start, start, wanted, 0)

    def _sought(self, pointer: Pointer) -> int:
        found = start = _end(_skip, self._text, 0)
        for segment in pointer:
            if self._text[start] not in _OPENINGS:
                break
            if start not in self._seen:
                self._seen[start], _ = self._members(start, {}, 0)
            if segment not in self._seen[start]:
                break
            found, start = self._seen[start][segment]
        return found

    def _note(self, at: int, start: int, wanted: list[Pointer], depth: int) -> int:
        """
        Note where those pointers stand that lead to a value or into it; give its end.

        Takes where the value and its key start, and how many segments of the pointers have led there.
        """
        inside: dict[str, list[Pointer]] = {}
        for pointer in wanted:
            self._expected[pointer] = at
            if len(pointer) > depth:
                inside.setdefault(pointer[depth], []).append(pointer)
        if inside and self._text[start] in _OPENINGS:
            return self._members(start, inside, depth + 1)[1]
        return scan_value(self._text, start)[1]

    def _members(self, start: int, wanted: dict[str, list[Pointer]], depth: int) -> tuple[_Members, int]:
        """Give where members of the object or list at an offset stand, and its end; on the way note what is wanted."""
        text, members = self._text, dict[str, tuple[int, int]]()
        is_object = text[start] == "{"
        offset = _end(_skip, text, start + 1)
        while text[offset] not in _CLOSINGS:
            at = offset
            if is_object:
                key, offset = scan_text(text, at + 1, True)
                if not key.isascii():
                    key = scan_text(text[at:offset].encode("latin-1").decode(), 1, True)[0]
                offset = _end(_colon, text, offset)
            else:
                key = str(len(members))
            members[key] = (at, offset)
            below = wanted.get(key)
            end = self._note(at, offset, below, depth) if below else scan_value(text, offset)[1]
            offset = _end(_comma, text, end)
        return members, offset + 1


def _end(pattern: Callable[[str, int], re.Match[str] | None], text: str, offset: int) -> int:
    """Skip what a pattern says, which may be nothing."""
    found = pattern(text, offset)
    return found.end() if found else offset
