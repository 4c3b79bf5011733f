"""The identity providers of OAuth 2.0: what each is called by the platform, and what it must be told."""

from collections.abc import Mapping
from typing import NamedTuple

from exporter.settings.settings import Auth, SecuritySettings

ENTRA = "aad"


class Setting(NamedTuple):
    """One custom parameter of a provider, and where its value comes from: an input, the definition, or here."""

    name: str
    source: str = ""
    """The field of SecuritySettings; its input is called the same, with hyphens."""
    scheme: str = ""
    """The member of the security definition that says it, where no input does."""
    default: str = ""
    """What it is otherwise; the name of another setting in braces is that one's value."""
    needed: bool = False


class Provider(NamedTuple):
    """One way to sign people in with OAuth 2.0."""

    id: str
    """`identityProvider` in apiProperties.json."""
    words: str
    """In words for people."""
    settings: tuple[Setting, ...] = ()
    takes: frozenset[str] | None = frozenset()
    """More custom parameters that it takes, in small letters; None where it takes any."""


def _urls(authorization: str = "", token: str = "") -> tuple[Setting, ...]:
    return (
        Setting("authorizationUrl", "authorization_url", "authorizationUrl", authorization, needed=True),
        Setting("tokenUrl", "token_url", "tokenUrl", token, needed=True),
        Setting("refreshUrl", "refresh_url", "", "{tokenUrl}"),
    )


_QUERY = "?client_id={ClientId}&response_type=code&redirect_uri={RedirectUrl}&scope={Scopes}&state={State}"
_TOKEN_BODY = (
    "client_id={ClientId}&scope={Scopes}&code={Code}&redirect_uri={RedirectUrl}"  # noqa: S105 - a template
    "&grant_type=authorization_code&client_secret={ClientSecret}"
)
_REFRESH_BODY = (
    "client_id={ClientId}&scope={Scopes}&refresh_token={RefreshToken}&redirect_uri={RedirectUrl}"
    "&grant_type=refresh_token&client_secret={ClientSecret}"
)
_TEMPLATES = (
    Setting("authorizationUrlTemplate", "authorization_url", "authorizationUrl", needed=True),
    Setting("authorizationUrlQueryStringTemplate", default=_QUERY),
    Setting("tokenUrlTemplate", "token_url", "tokenUrl", needed=True),
    Setting("tokenBodyTemplate", default=_TOKEN_BODY),
    Setting("refreshUrlTemplate", "refresh_url", "", "{tokenUrlTemplate}"),
    Setting("refreshBodyTemplate", default=_REFRESH_BODY),
)
_ENTRA = (
    Setting("loginUri", "login_url"),
    Setting("tenantId", "tenant_id", default="common"),
    Setting("resourceUri", "resource_url", needed=True),
)

# Shapes as published apiProperties.json files have them (microsoft/PowerPlatformConnectors). `oauth2pkce` and
# `SalesforceV2` are in none of these, but in connectors that independent authors run. GitHub's and Google's published
# connectors are plain `oauth2` with these addresses.
# fmt: off
PROVIDERS: Mapping[Auth, Provider] = {
    Auth.AAD:            Provider(ENTRA, "Entra ID", _ENTRA, frozenset({"granttype"})),
    Auth.OAUTH2:         Provider("oauth2", "OAuth 2.0", _urls()),
    Auth.OAUTH2_GENERIC: Provider("oauth2generic", "OAuth 2.0 with templates", _TEMPLATES, None),
    Auth.OAUTH2_PKCE:    Provider("oauth2pkce", "OAuth 2.0 with PKCE", _urls(), frozenset({"idphint", "audience"})),
    Auth.DOCUSIGN:       Provider("DocuSign", "DocuSign", (Setting("LoginUri", "login_url", default="https://account.docusign.com"),)),
    Auth.DROPBOX:        Provider("dropbox", "Dropbox"),
    Auth.FACEBOOK:       Provider("facebook", "Facebook"),
    Auth.GITHUB:         Provider("oauth2", "GitHub", _urls("https://github.com/login/oauth/authorize", "https://github.com/login/oauth/access_token")),
    Auth.GOOGLE:         Provider("oauth2", "Google", _urls("https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent", "https://oauth2.googleapis.com/token")),
    Auth.INSTAGRAM:      Provider("instagram", "Instagram"),
    Auth.SALESFORCE:     Provider("SalesforceV2", "Salesforce", (Setting("LoginUri", "login_url", default="https://login.salesforce.com"),)),
}
# fmt: on

_LOGIN_OF_CLOUD = {
    "gcc-high": "https://login.microsoftonline.us",
    "dod": "https://login.microsoftonline.us",
    "china": "https://login.chinacloudapi.cn",
}


def provider_of(identity_provider: str) -> Auth | None:
    """
    Tell which way of signing in an `identityProvider` means, whatever its case; None for one that we do not make.

    >>> provider_of("AAD"), provider_of("aadcertificate")
    (<Auth.AAD: 'aad'>, None)
    """
    wanted = identity_provider.lower()
    return next((auth for auth, provider in PROVIDERS.items() if provider.id.lower() == wanted), None)


def entra_login(settings: SecuritySettings) -> str:
    """Give the address at which people sign in to Entra ID, by default that of the cloud."""
    return settings.login_url.rstrip("/") or _LOGIN_OF_CLOUD.get(settings.cloud, "https://login.microsoftonline.com")


def input_of(setting: Setting) -> str:
    """
    Name the input that a setting comes from; empty where there is none.

    >>> input_of(Setting("tokenUrl", "token_url"))
    'token-url'
    """
    return setting.source.replace("_", "-")
