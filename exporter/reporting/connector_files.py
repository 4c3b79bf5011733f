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
from exporter.settings.settings import NOT_SAID, DeployerSettings

DEFINITION_FILE = "apiDefinition.swagger.json"
PORTAL_LIMIT = 1_000_000
"""Bytes; the maker portal takes files of less than 1 MB, and so does the connector table's column."""

SUMS = "SHA256SUMS"
SETTINGS_FILE = "settings.json"
"""Of paconn: which files are which, and which connector they are."""


def connector_files(connector: Connector, deployer: DeployerSettings = NOT_SAID) -> dict[str, bytes]:
    """Give a connector as the files that paconn and pac read and write, without secrets."""
    files = {
        DEFINITION_FILE: definition_bytes(connector.definition),
        "apiProperties.json": pretty({"properties": without_secrets(importable(connector))}),
    }
    if connector.icon:
        files["icon.png"] = connector.icon
    if connector.script:
        files["script.csx"] = connector.script.encode("utf-8", "replace")
    files[SETTINGS_FILE] = pretty(_settings(files, deployer))
    return files


def copy_files(connector: Connector, connector_id: str, deployer: DeployerSettings = NOT_SAID) -> dict[str, bytes]:
    """
    Give a live connector as files that the input `restore` brings back, and paconn too.

    With checksums, by which a later run knows the folder as one of ours.
    """
    files = connector_files(connector, deployer)
    files[SETTINGS_FILE] = pretty({**_settings(files, deployer), "connectorId": connector_id})
    return {**files, SUMS: sums(files)}


def definition_bytes(definition: Object) -> bytes:
    """Write a connector definition laid out, or without layout where it would be too large for the portal."""
    brief = compact(definition)  # first, because it takes a quarter of the time, and layout only adds to it
    if len(brief) > PORTAL_LIMIT:
        return brief
    laid_out = pretty(definition, again=True)
    return laid_out if len(laid_out) <= PORTAL_LIMIT else brief


def _settings(files: Mapping[str, bytes], deployer: DeployerSettings) -> Object:
    """
    Say to paconn 0.0.21 which files to take, and where to; what is empty it asks for, and it presumes the public cloud.

    Names: paconn, settings/settingsserializer.py.
    """
    cloud = cloud_of(deployer.cloud, {}, deployer.endpoints)
    elsewhere = {
        "flowUrl": cloud.flow,
        "resource": f"{cloud.power_apps_audience}/",
        "authorityUrl": f"{cloud.authority}/",
    }
    return {
        "connectorId": "",
        "environment": environment_id(deployer),
        "apiProperties": "apiProperties.json",
        "apiDefinition": DEFINITION_FILE,
        "icon": "icon.png" if "icon.png" in files else "",
        "script": "script.csx" if "script.csx" in files else "",
        "powerAppsUrl": cloud.power_apps,
        "powerAppsApiVersion": "2016-11-01",
        **(elsewhere if is_elsewhere(deployer) else {}),
    }


def environment_id(deployer: DeployerSettings) -> str:
    """
    Give the environment's own id, such as `Default-` and a tenant's, where that is known; paconn takes nothing else.

    >>> environment_id(DeployerSettings("https://contoso.crm.dynamics.com"))
    ''
    """
    known = re.fullmatch(
        r"(?:[A-Za-z]{1,20}-)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", deployer.environment
    )
    return deployer.environment if known else ""


def is_elsewhere(deployer: DeployerSettings) -> bool:
    """Tell whether the environment is outside of the public cloud."""
    return deployer.cloud != "public"


def sums(files: Mapping[str, bytes]) -> bytes:
    """Write checksums as sha256sum does (GNU coreutils): two spaces, a line feed, sorted by name."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
