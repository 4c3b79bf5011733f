"""Writes changes and findings as SARIF 2.1.0, the format that code scanning reads."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.comparison.fingerprint import sha256
from exporter.model.changes import Change, Effect, Impact
from exporter.model.definitions import Place
from exporter.model.errors import ExporterError, StoppedByFailOn
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object
from exporter.model.plans import Report
from exporter.model.pointers import pointer_text
from exporter.reporting.escaping import plain
from exporter.reporting.locating import Links, Locator, place_of, uri_path
from exporter.reporting.words import NOTICED, count, problem_words, sentences, touches
from exporter.reporting.writer import pretty

MOST = 5000
"""Results; code scanning shows no more of one upload."""
_LETTERS = 1000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RANK = {"error": 0, "warning": 1, "note": 2}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}
_PRIORITY = {"error": "error", "warning": "warning", "note": "recommendation"}


class _Told(NamedTuple):
    """A change or a finding on its way to be a result."""

    level: str
    rule: str
    about: Change | Finding


def sarif(report: Report, places: Locator, links: Links, version: str) -> bytes:
    """
    Give a SARIF log of one run, laid out, in UTF-8; the same report gives the same bytes.

    The worst come first, and five thousand at most. Paths are relative to `%SRCROOT%`, the repository. Losses and
    what was edited by hand are not in it: no line of a file is wrong there.
    """
    told = sorted(_told(report), key=lambda one: _RANK[one.level])
    shown = [(one, _place(one.about, places)) for one in told[:MOST]]
    shown = [(one, place) for one, place in shown if place.file]  # an upload with a result of no file is refused
    rules = list(dict.fromkeys(one.rule for one, _ in shown))
    index = {rule: number for number, rule in enumerate(rules)}
    first = {one.rule: one for one, _ in reversed(shown)}
    lines = Counter((one.rule, place) for one, place in shown)
    plan = report.plan
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "Power Platform connector exporter",
                "semanticVersion": version,
                "rules": [_rule(first[rule], links) for rule in rules],
            }
        },
        "automationDetails": {"id": f"connector-exporter/{uri_path(plain(plan.name)).replace('/', '%2F')}/"},
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(told) - MOST)],
        "results": [_result(one, place, index[one.rule], alone=lines[one.rule, place] == 1) for one, place in shown],
    }
    return pretty({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + b"\n"


def _told(report: Report) -> Iterator[_Told]:
    plan = report.plan
    yield from (_Told(_level(change), change.id, change) for change in plan.changes)
    yield from (
        _Told(_LEVELS[finding.severity], finding.rule, finding)
        for finding in (*plan.findings, *plan.taken, *plan.standing)
    )


def _level(change: Change) -> str:
    if change.impact is not Impact.BREAKING:
        return "note"
    return "error" if Effect.BREAKS in change.surfaces.values() else "warning"


def _place(about: Change | Finding, places: Locator) -> Place:
    """Give where it stands; what has no line of its own (icon, script, sign-in) stands for the definition's file."""
    found = place_of(about, places)
    return found if found.file else Place(places.of_author(()).file)


def _rule(one: _Told, links: Links) -> Object:
    about = one.about
    name = one.rule.replace("-", " ").capitalize()
    whom: list[str] = []
    if isinstance(about, Change):
        whom = [f"{effect}: {makers}" for effect, makers in touches(about)]
        whom += [f"Noticed: {NOTICED[about.when]}"] if whom else []
    help_text = sentences(*whom, about.advice) or name
    address = links.of_change(one.rule) if isinstance(about, Change) else links.of_rule(one.rule)
    more = f"\n\n[What this rule is about]({address})" if address else ""
    rule: dict[str, Json] = {
        "id": one.rule,
        "shortDescription": {"text": name},
        "fullDescription": {"text": help_text},
        "help": {"text": help_text, "markdown": help_text + more},
        "defaultConfiguration": {"level": one.level},
        "properties": {
            "tags": ["connector", "change" if isinstance(about, Change) else "definition"],
            "precision": "high",
            "problem.severity": _PRIORITY[one.level],
        },
    }
    return {**rule, "helpUri": address} if address.startswith("https://") else rule


def _result(one: _Told, place: Place, rule: int, *, alone: bool) -> Object:
    mark = _mark(one)
    marks: dict[str, Json] = {"connectorExporter/v1": mark}
    if not alone:  # what code scanning takes instead, a hash of the line, would make one alert of them
        marks["primaryLocationLineHash"] = f"{mark}:1"
    result: dict[str, Json] = {
        "ruleId": one.rule,
        "ruleIndex": rule,
        "level": one.level,
        "message": {"text": _text(sentences(one.about.message, one.about.advice))},
        "locations": [_location(place)],
        "partialFingerprints": marks,
    }
    taken = one.about.accepted
    if taken is not None:
        why = _text(f"{taken.reason} (until {taken.until})")
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _mark(one: _Told) -> str:
    if isinstance(one.about, Change):
        return one.about.fingerprint
    place = pointer_text(one.about.pointer) or f"{one.about.file} {one.about.message}"
    return sha256(f"{one.rule} {place}".encode("utf-8", "replace"))[:16]


def _text(text: str) -> str:
    """Give a plain-text message; what strangers wrote makes no link of it (SARIF 2.1.0, §3.11.6)."""
    return plain(text, _LETTERS).replace("](", "] (") or "-"


def _location(place: Place) -> Object:
    on_the_web = "://" in place.file
    file: Object = {"uri": place.file} if on_the_web else {"uri": uri_path(place.file), "uriBaseId": "%SRCROOT%"}
    physical: dict[str, Json] = {"artifactLocation": file}
    if place.line:
        column: Object = {"startColumn": place.column} if place.column else {}
        physical["region"] = {"startLine": place.line, **column}
    return {"physicalLocation": physical}


def _invocation(report: Report, left_out: int) -> Object:
    error = report.problem
    refused = error is not None and not isinstance(error, StoppedByFailOn)
    code = error.exit_code if isinstance(error, ExporterError) else int(refused)
    notes = [*_notifications(error if refused else None, left_out)]
    return {"executionSuccessful": not refused, "exitCode": code, "toolExecutionNotifications": notes}


def _notifications(error: Exception | None, left_out: int) -> Iterable[Object]:
    if error is not None:
        problem = problem_words(error)
        yield {"level": "error", "message": {"text": _text(sentences(problem.title, problem.message, problem.advice))}}
    if left_out > 0:
        yield {"level": "warning", "message": {"text": f"{count(left_out, 'more result')} in the report as JSON."}}
