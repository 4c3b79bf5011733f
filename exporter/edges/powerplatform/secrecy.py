"""Keeps secrets out of sight: each form a secret is sent in is masked, and none is repeated from a service's words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

_LONGEST = 400
_SHORTEST_LINE = 4
_ASCII = 128
_NUMBERED = "\"&'+<>`"

Mask = Callable[[str], None]
"""Hides a text from all that is printed from now on."""


def forms(secret: str) -> tuple[str, ...]:
    r"""
    Give every form that a secret is sent or sent back in, the longest first.

    As it is and line by line (a private key), in a form's body, in JSON, in JSON inside JSON, in base64; and as services
    quote it: in JSON as .NET writes it, in XML and HTML.

    >>> forms('a"b')
    ('a&quot;b', 'a\\u0022b', 'a\\\\\\"b', 'a%22b', 'YSJi', 'a\\"b', 'a"b')
    """
    import binascii
    from urllib.parse import quote, quote_plus

    if not secret:
        return ()
    raw = secret.encode("utf-8", "surrogatepass")
    once, as_it_is = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]
    coded = binascii.b2a_base64(raw, newline=False).decode().rstrip("=")
    found = {
        secret,
        *_lines(secret),
        *_percented(quote_plus(raw), quote(raw, safe="")),
        *(once, json.dumps(once)[1:-1], as_it_is, json.dumps(as_it_is)[1:-1]),
        *(_numbered(secret, "04X"), _numbered(secret, "04x"), *_marked_up(secret)),
        *(coded, coded.replace("+", "-").replace("/", "_")),
    }
    return tuple(sorted(found, key=lambda form: (-len(form), form)))


def _percented(*texts: str) -> Iterator[str]:
    """Give what is written with percent signs with numbers in capitals and, as .NET writes them, in small letters."""
    for text in texts:
        yield text
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), text)


def _numbered(secret: str, form: str) -> str:
    """Write a text as .NET's JSON does: all but the tamest letters by their numbers, in capitals or not."""
    units = secret.encode("utf-16-be", "surrogatepass")
    letters = (int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2))
    return "".join(
        json.dumps(chr(letter))[1:-1] if letter < _ASCII and chr(letter) not in _NUMBERED else f"\\u{letter:{form}}"
        for letter in letters
    )


def _marked_up(secret: str) -> tuple[str, ...]:
    text = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    double = text.replace('"', "&quot;")
    return text, double, double.replace("'", "&#39;"), double.replace("'", "&#x27;"), double.replace("'", "&apos;")


def _lines(secret: str) -> tuple[str, ...]:
    """Give the lines of a secret that tell something of it; runners look for masks line by line."""
    lines = (line.strip() for line in secret.splitlines())
    return tuple(line for line in lines if len(line) >= _SHORTEST_LINE and not line.startswith("-----"))


def hide(mask: Mask, secret: str) -> None:
    """Mask every form of a secret that is one line; the lines of the others are among the forms."""
    for form in forms(secret):
        if "\n" not in form and "\r" not in form:
            mask(form)


def without(secrets: Iterable[str], text: str) -> str:
    """Give a service's text in one line of at most 400 characters, with no secret and no control character in it."""
    for secret in secrets:
        for form in forms(secret):
            text = text.replace(form, "***")
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[:4000]).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
