"""
Microsoft's own client for Dataverse reads what express wrote, and what it writes express finds unchanged.

`PowerPlatform-Dataverse-Client` 1.1.0 runs unchanged, in an environment of its own (it brings pandas): `make dataverse` makes
that and runs these tests. It takes https addresses only, so a proxy leads it to the stand-in.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exporter.edges.http import Http
from exporter.edges.powerplatform.columns import COLUMNS
from exporter.edges.sign_in import sign_in
from exporter.model.connectors import Connector
from tests.powerplatform.conftest import OPENSSL, StandIn, secure
from tests.powerplatform.test_corpus import CONNECTORS, FOLDERS, connector

CLIENT = os.environ.get("DATAVERSE_PYTHON", "")
ADDRESS = "https://contoso.crm4.dynamics.com"
COLUMNS_READ = [column.name for column in COLUMNS]

pytestmark = [
    pytest.mark.skipif(
        not Path(CLIENT).is_file(),
        reason="Microsoft's Dataverse client is not here: `make dataverse`, or DATAVERSE_PYTHON",
    ),
    pytest.mark.skipif(
        not OPENSSL, reason="openssl is not here, and makes the certificate that the client shall trust"
    ),
]
Ask = Callable[..., Any]
ORDERS = Connector(
    {"swagger": "2.0", "info": {"title": "Orders", "version": "1"}, "host": "a.example", "paths": {}},
    {"connectionParameters": {}, "iconBrandColor": "#123456"},
    script="public class Script : ScriptBase {}",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with secure(tmp_path_factory.mktemp("home"), "contoso.crm4.dynamics.com") as started:
        yield started


@pytest.fixture
def standin(service: StandIn) -> StandIn:
    service.tell("reset")
    return service


@pytest.fixture
def ask(standin: StandIn, http: Http, hidden: list[str]) -> Iterator[Ask]:
    """Ask through the client, signed in as the app registration is."""
    token = sign_in(standin.deployer, standin.environ, http, hidden.append).token(standin.url)
    environ = {"PATH": os.environ["PATH"], "HTTPS_PROXY": standin.url, "REQUESTS_CA_BUNDLE": standin.about["trust"]}
    script = Path(__file__).with_name("dataverse_client.py")
    command = [CLIENT, str(script), ADDRESS, token]
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def send(*words: Any) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(words) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, "the client ended; it says why above"
            return json.loads(line)

        yield send


def _row(standin: StandIn) -> dict[str, Any]:
    (row,) = standin.rows
    return dict(row["columns"])


def _written(standin: StandIn) -> dict[str, Any]:
    return {name: value for name, value in _row(standin).items() if name not in {"createdon", "modifiedon"}}


def test_it_reads_what_express_wrote(standin: StandIn, connectors: Any, ask: Ask) -> None:
    made = connectors().create("Orders", ORDERS)
    read = ask("retrieve", "connector", made.id, [*COLUMNS_READ, "connectorinternalid"])
    kept = _row(standin)
    for name in COLUMNS_READ:
        expected = kept.get(name)
        if name == "openapidefinition":  # shown with the empty members that the platform adds
            assert json.loads(expected).items() <= json.loads(read[name]).items()
        else:
            assert read.get(name) == expected, name
    assert read["connectorinternalid"] == made.internal_id


def test_what_it_writes_express_finds_and_needs_not_write(standin: StandIn, connectors: Any, ask: Ask) -> None:
    made = connectors().create("Orders", ORDERS)
    by_express = _written(standin)
    columns = {
        name: by_express[name] for name in (*COLUMNS_READ, "name", "connectortype") if by_express.get(name) is not None
    }
    late = {name: columns.pop(name) for name in ("customcodeblobcontent", "scriptoperations") if name in columns}
    standin.tell("reset")
    row_id = ask("create", "connector", {"connectorid": made.id, **columns})
    ask("update", "connector", row_id, late)
    assert _written(standin) == {name: value for name, value in by_express.items() if value is not None}
    standin.tell("faults", [])
    live = connectors().find("Orders")
    assert connectors().update(live.id, ORDERS, live.connector, live.version) == live
    assert not any(line.startswith(("POST /api", "PATCH")) for line in standin.requests)


def test_it_is_noticed_when_it_edits(standin: StandIn, connectors: Any, ask: Ask) -> None:
    made = connectors().create("Orders", ORDERS)
    ask("update", "connector", made.id, {"iconbrandcolor": "#ffffff", "description": "By hand."})
    after = connectors().find("Orders").connector
    assert (after.properties["iconBrandColor"], after.properties["description"]) == ("#ffffff", "By hand.")
    ask("delete", "connector", made.id)
    assert connectors().find("Orders") is None


def test_it_follows_the_pages_and_reads_the_batches_of_the_stand_in(
    standin: StandIn, connectors: Any, ask: Ask
) -> None:
    ids = []
    for name in ("One", "Two", "Three"):
        info = {"title": name, "version": "1"}
        ids.append(connectors().create(name, ORDERS._replace(definition={**ORDERS.definition, "info": info})).id)
    standin.options(page_size=1)
    rows = ask("list", "connector", "connectortype eq 1", ["displayname"])
    assert [row["displayname"] for row in rows] == ["One", "Two", "Three"]
    nobody = "00000000-0000-0000-0000-000000000009"
    found = ask("batch", "connector", [*ids, nobody], ["displayname"])
    assert [status for status, _ in found] == [200, 200, 200, 404]
    assert [data["displayname"] for _, data in found[:3]] == ["One", "Two", "Three"]


@pytest.mark.skipif(not FOLDERS, reason="the corpus ../shared/corpus is not here")
@pytest.mark.parametrize("name", FOLDERS[::10])
def test_a_real_connector_is_the_same_for_both(standin: StandIn, connectors: Any, ask: Ask, name: str) -> None:
    wanted = connector(CONNECTORS / name)
    made = connectors("a secret").create(name, wanted)
    read = ask("retrieve", "connector", made.id, COLUMNS_READ)
    kept = _row(standin)
    assert {n: v for n, v in read.items() if n in COLUMNS_READ and n != "openapidefinition" and v is not None} == {
        n: kept[n] for n in COLUMNS_READ if n != "openapidefinition" and kept.get(n) is not None
    }
    assert json.loads(read["openapidefinition"]) == {
        **json.loads(read["openapidefinition"]),
        **json.loads(kept["openapidefinition"]),
    }
