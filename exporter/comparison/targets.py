"""Finds what points at an operation that is no longer there: dynamic lists and schemas, and the test of a connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from exporter.comparison.facets import DYNAMIC
from exporter.comparison.moves import Move
from exporter.comparison.reading import SHARED, Reader
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer

_CONTAINERS = (dict, list)
_SEARCHED = (*SHARED, "paths")


def missing_targets(before: Reader, after: Reader) -> Iterator[Move]:
    """Give references to operations that are not there: those that were, and those that never were but are newly named."""
    old, new = before.document, after.document
    known, was = {one.id for one in after.operations()}, {one.id for one in before.operations()}
    tested, test = _tested(old), _tested(new)
    if test and test not in known and (test != tested or test in was):
        yield Move("test-connection-missing", ("connector", "test"), ("x-ms-capabilities",), None, tested or None, test)
    if all(one.operation in known and not any(_unknown(one, after)) for one in _named_anywhere(new)):
        return
    asked, before_asked = list(_targets(new)), list(_targets(old))
    dangling = {one.operation for one in asked} - known - ({one.operation for one in before_asked} - was)
    for one in asked:
        if one.operation in dangling:
            yield Move("dynamic-target-missing", ("body", *one.names), one.where, None, None, one.operation)
    unknown = {(one.operation, name) for one in before_asked for name in _unknown(one, before)}
    for one in asked:
        for name in _unknown(one, after):
            if (one.operation, name) not in unknown:
                yield Move("dynamic-parameter-missing", ("body", *one.names), one.where, None, None, name)


def _tested(definition: Object) -> str:
    capabilities = as_object(definition.get("x-ms-capabilities"))
    return as_text(as_object(capabilities.get("testConnection")).get("operationId"))


class Target(NamedTuple):
    """A place that points at an operation."""

    operation: str
    where: Pointer
    names: Pointer
    """Of the parameters and fields on the way there."""
    given: Object
    """The inputs that it is asked with, by name."""


def _unknown(target: Target, reader: Reader) -> Iterator[str]:
    """Name the inputs that a target is asked with and does not have; one in a body is named by its whole path."""
    known = reader.inputs(target.operation) if target.given else None
    if known is not None:
        yield from (name for name in target.given if name not in known and name.partition("/")[0] not in known)


def _targets(definition: Object) -> Iterator[Target]:
    """Give every place that points at an operation."""
    waiting: list[tuple[Json, Pointer, Pointer]] = [(definition.get(key), (key,), ()) for key in _SEARCHED]
    while waiting:
        found, where, names = waiting.pop()
        if isinstance(found, dict):
            if "in" in found and isinstance(found.get("name"), str):
                names = (as_text(found["name"]),)
            for key in DYNAMIC:
                if key in found:
                    yield from (Target(name, (*where, key), names, given) for name, given in _named(found[key]))
            fields = where[-1] == "properties"
            waiting.extend(
                (inner, (*where, key), (*names, key) if fields else names)
                for key, inner in found.items()
                if inner.__class__ in _CONTAINERS
            )
        elif isinstance(found, list):
            waiting.extend((inner, (*where, str(at)), names) for at, inner in enumerate(found))


def _named_anywhere(definition: Object) -> Iterator[Target]:
    """Give the same targets without their places, in a third of the time: mostly none of them is missing."""
    waiting: list[Json] = [definition.get(key) for key in _SEARCHED]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            for key in DYNAMIC:
                if key in found:
                    yield from (Target(name, (), (), given) for name, given in _named(found[key]))
            waiting.extend([inner for inner in found.values() if inner.__class__ in _CONTAINERS])
        elif isinstance(found, list):
            waiting.extend([inner for inner in found if inner.__class__ in _CONTAINERS])


def _named(dynamic: Json) -> Iterator[tuple[str, Object]]:
    """Give the operations that an extension names, itself or (`x-ms-dynamic-tree`) for opening and browsing."""
    facts = as_object(dynamic)
    for holder in (facts, as_object(facts.get("open")), as_object(facts.get("browse"))):
        target = as_text(holder.get("operationId"))
        if target:
            yield target, as_object(holder.get("parameters"))
