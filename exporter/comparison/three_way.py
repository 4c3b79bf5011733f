"""Says of each change who made it: the repository, somebody in the portal, or both, alike or each in their way."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from exporter.comparison.compare import compare
from exporter.comparison.drift import as_anywhere
from exporter.comparison.sameness import Sameness
from exporter.model.changes import Change, Side
from exporter.model.connectors import Connector
from exporter.model.pointers import value_at

_Thing: TypeAlias = tuple[str, str, tuple[str, ...]]
"""What a change is about: part of the connector, operation, and the names below it."""
_WHOLE = ("operation-removed", "trigger-removed")


class ThreeWay(NamedTuple):
    """What happened since the last export, on both sides; each change says its side and whether it is in conflict."""

    repository: tuple[Change, ...]
    portal: tuple[Change, ...]


def three_way(exported: Connector, live: Connector, candidate: Connector) -> ThreeWay:
    """
    Compare what lives and what the repository makes with what both come from.

    A change that both made alike is on both sides and no conflict. It is one where both changed the same thing, or
    where one took away what the other changed. What the platform adds or keeps to itself is nobody's change.
    """
    record, made, lives = as_anywhere(exported), as_anywhere(candidate), as_anywhere(live)
    ours, theirs = compare(record, made), compare(record, lives)
    same = Sameness(made.definition, lives.definition)
    common = {change.fingerprint: change for change in ours}
    apart = {
        change.fingerprint
        for change in theirs
        if change.fingerprint in common
        and not same.same(
            value_at(made.definition, common[change.fingerprint].pointer), value_at(lives.definition, change.pointer)
        )
        and change.id.endswith("-added")
    }
    alike = (common.keys() & {change.fingerprint for change in theirs}) - apart
    by_them, by_us = _Touched(theirs), _Touched(ours)
    return ThreeWay(
        tuple(_marked(change, alike, by_them, Side.REPOSITORY) for change in ours),
        tuple(_marked(change, alike, by_us, Side.PORTAL) for change in theirs),
    )


def _marked(change: Change, alike: set[str], others: "_Touched", side: Side) -> Change:
    if change.fingerprint in alike:
        return change._replace(side=Side.BOTH)
    if others.touch(change):
        return change._replace(side=Side.BOTH, conflict=True)
    return change._replace(side=side)


class _Touched:
    """The things that one side changed or took away, so that nothing is compared each with each."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._changed: set[_Thing] = set()
        self._holding: set[_Thing] = set()
        self._gone: set[_Thing] = set()
        for change in changes:
            for part, operation, place in _things(change):
                self._changed.add((part, operation, place))
                self._holding.update((part, operation, place[:end]) for end in range(len(place)))
                if _takes_away(change):
                    self._gone.add((part, operation, _what_is_gone(change)))

    def touch(self, change: Change) -> bool:
        """Tell whether they changed the same thing, took away what holds it, or changed what it takes away."""
        for part, operation, place in _things(change):
            if any((part, operation, place[:end]) in self._gone for end in range(len(place) + 1)):
                return True
            if (part, operation, place) in self._changed:
                return True
            if _takes_away(change) and (part, operation, _what_is_gone(change)) in self._holding:
                return True
        return False


def _things(change: Change) -> list[_Thing]:
    """Name what a change is about, once for each operation; of an operation as a whole, its kind is the thing."""
    place = change.place or (f"({change.id})",)
    return [(change.part, operation, place) for operation in change.operations or ("",)]


def _takes_away(change: Change) -> bool:
    return change.id.endswith("-removed")


def _what_is_gone(change: Change) -> tuple[str, ...]:
    return () if change.id in _WHOLE else change.place
