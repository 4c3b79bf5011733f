"""Walks two schemas side by side, each pair once, and knows which operations reach what it finds."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.facets import Context, Direction, facets, hidden, kind_of, speaks
from exporter.comparison.moves import Move
from exporter.comparison.reach import DEEPEST, Node, Pair, reach
from exporter.comparison.reading import Reader, Shape
from exporter.comparison.renames import Look, look, rename_hints
from exporter.comparison.sameness import Sameness
from exporter.model.json_values import Json, Object
from exporter.model.pointers import Pointer

_STRUCTURED = {"object", "array"}
_MOST_AGAIN = 50_000
"""Pairs of a schema that is walked beside another one already: where each can meet each, there would be no end of them."""


class Walk:
    """
    Walks all pairs that operations lead to.

    A pair of places is walked once, however often it is reached: that ends every kind of recursion, keeps the work in
    step with the size of the definitions, and makes one change of what is one cause.
    """

    def __init__(self, old: Reader, new: Reader, sameness: Sameness) -> None:
        self._old, self._new, self._sameness = old, new, sameness
        self._nodes: dict[tuple[int, int, Context], Node] = {}
        self._waiting: list[Node] = []
        self._met: set[tuple[int, Context]] = set()
        self._again = 0
        self._cut = False

    def same(self, old: Json, new: Json) -> bool:
        """Tell whether there is nothing to walk: equal, and leading to nothing that changed."""
        return self._sameness.same(old, new)

    def start(self, operation: int, pair: Pair) -> None:
        """Walk a pair and all below it, for an operation."""
        node = self._node(pair)
        if not node.operations or node.operations[-1] != operation:
            node.operations.append(operation)
        while self._waiting:
            found = self._waiting.pop()
            found.moves = list(self._moves(found))

    def found(self) -> Iterator[tuple[Move, tuple[int, ...]]]:
        """Give what moved, each with the operations that it touches."""
        changed = [node for node in self._nodes.values() if node.moves]
        reach(changed)
        for node in changed:
            yield from ((move, node.reached or ()) for move in node.moves)

    def _node(self, pair: Pair) -> Node:
        key = (id(pair.old), id(pair.new), pair.context)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(pair)
            self._waiting.append(node)
            met = (id(pair.old), pair.context)
            self._again += met in self._met
            self._met.add(met)
        return node

    def _below(
        self, parent: Node, name: str, old: tuple[Json, Pointer], new: tuple[Json, Pointer], *, required: bool
    ) -> None:
        if self._sameness.same(old[0], new[0]):
            return
        (before, was), (after, where) = self._old.follow(*old), self._new.follow(*new)
        context = parent.pair.context
        inside = context.hidden or (
            context.direction is Direction.IN and hidden(parent.pair.old) and hidden(parent.pair.new)
        )
        deeper = Context(context.direction, inside, required)
        place = parent.pair.place
        deep = (*place, name) if len(place) < DEEPEST else place
        known = (id(before), id(after), deeper) in self._nodes or (id(before), deeper) not in self._met
        if not known and self._again >= _MOST_AGAIN:
            self._cut = True
            return
        self._node(Pair(before, after, was, where, deep, deeper)).parents.append(parent)

    def _moves(self, node: Node) -> Iterator[Move]:
        pair = node.pair
        old, new = self._old.shape(pair.old, pair.was), self._new.shape(pair.new, pair.where)
        if old.cut or new.cut:
            yield Move("inheritance-cut", (), (), ())
        for row, before, after in facets(old, new, pair.context):
            yield Move(row, pair.place, pair.where, pair.was, before, after)
        kinds = {kind_of(old), kind_of(new)}
        if len(kinds) > 1 and kinds & _STRUCTURED and "" not in kinds:
            return
        yield from self._fields(node, old, new)
        yield from self._items(node, old, new)
        before, after = (shape.keys.get("additionalProperties") for shape in (old, new))
        if isinstance(before, dict) and isinstance(after, dict):
            home = "additionalProperties"
            self._below(node, "*", (before, (*pair.was, home)), (after, (*pair.where, home)), required=False)
        if self._cut:
            self._cut = False
            yield Move("inheritance-cut", (), (), ())

    def _items(self, node: Node, old: Shape, new: Shape) -> Iterator[Move]:
        pair = node.pair
        sides = (old.keys.get("items"), (*pair.was, "items")), (new.keys.get("items"), (*pair.where, "items"))
        before, after = self._old.follow(*sides[0]), self._new.follow(*sides[1])
        had, has = speaks(self._old.shape(*before)), speaks(self._new.shape(*after))
        place, out = (*pair.place, "[]"), pair.context.direction is Direction.OUT
        if (had and has) or retyped(self._old.shape(*before), self._new.shape(*after)):
            self._below(node, "[]", *sides, required=False)
        elif had:
            row = "response-field-removed" if out else "request-type-widened"
            yield Move(row, place, pair.where, before[1], kind_of(self._old.shape(*before)), None, gone=True)
        elif has:
            row = "response-field-added" if out else "request-type-stated"
            yield Move(row, place, after[1], None, None, kind_of(self._new.shape(*after)))

    def _fields(self, node: Node, old: Shape, new: Shape) -> Iterator[Move]:
        pair = node.pair
        if old.fields != new.fields or old.required != new.required:
            gone = [name for name in old.fields if name not in new.fields]
            come = [name for name in new.fields if name not in old.fields]
            hints = self._renamed(gone, come, old, new)
            for name in gone:
                yield self._removed(pair, name, old, new, hints.get(name, ""))
            for name in come:
                yield self._added(pair, name, new)
            yield from self._required(pair, old, new)
        for name in sorted(old.fields):  # not as they are written: which way leads first to something shared is told
            if name in new.fields:
                before, after = old.fields[name], new.fields[name]
                self._below(
                    node, name, (before, old.pointer(name)), (after, new.pointer(name)), required=name in new.required
                )

    def _removed(self, pair: Pair, name: str, old: Shape, new: Shape, hint: str) -> Move:
        facts, was = self._old.follow(old.fields[name], old.pointer(name))
        row = "response-field-removed"
        if pair.context.direction is Direction.IN:
            inside = pair.context.hidden or unseen(self._old, facts, was)
            row = removed_input("request-field", facts, required=name in old.required, inside=inside)
        where = new.home if new.fields and not new.homes else pair.where
        return Move(
            row,
            (*pair.place, name),
            where,
            old.pointer(name),
            kind_of(self._old.shape(facts, was)),
            None,
            gone=True,
            hint=hint,
        )

    def _added(self, pair: Pair, name: str, new: Shape) -> Move:
        facts, where = self._new.follow(new.fields[name], new.pointer(name))
        row = "response-field-added"
        if pair.context.direction is Direction.IN:
            inside = pair.context.hidden or unseen(self._new, facts, where)
            row = added_input("request-field", facts, required=name in new.required, inside=inside)
        return Move(row, (*pair.place, name), new.pointer(name), None, None, kind_of(self._new.shape(facts, where)))

    def _required(self, pair: Pair, old: Shape, new: Shape) -> Iterator[Move]:
        for name in old.fields:
            before, after = name in old.required, name in new.required
            if before is after or name not in new.fields:
                continue
            row = "response-field-required-changed"
            if pair.context.direction is Direction.IN:
                facts = self._old.follow(old.fields[name], ())[0], self._new.follow(new.fields[name], ())[0]
                row = required_input("request-field", *facts, required=after, inside=pair.context.hidden)
                if row == "request-field-became-optional" and not pair.context.positional:
                    row = "request-nested-field-became-optional"
            yield Move(row, (*pair.place, name), new.pointer(name), old.pointer(name), before, after)

    def _renamed(self, gone: list[str], come: list[str], old: Shape, new: Shape) -> dict[str, str]:
        looks = {name: self._look(self._new, new, name) for name in come}
        before = {name: self._look(self._old, old, name) for name in gone}
        return rename_hints(before, looks)

    def _look(self, reader: Reader, shape: Shape, name: str) -> Look:
        facts, where = reader.follow(shape.fields[name], shape.pointer(name))
        return look(facts, kind_of(reader.shape(facts, where)))


def retyped(old: Shape, new: Shape) -> bool:
    """Tell whether two schemas state types that differ; one that is empty otherwise states its type all the same."""
    return "" not in {kind_of(old), kind_of(new)} and kind_of(old) != kind_of(new)


def unseen(reader: Reader, facts: Object, where: Pointer) -> bool:
    """Tell whether an object shows nothing to makers: it has fields, and the platform fills in every one of them."""
    waiting, seen = [reader.shape(facts, where)], {id(facts)}
    if not waiting[0].fields:
        return False
    while waiting:
        shape = waiting.pop()
        for name, field in shape.fields.items():
            inner, place = reader.follow(field, shape.pointer(name))
            if hidden(inner) or inner.get("x-ms-notification-url") is True:
                continue
            below = reader.shape(inner, place)
            if not below.fields or id(inner) in seen:
                return False
            seen.add(id(inner))
            waiting.append(below)
    return True


def added_input(prefix: str, facts: Object, *, required: bool, inside: bool = False) -> str:
    """Give the row of an input that is new; the platform fills in callback addresses and hidden defaults."""
    if not required:
        return f"{prefix}-optional-added"
    if inside or facts.get("x-ms-notification-url") is True:
        return f"{prefix}-required-hidden-added"
    if hidden(facts):
        return f"{prefix}-{'required-hidden' if 'default' in facts else 'hidden-without-default'}-added"
    return f"{prefix}-required-added"


def removed_input(prefix: str, facts: Object, *, required: bool, inside: bool = False) -> str:
    """Give the row of an input that is gone."""
    if inside or hidden(facts) or facts.get("x-ms-notification-url") is True:
        return f"{prefix}-hidden-removed"
    return f"{prefix}-{'required' if required else 'optional'}-removed"


def required_input(prefix: str, old: Object, new: Object, *, required: bool, inside: bool = False) -> str:
    """Give the row of an input that became required, or optional."""
    if required:
        filled = inside or (hidden(new) and "default" in new) or new.get("x-ms-notification-url") is True
        return f"{prefix}-{'hidden-' if filled else ''}became-required"
    return f"{prefix}-{'hidden-' if inside or hidden(old) else ''}became-optional"
