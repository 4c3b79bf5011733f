"""The stand-in is strict where the real service is; a stand-in that takes everything would prove nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporter.edges.http import Http
from exporter.edges.sign_in import sign_in

SERVER = Path(__file__).parents[1] / "standin" / "server.py"
SWAGGER = json.dumps({"swagger": "2.0", "info": {"title": "A"}, "host": "a.example"})
GOOD: dict[str, Any] = {"name": "new_a", "displayname": "A", "connectortype": 1, "openapidefinition": SWAGGER}
ID = "00000000-0000-0000-0000-00000000000a"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(standin: Any, http: Http) -> Ask:
    token = sign_in(standin.deployer, standin.environ, http, lambda _: None).token(standin.url)

    def send(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        request = urllib.request.Request(  # noqa: S310
            f"{standin.url}/api/data/v9.2/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read() or b"null")

    return send


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"colour": "red"}, "Undeclared property 'colour'"),
        ({"modifiedon": "2026-01-01T00:00:00Z"}, "Undeclared property"),
        ({"displayname": "x" * 201}, "maximum allowed length of '200'"),
        ({"description": "x" * 1001}, "maximum allowed length of '1000'"),
        ({"connectortype": None}, "required column 'connectortype'"),
        ({"connectionparameters": {}}, "Cannot convert"),
        ({"connectionparameters": '{"properties":{}}'}, "Nullable object must have a value"),
        ({"openapidefinition": '{"openapi":"3.0.0"}'}, "Invalid Api definition object"),
        ({"openapidefinition": '{"swagger":"2.0","info":{"title":"A"}}'}, "Invalid Api definition object"),
        ({"scriptoperations": '["A"]'}, "InvalidScriptDefinitionUrlWithNonNullOperations"),
        ({"customcodeblobcontent": "class"}, "unassigned function app"),
        ({"iconblob": "bm90IGFuIGltYWdl"}, "ProcessImageFailure"),
        ({"capabilities": "gateway"}, "Cannot convert"),
    ],
)
def test_what_is_no_connector_is_refused(standin: Any, ask: Ask, columns: dict[str, Any], words: str) -> None:
    status, said = ask("POST", "connectors", {**GOOD, **columns})
    assert status == 400
    assert words in said["error"]["message"]
    assert standin.rows == []


@pytest.mark.parametrize(
    "query",
    [
        "$filter=displayname%20eq%20'a'b'",
        "$filter=displayname%20eq%20''%20or%20true",
        "$filter=colour%20eq%20'red'",
        "$filter=connectorid%20eq%20'x'",
        "$select=colour",
        "$top=1",
    ],
)
def test_a_query_that_it_does_not_know_is_refused(ask: Ask, query: str) -> None:
    ask("POST", "connectors", GOOD)
    assert ask("GET", f"connectors?{query}")[0] == 400


def test_a_patch_without_if_match_creates_and_with_it_does_not(standin: Any, ask: Ask) -> None:
    assert ask("PATCH", f"connectors({ID})", GOOD, **{"If-Match": "*"})[0] == 404
    assert standin.rows == []
    assert ask("PATCH", f"connectors({ID})", GOOD)[0] == 204
    assert [row["id"] for row in standin.rows] == [ID]
    assert ask("PATCH", f"connectors({ID})", {"description": "x"}, **{"If-Match": 'W/"1"'})[0] == 412
    assert ask("PATCH", f"connectors({ID})", {"name": "new_b"})[0] == 400
    assert ask("POST", "connectors", {**GOOD, "connectorid": ID})[0] == 412
    assert ask("GET", f"connectors({ID})")[1]["displayname"] == "A"
    assert ask("DELETE", f"connectors({ID})")[0] == 204
    assert ask("GET", f"connectors({ID})")[0] == 404
    assert ask("GET", "WhoAmI")[0] == 200
    assert ask("GET", "nonsense")[0] == 404


def test_parameters_written_without_their_secret_lose_it(standin: Any, ask: Ask) -> None:
    def parameters(**more: str) -> str:
        return json.dumps({"token": {"type": "oauthSetting", "oAuthSettings": {"clientId": "c", **more}}})

    ask("POST", "connectors", {**GOOD, "connectorid": ID, "connectionparameters": parameters(clientSecret="s")})
    assert list(standin.rows[0]["secrets"].values()) == ["s"]
    shown = ask("GET", f"connectors({ID})?$select=connectionparameters")[1]["connectionparameters"]
    assert "clientSecret" not in shown
    assert "/redirect/new-5fa-5f" in shown
    ask("PATCH", f"connectors({ID})", {"connectionparameters": parameters()})
    assert list(standin.rows[0]["secrets"].values()) == [""]


def test_it_remembers_in_a_file(tmp_path: Path) -> None:
    for expected in (0, 1):
        command = [sys.executable, str(SERVER), "--until-eof", "--state", str(tmp_path / "state.db")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            about = json.loads(process.stdout.readline())
            address = about["address"]
            with urllib.request.urlopen(f"{address}/_standin/state", timeout=10) as answer:  # noqa: S310
                assert len(json.load(answer)["rows"]) == expected
            form = {
                "client_id": about["client_id"],
                "client_secret": about["client_secret"],
                "grant_type": "client_credentials",
                "scope": f"{address}/.default",
            }
            sign_in_address = f"{address}/{about['tenant_id']}/oauth2/v2.0/token"
            with urllib.request.urlopen(  # noqa: S310
                sign_in_address, data=urllib.parse.urlencode(form).encode(), timeout=10
            ) as answer:
                token = json.load(answer)["access_token"]
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            body = json.dumps({**GOOD, "connectorid": ID}).encode()
            if not expected:
                request = urllib.request.Request(f"{address}/api/data/v9.2/connectors", data=body, headers=headers)  # noqa: S310
                urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
            process.stdin.close()
            assert process.wait(10) == 0
