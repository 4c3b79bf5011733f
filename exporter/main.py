"""Wires everything once: reads what was asked, gathers, decides, applies, tells."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType

from exporter.applying.apply import apply, outputs_of
from exporter.edges.event import Event, read_event
from exporter.edges.links import links_of
from exporter.edges.runner import Runner
from exporter.edges.telling import tell, tell_problem
from exporter.edges.workspace import FolderWorkspace
from exporter.edges.world import open_world
from exporter.model.errors import ExporterError, NotExportable
from exporter.model.findings import Finding, Severity
from exporter.model.plans import NO_PLAN, Report
from exporter.openapi.places import NO_PLACES, Places
from exporter.planning.candidate import Unreadable
from exporter.planning.decide import decide, obstacle
from exporter.planning.gather import gather
from exporter.planning.reading import read_object
from exporter.ports import World
from exporter.reporting.escaping import safe_line
from exporter.settings.inputs import INPUTS
from exporter.settings.read import inputs_of_environment, read_settings
from exporter.settings.settings import Mode, Settings


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """
    Run once and end the process with one of the exit codes of docs/errors.md.

    Without arguments the inputs come from the environment as GitHub's runner sets them, with arguments from these.
    """
    sys.excepthook = _tell_bug
    code = run(arguments, environment)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to tear down, and freeing a large definition piece by piece takes time


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run once and give the exit code."""
    runner = Runner(environment, sys.stdout)
    workspace = FolderWorkspace(environment.get("GITHUB_WORKSPACE") or os.getcwd())
    try:
        given = _given(arguments, environment, runner)
        event = read_event(environment)
        settings = _settings(given, workspace, event, on_github=runner.on_github)
        world = open_world(settings, environment, runner, workspace, event)
    except ExporterError as error:
        return tell_problem(error, runner)
    report, places = export(settings, world)
    links = links_of(environment, report, places, world)
    if world.comments is not None:
        from exporter.edges.commenting import commented

        report = commented(report, places, links, world.comments, settings.comment)
    return tell(report, places, links, runner, workspace, settings)


def _tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback, which may quote what strangers wrote: runners read commands in this stream too."""
    import traceback

    sys.stderr.write(safe_line("".join(traceback.format_exception(kind, error, trace))))


def export(settings: Settings, world: World) -> tuple[Report, Places]:
    """Gather, decide and, unless it is only a check, apply; what goes wrong is part of the report."""
    mode = settings.mode.value
    plan, places = NO_PLAN, NO_PLACES
    try:
        gathered = gather(settings, world)
        if isinstance(gathered, Unreadable):
            nothing = NO_PLAN._replace(findings=gathered.findings)
            return Report(nothing, mode, problem=_unreadable(gathered.findings)), places
        places = gathered.candidate.places
        plan = decide(settings, gathered, world)
    except ExporterError as error:
        return Report(plan, mode, problem=error), places
    problem = obstacle(plan, settings, places)
    if problem is not None or settings.mode is Mode.CHECK:
        return Report(plan, mode, outputs=outputs_of(plan.live) if plan.live else {}, problem=problem), places
    return apply(plan, mode, world), places


def _given(arguments: Sequence[str], environment: Mapping[str, str], runner: Runner) -> dict[str, str]:
    """Give the inputs, every secret among them masked before anything else happens."""
    if arguments:
        from exporter.settings.command_line import inputs_of_command_line

        given = inputs_of_command_line(arguments, environment)
    else:
        given = inputs_of_environment(environment)
    secrets = [given[row.name] for row in INPUTS if row.secret and row.name in given]
    if secrets and runner.on_github:
        from exporter.edges.powerplatform.secrecy import hide

        for secret in secrets:
            hide(runner.mask, secret)
    return given


def _settings(given: Mapping[str, str], workspace: FolderWorkspace, event: Event, *, on_github: bool) -> Settings:
    config = read_object("config", given["config"], workspace) if "config" in given else None
    return read_settings(given, config=config, workspace=workspace.root, on_github=on_github, trusted=event.trusted)


def _unreadable(findings: tuple[Finding, ...]) -> NotExportable:
    worst = next((finding for finding in findings if finding.severity is Severity.ERROR), findings[0])
    return NotExportable(f"{worst.file}:{worst.line}: {worst.message}", advice=worst.advice)
