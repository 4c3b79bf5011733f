"""Security definitions of Swagger 2.0: which one counts, and those that we add."""

from typing import NamedTuple

from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.security.providers import PROVIDERS, entra_login
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


def schemes(document: Object) -> tuple[Scheme, ...]:
    """
    Give the security definitions that a connector can use, first those that `security` names.

    A custom connector takes the top one
    (https://learn.microsoft.com/connectors/custom-connectors/faq#other).
    """
    definitions = as_object(document.get("securityDefinitions"))
    named = [name for entry in as_list(document.get("security")) for name in as_object(entry)]
    found = ((name, as_object(definitions.get(name))) for name in dict.fromkeys((*named, *definitions)))
    return tuple(
        Scheme(name, as_text(body.get("type")), body, ("securityDefinitions", name))
        for name, body in found
        if as_text(body.get("type")) in KIND_OF_TYPE
    )


def fits(scheme: Scheme, auth: Auth) -> bool:
    """Tell whether a security definition is of a way of signing in; every provider's OAuth is `oauth2` to it."""
    kind = KIND_OF_TYPE.get(scheme.type)
    return kind is auth or (kind is Auth.OAUTH2 and auth in PROVIDERS)


def scheme_for(auth: Auth, settings: SecuritySettings) -> tuple[str, Object] | None:
    """Make a security definition for a way of signing in that the definition lacks; None where we cannot know it."""
    if auth is Auth.BASIC:
        return "basic_auth", {"type": "basic"}
    if auth is Auth.AAD:
        login = f"{entra_login(settings)}/{settings.tenant_id or 'common'}/oauth2"
        return "oauth2_auth", _oauth2(f"{login}/authorize", f"{login}/token", settings.scopes)
    known = {setting.name: setting.default for setting in PROVIDERS[auth].settings} if auth in PROVIDERS else {}
    authorization = settings.authorization_url or known.get("authorizationUrl", "")
    token = settings.token_url or known.get("tokenUrl", "")
    return ("oauth2_auth", _oauth2(authorization, token, settings.scopes)) if authorization and token else None


def _oauth2(authorization_url: str, token_url: str, scopes: tuple[str, ...]) -> Object:
    return {
        "type": "oauth2",
        "flow": "accessCode",
        "authorizationUrl": authorization_url,
        "tokenUrl": token_url,
        "scopes": {scope: scope for scope in scopes},
    }
