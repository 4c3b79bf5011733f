"""Reads the file of changes and findings that somebody accepted on purpose."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exporter.comparison.accepting import Entry, accept
from exporter.model.changes import Acceptance, Change
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, as_object, as_text
from exporter.openapi.documents import read_document
from exporter.planning.accepted_findings import FindingEntry, accept_findings
from exporter.ports import Files

_LIST = "accepted"
_NEEDED = ("reason", "until")
_KINDS = ("change", "finding")
_MOST = 10_000
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Accepted(NamedTuple):
    """What was accepted: changes by their fingerprint, findings by rule and place; and what is wrong with the file."""

    changes: tuple[Entry, ...] = ()
    findings: tuple[FindingEntry, ...] = ()
    problems: tuple[Finding, ...] = ()


def read_accepted(path: str, files: Files) -> Accepted:
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
    changes: list[Entry] = []
    findings: list[FindingEntry] = []
    problems: list[Finding] = []
    for index, value in enumerate(listed):
        line, column = document.positions.find((_LIST, str(index)))
        complaints = list(_complaints(value))
        if complaints:
            message = (
                f"This accepted {_KINDS['finding' in as_object(value)]} {' and '.join(complaints)}: it does not count."
            )
            problems.append(_finding(message, path, line, column))
            continue
        facts = as_object(value)
        said = Acceptance(_text(facts.get("reason")), _text(facts.get("until")))
        if "finding" in facts:
            place = facts.get("place")
            findings.append(
                FindingEntry(_text(facts["finding"]), place if isinstance(place, str) else None, said, path, line)
            )
        else:
            changes.append(Entry(_text(facts.get("fingerprint")).lower(), said, path, line))
    return Accepted(tuple(changes), tuple(findings), tuple(problems))


class Marked(NamedTuple):
    """Changes and findings, what was accepted of them marked, and what is wrong with the file."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Finding, ...]


def accept_all(  # noqa: PLR0913  everything that is looked at, by name
    path: str,
    files: Files,
    time: str,
    changes: tuple[Change, ...],
    findings: tuple[Finding, ...],
    *,
    compared: bool = True,
    checked: bool = True,
) -> Marked:
    """
    Mark what the file at `path` says was accepted; `time` is now, as 2026-11-22T05:00:00Z.

    `compared` and `checked` say whether changes and findings were looked for: where they were not, no entry for them
    is stale. Raises WrongInputs.
    """
    listed = read_accepted(path, files)
    today = time[:10]
    changes, stale = accept(changes, listed.changes, today) if compared else (changes, ())
    findings, past = accept_findings(findings, listed.findings, today)
    return Marked(changes, findings, listed.problems + stale + (past if checked else ()))


def _text(value: Json) -> str:
    """Give a text; a fingerprint of digits alone is a number to YAML."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value).strip()


def _complaints(value: Json) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "is no object"
        return
    named = "finding" if "finding" in value else "fingerprint"
    missing = [name for name in (named, *_NEEDED) if not _text(value.get(name))]
    if missing:
        yield "has no " + ", no ".join(f"`{name}`" for name in missing)
    if "finding" in value and "fingerprint" in value:
        yield "has a `fingerprint`, which is for changes"
    if not isinstance(value.get("place"), str | None):
        yield "has a `place` that is no pointer such as /paths/~1orders/get"
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
        "Give a `fingerprint` (of a change) or a `finding` and its `place` out of a report, a `reason`, and the last day "
        "(`until`).",
        file=file,
        line=line,
        column=column,
    )
