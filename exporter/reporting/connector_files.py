"""Gives a connector as files: those that paconn and pac read and write, and a copy that can be restored."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exporter.comparison.fingerprint import sha256
from exporter.model.connectors import Connector
from exporter.model.json_values import Object
from exporter.reporting.importing import importable
from exporter.reporting.writer import compact, pretty
from exporter.security.secrets import without_secrets
from exporter.settings.clouds import cloud_of
from exporter.settings.settings import DeployerSettings

DEFINITION_FILE = "apiDefinition.swagger.json"
PORTAL_LIMIT = 1_000_000
"""Bytes; the maker portal takes files of less than 1 MB, and so does the connector table's column."""

SUMS = "SHA256SUMS"
SETTINGS_FILE = "settings.json"
"""Of paconn: which files are which, and which connector they are."""
_ENVIRONMENT_ID = re.compile(r"(?:[A-Za-z]{1,20}-)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""An environment's own id, such as `Default-` and a tenant's; paconn knows environments by nothing else."""

NOWHERE: Mapping[str, str] = {}
"""Where nobody said which environment it is, and in which cloud."""


def paconn_place(deployer: DeployerSettings) -> dict[str, str]:
    """
    Give what paconn's settings say of where to write, as far as it is known; what is left out it asks for or presumes.

    Names: paconn 0.0.21, settings/settingsserializer.py.
    """
    cloud = cloud_of(deployer.cloud, {}, deployer.endpoints)
    known = _ENVIRONMENT_ID.fullmatch(deployer.environment)
    place = {"environment": deployer.environment if known else "", "powerAppsUrl": cloud.power_apps}
    if deployer.cloud == "public":
        return place
    return {
        **place,
        "flowUrl": cloud.flow,
        "resource": f"{cloud.power_apps_audience}/",
        "authorityUrl": f"{cloud.authority}/",
    }


def connector_files(connector: Connector, place: Mapping[str, str] = NOWHERE) -> dict[str, bytes]:
    """Give a connector as the files that paconn and pac read and write, without secrets; `place` is paconn's."""
    files = {
        DEFINITION_FILE: definition_bytes(connector.definition),
        "apiProperties.json": pretty({"properties": without_secrets(importable(connector))}),
    }
    if connector.icon:
        files["icon.png"] = connector.icon
    if connector.script:
        files["script.csx"] = connector.script.encode("utf-8", "replace")
    files[SETTINGS_FILE] = pretty(_settings(files, place))
    return files


def copy_files(connector: Connector, connector_id: str, place: Mapping[str, str] = NOWHERE) -> dict[str, bytes]:
    """
    Give a live connector as files that the input `restore` brings back, and paconn too.

    With checksums, by which a later run knows the folder as one of ours.
    """
    files = connector_files(connector)
    files[SETTINGS_FILE] = pretty({**_settings(files, place), "connectorId": connector_id})
    return {**files, SUMS: sums(files)}


def definition_bytes(definition: Object) -> bytes:
    """Write a connector definition laid out, or without layout where it would be too large for the portal."""
    brief = compact(definition)  # first, because it takes a quarter of the time, and layout only adds to it
    if len(brief) > PORTAL_LIMIT:
        return brief
    laid_out = pretty(definition)
    return laid_out if len(laid_out) <= PORTAL_LIMIT else brief


def _settings(files: Mapping[str, bytes], place: Mapping[str, str]) -> Object:
    """Say to paconn 0.0.21 which files to take, and where to; what is empty it asks for."""
    return {
        "connectorId": "",
        "environment": "",
        "apiProperties": "apiProperties.json",
        "apiDefinition": DEFINITION_FILE,
        "icon": "icon.png" if "icon.png" in files else "",
        "script": "script.csx" if "script.csx" in files else "",
        "powerAppsUrl": "https://api.powerapps.com",
        "powerAppsApiVersion": "2016-11-01",
        **place,
    }


def sums(files: Mapping[str, bytes]) -> bytes:
    """Write checksums as sha256sum does (GNU coreutils): two spaces, a line feed, sorted by name."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
