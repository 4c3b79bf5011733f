"""Marks the findings that somebody accepted on purpose, by rule and place, and says which acceptances do not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.changes import Acceptance
from exporter.model.findings import Finding, Severity
from exporter.model.pointers import pointer_text


class FindingEntry(NamedTuple):
    """One accepted finding, as the file of what was accepted has it."""

    rule: str
    place: str | None
    """Its pointer in the author's document; None for wherever the rule is broken."""
    acceptance: Acceptance
    file: str
    line: int

    def is_about(self, finding: Finding) -> bool:
        """Tell whether this entry is about a finding."""
        return self.rule == finding.rule and self.place in (None, pointer_text(finding.pointer))


def accept_findings(
    findings: Iterable[Finding], entries: Iterable[FindingEntry], today: str
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """
    Mark the findings that an entry is about and that is not past its date; the first such entry counts.

    `today` is a day as `2026-11-22`; where it is empty, no entry is past its date. Gives the findings in their order,
    and a finding for every entry that does not count or matches nothing.
    """
    by_rule: dict[str, list[FindingEntry]] = {}
    for entry in entries:
        by_rule.setdefault(entry.rule, []).append(entry)
    used: set[FindingEntry] = set()
    marked = tuple(_marked(finding, by_rule.get(finding.rule, ()), used, today) for finding in findings)
    return marked, tuple(
        problem for listed in by_rule.values() for entry in listed for problem in _problems(entry, used, today)
    )


def _marked(finding: Finding, entries: Iterable[FindingEntry], used: set[FindingEntry], today: str) -> Finding:
    about = [entry for entry in entries if entry.is_about(finding)]
    used.update(about)
    valid = next((entry for entry in about if not _is_past(entry, today)), None)
    return finding if valid is None else finding._replace(accepted=valid.acceptance)


def _is_past(entry: FindingEntry, today: str) -> bool:
    return bool(today) and today > entry.acceptance.until


def _problems(entry: FindingEntry, used: set[FindingEntry], today: str) -> Iterator[Finding]:
    where = f" at `{entry.place}`" if entry.place else ""
    if entry not in used:
        message = f"The rule `{entry.rule}` is no longer broken{where}."
        advice = "Take the entry out of the file."
        yield Finding(
            "accepted-unused", Severity.NOTICE, (), message, advice, file=entry.file, line=entry.line, column=1
        )
    elif _is_past(entry, today):
        message = f"The finding `{entry.rule}`{where} was accepted until {entry.acceptance.until}, and counts again."
        advice = "Mend what it says, or give the entry a later date."
        yield Finding(
            "accepted-past", Severity.WARNING, (), message, advice, file=entry.file, line=entry.line, column=1
        )
