"""Gathers all that a decision needs: the candidate, the baseline, the live connector, findings and changes."""

from typing import NamedTuple

from exporter.comparison.drift import as_kept
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Change, Side, Verdict
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.findings import Finding
from exporter.model.plans import Baseline, Record
from exporter.model.usage import Usage
from exporter.planning.baseline import unless_exported
from exporter.planning.candidate import Candidate, Unreadable, completed, definition_path, make_candidate
from exporter.planning.live import LiveState, live_state
from exporter.planning.looking import Before, look_back, overwrites_icon, users, with_icon
from exporter.planning.wanted import wanted
from exporter.ports import World
from exporter.settings.settings import Settings


class Gathered(NamedTuple):
    """All that a decision needs."""

    candidate: Candidate
    fingerprint: str
    baseline: Baseline
    record: Record | None
    live: LiveConnector | None
    live_state: LiveState
    wanted: Connector
    """What shall live: the candidate, with the client ids that the environment has its own of."""
    verdict: Verdict
    changed: bool
    changes: tuple[Change, ...] = ()
    drifted: tuple[Change, ...] = ()
    """What somebody changed by hand in the live connector."""
    usage: Usage | None = None
    """Who uses the live connector; None where nobody asked."""
    findings: tuple[Finding, ...] = ()
    taken: tuple[Finding, ...] = ()
    """Those that somebody accepted on purpose."""
    standing: tuple[Finding, ...] = ()
    """What is wrong with a connector that did not change, where a list of all that is wrong is asked for."""


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
    before = look_back(settings, world, path, candidate.name)
    candidate = completed(candidate, settings.shape.complete, before.last)
    made = fingerprint(candidate.connector)
    record, live, baseline = before.record, before.live, _believed(before, candidate, made, settings, world)
    shall = wanted(candidate.connector, live, record, settings)
    state = live_state(shall, live, record, looked=world.connectors is not None, remembers=world.records is not None)
    with_live = live is not None and baseline.connector is live.connector
    # What the platform adds, and what it never gives back, is no change.
    changed = state is not LiveState.CURRENT if with_live else baseline.fingerprint != made
    changes = compared(shall if with_live else candidate.connector, baseline, with_live=with_live) if changed else ()
    problems = before.findings + (_elsewhere(baseline, before, world) if changed else ())
    checks = changed or bool(settings.sarif)
    noticed = candidate.findings + (_checked(candidate, settings) if checks else ())
    if settings.accept:
        from exporter.planning.accepted import accept_all

        files, now, known = world.workspace, world.origin.time, baseline.connector is not None
        changes, noticed, stale = accept_all(
            settings.accept, files, now, changes, noticed, compared=known, checked=checks
        )
        problems += stale
    problems += _by_itself(settings, world, baseline, changes, noticed)
    read, broken = noticed[: len(candidate.findings)], noticed[len(candidate.findings) :]
    changes, drifted = _since_export(changes, candidate, before, state)
    return Gathered(
        candidate=candidate._replace(places=candidate.places._replace(before=before.places)),
        fingerprint=made,
        baseline=baseline,
        record=record,
        live=with_icon(live, world) if live and overwrites_icon(shall, state, settings, world, record) else live,
        live_state=state,
        wanted=shall,
        verdict=judged(baseline, made, changes) if changed else Verdict.NONE,
        changed=changed,
        changes=changes,
        usage=users(live, changes, world),
        drifted=drifted,
        findings=_counting(read) + problems + (_counting(broken) if changed else ()),
        taken=tuple(one for one in (read + broken if changed else read) if one.accepted is not None),
        standing=() if changed else broken,
    )


def _by_itself(
    settings: Settings,
    world: World,
    baseline: Baseline,
    changes: tuple[Change, ...],
    findings: tuple[Finding, ...],
) -> tuple[Finding, ...]:
    """Say what a pull request decides about itself, where there are files that say how it is judged."""
    by_files = settings.accept or settings.config or "file" in {settings.baseline.kind, settings.record.kind}
    if world.revisions is None or not by_files:
        return ()
    from exporter.planning.judged_by_itself import judged_by_itself

    return judged_by_itself(settings, world, baseline, changes, findings)


def _believed(before: Before, candidate: Candidate, made: str, settings: Settings, world: World) -> Baseline:
    """
    Give the baseline with the fingerprint that its connector has, not the one that a file or ref says it has.

    Only where "unchanged" hangs on it: a record that was merged by hand, or forged, would hide changes for good.
    """
    baseline = before.baseline
    if settings.baseline.kind == "auto" and settings.record.kind == "ref":  # a pull request can bring a file along
        baseline = unless_exported(baseline, before.exported, made, world)
    kept = baseline.connector
    if baseline.fingerprint != made or kept is None or kept == candidate.connector:
        return baseline
    return baseline._replace(fingerprint=fingerprint(kept))


def _elsewhere(baseline: Baseline, before: Before, world: World) -> tuple[Finding, ...]:
    """Say where makers hold something else than what a pull request is compared with."""
    if before.exported is None or not baseline.revision:
        return ()
    from exporter.planning.exported import exported_elsewhere

    return exported_elsewhere(baseline, before.exported, world)


def compared(after: Connector, baseline: Baseline, *, with_live: bool) -> tuple[Change, ...]:
    """Compare; with a live connector as far as the platform gives back what it was given."""
    if baseline.connector is None:
        return ()
    from exporter.comparison.compare import compare

    before = baseline.connector
    return compare(as_kept(before), as_kept(after)) if with_live else compare(before, after)


def judged(baseline: Baseline, made: str, changes: tuple[Change, ...]) -> Verdict:
    """Give the worst impact of all changes; unknown where there was nothing to compare with."""
    if baseline.connector is None:
        return Verdict.UNKNOWN
    from exporter.comparison.compare import verdict

    return verdict(baseline.fingerprint, made, changes)


def _counting(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.accepted is None)


def _since_export(
    changes: tuple[Change, ...], candidate: Candidate, before: Before, state: LiveState
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """
    Say of each change who made it, and give what was edited by hand.

    Nobody can tell without a record, or without a look at the live connector.
    """
    exported, live = before.exported, before.live
    if exported is None or live is None:
        return changes, ()
    if state is not LiveState.EDITED:
        return tuple(change._replace(side=Side.REPOSITORY) for change in changes), ()
    from exporter.comparison.three_way import three_way

    both = three_way(exported.connector, live.connector, candidate.connector)
    known = {change.fingerprint: change for change in both.repository}
    told = (
        change._replace(side=one.side, conflict=one.conflict)
        if (one := known.get(change.fingerprint)) is not None
        else change._replace(side=Side.REPOSITORY)
        for change in changes
    )
    return tuple(told), both.portal


def _checked(candidate: Candidate, settings: Settings) -> tuple[Finding, ...]:
    from exporter.planning.checked import checked

    return checked(candidate, settings)
