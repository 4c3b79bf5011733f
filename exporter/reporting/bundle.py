"""Makes the bundle: the files that somebody imports by hand, with all they need to know beside them."""

from __future__ import annotations

from exporter.model.plans import Plan, Report
from exporter.reporting.connector_files import (
    DEFINITION_FILE,
    PORTAL_LIMIT,
    SUMS,
    connector_files,
    sums,
)
from exporter.reporting.grouping import grouped_losses
from exporter.reporting.locating import Locator
from exporter.reporting.page import page
from exporter.reporting.page_steps import SOLUTION_FILE
from exporter.reporting.readme import readme
from exporter.reporting.report_json import report_json
from exporter.reporting.solution import names_of, solution_zip
from exporter.settings.settings import NOT_SAID, DeployerSettings

_PAGES = ("README.md", "report.json", SOLUTION_FILE, SUMS)


def bundle_files(
    plan: Plan, places: Locator, version: str, *, publisher: str = "", deployer: DeployerSettings = NOT_SAID
) -> dict[str, bytes]:
    """
    Give the files of the bundle by name, sorted; `publisher` is its input, `deployer` says what it is meant for.

    The plan needs no steps yet. The same plan and version give the same bytes: no time, run or path of a machine is
    in them. No value of a secret is in them either, also where the author's properties hold one.
    """
    files = connector_files(plan.candidate, deployer)
    names = (*files, *_PAGES)
    lost = grouped_losses(plan.losses, places)
    large = len(files[DEFINITION_FILE]) > PORTAL_LIMIT
    named = names_of(plan.name, deployer.solution, publisher)
    files["README.md"] = readme(plan, named, names, deployer)
    files[SOLUTION_FILE] = solution_zip(plan.candidate, named)
    files["report.json"] = report_json(_timeless(plan), places)
    files["index.html"] = page(plan, named, names, lost, version, large=large, deployer=deployer)
    files[SUMS] = sums(files)
    return {name: files[name] for name in sorted(files)}


def _timeless(plan: Plan) -> Report:
    """Drop the time of the last export: it would make two bundles of the same connector differ."""
    return Report(plan._replace(steps=(), baseline=plan.baseline._replace(time="")), "manual")
