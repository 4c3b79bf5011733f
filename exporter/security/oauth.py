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
    """
    Tell whether these settings need a secret that they do not hold.

    `clientAssertionType` is a managed or federated identity; a secret that is written down is a reference to an
    environment variable of the platform: "@environmentVariables(...)".
    """
    return not (
        settings.get("clientSecret")
        or settings.get("clientAssertionType")
        or as_text(settings.get("identityProvider")).lower() in _WITHOUT_SECRET
    )


def _settings(parameters: Json) -> Iterator[Object]:
    for parameter in as_object(parameters).values():
        for name, value in as_object(parameter).items():
            if name.lower() == SETTINGS and isinstance(value, dict):
                yield value
