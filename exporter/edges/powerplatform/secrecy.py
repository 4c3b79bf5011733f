"""Keeps secrets out of sight: each form a secret is sent in is masked, and none is repeated from a service's words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

_LONGEST = 400

Mask = Callable[[str], None]
"""Hides a text from all that is printed from now on."""


def forms(secret: str) -> tuple[str, ...]:
    r"""
    Give every form that a secret is sent in: as it is, in a form's body, in JSON, and in JSON inside JSON.

    >>> forms('a"b')
    ('a"b', 'a%22b', 'a\\"b', 'a\\\\\\"b')
    """
    from urllib.parse import quote, quote_plus

    if not secret:
        return ()
    once = json.dumps(secret)[1:-1]
    found = (secret, quote_plus(secret), quote(secret, safe=""), once, json.dumps(once)[1:-1])
    return tuple(dict.fromkeys(found))


def hide(mask: Mask, secret: str) -> None:
    """Mask every form of a secret."""
    for form in forms(secret):
        mask(form)


def without(secrets: Iterable[str], text: str) -> str:
    """Give a service's text in one line of at most 400 characters, with no secret and no control character in it."""
    for secret in secrets:
        for form in sorted(forms(secret), key=len, reverse=True):
            text = text.replace(form, "***")
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[:4000]).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
