"""Tells in which ways connections sign in, out of the properties of a connector."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.security.oauth import OAUTH_TYPES, SETTINGS
from exporter.security.providers import provider_of
from exporter.settings.settings import Auth

NONE = "none"
_OTHER = "other"


def auth_of(parameters: Object) -> Auth | None:
    """
    Tell the way of signing in from connection parameters; None where they are of no kind that we make.

    >>> auth_of({"api_key": {"type": "securestring"}}), auth_of({})
    (<Auth.API_KEY: 'api-key'>, <Auth.NONE: 'none'>)
    """
    provider = _provider(parameters)
    if provider is not None:
        return provider_of(provider) or Auth.OAUTH2
    if {"username", "password"} <= {name.lower() for name in parameters}:
        return Auth.BASIC
    if any(as_text(as_object(value).get("type")).lower() == "securestring" for value in parameters.values()):
        return Auth.API_KEY
    return None if parameters else Auth.NONE


def kinds(properties: Object) -> frozenset[str]:
    """
    Name all ways in which connections to a connector sign in; those of OAuth by their identity provider.

    >>> sorted(kinds({"connectionParameters": {"token": {"type": "oauthSetting",
    ...     "oAuthSettings": {"identityProvider": "AAD"}}}}))
    ['aad']
    """
    return frozenset(_kind(parameters) for parameters in ways(properties)) or frozenset({NONE})


def ways(properties: Object) -> Iterator[Object]:
    """
    Give the connection parameters of each way that makers can choose.

    Where there are sets of parameters, makers choose among these, and what else there is repeats one of them.
    """
    sets = as_list(as_object(properties.get("connectionParameterSets")).get("values"))
    if sets:
        yield from (as_object(as_object(one).get("parameters")) for one in sets)
    else:
        yield as_object(properties.get("connectionParameters"))


def _kind(parameters: Object) -> str:
    provider = _provider(parameters)
    if provider is not None:
        return provider.lower() or _OTHER
    found = auth_of(parameters)
    return found.value if found is not None else _OTHER


def _provider(parameters: Object) -> str | None:
    """Give the identity provider; None where there is no OAuth."""
    for value in parameters.values():
        entry = as_object(value)
        if as_text(entry.get("type")).lower() in OAUTH_TYPES:
            found = next((as_object(inner) for name, inner in entry.items() if name.lower() == SETTINGS), {})
            return as_text(found.get("identityProvider"))
    return None
