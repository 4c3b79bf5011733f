"""From the definition's security and the inputs to what makers are asked, and what the deployer must supply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.plans import Credential
from exporter.security.credentials import credentials_for
from exporter.security.parameters import parameters_for, with_inputs
from exporter.security.schemes import KIND_OF_TYPE, Scheme, first_scheme, scheme_for
from exporter.security.secrets import without_secrets
from exporter.settings.settings import Auth, SecuritySettings


class Connection(NamedTuple):
    """How connections to the connector sign in."""

    auth: Auth
    """Never AUTO: what was found, or chosen."""
    document: Object
    """The connector definition; with a security definition added where the chosen sign-in had none."""
    base: Object
    """The existing properties, without any secret that stood in them."""
    parameters: Object
    """`connectionParameters` of apiProperties.json."""
    credentials: tuple[Credential, ...] = ()
    """What whoever imports or deploys the connector must have."""
    missing: tuple[str, ...] = ()
    """Inputs that express cannot do without, as complaints; the secret is asked for when a write needs it."""
    findings: tuple[Finding, ...] = ()
    """Pointers are in the connector definition."""


def connection(document: Object, settings: SecuritySettings, base: Object) -> Connection:
    """
    Work out how connections sign in.

    `document` is the connector definition (Swagger 2.0, "Security Definitions Object"), `base` the inside of an
    existing apiProperties.json, or empty. What the base says stays, but for what an input says otherwise. Shapes follow
    https://learn.microsoft.com/connectors/custom-connectors/connection-parameters and published connectors.
    """
    found = first_scheme(document)
    auth = settings.auth if settings.auth is not Auth.AUTO else _kind(found, settings)
    scheme = found if found is not None and _fits(found, auth) else None
    clean = without_secrets(base)
    base_parameters = as_object(clean.get("connectionParameters"))
    if base_parameters and _keeps(base_parameters, auth, asked=settings.auth):
        auth = auth_of(base_parameters) or auth
        parameters = with_inputs(base_parameters, settings)
    elif "connectionParameters" in clean and settings.auth is Auth.AUTO:
        auth, parameters = Auth.NONE, {}
    else:
        parameters = parameters_for(auth, scheme, settings, as_text(as_object(document.get("info")).get("title")))
    return Connection(
        auth=auth,
        document=_with_scheme(document, auth, scheme, settings),
        base=clean,
        parameters=parameters,
        credentials=credentials_for(auth, parameters, settings),
        missing=_missing(auth, parameters),
        findings=_findings(found, scheme, auth, settings, had_secret=clean != base),
    )


def auth_of(parameters: Object) -> Auth | None:
    """
    Tell the way of signing in from connection parameters; None where they are of no kind that we know.

    >>> auth_of({"api_key": {"type": "securestring"}}), auth_of({})
    (<Auth.API_KEY: 'api-key'>, <Auth.NONE: 'none'>)
    """
    token = _settings_of_token(parameters)
    if token:
        return Auth.AAD if as_text(token.get("identityProvider")).lower() == "aad" else Auth.OAUTH2
    names = {name.lower() for name in parameters}
    if {"username", "password"} <= names:
        return Auth.BASIC
    secure = [value for value in parameters.values() if as_text(as_object(value).get("type")).lower() == "securestring"]
    if secure:
        return Auth.API_KEY
    return None if parameters else Auth.NONE


def _kind(found: Scheme | None, settings: SecuritySettings) -> Auth:
    if found is None:
        return Auth.NONE
    if found.type == "oauth2" and (settings.resource_url or found.is_entra_v1):
        return Auth.AAD
    return KIND_OF_TYPE.get(found.type, Auth.NONE)


def _fits(scheme: Scheme, auth: Auth) -> bool:
    kind = KIND_OF_TYPE.get(scheme.type)
    return kind is auth or (kind is Auth.OAUTH2 and auth is Auth.AAD)


def _keeps(parameters: Object, auth: Auth, *, asked: Auth) -> bool:
    """Tell whether the base's parameters stay: always, unless another way of signing in was asked for."""
    return asked is Auth.AUTO or auth_of(parameters) is auth


