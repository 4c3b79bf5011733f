"""Carries out a plan, step by step; nothing else in the house changes the world."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TypeVar, assert_never

from exporter.model.connectors import LiveConnector
from exporter.model.errors import ExporterError, ServiceRefused, WrongInputs
from exporter.model.json_values import as_object
from exporter.model.plans import (
    AnnounceWrite,
    CreateConnector,
    Outcome,
    Plan,
    PublishBundle,
    Record,
    RememberExport,
    Report,
    SaveLiveConnector,
    State,
    Step,
    UpdateConnector,
    WriteBundle,
)
from exporter.planning.live import MOST_MARKS
from exporter.ports import Records, World

KINDS: Mapping[type[Step], str] = {
    AnnounceWrite: "announce",
    CreateConnector: "create-connector",
    UpdateConnector: "update-connector",
    SaveLiveConnector: "save-live-connector",
    WriteBundle: "write-bundle",
    PublishBundle: "publish-bundle",
    RememberExport: "remember",
}

_NO_SERVICE = (
    " There is no artifact service that this action can reach: "
    "publish the folder with a later step (docs/bundle.md shows one)."
)


def outputs_of(live: LiveConnector) -> dict[str, str]:
    """Give the outputs that say which connector it is; what is not known is left out."""
    outputs = {
        "connector-id": live.id,
        "connector-url": live.url,
        "redirect-url": live.redirect_url,
        "federated-subject": live.federated_subject,
    }
    return {name: value for name, value in outputs.items() if value}


def apply(plan: Plan, mode: str, world: World) -> Report:
    """
    Carry out the steps in their order, and say what became of each.

    The first step that fails ends it; the report names it, those done before it and those left out after it.
    """
    outcomes: list[Outcome] = []
    outputs = outputs_of(plan.live) if plan.live is not None else {}
    problem: ExporterError | None = None
    announced = ""
    for step in plan.steps:
        kind = KINDS[type(step)]
        if problem is not None:
            outcomes.append(Outcome(kind, State.SKIPPED, "Left out, because an earlier step failed."))
            continue
        try:
            announced = step.record.announced if isinstance(step, AnnounceWrite) else announced
            outcomes.append(Outcome(kind, State.DONE, _carry_out(step, world, outputs, announced)))
        except ExporterError as error:
            problem = error
            outcomes.append(Outcome(kind, State.FAILED, error.message))
    return Report(plan, mode, tuple(outcomes), outputs, problem)


def _carry_out(  # noqa: PLR0911 - a case per step
    step: Step, world: World, outputs: dict[str, str], announced: str
) -> str:
    """Carry out one step; fill `outputs` and give a sentence about it. `announced` is what this run said it would write."""
    match step:
        case WriteBundle(directory=directory, files=files):
            world.workspace.replace_folder(directory, files)
            outputs["bundle-path"] = directory
            # On GitHub somebody expects a build artifact; GitHub Enterprise Server, for one, has no service for it.
            alone = world.artifacts is None and world.origin.run
            return f"The bundle lies in {directory}.{_NO_SERVICE if alone else ''}"
        case SaveLiveConnector(directory=directory, name=name, files=files):
            world.workspace.replace_folder(directory, files)
            back = f"To bring it back, run this again with `restore: {directory}`."
            if world.artifacts is None:
                return f"A copy of the live connector lies in {directory}. {back}"
            published = world.artifacts.publish(name, files, 0)
            return (
                f"A copy of the live connector lies in {directory}, and is the build artifact {published.url}. {back}"
            )
        case PublishBundle(name=name, files=files, retention_days=days):
            published = _there(world.artifacts).publish(name, files, days)
            outputs.update(
                {"artifact-id": published.id, "artifact-url": published.url, "artifact-digest": published.digest}
            )
            return f"The build artifact is at {published.url}."
        case AnnounceWrite(record=record):
            _there(world.records).remember(record)
            return "What is about to be written is remembered."
        case CreateConnector(name=name, connector=connector):
            made = _there(world.connectors).create(name, connector)
            outputs.update(outputs_of(made))
            return f"The connector {name} was created ({made.id})."
        case UpdateConnector(id=live_id, name=name, connector=connector, live=live, version=version):
            updated = _there(world.connectors).update(live_id, connector, live, version)
            outputs.update(outputs_of(updated))
            title = as_object(connector.definition.get("info")).get("title")
            meant = connector.properties.get("displayName", title)
            kept = f" Its name in Power Apps stays {name}: only people can change it, in the maker portal."
            return f"The connector {name} was updated ({live_id}).{kept if updated.display_name != meant else ''}"
        case RememberExport(record=record):
            records = _there(world.records)
            done = record._replace(connector_id=record.connector_id or outputs.get("connector-id", ""))
            _remember(done, announced, records)
            return f"The export is remembered in {records.place}."
        case _:
            assert_never(step)


def _remember(record: Record, announced: str, records: Records) -> None:
    """
    Remember an export; where another run has remembered its own in between, tell its record what we wrote.

    A back end without versions lets both write, and the later write is not the one that is remembered then: the next
    run must know it as ours all the same.
    """
    try:
        records.remember(record)
    except ServiceRefused:
        with suppress(ExporterError):  # the refusal counts
            theirs = records.read()
            if theirs is not None and announced:
                marks = dict.fromkeys([*theirs.announced.split(), *announced.split()])
                records.remember(theirs._replace(announced=" ".join(list(marks)[-MOST_MARKS:])))
        raise


_Port = TypeVar("_Port")


def _there(port: _Port | None) -> _Port:
    if port is None:
        raise WrongInputs("A step of the plan has no port to go through.", advice="This is a mistake of ours; tell us.")
    return port
