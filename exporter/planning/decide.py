"""Decides what to do: a plan is complete before anything is done, and nothing is done here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from exporter import VERSION
from exporter.comparison.drift import mark, same_as_live
from exporter.model.changes import Verdict
from exporter.model.connectors import Connector
from exporter.model.errors import EditedByHand, ExporterError, NotExportable, StoppedByFailOn, WrongInputs
from exporter.model.findings import Severity
from exporter.model.plans import (
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
from exporter.planning.gather import Gathered
from exporter.planning.live import LiveState
from exporter.ports import Origin, World
from exporter.settings.settings import FailOn, Mode, OnDrift, Settings


def decide(settings: Settings, gathered: Gathered, world: World) -> Plan:
    """Decide what to do about what was gathered. Raises WrongInputs where express lacks an input for its write."""
    plan = Plan(
        name=gathered.candidate.name,
        candidate=gathered.candidate.connector,
        fingerprint=gathered.fingerprint,
        baseline=gathered.baseline,
        verdict=gathered.verdict,
        changed=gathered.changed,
        drift=gathered.live_state is LiveState.EDITED,
        drifted=gathered.drifted,
        changes=gathered.changes,
        findings=gathered.findings,
        losses=gathered.candidate.converted.losses,
        fixes=gathered.candidate.fixes,
        credentials=gathered.candidate.connection.credentials,
        live=gathered.live,
    )
    if obstacle(plan, settings) is not None:
        return plan
    match settings.mode:
        case Mode.MANUAL if plan.changed:
            return plan._replace(steps=tuple(_by_hand(settings, plan, world, gathered.candidate.places)))
        case Mode.EXPRESS:
            return plan._replace(steps=tuple(_express(settings, gathered, world)))
        case _:
            return plan


def obstacle(plan: Plan, settings: Settings) -> ExporterError | None:
    """Give what forbids to carry out the plan; None where nothing does."""
    errors = [finding for finding in plan.findings if finding.severity is Severity.ERROR]
    if errors:
        more = f" ({len(errors) - 1} more of this weight)" if len(errors) > 1 else ""
        return NotExportable(f"{errors[0].message}{more}", advice=errors[0].advice)
    reason = _REASONS.get(settings.fail_on)
    if reason is not None and reason[0](plan):
        return StoppedByFailOn(
            f"{reason[1]}, and fail-on is `{settings.fail_on.value}`.",
            advice="Mend what is listed, or change fail-on to let it pass on purpose.",
        )
    if plan.drift and settings.mode is Mode.EXPRESS and settings.deployer.on_drift is OnDrift.STOP:
        return EditedByHand(
            "The live connector is not what was exported last: somebody edited it, or made it, by hand.",
            advice="Take over into the repository what is wanted of it, or set on-drift to `overwrite`: a copy is kept.",
        )
    return None


_REASONS: Mapping[FailOn, tuple[Callable[[Plan], bool], str]] = {
    FailOn.BREAKING: (lambda plan: plan.verdict is Verdict.BREAKING, "There are breaking changes"),
    FailOn.ANY: (lambda plan: plan.changed and plan.baseline.source != "none", "The connector changed"),
    FailOn.DRIFT: (lambda plan: plan.drift, "The live connector was edited by hand"),
}


def _by_hand(settings: Settings, plan: Plan, world: World, places: Places) -> Iterable[Step]:
    from exporter.reporting.bundle import bundle_files

    files = bundle_files(plan, places, VERSION)
    yield WriteBundle(settings.bundle_directory, files)
    if world.artifacts is not None:
        name = settings.artifact_name or f"connector-{plan.name}"
        yield PublishBundle(name, files, settings.retention_days)
    if world.records is not None:
        yield RememberExport(_record(plan.fingerprint, plan.candidate, world.origin))


def _express(settings: Settings, gathered: Gathered, world: World) -> Iterable[Step]:
    live, connector, record = gathered.live, gathered.candidate.connector, gathered.record
    remembered = record is not None and record.fingerprint == gathered.fingerprint and not record.announced
    writes = gathered.live_state is not LiveState.CURRENT
    if writes:
        _refuse_missing(settings, gathered, live.connector if live else None)
        if live is not None and gathered.live_state is LiveState.EDITED:
            from exporter.reporting.bundle import connector_files

            yield SaveLiveConnector(settings.bundle_directory + ".before", connector_files(live.connector))
        if world.records is not None:
            yield AnnounceWrite((record or Record("", connector))._replace(announced=mark(connector)))
        if live is None:
            yield CreateConnector(gathered.candidate.name, connector)
        else:
            yield UpdateConnector(live.id, live.display_name, connector, live.connector, live.version)
    if world.records is not None and (writes or not remembered):
        yield RememberExport(_record(gathered.fingerprint, connector, world.origin, live.id if live else ""))


def _refuse_missing(settings: Settings, gathered: Gathered, live: Connector | None) -> None:
    connects = gathered.candidate.connection
    complaints = list(connects.missing)
    writes = live is None or not _same_parameters(gathered.candidate.connector, live)
    if connects.needs_secret and writes and not settings.security.client_secret:
        complaints.append("client-secret: is missing, and writing the sign-in without it would blank it.")
    if complaints:
        raise WrongInputs("\n".join(complaints), advice="Give what the connector's own app registration says.")


def _same_parameters(one: Connector, other: Connector) -> bool:
    ours, theirs = (
        Connector({}, {"connectionParameters": connector.properties.get("connectionParameters")})
        for connector in (one, other)
    )
    return same_as_live(ours, theirs)


def _record(fingerprint: str, connector: Connector, origin: Origin, connector_id: str = "") -> Record:
    return Record(fingerprint, connector, origin.commit, origin.time, origin.run, connector_id)
