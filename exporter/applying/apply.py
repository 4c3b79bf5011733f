"""Carries out a plan, step by step; nothing else in the house changes the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, assert_never

from exporter.model.connectors import LiveConnector
from exporter.model.errors import ExporterError, WrongInputs
from exporter.model.plans import (
    AnnounceWrite,
    CreateConnector,
    Outcome,
    Plan,
    PublishBundle,
    RememberExport,
    Report,
    SaveLiveConnector,
    State,
    Step,
    UpdateConnector,
    WriteBundle,
)
from exporter.ports import World

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
    for step in plan.steps:
        kind = KINDS[type(step)]
        if problem is not None:
            outcomes.append(Outcome(kind, State.SKIPPED, "Left out, because an earlier step failed."))
            continue
        try:
            outcomes.append(Outcome(kind, State.DONE, _carry_out(step, world, outputs)))
        except ExporterError as error:
            problem = error
            outcomes.append(Outcome(kind, State.FAILED, error.message))
    return Report(plan, mode, tuple(outcomes), outputs, problem)


def _carry_out(step: Step, world: World, outputs: dict[str, str]) -> str:  # noqa: PLR0911 - a case per step
    """Carry out one step; fill `outputs` and give a sentence about it."""
    match step:
        case WriteBundle(directory=directory, files=files):
            world.workspace.replace_folder(directory, files)
            outputs["bundle-path"] = directory
            # On GitHub somebody expects a build artifact; GitHub Enterprise Server, for one, has no service for it.
            alone = world.artifacts is None and world.origin.run
            return f"The bundle lies in {directory}.{_NO_SERVICE if alone else ''}"
        case SaveLiveConnector(directory=directory, name=name, files=files):
            world.workspace.replace_folder(directory, files)
            if world.artifacts is None:
                return f"A copy of the live connector lies in {directory}."
            published = world.artifacts.publish(name, files, 0)
            return f"A copy of the live connector lies in {directory}, and is the build artifact {published.url}."
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
            outputs.update(outputs_of(_there(world.connectors).update(live_id, connector, live, version)))
            return f"The connector {name} was updated ({live_id})."
        case RememberExport(record=record):
            records = _there(world.records)
            records.remember(record._replace(connector_id=record.connector_id or outputs.get("connector-id", "")))
            return f"The export is remembered in {records.place}."
        case _:
            assert_never(step)


_Port = TypeVar("_Port")


def _there(port: _Port | None) -> _Port:
    if port is None:
        raise WrongInputs("A step of the plan has no port to go through.", advice="This is a mistake of ours; tell us.")
    return port
