"""The steps of a plan, in their order: a bundle for people to import, or a write into the environment."""

from __future__ import annotations

from collections.abc import Iterable

from exporter import VERSION
from exporter.comparison.drift import same_as_live
from exporter.comparison.fingerprint import fingerprint
from exporter.model.connectors import Connector, LiveConnector
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
from exporter.planning.live import LiveState, announcement, kept_icon
from exporter.planning.wanted import rotates, without_sign_in
from exporter.ports import Origin, World
from exporter.security.oauth import SIGN_IN, client_ids, needs_secret
from exporter.settings.settings import Settings


def bundle_steps(settings: Settings, plan: Plan, world: World, places: Places) -> Iterable[Step]:
    """Give the steps that lead to a bundle, which somebody imports by hand."""
    from exporter.reporting.bundle import bundle_files

    files = bundle_files(plan, places, VERSION, publisher=settings.publisher, deployer=settings.deployer)
    yield WriteBundle(settings.bundle_directory, files)
    if world.artifacts is not None:
        yield PublishBundle(settings.artifact_name or _artifact_name(plan, settings), files, settings.retention_days)
    if world.records is not None:
        yield RememberExport(_record(plan.fingerprint, plan.candidate, world.origin))


def _artifact_name(plan: Plan, settings: Settings) -> str:
    """Name the artifact so that jobs for several environments in one run do not take it from each other."""
    environment = settings.deployer.environment
    place = environment.partition("://")[2].partition("/")[0] or environment
    return "-".join(filter(None, ("connector", plan.name, place)))


def express_steps(settings: Settings, gathered: Gathered, world: World) -> Iterable[Step]:
    """Give the steps that write the connector into its environment: a copy first, then the write, then the memory of it."""
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
    files = copy_files(live.connector, live.internal_id or live.id, settings.deployer)
    return SaveLiveConnector(f"{settings.bundle_directory}.{mine}", f"connector-{name}-{mine}", files)


def missing_inputs(settings: Settings, gathered: Gathered, world: World) -> tuple[str, ...]:
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
