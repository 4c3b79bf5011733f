"""Finds every input and output that another operation looks up for makers, and which operations lead to it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from exporter.comparison.facets import DYNAMIC
from exporter.comparison.reach import DEEPEST, Spot
from exporter.comparison.reading import Reader, place_of
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

_Visit: TypeAlias = tuple[Object, Pointer, tuple[str, ...], Spot]


class Lookup(NamedTuple):
    """A place that is looked up."""

    extension: str
    holder: Object
    """What names the operation that is asked, and what it is asked for."""
    where: Pointer
    place: tuple[str, ...]
    node: Spot


def asked_in(dynamic: Json) -> Iterator[Object]:
    """Give the parts of an extension that name an operation: itself or (`x-ms-dynamic-tree`) `open` and `browse`."""
    facts = as_object(dynamic)
    for holder in (facts, as_object(facts.get("open")), as_object(facts.get("browse"))):
        if as_text(holder.get("operationId")):
            yield holder


def lookups(reader: Reader, indexes: Mapping[Pointer, int]) -> list[Lookup]:
    """Give all lookups below what operations take and answer; each schema is looked at once, whoever refers to it."""
    walk = _Walk(reader)
    for operation in reader.operations():
        start = Spot()
        if operation.where in indexes:
            start.operations.append(indexes[operation.where])
        for one in reader.parameters(operation):
            walk.enter(one.facts, one.where, place_of(one), start)
        _, answer, where = reader.answer(operation)
        content, home = reader.payload(operation)
        for facts, at, place in ((answer, where, "response"), (content, home, "payload")):
            walk.enter(*reader.follow(facts.get("schema"), (*at, "schema")), (place,), start)
    return walk.found


class _Walk:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._spots: dict[int, Spot] = {}
        self._waiting: list[_Visit] = []
        self.found: list[Lookup] = []

    def enter(self, facts: Object, where: Pointer, place: tuple[str, ...], parent: Spot) -> None:
        spot = self._spots.get(id(facts))
        if spot is None:
            spot = self._spots[id(facts)] = Spot()
            self._waiting.append((facts, where, place, spot))
        spot.parents.append(parent)
        while self._waiting:
            self._look(*self._waiting.pop())

    def _look(self, facts: Object, where: Pointer, place: tuple[str, ...], spot: Spot) -> None:
        for key in DYNAMIC:
            if key in facts:
                self.found.extend(Lookup(key, one, (*where, key), place, spot) for one in asked_in(facts[key]))
        for value, at, name in _below(facts, where):
            inner = as_object(value)
            deeper = (*place, name) if name and len(place) < DEEPEST else place
            if isinstance(inner.get("$ref"), str):
                target, home = self._reader.follow(value, at)
                known = self._spots.get(id(target))
                if known is not None:
                    known.parents.append(spot)
                    continue
                there = self._spots[id(target)] = Spot()
                there.parents.append(spot)
                self._waiting.append((target, home, deeper, there))
            elif inner:
                self._waiting.append((inner, at, deeper, spot))


def _below(facts: Object, where: Pointer) -> Iterator[tuple[Json, Pointer, str]]:
    """Give the schemas in a schema or parameter, with the name that makers see them by."""
    for name, field in as_object(facts.get("properties")).items():
        yield field, (*where, "properties", name), name
    for at, part in enumerate(as_list(facts.get("allOf"))):
        yield part, (*where, "allOf", str(at)), ""
    for key, name in (("items", "[]"), ("additionalProperties", "*"), ("schema", "")):
        yield facts.get(key), (*where, key), name
