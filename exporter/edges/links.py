"""Where readers of a report can go: files at the right commit, the run, and what is written about the rules."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.model.errors import ExporterError
from exporter.model.plans import Report
from exporter.openapi.places import Places
from exporter.ports import World
from exporter.reporting.locating import Links


def links_of(environment: Mapping[str, str], report: Report, places: Places, world: World) -> Links:
    """Give the links for the report of a run; outside of GitHub there are none."""
    server, repository, commit = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    action, version = environment.get("GITHUB_ACTION_REPOSITORY", ""), environment.get("GITHUB_ACTION_REF", "")
    docs = f"{server}/{action}/blob/{version}/docs" if server and action and version else ""
    sha = _shown(report, places, world) or commit
    return Links(server, repository, sha, docs and f"{docs}/changes.md", docs and f"{docs}/rules.md", world.origin.run)


def _shown(report: Report, places: Places, world: World) -> str:
    """Give the commit to show lines in, where that is not the run's own: reviewers look at what was pushed."""
    file = places.definition.file
    if world.revisions is None or not file or not report.plan.changed:
        return ""
    try:
        return world.revisions.shown(file, world.workspace.read(file))
    except ExporterError:
        return ""  # only links hang on it
