"""How the inputs of one operation have moved: its parameters, their order, and its body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.comparison.facets import Context, Direction, hidden
from exporter.comparison.moves import Move
from exporter.comparison.reach import Pair
from exporter.comparison.reading import Operation, Parameter, Reader, place_of
from exporter.comparison.renames import Look, look, rename_hints
from exporter.comparison.walk import (
    Walk,
    added_input,
    removed_input,
    required_input,
    unseen,
)
from exporter.model.json_values import Object, as_object, as_text
from exporter.model.pointers import Pointer

_GROUPS = ("path", "query", "header", "formData")
"""Canvas apps pass required parameters in this order of locations (Power-Fx, GetPowerAppsParameterOrder)."""
_SLOT = re.compile(r"\{([^{}]*)\}")


class Inputs:
    """Compares the inputs of operations, two versions of a definition at hand."""

    def __init__(self, old: Reader, new: Reader, walk: Walk) -> None:
        self._old, self._new, self._walk = old, new, walk

    def moves(self, index: int, old: Operation, new: Operation) -> Iterator[Move]:
        """Give what moved in the inputs of an operation; what is below them goes into the walk under its index."""
        before, after = self._old.parameters(old), self._new.parameters(new)
        pairs, gone, come = _paired(before, after, _slots(old.path, new.path))
        for one, other in pairs:
            yield from self._pair(index, one, other, in_apps=old.in_apps and new.in_apps)
        hints = rename_hints({one.name: _look(one) for one in gone}, {one.name: _look(one) for one in come})
        for one in gone:
            row = removed_input("param", one.facts, required=one.required, inside=self._unseen(self._old, one))
            where = (*new.where, "parameters") if "parameters" in new.facts else new.where
            yield Move(row, place_of(one), where, one.where, _kind(one), None, gone=True, hint=hints.get(one.name, ""))
        for one in come:
            required = one.required or bool(self._new.positional(_schema(one)))
            row = added_input("param", one.facts, required=required, inside=self._unseen(self._new, one))
            yield Move(row, place_of(one), one.where, None, None, _kind(one))
        for group in _GROUPS if old.in_apps and new.in_apps else ():
            orders = moved(
                *([one.name for one in side if one.location == group and _positional(one)] for side in (before, after))
            )
            if orders:
                yield Move("param-order-changed", (group,), new.where, old.where, *orders)

    def _unseen(self, reader: Reader, one: Parameter) -> bool:
        return unseen(reader, *reader.follow(one.facts.get("schema"), (*one.where, "schema")))

    def _record(self, body: Parameter) -> bool:
        """Tell whether a body has fields; apps pass those by position, whether or not the body itself is required."""
        return bool(self._old.shape(*self._old.follow(body.facts.get("schema"), ())).fields)

    def _pair(self, index: int, old: Parameter, new: Parameter, *, in_apps: bool) -> Iterator[Move]:
        place = place_of(new)
        fixed = hidden(old.facts) and hidden(new.facts)
        if old.location != new.location:
            row = "hidden-input-changed" if fixed else "param-location-changed"
            yield Move(row, place, new.where, old.where, old.location, new.location)
        if old.name != new.name:
            row = "body-param-renamed" if new.location == "body" else "operation-path-param-renamed"
            yield Move("hidden-input-changed" if fixed else row, place, new.where, old.where, old.name, new.name)
        if old.required is not new.required:
            row = required_input("param", old.facts, new.facts, required=new.required)
            if row == "param-became-optional" and self._record(old):
                row = "body-became-optional"
            elif row == "param-became-optional" and not in_apps:
                row = "param-outside-apps-became-optional"
            yield Move(row, place, new.where, old.where, old.required, new.required)
        if self._walk.same(old.facts, new.facts):
            return
        context = Context(Direction.IN, required=new.required)
        self._walk.start(index, Pair(old.facts, new.facts, old.where, new.where, place, context))
        before, was = self._old.follow(old.facts.get("schema"), (*old.where, "schema"))
        after, where = self._new.follow(new.facts.get("schema"), (*new.where, "schema"))
        if before or after:
            context = Context(Direction.IN, hidden(old.facts) and hidden(new.facts), new.required, in_apps)
            self._walk.start(index, Pair(before, after, was, where, place, context))


def _paired(
    before: list[Parameter], after: list[Parameter], slots: dict[str, str]
) -> tuple[list[tuple[Parameter, Parameter]], list[Parameter], list[Parameter]]:
    """Pair parameters: by location and name, those in the path by their slot, the rest by name alone."""
    old, new = {_key(one): one for one in before}, {_key(one): one for one in after}
    pairs = [(old.pop(key), new.pop(key)) for key in sorted(old) if key in new]
    for name, other in slots.items():
        if ("path", name) in old and ("path", other) in new:
            pairs.append((old.pop(("path", name)), new.pop(("path", other))))
    by_name = {one.name: key for key, one in new.items() if one.location != "body"}
    for key in [key for key, one in old.items() if one.name in by_name and one.location != "body"]:
        other_key = by_name.pop(key[1], None)
        if other_key is not None:
            pairs.append((old.pop(key), new.pop(other_key)))
    return pairs, list(old.values()), list(new.values())


def _slots(old: str, new: str) -> dict[str, str]:
    """
    Pair the names in two path templates that are the same but for names.

    >>> _slots("/orders/{id}", "/orders/{orderId}"), _slots("/orders/{id}", "/items/{id}")
    ({'id': 'orderId'}, {})
    """
    if old == new or skeleton(old) != skeleton(new):
        return {}
    return dict(zip(_SLOT.findall(old), _SLOT.findall(new), strict=False))


def skeleton(path: str) -> str:
    """
    Give a path template without the names in it.

    >>> skeleton("/orders/{id}/items")
    '/orders/{}/items'
    """
    return _SLOT.sub("{}", path)


def _key(parameter: Parameter) -> tuple[str, str]:
    return parameter.location, "" if parameter.location == "body" else parameter.name


def _positional(parameter: Parameter) -> bool:
    return parameter.required and not (hidden(parameter.facts) and "default" in parameter.facts)


def _kind(parameter: Parameter) -> str:
    return as_text(parameter.facts.get("type")) or as_text(_schema(parameter).get("type"))


def _look(parameter: Parameter) -> Look:
    return look(parameter.facts, _kind(parameter))


def _schema(parameter: Parameter) -> Object:
    return as_object(parameter.facts.get("schema"))


def body_order(old: tuple[Reader, Operation], new: tuple[Reader, Operation]) -> Iterator[Move]:
    """Give a move where the fields that canvas apps pass by position changed their order; equal objects can differ in it."""
    if not (old[1].in_apps and new[1].in_apps):
        return
    before, after = _body(*old), _body(*new)
    orders = moved(before[0], after[0]) if before and after else ()
    if before and after and orders:
        yield Move("request-field-order-changed", ("body",), after[1], before[1], *orders)


def _body(reader: Reader, operation: Operation) -> tuple[list[str], Pointer] | None:
    for one in reader.parameters(operation):
        if one.location == "body":
            schema, where = reader.follow(one.facts.get("schema"), (*one.where, "schema"))
            return reader.positional(schema), where
    return None


def moved(before: list[str], after: list[str]) -> tuple[list[str], list[str]] | tuple[()]:
    """
    Give the names that both lists have, in both orders, where they differ.

    >>> moved(["a", "b", "c"], ["c", "d", "a"]), moved(["a", "b"], ["x", "a", "b"])
    ((['a', 'c'], ['c', 'a']), ())
    """
    kept = set(before) & set(after)
    old, new = ([name for name in names if name in kept] for names in (before, after))
    return (old, new) if old != new else ()
