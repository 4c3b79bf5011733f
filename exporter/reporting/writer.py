"""Writes JSON as bytes: laid out for people, byte for byte as `json.dumps` would, in a third of the time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring

from exporter.model.json_pieces import compact_pieces
from exporter.model.json_values import Json

_LARGE = 100_000
_last: list[tuple[Json, str]] = []
"""The last value that was written to be written again, and its text: bundle and record hold the same definition."""
_last_compact: list[tuple[Json, bytes]] = []
"""The last large value that was written without layout: what is checked for its size is what is written."""
_CONSTANTS = {None: "null", True: "true", False: "false"}


def pretty(value: Json, *, again: bool = False) -> bytes:
    r"""
    Write a value as `json.dumps(value, indent=2, ensure_ascii=False)` does, in UTF-8.

    `again` says that it will be written again, by itself or in another value, and keeps the text for that.

    A surrogate without its other half has no UTF-8; it is written as JSON's own escape, so any value can be written.

    >>> pretty({"a": [1, "\ud800"]}).decode()
    '{\n  "a": [\n    1,\n    "\\ud800"\n  ]\n}'
    """
    chunks: list[str] = []
    _write(value, "\n", chunks.append)
    text = "".join(chunks)
    if again:
        _last[:] = [(value, text)]
    return _encode(text)


def compact(value: Json) -> bytes:
    """
    Write a value without any layout, in UTF-8.

    >>> compact({"a": [1, 2]})
    b'{"a":[1,2]}'
    """
    if _last_compact and value is _last_compact[0][0]:
        return _last_compact[0][1]
    content = b"".join(map(_encode, compact_pieces(value)))
    if len(content) >= _LARGE:
        _last_compact[:] = [(value, content)]
    return content


def _encode(text: str) -> bytes:
    # Python's name for a lone surrogate, \udc80, happens to be JSON's.
    return text.encode("utf-8", "backslashreplace")


def _write(value: Json, newline: str, write: Callable[[str], object]) -> None:
    """`newline` is a line feed and the spaces before the value's closing bracket."""
    if isinstance(value, str):
        write(encode_basestring(value))
    elif _last and value is _last[0][0]:
        write(_last[0][1].replace("\n", newline))  # every line feed is layout: those in texts are escaped
    elif isinstance(value, (dict, list, tuple)):
        _write_all(value, newline, write)
    elif isinstance(value, float):
        write(json.dumps(value))
    else:
        write(_CONSTANTS[value] if value is None or isinstance(value, bool) else str(value))


def _write_all(value: Mapping[str, Json] | Sequence[Json], newline: str, write: Callable[[str], object]) -> None:
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if not value:
        write(opening + closing)
        return
    inner = newline + "  "
    before, after = opening + inner, "," + inner
    if isinstance(value, dict):
        for key, member in value.items():
            if type(member) is str:  # two thirds of all members: one call instead of two
                write(f"{before}{encode_basestring(key)}: {encode_basestring(member)}")
            else:
                write(f"{before}{encode_basestring(key)}: ")
                _write(member, inner, write)
            before = after
    else:
        for member in value:
            write(before)
            _write(member, inner, write)
            before = after
    write(newline + closing)
