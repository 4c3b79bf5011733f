"""The Microsoft clouds: where one signs in, for whom a workflow's identity is made out, and where the services are."""

from collections.abc import Mapping
from typing import NamedTuple


class Cloud(NamedTuple):
    """One Microsoft cloud."""

    authority: str
    """The address of Entra ID."""
    audience: str
    """What a federated identity must be made out for (`aud`)."""
    power_apps: str
    """The address of the Power Apps service, which `backend: powerapps` writes to."""
    power_apps_audience: str
    """For whom a token for that service, and for the list of environments, is made out."""
    environments: str
    """The address of the service that knows all environments (`api.bap`)."""
    flow: str
    """The address of Power Automate, of which `paconn` asks which environments there are."""


# The hosts that Microsoft's own clients use: npm @microsoft/power-apps-cli 0.6.7, Microsoft.PowerApps.RestClientModule.
# fmt: off
CLOUDS = {
    "public":   Cloud("https://login.microsoftonline.com", "api://AzureADTokenExchange",      "https://api.powerapps.com",         "https://service.powerapps.com",             "https://api.bap.microsoft.com",              "https://api.flow.microsoft.com"),
    "gcc":      Cloud("https://login.microsoftonline.com", "api://AzureADTokenExchange",      "https://gov.api.powerapps.us",      "https://gov.service.powerapps.us",          "https://gov.api.bap.microsoft.us",           "https://gov.api.flow.microsoft.us"),
    "gcc-high": Cloud("https://login.microsoftonline.us",  "api://AzureADTokenExchangeUSGov", "https://high.api.powerapps.us",     "https://high.service.powerapps.us",         "https://high.api.bap.microsoft.us",          "https://high.api.flow.microsoft.us"),
    "dod":      Cloud("https://login.microsoftonline.us",  "api://AzureADTokenExchangeUSGov", "https://api.apps.appsplatform.us",  "https://service.apps.appsplatform.us",      "https://api.bap.appsplatform.us",            "https://api.flow.appsplatform.us"),
    "china":    Cloud("https://login.chinacloudapi.cn",    "api://AzureADTokenExchangeChina", "https://api.powerapps.cn",          "https://service.powerapps.cn",              "https://api.bap.partner.microsoftonline.cn", "https://api.powerautomate.cn"),
}
# fmt: on


def cloud_of(name: str, environ: Mapping[str, str], endpoints: Mapping[str, str] | None = None) -> Cloud:
    """
    Give the cloud of that name, with the addresses that `endpoints` (by field, with hyphens) has instead.

    AZURE_AUTHORITY_HOST moves its sign-in, as in Microsoft's own identity libraries.

    >>> cloud_of("public", {"AZURE_AUTHORITY_HOST": "login.example.com/"}).authority
    'https://login.example.com'
    >>> cloud_of("gcc", {}, {"power-apps": "https://apps.example"}).power_apps
    'https://apps.example'
    """
    cloud = CLOUDS.get(name, CLOUDS["public"])
    host = environ.get("AZURE_AUTHORITY_HOST", "").strip().rstrip("/")
    if host:
        cloud = cloud._replace(authority=host if "://" in host else f"https://{host}")
    return cloud._replace(**{name.replace("-", "_"): value for name, value in (endpoints or {}).items()})
