"""Finds what asks an operation, or something of it, that is no longer there: lookups, and the test of a connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from exporter.comparison.facets import DYNAMIC, kind_of
from exporter.comparison.lookups import Lookup, asked_in, lookups
from exporter.comparison.moves import Move
from exporter.comparison.reach import reach
from exporter.comparison.reading import SHARED, Operation, Reader, Shape
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer

_Lack: TypeAlias = tuple[str, str, str]
"""The row, the operation that is asked, and what it lacks."""
_CONTAINERS = (dict, list)
_SEARCHED = (*SHARED, "paths")
_PATHS = {
    "x-ms-dynamic-values": ("value-collection", ("value-path", "value-title")),
    "x-ms-dynamic-list": ("itemsPath", ("itemValuePath", "itemTitlePath")),
    "x-ms-dynamic-tree": ("itemsPath", ("itemValuePath", "itemTitlePath", "itemFullTitlePath")),
    "x-ms-dynamic-schema": ("", ("value-path",)),
    "x-ms-dynamic-properties": ("", ("itemValuePath",)),
}
"""Where an extension says what it takes of the answer: the path of the list, and paths in each thing of it."""


def missing_targets(
    before: Reader, after: Reader, indexes: Mapping[Pointer, int], first_new: int
) -> Iterator[tuple[Move, tuple[int, ...]]]:
    """
    Give lookups that ask for what is not there: what was there before, and what is newly asked for.

    Only what makers meet counts, so a definition that no operation leads to is not looked at. `indexes` gives the index
    of each operation of the newer version by its place; from `first_new` on they are new, and nothing is built on them.
    """
    yield from ((move, ()) for move in _test(before, after))
    lacking = {lack for key, holder in _anywhere(after.document) for lack in _lacks(after, key, holder)}
    if not lacking:
        return
    known = lacking & {lack for key, holder in _anywhere(before.document) for lack in _lacks(before, key, holder)}
    new = lacking - known
    found = [(lookup, lack) for lookup in (lookups(after, indexes) if new else ()) for lack in _of(lookup, after, new)]
    reach([lookup.node for lookup, _ in found])
    for lookup, (row, _, name) in found:
        touched = lookup.node.reached or ()
        new_only = row == "dynamic-target-missing" and bool(touched) and touched[0] >= first_new
        told = "dynamic-target-unknown" if new_only else row
        yield Move(told, lookup.place, lookup.where, None, None, name), touched


def _of(lookup: Lookup, reader: Reader, wanted: set[_Lack]) -> Iterator[_Lack]:
    yield from (lack for lack in _lacks(reader, lookup.extension, lookup.holder) if lack in wanted)


def _test(before: Reader, after: Reader) -> Iterator[Move]:
    tested, test = (
        as_text(as_object(as_object(side.document.get("x-ms-capabilities")).get("testConnection")).get("operationId"))
        for side in (before, after)
    )
    if test and after.operation(test) is None and (test != tested or before.operation(test) is not None):
        yield Move("test-connection-missing", ("connector", "test"), ("x-ms-capabilities",), None, tested or None, test)


def _anywhere(definition: Object) -> Iterator[tuple[str, Object]]:
    """Give all that is looked up, without its place, in a third of the time: mostly nothing is missing."""
    waiting: list[Json] = [definition.get(key) for key in _SEARCHED]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            for key in DYNAMIC:
                if key in found:
                    yield from ((key, holder) for holder in asked_in(found[key]))
            waiting.extend([inner for inner in found.values() if inner.__class__ in _CONTAINERS])
        elif isinstance(found, list):
            waiting.extend([inner for inner in found if inner.__class__ in _CONTAINERS])


def _lacks(reader: Reader, extension: str, holder: Object) -> Iterator[_Lack]:
    """Name what a lookup asks for and does not get: its operation, inputs of it, or paths in its answer."""
    name = as_text(holder.get("operationId"))
    operation = reader.operation(name)
    if operation is None:
        yield "dynamic-target-missing", name, name
        return
    given = as_object(holder.get("parameters"))
    taken = reader.inputs(operation) if given else frozenset()
    for one in given:  # an input in a body is named by its whole path
        if one not in taken and one.partition("/")[0] not in taken:
            yield "dynamic-parameter-missing", name, one
    collection, paths = _PATHS[extension]
    things = _things(reader, operation, as_text(holder.get(collection)))
    for key in paths:
        path = as_text(holder.get(key))
        if path and things is not None and _at(reader, things, path) is _NOTHING:
            yield "dynamic-path-missing", name, path


_NOTHING = Shape({}, {}, {}, (), frozenset())


def _things(reader: Reader, operation: Operation, collection: str) -> Shape | None:
    """Give what a lookup chooses from: a thing of the list in the answer, or the answer; None where that is not said."""
    _, answer, where = reader.answer(operation)
    root = reader.shape(*reader.follow(answer.get("schema"), (*where, "schema")))
    found = _at(reader, root, collection) if collection else root
    if found is None or found is _NOTHING or kind_of(found) != "array":
        return None if collection or found is None else found
    return reader.shape(*reader.follow(found.keys.get("items"), (*found.home, "items")))


def _at(reader: Reader, shape: Shape, path: str) -> Shape | None:
    """Follow names down a schema: what is there, _NOTHING where there is no such name, None where that is not said."""
    for name in filter(None, path.split("/")):
        if name not in shape.fields:
            more = shape.keys.get("additionalProperties")
            said = shape.fields and not more and "." not in name and not any(key in shape.keys for key in DYNAMIC)
            return _NOTHING if said else None
        shape = reader.shape(*reader.follow(shape.fields[name], shape.pointer(name)))
    return shape
