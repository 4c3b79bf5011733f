"""Reads strict JSON at the speed of the C scanner, and notices whatever needs a second, lenient look."""

from __future__ import annotations

import json
import re
from itertools import chain, compress
from typing import Any

from exporter.model.definitions import Positions
from exporter.model.json_pieces import compact_pieces
from exporter.model.json_values import Json
from exporter.openapi.limits import DEEPEST
from exporter.openapi.positions import SoughtPositions

_has_surrogate = re.compile(rb"\\u[dD][89a-fA-F]").search
"""An escape that is half a character; two of them are one, so this only says that there is something to check."""

_FAR, _FEW = b"\xf0", 10_000
"""The first byte of letters beyond the 65,536 first ones, mostly emoji, up to the 262,144th; how many are few."""

_NESTING = frozenset({dict, list})
"""The scanner makes no others; asking for the type itself is twice as fast as isinstance, for every value there is."""


def read_strictly(content: bytes) -> tuple[Json, Positions] | None:
    """Give the value of JSON in UTF-8 and its positions; None where anything is odd, and a lenient reader must look."""
    strict = _Strict()
    try:
        value = json.loads(
            _text(content), object_pairs_hook=strict.members, parse_float=strict.number, parse_constant=strict.constant
        )
    except (ValueError, RecursionError):  # ValueError: no UTF-8, no JSON, or an integer of too many digits
        return None
    if strict.odd or deeper_than(value, DEEPEST) or (_has_surrogate(content) and not is_writable(value)):
        return None
    return value, SoughtPositions(content)


def _text(content: bytes) -> str:
    r"""
    Decode JSON; what few letters take four bytes are written as escapes, for with one of them Python gives four to each.

    A backslash before one is no escape in JSON, and would become one: such a text stays as it is.

    >>> _text('"a😀"'.encode())
    '"a\\ud83d\\ude00"'
    """
    if not 0 < content.count(_FAR) <= _FEW or b"\\" + _FAR in content:
        return content.decode()
    first, *others = content.split(_FAR)
    return b"".join((first, *map(_escaped, others))).decode()


def _escaped(part: bytes) -> bytes:
    """Write the first letter of a part as an escape; its first byte is left out."""
    return json.dumps((_FAR + part[:3]).decode()).encode()[1:-1] + part[3:]


class _Strict:
    """What json.loads asks while it reads; remembers whether anything was odd."""

    def __init__(self) -> None:
        self.odd = False
        self._text = dict[str, str]().setdefault
        """Gives the text that was read first of those that are equal: most are, in a large definition three of four."""

    def members(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        text = self._text
        members = {key: text(value, value) if type(value) is str else value for key, value in pairs}
        if len(members) != len(pairs):
            self.odd = True
        return members

    def number(self, text: str) -> float:
        number = float(text)
        if number - number != 0:
            self.odd = True
        return number

    def constant(self, name: str) -> str:
        self.odd = True
        return name


def deeper_than(value: Json, levels: int) -> bool:
    """
    Tell whether objects and lists are nested deeper than so many levels, level by level.

    >>> deeper_than({"a": [1]}, 2), deeper_than({"a": [[]]}, 2)
    (False, True)
    """
    level: list[Any] = [value] if type(value) in _NESTING else []
    while level and levels:
        levels -= 1
        inner = list(chain.from_iterable([outer.values() if type(outer) is dict else outer for outer in level]))
        level = list(compress(inner, map(_NESTING.__contains__, map(type, inner))))
    return bool(level)


def is_writable(value: Json) -> bool:
    r"""
    Tell whether a value can be written as UTF-8: whether it has no half characters.

    >>> is_writable("a"), is_writable("\ud800")
    (True, False)
    """
    try:
        for piece in compact_pieces(value):
            piece.encode()
    except UnicodeEncodeError:
        return False
    return True
