"""What we make for each way of signing in, beside what published connectors carry."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exporter.security.connection import connection
from exporter.security.kinds import auth_of, kinds, ways
from exporter.security.oauth import all_settings
from exporter.security.providers import PROVIDERS
from exporter.settings.settings import Auth, SecuritySettings

SHARED = Path(__file__).parents[3] / "shared" / "corpus" / "connectors"
REPLACED = "token/oauthsettings/redirecturl"
"""Published connectors keep the address of all; with `GlobalPerConnector` the platform gives each its own."""


def members(value: Any, where: str = "") -> Iterator[str]:
    """Name each member of JSON objects, in small letters as the platform does not mind."""
    for name, inner in value.items():
        here = f"{where}/{name}".strip("/").lower()
        yield here
        if isinstance(inner, dict):
            yield from members(inner, here)


def published() -> Iterator[tuple[Auth, Any]]:
    for path in sorted(SHARED.glob("*/apiProperties.json")):
        try:
            properties = json.loads(path.read_bytes().decode("utf-8-sig"))["properties"]
        except ValueError:
            continue
        for parameters in ways(properties):
            auth = auth_of(parameters)
            token = next(all_settings({"connectionParameters": parameters}), {})
            if auth is not None and str(token.get("identityProvider", "aad")).lower() != "aadcertificate":
                yield auth, parameters


def made(auth: Auth) -> Any:
    said = SecuritySettings(auth=auth, client_id="c", resource_url="api://r")
    return connection({}, said, {}).parameters


@pytest.mark.parametrize("auth", [Auth.API_KEY, Auth.BASIC, Auth.AAD, Auth.OAUTH2, Auth.OAUTH2_GENERIC])
def test_what_we_make_is_what_published_connectors_carry(auth: Auth) -> None:
    if not SHARED.is_dir():
        pytest.skip("the corpus is not here")
    carried = Counter(member for kind, parameters in published() if kind is auth for member in set(members(parameters)))
    number = sum(kind is auth for kind, _ in published())
    usual = {member for member, times in carried.items() if times > number / 2} - {REPLACED}
    ours = set(members(made(auth)))
    assert number >= 9
    assert usual <= ours
    assert ours <= set(carried)


@pytest.mark.parametrize("auth", [auth for auth in Auth if auth is not Auth.AUTO])
def test_what_we_make_is_known_for_what_it_is(auth: Auth) -> None:
    same = {Auth.GITHUB: Auth.OAUTH2, Auth.GOOGLE: Auth.OAUTH2}.get(auth, auth)
    assert auth_of(made(auth)) is same
    assert kinds({"connectionParameters": made(auth)}) == {
        {"docusign": "docusign", "salesforce": "salesforcev2"}.get(same.value, same.value)
    }


def test_the_page_has_a_row_for_each_way_and_names_what_it_needs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
    rows = {row.split("|")[1].strip(): row.split("|")[3] for row in page.splitlines() if row.startswith("| `")}
    assert set(rows) == {"`auth`", *(f"`{auth.value}`" for auth in Auth if auth is not Auth.AUTO)}
    for auth in PROVIDERS:
        needed = connection({}, SecuritySettings(auth=auth), {}).missing
        assert {line.partition(":")[0] for line in needed} == set(re.findall("`([a-z-]+)`", rows[f"`{auth.value}`"]))
