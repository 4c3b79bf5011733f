"""The stand-in's Power Apps service is strict where the real one is, and shares its connectors with Dataverse."""

from __future__ import annotations

import copy
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

ENVIRONMENT = "Default-11111111-1111-1111-1111-111111111111"
QUERY = {"api-version": "2016-11-01", "$filter": f"environment eq '{ENVIRONMENT}'"}
BASE = "/providers/Microsoft.PowerApps"
GOOD: dict[str, Any] = {
    "displayName": "Orders",
    "description": "All orders.",
    "openApiDefinition": {
        "swagger": "2.0",
        "info": {"title": "Orders", "version": "1"},
        "host": "a.example",
        "basePath": "/v1",
        "schemes": ["https"],
        "paths": {"/orders": {"get": {"operationId": "List", "responses": {"200": {"description": "ok"}}}}},
    },
    "backendService": {"serviceUrl": "https://a.example/v1"},
    "environment": {"name": ENVIRONMENT},
    "connectionParameters": {"token": {"type": "oauthSetting", "oAuthSettings": {"clientSecret": "hush"}}},
    "iconBrandColor": "#007ee5",
}
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(standin: Any) -> Ask:
    def send(method: str, path: str, body: Any = None, query: Any = None, token: str = "") -> tuple[int, Any]:
        given = urllib.parse.urlencode(QUERY if query is None else query)
        headers = {"Authorization": f"Bearer {token or standin.about['person_token']}"}
        headers |= {"Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        if token == "none":
            del headers["Authorization"]
        request = urllib.request.Request(f"{standin.url}{path}?{given}", data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())["error"]

    return send


def _with(place: str, value: Any) -> dict[str, Any]:
    """Give good properties with one thing changed; None takes it away."""
    properties = copy.deepcopy(GOOD)
    *way, last = place.split(" ")
    inner = properties
    for step in way:
        inner = inner[step]
    inner[last] = value
    if value is None:
        del inner[last]
    return properties


@pytest.mark.parametrize(
    ("place", "value", "code", "words"),
    [
        ("stackOwner", "Contoso", "InvalidRequestContent", "Could not find member 'stackOwner'"),
        ("iconBrandColor", 7, "InvalidRequestContent", "iconBrandColor"),
        ("displayName", None, "InvalidRequestContent", "display name"),
        ("environment", {"name": "elsewhere"}, "EnvironmentNotFound", "environment"),
        ("openApiDefinition", None, "ApiHubsRequestFailed", "Invalid Api definition object"),
        ("openApiDefinition swagger", "3.0", "ApiHubsRequestFailed", "Invalid Api definition object"),
        ("openApiDefinition host", None, "ApiHubsRequestFailed", "Invalid Api definition object"),
        ("openApiDefinition host", "[a].example", "ApiHubsRequestFailed", "Invalid Api definition object"),
        ("openApiDefinition schemes", ["wss"], "ApiHubsRequestFailed", "schemes"),
        ("openApiDefinition schemes", None, "ApiHubsRequestFailed", "schemes"),
        ("openApiDefinition basePath", "v1", "ApiHubsRequestFailed", "base path"),
        ("openApiDefinition basePath", "/apim/x", "ApiHubsRequestFailed", "doesn't end on same path"),
        ("openApiDefinition paths", {}, "ApiHubsRequestFailed", "no paths"),
        ("openApiDefinition paths /orders get operationId", None, "ApiHubsRequestFailed", "operationId"),
        ("openApiDefinition paths /orders get responses", None, "ApiHubsRequestFailed", "no responses"),
        ("openApiDefinition paths /orders get tags", ["a", "a"], "ApiHubsRequestFailed", "Non-unique"),
        ("backendService", {"serviceUrl": ""}, "ApiHubsRequestFailed", "ServiceUrls"),
        ("scriptOperations", ["List"], "ApiHubsRequestFailed", "InvalidScriptDefinitionUrlWithNonNullOperations"),
        ("iconUri", "https://elsewhere.example/icon.png", "ApiHubsRequestFailed", "never uploaded"),
    ],
)
def test_what_is_no_connector_is_refused(ask: Ask, place: str, value: Any, code: str, words: str) -> None:
    status, error = ask("POST", f"{BASE}/apis", {"properties": _with(place, value)})
    assert (status in {400, 404}, error["code"]) == (True, code)
    assert words in error["message"]
    assert ask("GET", f"{BASE}/apis") == (200, {"value": []})


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"token": "none"}, 401, "MissingAuthorizationHeaderAndClientCertificate"),
        ({"token": "of-dataverse"}, 401, "InvalidAuthenticationToken"),
        ({"query": {}}, 400, "InvalidApiVersionParameter"),
        ({"query": {"api-version": "2016-11-01"}}, 400, "InvalidFilter"),
        ({"query": {**QUERY, "$filter": "environment eq 'elsewhere'"}}, 404, "EnvironmentNotFound"),
        ({"query": {**QUERY, "$top": "1"}}, 400, "InvalidFilter"),
    ],
)
def test_who_asks_wrongly_is_refused(ask: Ask, more: Any, status: int, code: str) -> None:
    found, error = ask("GET", f"{BASE}/apis", **more)
    assert (found, error["code"]) == (status, code)


def test_an_update_replaces_everything_and_renames_nothing(standin: Any, ask: Ask) -> None:
    status, made = ask("POST", f"{BASE}/apis", {"properties": GOOD})
    assert (status, len(made["name"]) <= 71) == (201, True)
    assert "hush" not in json.dumps(made)
    assert made["properties"]["swagger"]["host"] != "a.example"
    path = f"{BASE}/apis/{made['name']}"
    assert ask("PATCH", path, {"properties": GOOD})[1]["code"] == "CannotUpdateApiDisplayName"
    without_name = _with("displayName", None)
    assert ask("PATCH", path, {"properties": without_name})[0] == 204
    assert [*standin.rows[0]["secrets"].values()] == ["hush"]
    for gone in ("connectionParameters", "iconBrandColor"):
        del without_name[gone]
    assert ask("PATCH", path, {"properties": without_name})[0] == 204
    (row,) = standin.rows
    assert row["secrets"] == {}
    assert not {"connectionparameters", "iconbrandcolor"} & row["columns"].keys()
    assert row["columns"]["displayname"] == "Orders"
    assert ask("GET", f"{BASE}/apis/shared_none")[0] == 404


def test_a_definition_is_validated_without_being_kept(standin: Any, ask: Ask) -> None:
    path = f"{BASE}/objectIds/{standin.about['person_oid']}/validateApiSwagger"
    version = {"api-version": QUERY["api-version"]}
    assert ask("POST", path, GOOD["openApiDefinition"], version) == (200, "")
    status, said = ask("POST", path, {"openapi": "3.0.0"}, version)
    assert (status, "Swagger 2.0" in said) == (200, True)
    assert ask("POST", path.replace("3333", "4444"), GOOD["openApiDefinition"], version)[0] == 404
    assert standin.rows == []


def test_both_doors_open_to_the_same_connectors(standin: Any, ask: Ask, connectors: Any) -> None:
    name = ask("POST", f"{BASE}/apis", {"properties": GOOD})[1]["name"]
    live = connectors().find("Orders")
    assert live.internal_id == name
    assert live.connector.definition["host"] == "a.example"
    wanted = live.connector._replace(definition={**live.connector.definition, "host": "b.example"})
    connectors("hush").update(live.id, wanted, live.connector, live.version)
    (listed,) = ask("GET", f"{BASE}/apis")[1]["value"]
    assert listed["name"] == name
    assert standin.rows[0]["columns"]["openapidefinition"].count("b.example") == 1
