"""Gathers all that a decision needs: the candidate, the baseline, the live connector, findings and changes."""

from __future__ import annotations

from typing import NamedTuple

from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Change, Verdict
from exporter.model.connectors import LiveConnector
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Object
from exporter.model.plans import Baseline, Record
from exporter.planning.baseline import find_baseline
from exporter.planning.candidate import Candidate, Unreadable, completed, definition_path, make_candidate
from exporter.planning.live import LiveState, live_state
from exporter.ports import World
from exporter.settings.settings import Mode, Settings


class Gathered(NamedTuple):
    """All that a decision needs."""

    candidate: Candidate
    fingerprint: str
    baseline: Baseline
    record: Record | None
    live: LiveConnector | None
    live_state: LiveState
    verdict: Verdict
    changed: bool
    changes: tuple[Change, ...] = ()
    drifted: tuple[Change, ...] = ()
    """What somebody changed by hand in the live connector."""
    findings: tuple[Finding, ...] = ()


def gather(settings: Settings, world: World) -> Gathered | Unreadable:
    """
    Gather all that a decision needs.

    What did not change was checked when it was exported: an unchanged connector is neither checked nor compared.
    Raises what the ports raise.
    """
    path = definition_path(settings, world.workspace)
    candidate = make_candidate(settings, world.workspace, path)
    if isinstance(candidate, Unreadable):
        return candidate
    record = _record(settings, world)
    live = _live(settings, world, candidate.name, record)
    exported = record if record is not None and record.fingerprint else None
    baseline, problems = find_baseline(settings, world, path, exported, live)
    last = exported.connector if exported else live.connector if live else baseline.connector
    candidate = completed(candidate, settings.shape.complete, last)
    made = fingerprint(candidate.connector)
    changed = baseline.fingerprint != made
    changes, verdict = _compared(candidate, baseline, made) if changed else ((), Verdict.NONE)
    state = live_state(
        candidate.connector, live, record, looked=world.connectors is not None, remembers=world.records is not None
    )
    return Gathered(
        candidate=candidate,
        fingerprint=made,
        baseline=baseline,
        record=record,
        live=live,
        live_state=state,
        verdict=verdict,
        changed=changed,
        changes=changes,
        drifted=_drifted(candidate, exported, live) if state is LiveState.EDITED else (),
        findings=candidate.findings + problems + (_checked(candidate, settings) if changed else ()),
    )


def _record(settings: Settings, world: World) -> Record | None:
    """Read the record where something depends on it: a comparison, or a write that must not undo somebody's work."""
    if world.records is None:
        return None
    compares = settings.baseline.kind in {"auto", "record"}
    return world.records.read() if compares or settings.mode is not Mode.CHECK else None


def _live(settings: Settings, world: World, name: str, record: Record | None) -> LiveConnector | None:
    if world.connectors is None:
        return None
    return world.connectors.find(name, settings.deployer.connector_id or (record.connector_id if record else ""))


def _compared(candidate: Candidate, baseline: Baseline, made: str) -> tuple[tuple[Change, ...], Verdict]:
    if baseline.connector is None:
        return (), Verdict.UNKNOWN
    from exporter.comparison.compare import compare, verdict

    changes = compare(baseline.connector, candidate.connector)
    return changes, verdict(baseline.fingerprint, made, changes)


def _drifted(candidate: Candidate, exported: Record | None, live: LiveConnector | None) -> tuple[Change, ...]:
    if live is None:
        return ()
    from exporter.comparison.compare import compare

    return compare(exported.connector if exported else candidate.connector, live.connector)


def _checked(candidate: Candidate, settings: Settings) -> tuple[Finding, ...]:
    from exporter.rules.check import check
    from exporter.rules.gate import schema_findings

    document = candidate.connector.definition
    broken = check(document)
    found = (*_advised(broken, document), *schema_findings(document, broken), *candidate.connection.findings)
    return tuple(
        finding._replace(
            pointer=candidate.places.author_pointer(finding.pointer), severity=_severity(finding, settings)
        )
        for finding in found
    )


def _advised(findings: tuple[Finding, ...], document: Object) -> tuple[Finding, ...]:
    """Say what to leave out where the definition is over a limit."""
    from exporter.rules.limit_rules import OVER_LIMITS

    if not any(finding.rule in OVER_LIMITS for finding in findings):
        return findings
    from exporter.shaping.advice import what_to_leave_out

    return tuple(
        finding._replace(advice=f"{finding.advice} {what_to_leave_out(document, finding.pointer)}".strip())
        if finding.rule in OVER_LIMITS
        else finding
        for finding in findings
    )


def _severity(finding: Finding, settings: Settings) -> Severity:
    """Stop express without a host: whoever imports by hand is asked for it, a service is not."""
    stops = finding.rule == "host-required" and settings.mode is Mode.EXPRESS
    return Severity.ERROR if stops else finding.severity
