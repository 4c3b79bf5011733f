"""Decides what to do: a plan is complete before anything is done, and nothing is done here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exporter.model.changes import Verdict
from exporter.model.errors import EditedByHand, ExporterError, NotAllowed, NotExportable, StoppedByFailOn, WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.plans import NO_BASELINE, Plan, Step
from exporter.openapi.places import Places
from exporter.planning.baseline import UNREADABLE
from exporter.planning.gather import Gathered
from exporter.planning.live import LiveState
from exporter.ports import World
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
    )
    told = (plan.findings, plan.taken, plan.losses, plan.fixes)
    gathered.candidate.places.expect(thing.pointer for things in told for thing in things)
    if settings.mode is Mode.EXPRESS:
        from exporter.planning.steps import missing_inputs

        plan = plan._replace(missing=missing_inputs(settings, gathered, world))
    if _exports(plan, settings, gathered):
        plan = _guarded(plan, settings, gathered, world)
    if obstacle(plan, settings, gathered.candidate.places) is not None:
        return plan
    return plan._replace(steps=_steps(settings, plan, gathered, world))


def _steps(settings: Settings, plan: Plan, gathered: Gathered, world: World) -> tuple[Step, ...]:
    match settings.mode:
        case Mode.MANUAL if plan.changed:
            from exporter.planning.steps import bundle_steps

            return tuple(bundle_steps(settings, plan, world, gathered.candidate.places))
        case Mode.EXPRESS:
            from exporter.planning.steps import express_steps

            return tuple(express_steps(settings, gathered, world))
        case _:
            return ()


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
        advice="Take over into the repository what is wanted of it, or set on-drift to `overwrite`: a copy is kept."
        if plan.drifted
        else "Take over into the repository what is wanted of it, or set on-drift to `overwrite`: a copy is kept. Where an "
        "earlier run did export it, compare `environment` and `name` with that run's: the record is named after them.",
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
