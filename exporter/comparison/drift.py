"""Tells whether a live connector is still what was exported, or was edited by hand in between."""

from __future__ import annotations

from exporter.comparison.fingerprint import fingerprint
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, as_list, as_object, as_text

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
"""Members that the platform adds, empty, to a definition that has none."""
_SIGN_IN = ("connectionParameters", "connectionParameterSets")
_KEPT = ("connectionParameters", "connectionParameterSets", "policyTemplateInstances", "scriptOperations")
"""Properties that the platform keeps as they are; what else apiProperties.json holds is for certification only."""
_BESIDE = (("displayName", "title"), ("description", "description"))
"""What the platform keeps beside the definition's own name and description, and where these are in it."""
_NOT_GIVEN_BACK = frozenset(("clientSecret", "redirectUrl", "Subject"))
"""OAuth settings that the platform keeps to itself, or replaces by its own (the subject of a managed identity)."""
_OF_THE_ENVIRONMENT = frozenset(("clientId",))
"""OAuth settings that an environment may have its own of."""


def as_kept(connector: Connector) -> Connector:
    """
    Give a connector without all that the platform adds, replaces or keeps to itself.

    Two connectors are compared by what remains. Icons are left out: image columns are stored as another PNG.
    """
    definition = {key: value for key, value in connector.definition.items() if value or key not in _ADDED_EMPTY}
    properties: dict[str, Json] = {key: connector.properties[key] for key in _KEPT if connector.properties.get(key)}
    if not connector.script:
        properties.pop("scriptOperations", None)  # the platform takes them together with a script only
    if "gateway" in as_list(connector.properties.get("capabilities")):
        properties["capabilities"] = ["gateway"]  # the others are the platform's to find out
    info = as_object(definition.get("info"))
    for name, own in _BESIDE:
        if name in connector.properties and connector.properties[name] != info.get(own, ""):
            properties[name] = connector.properties[name]
    color = as_text(connector.properties.get("iconBrandColor")).lower()
    if color:
        properties["iconBrandColor"] = color
    for name in _SIGN_IN:
        if name in properties:
            properties[name] = _without(properties[name], _NOT_GIVEN_BACK)
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
    return exported == live or fingerprint(as_kept(exported)) == fingerprint(as_kept(live))


def mark(connector: Connector) -> str:
    """Give the fingerprint of what a connector and its live self have in common, whatever the environment."""
    return fingerprint(as_anywhere(connector))


def as_anywhere(connector: Connector) -> Connector:
    """Give a connector as kept, without what each environment has its own of: the client id."""
    kept = as_kept(connector)
    own = {name: _without(kept.properties[name], _OF_THE_ENVIRONMENT) for name in _SIGN_IN if name in kept.properties}
    return kept._replace(properties={**kept.properties, **own}) if own else kept


def _without(value: Json, names: frozenset[str]) -> Json:
    if isinstance(value, dict):
        return {key: _without(member, names) for key, member in value.items() if key not in names}
    return [_without(member, names) for member in value] if isinstance(value, list) else value
