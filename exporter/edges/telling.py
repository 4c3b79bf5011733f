"""Tells people and the workflow what became of a run: log, annotations, summary, outputs, report and definition."""

from __future__ import annotations

from exporter import VERSION
from exporter.edges.runner import Runner
from exporter.model.errors import CannotWrite, ExporterError
from exporter.model.plans import Report
from exporter.openapi.places import Places
from exporter.ports import Workspace
from exporter.reporting.console import console, stopped_console
from exporter.reporting.locating import Links
from exporter.reporting.report_json import exported, report_json, worth_a_page
from exporter.reporting.words import breaking
from exporter.settings.settings import Settings

_DEFINITION = "apiDefinition.swagger.json"


def tell(  # noqa: PLR0913, PLR0917
    report: Report, places: Places, links: Links, runner: Runner, workspace: Workspace, settings: Settings
) -> int:
    """
    Tell what became of a run, and give its exit code.

    The report lies beside the bundle's folder. Where something cannot be written the run has failed, unless it had
    failed before: the first problem counts.
    """
    paths: dict[str, str] = {}
    beside = settings.bundle_directory
    try:
        paths = _write_files(report, places, workspace, beside)
        paths |= _write_page(report, places, links, workspace, f"{beside}.report.html")
        if settings.sarif:
            from exporter.reporting.sarif import sarif

            workspace.write(settings.sarif, sarif(report, places, links, VERSION))
    except ExporterError as error:
        report = report._replace(problem=report.problem or error)
    try:
        runner.outputs({**_outputs(report), **paths})
        _annotate(report, places, runner)
        if runner.has_summary:
            from exporter.reporting.summary import summary

            runner.summary(summary(report, places, links))
    except ExporterError as error:
        report = report._replace(problem=report.problem or error)
    runner.say(console(report, places))
    return report.problem.exit_code if isinstance(report.problem, ExporterError) else 0


def tell_problem(problem: ExporterError, runner: Runner) -> int:
    """Tell what kept a run from starting, and give its exit code."""
    from contextlib import suppress

    from exporter.reporting.annotations import command, problem_annotation
    from exporter.reporting.summary import stopped_summary

    if runner.on_github:
        runner.command(command(problem_annotation(problem)))
    with suppress(CannotWrite):  # the first problem counts, and the log still has it
        runner.summary(stopped_summary(problem))
    runner.say(stopped_console(problem))
    return problem.exit_code


def _write_files(report: Report, places: Places, workspace: Workspace, beside: str) -> dict[str, str]:
    paths = {"report-path": f"{beside}.report.json"}
    workspace.write(paths["report-path"], report_json(report, places))
    if "bundle-path" in report.outputs:
        paths["definition-path"] = f"{report.outputs['bundle-path']}/{_DEFINITION}"
    elif report.plan.changed and report.plan.candidate.definition:
        from exporter.reporting.connector_files import definition_bytes

        paths["definition-path"] = f"{beside}.{_DEFINITION}"
        workspace.write(paths["definition-path"], definition_bytes(report.plan.candidate.definition))
    return paths


def _write_page(report: Report, places: Places, links: Links, workspace: Workspace, path: str) -> dict[str, str]:
    """Write the report as a page where it has something to say, or where an earlier one says something else."""
    worth = worth_a_page(report)
    if worth or workspace.exists(path):
        from exporter.reporting.report_page import report_page

        workspace.write(path, report_page(report, places, links, VERSION))
    return {"report-page": path} if worth else {}


def _annotate(report: Report, places: Places, runner: Runner) -> None:
    if not runner.on_github:
        return
    from exporter.reporting.annotations import annotations, command

    for annotation in annotations(report, places):
        runner.command(command(annotation))


def _outputs(report: Report) -> dict[str, str]:
    plan = report.plan
    return {
        "changed": _truth(plan.changed),
        "verdict": plan.verdict.value,
        "changes": str(len(plan.changes)),
        "breaking-changes": str(len(breaking(plan.changes))),
        "drift": _truth(plan.drift),
        "exported": _truth(exported(report)),
        "fingerprint": plan.fingerprint,
        **report.outputs,
    }


def _truth(value: bool) -> str:  # noqa: FBT001 - it is about nothing else
    return "true" if value else "false"
