"""Puts together what is said many times: findings of one rule, losses of one kind, fixes."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.reporting.locating import Locator, place_of

_SHOWN = 3
_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_APART = {Severity.ERROR: 10, Severity.WARNING: 3, Severity.NOTICE: 1}
"""When one rule says more different things than this, only the first is told: nobody reads the same advice 60 times."""


Noticed = TypeVar("Noticed", Finding, Loss, Fix)


class Group(NamedTuple, Generic[Noticed]):
    """Things that are the same but for their place, or so many of a kind that the first stands for all."""

    first: Noticed
    size: int
    places: tuple[Place, ...]
    """Of the first few, each once."""
    alike: bool = True
    """Whether they all say the same."""

    @property
    def times(self) -> str:
        """Say how many there are, where it is not one: ` (4 times)`, ` (64 times; the first)`."""
        return f" ({self.size} times{'' if self.alike else '; the first'})" if self.size > 1 else ""


def grouped_findings(findings: Iterable[Finding], places: Locator) -> list[Group[Finding]]:
    """Group by rule and, where that is not too much, by message; the worst severity first, else in the order they came."""
    rules: dict[str, dict[str, list[Finding]]] = {}
    for finding in sorted(findings, key=lambda finding: _RANK[finding.severity]):
        messages = rules.setdefault(finding.rule, {})
        counts_the_rest = finding.times > 1 and messages
        messages.setdefault(next(iter(messages)) if counts_the_rest else finding.message, []).append(finding)
    return [group for messages in rules.values() for group in _of_rule([*messages.values()], places)]


def _of_rule(messages: list[list[Finding]], places: Locator) -> list[Group[Finding]]:
    apart = len(messages) <= _APART[messages[0][0].severity]
    groups = messages if apart else [[finding for things in messages for finding in things]]
    return [
        Group(things[0], sum(finding.times for finding in things), _places(things, places), apart) for things in groups
    ]


def grouped_losses(losses: Iterable[Loss], places: Locator) -> list[Group[Loss]]:
    """Group by kind, in the order they came."""
    groups: dict[str, list[Loss]] = {}
    for loss in losses:
        groups.setdefault(loss.kind, []).append(loss)
    return [
        Group(
            things[0],
            sum(loss.times for loss in things),
            _places(things, places),
            all(loss.what == things[0].what for loss in things),
        )
        for things in groups.values()
    ]


def grouped_fixes(fixes: Iterable[Fix], places: Locator) -> list[Group[Fix]]:
    """Group by rule and what was done, in the order they came."""
    groups: dict[tuple[str, str], list[Fix]] = {}
    for fix in fixes:
        groups.setdefault((fix.rule, fix.done), []).append(fix)
    return [Group(things[0], len(things), _places(things, places), True) for things in groups.values()]


def _places(things: Sequence[Finding | Loss | Fix], places: Locator) -> tuple[Place, ...]:
    found: dict[tuple[str, int], Place] = {}
    for thing in things[: 4 * _SHOWN]:  # a place costs time: only a few more than are shown, as some are the same
        if not isinstance(thing, Fix) and thing.times > 1 and len(things) > 1:
            continue  # it speaks of many places, and stands at none of them
        place = place_of(thing, places)
        if place.file:
            found.setdefault((place.file, place.line), place)
    return tuple(found.values())[:_SHOWN]
