"""Weighs schemas with their references followed: how many there are, how deep, whether one takes the notification URL."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from exporter.model.pointers import Pointer

_SECTION = "definitions"


class Tally(NamedTuple):
    """What the walk counted in one outermost schema, references not followed."""

    schemas: int
    depth: int
    references: tuple[tuple[str, int], ...]
    """Names of definitions, and how deep the reference stands."""
    notifies: bool
    """Whether a property is marked as the notification URL."""


class Weight(NamedTuple):
    """A schema with all that its references lead to."""

    schemas: int
    """Every reference counts what it leads to; inside a circle of references every definition counts once."""
    depth: int
    notifies: bool
    circle: tuple[str, ...] = ()
    """The definitions that lead to each other, where this is one of them."""


def weights(tallies: Mapping[Pointer, Tally]) -> Mapping[Pointer, Weight]:
    """
    Weigh every outermost schema; linear in schemas and references, however often a definition is used.

    A circle of references is taken together, so the count is never more than what following it would give:
    nothing is called too large that the platform might count smaller.
    """
    known: dict[str, Weight] = {}
    edges = {
        pointer[1]: [name for name, _ in tally.references if (_SECTION, name) in tallies]
        for pointer, tally in tallies.items()
        if _is_definition(pointer)
    }
    for circle in circles(edges):
        known.update(dict.fromkeys(circle, _together(circle, tallies, known)))
    return {
        pointer: known[pointer[1]] if _is_definition(pointer) else _weight(tally, known)
        for pointer, tally in tallies.items()
    }


def _is_definition(pointer: Pointer) -> bool:
    return len(pointer) == len((_SECTION, "name")) and pointer[0] == _SECTION


def _weight(tally: Tally, known: Mapping[str, Weight]) -> Weight:
    schemas, deepest, notifies = tally.schemas, tally.depth, tally.notifies
    for name, depth in tally.references:
        target = known.get(name)
        if target is not None:
            schemas += target.schemas - 1
            deepest = max(deepest, depth - 1 + target.depth)
            notifies = notifies or target.notifies
    return Weight(schemas, deepest, notifies)


def _together(circle: tuple[str, ...], tallies: Mapping[Pointer, Tally], known: Mapping[str, Weight]) -> Weight:
    parts = [_weight(tallies[_SECTION, name], known) for name in circle]
    round_ = len(circle) > 1 or any(name == circle[0] for name, _ in tallies[_SECTION, circle[0]].references)
    return Weight(
        # A reference is replaced by what it leads to, once for every definition but the one where the circle is entered.
        sum(part.schemas for part in parts) - (len(circle) - 1),
        max(part.depth for part in parts),
        any(part.notifies for part in parts),
        circle if round_ else (),
    )


def circles(edges: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """
    Give the strongly connected groups of a graph, those that are led to first (Tarjan 1972, without recursion).

    >>> list(circles({"a": ["b"], "b": ["a"], "c": ["a"]}))
    [('a', 'b'), ('c',)]
    """
    lowest: dict[str, int] = {}
    path: list[str] = []
    for start, targets in edges.items():
        waiting = [(start, iter(targets))] if start not in lowest else []
        while waiting:
            name, left = waiting[-1]
            if name not in lowest:
                lowest[name] = len(path)
                path.append(name)
            deeper = next((target for target in left if _seen(lowest, name, target)), None)
            if deeper is not None:
                waiting.append((deeper, iter(edges[deeper])))
                continue
            waiting.pop()
            if waiting:
                parent = waiting[-1][0]
                lowest[parent] = min(lowest[parent], lowest[name])
            if path[lowest[name]] == name:
                circle = tuple(path[lowest[name] :])
                del path[lowest[name] :]
                lowest.update(dict.fromkeys(circle, len(edges)))
                yield circle


def _seen(lowest: dict[str, int], name: str, target: str) -> bool:
    """Tell whether a target must be walked first; where it was, take over how far up the path it leads."""
    if target in lowest:
        lowest[name] = min(lowest[name], lowest[target])
        return False
    return True
