"""Gathers all that a decision needs: the candidate, the baseline, the live connector, findings and changes."""

from __future__ import annotations

from typing import NamedTuple

from exporter.comparison.drift import as_kept
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Change, Verdict
from exporter.model.connectors import LiveConnector
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Object
from exporter.model.plans import Baseline, Record
from exporter.planning.baseline import find_baseline
from exporter.planning.candidate import Candidate, Unreadable, completed, definition_path, make_candidate
from exporter.planning.live import LiveState, kept_icon, live_state
from exporter.ports import World
from exporter.settings.settings import Mode, OnDrift, Settings


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
    if settings.restore:
        from exporter.planning.restore import gather_saved

        return gather_saved(settings, world)
    path = definition_path(settings, world.workspace)
    candidate = make_candidate(settings, world.workspace, path)
    if isinstance(candidate, Unreadable):
        return candidate
    record = record_read(settings, world)
    live = live_found(settings, world, candidate.name, record)
    exported = record if record is not None and record.fingerprint else None
    baseline, problems = find_baseline(settings, world, path, exported, live)
    last = exported.connector if exported else live.connector if live else baseline.connector
    candidate = completed(candidate, settings.shape.complete, last)
    made = fingerprint(candidate.connector)
    baseline = _checked_claim(baseline, candidate, made)
    state = live_state(
        candidate.connector, live, record, looked=world.connectors is not None, remembers=world.records is not None
    )
    with_live = live is not None and baseline.connector is live.connector
    # What the platform adds, and what it never gives back, is no change.
    changed = state is not LiveState.CURRENT if with_live else baseline.fingerprint != made
    changes = compared(candidate, baseline, with_live=with_live) if changed else ()
    changes, stale = _accepted(changes, settings, world, compared=baseline.connector is not None)
    return Gathered(
        candidate=candidate,
        fingerprint=made,
        baseline=baseline,
        record=record,
        live=with_icon(live, world) if live and _overwrites_icon(candidate, state, settings, world, record) else live,
        live_state=state,
        verdict=judged(baseline, made, changes) if changed else Verdict.NONE,
        changed=changed,
        changes=changes,
        drifted=_drifted(candidate, exported, live) if state is LiveState.EDITED else (),
        findings=candidate.findings + problems + stale + (_checked(candidate, settings) if changed else ()),
    )


def _checked_claim(baseline: Baseline, candidate: Candidate, made: str) -> Baseline:
    """
    Give the baseline with the fingerprint that its connector has, not the one that a file or ref says it has.

    Only where "unchanged" hangs on it: a record that was merged by hand, or forged, would hide changes for good.
    """
    kept = baseline.connector
    if baseline.fingerprint != made or kept is None or kept == candidate.connector:
        return baseline
    return baseline._replace(fingerprint=fingerprint(kept))


def record_read(settings: Settings, world: World) -> Record | None:
    """Read the record, where something depends on it: a comparison, or a write that must not undo somebody's work."""
    if world.records is None:
        return None
    compares = settings.baseline.kind in {"auto", "record", "live"}
    needed = compares or settings.mode is not Mode.CHECK or world.connectors is not None
    record = world.records.read() if needed else None
    if record is not None and record.environment:
        _check_environment(record.environment, world.records.place, settings, world)
    return record


def _check_environment(remembered: str, place: str, settings: Settings, world: World) -> None:
    """Raise WrongInputs where a record is about another environment than this run, which would mistake one for the other."""
    here = world.connectors.environment if world.connectors is not None else ""
    if remembered == here or (not here and settings.mode is not Mode.MANUAL):
        return  # a check without the deployer's sign-in compares, and remembers nothing
    raise WrongInputs(
        f"record: {place} remembers what was exported to {remembered}, and this run is "
        f"{'for ' + here if here else 'manual'}.",
        advice="Give each environment, and the import by hand, a record of its own: `record: file:<path>`.",
    )


