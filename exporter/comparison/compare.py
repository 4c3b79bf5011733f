"""Compares two connectors: what differs, and what that does to makers."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.fingerprint import fingerprint
from exporter.comparison.inputs import body_order
from exporter.comparison.moves import Move
from exporter.comparison.operations import Operations, Pairs, deprecated_alone, paired, presence
from exporter.comparison.reading import Reader
from exporter.comparison.sameness import Sameness
from exporter.comparison.sign_in import sign_in
from exporter.comparison.targets import missing_targets
from exporter.comparison.telling import changes
from exporter.comparison.walk import Walk
from exporter.comparison.whole import whole
from exporter.model.changes import Change, Impact, Verdict
from exporter.model.connectors import Connector


def compare(before: Connector, after: Connector) -> tuple[Change, ...]:
    """
    Give all that changed from one connector to the other; nothing exactly when their fingerprints are equal.

    Never raises, whatever the definitions hold: what is nonsense in both is no change.
    """
    old, new = Reader(before.definition), Reader(after.definition)
    operations = list(old.operations()), list(new.operations())
    pairs = paired(*operations)
    names = [one.name for one in (*(one for one, _ in pairs.kept), *pairs.gone, *pairs.come)]
    if before == after:
        return tuple(changes(_orders(old, new, pairs), names))
    found = list(_operations(old, new, pairs))
    found.extend((move, ()) for move in (*whole(before, after), *sign_in(before, after)))
    home = {other.where: index for index, other in enumerate(other for _, other in pairs.kept)}
    for move in missing_targets(old.document, new.document, *operations):
        index = home.get(move.where[:3])
        found.append((move, () if index is None else (index,)))
    if not found and fingerprint(before) != fingerprint(after):
        found.append((Move("written-differently", (), ()), ()))
    return tuple(changes(found, names))


def verdict(before: str, after: str, found: tuple[Change, ...]) -> Verdict:
    """Give the worst that changes do to makers: none where the fingerprints are equal."""
    if before == after:
        return Verdict.NONE
    if any(change.impact is Impact.BREAKING for change in found):
        return Verdict.BREAKING
    return Verdict.COMPATIBLE


def _orders(old: Reader, new: Reader, pairs: Pairs) -> Iterator[tuple[Move, tuple[int, ...]]]:
    for index, (one, other) in enumerate(pairs.kept):
        yield from ((move, (index,)) for move in body_order((old, one), (new, other)))


def _operations(old: Reader, new: Reader, pairs: Pairs) -> Iterator[tuple[Move, tuple[int, ...]]]:
    sameness = Sameness(old.document, new.document)
    walk = Walk(old, new, sameness)
    operations = Operations(old, new, walk, sameness)
    for index, (one, other) in enumerate(pairs.kept):
        yield from ((move, (index,)) for move in operations.moves(index, one, other))
    yield from walk.found()
    yield from ((move, (index,)) for move, index in presence(pairs, new.document))
    yield from ((move, (index,)) for move, index in deprecated_alone(pairs))
