"""The credentials sheet: which values to gather, what they are, and from whom; never a secret's value."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.plans import Credential
from exporter.security.oauth import all_settings, needs_secret, secret_reference
from exporter.security.providers import PROVIDERS
from exporter.settings.settings import Auth, SecuritySettings

_REGISTRATION = "whoever owns the connector's own app registration"


def credentials_for(auth: Auth, parameters: Object, settings: SecuritySettings) -> tuple[Credential, ...]:
    """Give what whoever imports the connector, and each maker, must have; `parameters` are the connection parameters."""
    if auth is Auth.API_KEY:
        return _api_key(parameters)
    if auth is Auth.BASIC:
        return _BASIC
    if auth in PROVIDERS:
        return tuple(_oauth(auth, parameters, settings))
    return ()


_BASIC = (
    Credential(
        "User name",
        "The name of an account of the API; each maker enters their own.",
        "the API's owner",
        kind="user-name",
    ),
    Credential(
        "Password",
        "The password of that account; each maker enters it.",
        "the API's owner",
        secret=True,
        kind="password",
    ),
)


def _api_key(parameters: Object) -> tuple[Credential, ...]:
    asked = {name: as_object(value) for name, value in parameters.items()}
    return tuple(
        _key(name, value) for name, value in asked.items() if as_text(value.get("type")).lower() == "securestring"
    )


def _key(name: str, parameter: Object) -> Credential:
    shown = as_object(parameter.get("uiDefinition"))
    bearer = "`bearer`" in as_text(shown.get("description")).lower()
    meaning = (
        "The token that calls to the API carry; each maker types `Bearer`, a blank and the token when they make a "
        "connection."
        if bearer
        else "The key that calls to the API carry; each maker enters it when they make a connection."
    )
    return Credential(
        as_text(shown.get("displayName")) or name,
        meaning,
        "the API's owner",
        secret=True,
        kind="bearer" if bearer else "api-key",
    )


_NAMELESS = frozenset({Auth.OAUTH2, Auth.OAUTH2_GENERIC, Auth.OAUTH2_PKCE})
_ROWS = {
    "loginuri": ("Login URL", "The address where people sign in.", "the same for everybody"),
    "tenantid": (
        "Tenant ID",
        "The tenant whose people sign in: `common`, or an id.",
        "the administrator of the tenant",
    ),
    "resourceuri": ("Resource URL", "The API's own identifier in Entra ID (application id URI).", "the API's owner"),
    "authorizationurl": ("Authorization URL", "Where people sign in.", "the API's owner"),
    "tokenurl": ("Token URL", "Where tokens come from.", "the API's owner"),
    "refreshurl": ("Refresh URL", "Where tokens are renewed.", "the API's owner"),
    "authorizationurltemplate": ("Authorization URL", "Where people sign in.", "the API's owner"),
    "tokenurltemplate": ("Token URL", "Where tokens come from.", "the API's owner"),
    "refreshurltemplate": ("Refresh URL", "Where tokens are renewed.", "the API's owner"),
}


def _oauth(auth: Auth, parameters: Object, settings: SecuritySettings) -> Iterator[Credential]:
    token = next(all_settings({"connectionParameters": parameters}), {})
    provider = "the identity provider" if auth in _NAMELESS else PROVIDERS[auth].words
    yield Credential(
        "Client ID",
        f"The id of the connector's own app registration at {provider}; not the API's.",
        _REGISTRATION,
        value=as_text(token.get("clientId")),
        kind="client-id",
    )
    yield from _proof(token)
    for name, value in as_object(token.get("customParameters")).items():
        row = _ROWS.get(name.lower())
        if row:
            kind = row[0].lower().replace(" ", "-")
            yield Credential(*row, value=as_text(as_object(value).get("value")), kind=kind)
    scopes = " ".join(as_text(scope) for scope in as_list(token.get("scopes"))) or " ".join(settings.scopes)
    yield Credential(
        "Scope",
        "What the connector may do, set apart by blanks; may be empty.",
        "the API's owner",
        value=scopes,
        kind="scope",
    )


def _proof(token: Object) -> Iterator[Credential]:
    """Give how the connector proves that it is the app of its client id."""
    if token.get("clientAssertionType"):
        yield Credential(
            "Managed identity",
            "No secret: the platform shows issuer and subject of the connector's identity once the connector is saved. "
            "They are registered as a federated credential of the app registration.",
            _REGISTRATION,
            kind="managed-identity",
        )
        return
    if reference := secret_reference(token):
        yield Credential(
            "Client secret",
            "It comes from an environment variable of the platform, which must be there before.",
            "the environment's administrator",
            value=reference,
            kind="client-secret",
        )
        return
    optional = not needs_secret({"connectionParameters": {"token": {"oAuthSettings": token}}})
    yield Credential(
        "Client secret",
        "The secret of the connector's own app registration, handed over on a safe channel; never the API's."
        + (" This sign-in works without one, too." if optional else ""),
        _REGISTRATION,
        secret=True,
        kind="optional-secret" if optional else "client-secret",
    )
