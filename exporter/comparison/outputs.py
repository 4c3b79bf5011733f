"""How what one operation answers has moved: its success response, and what a webhook trigger is sent."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.facets import Context, Direction, speaks
from exporter.comparison.moves import Move
from exporter.comparison.reach import Pair
from exporter.comparison.reading import Operation, Reader
from exporter.comparison.sameness import Sameness
from exporter.comparison.walk import Walk, retyped
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer

_OUT = Context(Direction.OUT)


class Outputs:
    """Compares what operations answer, two versions of a definition at hand."""

    def __init__(self, old: Reader, new: Reader, walk: Walk, sameness: Sameness) -> None:
        self._old, self._new, self._walk, self._sameness = old, new, walk, sameness

    def moves(self, index: int, old: Operation, new: Operation) -> Iterator[Move]:
        """Give what moved in the outputs of an operation; what is below them goes into the walk under its index."""
        (code, before, was), (now, after, where) = self._old.answer(old), self._new.answer(new)
        if code != now and before and after:
            yield Move("response-primary-changed", ("response",), where, was, code, now)
        home = (*new.where, "responses")
        yield from self._schema(index, (before, was), (after, where if after else home), "response")
        if before.get("description") != after.get("description") and before and after:
            yield Move(
                "description-changed",
                ("response",),
                where,
                was,
                as_text(before.get("description")),
                as_text(after.get("description")),
            )
        yield from _headers(before, after, was, where)
        yield from self._others(old, new, code, now)
        yield from self._payload(index, old, new)

    def _payload(self, index: int, old: Operation, new: Operation) -> Iterator[Move]:
        (before, was), (after, where) = self._old.payload(old), self._new.payload(new)
        if before != after or not self._sameness.same(before, after):
            yield from self._schema(index, (before, was), (after, where), "payload")

    def _schema(
        self, index: int, old: tuple[Object, Pointer], new: tuple[Object, Pointer], place: str
    ) -> Iterator[Move]:
        (before, was), (after, where) = old, new
        if not before and not after:
            return
        one, one_was = self._old.follow(before.get("schema"), (*was, "schema"))
        other, other_where = self._new.follow(after.get("schema"), (*where, "schema"))
        old_shape, new_shape = self._old.shape(one, one_was), self._new.shape(other, other_where)
        has, have = speaks(old_shape), speaks(new_shape)
        if retyped(old_shape, new_shape):
            self._walk.start(index, Pair(one, other, one_was, other_where, (place,), _OUT))
        elif has and not have:
            yield Move("response-schema-removed", (place,), where, (*was, "schema"), gone=True)
        elif have and not has:
            yield Move("response-schema-added", (place,), (*where, "schema"), was if before else None)
        elif have:
            self._walk.start(index, Pair(one, other, one_was, other_where, (place,), _OUT))

    def _others(self, old: Operation, new: Operation, code: str, now: str) -> Iterator[Move]:
        before = {key: value for key, value in as_object(old.facts.get("responses")).items() if key != code}
        after = {key: value for key, value in as_object(new.facts.get("responses")).items() if key != now}
        moved = sorted(key for key in before.keys() | after.keys() if not self._alike(before.get(key), after.get(key)))
        if moved:
            home = "responses"
            yield Move(
                "response-other-changed", ("responses",), (*new.where, home), (*old.where, home), None, moved[:20]
            )

    def _alike(self, before: Json, after: Json) -> bool:
        """Tell whether two values mean the same once references are followed and `allOf` is merged."""
        waiting, seen = [(before, after)], set[tuple[int, int]]()
        while waiting:
            one, other = waiting.pop()
            if self._sameness.same(one, other):
                continue
            if isinstance(one, dict) and isinstance(other, dict):
                old, new = self._old.follow(one, ())[0], self._new.follow(other, ())[0]
                if (id(old), id(new)) in seen:
                    continue
                seen.add((id(old), id(new)))
                if "allOf" in old or "allOf" in new:
                    old, new = _merged(self._old, old), _merged(self._new, new)
                if old.keys() != new.keys():
                    return False
                waiting.extend((old[key], new[key]) for key in old)
            elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
                waiting.extend(zip(one, other, strict=True))
            else:
                return False
        return True


def _merged(reader: Reader, schema: Object) -> Object:
    """Give a schema as if all that it takes in stood in it."""
    shape = reader.shape(schema, ())
    whole = {key: value for key, value in shape.keys.items() if key not in {"allOf", "properties", "required"}}
    if shape.fields:
        whole["properties"] = dict(shape.fields)
    if shape.required:
        whole["required"] = sorted(shape.required)
    return whole


def _headers(before: Object, after: Object, was: Pointer, where: Pointer) -> Iterator[Move]:
    old, new = (sorted(as_object(side.get("headers"))) for side in (before, after))
    if old != new and before and after:
        yield Move("response-header-changed", ("response", "headers"), where, was, old[:20], new[:20])
