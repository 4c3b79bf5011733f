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
    apps_portal: str
    """The host where makers build in Power Apps."""
    automate_portal: str
    """The host where they build in Power Automate."""
    pac: str
    """What the Power Platform CLI calls it."""


# The hosts that Microsoft's own clients use: npm @microsoft/power-apps-cli 0.6.7, Microsoft.PowerApps.RestClientModule.
CLOUDS = {
    "public": Cloud(
        authority="https://login.microsoftonline.com",
        audience="api://AzureADTokenExchange",
        power_apps="https://api.powerapps.com",
        power_apps_audience="https://service.powerapps.com",
        environments="https://api.bap.microsoft.com",
        flow="https://api.flow.microsoft.com",
        apps_portal="make.powerapps.com",
        automate_portal="make.powerautomate.com",
        pac="Public",
    ),
    "gcc": Cloud(
        authority="https://login.microsoftonline.com",
        audience="api://AzureADTokenExchange",
        power_apps="https://gov.api.powerapps.us",
        power_apps_audience="https://gov.service.powerapps.us",
        environments="https://gov.api.bap.microsoft.us",
        flow="https://gov.api.flow.microsoft.us",
        apps_portal="make.gov.powerapps.us",
        automate_portal="make.gov.powerautomate.us",
        pac="UsGov",
    ),
    "gcc-high": Cloud(
        authority="https://login.microsoftonline.us",
        audience="api://AzureADTokenExchangeUSGov",
        power_apps="https://high.api.powerapps.us",
        power_apps_audience="https://high.service.powerapps.us",
        environments="https://high.api.bap.microsoft.us",
        flow="https://high.api.flow.microsoft.us",
        apps_portal="make.high.powerapps.us",
        automate_portal="make.high.powerautomate.us",
        pac="UsGovHigh",
    ),
    "dod": Cloud(
        authority="https://login.microsoftonline.us",
        audience="api://AzureADTokenExchangeUSGov",
        power_apps="https://api.apps.appsplatform.us",
        power_apps_audience="https://service.apps.appsplatform.us",
        environments="https://api.bap.appsplatform.us",
        flow="https://api.flow.appsplatform.us",
        apps_portal="make.apps.appsplatform.us",
        automate_portal="make.powerautomate.appsplatform.us",
        pac="UsGovDod",
    ),
    "china": Cloud(
        authority="https://login.chinacloudapi.cn",
        audience="api://AzureADTokenExchangeChina",
        power_apps="https://api.powerapps.cn",
        power_apps_audience="https://service.powerapps.cn",
        environments="https://api.bap.partner.microsoftonline.cn",
        flow="https://api.powerautomate.cn",
        apps_portal="make.powerapps.cn",
        automate_portal="make.powerautomate.cn",
        pac="China",
    ),
}


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
