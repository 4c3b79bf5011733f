"""Tells whether the live connector still is what was exported, in spite of what the platform changes on its own."""

from __future__ import annotations

from exporter.comparison.fingerprint import canonical, sha256
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object

_ADDED_EMPTY = frozenset({"consumes", "produces", "definitions", "parameters", "responses", "tags", "security"})
_STORED = (
    "connectionParameters",
    "connectionParameterSets",
    "iconBrandColor",
    "scriptOperations",
    "policyTemplateInstances",
)
_REWRITTEN = frozenset({"redirecturl", "clientsecret"})


def same_as_live(exported: Connector, live: Connector) -> bool:
    """Tell whether a live connector is what was exported; the icon is not compared, the platform resizes it."""
    return exported == live or normalised(exported) == normalised(live)


def mark(connector: Connector) -> str:
    """Give sixteen hex digits that a connector and what the platform makes of it have in common."""
    return sha256(canonical(normalised(connector)))[:16]


def normalised(connector: Connector) -> Object:
    """
    Give what a connector and its live self have in common.

    The platform adds empty members to the definition, writes its own redirect URL, gives no secret back, and keeps
    only some of the properties.
    """
    definition = {name: value for name, value in connector.definition.items() if value or name not in _ADDED_EMPTY}
    properties = {name: _plain(connector.properties[name]) for name in _STORED if connector.properties.get(name)}
    return {"definition": definition, "properties": properties, "script": connector.script.replace("\r\n", "\n")}


def _plain(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items() if name.lower() not in _REWRITTEN}
    return [_plain(member) for member in value] if isinstance(value, list) else value
