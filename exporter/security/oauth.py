"""The OAuth settings among a connector's connection parameters: where they stand, and who needs a client secret."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Json, Object, as_list, as_object, as_text

SETTINGS = "oauthsettings"
"""The member that holds them, in lower case: authors write it in more than one way."""
OAUTH_TYPES = frozenset({"oauthsetting", "oauthsettings"})
"""The types of parameter that hold them, in lower case, for the same reason."""
SIGN_IN = ("connectionParameters", "connectionParameterSets")
"""The properties that hold parameters of connections."""
REFERENCE = "@environmentVariables("
"""How a value begins that is kept in an environment variable of the platform."""
_WITHOUT_SECRET = frozenset({"oauth2pkce", "oauth2pkcewithprm", "oauth2pkcewithdcr"})
"""Identity providers that do without a secret: the code is proven with PKCE instead (RFC 7636)."""


def needs_secret(properties: Object) -> bool:
    """Tell whether somebody must supply a client secret with these connection parameters."""
    return any(lacks_secret(settings) for settings in all_settings(properties))


def all_settings(properties: Object) -> Iterator[Object]:
    """Give the OAuth settings of all parameters, those of sets of parameters too."""
    yield from _settings(properties.get("connectionParameters"))
    for one in as_list(as_object(properties.get("connectionParameterSets")).get("values")):
        yield from _settings(as_object(one).get("parameters"))


def lacks_secret(settings: Object) -> bool:
    """Tell whether these settings need a secret that they do not hold."""
    return takes_secret(settings) and as_text(settings.get("identityProvider")).lower() not in _WITHOUT_SECRET


def takes_secret(settings: Object) -> bool:
    """
    Tell whether these settings can take a secret, and hold none.

    `clientAssertionType` is a managed or federated identity; a secret that is written down is a reference to an
    environment variable of the platform: "@environmentVariables(...)".
    """
    return not (settings.get("clientSecret") or settings.get("clientAssertionType"))


def secret_reference(settings: Object) -> str:
    """Give the reference to the environment variable of the platform that holds the secret; empty without one."""
    secret = as_text(settings.get("clientSecret"))
    return secret if secret.startswith(REFERENCE) else ""


def secret_takers(properties: Object) -> tuple[Object, ...]:
    """Give the settings that a client secret belongs into: those that need one, else those that could have one."""
    found = tuple(all_settings(properties))
    return tuple(filter(lacks_secret, found)) or tuple(filter(takes_secret, found))


def client_ids(properties: Object) -> tuple[str, ...]:
    """Give the client ids of all OAuth settings, in their order."""
    return tuple(as_text(settings.get("clientId")) for settings in all_settings(properties))


def with_own_of(properties: Object, others: Object, names: frozenset[str]) -> Object:
    """
    Give properties with what `others` have their own of: the OAuth settings of these names, where both have them.

    >>> settings = {"connectionParameters": {"token": {"oAuthSettings": {"identityProvider": "aad", "clientId": ""}}}}
    >>> live = {"connectionParameters": {"token": {"oAuthSettings": {"identityProvider": "aad", "clientId": "c"}}}}
    >>> with_own_of(settings, live, frozenset({"clientId"})) == live
    True
    """
    taken = {name: _taken(properties[name], others.get(name), names) for name in SIGN_IN if name in properties}
    return {**properties, **taken}


def _taken(value: Json, other: Json, names: frozenset[str]) -> Json:
    if isinstance(value, list) and isinstance(other, list):
        sets = {as_text(as_object(one).get("name")): one for one in other}
        return [_taken(one, sets.get(as_text(as_object(one).get("name"))), names) for one in value]
    if not isinstance(value, dict) or not isinstance(other, dict):
        return value
    if as_text(value.get("identityProvider")).lower() != as_text(other.get("identityProvider")).lower():
        return value
    return {
        name: other[name] if name in names and as_text(other.get(name)) else _taken(inner, other.get(name), names)
        for name, inner in value.items()
    }


def _settings(parameters: Json) -> Iterator[Object]:
    for parameter in as_object(parameters).values():
        for name, value in as_object(parameter).items():
            if name.lower() == SETTINGS and isinstance(value, dict):
                yield value
