"""Reads out of a connector what the person who imports it sees and types."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from exporter.model.connectors import Connector
from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.plans import Credential
from exporter.security.oauth import all_settings, secret_reference

_NOT_TAKEN = ("stackowner", "script")
"""Properties that published files have for their certification, in small letters; no connector in an environment does."""
OF_MAKERS = frozenset({"api-key", "bearer", "user-name", "password"})
"""Kinds of credentials that each maker types when they make a connection, and nobody before."""


class Field(NamedTuple):
    """A field of the maker portal and what belongs in it."""

    key: str
    """Of its label among the page's texts: `field-<key>`."""
    value: str
    listed: bool = False
    """Whether the portal offers it in a list, in its own language: the value is then a key, `choice-<value>`."""


class SignIn(NamedTuple):
    """How connections sign in, as the Security tab has it."""

    kind: str
    """`none`, `api-key`, `basic`, `oauth`; `several` where makers choose, `elsewhere` where the tab has no place for it."""
    fields: tuple[Field, ...] = ()
    redirect: str = ""
    """The address that the sign-in service must know, as far as it is known before the import; empty without OAuth."""
    provider: str = ""
    """The identity provider, in small letters."""


def importable(connector: Connector) -> Object:
    """Give the properties without those for which the platform refuses the whole connector."""
    # The operations of a script are refused where the script is not there, as express leaves them out.
    refused = _NOT_TAKEN if connector.script else (*_NOT_TAKEN, "scriptoperations")
    return {name: value for name, value in connector.properties.items() if name.lower() not in refused}


def general_fields(connector: Connector) -> tuple[Field, ...]:
    """Give the fields of the General tab that have a value."""
    definition = connector.definition
    schemes = [scheme.upper() for scheme in as_list(definition.get("schemes")) if isinstance(scheme, str)]
    fields = (
        Field("scheme", "HTTPS" if "HTTPS" in schemes or not schemes else schemes[0]),
        Field("host", as_text(definition.get("host"))),
        Field("base-url", as_text(definition.get("basePath")) or "/"),
        Field("description", as_text(as_object(definition.get("info")).get("description"))),
        Field("color", as_text(connector.properties.get("iconBrandColor"))),
    )
    return tuple(field for field in fields if field.value)


def sign_in(connector: Connector) -> SignIn:
    """Give how connections sign in; no secret is ever among the fields."""
    properties = connector.properties
    if as_list(as_object(properties.get("connectionParameterSets")).get("values")):
        providers = (as_text(settings.get("identityProvider")).casefold() for settings in all_settings(properties))
        return SignIn("several", provider=next(filter(None, providers), ""))
    parameters = {name: as_object(it) for name, it in as_object(properties.get("connectionParameters")).items()}
    for settings in all_settings({"connectionParameters": parameters}):
        return _oauth(settings)
    if "username" in parameters and "password" in parameters:
        labels = (_label("user-label", parameters, "username"), _label("password-label", parameters, "password"))
        return SignIn("basic", (_way("basic"), *labels))
    keys = [name for name, it in parameters.items() if as_text(it.get("type")).casefold() == "securestring"]
    if keys:
        return SignIn("api-key", (_way("api-key"), *_key_fields(connector.definition, parameters, keys[0])))
    return SignIn("none", (_way("none"),))


def _way(kind: str) -> Field:
    return Field("authentication", kind, listed=True)


def _label(key: str, parameters: Mapping[str, Object], name: str) -> Field:
    return Field(key, as_text(as_object(parameters[name].get("uiDefinition")).get("displayName")) or name)


def _key_fields(definition: Object, parameters: Mapping[str, Object], name: str) -> Iterator[Field]:
    yield _label("parameter-label", parameters, name)
    schemes = map(as_object, as_object(definition.get("securityDefinitions")).values())
    scheme = next((scheme for scheme in schemes if scheme.get("type") == "apiKey"), {})
    if header := as_text(scheme.get("name")):
        yield Field("parameter-name", header)
    if scheme.get("in") in {"header", "query"}:
        yield Field("parameter-location", as_text(scheme.get("in")), listed=True)


GLOBAL_REDIRECT = "https://global.consent.azure-apim.net/redirect"
"""Where people are sent back to after they signed in; nearly every connector has an address of its own below it."""
_PORTAL = frozenset({"aad", "oauth2", "dropbox", "facebook", "instagram", "salesforcev2"})
"""Identity providers that the tab Security offers."""
# By the name of a custom parameter, in small letters: the field that shows it.
_OAUTH_FIELDS = {
    "loginuri": "login-url",
    "authorizationurl": "authorization-url",
    "tenantid": "tenant-id",
    "resourceuri": "resource-url",
    "tokenurl": "token-url",
    "refreshurl": "refresh-url",
    "enableonbehalfoflogin": "on-behalf-of",
}


def _oauth(settings: Object) -> SignIn:
    provider = as_text(settings.get("identityProvider")).casefold()
    redirect = GLOBAL_REDIRECT if settings.get("redirectMode") == "Global" else ""
    if provider not in _PORTAL:
        return SignIn("elsewhere", (), redirect, provider or "oauth2")
    custom = {name.casefold(): as_object(it) for name, it in as_object(settings.get("customParameters")).items()}
    scopes = [scope for scope in as_list(settings.get("scopes")) if isinstance(scope, str)]
    fields = (
        _way("oauth"),
        Field("provider", provider, listed=True),
        Field("client-id", as_text(settings.get("clientId"))),
        Field("client-secret", secret_reference(settings)),
        Field("secret-options", "managed-identity" if settings.get("clientAssertionType") else "", listed=True),
        *(Field(key, as_text(custom[name].get("value"))) for name, key in _OAUTH_FIELDS.items() if name in custom),
        Field("scope", " ".join(scopes)),
    )
    return SignIn("oauth", tuple(field for field in fields if field.value), redirect, provider)


def left_out(connector: Connector) -> tuple[str, ...]:
    """Name what an import of the OpenAPI file alone does not bring along: keys of the page's texts."""
    properties = connector.properties
    parts = {
        "left-out-policies": bool(as_list(properties.get("policyTemplateInstances"))),
        "left-out-script": bool(connector.script),
        "left-out-gateway": "gateway" in as_list(properties.get("capabilities")),
    }
    return tuple(key for key, there in parts.items() if there)


def unfilled(credentials: Iterable[Credential]) -> bool:
    """Tell whether values that are no secret are missing, which whoever imports types; scopes may be empty."""
    return any(not (it.value or it.secret or it.kind in _MAY_BE_EMPTY) for it in credentials)


_MAY_BE_EMPTY = OF_MAKERS | {"scope", "managed-identity"}
