"""Makes the bundle: the files that somebody imports by hand, with all they need to know beside them."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.comparison.fingerprint import sha256
from exporter.model.connectors import Connector
from exporter.model.json_values import Object
from exporter.model.plans import Plan, Report
from exporter.reporting.grouping import grouped_losses
from exporter.reporting.importing import importable
from exporter.reporting.locating import Locator
from exporter.reporting.page import page
from exporter.reporting.page_steps import DEFINITION_FILE, SOLUTION_FILE
from exporter.reporting.readme import readme
from exporter.reporting.report_json import report_json
from exporter.reporting.solution import names_of, solution_zip
from exporter.reporting.writer import compact, pretty
from exporter.security.secrets import without_secrets

PORTAL_LIMIT = 1_000_000
"""Bytes; the maker portal takes files of less than 1 MB, and so does the connector table's column."""

SUMS = "SHA256SUMS"
SETTINGS_FILE = "settings.json"
"""Of paconn: which files are which, and which connector they are."""
_PAGES = ("README.md", "report.json", SOLUTION_FILE, SUMS)


def bundle_files(
    plan: Plan, places: Locator, version: str, *, solution: str = "", publisher: str = ""
) -> dict[str, bytes]:
    """
    Give the files of the bundle by name, sorted; `solution` and `publisher` are their inputs.

    The plan needs no steps yet. The same plan and version give the same bytes: no time, run or path of a machine is
    in them. No value of a secret is in them either, also where the author's properties hold one.
    """
    files = connector_files(plan.candidate)
    names = (*files, *_PAGES)
    lost = grouped_losses(plan.losses, places)
    large = len(files[DEFINITION_FILE]) > PORTAL_LIMIT
    named = names_of(plan.name, solution, publisher)
    files["README.md"] = readme(plan, named, names)
    files[SOLUTION_FILE] = solution_zip(plan.candidate, named)
    files["report.json"] = report_json(_timeless(plan), places)
    files["index.html"] = page(plan, named, names, lost, version, large=large)
    files[SUMS] = _sums(files)
    return {name: files[name] for name in sorted(files)}


def connector_files(connector: Connector) -> dict[str, bytes]:
    """Give a connector as the files that paconn and pac read and write, without secrets."""
    files = {
        DEFINITION_FILE: definition_bytes(connector.definition),
        "apiProperties.json": pretty({"properties": without_secrets(importable(connector))}),
    }
    if connector.icon:
        files["icon.png"] = connector.icon
    if connector.script:
        files["script.csx"] = connector.script.encode("utf-8", "replace")
    files[SETTINGS_FILE] = pretty(_settings(files))
    return files


def copy_files(connector: Connector, connector_id: str) -> dict[str, bytes]:
    """
    Give a live connector as files that the input `restore` brings back, and paconn too.

    With checksums, by which a later run knows the folder as one of ours.
    """
    files = connector_files(connector)
    files[SETTINGS_FILE] = pretty({**_settings(files), "connectorId": connector_id})
    return {**files, SUMS: _sums(files)}


def definition_bytes(definition: Object) -> bytes:
    """Write a connector definition laid out, or without layout where it would be too large for the portal."""
    brief = compact(definition)  # first, because it takes a quarter of the time, and layout only adds to it
    if len(brief) > PORTAL_LIMIT:
        return brief
    laid_out = pretty(definition)
    return laid_out if len(laid_out) <= PORTAL_LIMIT else brief


def _settings(files: Mapping[str, bytes]) -> Object:
    """Say to paconn 0.0.21 which files to take; what is empty it asks for."""
    return {
        "connectorId": "",
        "environment": "",
        "apiProperties": "apiProperties.json",
        "apiDefinition": DEFINITION_FILE,
        "icon": "icon.png" if "icon.png" in files else "",
        "script": "script.csx" if "script.csx" in files else "",
        "powerAppsUrl": "https://api.powerapps.com",
        "powerAppsApiVersion": "2016-11-01",
    }


def _timeless(plan: Plan) -> Report:
    """Drop the time of the last export: it would make two bundles of the same connector differ."""
    return Report(plan._replace(steps=(), baseline=plan.baseline._replace(time="")), "manual")


def _sums(files: Mapping[str, bytes]) -> bytes:
    """Write checksums as sha256sum does (GNU coreutils): two spaces, a line feed, sorted by name."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
