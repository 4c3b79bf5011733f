"""Knows which operations lead to a pair of schemas, whatever circles the schemas close."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.comparison.facets import Context
from exporter.comparison.moves import Move
from exporter.model.json_values import Object
from exporter.model.pointers import Pointer

DEEPEST = 60
"""Names from the operation down to a thing; below that, all things have the place of the one that holds them."""
MOST = 1_000
"""As many operations are named for one cause; where every schema leads to every other, there would be no end of names."""


class Pair(NamedTuple):
    """A schema, or a parameter that is none, in both versions; references are followed already."""

    old: Object
    new: Object
    was: Pointer
    where: Pointer
    place: tuple[str, ...]
    context: Context


class Spot:
    """Something that operations lead to: where it was reached from."""

    __slots__ = ("low", "number", "operations", "parents", "reached")

    def __init__(self) -> None:
        self.parents: list[Spot] = []
        self.operations: list[int] = []
        self.reached: tuple[int, ...] | None = None
        self.number = self.low = -1


class Node(Spot):
    """A pair that was walked, and what moved in it."""

    __slots__ = ("moves", "pair")

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self.moves: list[Move] = []


def reach(spots: Iterable[Spot]) -> None:
    """
    Tell each of these spots which operations lead to it: the first MOST of them, in their order.

    Spots that lead to each other are reached by the same operations, so circles are found first (Tarjan 1972, with a
    stack of our own instead of calls) and each circle is worked out once, after all that lead to it.
    """
    numbers = iter(range(2**62))
    for start in spots:
        if start.number < 0:
            _climb(start, numbers)


def _climb(start: Spot, numbers: Iterator[int]) -> None:
    circle: list[Spot] = []
    path: list[tuple[Spot, Iterator[Spot]]] = [_enter(start, numbers, circle)]
    while path:
        node, parents = path[-1]
        parent = next((one for one in parents if one.reached is None), None)
        if parent is None:
            path.pop()
            if path:
                path[-1][0].low = min(path[-1][0].low, node.low)
            if node.low == node.number:
                at = _position(circle, node)
                _close(circle[at:])
                del circle[at:]
        elif parent.number < 0:
            path.append(_enter(parent, numbers, circle))
        else:
            node.low = min(node.low, parent.number)


def _enter(node: Spot, numbers: Iterator[int], circle: list[Spot]) -> tuple[Spot, Iterator[Spot]]:
    node.number = node.low = next(numbers)
    circle.append(node)
    return node, iter(node.parents)


def _position(circle: list[Spot], node: Spot) -> int:
    at = len(circle) - 1
    while circle[at] is not node:
        at -= 1
    return at


def _close(circle: list[Spot]) -> None:
    above: dict[int, tuple[int, ...]] = {}
    own: set[int] = set()
    for node in circle:
        own.update(node.operations)
        above.update((id(parent.reached), parent.reached) for parent in node.parents if parent.reached is not None)
    if not own and len(above) == 1:
        (reached,) = above.values()  # the very same, so that it is named once
    else:
        reached = tuple(sorted(own.union(*above.values()))[:MOST])
    for node in circle:
        node.reached = reached
