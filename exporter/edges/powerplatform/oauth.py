"""The OAuth settings among a connector's connection parameters: where the secret goes, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exporter.model.connectors import Connector
from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.security.oauth import all_settings, secret_takers


def with_secret(connector: Connector, secret: str) -> Connector:
    """Put the client secret wherever it belongs; without one give the connector as it is."""
    takers = frozenset(map(id, secret_takers(connector.properties)))
    if not secret or not takers:
        return connector
    properties = dict(connector.properties)
    if "connectionParameters" in properties:
        properties["connectionParameters"] = _filled(properties["connectionParameters"], secret, takers)
    sets = as_object(properties.get("connectionParameterSets"))
    if values := as_list(sets.get("values")):
        filled = [_filled_set(one, secret, takers) for one in values]
        properties["connectionParameterSets"] = {**sets, "values": filled}
    return connector._replace(properties=properties)


def redirect_url(connector: Connector) -> str:
    """
    Give the redirect URL that the app registration of a live connector must allow; empty where it is not known.

    It is what the platform wrote into the connector, which differs per connector and environment.
    """
    settings = next(all_settings(connector.properties), {})
    address = next((as_text(value) for name, value in settings.items() if name.lower() == "redirecturl"), "")
    # It becomes an output, which workflows paste into scripts, and whoever edits the connector can write it.
    return address if re.fullmatch(r"https://[A-Za-z0-9._~:/%?=+-]{1,2000}", address) else ""


def federated_subject(connector: Connector) -> str:
    """Give the subject of the managed identity that the platform made for a live connector; empty without one."""
    for settings in all_settings(connector.properties):
        identity = as_object(as_object(settings.get("properties")).get("FederatedIdentityCredentials"))
        subject = as_text(identity.get("Subject"))
        if re.fullmatch(r"[A-Za-z0-9._~:/%=+-]{1,600}", subject):
            return subject
    return ""


def _filled_set(one: Json, secret: str, takers: frozenset[int]) -> Json:
    if not isinstance(one, Mapping):
        return one
    return {name: _filled(value, secret, takers) if name == "parameters" else value for name, value in one.items()}


def _filled(parameters: Json, secret: str, takers: frozenset[int]) -> Json:
    if not isinstance(parameters, Mapping):
        return parameters
    return {
        name: {
            key: {**value, "clientSecret": secret} if isinstance(value, dict) and id(value) in takers else value
            for key, value in parameter.items()
        }
        if isinstance(parameter, Mapping)
        else parameter
        for name, parameter in as_object(parameters).items()
    }
