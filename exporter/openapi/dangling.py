"""Finds the references inside a document that lead nowhere, or in circles."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.json_values import Json, Object
from exporter.model.pointers import Pointer
from exporter.openapi.walk import Reference, internal_pointer, look_up, pointer_of


class Dangling(NamedTuple):
    """A reference that cannot be followed."""

    rule: str
    pointer: Pointer
    reference: str


def dangling(document: Object, written: Iterable[Reference]) -> Iterator[Dangling]:
    """
    Give those of a document's references that cannot be followed inside it; every distinct one is looked up once.

    >>> from exporter.openapi.walk import references
    >>> document = {"definitions": {"A": {"$ref": "#/definitions/A"}, "B": {"$ref": "#/b"}}}
    >>> [one.rule for one in dangling(document, references(document))]
    ['reference-in-circles', 'reference-nowhere']
    """
    known: dict[str, str] = {}
    for trail, value, _ in written:
        reference = value["$ref"]
        if not isinstance(reference, str) or not is_internal(reference):
            continue
        if reference not in known:
            _follow(document, reference, known)
        if known[reference]:
            yield Dangling(known[reference], pointer_of(trail), reference)


def _follow(document: Object, reference: str, known: dict[str, str]) -> None:
    """Follow a reference as long as it leads to references, and note of each what is wrong with it, if anything."""
    way: list[str] = []
    passed: set[str] = set()
    while reference not in known and reference not in passed:
        way.append(reference)
        passed.add(reference)
        exists, value = look_up(document, internal_pointer(reference) or ())
        if not exists:
            known[reference] = "reference-nowhere"
        elif isinstance(value, dict) and is_internal(value.get("$ref")):
            reference = str(value["$ref"])
        else:
            known[reference] = ""
    circle = way[way.index(reference) :] if reference not in known else []
    known.update(dict.fromkeys(circle, "reference-in-circles"))
    for one in way:
        known.setdefault(one, "")


def is_internal(reference: Json) -> bool:
    """Tell whether this is the text of a reference into the same document."""
    return isinstance(reference, str) and reference.startswith("#")
