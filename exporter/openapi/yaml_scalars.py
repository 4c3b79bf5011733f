"""
What a plain scalar in YAML means: the core schema of YAML 1.2, as OpenAPI asks for.

So `yes`, `no`, `on`, `off`, dates, `1_000` and `1:30` are text, `012` is twelve and `0o14` is twelve, too. Where YAML
1.1 tools read something else (a boolean, a date, ten), text or the plain number is what the author of an API means.
Sources: YAML 1.2.2, section 10.3.2; OpenAPI 3.1.0, "Format".
"""

from __future__ import annotations

import re
from typing import TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"

# fmt: off
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}
# fmt: on
MEANINGFUL = frozenset(("", *"-+.0123456789tTfFnN~"))
"""What a plain scalar begins with that may mean anything but its text."""
_DIGITS = re.compile(r"[-+]?[0-9]+").fullmatch
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)").fullmatch
_MOST_DIGITS = 3000
"""Python writes no integers of more than 4,300 decimal digits, which is 3,570 hexadecimal ones."""


class NotFinite(ValueError):
    """A number that JSON cannot hold."""


def plain(text: str) -> Scalar:
    """
    Give the value of a plain scalar. Raises NotFinite.

    >>> plain("012"), plain("0x1F"), plain("1e3"), plain("yes"), plain("2020-01-01"), plain("~")
    (12, 31, 1000.0, 'yes', '2020-01-01', None)
    """
    if text[:1] not in MEANINGFUL:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return _number(text)


def _number(text: str) -> Scalar:
    other_base = _OTHER_BASE(text)
    if other_base or _DIGITS(text):
        if len(text) > _MOST_DIGITS:
            raise NotFinite(text)
        return int(text, 0 if other_base else 10)
    if _FLOAT(text):
        number = float(text)
        if number - number != 0:  # infinity, which is unequal to nothing else
            raise NotFinite(text)
        return number
    if _NOT_FINITE(text):
        raise NotFinite(text)
    return text


def tagged(tag: str, text: str) -> Scalar:
    """
    Give the value of a scalar whose core tag is written out; the text itself where the two do not fit.

    >>> tagged("tag:yaml.org,2002:str", "12"), tagged("tag:yaml.org,2002:int", "12")
    ('12', 12)
    """
    return text if tag.endswith((":str", "!")) else plain(text)


CORE_TAGS = frozenset("tag:yaml.org,2002:" + kind for kind in ("str", "int", "float", "bool", "null", "map", "seq")) | {
    "!"
}
