"""Makes texts for people out of names, and long texts shorter."""

from __future__ import annotations

import re

_words = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall
_ACRONYMS = frozenset(("id", "url", "uri", "api", "utc", "ip"))
_RESTRICTED = re.compile(r"[/\\<>*%&?]")


def spoken(name: str) -> str:
    """
    Say a name in words; one without any plain letter stays as it is.

    >>> spoken("userId"), spoken("$filter"), spoken("GetOrdersByID"), spoken("日本")
    ('User ID', 'Filter', 'Get orders by ID', '日本')
    """
    words = [word.upper() if word.lower() in _ACRONYMS else word.lower() for word in _words(name)]
    text = " ".join(words)
    return text[:1].upper() + text[1:] if text else name


def first_sentence(text: str, longest: int) -> str:
    """
    Give the first sentence as a title; empty where it is too long, or has a character that a title must not have.

    >>> first_sentence("Gives an order. It may be closed.", 80), first_sentence("GET /orders", 80)
    ('Gives an order', '')
    """
    line = re.split(r"(?:\.\s|\n)", text.strip()[: longest * 4], maxsplit=1)[0].strip().rstrip(".")
    return line if len(line) <= longest and not _RESTRICTED.search(line) else ""


def shortened(text: str, longest: int) -> str:
    """
    Cut a text between two words.

    >>> shortened("Gives all orders", 12), shortened("Gives", 12)
    ('Gives all', 'Gives')
    """
    if len(text) <= longest:
        return text
    cut = text[: longest + 1]
    end = cut.rfind(" ")
    return (cut[:end] if end > 0 else text[:longest]).rstrip(" ,;:-")