def live_found(
    settings: Settings, world: World, name: str, record: Record | None, saved: str = ""
) -> LiveConnector | None:
    """Find the live connector: by the id that was asked for, was remembered or was `saved`, else by its name."""
    if world.connectors is None:
        return None
    asked, remembered = settings.deployer.connector_id, (record.connector_id if record is not None else "") or saved
    found = world.connectors.find(name, asked or remembered)
    if found is None and asked:
        raise WrongInputs(
            f"connector-id: there is no connector {asked} in {settings.deployer.environment}.",
            advice="`pac connector list` shows the ids. Leave `connector-id` out to find or create the connector by name.",
        )
    if found is None and remembered:
        return world.connectors.find(name)  # somebody may have deleted it, and made another one of its name
    return found


def _overwrites_icon(
    candidate: Candidate, state: LiveState, settings: Settings, world: World, record: Record | None
) -> bool:
    """Tell whether the icon must be fetched for the copy: of what was edited by hand, and where another one is sent."""
    if settings.mode is not Mode.EXPRESS or world.connectors is None:
        return False
    if state is LiveState.EDITED:
        return settings.deployer.on_drift is OnDrift.OVERWRITE
    icon = candidate.connector.icon
    return state is LiveState.AS_LEFT and bool(icon) and icon != kept_icon(record)


def with_icon(live: LiveConnector, world: World) -> LiveConnector:
    """Fetch the icon of a connector, too: it is large, and never needed but for a copy."""
    if world.connectors is None:
        return live
    return live._replace(connector=live.connector._replace(icon=world.connectors.icon(live.id)))


def compared(candidate: Candidate, baseline: Baseline, *, with_live: bool) -> tuple[Change, ...]:
    """Compare; with a live connector as far as the platform gives back what it was given."""
    if baseline.connector is None:
        return ()
    from exporter.comparison.compare import compare

    before, after = baseline.connector, candidate.connector
    return compare(as_kept(before), as_kept(after)) if with_live else compare(before, after)


def judged(baseline: Baseline, made: str, changes: tuple[Change, ...]) -> Verdict:
    """Give the worst impact of all changes; unknown where there was nothing to compare with."""
    if baseline.connector is None:
        return Verdict.UNKNOWN
    from exporter.comparison.compare import verdict

    return verdict(baseline.fingerprint, made, changes)


def _accepted(
    changes: tuple[Change, ...], settings: Settings, world: World, *, compared: bool
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Mark what was accepted on purpose, and say what is wrong with the list of it."""
    if not settings.accept:
        return changes, ()
    from exporter.comparison.accepting import accept
    from exporter.planning.accepted import read_accepted

    entries, incomplete = read_accepted(settings.accept, world.workspace)
    if not compared:
        return changes, incomplete
    marked, problems = accept(changes, entries, world.origin.time[:10])
    return marked, incomplete + problems


def _drifted(candidate: Candidate, exported: Record | None, live: LiveConnector | None) -> tuple[Change, ...]:
    """Give what was edited by hand, and where the repository changed the same; nothing where no record can tell."""
    if exported is None or live is None:
        return ()
    from exporter.comparison.three_way import three_way

    return three_way(exported.connector, live.connector, candidate.connector).portal


def _checked(candidate: Candidate, settings: Settings) -> tuple[Finding, ...]:
    from exporter.rules.check import check
    from exporter.rules.gate import schema_findings

    document = candidate.connector.definition
    known = candidate.connection.findings  # these know the inputs, and say it better than a rule does
    better = {(finding.rule, finding.pointer) for finding in known}
    broken = tuple(finding for finding in check(document) if (finding.rule, finding.pointer) not in better)
    found = (*_advised(broken, document), *schema_findings(document, broken), *known, *_left_out(candidate))
    return tuple(
        finding._replace(
            pointer=candidate.places.author_pointer(finding.pointer), severity=_severity(finding, settings)
        )
        for finding in found
    )


def _left_out(candidate: Candidate) -> tuple[Finding, ...]:
    """Say what of the existing properties is left out of what is imported."""
    from exporter.reporting.importing import importable

    taken = importable(candidate.connector)
    names = [name for name in candidate.connector.properties if name not in taken]
    if not names:
        return ()
    return (
        Finding(
            "properties-left-out",
            Severity.NOTICE,
            (),
            f"Power Platform refuses a connector for what the existing apiProperties.json has: {', '.join(names)}.",
            "It is left out of what is imported. `stackOwner` and `script` are for certification only; "
            "`scriptOperations` needs the input `script`.",
        ),
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
