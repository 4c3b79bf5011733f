"""Marks the changes that somebody accepted on purpose, and says which acceptances do not count."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.changes import Acceptance, Change
from exporter.model.findings import Finding, Severity


class Entry(NamedTuple):
    """One accepted change, as the file of accepted changes has it."""

    fingerprint: str
    acceptance: Acceptance
    file: str
    line: int


def accept(
    changes: Iterable[Change], entries: Iterable[Entry], today: str
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """
    Mark the changes that an entry names by its fingerprint and that is not past its date; the first such entry counts.

    `today` is a day as `2026-11-22`; where it is empty, no entry is past its date. Gives the changes in their order,
    and a finding for every entry that does not count or matches nothing.
    """
    listed, changed = tuple(entries), tuple(changes)
    valid: dict[str, Acceptance] = {}
    for entry in listed:
        if not today or today <= entry.acceptance.until:
            valid.setdefault(entry.fingerprint, entry.acceptance)
    marked = tuple(change._replace(accepted=valid.get(change.fingerprint)) for change in changed)
    return marked, tuple(_findings(listed, {change.fingerprint for change in changed}, today))


def _findings(entries: Iterable[Entry], found: set[str], today: str) -> Iterator[Finding]:
    for entry in entries:
        until = entry.acceptance.until
        if entry.fingerprint not in found:
            yield _finding(
                "accepted-unused",
                Severity.NOTICE,
                entry,
                f"No change has the fingerprint `{entry.fingerprint}` any more.",
                "Take the entry out of the file.",
            )
        elif today and today > until:
            yield _finding(
                "accepted-past",
                Severity.WARNING,
                entry,
                f"The change `{entry.fingerprint}` was accepted until {until}, and counts again.",
                "Take the change back, or give the entry a later date.",
            )


def _finding(rule: str, severity: Severity, entry: Entry, message: str, advice: str) -> Finding:
    return Finding(rule, severity, (), message, advice, file=entry.file, line=entry.line, column=1)
