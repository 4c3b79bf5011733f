"""Gives operations without an operationId one: what it was exported with, else one made of method and path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from exporter.model.json_values import Object, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.walk import Operation
from exporter.shaping.things import operations_of

_LONGEST = 80
"""No published connector has a longer one."""
_DIGITS = 8
_words = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall


def missing_ids(document: Object, previous: Object) -> Mapping[Pointer, str]:
    """
    Give an operationId for each operation that has none, by pointer.

    What the operation at this method and address had in `previous`, a connector definition, wins. Else the name says
    method and path; where that is taken, all that want it get a mark made of method and path. So a name depends on no
    order, and stays when operations come or go that do not want the same one.
    """
    operations = list(operations_of(document))
    nameless = [one for one in operations if one.body.get("operationId") in (None, "")]
    taken = {_plain(as_text(one.body.get("operationId"))) for one in operations}
    found: dict[Pointer, str] = {}
    for one, name in _exported(document, nameless, previous):
        if _plain(name) not in taken:
            taken.add(_plain(name))
            found[one.pointer] = name
    left = [one for one in nameless if one.pointer not in found]
    names = {one.pointer: operation_id(one.method, one.path) for one in left}
    wanted = Counter(_plain(name) for name in names.values())
    for one in left:
        name = names[one.pointer]
        sole = wanted[_plain(name)] == 1 and _plain(name) not in taken
        found[one.pointer] = name if sole and len(name) <= _LONGEST else _marked(name, one)
    return found


def operation_id(method: str, path: str) -> str:
    """
    Make an operationId of method and path, in Pascal case.

    >>> operation_id("get", "/v1/order-items/{itemId}/notes")
    'GetV1OrderItemsByItemIdNotes'
    """
    pieces = re.split(r"[/.()]", path)
    spoken = ("by " + piece if piece.startswith("{") else piece for piece in pieces)
    return method.title() + "".join(word[:1].upper() + word[1:] for piece in spoken for word in _words(piece))


def _exported(document: Object, nameless: Sequence[Operation], previous: Object) -> Iterator[tuple[Operation, str]]:
    """Pair operations with what was exported by method and whole address, then by method and path alone."""
    last = [one for one in operations_of(previous) if as_text(one.body.get("operationId"))]
    bases = as_text(document.get("basePath")), as_text(previous.get("basePath"))
    paired: set[Pointer] = set()
    for new, old in (bases, ("", "")):
        names = {_address(old, one): as_text(one.body["operationId"]) for one in reversed(last)}
        for one in nameless:
            name = names.get(_address(new, one), "") if one.pointer not in paired else ""
            if name:
                paired.add(one.pointer)
                yield one, name


def _address(base: str, one: Operation) -> tuple[str, str]:
    """Names of path variables may change; the address stays the same."""
    return one.method, re.sub(r"\{[^{}]*\}", "{}", base.rstrip("/") + one.path)


def _marked(name: str, one: Operation) -> str:
    import hashlib

    mark = hashlib.sha256(f"{one.method} {one.path}".encode("utf-8", "replace")).hexdigest()[:_DIGITS]
    return name[: _LONGEST - _DIGITS] + mark


def _plain(name: str) -> str:
    """Power Apps tells names apart by letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
