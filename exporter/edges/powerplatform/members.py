"""A connector as the Power Apps service takes it and gives it back."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.edges.powerplatform.columns import beside
from exporter.edges.powerplatform.oauth import federated_subject, redirect_url, with_secret
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.reporting.importing import importable
from exporter.security.secrets import without_secrets

ICON, SCRIPT = "icon.png", "script.csx"
"""The names that files are stored under."""
_DOWNLOADED = (
    "connectionParameters",
    "connectionParameterSets",
    "iconBrandColor",
    "scriptOperations",
    "capabilities",
    "policyTemplateInstances",
    "publisher",
)
"""What paconn 0.0.21 keeps of the properties on download; everything else is the platform's own."""


def body_of(connector: Connector, secret: str, environment: str, uploaded: Mapping[str, str], *, name: str) -> Object:
    """
    Give the body of a write, member by member what paconn 0.0.21 sends for the same files.

    A write replaces all that the service keeps, so all of it is sent; `name` is for a new connector only. `uploaded` are
    the addresses of its files. An empty address clears a script; the icon stays as it is where none is named.
    """
    definition, info = connector.definition, as_object(connector.definition.get("info"))
    properties: dict[str, Json] = {
        **importable(with_secret(connector, secret)),
        "openApiDefinition": definition,
        "backendService": {"serviceUrl": _service(definition)},
        "environment": {"name": environment},
        "description": as_text(connector.properties.get("description", info.get("description"))),
        "scriptDefinitionUrl": uploaded.get(SCRIPT, ""),
    }
    if ICON in uploaded:
        properties["iconUri"] = uploaded[ICON]
    if name:
        properties["displayName"] = name
    return {"properties": properties}


def _service(definition: Object) -> str:
    scheme = next((as_text(one) for one in as_list(definition.get("schemes"))), "") or "https"
    return f"{scheme}://{as_text(definition.get('host'))}{as_text(definition.get('basePath'))}"


def live_connector(shown: Object, definition: Object, script: str) -> LiveConnector:
    """Read what the service shows of a connector, with the definition as it was written and the script beside it."""
    properties = as_object(shown.get("properties"))
    kept = {name: properties[name] for name in _DOWNLOADED if name in properties}
    connector = Connector(
        definition=definition,
        # The name stays what it was when a connector was made, so that only the description can be edited beside it.
        properties=without_secrets({**kept, **beside(definition, description=as_text(properties.get("description")))}),
        script=script,
    )
    return LiveConnector(
        id=as_text(shown.get("name")),
        internal_id=as_text(shown.get("name")),
        display_name=as_text(properties.get("displayName")),
        connector=connector,
        version=as_text(properties.get("changedTime")),
        redirect_url=redirect_url(connector),
        federated_subject=federated_subject(connector),
    )


def files_of(connector: Connector) -> dict[str, bytes]:
    """Give the files that are stored beside a write."""
    files = {ICON: connector.icon, SCRIPT: connector.script.encode("utf-8", "replace")}
    return {name: content for name, content in files.items() if content}
