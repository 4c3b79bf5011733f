"""Restoring: a connector that an earlier run saved becomes the candidate just as it was, whatever rules would say of it."""

from typing import NamedTuple

from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Verdict
from exporter.model.connectors import Connector
from exporter.model.definitions import Converted, Definition, Dialect
from exporter.model.errors import WrongInputs
from exporter.model.json_values import Object, as_object, as_text
from exporter.model.plans import NO_BASELINE
from exporter.openapi.places import Places
from exporter.planning.baseline import of_live
from exporter.planning.candidate import Candidate
from exporter.planning.gather import Gathered, compared, judged
from exporter.planning.live import LiveState, live_state
from exporter.planning.looking import live_found, record_read, users, with_icon
from exporter.planning.reading import read_named, read_object
from exporter.ports import Files, World
from exporter.reporting.connector_files import DEFINITION_FILE, SETTINGS_FILE
from exporter.security.connection import Connection
from exporter.security.secrets import without_secrets
from exporter.settings.settings import Auth, Settings


class Saved(NamedTuple):
    """What a folder holds that a run saved before it overwrote a connector."""

    connector: Connector
    connector_id: str
    """Which connector it was."""


def read_saved(folder: str, files: Files) -> Saved:
    """Read the folder that `restore` names. Raises WrongInputs where it is none."""
    paths = {name: f"{folder}/{name}" for name in (DEFINITION_FILE, "apiProperties.json", SETTINGS_FILE)}
    if not files.exists(paths[DEFINITION_FILE]):
        raise WrongInputs(
            f"restore: {folder} holds no {DEFINITION_FILE}.",
            advice="Name the folder that a run saved before it overwrote the connector: `….before-…`, or what was in the "
            "build artifact of that name.",
        )
    definition, properties = (read_object("restore", paths[name], files) for name in list(paths)[:2])
    settings = read_object("restore", paths[SETTINGS_FILE], files) if files.exists(paths[SETTINGS_FILE]) else {}
    return Saved(
        Connector(
            definition,
            without_secrets(as_object(properties.get("properties"))),
            icon=_optional(f"{folder}/icon.png", files),
            script=_optional(f"{folder}/script.csx", files).decode("utf-8", "replace"),
        ),
        as_text(settings.get("connectorId")),
    )


def gather_saved(settings: Settings, world: World) -> Gathered:
    """
    Gather what a decision about a saved connector needs.

    It is compared with what lives: that is what makers will see change. It lived before, so no rule is asked about it.
    """
    saved = read_saved(settings.restore, world.workspace)
    record, unread = record_read(settings, world)
    candidate = _candidate(saved.connector, settings)
    live = live_found(settings, world, candidate.name, record, saved.connector_id)
    remembers = world.records is not None
    drawn = saved.connector._replace(icon=b"")  # a record does not know the icon that lives after an edit by hand
    state = live_state(drawn, live, record, looked=world.connectors is not None, remembers=remembers)
    live = with_icon(live, world) if live is not None else None
    if live is not None and state is LiveState.CURRENT and saved.connector.icon not in (b"", live.connector.icon):
        state = LiveState.AS_LEFT
    baseline = of_live(live) if live is not None else NO_BASELINE
    changes = compared(saved.connector, baseline, with_live=True) if state is not LiveState.CURRENT else ()
    made = fingerprint(saved.connector)
    changed = state is not LiveState.CURRENT
    return Gathered(
        candidate=candidate,
        fingerprint=made,
        baseline=baseline,
        record=record,
        live=live,
        live_state=state,
        wanted=saved.connector,
        verdict=judged(baseline, made, changes) if changed else Verdict.NONE,
        changed=changed,
        changes=changes,
        usage=users(live, changes, world),
        findings=unread,
    )


def _candidate(connector: Connector, settings: Settings) -> Candidate:
    document = connector.definition
    file = f"{settings.restore}/{DEFINITION_FILE}"
    parameters: Object = as_object(connector.properties.get("connectionParameters"))
    sets = as_object(connector.properties.get("connectionParameterSets"))
    return Candidate(
        name=as_text(connector.properties.get("displayName", as_object(document.get("info")).get("title"))),
        connector=connector,
        places=Places(Definition(document, file, Dialect.SWAGGER_2, {}, {})),
        converted=Converted(document),
        connection=Connection(Auth.AUTO, document, connector.properties, parameters, sets),
        findings=(),
    )


def _optional(path: str, files: Files) -> bytes:
    return read_named("restore", path, files) if files.exists(path) else b""
