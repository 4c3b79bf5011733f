"""Counts what breaks where: the table that stands at the top of every report."""

from __future__ import annotations

from collections.abc import Iterable

from exporter.model.changes import Change, Effect
from exporter.reporting.words import SURFACES

COLUMNS = tuple(dict.fromkeys(SURFACES.values()))
_RANK = {effect: rank for rank, effect in enumerate(Effect)}


def table(changes: Iterable[Change]) -> dict[Effect, dict[str, int]]:
    """
    Count changes by their effect and the column of the surface; canvas apps count by the worse of their two.

    What was accepted on purpose does not count.
    """
    counts: dict[Effect, dict[str, int]] = {}
    for change in changes:
        if change.accepted is not None:
            continue
        worst: dict[str, Effect] = {}
        for surface, effect in change.surfaces.items():
            column = SURFACES[surface]
            worst[column] = min(effect, worst.get(column, effect), key=_RANK.__getitem__)
        for column, effect in worst.items():
            row = counts.setdefault(effect, dict.fromkeys(COLUMNS, 0))
            row[column] += 1
    return {effect: counts[effect] for effect in Effect if effect in counts}
