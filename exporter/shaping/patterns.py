"""
Regular expressions of JSONPath (I-Regexp, RFC 9485), matched in time proportional to text and pattern.

The engines that come with Python go back and try again, which a hostile pattern makes them do for years.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from unicodedata import category

MOST_STATES = 1_000
LONGEST_PATTERN = 500
_ESCAPED = "()*+-.?[\\]^{|}$"
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_MOST_TIMES = 1_000
_MOST_WRITTEN = 10_000

Test: TypeAlias = Callable[[str], bool]


class NotAPattern(ValueError):
    """The text is no I-Regexp, or a larger one than we match."""


class _State(NamedTuple):
    """Takes a character and goes on with the next state, or goes on with several without taking any."""

    takes: Test | None
    onwards: tuple[int, ...] = ()


class _Node(NamedTuple):
    """A part of a pattern."""

    kind: str
    """`one`, `all` in a row, `any` of them, `times`."""
    inner: tuple["_Node", ...] = ()
    test: Test | None = None
    least: int = 0
    most: int | None = None


class _Parser:
    """Reads a pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self, wanted: str = "") -> str:
        found = self.peek()
        if not found or (wanted and found != wanted):
            raise NotAPattern
        self.at += 1
        return found

    def choices(self) -> _Node:
        """Read branches that are set apart by bars."""
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        return _Node("any", tuple(branches)) if len(branches) > 1 else branches[0]

    def branch(self) -> _Node:
        pieces = []
        while self.peek() not in {"", "|", ")"}:
            atom = self.atom()
            least, most = self.times()
            pieces.append(atom if (least, most) == (1, 1) else _Node("times", (atom,), None, least, most))
        return _Node("all", tuple(pieces))

    def atom(self) -> _Node:
        character = self.take()
        if character == "(":
            inner = self.choices()
            self.take(")")
            return inner
        return _Node("one", (), self.test(character))

    def test(self, character: str) -> Test:
        if character == "[":
            return self.listed()
        if character == ".":
            return lambda one: one not in "\r\n"
        if character == "\\":
            return self.escaped()
        if character in "*+?{}]":
            raise NotAPattern
        return character.__eq__

    def times(self) -> tuple[int, int | None]:
        sign = self.peek()
        if sign in {"*", "+", "?"} and sign:
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if sign != "{":
            return 1, 1
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : end].partition(",") if end > 0 else ("", "", "")
        if not _is_count(least) or (most and not _is_count(most)) or (most and int(most) < int(least)):
            raise NotAPattern
        self.at = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)

    def escaped(self) -> Test:
        """Read what stands behind a backslash: a character, or a category of them."""
        character = self.take()
        if character in "pP":
            self.take("{")
            end = self.pattern.find("}", self.at)
            name = self.pattern[self.at : end]
            if end < 0 or not name.isalpha() or len(name) > 2:  # noqa: PLR2004 - such as Lu
                raise NotAPattern
            self.at = end + 1
            return lambda one: category(one).startswith(name) is (character == "p")
        if character not in _ESCAPED and character not in _CONTROLS:
            raise NotAPattern
        return _CONTROLS.get(character, character).__eq__

    def listed(self) -> Test:
        """Read a list of characters and ranges in brackets."""
        negated = self.peek() == "^"
        self.at += negated
        tests: list[Test] = []
        while self.peek() != "]" or not tests:
            tests.append(self.member())
        self.at += 1
        return lambda one: any(test(one) for test in tests) is not negated

    def member(self) -> Test:
        start = self.at
        first = self.take()
        if first == "\\":
            test = self.escaped()
            low = self.single(start)
        else:
            if first in "[]":
                raise NotAPattern
            test, low = first.__eq__, first
        if self.peek() != "-" or self.pattern[self.at + 1 : self.at + 2] in {"]", ""}:
            return test
        self.at += 1
        start = self.at
        if self.take() == "\\":
            self.escaped()
        high = self.single(start)
        if not low or not high or high < low:
            raise NotAPattern
        return lambda one: low <= one <= high

    def single(self, start: int) -> str:
        """Give the one character that was read from `start` on; empty for a category."""
        text = self.pattern[start : self.at]
        if not text.startswith("\\"):
            return text
        return "" if text[1] in "pP" else _CONTROLS.get(text[1], text[1])


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= _MOST_TIMES  # noqa: PLR2004 - digits, before they become a number


class _Writer:
    """Writes a pattern as states; the one behind the last means that it matched."""

    def __init__(self) -> None:
        self.states: list[_State] = []
        self.written = 0

    def add(self, takes: Test | None = None, *onwards: int) -> int:
        if len(self.states) >= MOST_STATES:
            raise NotAPattern
        self.states.append(_State(takes, onwards))
        return len(self.states) - 1

    def write(self, node: _Node) -> None:
        self.written += 1  # nothing, a thousand times a thousand times, needs no state
        if self.written > _MOST_WRITTEN:
            raise NotAPattern
        if node.kind == "one":
            self.add(node.test)
        elif node.kind == "all":
            for inner in node.inner:
                self.write(inner)
        elif node.kind == "any":
            self.write_any(node.inner)
        else:
            self.write_times(node.inner[0], node.least, node.most)

    def write_any(self, branches: tuple[_Node, ...]) -> None:
        fork = self.add()
        starts, ends = [], []
        for branch in branches:
            starts.append(len(self.states))
            self.write(branch)
            ends.append(self.add())
        self.states[fork] = _State(None, tuple(starts))
        for end in ends:
            self.states[end] = _State(None, (len(self.states),))

    def write_times(self, inner: _Node, least: int, most: int | None) -> None:
        for _ in range(least):
            self.write(inner)
        forks = []
        for _ in range(1 if most is None else most - least):
            forks.append(self.add())
            self.write(inner)
        if most is None:
            self.add(None, forks[0])
        for fork in forks:
            self.states[fork] = _State(None, (fork + 1, len(self.states)))


@lru_cache(maxsize=64)
def _states(pattern: str) -> tuple[_State, ...]:
    if len(pattern) > LONGEST_PATTERN:
        raise NotAPattern
    parser, writer = _Parser(pattern), _Writer()
    try:
        writer.write(parser.choices())
    except RecursionError as error:
        raise NotAPattern from error
    if parser.at < len(pattern):
        raise NotAPattern
    return tuple(writer.states)


def matches(pattern: str, text: str, *, whole: bool, spend: Callable[[int], None]) -> bool:
    """
    Tell whether a pattern matches a text, the whole of it or some part.

    `spend` is told how much work each character is, and may raise. Raises NotAPattern for what is no I-Regexp.

    >>> [matches("(a|b+)c?", text, whole=True, spend=lambda _: None) for text in ("a", "bbc", "ab", "")]
    [True, True, False, False]
    """
    states = _states(pattern)
    now = _reached({0}, states)
    for character in text:
        if not whole and len(states) in now:
            return True
        spend(len(now) + 1)
        after = {one + 1 for one in now if one < len(states) and _takes(states[one], character)}
        now = _reached(after if whole else after | {0}, states)
        if not now:
            return False
    return len(states) in now


def _takes(state: _State, character: str) -> bool:
    return state.takes is not None and state.takes(character)


def _reached(start: set[int], states: tuple[_State, ...]) -> set[int]:
    """Go on from states that take no character."""
    found = set(start)
    ahead = list(start)
    while ahead:
        for one in _onwards(ahead.pop(), states):
            if one not in found:
                found.add(one)
                ahead.append(one)
    return found


def _onwards(one: int, states: tuple[_State, ...]) -> Iterator[int]:
    if one < len(states) and states[one].takes is None:
        yield from states[one].onwards
