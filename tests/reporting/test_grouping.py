from exporter.model.findings import Finding, Loss, Severity
from exporter.reporting.grouping import grouped_findings, grouped_losses
from exporter.reporting.locating import Locator


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
    assert told([*found(Severity.ERROR, *["a"] * 200), rest], places) == [("rule", "a", " (328 times)")]


def test_losses_are_grouped_by_kind(places: Locator) -> None:
    losses = [Loss("kind", (str(n),), f"the list `{n}`", "", "") for n in range(5)]
    [group] = grouped_losses(losses, places)
    assert (group.first, group.times, len(group.places)) == (losses[0], " (5 times; the first)", 1)
