"""`connectionParameters` of apiProperties.json: made for each way of signing in, and brought up to date by inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.security.oauth import OAUTH_TYPES, SETTINGS
from exporter.security.providers import ENTRA, PROVIDERS, entra_login, provider_of
from exporter.security.schemes import Scheme
from exporter.settings.settings import Auth, SecuritySettings

_API_KEY_LABEL = "API Key"


def parameters_for(auth: Auth, scheme: Scheme | None, settings: SecuritySettings, title: str) -> Object:
    """Make the parameters for a way of signing in; `scheme` is the security definition that it was found by."""
    return _MAKERS[auth](scheme, settings, title or "the API")


def with_inputs(parameters: Object, settings: SecuritySettings) -> Object:
    """Give existing parameters with what the inputs say otherwise; all that no input speaks of stays as it is."""
    return {name: _updated(as_object(value), settings, value) for name, value in parameters.items()}


def _none(_scheme: Scheme | None, _settings: SecuritySettings, _title: str) -> Object:
    return {}


def _api_key(scheme: Scheme | None, settings: SecuritySettings, title: str) -> Object:
    label = settings.api_key_label or _API_KEY_LABEL
    text = f"The API key for {title}"
    if scheme and as_text(scheme.body.get("name")).lower() == "authorization" and _says_bearer(scheme):
        text = f"The token for {title}: type `Bearer`, a space and the token"
    return {"api_key": _asked("securestring", label, text, clear=False, tab=2)}


def _says_bearer(scheme: Scheme) -> bool:
    """Tell whether makers must type more than the token; the conversion of OpenAPI's bearer scheme says so."""
    return "bearer" in as_text(scheme.body.get("description")).lower()


def _basic(_scheme: Scheme | None, _settings: SecuritySettings, title: str) -> Object:
    return {
        "username": _asked("securestring", "User name", f"The user name for {title}", clear=True, tab=2),
        "password": _asked("securestring", "Password", f"The password for {title}", clear=False, tab=3),
    }


def _asked(kind: str, label: str, text: str, *, clear: bool, tab: int) -> Object:
    return {
        "type": kind,
        "uiDefinition": {
            "displayName": label,
            "description": text,
            "tooltip": text,
            "constraints": {"required": "true", "clearText": clear, "tabIndex": tab},
        },
    }


def _token(auth: Auth, scheme: Scheme | None, settings: SecuritySettings) -> Object:
    """Make the parameter `token`; the platform looks for OAuth under this name only."""
    provider = PROVIDERS[auth]
    is_entra = provider.id == ENTRA
    scopes = settings.scopes or tuple(as_object(scheme.body.get("scopes")) if scheme and not is_entra else ())
    properties: dict[str, Json] = {"IsFirstParty": "False", "IsOnbehalfofLoginSupported": False}
    custom = dict(custom_parameters(auth, scheme, settings))
    token: dict[str, Json] = {"identityProvider": provider.id, "clientId": settings.client_id, "scopes": list(scopes)}
    token |= {"redirectMode": "GlobalPerConnector", "properties": properties, "customParameters": custom}
    if is_entra:
        properties["AzureActiveDirectoryResourceId"] = settings.resource_url
        _extend_entra(token, properties, custom, settings)
    return {"type": "oauthSetting", "oAuthSettings": token}


def custom_parameters(auth: Auth, scheme: Scheme | None, settings: SecuritySettings) -> Object:
    """Give what a provider must be told, each as `{"value": ...}`: inputs first, then the definition, then our table."""
    values: dict[str, str] = {}
    body = scheme.body if scheme else {}
    for setting in PROVIDERS[auth].settings:
        said = entra_login(settings) if setting.name == "loginUri" else _said(settings, setting.source).rstrip("/")
        default = values.get(setting.default.strip("{}"), setting.default)
        values[setting.name] = said or (setting.scheme and as_text(body.get(setting.scheme))) or default
    known = {name.casefold(): name for name in values}
    values |= {known.get(name.casefold(), name): value for name, value in settings.oauth_parameters}
    return {name: {"value": value} for name, value in values.items()}


def _said(settings: SecuritySettings, field: str) -> str:
    return str(getattr(settings, field)) if field else ""


def _extend_entra(
    token: dict[str, Json], properties: dict[str, Json], custom: dict[str, Json], settings: SecuritySettings
) -> None:
    """Add what lets the API act on behalf of people, and what stands for a secret."""
    if settings.on_behalf_of:
        properties["IsOnbehalfofLoginSupported"] = True
        custom["enableOnbehalfOfLogin"] = {"value": "true"}
    if settings.managed_identity:
        token["clientAssertionType"] = "GenericFederatedIdentityCredential"
        properties["FederatedIdentityCredentials"] = {
            "Issuer": f"{entra_login(settings)}/{settings.tenant_id}/v2.0",
            "Subject": "",  # the platform fills it in when it stores the connector
            "Audience": "api://AzureADTokenExchange",
        }
        custom["grantType"] = {"value": "authorization_code_with_federated_identity_credentials"}


def _oauth(auth: Auth) -> Callable[[Scheme | None, SecuritySettings, str], Object]:
    def make(scheme: Scheme | None, settings: SecuritySettings, _title: str) -> Object:
        made = {"token": _token(auth, scheme, settings)}
        return {**made, **_TENANT} if PROVIDERS[auth].id == ENTRA else made

    return make


_TENANT: Object = {
    "token:TenantId": {
        "type": "string",
        "metadata": {"sourceType": "AzureActiveDirectoryTenant"},
        "uiDefinition": {"constraints": {"required": "false", "hidden": "true"}},
    }
}
_MAKERS: Mapping[Auth, Callable[[Scheme | None, SecuritySettings, str], Object]] = {
    Auth.NONE: _none,
    Auth.API_KEY: _api_key,
    Auth.BASIC: _basic,
    **{auth: _oauth(auth) for auth in PROVIDERS},
}


def _updated(entry: Object, settings: SecuritySettings, value: Json) -> Json:
    kind = as_text(entry.get("type")).lower()
    if kind == "securestring" and settings.api_key_label:
        shown = as_object(entry.get("uiDefinition"))
        return {**entry, "uiDefinition": {**shown, "displayName": settings.api_key_label}}
    if kind in OAUTH_TYPES:
        return {
            name: _updated_token(as_object(inner), settings) if name.lower() == SETTINGS else inner
            for name, inner in entry.items()
        }
    return value


def _updated_token(token: Object, settings: SecuritySettings) -> Object:
    auth = provider_of(as_text(token.get("identityProvider")))
    named = PROVIDERS[auth].settings if auth is not None else ()
    said = {setting.name.casefold(): _said(settings, setting.source) for setting in named}
    custom: dict[str, Json] = {
        name: {**as_object(value), "value": said[name.casefold()]} if said.get(name.casefold()) else value
        for name, value in as_object(token.get("customParameters")).items()
    }
    known = {name.casefold(): name for name in custom}
    custom |= {known.get(name.casefold(), name): {"value": value} for name, value in settings.oauth_parameters}
    updated: dict[str, Json] = dict(token)
    properties: dict[str, Json] = dict(as_object(token.get("properties")))
    if settings.client_id:
        updated["clientId"] = settings.client_id
    if settings.scopes:
        updated["scopes"] = list(settings.scopes)
    if settings.resource_url and "AzureActiveDirectoryResourceId" in properties:
        properties["AzureActiveDirectoryResourceId"] = settings.resource_url
    if auth is Auth.AAD:
        _extend_entra(updated, properties, custom, settings)
    if custom:
        updated["customParameters"] = custom
    if properties:
        updated["properties"] = properties
    return updated
