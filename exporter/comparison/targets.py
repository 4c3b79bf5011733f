"""Finds what points at an operation that is no longer there: dynamic lists and schemas, and the test of a connection."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.facets import DYNAMIC
from exporter.comparison.moves import Move
from exporter.comparison.reading import SHARED, Reader
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer

_CONTAINERS = (dict, list)
_DYNAMIC = frozenset(DYNAMIC)
_SEARCHED = (*SHARED, "paths")


def missing_targets(before: Reader, after: Reader) -> Iterator[Move]:
    """Give references to operations that are not there: those that were, and those that never were but are newly named."""
    old, new = before.document, after.document
    known, was = {one.id for one in after.operations()}, {one.id for one in before.operations()}
    tested, test = _tested(old), _tested(new)
    if test and test not in known and (test != tested or test in was):
        yield Move("test-connection-missing", ("connector", "test"), ("x-ms-capabilities",), None, tested or None, test)
    dangling = _dangling(new, known)
    if dangling:
        already = _dangling(old, was)
        for target, where, names in _targets(new):
            if target in dangling - already:
                yield Move("dynamic-target-missing", ("body", *names), where, None, None, target)


def _dangling(definition: Object, known: set[str]) -> set[str]:
    """Name what is pointed at and is not there; without the places, which mostly nobody asks for."""
    waiting: list[Json] = [definition.get(key) for key in _SEARCHED]
    dangling: set[str] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if not _DYNAMIC.isdisjoint(found):
                dangling.update(target for key in DYNAMIC if key in found for target in _named(found[key]))
            waiting.extend([inner for inner in found.values() if inner.__class__ in _CONTAINERS])
        elif isinstance(found, list):
            waiting.extend([inner for inner in found if inner.__class__ in _CONTAINERS])
    return dangling - known


def _tested(definition: Object) -> str:
    capabilities = as_object(definition.get("x-ms-capabilities"))
    return as_text(as_object(capabilities.get("testConnection")).get("operationId"))


def _targets(definition: Object) -> Iterator[tuple[str, Pointer, Pointer]]:
    """Give every operation that is pointed at, from where, and the names of parameters and fields on the way there."""
    waiting: list[tuple[Json, Pointer, Pointer]] = [(definition.get(key), (key,), ()) for key in _SEARCHED]
    while waiting:
        found, where, names = waiting.pop()
        if isinstance(found, dict):
            if "in" in found and isinstance(found.get("name"), str):
                names = (as_text(found["name"]),)
            for key in DYNAMIC:
                if key in found:
                    yield from ((target, (*where, key), names) for target in _named(found[key]))
            fields = where[-1] == "properties"
            waiting.extend(
                (inner, (*where, key), (*names, key) if fields else names)
                for key, inner in found.items()
                if inner.__class__ in _CONTAINERS
            )
        elif isinstance(found, list):
            waiting.extend((inner, (*where, str(at)), names) for at, inner in enumerate(found))


def _named(dynamic: Json) -> Iterator[str]:
    """Give the operations that an extension names, itself or (`x-ms-dynamic-tree`) for opening and browsing."""
    facts = as_object(dynamic)
    for holder in (facts, as_object(facts.get("open")), as_object(facts.get("browse"))):
        target = as_text(holder.get("operationId"))
        if target:
            yield target
