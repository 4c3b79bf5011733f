"""Decides what to do: a plan is complete before anything is done, and nothing is done here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from exporter import VERSION
from exporter.comparison.drift import same_as_live
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Verdict
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import EditedByHand, ExporterError, NotAllowed, NotExportable, StoppedByFailOn, WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.plans import (
    NO_BASELINE,
    AnnounceWrite,
    CreateConnector,
    Plan,
    PublishBundle,
    Record,
    RememberExport,
    SaveLiveConnector,
    Step,
    UpdateConnector,
    WriteBundle,
)
from exporter.openapi.places import Places
from exporter.planning.baseline import UNREADABLE
from exporter.planning.gather import Gathered
from exporter.planning.live import LiveState, announcement, kept_icon
from exporter.planning.wanted import rotates, without_sign_in
from exporter.ports import Origin, World
from exporter.security.oauth import SIGN_IN, client_ids, needs_secret
from exporter.settings.settings import FailOn, Mode, OnDrift, Settings


def decide(settings: Settings, gathered: Gathered, world: World) -> Plan:
    """Decide what to do about what was gathered."""
    plan = Plan(
        name=gathered.candidate.name,
        candidate=gathered.candidate.connector,
        fingerprint=gathered.fingerprint,
        baseline=gathered.baseline,
        verdict=gathered.verdict,
        changed=gathered.changed,
        drift=gathered.live_state in {LiveState.EDITED, LiveState.DELETED},
        deleted=gathered.live_state is LiveState.DELETED,
        drifted=gathered.drifted,
        changes=gathered.changes,
        findings=gathered.findings,
        taken=gathered.taken,
        standing=gathered.standing,
        losses=gathered.candidate.converted.losses,
        fixes=gathered.candidate.fixes,
        credentials=gathered.candidate.connection.credentials,
        live=gathered.live,
        usage=gathered.usage,
        missing=_missing(settings, gathered, world) if settings.mode is Mode.EXPRESS else (),
    )
    if _exports(plan, settings, gathered):
        plan = _guarded(plan, settings, gathered, world)
    if obstacle(plan, settings, gathered.candidate.places) is not None:
        return plan
    match settings.mode:
        case Mode.MANUAL if plan.changed:
            return plan._replace(steps=tuple(_by_hand(settings, plan, world, gathered.candidate.places)))
        case Mode.EXPRESS:
            return plan._replace(steps=tuple(_express(settings, gathered, world)))
        case _:
            return plan


def _exports(plan: Plan, settings: Settings, gathered: Gathered) -> bool:
    if settings.mode is not Mode.EXPRESS:
        return plan.changed
    replaces = gathered.live_state in {LiveState.AS_LEFT, LiveState.EDITED}
    return replaces and not settings.restore  # who restores has said so by name


def _guarded(plan: Plan, settings: Settings, gathered: Gathered, world: World) -> Plan:
    """Note the guard rails: those that stop this run, and findings for the others."""
    from exporter.planning.guards import finding_of, guards

    before = gathered.live.connector if gathered.live is not None else gathered.baseline.connector
    found = guards(settings, before, gathered.wanted, gathered.record, world)
    held = tuple(guard for guard in found if guard.stops)
    allowed = ", ".join(guard.allow.value for guard in held)
    return plan._replace(
        held=(*(guard.message for guard in held), f"allow: {allowed}") if held else (),
        findings=plan.findings + tuple(finding_of(guard) for guard in found if not guard.stops),
    )


def obstacle(plan: Plan, settings: Settings, places: Places) -> ExporterError | None:
    """Give what forbids to carry out the plan; None where nothing does."""
    errors = [finding for finding in plan.findings if finding.severity is Severity.ERROR]
    if errors:
        return _refused(errors, places)
    for fail_on, holds, words in _REASONS:
        if settings.fail_on is fail_on and holds(plan):
            return StoppedByFailOn(
                f"{words}, and fail-on is `{settings.fail_on.value}`.",
                advice="Mend what is listed, or accept it on purpose: `accept` names the file of that."
                if plan.verdict is Verdict.BREAKING and fail_on is FailOn.BREAKING
                else "Mend what is listed, or change fail-on to let it pass on purpose.",
            )
    stops = settings.mode is Mode.EXPRESS and settings.deployer.on_drift is OnDrift.STOP
    if plan.drift and stops and not (plan.deleted and settings.restore):
        return _by_hand_before(plan)
    if plan.held:
        *messages, allow = plan.held
        return NotAllowed("\n".join(messages), advice=f"Where that is meant, add this line to the step:\n{allow}")
    if plan.missing:
        return WrongInputs("\n".join(plan.missing), advice="Give what the connector's own app registration says.")
    return None


def _by_hand_before(plan: Plan) -> EditedByHand:
    if plan.deleted:
        return EditedByHand(
            "The connector that was exported last is not there any more: somebody deleted it by hand.",
            advice="Set on-drift to `overwrite` to create it again. Connections, flows and apps of the deleted one do not "
            "come back with it.",
        )
    return EditedByHand(
        "The live connector is not what was exported last: somebody edited it by hand."
        if plan.drifted
        else "The connector is there already, and no record says that we exported it: somebody made it by hand.",
        advice="Take over into the repository what is wanted of it, or set on-drift to `overwrite`: a copy is kept.",
    )


def _refused(errors: Sequence[Finding], places: Places) -> NotExportable:
    from exporter.reporting.locating import place_of, place_text
    from exporter.reporting.words import count

    place = place_of(errors[0], places)
    where = f"{place_text(place)}: " if place.file else ""
    others = sum(error.times for error in errors) - 1
    more = f" There {'is' if others == 1 else 'are'} {count(others, 'more error')}." if others else ""
    return NotExportable(f"{where}{errors[0].message}{more}", advice=errors[0].advice)


def _is_moved(plan: Plan) -> bool:
    accepted = bool(plan.changes) and all(change.accepted is not None for change in plan.changes)
    return plan.changed and plan.baseline != NO_BASELINE and not accepted


def _is_blind(plan: Plan) -> bool:
    return any(finding.rule == UNREADABLE for finding in plan.findings)


_REASONS: tuple[tuple[FailOn, Callable[[Plan], bool], str], ...] = (
    (FailOn.BREAKING, lambda plan: plan.verdict is Verdict.BREAKING, "There are breaking changes"),
    (FailOn.BREAKING, _is_blind, "The baseline cannot be read, so nobody can tell what would break"),
    (FailOn.ANY, _is_moved, "The connector changed"),
    (FailOn.DRIFT, lambda plan: plan.drift, "The live connector was edited by hand"),
)


def _by_hand(settings: Settings, plan: Plan, world: World, places: Places) -> Iterable[Step]:
    from exporter.reporting.bundle import bundle_files

    solution, publisher = settings.deployer.solution, settings.publisher
    files = bundle_files(plan, places, VERSION, solution=solution, publisher=publisher)
    yield WriteBundle(settings.bundle_directory, files)
    if world.artifacts is not None:
        yield PublishBundle(settings.artifact_name or _artifact_name(plan, settings), files, settings.retention_days)
    if world.records is not None:
        yield RememberExport(_record(plan.fingerprint, plan.candidate, world.origin))


def _artifact_name(plan: Plan, settings: Settings) -> str:
    """Name the artifact so that jobs for several environments in one run do not take it from each other."""
    host = settings.deployer.environment.partition("://")[2].partition("/")[0]
    return "-".join(filter(None, ("connector", plan.name, host)))


def _express(settings: Settings, gathered: Gathered, world: World) -> Iterable[Step]:
    live, record, state = gathered.live, gathered.record, gathered.live_state
    candidate, connector = gathered.candidate.connector, gathered.wanted
    environment = world.connectors.environment if world.connectors is not None else ""
    remembered = record is not None and record.fingerprint == gathered.fingerprint and not record.announced
    renews = rotates(connector, settings, state)
    writes = renews or state is not LiveState.CURRENT
    if writes:
        if live is not None:
            yield _copy(settings, gathered.candidate.name, live)
        if world.records is not None and not settings.restore:
            marks = announcement(connector, live, record, state)
            before = record or Record("", candidate)
            yield AnnounceWrite(before._replace(announced=marks, environment=environment))
        if live is None:
            yield CreateConnector(gathered.candidate.name, connector)
        else:
            icon = live.connector.icon if settings.restore else kept_icon(record)
            there = live.connector._replace(icon=icon)
            there = without_sign_in(there) if renews else there
            yield UpdateConnector(live.id, live.display_name, connector, there, live.version)
    # What is restored was made by hand: the record stays, so that the next run stops before it is overwritten again.
    if world.records is not None and not settings.restore and (writes or not remembered):
        done = _record(gathered.fingerprint, candidate, world.origin, live.id if live else "")
        yield RememberExport(done._replace(environment=environment))


def _copy(settings: Settings, name: str, live: LiveConnector) -> Step:
    """Keep what is about to be overwritten under a name of its own, so that no copy ever replaces another."""
    from exporter.reporting.connector_files import copy_files

    mine = f"before-{fingerprint(live.connector)[:12]}"
    files = copy_files(live.connector, live.internal_id or live.id)
    return SaveLiveConnector(f"{settings.bundle_directory}.{mine}", f"connector-{name}-{mine}", files)


def _missing(settings: Settings, gathered: Gathered, world: World) -> tuple[str, ...]:
    """Give complaints about the inputs that a write of the sign-in needs and that are not there."""
    connector, live = gathered.wanted, gathered.live
    renews = rotates(connector, settings, gathered.live_state)
    sends_all = world.connectors is not None and world.connectors.sends_all
    if gathered.live_state is LiveState.CURRENT and not renews:
        return ()
    if live is not None and not renews and not sends_all and _same_sign_in(connector, live.connector):
        return ()
    known = all(client_ids(connector.properties))
    lines = [
        line
        for line in gathered.candidate.connection.missing
        if not (known and line.startswith("client-id: is missing"))
    ]
    if needs_secret(connector.properties) and not settings.security.client_secret:
        lines.append("client-secret: is missing, and writing the sign-in without it would blank it.")
    return tuple(lines)


def _same_sign_in(one: Connector, other: Connector) -> bool:
    ours, theirs = (
        Connector({}, {name: connector.properties.get(name) for name in SIGN_IN}) for connector in (one, other)
    )
    return same_as_live(ours, theirs)


def _record(fingerprint: str, connector: Connector, origin: Origin, connector_id: str = "") -> Record:
    return Record(fingerprint, connector, origin.commit, origin.time, origin.run, connector_id)
