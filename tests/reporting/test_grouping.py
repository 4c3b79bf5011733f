from typing import NamedTuple

from exporter.model.definitions import Place
from exporter.model.findings import Finding, Loss, Severity
from exporter.model.pointers import Pointer
from exporter.reporting.grouping import grouped_findings, grouped_losses
from exporter.reporting.locating import Locator


class ByPointer(NamedTuple):
    """Each pointer has a line of its own; the document as a whole has line 99."""

    def of_author(self, pointer: Pointer) -> Place:
        return Place("api.yaml", int(pointer[0]) + 1 if pointer else 99)

    of_connector = of_author


def told(findings: list[Finding], places: Locator) -> list[tuple[str, str, str]]:
    groups = grouped_findings(findings, places)
    return [(group.first.rule, group.first.message, group.times) for group in groups]


def found(severity: Severity, *messages: str) -> list[Finding]:
    return [Finding("rule", severity, (str(n),), message, "") for n, message in enumerate(messages)]


def test_notices_of_one_rule_are_one_group(places: Locator) -> None:
    assert told(found(Severity.NOTICE, "a", "b", "a"), places) == [("rule", "a", " (3 times; the first)")]
    assert told(found(Severity.NOTICE, "a", "a"), places) == [("rule", "a", " (2 times)")]


def test_errors_are_told_apart_until_they_are_too_many(places: Locator) -> None:
    assert told(found(Severity.ERROR, "a", "b", "a"), places) == [("rule", "a", " (2 times)"), ("rule", "b", "")]
    many = found(Severity.ERROR, *map(str, range(11)))
    assert told(many, places) == [("rule", "0", " (11 times; the first)")]


def test_the_worst_comes_first(places: Locator) -> None:
    findings = [Finding("late", Severity.NOTICE, (), "", ""), Finding("soon", Severity.ERROR, (), "", "")]
    assert [rule for rule, _, _ in told(findings, places)] == ["soon", "late"]


def test_what_was_counted_and_not_listed_counts(places: Locator) -> None:
    rest = Finding("rule", Severity.ERROR, (), "128 more places", "", times=128)
    findings = found(Severity.ERROR, "a", "b", "a")
    assert told([*findings, rest], places) == [("rule", "a", " (130 times)"), ("rule", "b", "")]


def test_what_counts_others_has_no_place_of_its_own() -> None:
    findings = found(Severity.NOTICE, "a", "b")
    rest = Finding("rule", Severity.NOTICE, (), "128 more places", "", times=128)
    [group] = grouped_findings([*findings, rest], ByPointer())
    assert (group.size, [place.line for place in group.places]) == (130, [1, 2])


def test_losses_are_grouped_by_kind(places: Locator) -> None:
    losses = [Loss("kind", (str(n),), f"the list `{n}`", "", "") for n in range(5)]
    [group] = grouped_losses(losses, places)
    assert (group.first, group.times, len(group.places)) == (losses[0], " (5 times; the first)", 1)
