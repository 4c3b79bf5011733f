from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from exporter.edges.dataverse import DataverseConnectors
from exporter.edges.http import Answer
from exporter.edges.powerplatform.columns import live_connector
from exporter.edges.powerplatform.web_api import WebApi
from exporter.model.connectors import Connector
from exporter.model.errors import (
    EditedByHand,
    NotExportable,
    ServiceFailed,
    ServiceRefused,
    SignInRefused,
    WrongInputs,
)

PNG = b"\x89PNG\r\n\x1a\n and so on"
DEFINITION: Any = {
    "swagger": "2.0",
    "info": {"title": "Orders", "version": "1", "description": "Bestellungen für alle"},
    "host": "api.contoso.com",
    "paths": {"/orders": {"get": {"operationId": "ListOrders", "responses": {"200": {"description": "ok"}}}}},
}
KEY: Any = {"api_key": {"type": "securestring", "uiDefinition": {"displayName": "API Key"}}}
TOKEN: Any = {
    "token": {
        "type": "oauthSetting",
        "oAuthSettings": {
            "identityProvider": "aad",
            "clientId": "c1",
            "scopes": [],
            "redirectMode": "GlobalPerConnector",
            "redirectUrl": "https://global.consent.azure-apim.net/redirect",
        },
    }
}
PLAIN = Connector(
    definition=DEFINITION,
    properties={"connectionParameters": KEY, "iconBrandColor": "#007ee5", "stackOwner": "x", "capabilities": []},
)
SIGNED = PLAIN._replace(properties={"connectionParameters": TOKEN, "iconBrandColor": "#007ee5"})
SCRIPTED = PLAIN._replace(
    properties={**PLAIN.properties, "scriptOperations": ["ListOrders"]}, script="public class Script\n{\n}\n", icon=PNG
)
NEWER = PLAIN._replace(definition={**DEFINITION, "host": "api2.contoso.com"})


def _columns(standin: Any) -> dict[str, Any]:
    (row,) = standin.rows
    return dict(row["columns"])


def test_a_connector_that_is_not_there_is_not_found_but_created(standin: Any, connectors: Any) -> None:
    door = connectors()
    assert door.find("Orders") is None
    made = door.create("Orders", PLAIN)
    columns = _columns(standin)
    assert columns["name"] == "new_orders"
    assert columns["displayname"] == "Orders"
    assert columns["description"] == "Bestellungen für alle"
    assert columns["openapidefinition"] == json.dumps(DEFINITION, ensure_ascii=False, separators=(",", ":"))
    assert json.loads(columns["connectionparameters"]) == KEY
    assert made.internal_id.startswith("shared_new-5forders-5f")
    assert made.connector.properties == {
        "connectionParameters": KEY,
        "iconBrandColor": "#007ee5",
        "scriptOperations": [],
        "policyTemplateInstances": [],
    }
    assert connectors().find("Orders") == made
    assert made.url == f"{standin.url}/main.aspx?pagetype=entityrecord&etn=connector&id={made.id}"
    assert made.redirect_url == ""


def test_an_unchanged_run_needs_two_requests_and_an_update_four(standin: Any, connectors: Any) -> None:
    connectors().create("Orders", PLAIN)
    standin.tell("faults", [])
    door = connectors()
    live = door.find("Orders")
    assert len(standin.requests) == 2
    changed = door.update(live.id, NEWER, live.connector, live.version)
    assert len(standin.requests) == 4
    assert changed.connector.definition["host"] == "api2.contoso.com"
    assert changed.version != live.version


def test_an_update_sends_only_what_differs(standin: Any, connectors: Any) -> None:
    connectors().create("Orders", PLAIN)
    standin.tell("edit", {"displayname": "Orders", "columns": {"interfaces": "by hand", "iconbrandcolor": "#ffffff"}})
    door = connectors()
    live = door.find("Orders")
    door.update(live.id, NEWER._replace(properties=live.connector.properties), live.connector, live.version)
    assert _columns(standin)["iconbrandcolor"] == "#ffffff"
    assert _columns(standin)["interfaces"] == "by hand"


def test_nothing_is_written_where_nothing_differs(standin: Any, connectors: Any) -> None:
    connectors().create("Orders", PLAIN)
    door = connectors()
    live = door.find("Orders")
    standin.tell("faults", [])
    assert door.update(live.id, PLAIN, live.connector, live.version) == live
    assert [line.split()[0] for line in standin.requests] == ["GET"]


