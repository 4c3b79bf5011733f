"""The stand-in's list of environments: what administrators, and the members of an environment, see of a tenant."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from standin_dataverse import Asked
from standin_entra import Said
from standin_powerapps import ENVIRONMENT

PATH = "/providers/Microsoft.BusinessAppPlatform/"
OPTIONS: dict[str, Any] = {
    "management_application": True,
    "member_of_environments": True,
    # Beside the one that this stand-in is: (id, display name, address of its Dataverse).
    "other_environments": [],
    "environments_page_size": 20,
}


def answer(asked: Asked, options: dict[str, Any], *, signed_in: bool) -> Said:
    """Answer a request to the service that Microsoft's clients call BAP."""
    if not signed_in:
        return _refused(401, "InvalidAuthenticationToken", "The token is missing or of another audience.")
    parts = urlsplit(asked.path)
    query = dict(parse_qsl(parts.query))
    found = re.fullmatch(rf"{PATH}(scopes/admin/)?environments(?:/([^/]+))?", parts.path)
    if found is None or asked.method != "GET":
        return _refused(404, "ResourceNotFound", "There is nothing here.")
    if "api-version" not in query:
        return _refused(400, "InvalidApiVersionParameter", "The api-version is missing.")
    if found[1] and not options["management_application"]:
        return _refused(403, "Forbidden", "The caller is no administrator of the tenant.")
    known = [(ENVIRONMENT["name"], ENVIRONMENT["displayName"], asked.origin), *options["other_environments"]]
    if not found[1] and not options["member_of_environments"]:
        known = []
    if found[2]:
        shown = [_shown(*one) for one in known if one[0].lower() == found[2].lower()]
        return Said(200, shown[0]) if shown else _refused(404, "EnvironmentNotFound", "There is no such environment.")
    skip, size = int(query.get("$skiptoken", "0")), options["environments_page_size"]
    page: dict[str, Any] = {"value": [_shown(*one) for one in known[skip : skip + size]]}
    if len(known) > skip + size:
        page["nextLink"] = f"{asked.origin}{parts.path}?api-version={query['api-version']}&$skiptoken={skip + size}"
    return Said(200, page)


def _shown(name: str, display_name: str, address: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"displayName": display_name, "environmentSku": "Production"}
    if address:
        properties["linkedEnvironmentMetadata"] = {
            "instanceUrl": f"{address}/",
            "instanceApiUrl": address.replace(".crm", ".api.crm"),
            "domainName": (urlsplit(address).hostname or "").partition(".")[0],
            "instanceState": "Ready",
        }
    return {"name": name, "id": f"{PATH}environments/{name}", "properties": properties}


def _refused(status: int, code: str, words: str) -> Said:
    return Said(status, {"error": {"code": code, "message": words}})
