"""Marks the findings that somebody accepted on purpose, by rule and place, and says which acceptances do not count."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from exporter.model.changes import Acceptance
from exporter.model.findings import Finding, Severity
from exporter.model.pointers import pointer_text

_Key: TypeAlias = "tuple[str, str | None]"
"""A rule, and a place or anywhere."""


class FindingEntry(NamedTuple):
    """One accepted finding, as the file of what was accepted has it."""

    rule: str
    place: str | None
    """Its pointer in the author's document; None for wherever the rule is broken."""
    acceptance: Acceptance
    file: str
    line: int


def accept_findings(
    findings: Iterable[Finding], entries: Iterable[FindingEntry], today: str
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """
    Mark the findings that an entry is about and that is not past its date.

    Of several the first one counts, one with a place before one without. `today` is a day as `2026-11-22`; where it is
    empty, no entry is past its date. Gives the findings in their order, and a finding for every entry that does not
    count or matches nothing.
    """
    listed = tuple(entries)
    valid: dict[_Key, Acceptance] = {}
    for entry in listed:
        if not _is_past(entry, today):
            valid.setdefault((entry.rule, entry.place), entry.acceptance)
    met: set[_Key] = set()
    marked = []
    for finding in findings:
        keys: tuple[_Key, _Key] = ((finding.rule, pointer_text(finding.pointer)), (finding.rule, None))
        met.update(keys)
        marked.append(finding._replace(accepted=next((valid[key] for key in keys if key in valid), None)))
    problems = (problem for entry in listed for problem in _problems(entry, met, today))
    return tuple(marked), tuple(problems)


def _is_past(entry: FindingEntry, today: str) -> bool:
    return bool(today) and today > entry.acceptance.until


def _problems(entry: FindingEntry, met: set[_Key], today: str) -> Iterator[Finding]:
    where = f" at `{entry.place}`" if entry.place else ""
    if (entry.rule, entry.place) not in met:
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
