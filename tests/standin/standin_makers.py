"""The stand-in's makers: the flows, apps and connection references that use connectors, as Dataverse's tables have them."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any
from urllib.parse import unquote

from standin_entra import Said

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
# Each has a name and an owner; flows and apps the internal id of their `connector`, references its `row`. Flows have
# `operations`, may be switched off (`on`), and may be `old`: then they call by address.
OPTIONS: dict[str, Any] = {
    "flows": [],
    "apps": [],
    "references": [],
    "makers_page_size": 100,
}
# Columns that may be selected and filtered; learn.microsoft.com, developer/data-platform/reference/entities.
TABLES = {
    "connectionreferences": (
        "prvReadconnectionreference",
        (
            "connectionreferenceid",
            "connectionreferencelogicalname",
            "connectionreferencedisplayname",
            "_ownerid_value",
            "_customconnectorid_value",
        ),
    ),
    "workflows": (
        "prvReadWorkflow",
        ("workflowid", "name", "statecode", "clientdata", "_ownerid_value", "category", "type"),
    ),
    "canvasapps": (
        "prvReadCanvasApp",
        ("canvasappid", "name", "displayname", "connectionreferences", "_ownerid_value"),
    ),
}


def rows_of(table: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Give all rows of a table, as what the test said makes them."""
    made = {"connectionreferences": _reference, "workflows": _flow, "canvasapps": _app}[table]
    given = options[{"connectionreferences": "references", "workflows": "flows", "canvasapps": "apps"}[table]]
    return [{**made(one), f"_ownerid_value{FORMATTED}": one.get("owner", "")} for one in given]


def _id(one: dict[str, Any]) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, json.dumps(one, sort_keys=True)))


def _reference(one: dict[str, Any]) -> dict[str, Any]:
    names = {
        "connectionreferencedisplayname": one["name"],
        "connectionreferencelogicalname": f"new_{one['name'].lower()}",
    }
    return {"connectionreferenceid": _id(one), **names, "_customconnectorid_value": one["row"]}


def _app(one: dict[str, Any]) -> dict[str, Any]:
    reference = {
        "id": f"/providers/microsoft.powerapps/apis/{one['connector']}",
        "displayName": "Orders",
        "dataSources": ["Orders"],
    }
    return {
        "canvasappid": _id(one),
        "name": f"new_{one['name'].lower()}",
        "displayname": one["name"],
        "connectionreferences": json.dumps({_id(one): reference}),
    }


def _flow(one: dict[str, Any]) -> dict[str, Any]:
    key = "shared_orders"
    actions: dict[str, Any] = {}
    for number, operation in enumerate(one.get("operations", [])):
        host = {
            "connectionName": key,
            "operationId": operation,
            "apiId": f"/providers/Microsoft.PowerApps/apis/{one['connector']}",
        }
        if one.get("old"):
            host = {"connection": {"name": f"@parameters('$connections')['{key}']['connectionId']"}}
        call = {"type": "OpenApiConnection", "inputs": {"host": host, "parameters": {}}}
        # One inside of another, as loops and branches have them.
        actions = {f"Step_{number}": call, "Apply_to_each": {"type": "Foreach", "actions": actions}}
    data = {
        "properties": {
            "connectionReferences": {
                key: {"api": {"name": one["connector"]}, "connection": {}, "runtimeSource": "embedded"}
            },
            "definition": {"triggers": {"manual": {"type": "Request"}}, "actions": actions},
        },
        "schemaVersion": "1.0.0.0",
    }
    state = {"statecode": 1 if one.get("on", True) else 0, "category": 5, "type": 1}
    return {"workflowid": _id(one), "name": one["name"], **state, "clientdata": json.dumps(data)}


def matches(row: dict[str, Any], text: str, columns: tuple[str, ...]) -> bool | None:
    """Tell whether a row fits a filter of `eq`, `contains`, `and`, `or` and one level of brackets; None for nonsense."""
    inner = re.fullmatch(r"(.*) and \((.*)\)", text)
    parts = [*(inner[1] if inner else text).split(" and "), *([inner[2]] if inner else [])]
    found = [[_holds(row, one, columns) for one in part.split(" or ")] for part in parts]
    if any(one is None for part in found for one in part):
        return None
    return all(any(part) for part in found)


def _holds(row: dict[str, Any], condition: str, columns: tuple[str, ...]) -> bool | None:
    contains = re.fullmatch(r"contains\((\w+),'((?:[^']|'')*)'\)", condition)
    equals = re.fullmatch(r"(\w+) eq ([0-9a-fA-F-]{36}|\d+)", condition)
    one = contains or equals
    if one is None or one[1] not in columns:
        return None
    value = str(row.get(one[1], ""))
    return one[2].replace("''", "'").lower() in value.lower() if contains else value.lower() == one[2].lower()


def batch(body: bytes, headers: dict[str, str], answer: Any) -> Said:
    """Answer several reads in one, up to the first that fails unless asked; `answer` answers one, by its path."""
    boundary = re.search(r'boundary="?([^";]+)"?', headers.get("content-type", ""))
    goes_on = "odata.continue-on-error" in headers.get("prefer", "")
    if boundary is None:
        return Said(400, {"error": {"code": "", "message": "The boundary is missing."}})
    parts = []
    for part in body.decode().split(f"--{boundary[1]}")[1:-1]:
        asked = re.search(r"\r\n\r\nGET (\S+) HTTP/1\.1\r\n((?:[^\r\n]+\r\n)*)\r\n", part)
        if asked is None or "Content-Type: application/http" not in part:
            return Said(400, {"error": {"code": "", "message": "A part of the batch cannot be read."}})
        inner = dict(line.lower().split(": ", 1) for line in asked[2].split("\r\n") if line)
        said = answer(unquote(re.sub(r"^https?://[^/]+", "", asked[1])), inner)
        text = json.dumps(said.body)
        parts.append(
            "--batchresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            f"HTTP/1.1 {said.status} Said\r\nContent-Type: application/json; odata.metadata=minimal\r\nOData-Version: 4.0\r\n\r\n{text}\r\n"
        )
        if said.status >= 400 and not goes_on:
            break
    return Said(
        200, "".join(parts) + "--batchresponse_1--\r\n", {"Content-Type": "multipart/mixed; boundary=batchresponse_1"}
    )
