"""Reads the input `endpoints`: addresses of Microsoft's services that differ from those of the cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable

from exporter.settings.addresses import is_address

ENDPOINTS = ("power-apps", "power-apps-audience", "environments", "authority", "audience")
"""What may be named; each is a field of a cloud."""


def read_endpoints(lines: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """
    Give the addresses by name, and a complaint for each line that is none.

    >>> read_endpoints(["power-apps = https://apps.example/", "bap=x"])
    ({'power-apps': 'https://apps.example'}, ('`bap` is none of power-apps, power-apps-audience, environments, authority, audience.',))
    """
    found, complaints = {}, []
    for line in lines:
        name, _, address = (part.strip() for part in line.partition("="))
        if name not in ENDPOINTS:
            complaints.append(f"`{name[:80]}` is none of {', '.join(ENDPOINTS)}.")
        elif not is_address(address) and not (name == "audience" and re.fullmatch(r"api://[A-Za-z0-9.-]+", address)):
            complaints.append(f"{name} is no https address.")
        else:
            found[name] = address.rstrip("/")
    return found, tuple(complaints)
