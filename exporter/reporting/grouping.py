"""Puts together what is said many times: findings of one rule, losses of one kind, fixes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.reporting.locating import Locator, place_of

_SHOWN = 3
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


Noticed = TypeVar("Noticed", Finding, Loss, Fix)


class Group(NamedTuple, Generic[Noticed]):
    """Things that are the same but for their place."""

    first: Noticed
    size: int
    places: tuple[Place, ...]
    """Of the first few, each once."""


def grouped_findings(findings: Iterable[Finding], places: Locator) -> list[Group[Finding]]:
    """Group by rule and message, the worst severity first, else in the order they came."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: _RANK[finding.severity]):
        groups.setdefault((finding.rule, finding.message), []).append(finding)
    return [_group(things, places) for things in groups.values()]


def grouped_losses(losses: Iterable[Loss], places: Locator) -> list[Group[Loss]]:
    """Group by kind, in the order they came."""
    groups: dict[str, list[Loss]] = {}
    for loss in losses:
        groups.setdefault(loss.kind, []).append(loss)
    return [_group(things, places) for things in groups.values()]


def grouped_fixes(fixes: Iterable[Fix], places: Locator) -> list[Group[Fix]]:
    """Group by rule and what was done, in the order they came."""
    groups: dict[tuple[str, str], list[Fix]] = {}
    for fix in fixes:
        groups.setdefault((fix.rule, fix.done), []).append(fix)
    return [_group(things, places) for things in groups.values()]


def _group(things: list[Noticed], places: Locator) -> Group[Noticed]:
    found: dict[tuple[str, int], Place] = {}
    for thing in things[: 4 * _SHOWN]:  # a place costs time: only a few more than are shown, as some are the same
        place = place_of(thing, places)
        if place.file:
            found.setdefault((place.file, place.line), place)
    return Group(things[0], len(things), tuple(found.values())[:_SHOWN])
