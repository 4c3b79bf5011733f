"""The Microsoft clouds: where one signs in, and for whom a workflow's identity must be made out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Cloud(NamedTuple):
    """One Microsoft cloud."""

    authority: str
    """The address of Entra ID."""
    audience: str
    """What a federated identity must be made out for (`aud`)."""


CLOUDS = {
    "public": Cloud("https://login.microsoftonline.com", "api://AzureADTokenExchange"),
    "gcc": Cloud("https://login.microsoftonline.com", "api://AzureADTokenExchange"),
    "gcc-high": Cloud("https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"),
    "dod": Cloud("https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"),
    "china": Cloud("https://login.chinacloudapi.cn", "api://AzureADTokenExchangeChina"),
}


def cloud_of(name: str, environ: Mapping[str, str]) -> Cloud:
    """
    Give the cloud of that name; AZURE_AUTHORITY_HOST moves its sign-in, as in Microsoft's own identity libraries.

    >>> cloud_of("public", {"AZURE_AUTHORITY_HOST": "login.example.com/"}).authority
    'https://login.example.com'
    """
    cloud = CLOUDS.get(name, CLOUDS["public"])
    host = environ.get("AZURE_AUTHORITY_HOST", "").strip().rstrip("/")
    if not host:
        return cloud
    return cloud._replace(authority=host if "://" in host else f"https://{host}")
