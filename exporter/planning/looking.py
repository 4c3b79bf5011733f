"""Looks at what there was before: the record of the last export, the connector that lives, and the baseline."""

from collections.abc import Sequence
from typing import NamedTuple

from exporter.model.changes import Change
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding
from exporter.model.plans import Baseline, Record
from exporter.model.usage import Usage
from exporter.openapi.places import Places
from exporter.planning.baseline import find_baseline, last_exported
from exporter.planning.live import LiveState, kept_icon
from exporter.ports import World
from exporter.settings.settings import Mode, OnDrift, Settings


class Before(NamedTuple):
    """What there was before this run."""

    record: Record | None
    exported: Record | None
    """The record of an export that was done: one that only announces a write has no fingerprint."""
    live: LiveConnector | None
    baseline: Baseline
    places: Places | None
    """Where the baseline was written, if that was a file of the repository."""
    findings: tuple[Finding, ...]
    """What is wrong with it."""

    @property
    def last(self) -> Connector | None:
        """Give the connector whose names and ids stay where the new one leaves a choice."""
        return last_exported(self.exported, self.live) or self.baseline.connector


def look_back(settings: Settings, world: World, path: str, name: str) -> Before:
    """Look at all of it, for the definition at `path` and the connector called `name`. Raises what the ports raise."""
    record, unread = record_read(settings, world)
    live = live_found(settings, world, name, record)
    exported = record if record is not None and record.fingerprint else None
    baseline, findings, places = find_baseline(settings, world, path, exported, live)
    return Before(record, exported, live, baseline, places, findings + unread)


def record_read(settings: Settings, world: World) -> tuple[Record | None, tuple[Finding, ...]]:
    """Read the record, where something depends on it: a comparison, or a write that must not undo somebody's work."""
    if world.records is None:
        return None, ()
    compares = settings.baseline.kind in {"auto", "record", "live"}
    writes = settings.mode is not Mode.CHECK or world.connectors is not None
    if not compares and not writes:
        return None, ()
    if writes or settings.baseline.kind == "record" or world.revisions is None:
        record = world.records.read()
        if record is not None and record.environment:
            _check_environment(record.environment, world.records.place, settings, world)
        return record, ()
    from exporter.planning.exported import record_if_readable

    return record_if_readable(world.records)


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


def overwrites_icon(
    connector: Connector, state: LiveState, settings: Settings, world: World, record: Record | None
) -> bool:
    """Tell whether the icon must be fetched for the copy: of what was edited by hand, and where another one is sent."""
    if settings.mode is not Mode.EXPRESS or world.connectors is None:
        return False
    if state is LiveState.EDITED:
        return settings.deployer.on_drift is OnDrift.OVERWRITE
    icon = connector.icon
    return state is LiveState.AS_LEFT and bool(icon) and icon != kept_icon(record)


def users(live: LiveConnector | None, changes: Sequence[Change], world: World) -> Usage | None:
    """Give who uses the live connector, and whom the changes hurt; asked only where something changes."""
    if live is None or world.connectors is None or not changes:
        return None
    from exporter.planning.hurting import hurting

    return hurting(world.connectors.usage(live), changes)


def with_icon(live: LiveConnector, world: World) -> LiveConnector:
    """Fetch the icon of a connector, too: it is large, and never needed but for a copy."""
    if world.connectors is None:
        return live
    return live._replace(connector=live.connector._replace(icon=world.connectors.icon(live.id)))
