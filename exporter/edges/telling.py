"""Tells people and the workflow what became of a run: log, annotations, summary, outputs, report and definition files."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.edges.runner import Runner
from exporter.model.errors import ExporterError
from exporter.model.plans import Report
from exporter.openapi.places import Places
from exporter.ports import Workspace
from exporter.reporting.console import console
from exporter.reporting.links import Links
from exporter.reporting.report_json import report_json


def tell(report: Report, places: Places | None, links: Links, runner: Runner, workspace: Workspace, beside: str) -> int:
    """
    Tell what became of a run and give its exit code.

    Files go beside the bundle's folder `beside`. Where they cannot be written the run has failed, unless it had
    failed already: then its first problem is the one that counts.
    """
    problem = report.problem
    paths: dict[str, str] = {}
    try:
        paths = _write_files(report, places, workspace, beside)
    except ExporterError as error:
        problem = problem or error
        report = report._replace(problem=problem)
    try:
        runner.outputs(_outputs(report, paths))
        if runner.on_github:
            _annotate(report, places, runner)
        if runner.has_summary:
            from exporter.reporting.summary import summary

            runner.summary(summary(report, places, links))
    except ExporterError as error:
        problem = problem or error
        report = report._replace(problem=problem)
    runner.say(console(report, places))
    return problem.exit_code if isinstance(problem, ExporterError) else 0


def tell_problem(problem: ExporterError, runner: Runner) -> int:
    """Tell what kept a run from starting, and give its exit code."""
    from exporter.reporting.annotations import command, problem_annotation
    from exporter.reporting.console import problem_text

    if runner.on_github:
        runner.command(command(problem_annotation(problem)))
    runner.say(problem_text(problem))
    return problem.exit_code


def _write_files(report: Report, places: Places | None, workspace: Workspace, beside: str) -> dict[str, str]:
    paths = {"report-path": f"{beside}.report.json"}
    workspace.write(paths["report-path"], report_json(report, places))
    if "bundle-path" in report.outputs:
        paths["definition-path"] = f"{report.outputs['bundle-path']}/apiDefinition.swagger.json"
    elif report.plan.changed and report.plan.candidate.definition:
        from exporter.reporting.bundle import definition_bytes

        paths["definition-path"] = f"{beside}.apiDefinition.swagger.json"
        workspace.write(paths["definition-path"], definition_bytes(report.plan.candidate.definition))
    return paths


def _annotate(report: Report, places: Places | None, runner: Runner) -> None:
    if not (report.problem or report.plan.findings or report.plan.changes or report.plan.drifted):
        return
    from exporter.reporting.annotations import annotations, command

    for annotation in annotations(report, places):
        runner.command(command(annotation))


def _outputs(report: Report, paths: Mapping[str, str]) -> dict[str, str]:
    plan = report.plan
    exports = {"create-connector", "update-connector", "write-bundle"}
    exported = any(outcome.kind in exports and outcome.state.value == "done" for outcome in report.outcomes)
    return {
        "changed": _truth(plan.changed),
        "verdict": plan.verdict.value,
        "changes": str(len(plan.changes)),
        "breaking-changes": str(sum(change.impact.value == "breaking" for change in plan.changes)),
        "drift": _truth(plan.drift),
        "exported": _truth(exported),
        "fingerprint": plan.fingerprint,
        **report.outputs,
        **paths,
    }


def _truth(value: bool) -> str:  # noqa: FBT001 - it is about nothing else
    return "true" if value else "false"