def _with_scheme(document: Object, auth: Auth, scheme: Scheme | None, settings: SecuritySettings) -> Object:
    if settings.auth is Auth.AUTO or scheme is not None:
        return document
    made = scheme_for(auth, settings)
    if made is None:
        return document
    name, body = made
    return {**document, "securityDefinitions": {name: body}, "security": [{name: list(as_object(body.get("scopes")))}]}


def _settings_of_token(parameters: Object) -> Object:
    for value in parameters.values():
        entry = as_object(value)
        if as_text(entry.get("type")).lower() in {"oauthsetting", "oauthsettings"}:
            return as_object(entry.get("oAuthSettings"))
    return {}


_NEEDED: Mapping[Auth, tuple[tuple[str, str], ...]] = {
    Auth.AAD: (("client-id", "clientId"), ("resource-url", "resourceUri")),
    Auth.OAUTH2: (("client-id", "clientId"), ("authorization-url", "authorizationUrl"), ("token-url", "tokenUrl")),
}


def _missing(auth: Auth, parameters: Object) -> tuple[str, ...]:
    token = _settings_of_token(parameters)
    provider = as_text(token.get("identityProvider")).lower()
    if not token or provider not in {"aad", "oauth2"}:
        return ()
    custom = {
        name.lower(): as_object(value).get("value") for name, value in as_object(token.get("customParameters")).items()
    }
    values: dict[str, Json] = {**custom, "clientid": token.get("clientId")}
    return tuple(
        f"{name}: is missing, and connections sign in with {_NAMES[auth]}."
        for name, key in _NEEDED.get(auth, ())
        if not values.get(key.lower())
    )


_NAMES = {Auth.AAD: "Entra ID", Auth.OAUTH2: "OAuth 2.0"}


def _effective(settings: SecuritySettings) -> tuple[tuple[str, object, frozenset[Auth]], ...]:
    """Give inputs, their values, and the ways of signing in that they belong to."""
    key, aad, oauth2 = frozenset({Auth.API_KEY}), frozenset({Auth.AAD}), frozenset({Auth.OAUTH2})
    return (
        ("api-key-label", settings.api_key_label, key),
        ("client-id", settings.client_id, aad | oauth2),
        ("client-secret", settings.client_secret, aad | oauth2),
        ("resource-url", settings.resource_url, aad),
        ("authorization-url", settings.authorization_url, oauth2),
        ("token-url", settings.token_url, oauth2),
        ("refresh-url", settings.refresh_url, oauth2),
        ("scopes", settings.scopes, aad | oauth2),
    )


def _findings(
    found: Scheme | None, scheme: Scheme | None, auth: Auth, settings: SecuritySettings, *, had_secret: bool
) -> tuple[Finding, ...]:
    rows = []
    if found is not None and found.type == "oauth2" and auth in _NAMES and found.flow != "accessCode":
        rows.append(
            Finding(
                "security-flow-not-supported",
                Severity.WARNING,
                (*found.pointer, "flow"),
                f"Connectors sign people in with the authorization code only, not with the flow `{found.flow}`.",
                "Check that the API accepts the authorization code flow, and give authorization-url and token-url.",
            )
        )
    if settings.auth is Auth.API_KEY and scheme is None:
        rows.append(
            Finding(
                "security-scheme-missing",
                Severity.WARNING,
                (),
                "`auth` is `api-key`, but the definition does not say in which header or query parameter the key goes.",
                "Add a security scheme of type apiKey to the definition.",
            )
        )
    idle = [name for name, value, ways in _effective(settings) if value and auth not in ways]
    if idle:
        rows.append(
            Finding(
                "input-without-effect",
                Severity.WARNING,
                (),
                f"Connections sign in with `{auth.value}`, so that these inputs do nothing: {', '.join(idle)}.",
                "Leave them out, or choose the sign-in that they belong to with `auth`.",
            )
        )
    if had_secret:
        rows.append(
            Finding(
                "secret-in-properties",
                Severity.WARNING,
                (),
                "The apiProperties.json that is the base holds a client secret. It was left out of everything.",
                "Take the secret out of the file, replace it at the identity provider, and give it as client-secret.",
            )
        )
    return tuple(rows)
