"""`connectionParameters` of apiProperties.json: made for each way of signing in, and brought up to date by inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exporter.model.json_values import Json, Object, as_object, as_text
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


def _aad(scheme: Scheme | None, settings: SecuritySettings, _title: str) -> Object:
    custom = {
        "loginUri": settings.login_url.rstrip("/"),
        "tenantId": settings.tenant_id,
        "resourceUri": settings.resource_url,
    }
    extra = {"AzureActiveDirectoryResourceId": settings.resource_url}
    return {
        "token": _token("aad", settings, scheme, custom, extra),
        "token:TenantId": {
            "type": "string",
            "metadata": {"sourceType": "AzureActiveDirectoryTenant"},
            "uiDefinition": {"constraints": {"required": "false", "hidden": "true"}},
        },
    }


def _oauth2(scheme: Scheme | None, settings: SecuritySettings, _title: str) -> Object:
    body = scheme.body if scheme else {}
    token_url = settings.token_url or as_text(body.get("tokenUrl"))
    custom = {
        "authorizationUrl": settings.authorization_url or as_text(body.get("authorizationUrl")),
        "tokenUrl": token_url,
        "refreshUrl": settings.refresh_url or token_url,
    }
    return {"token": _token("oauth2", settings, scheme, custom, {})}


def _token(
    provider: str,
    settings: SecuritySettings,
    scheme: Scheme | None,
    custom: Mapping[str, str],
    extra: Mapping[str, str],
) -> Object:
    scopes = settings.scopes or tuple(as_object(scheme.body.get("scopes")) if scheme and provider != "aad" else ())
    return {
        "type": "oauthSetting",
        "oAuthSettings": {
            "identityProvider": provider,
            "clientId": settings.client_id,
            "scopes": list(scopes),
            "redirectMode": "GlobalPerConnector",
            "properties": {"IsFirstParty": "False", **extra},
            "customParameters": {name: {"value": value} for name, value in custom.items()},
        },
    }


_MAKERS: Mapping[Auth, Callable[[Scheme | None, SecuritySettings, str], Object]] = {
    Auth.NONE: _none,
    Auth.API_KEY: _api_key,
    Auth.BASIC: _basic,
    Auth.AAD: _aad,
    Auth.OAUTH2: _oauth2,
}


def _updated(entry: Object, settings: SecuritySettings, value: Json) -> Json:
    kind = as_text(entry.get("type")).lower()
    if kind == "securestring" and settings.api_key_label:
        shown = as_object(entry.get("uiDefinition"))
        return {**entry, "uiDefinition": {**shown, "displayName": settings.api_key_label}}
    if kind in {"oauthsetting", "oauthsettings"}:
        return {**entry, "oAuthSettings": _updated_token(as_object(entry.get("oAuthSettings")), settings)}
    return value


def _updated_token(token: Object, settings: SecuritySettings) -> Object:
    said = {
        "loginuri": _unless(settings.login_url, SecuritySettings().login_url),
        "tenantid": _unless(settings.tenant_id, SecuritySettings().tenant_id),
        "resourceuri": settings.resource_url,
        "authorizationurl": settings.authorization_url,
        "tokenurl": settings.token_url,
        "refreshurl": settings.refresh_url,
    }
    custom = {
        name: {**as_object(value), "value": said[name.lower()]} if said.get(name.lower()) else value
        for name, value in as_object(token.get("customParameters")).items()
    }
    updated: dict[str, Json] = dict(token)
    if custom:
        updated["customParameters"] = custom
    if settings.client_id:
        updated["clientId"] = settings.client_id
    if settings.scopes:
        updated["scopes"] = list(settings.scopes)
    more = as_object(token.get("properties"))
    if settings.resource_url and "AzureActiveDirectoryResourceId" in more:
        updated["properties"] = {**more, "AzureActiveDirectoryResourceId": settings.resource_url}
    return updated


def _unless(value: str, default: str) -> str:
    return "" if value == default else value
