"""What is Power Apps' own: files by signed addresses, rivals, refusals inside of refusals, answers of somebody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exporter.edges.http import Answer
from exporter.edges.powerplatform.power_apps_refusals import refusal
from exporter.model.errors import EditedByHand, ServiceFailed, ServiceRefused, SignInRefused, WrongInputs
from exporter.settings.settings import NO_SECRET, Backend, Secret
from tests.powerplatform.certificates import certificate, key_text
from tests.powerplatform.test_faults import AFTER, BEFORE

PNG = b"\x89PNG\r\n\x1a\n and so on"
DRAWN = BEFORE._replace(icon=PNG)


@pytest.fixture(autouse=True)
def door(standin: Any) -> None:
    standin.backend = Backend.POWER_APPS


def test_icon_and_script_are_stored_and_no_signature_is_shown(standin: Any, connectors: Any, hidden: list[str]) -> None:
    made = connectors().create("Orders", DRAWN)
    assert connectors().icon(made.id) == PNG
    assert made.connector.script == BEFORE.script
    assert "c2lnbmF0dXJl" in hidden  # the signature of the stand-in's addresses
    assert not any("c2lnbmF0dXJl" in line for line in standin.requests)
    standin.tell("faults", [])
    connectors().update(made.id, AFTER._replace(icon=PNG), DRAWN, made.version)
    assert sum(line.startswith("PUT") for line in standin.requests) == 1  # the script; the icon is there


@pytest.mark.parametrize("proof", ["identity", "certificate"])
def test_it_takes_every_proof_that_dataverse_takes(standin: Any, connectors: Any, proof: str) -> None:
    standin.options(certificates=[certificate()] if proof == "certificate" else [])
    pem = Secret(key_text() + certificate()) if proof == "certificate" else NO_SECRET
    door = connectors(client_secret=NO_SECRET, certificate=pem)
    made = door.create("Orders", DRAWN)
    assert door.update(made.id, AFTER._replace(icon=PNG), DRAWN, made.version).id == made.id


@pytest.mark.parametrize("address", ["data:image/png;base64,AAAA", "", None, "/icons/1.png"])
def test_an_icon_without_an_address_is_none(standin: Any, connectors: Any, address: str | None) -> None:
    shown = {"name": "shared_a", "properties": {"isCustomApi": True, "iconUri": address}}
    standin.fails("GET .*/apis/shared_a$", "page", body=shown)
    assert connectors().icon("shared_a") == b""


@pytest.mark.parametrize("address", ["http://contoso.example/icon.png", "ftp://a.example/x", "https://"])
def test_a_file_at_no_https_address_is_not_fetched(standin: Any, connectors: Any, address: str) -> None:
    shown = {"name": "shared_a", "properties": {"isCustomApi": True, "iconUri": address}}
    shown["properties"] |= {"apiDefinitions": {"originalSwaggerUrl": address}}  # type: ignore[operator]
    standin.fails("GET .*/apis/shared_a$", "page", body=shown, times=2)
    with pytest.raises(ServiceFailed, match="at no https address"):
        connectors().icon("shared_a")
    with pytest.raises(ServiceFailed, match="at no https address"):
        connectors().find("", "shared_a")
    standin.fails("generateResourceStorage", "page", body={"sharedAccessSignature": f"{address}?sig=abcdef"})
    with pytest.raises(ServiceFailed, match="at no https address"):
        connectors().create("Orders", DRAWN)
    assert standin.rows == []


def test_a_script_that_is_left_out_is_gone(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders", BEFORE)
    updated = connectors().update(made.id, BEFORE._replace(script=""), made.connector, made.version)
    assert updated.connector.script == ""


def test_nothing_is_written_over_somebody_who_was_faster(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders", BEFORE)
    standin.tell("edit", {"displayname": "Orders", "columns": {"iconbrandcolor": "#ffffff"}})
    with pytest.raises(EditedByHand, match="Somebody changed"):
        connectors().update(made.id, AFTER, made.connector, made.version)
    assert standin.rows[0]["columns"]["iconbrandcolor"] == "#ffffff"


def test_the_later_of_two_that_create_takes_its_own_back(standin: Any, connectors: Any) -> None:
    first, second = connectors(), connectors()
    assert (first.find("Orders"), second.find("Orders")) == (None, None)
    made = first.create("Orders", BEFORE)
    with pytest.raises(ServiceRefused, match="took its own back"):
        second.create("Orders", AFTER)
    assert [row["columns"]["connectorinternalid"] for row in standin.rows] == [made.id]


@pytest.mark.parametrize("connector_id", ["shared_a/../../other", "shared_a?x=1", "shared_", "orders"])
def test_an_id_that_is_none_goes_nowhere(standin: Any, connectors: Any, connector_id: str) -> None:
    with pytest.raises(WrongInputs, match="neither"):
        connectors().find("Orders", connector_id)
    assert standin.requests == []


def test_an_answer_to_a_write_that_names_nonsense_is_looked_up_by_name(standin: Any, connectors: Any) -> None:
    standin.fails("POST .*/apis$", "page", status=201, body={"name": "shared_a/../../other"}, done=True)
    made = connectors().create("Orders", BEFORE)
    assert [row["columns"]["connectorinternalid"] for row in standin.rows] == [made.id]


def test_a_connector_that_was_deleted_is_said(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders", BEFORE)
    standin.tell("reset")
    standin.backend = Backend.POWER_APPS
    assert connectors().find("Orders", made.id) is None
    with pytest.raises(ServiceFailed, match="not there any more"):
        connectors().update(made.id, AFTER, made.connector, made.version)


@pytest.mark.parametrize("body", ["<html>Please sign in to the network</html>", "[]", '{"value": null}', "{}", ""])
def test_an_answer_of_somebody_else_is_not_taken_for_no_connector(standin: Any, connectors: Any, body: str) -> None:
    standin.fails("GET .*/apis$", "page", body=body)
    with pytest.raises(ServiceFailed, match="answer"):
        connectors().find("Orders")
    standin.fails("GET .*/apis/", "page", body=body)
    with pytest.raises(ServiceFailed, match="answer"):
        connectors().find("Orders", "shared_orders")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"<html>", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"", "no JSON"),
        (b"[]", "definition is none"),
        (b'"swagger"', "definition is none"),
        (b'{"error": {"code": "BlobNotFound"}}', "definition is none"),
    ],
)
def test_a_definition_that_is_none_stops_the_run(standin: Any, connectors: Any, file: bytes, words: str) -> None:
    connectors().create("Orders", BEFORE)
    standin.fails("GET /blobs", "page", body=file.decode("latin-1"))
    with pytest.raises(ServiceFailed, match=words):
        connectors().find("Orders")


def test_a_script_that_is_none_stops_the_run(standin: Any, connectors: Any) -> None:
    connectors().create("Orders", BEFORE)
    standin.fails("GET /blobs/.*script", "page", body="\r\n<html>Please sign in to the network</html>")
    with pytest.raises(ServiceFailed, match="script is none"):
        connectors().find("Orders")


def test_a_page_that_is_not_there_is_no_connector_that_is_gone(standin: Any, connectors: Any) -> None:
    made = connectors().create("Orders", BEFORE)
    standin.fails("GET .*/apis/", "page", status=404, body="<html>nothing</html>")
    with pytest.raises(ServiceRefused, match="There is nothing at"):
        connectors().find("Orders", made.id)


INNER = json.dumps({"error": {"code": "X", "message": "The policy is wrong."}})


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, {"error": {"message": "wrong audience"}}, SignInRefused, "wrong audience"),
        (403, {"error": {"message": "no permission"}}, ServiceRefused, "no permission"),
        (404, {"error": {"code": "EnvironmentNotFound"}}, ServiceRefused, "knows no environment here"),
        (404, {"error": {"code": "ApiResourceNotFound"}}, ServiceFailed, "not there any more"),
        (
            400,
            {"error": {"message": "Failed.", "details": [{"message": INNER}]}},
            ServiceRefused,
            "Failed. The policy is wrong.",
        ),
        (404, "<html>", ServiceRefused, "There is nothing at Power Apps."),
        (302, "", ServiceFailed, "which is no answer"),
        (400, {"error": {"message": INNER}}, ServiceRefused, "The policy is wrong."),
        (400, "nonsense", ServiceRefused, "It said: nothing"),
        (400, {"error": {"message": "a secret of ours"}}, ServiceRefused, "a *** of ours"),
        (501, {}, ServiceFailed, "status 501"),
    ],
)
def test_every_refusal_is_told(status: int, body: Any, kind: type[Exception], words: str) -> None:
    error = refusal(Answer(status, {}, json.dumps(body).encode(), "Power Apps"), "here", ("secret",))
    assert isinstance(error, kind)
    assert words in error.message
    assert error.advice
