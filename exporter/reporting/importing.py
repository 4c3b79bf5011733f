"""Reads out of a connector what the person who imports it sees and types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from exporter.model.connectors import Connector
from exporter.model.json_values import Object, as_list, as_object, as_text

_NOT_TAKEN = ("stackowner", "script")
"""Properties that published files have for their certification, in small letters; no connector in an environment does."""


class Field(NamedTuple):
    """A field of the maker portal and what belongs in it."""

    label: str
    value: str


class SignIn(NamedTuple):
    """How connections sign in, as the Security tab has it."""

    kind: str
    """`none`, `api-key`, `basic`, `oauth`; `several` where makers choose."""
    fields: tuple[Field, ...] = ()


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
        Field("Scheme", "HTTPS" if "HTTPS" in schemes or not schemes else schemes[0]),
        Field("Host", as_text(definition.get("host"))),
        Field("Base URL", as_text(definition.get("basePath")) or "/"),
        Field("Description", as_text(as_object(definition.get("info")).get("description"))),
        Field("Icon background color", as_text(connector.properties.get("iconBrandColor"))),
    )
    return tuple(field for field in fields if field.value)


def sign_in(connector: Connector) -> SignIn:
    """Give how connections sign in; no secret is ever among the fields."""
    properties = connector.properties
    if as_list(as_object(properties.get("connectionParameterSets")).get("values")):
        return SignIn("several")
    parameters = {name: as_object(it) for name, it in as_object(properties.get("connectionParameters")).items()}
    for parameter in parameters.values():
        if as_text(parameter.get("type")).casefold() == "oauthsetting":
            return SignIn("oauth", _oauth_fields(_any_case(parameter, "oAuthSettings")))
    if "username" in parameters and "password" in parameters:
        return SignIn("basic", tuple(_labels(parameters, ("username", "password"))))
    keys = [name for name, it in parameters.items() if as_text(it.get("type")).casefold() == "securestring"]
    return SignIn("api-key", _key_fields(connector.definition, parameters, keys)) if keys else SignIn("none")


def _labels(parameters: Mapping[str, Object], names: tuple[str, ...]) -> Iterator[Field]:
    for name in names:
        shown = as_object(parameters[name].get("uiDefinition"))
        yield Field("Parameter label", as_text(shown.get("displayName")) or name)


def _key_fields(definition: Object, parameters: Mapping[str, Object], keys: list[str]) -> tuple[Field, ...]:
    schemes = map(as_object, as_object(definition.get("securityDefinitions")).values())
    key = next((scheme for scheme in schemes if scheme.get("type") == "apiKey"), {})
    fields = (
        *_labels(parameters, (keys[0],)),
        Field("Parameter name", as_text(key.get("name"))),
        Field("Parameter location", as_text(key.get("in")).capitalize()),
    )
    return tuple(field for field in fields if field.value)


_PROVIDERS = {"aad": "Azure Active Directory (Microsoft Entra ID)", "aadcertificate": "Azure Active Directory"}
# By the name of a custom parameter, in small letters: the field that shows it.
_OAUTH_FIELDS = {
    "loginuri": "Authorization URL",
    "authorizationurl": "Authorization URL",
    "authorizationurltemplate": "Authorization URL",
    "tenantid": "Tenant ID",
    "resourceuri": "Resource URL",
    "tokenurl": "Token URL",
    "tokenurltemplate": "Token URL",
    "refreshurl": "Refresh URL",
    "refreshurltemplate": "Refresh URL",
}


def _oauth_fields(settings: Object) -> tuple[Field, ...]:
    provider = as_text(settings.get("identityProvider"))
    custom = {name.casefold(): as_object(it) for name, it in as_object(settings.get("customParameters")).items()}
    scopes = [scope for scope in as_list(settings.get("scopes")) if isinstance(scope, str)]
    fields = (
        Field("Identity provider", _PROVIDERS.get(provider.casefold(), "Generic Oauth 2")),
        Field("Client ID", as_text(settings.get("clientId"))),
        *(Field(label, as_text(custom[name].get("value"))) for name, label in _OAUTH_FIELDS.items() if name in custom),
        Field("Scope", " ".join(scopes)),
    )
    return tuple(field for field in fields if field.value)


def _any_case(thing: Object, name: str) -> Object:
    return next((as_object(value) for key, value in thing.items() if key.casefold() == name.casefold()), {})


def left_out(connector: Connector) -> tuple[str, ...]:
    """Name what an import of the OpenAPI file alone does not bring along: keys of the page's texts."""
    properties = connector.properties
    parts = {
        "left-out-sign-in": "connectionParameterSets" in properties,
        "left-out-policies": bool(as_list(properties.get("policyTemplateInstances"))),
        "left-out-script": bool(connector.script),
        "left-out-gateway": "gateway" in as_list(properties.get("capabilities")),
    }
    return tuple(key for key, there in parts.items() if there)
