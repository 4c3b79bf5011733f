"""A movement: what our walkers found, before the table says what it means."""

from typing import NamedTuple

from exporter.model.json_values import Json
from exporter.model.pointers import Pointer


class Move(NamedTuple):
    """How one thing moved between the two versions."""

    id: str
    """The row of the table that says what it means."""
    place: tuple[str, ...]
    """Names from the operation down to the thing; no names of definitions, so it is the same however it is written."""
    where: Pointer
    """In the newer version: the thing, or its nearest parent that is still there."""
    was: Pointer | None = None
    """In the older version; None where it was not there."""
    before: Json = None
    after: Json = None
    gone: bool = False
    """Whether `where` is only a parent."""
    hint: str = ""
    """A sentence for people that is no part of the rule: what it looks like."""
    part: str = "definition"


_LONGEST = 80
_WHOLE = {
    "body": "the body",
    "response": "the answer",
    "payload": "the payload",
    "responses": "the answers",
    "operation": "other parts",
}
_NOUNS = {
    "body": "the field ",
    "response": "the output ",
    "payload": "the output ",
    **dict.fromkeys(("path", "query", "header", "formData"), "the input "),
}


def name_of(place: tuple[str, ...]) -> str:
    """
    Write a place as makers would name it; its first name says where it travels.

    >>> name_of(("body", "shipment", "packages", "[]", "weight")), name_of(("response",))
    ('the field `shipment.packages[].weight`', 'the answer')
    """
    if not place[1:]:
        return _WHOLE.get(place[0], place[0]) if place else "the operation"
    return _NOUNS.get(place[0], "") + quoted(".".join(place[1:]).replace(".[]", "[]"))


def quoted(text: str) -> str:
    r"""
    Quote a text of the author's for a sentence: on one line, not too long, and whole letters only.

    >>> quoted("all  of\n`it`")
    "`all of 'it'`"
    """
    flat = " ".join(text.split()).replace("`", "'").encode(errors="replace").decode()
    return f"`{flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + '…'}`"