def test_it_is_found_by_either_id_and_however_it_is_written(connectors: Any) -> None:
    made = connectors().create("Bob's & Sons ü%", PLAIN)
    assert connectors().find("", made.id) == made
    assert connectors().find("", made.internal_id) == made
    assert connectors().find("Bob's & Sons ü%") == made
    assert connectors().find("x' or displayname ne '") is None
    with pytest.raises(WrongInputs):
        connectors().find("Orders", "orders' or 1 eq 1")


def test_a_name_that_is_not_unique_needs_an_id(standin: Any, connectors: Any) -> None:
    first = connectors().create("Orders", PLAIN)
    second = connectors().create("Orders 2", PLAIN)
    standin.tell("edit", {"displayname": "Orders 2", "columns": {"displayname": "Orders"}})
    with pytest.raises(ServiceRefused) as caught:
        connectors().find("Orders")
    assert first.id in caught.value.message
    assert second.id in caught.value.message
    assert "connector-id" in caught.value.advice


def test_a_filter_that_got_lost_does_not_make_another_connector_ours(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders 2", PLAIN)
    row = {"connectorid": made.id, "displayname": "Orders 2", "connectorinternalid": made.internal_id}
    standin.fails("GET .*/connectors$", "page", body={"value": [row]}, times=3)
    assert connectors().find("Orders") is None
    assert connectors().find("", "shared_orders") is None
    found = connectors().find("ORDERS 2 ")
    assert found is not None
    assert found.id == made.id


def test_an_environment_at_nonsense_does_not_keep_us_from_the_others(standin: Any, connectors: Any) -> None:
    rows = [
        {"name": name, "properties": {"displayName": name, "linkedEnvironmentMetadata": {"instanceUrl": address}}}
        for name, address in (("Broken", "https://[nonsense"), ("Fine", standin.url))
    ]
    standin.fails("GET .*/environments$", "page", body={"value": rows}, times=2)
    assert connectors(environment="Fine").find("Orders") is None
    with pytest.raises(ServiceRefused, match="has no Dataverse"):
        connectors(environment="Broken").find("Orders")


def test_pages_are_followed(standin: Any, connectors: Any) -> None:
    for name in ("One", "Two", "Three"):
        connectors().create(name, PLAIN)
        standin.tell("edit", {"displayname": name, "columns": {"displayname": "Same"}})
    standin.options(page_size=1)
    with pytest.raises(ServiceRefused, match="There are 3 connectors"):
        connectors().find("Same")


def test_script_and_icon_come_along(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders", SCRIPTED)
    columns = _columns(standin)
    assert columns["customcodeblobcontent"] == SCRIPTED.script
    assert columns["scriptoperations"] == '["ListOrders"]'
    assert base64.b64decode(columns["iconblob"]) == PNG
    assert connectors().icon(made.id).startswith(PNG)
    live = connectors().find("Orders")
    assert live.connector.script == SCRIPTED.script
    connectors().update(live.id, PLAIN, live.connector, live.version)
    assert _columns(standin)["customcodeblobcontent"] is None
    assert _columns(standin)["scriptoperations"] is None


def test_a_solution_gives_its_prefix_and_receives_the_connector(standin: Any, connectors: Any) -> None:
    connectors(solution="contoso").create("Orders", PLAIN)
    assert standin.rows[0]["solution"] == "contoso"
    assert _columns(standin)["name"] == "cts_orders"


def test_a_connector_joins_the_solution_that_is_named_later(standin: Any, connectors: Any) -> None:
    live = connectors().create("Orders", PLAIN)
    assert standin.rows[0]["solution"] == ""
    connectors(solution="contoso").update(live.id, NEWER, live.connector, live.version)
    assert standin.rows[0]["solution"] == "contoso"
    again = connectors().find("Orders")
    with pytest.raises(ServiceRefused) as caught:
        connectors(solution="frozen").update(again.id, PLAIN, again.connector, again.version)
    assert "unique name of an unmanaged solution" in caught.value.advice
    assert "api2" in _columns(standin)["openapidefinition"]


def test_a_row_without_an_etag_has_the_version_that_stands_in_it() -> None:
    row = {"connectorid": "1", "versionnumber": 1234}
    assert live_connector(row, "https://a.example").version == 'W/"1234"'
    assert live_connector({**row, "@odata.etag": 'W/"7"'}, "https://a.example").version == 'W/"7"'
    assert live_connector({**row, "versionnumber": None}, "https://a.example").version == ""


@pytest.mark.parametrize("solution", ["frozen", "o'hara", "nowhere"])
def test_a_solution_that_cannot_take_it_is_refused_before_anything_is_made(
    standin: Any, connectors: Any, solution: str
) -> None:
    with pytest.raises(ServiceRefused, match="no unmanaged solution"):
        connectors(solution=solution).create("Orders", PLAIN)
    assert standin.rows == []


def test_the_client_secret_goes_where_it_belongs_and_nowhere_else(
    standin: Any, connectors: Any, hidden: list[str]
) -> None:
    made = connectors('s"ecret/1').create("Orders", SIGNED)
    (row,) = standin.rows
    assert list(row["secrets"].values()) == ['s"ecret/1']
    assert "ecret/1" not in repr(made)
    assert {'s"ecret/1', 's\\"ecret/1', "s%22ecret%2F1", 's\\\\\\"ecret/1'} <= set(hidden)
    assert made.redirect_url == f"https://global.consent.azure-apim.net/redirect/{made.internal_id[7:]}"


def test_a_secret_is_kept_by_a_write_that_does_not_touch_sign_in(standin: Any, connectors: Any) -> None:
    connectors("s1").create("Orders", SIGNED)
    door = connectors()
    live = door.find("Orders")
    door.update(live.id, SIGNED._replace(definition=NEWER.definition), live.connector, live.version)
    assert list(standin.rows[0]["secrets"].values()) == ["s1"]


def test_a_write_that_would_blank_a_secret_is_refused(standin: Any, connectors: Any) -> None:
    connectors("s1").create("Orders", SIGNED)
    other = json.loads(json.dumps(SIGNED.properties).replace('"c1"', '"c2"'))
    door = connectors()
    live = door.find("Orders")
    with pytest.raises(ServiceRefused) as caught:
        door.update(live.id, SIGNED._replace(properties=other), live.connector, live.version)
    assert "client-secret" in caught.value.advice
    assert list(standin.rows[0]["secrets"].values()) == ["s1"]
    connectors("s2").update(live.id, SIGNED._replace(properties=other), live.connector, live.version)
    assert list(standin.rows[0]["secrets"].values()) == ["s2"]


def test_several_ways_to_sign_in_get_the_secret_where_they_need_it(standin: Any, connectors: Any) -> None:
    sets = {
        "uiDefinition": {"displayName": "Way"},
        "values": [{"name": "key", "parameters": KEY}, {"name": "entra", "parameters": TOKEN}, "nonsense"],
    }
    several = PLAIN._replace(properties={"connectionParameters": {}, "connectionParameterSets": sets})
    with pytest.raises(ServiceRefused):
        connectors().create("Orders", several)
    made = connectors("s1").create("Orders", several)
    assert list(standin.rows[0]["secrets"].values()) == ["s1"]
    assert "redirect/" in made.redirect_url


def test_somebody_who_writes_in_between_is_not_overwritten(standin: Any, connectors: Any) -> None:
    connectors().create("Orders", PLAIN)
    door = connectors()
    live = door.find("Orders")
    standin.tell("edit", {"displayname": "Orders", "columns": {"description": "by hand"}})
    with pytest.raises(EditedByHand, match=r"20\d\d-"):
        door.update(live.id, NEWER, live.connector, live.version)
    assert "api2" not in _columns(standin)["openapidefinition"]


@pytest.mark.parametrize("by_hand", [False, True])
def test_without_versions_we_look_once_more_ourselves(standin: Any, connectors: Any, *, by_hand: bool) -> None:
    connectors().create("Orders", PLAIN)
    standin.options(optimistic_concurrency=False)
    door = connectors()
    live = door.find("Orders")
    if by_hand:
        standin.tell("edit", {"displayname": "Orders", "columns": {"description": "by hand"}})
        with pytest.raises(EditedByHand):
            door.update(live.id, NEWER, live.connector, live.version)
    else:
        door.update(live.id, NEWER, live.connector, live.version)
    assert ("api2" in _columns(standin)["openapidefinition"]) is not by_hand


def test_what_was_accepted_but_not_kept_is_noticed(standin: Any, connectors: Any) -> None:
    standin.options(forgets="policytemplateinstances")
    policies = [{"templateId": "setheader", "title": "x"}]
    with pytest.raises(ServiceFailed, match="differs in: policies"):
        connectors().create(
            "Orders", PLAIN._replace(properties={**PLAIN.properties, "policyTemplateInstances": policies})
        )


def test_a_managed_connector_is_left_alone(standin: Any, connectors: Any) -> None:
    connectors().create("Orders", PLAIN)
    standin.tell("edit", {"displayname": "Orders", "columns": {"ismanaged": True}})
    door = connectors()
    live = door.find("Orders")
    assert live.managed
    with pytest.raises(ServiceRefused, match="managed solution"):
        door.update(live.id, NEWER, live.connector, live.version)


def test_a_deleted_connector_is_never_created_by_an_update(standin: Any, connectors: Any) -> None:
    live = connectors().create("Orders", PLAIN)
    standin.tell("reset")
    with pytest.raises((ServiceFailed, ServiceRefused)):
        connectors().update(live.id, NEWER, live.connector, live.version)
    assert standin.rows == []


def test_a_connector_that_got_another_name_is_not_made_twice(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders", PLAIN)
    standin.tell("edit", {"displayname": "Orders", "columns": {"displayname": "Bestellungen"}})
    door = connectors()
    assert door.find("Orders") is None
    with pytest.raises(ServiceRefused) as caught:
        door.create("Orders", PLAIN)
    assert made.id in caught.value.advice


@pytest.mark.parametrize(
    ("broken", "advice"),
    [
        (PLAIN._replace(definition={"openapi": "3.1.0"}), "Swagger 2.0"),
        (PLAIN._replace(icon=b"<svg/>"), "PNG"),
    ],
)
def test_what_the_platform_refuses_comes_with_advice(connectors: Any, broken: Connector, advice: str) -> None:
    with pytest.raises(ServiceRefused) as caught:
        connectors().create("Orders", broken)
    assert advice in caught.value.advice


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_name_that_does_not_fit_is_refused(connectors: Any, name: str) -> None:
    with pytest.raises(WrongInputs):
        connectors().create(name, PLAIN)


def test_a_definition_that_does_not_fit_is_not_sent(standin: Any, connectors: Any) -> None:
    large = PLAIN._replace(definition={**DEFINITION, "x-large": "x" * 1_000_000})
    with pytest.raises(NotExportable, match="takes 1,000,000"):
        connectors().create("Orders", large)
    assert standin.requests == []


@pytest.mark.parametrize(
    ("privileges", "missing"),
    [([], "prvReadConnector"), (["prvReadConnector"], "prvCreateConnector")],
)
def test_a_missing_privilege_is_named(standin: Any, connectors: Any, privileges: list[str], missing: str) -> None:
    standin.options(privileges=privileges)
    door = connectors()
    with pytest.raises(ServiceRefused, match=missing) as caught:
        door.find("Orders") or door.create("Orders", PLAIN)
    assert "pac admin assign-user" in caught.value.advice


def test_a_stranger_is_told_how_to_become_a_user(standin: Any, connectors: Any) -> None:
    standin.options(application_user=False)
    with pytest.raises(SignInRefused) as caught:
        connectors().find("Orders")
    assert "--application-user" in caught.value.advice


def test_an_environment_that_does_not_exist_is_said_so(standin: Any, http: Any) -> None:
    def door(address: str, token: str) -> DataverseConnectors:
        return DataverseConnectors(WebApi(http, lambda: address, lambda _: token), mask=print)

    unknown = door("https://no-such-environment.invalid", "t")
    with pytest.raises(ServiceFailed, match="the environment does not exist") as caught:
        unknown.find("Orders")
    assert "pac env list" in caught.value.advice
    stale = door(standin.url, "not a token")
    with pytest.raises(SignInRefused, match="did not accept the sign-in"):
        stale.find("Orders")


@pytest.mark.parametrize("planted", ["1)/../other(2", "a\nb", ""])
def test_an_id_that_is_none_goes_nowhere(planted: str) -> None:
    class Rows:
        def request(self, *_: Any, **__: Any) -> Answer:
            return Answer(200, {}, json.dumps({"value": [{"connectorid": planted, "displayname": "Orders"}]}).encode())

    api = WebApi(Rows(), lambda: "https://a.example", lambda _: "token")  # type: ignore[arg-type]
    door = DataverseConnectors(api, mask=lambda _: None)
    with pytest.raises(ServiceFailed, match="without an id"):
        door.find("Orders")
