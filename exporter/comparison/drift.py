"""Tells whether a live connector is still what was exported, or was edited by hand in between."""

from __future__ import annotations

from exporter.comparison.fingerprint import fingerprint
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object, as_object, as_text

_ADDED_EMPTY = (
    "consumes",
    "produces",
    "definitions",
    "parameters",
    "responses",
    "tags",
    "security",
    "securityDefinitions",
)
"""Members that the platform adds, empty, to a definition that has none (reference/power-platform.md §2.8)."""
_KEPT = ("connectionParameters", "connectionParameterSets", "policyTemplateInstances", "scriptOperations")
"""Properties that the platform keeps as they are; what else apiProperties.json holds is for certification only."""
_NOT_GIVEN_BACK = frozenset(("clientSecret", "redirectUrl"))
"""OAuth settings that the platform keeps to itself, or replaces by its own."""


def as_kept(connector: Connector) -> Connector:
    """
    Give a connector without all that the platform adds, replaces or keeps to itself.

    Two connectors are compared by what remains. Icons are left out: image columns are stored as another PNG.
    """
    definition = {key: value for key, value in connector.definition.items() if value or key not in _ADDED_EMPTY}
    properties: dict[str, Json] = {key: connector.properties[key] for key in _KEPT if connector.properties.get(key)}
    color = as_text(connector.properties.get("iconBrandColor")).lower()
    if color:
        properties["iconBrandColor"] = color
    parameters = as_object(properties.get("connectionParameters"))
    if parameters:
        properties["connectionParameters"] = {name: _parameter(as_object(one)) for name, one in parameters.items()}
    return Connector(definition, properties, script="\n".join(connector.script.splitlines()))


def same_as_live(exported: Connector, live: Connector) -> bool:
    """
    Tell whether what lives in an environment means what was exported.

    >>> exported = Connector({"swagger": "2.0"}, {})
    >>> same_as_live(exported, Connector({"swagger": "2.0", "tags": []}, {"connectionParameters": {}}))
    True
    >>> same_as_live(exported, Connector({"swagger": "2.0", "host": "elsewhere.example"}, {}))
    False
    """
    return fingerprint(as_kept(exported)) == fingerprint(as_kept(live))


def _parameter(parameter: Object) -> Object:
    settings = parameter.get("oAuthSettings")
    if not isinstance(settings, dict):
        return parameter
    kept = {key: value for key, value in settings.items() if key not in _NOT_GIVEN_BACK}
    return {**parameter, "oAuthSettings": kept}
