"""Security definitions of Swagger 2.0: which one counts, and those that we add."""

from __future__ import annotations

from typing import NamedTuple

from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.settings.settings import Auth, SecuritySettings

KIND_OF_TYPE = {"apiKey": Auth.API_KEY, "basic": Auth.BASIC, "oauth2": Auth.OAUTH2}
_ENTRA_HOSTS = (
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoftonline.us",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
)


class Scheme(NamedTuple):
    """One security definition."""

    name: str
    type: str
    body: Object
    pointer: Pointer

    @property
    def flow(self) -> str:
        """The OAuth 2.0 flow: `accessCode`, `implicit`, `password` or `application`."""
        return as_text(self.body.get("flow"))

    @property
    def is_entra_v1(self) -> bool:
        """Whether people sign in at Entra ID's first endpoint, which asks for a resource instead of scopes."""
        address = as_text(self.body.get("authorizationUrl")).lower()
        host = address.removeprefix("https://").partition("/")[0]
        return host in _ENTRA_HOSTS and "/oauth2/v2.0/" not in address


def first_scheme(document: Object) -> Scheme | None:
    """
    Give the security definition that a connector uses: the first one that `security` names, else the first at all.

    A custom connector takes the top one
    (https://learn.microsoft.com/connectors/custom-connectors/faq#other).
    """
    definitions = as_object(document.get("securityDefinitions"))
    named = [name for entry in as_list(document.get("security")) for name in as_object(entry)]
    for name in [*named, *definitions]:
        body = as_object(definitions.get(name))
        if as_text(body.get("type")) in KIND_OF_TYPE:
            return Scheme(name, as_text(body.get("type")), body, ("securityDefinitions", name))
    return None


def scheme_for(auth: Auth, settings: SecuritySettings) -> tuple[str, Object] | None:
    """Make a security definition for a way of signing in that the definition lacks; None where we cannot know it."""
    if auth is Auth.BASIC:
        return "basic_auth", {"type": "basic"}
    if auth is Auth.AAD:
        login = f"{settings.login_url.rstrip('/')}/{settings.tenant_id}/oauth2"
        return "oauth2_auth", _oauth2(f"{login}/authorize", f"{login}/token", settings.scopes)
    if auth is Auth.OAUTH2 and settings.authorization_url and settings.token_url:
        return "oauth2_auth", _oauth2(settings.authorization_url, settings.token_url, settings.scopes)
    return None


def _oauth2(authorization_url: str, token_url: str, scopes: tuple[str, ...]) -> Object:
    return {
        "type": "oauth2",
        "flow": "accessCode",
        "authorizationUrl": authorization_url,
        "tokenUrl": token_url,
        "scopes": {scope: scope for scope in scopes},
    }
