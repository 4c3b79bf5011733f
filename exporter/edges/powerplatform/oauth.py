"""The OAuth settings among a connector's connection parameters: who needs a secret, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

_SETTINGS = "oauthsettings"
_WITHOUT_SECRET = frozenset({"oauth2pkce", "oauth2pkcewithprm", "oauth2pkcewithdcr"})
"""Identity providers that do without a secret: the code is proven with PKCE instead (RFC 7636)."""


def needs_secret(connector: Connector) -> bool:
    """Tell whether somebody must supply a client secret with these connection parameters."""
    return any(_needs_one(settings) for settings in _all_settings(connector.properties))


def with_secret(connector: Connector, secret: str) -> Connector:
    """Put the client secret wherever one is needed; without one give the connector as it is."""
    if not secret:
        return connector
    properties = dict(connector.properties)
    if "connectionParameters" in properties:
        properties["connectionParameters"] = _filled(properties["connectionParameters"], secret)
    sets = as_object(properties.get("connectionParameterSets"))
    if values := as_list(sets.get("values")):
        filled = [_filled_set(one, secret) for one in values]
        properties["connectionParameterSets"] = {**sets, "values": filled}
    return connector._replace(properties=properties)


def redirect_url(connector: Connector) -> str:
    """
    Give the redirect URL that the app registration of a live connector must allow; empty where it is not known.

    It is what the platform wrote into the connector, which differs per connector and environment.
    """
    settings = next(_all_settings(connector.properties), {})
    address = next((as_text(value) for name, value in settings.items() if name.lower() == "redirecturl"), "")
    # It becomes an output, which workflows paste into scripts, and whoever edits the connector can write it.
    return address if re.fullmatch(r"https://[A-Za-z0-9._~:/%?=+-]{1,2000}", address) else ""


def _all_settings(properties: Object) -> Iterator[Object]:
    yield from _settings(properties.get("connectionParameters"))
    for one in as_list(as_object(properties.get("connectionParameterSets")).get("values")):
        yield from _settings(as_object(one).get("parameters"))


def _settings(parameters: Json) -> Iterator[Object]:
    for parameter in as_object(parameters).values():
        for name, value in as_object(parameter).items():
            if name.lower() == _SETTINGS:
                yield as_object(value)


def _needs_one(settings: Object) -> bool:
    # `clientAssertionType` is a managed or federated identity; a secret that is written down is a reference to an
    # environment variable of the platform: "@environmentVariables(...)".
    return not (
        settings.get("clientSecret")
        or settings.get("clientAssertionType")
        or as_text(settings.get("identityProvider")).lower() in _WITHOUT_SECRET
    )


def _filled_set(one: Json, secret: str) -> Json:
    if not isinstance(one, Mapping):
        return one
    return {name: _filled(value, secret) if name == "parameters" else value for name, value in one.items()}


def _filled(parameters: Json, secret: str) -> Json:
    if not isinstance(parameters, Mapping):
        return parameters
    return {
        name: {
            key: {**as_object(value), "clientSecret": secret}
            if key.lower() == _SETTINGS and _needs_one(as_object(value))
            else value
            for key, value in parameter.items()
        }
        if isinstance(parameter, Mapping)
        else parameter
        for name, parameter in as_object(parameters).items()
    }
