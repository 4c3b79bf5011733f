"""Who uses a connector, out of what makers and strangers wrote into flows and apps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.edges.http import Answer
from exporter.edges.powerplatform.batch import BOUNDARY, batch_answers, batch_body
from exporter.edges.powerplatform.users import users_of
from exporter.edges.powerplatform.web_api import WebApi
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import ServiceFailed

LIVE = LiveConnector(
    "00000000-0000-0000-0000-000000000001", "shared_orders", "Orders", Connector({}, {}), logical_name="new_orders"
)
BY_NAME = {"a": {"api": {"name": "shared_orders"}}}


class Says:
    """A service that answers a batch with three pages."""

    def __init__(self, *pages: Any) -> None:
        self._pages = pages

    def request(self, *_: Any, **__: Any) -> Answer:
        parts = "".join(
            f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{page}\r\n"
            for page in self._pages
        )
        return Answer(200, {"content-type": "multipart/mixed; boundary=b"}, f"{parts}--b--".encode())


def users(flow: Any = None, app: Any = None) -> Any:
    flows = [{"workflowid": "1", "name": "F", "clientdata": flow if isinstance(flow, str) else json.dumps(flow)}]
    apps = [{"canvasappid": "2", "displayname": "A", "connectionreferences": json.dumps(app)}]
    pages = ([], flows if flow is not None else [], apps if app is not None else [])
    service = Says(*(json.dumps({"value": rows}) for rows in pages))
    return users_of(WebApi(service, lambda: "https://a.example", lambda _: "t"), LIVE)  # type: ignore[arg-type]


def flow(references: Any, *hosts: Any) -> Any:
    steps = {f"s{number}": {"inputs": {"host": host}} for number, host in enumerate(hosts)}
    return {"properties": {"connectionReferences": references, "definition": {"triggers": {}, "actions": steps}}}


@pytest.mark.parametrize(
    ("references", "host", "operations"),
    [
        (BY_NAME, {"connectionName": "a", "operationId": "List"}, ("List",)),
        (
            {"a": {"api": {"logicalName": "new_orders", "name": "other"}}},
            {"connectionName": "a", "operationId": "L"},
            ("L",),
        ),
        (
            {"a": {"id": "/providers/Microsoft.PowerApps/apis/shared_orders"}},
            {"connectionName": "a", "operationId": "L"},
            ("L",),
        ),
        (BY_NAME, {"apiId": "/providers/Microsoft.PowerApps/apis/shared_orders", "operationId": "L"}, ("L",)),
        (BY_NAME, {"connectionName": "b", "operationId": "Other"}, ()),
        (BY_NAME, {"connection": {"name": "@parameters('$connections')['a']['connectionId']"}}, None),
    ],
)
def test_what_a_flow_calls(references: Any, host: Any, operations: Any) -> None:
    (user,) = users(flow(references, host)).users
    assert user.operations == operations


def test_a_flow_or_an_app_of_another_connector_is_none() -> None:
    other = {"a": {"api": {"name": "shared_orders2"}}}
    assert users(flow(other, {"connectionName": "a", "operationId": "List"})).users == ()
    assert users(app={"x": {"id": "/providers/microsoft.powerapps/apis/shared_orders2"}}).users == ()
    assert [
        one.name for one in users(app={"x": {"id": "/providers/microsoft.powerapps/apis/shared_orders"}}).users
    ] == ["A"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["shared_orders", "a", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["properties", "connectionReferences", "definition", "inputs", "host", "api", "name", "a"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_nonsense_is_nobody(value: Any) -> None:
    users({"properties": value})
    users(
        value if isinstance(value, str) else {"properties": {"connectionReferences": BY_NAME, "definition": value}},
        value,
    )


def test_those_before_a_page_that_cannot_be_read_are_told() -> None:
    rows = [{"connectionreferenceid": str(number), "connectionreferencelogicalname": "r"} for number in range(3)]
    page = json.dumps({"value": rows, "@odata.nextLink": "https://a.example/api/data/v9.2/connectionreferences?x=1"})
    empty = json.dumps({"value": []})
    service = Says(page, empty, empty)
    said = users_of(WebApi(service, lambda: "https://a.example", lambda _: "t"), LIVE)  # type: ignore[arg-type]
    assert len(said.users) == 3
    assert "Not all connection references" in " ".join(said.unread)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a":' * 50_000 + "1" + "}" * 50_000])
def test_what_cannot_be_read_is_nobody(text: str) -> None:
    assert users(text).users == ()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html>"),
        ("multipart/mixed; boundary=b", b"--b--"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--b--"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nnonsense\r\n--b\r\n\r\nHTTP/1.1 2\r\n\r\n--b--"),
    ],
)
def test_an_answer_that_is_no_batch_is_said(kind: str, body: bytes) -> None:
    with pytest.raises(ServiceFailed, match="of 2 parts"):
        batch_answers(Answer(200, {"content-type": kind}, body), 2)


def test_a_batch_is_written_as_http_is() -> None:
    body = batch_body(["https://a.example/x?$filter=a%20eq%201"], {"Accept": "application/json"}).decode()
    assert body.split("\r\n")[:6] == [
        f"--{BOUNDARY}",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "GET https://a.example/x?$filter=a%20eq%201 HTTP/1.1",
        "Accept: application/json",
    ]
    assert body.endswith(f"\r\n--{BOUNDARY}--\r\n")
