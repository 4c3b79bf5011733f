"""Writes a report as JSON for programs: docs/report.schema.json says what is in it."""

from __future__ import annotations

from itertools import islice

from exporter.model.changes import Change, Surface
from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss
from exporter.model.json_values import Json, Object
from exporter.model.plans import Credential, Outcome, Report, State
from exporter.model.pointers import Pointer, pointer_text
from exporter.model.usage import User
from exporter.reporting.locating import NOWHERE, Locator, place_of
from exporter.reporting.words import count, problem_words
from exporter.reporting.writer import compact, pretty

SCHEMA = "connector-export-report/1"

_EXPORTS = frozenset({"create-connector", "update-connector", "write-bundle", "publish-bundle"})
_MEMBERS = 10
_LETTERS = 300
_LEVELS = 3
_TEXT = 3000
_LONGEST_POINTER = 1000
_NAMES = 50
"""Operations that are named for one change; `touches` counts them all."""


def report_json(report: Report, places: Locator) -> bytes:
    """
    Give the report as JSON, laid out, in UTF-8 and with a line feed at its end.

    The same report gives the same bytes. No value of a credential is in it. Values before and after a change are
    cut (see `bounded`); lists are whole, but for the operations that one change touches.
    """
    plan = report.plan
    baseline = plan.baseline
    content: dict[str, Json] = {
        "schema": SCHEMA,
        "name": plan.name,
        "mode": report.mode,
        "verdict": plan.verdict.value,
        "changed": plan.changed,
        "drift": plan.drift,
        "exported": exported(report),
        "fingerprint": plan.fingerprint,
        "baseline": {
            "source": baseline.source,
            "fingerprint": baseline.fingerprint,
            "commit": baseline.commit,
            "time": baseline.time,
        },
        "changes": [_change(change, place_of(change, places)) for change in plan.changes],
        "drifted": [_change(change, NOWHERE) for change in plan.drifted],
        "findings": [_finding(finding, place_of(finding, places)) for finding in (*plan.findings, *plan.taken)],
        "losses": [_loss(loss, place_of(loss, places)) for loss in plan.losses],
        "fixes": [_fix(fix, place_of(fix, places)) for fix in plan.fixes],
        "credentials": [_credential(credential) for credential in plan.credentials],
        "steps": [_step(outcome) for outcome in report.outcomes],
    }
    if plan.usage is not None:
        content["usage"] = {"users": [_user(user) for user in plan.usage.users], "unread": list(plan.usage.unread)}
    if report.problem is not None:
        content["problem"] = problem_words(report.problem)._asdict()
    return pretty(content) + b"\n"


def exported(report: Report) -> bool:
    """Tell whether the run wrote the connector or a bundle."""
    return any(outcome.kind in _EXPORTS and outcome.state is State.DONE for outcome in report.outcomes)


def worth_a_page(report: Report) -> bool:
    """Tell whether a report says more than that nothing happened."""
    plan = report.plan
    told = plan.changes or plan.findings or plan.losses
    return report.problem is not None or plan.drift or bool(plan.changed and told)


def bounded(value: Json) -> Json:
    """
    Cut a value to what a reader can take in; what was left out is said in its place.

    >>> bounded({"a": {"b": {"c": [1, 2]}}, "d": [1, 2]})
    {'a': {'b': {'c': '… (2 members)'}}, 'd': [1, 2]}
    """
    cut = _cut(value, _LEVELS)
    text = compact(cut).decode() if isinstance(cut, (dict, list)) else ""
    return f"{text[:_LETTERS]}… (cut)" if len(text) > _TEXT else cut


def _cut(value: Json, levels: int) -> Json:
    if isinstance(value, str):
        return value if len(value) <= _LETTERS else f"{value[:_LETTERS]}… ({len(value) - _LETTERS} more letters)"
    if not isinstance(value, (dict, list, tuple)):
        return value
    if value and not levels:
        return f"… ({count(len(value), 'member')})"
    more = len(value) - _MEMBERS
    if isinstance(value, dict):
        kept = {key: _cut(member, levels - 1) for key, member in islice(value.items(), _MEMBERS)}
        return {**kept, "…": f"{more} more"} if more > 0 else kept
    members = [_cut(member, levels - 1) for member in value[:_MEMBERS]]
    return [*members, f"… ({more} more)"] if more > 0 else members


def _pointer(pointer: Pointer) -> str:
    """Write a pointer, cut where names of megabytes would make each finding as long."""
    text = pointer_text(tuple(segment[:_LONGEST_POINTER] for segment in pointer))
    return text if len(text) <= _LONGEST_POINTER else f"{text[: _LONGEST_POINTER - 1]}…"


def _change(change: Change, place: Place) -> Object:
    return {
        "id": change.id,
        "impact": change.impact.value,
        "surfaces": {
            surface.value: change.surfaces[surface].value for surface in Surface if surface in change.surfaces
        },
        "when": change.when.value,
        "operation": change.operation,
        "operations": change.operations[:_NAMES],
        "touches": len(change.operations),
        "place": change.place,
        "part": change.part,
        "pointer": _pointer(change.pointer),
        "file": place.file,
        "line": place.line,
        "before": bounded(change.before),
        "after": bounded(change.after),
        "message": change.message,
        "advice": change.advice,
        "fingerprint": change.fingerprint,
        "accepted": None if change.accepted is None else change.accepted._asdict(),
        "side": None if change.side is None else change.side.value,
        "conflict": change.conflict,
    }


def _finding(finding: Finding, place: Place) -> Object:
    return {
        "id": finding.rule,
        "severity": finding.severity.value,
        "pointer": _pointer(finding.pointer),
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": finding.message,
        "advice": finding.advice,
        "accepted": None if finding.accepted is None else finding.accepted._asdict(),
    }


def _loss(loss: Loss, place: Place) -> Object:
    return {
        "kind": loss.kind,
        "pointer": _pointer(loss.pointer),
        "file": place.file,
        "line": place.line,
        "what": loss.what,
        "why": loss.why,
        "done": loss.done,
    }


def _fix(fix: Fix, place: Place) -> Object:
    return {
        "rule": fix.rule,
        "pointer": _pointer(fix.pointer),
        "file": place.file,
        "line": place.line,
        "done": fix.done,
    }


def _credential(credential: Credential) -> Object:
    return {
        "field": credential.field,
        "meaning": credential.meaning,
        "source": credential.source,
        "secret": credential.secret,
    }


def _user(user: User) -> Object:
    return {
        "kind": user.kind.value,
        "name": user.name,
        "owner": user.owner,
        "id": user.id,
        "active": user.active,
        "operations": None if user.operations is None else list(user.operations),
        "hurt": user.hurt.value,
        "broken": list(user.broken),
    }


def _step(outcome: Outcome) -> Object:
    return {"kind": outcome.kind, "state": outcome.state.value, "detail": outcome.detail}
