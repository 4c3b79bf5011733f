"""Compares two connectors: what differs, and what that does to makers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from exporter.comparison.fingerprint import fingerprint
from exporter.comparison.inputs import body_order
from exporter.comparison.moves import Move
from exporter.comparison.operations import Operations, Pairs, base, paired
from exporter.comparison.presence import deprecated_alone, presence, unsubscribing
from exporter.comparison.reading import Reader
from exporter.comparison.sameness import Sameness
from exporter.comparison.sign_in import sign_in
from exporter.comparison.targets import missing_targets
from exporter.comparison.telling import changes
from exporter.comparison.walk import Walk
from exporter.comparison.whole import whole
from exporter.model.changes import Change, Impact, Verdict
from exporter.model.connectors import Connector

Found: TypeAlias = tuple[Move, tuple[int, ...]]
"""A movement, and the operations that it touches, by their index."""


def compare(before: Connector, after: Connector) -> tuple[Change, ...]:
    """
    Give all that changed from one connector to the other; nothing exactly when their fingerprints are equal.

    Never raises, whatever the definitions hold: what is nonsense in both is no change.
    """
    if before is after:
        return ()
    old, new = Reader(before.definition), Reader(after.definition)
    if before == after:
        pairs = _in_place(old, new)
        found = list(_orders(old, new, pairs))
    else:
        pairs = _sorted(paired(old, new))
        found = list(_differences(before, after, pairs))
    if not found and fingerprint(before) != fingerprint(after):
        found.append((Move("written-differently", (), ()), ()))
    names = [one.name for one in (*(one for one, _ in pairs.kept), *pairs.gone, *pairs.come)]
    return tuple(changes(found, names))


def verdict(before: str, after: str, found: tuple[Change, ...]) -> Verdict:
    """Give the worst that changes do to makers who did not accept it: none where the fingerprints are equal."""
    if before == after:
        return Verdict.NONE
    if any(change.impact is Impact.BREAKING and change.accepted is None for change in found):
        return Verdict.BREAKING
    return Verdict.COMPATIBLE


def _in_place(old: Reader, new: Reader) -> Pairs:
    """Pair the operations of two equal definitions; they may stand in another order."""
    home = {one.where: one for one in new.operations()}
    return _sorted(Pairs([(one, home[one.where]) for one in old.operations()], [], []))


def _sorted(pairs: Pairs) -> Pairs:
    """Order operations by name: what is told, and each fingerprint, is the same in whichever order a file lists them."""
    kept = sorted(pairs.kept, key=lambda pair: (pair[0].name, pair[0].where))
    gone, come = (sorted(side, key=lambda one: (one.name, one.where)) for side in (pairs.gone, pairs.come))
    return Pairs(kept, gone, come)


def _orders(old: Reader, new: Reader, pairs: Pairs) -> Iterator[Found]:
    for index, (one, other) in enumerate(pairs.kept):
        yield from ((move, (index,)) for move in body_order((old, one), (new, other)))


def _differences(before: Connector, after: Connector, pairs: Pairs) -> Iterator[Found]:
    """Give all that moved, each with the indexes of the operations that it touches."""
    old, new = Reader(before.definition), Reader(after.definition)
    sameness = Sameness(old.document, new.document)
    walk = Walk(old, new, sameness)
    operation = Operations(old, new, walk, sameness)
    for index, (one, other) in enumerate(pairs.kept):
        yield from ((move, (index,)) for move in operation.moves(index, one, other))
    yield from walk.found()
    yield from ((move, (index,)) for move, index in presence(pairs, new.document))
    yield from (
        (move, (index,))
        for move, index in (*deprecated_alone(pairs), *unsubscribing(pairs, (base(old.document), base(new.document))))
    )
    yield from ((move, ()) for move in (*whole(before, after), *sign_in(before, after)))
    places = {other.where: at for at, (_, other) in enumerate(pairs.kept)}
    first_new = len(pairs.kept) + len(pairs.gone)
    places |= {one.where: at for at, one in enumerate(pairs.come, first_new)}
    yield from missing_targets(old, new, places, first_new)
