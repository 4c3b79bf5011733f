"""
Reads JSON that is not quite JSON, and says what is wrong with it and where.

Published connectors have trailing commas, missing commas, comments, line breaks inside texts, keys twice and brackets
too many; each has one sensible reading. Without recursion, and in one pass.
"""

from __future__ import annotations

import re
from json import JSONDecodeError
from typing import Any

from exporter.model.json_values import Json
from exporter.openapi.limits import DEEPEST
from exporter.openapi.positions import KeptPositions, Lines
from exporter.openapi.problems import Notes, Stopped, shown
from exporter.openapi.scanner import scan_text

_white = re.compile(r"[ \t\r\n]*").match
_number = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?(?![0-9A-Za-z_.+-])").match
_word = re.compile(r"-?[A-Za-z]+").match
_control = re.compile(r"[\x00-\x1f]").search
_surrogate = re.compile(r"[\ud800-\udfff]")
_only_closers = re.compile(r"[\s,\]}]*").fullmatch
_WORDS = {"true": True, "false": False, "null": None}
_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})
_MOST_DIGITS = 4000
_CLOSERS = {"}": dict, "]": list}


class _Open:
    """An object or list that is being read."""

    __slots__ = ("marks", "start", "value")

    def __init__(self, value: Any, marks: Any, start: int) -> None:  # noqa: ANN401 - an object's or a list's
        self.value = value
        self.marks = marks
        self.start = start


class _Reader:
    """Reads one text from front to back."""

    def __init__(self, text: str, notes: Notes) -> None:
        self.text = text
        self.notes = notes
        self.lines = Lines(text)
        self.marks: dict[int, Any] = {}
        self.open: list[_Open] = []
        self.at = 0

    def document(self) -> tuple[Json, KeptPositions]:
        self.skip()
        start = self.at
        root = self.value()
        while self.open:
            self.member(self.open[-1])
        self.skip()
        if self.at < len(self.text):
            if not _only_closers(self.text, self.at):
                raise self.broken("there is more behind the end of the definition")
            self.note("json-extra-data", self.at)
        return root, KeptPositions(root, self.lines.mark(start), self.marks)

    def member(self, top: _Open) -> None:
        """Read what comes next in an object or list: its end, or one more member."""
        is_first = not top.marks
        comma = self.comma()
        character = self.text[self.at : self.at + 1]
        if character in _CLOSERS:
            if not isinstance(top.value, _CLOSERS[character]):
                raise self.broken(f"{character} does not close what was opened in line {self.line(top.start)}")
            if comma >= 0:
                self.note("json-trailing-comma", comma)
            self.open.pop()
            self.at += 1
            return
        if not character:
            raise self.broken(f"what was opened in line {self.line(top.start)} is not closed")
        if is_first and comma >= 0:
            raise self.broken("a value is missing before the comma", comma)
        place = self.at
        if isinstance(top.value, dict):
            key = self.key()
            if not is_first and comma < 0:
                self.note("json-comma-missing", place)
            if key in top.marks:
                self.note("duplicate-key", place, shown(key))
            top.marks[key] = self.lines.mark(place)
            top.value[key] = self.value()
        else:
            if not is_first and comma < 0:
                self.note("json-comma-missing", place)
            top.marks.append(self.lines.mark(place))
            top.value.append(self.value())

    def comma(self) -> int:
        """Skip a comma and the white space around it; give where it was, -1 for nowhere."""
        self.skip()
        if not self.text.startswith(",", self.at):
            return -1
        comma = self.at
        self.at += 1
        self.skip()
        return comma

    def key(self) -> str:
        if not self.text.startswith('"', self.at):
            raise self.broken("a name in quotation marks is missing")
        key = self.string()
        self.skip()
        if not self.text.startswith(":", self.at):
            raise self.broken("a colon is missing behind the name")
        self.at += 1
        self.skip()
        return key

    def value(self) -> Json:
        """Read a value; of an object or list only the opening bracket."""
        character = self.text[self.at : self.at + 1]
        if character == '"':
            return self.string()
        if character in {"{", "["}:
            if len(self.open) >= DEEPEST:
                raise self.notes.stop("nested-too-deep", *self.lines.place(self.at), str(DEEPEST))
            value: Any = {} if character == "{" else []
            opened = _Open(value, type(value)(), self.at)
            self.marks[id(value)] = opened.marks
            self.open.append(opened)
            self.at += 1
            return opened.value  # type: ignore[no-any-return]
        return self.bare()

    def bare(self) -> Json:
        """Read a number or a word."""
        number = _number(self.text, self.at)
        if number:
            written, (fraction, power) = number.group(), number.groups()
            place, self.at = self.at, number.end()
            if fraction is None and power is None and len(written) < _MOST_DIGITS:
                return int(written)
            result = float(written) if len(written) < _MOST_DIGITS else float("inf")
            if result - result == 0:
                return result
            self.note("number-not-finite", place, shown(written))
            return written
        word = _word(self.text, self.at)
        written = word.group() if word else ""
        if written in _WORDS or written in _NOT_FINITE:
            place, self.at = self.at, self.at + len(written)
            if written in _WORDS:
                return _WORDS[written]
            self.note("number-not-finite", place, shown(written))
            return written
        raise self.broken("a value is missing")

    def string(self) -> str:
        place = self.at
        try:
            value, self.at = scan_text(self.text, place + 1, False)
        except JSONDecodeError as error:
            raise self.broken("a text is not closed, or holds a backslash that means nothing", error.pos) from error
        control = _control(self.text, place, self.at)
        if control:
            self.note("json-control-character", control.start())
        if _surrogate.search(value):
            self.note("character-broken", place)
            value = _surrogate.sub("\N{REPLACEMENT CHARACTER}", value)
        return value

    def skip(self) -> None:
        """Skip white space and comments."""
        text = self.text
        while True:
            white = _white(text, self.at)
            self.at = white.end() if white else self.at
            if not text.startswith(("//", "/*"), self.at):
                return
            self.note("json-comment", self.at)
            if text[self.at + 1] == "/":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            else:
                end = text.find("*/", self.at + 2)
                if end < 0:
                    raise self.broken("a comment is not closed")
                self.at = end + 2

    def line(self, offset: int) -> int:
        return self.lines.place(offset)[0]

    def note(self, rule: str, offset: int, detail: str = "") -> None:
        self.notes.add(rule, *self.lines.place(offset), detail)

    def broken(self, what: str, offset: int | None = None) -> Stopped:
        return self.notes.stop("json-broken", *self.lines.place(self.at if offset is None else offset), what)


def read_leniently(text: str, notes: Notes) -> tuple[Json, KeptPositions]:
    """Give the value of a text that is nearly JSON, and its positions. Raises Stopped."""
    return _Reader(text, notes).document()
