"""What a rule says of every operation is one line; errors and what is said in a few ways are not."""

from __future__ import annotations

import pytest

from exporter.model.findings import Finding, Severity
from exporter.reporting.grouping import MANY, grouped_findings
from exporter.reporting.locating import Locator


def said(count: int, severity: Severity) -> list[Finding]:
    return [Finding("some-rule", severity, ("paths",), f"`{number}` is odd.", "Mend it.") for number in range(count)]


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.NOTICE])
def test_what_is_said_in_many_ways_is_one_group_with_an_example(severity: Severity, places: Locator) -> None:
    (group,) = grouped_findings(said(MANY + 1, severity), places)
    assert (group.size, group.first.message) == (MANY + 1, "for example: `0` is odd.")
    assert len(grouped_findings(said(MANY, severity), places)) == MANY


def test_every_error_is_told(places: Locator) -> None:
    assert len(grouped_findings(said(MANY + 5, Severity.ERROR), places)) == MANY + 5
