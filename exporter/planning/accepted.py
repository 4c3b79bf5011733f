"""Reads the file of changes that somebody accepted on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.comparison.accepting import Entry
from exporter.model.changes import Acceptance
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, as_object, as_text
from exporter.openapi.documents import read_document
from exporter.ports import Files

_LIST = "accepted"
_NEEDED = ("fingerprint", "reason", "until")
_MOST = 10_000
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_accepted(path: str, files: Files) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """
    Give the entries of the file, and a finding for each that lacks what it needs.

    Raises WrongInputs where the file is not there, cannot be read, or holds no list `accepted`.
    """
    document = read_document(path, files.read(path))
    errors = [finding for finding in document.findings if finding.severity is Severity.ERROR]
    if errors:
        raise WrongInputs(f"accept: {path}:{errors[0].line}: {errors[0].message}", advice=errors[0].advice)
    listed = as_object(document.value).get(_LIST)
    if not isinstance(listed, list) or document.positions is None or len(listed) > _MOST:
        raise WrongInputs(
            f"accept: {path} holds no list `{_LIST}` (of at most {_MOST:,} entries).",
            advice="Write what a report prints below its breaking changes.",
        )
    entries: list[Entry] = []
    findings: list[Finding] = []
    for index, value in enumerate(listed):
        line, column = document.positions.find((_LIST, str(index)))
        complaints = list(_complaints(value))
        if complaints:
            findings.append(
                _finding(f"This accepted change {' and '.join(complaints)}: it does not count.", path, line, column)
            )
        else:
            facts = as_object(value)
            said = Acceptance(_text(facts.get("reason")), _text(facts.get("until")))
            entries.append(Entry(_text(facts.get("fingerprint")).lower(), said, path, line))
    return tuple(entries), tuple(findings)


def _text(value: Json) -> str:
    """Give a text; a fingerprint of digits alone is a number to YAML."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value).strip()


def _complaints(value: Json) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "is no object"
        return
    missing = [name for name in _NEEDED if not _text(value.get(name))]
    if missing:
        yield "has no " + ", no ".join(f"`{name}`" for name in missing)
    fingerprint = _text(value.get("fingerprint"))
    if fingerprint and not re.fullmatch("[0-9a-fA-F]{16}", fingerprint):
        yield "has a `fingerprint` that is not sixteen hex digits"
    until = _text(value.get("until"))
    if until and not _is_day(until):
        yield "has an `until` that is no day like 2027-01-31"


def _is_day(text: str) -> bool:
    """
    Tell whether a text is a day of the calendar.

    >>> [_is_day(text) for text in ("2027-01-31", "2027-02-30", "31.1.2027", "2027-1-3")]
    [True, False, False, False]
    """
    found = re.fullmatch(r"[0-9]{4}-([0-9]{2})-([0-9]{2})", text)
    if found is None:
        return False
    month, day = int(found[1]), int(found[2])
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]


def _finding(message: str, file: str, line: int, column: int) -> Finding:
    return Finding(
        "accepted-incomplete",
        Severity.WARNING,
        (),
        message,
        "Give a `fingerprint` out of a report, a `reason`, and the last day (`until`).",
        file=file,
        line=line,
        column=column,
    )
