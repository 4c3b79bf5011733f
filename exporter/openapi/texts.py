"""Turns the bytes of a file into text, whatever editor wrote them."""

from __future__ import annotations

import re

from exporter.openapi.limits import MOST_BYTES
from exporter.openapi.problems import Notes

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def decode(content: bytes, notes: Notes) -> str:
    """
    Give the text of a file: UTF-8, UTF-16 or UTF-32 with or without a byte order mark, else Windows-1252.

    Without a mark the first two characters tell UTF-16, as both are ASCII in JSON and YAML (RFC 4627, section 3).
    Raises Stopped where the file is empty, too large or no text.
    """
    if len(content) > MOST_BYTES:
        raise notes.stop("file-too-large", detail=f"{len(content):,}")
    if not content:
        raise notes.stop("file-empty")
    encoding, start = _encoding(content)
    try:
        text = content[start:].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise notes.stop("file-not-text", detail=f" (it is no {encoding.upper()})") from error
        text = _western(content, error.start, notes)
    if not text or text.isspace():
        raise notes.stop("file-empty")
    if "\0" in text:
        raise notes.stop("file-not-text", text.count("\n", 0, text.index("\0")) + 1, detail=" (it holds a zero byte)")
    return text


def _encoding(content: bytes) -> tuple[str, int]:
    """Give the encoding, and how many bytes its mark takes."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding, len(mark)
    match [byte != 0 for byte in content[:4]]:
        case [True, False, True, False]:
            return "utf-16-le", 0
        case [False, True, False, True]:
            return "utf-16-be", 0
        case _:
            return "utf-8", 0


def _western(content: bytes, wrong: int, notes: Notes) -> str:
    """Read bytes that are not UTF-8 as Windows-1252, unless they look like no text at all."""
    line = content.count(b"\n", 0, wrong) + 1
    column = wrong - content.rfind(b"\n", 0, wrong)
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", content):
        raise notes.stop("file-not-text", line, column)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise notes.stop("file-not-text", line, column, " in UTF-8 or Windows-1252") from error
    notes.add("file-not-utf-8", line, column)
    return text
