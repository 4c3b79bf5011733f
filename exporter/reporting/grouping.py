"""Puts together what is said many times: findings of one rule, losses of one kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from exporter.model.definitions import Place
from exporter.model.findings import Finding, Loss, Severity
from exporter.reporting.locating import Locator, place_of

_SHOWN = 3
MANY = 10
"""A rule that says more different things is told once, with the first of them."""
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


Noticed = TypeVar("Noticed", Finding, Loss)


class Group(NamedTuple, Generic[Noticed]):
    """Things that are the same but for their place."""

    first: Noticed
    size: int
    places: tuple[Place, ...]
    """Of the first few, each once."""


def grouped_findings(findings: Iterable[Finding], places: Locator) -> list[Group[Finding]]:
    """
    Group by rule and message, the worst severity first, else in the order they came.

    What is no error and is said in many ways (of every operation, with its name) is one group: the first as an example.
    """
    rules: dict[str, dict[str, list[Finding]]] = {}
    for finding in sorted(findings, key=lambda finding: _RANK[finding.severity]):
        rules.setdefault(finding.rule, {}).setdefault(finding.message, []).append(finding)
    return [group for said in rules.values() for group in _of_rule(list(said.values()), places)]


def _of_rule(said: list[list[Finding]], places: Locator) -> list[Group[Finding]]:
    first = said[0][0]
    if len(said) <= MANY or first.severity is Severity.ERROR:
        return [_group(things, places) for things in said]
    group = _group([thing for things in said for thing in things], places)
    return [group._replace(first=first._replace(message=f"for example: {first.message}"))]


def grouped_losses(losses: Iterable[Loss], places: Locator) -> list[Group[Loss]]:
    """Group by kind, in the order they came."""
    groups: dict[str, list[Loss]] = {}
    for loss in losses:
        groups.setdefault(loss.kind, []).append(loss)
    return [_group(things, places) for things in groups.values()]


def _group(things: list[Noticed], places: Locator) -> Group[Noticed]:
    found: dict[tuple[str, int], Place] = {}
    for thing in things[: 4 * _SHOWN]:  # a place costs time: only a few more than are shown, as some are the same
        place = place_of(thing, places)
        if place.file:
            found.setdefault((place.file, place.line), place)
    return Group(things[0], len(things), tuple(found.values())[:_SHOWN])
