"""Who uses a connector, out of Dataverse: its connection references, cloud flows and canvas apps, in one request."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from exporter.edges.powerplatform import refusals
from exporter.edges.powerplatform.names import is_guid, literal
from exporter.edges.powerplatform.web_api import WebApi
from exporter.model.connectors import LiveConnector
from exporter.model.errors import ExporterError
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.usage import Kind, Usage, User
from exporter.openapi.json_reading import deeper_than

_MOST = 2000
_PREFER = 'odata.include-annotations="OData.Community.Display.V1.FormattedValue",odata.maxpagesize=100'
_OWNER = "_ownerid_value@OData.Community.Display.V1.FormattedValue"
_DEEPEST = 200
_OK = 200
_ACTIVE = 1


class _Table(NamedTuple):
    """Where one kind of user stands (learn.microsoft.com: connectionreference, workflow and canvasapp)."""

    kind: Kind
    words: str
    path: str
    """With `{row}`, `{internal}` and `{logical}` for the connector's ids, quoted for a filter."""


# fmt: off
_TABLES = (
    _Table(Kind.REFERENCE, "connection references", "connectionreferences?$select=connectionreferenceid,connectionreferencelogicalname,connectionreferencedisplayname,_ownerid_value&$filter=_customconnectorid_value eq {row}"),
    # Category 5 is a cloud flow, type 1 its definition (learn.microsoft.com/power-automate/manage-flows-with-code).
    _Table(Kind.FLOW, "flows", "workflows?$select=workflowid,name,statecode,clientdata,_ownerid_value&$filter=category eq 5 and type eq 1 and (contains(clientdata,{internal}) or contains(clientdata,{logical}))"),
    _Table(Kind.APP, "apps", "canvasapps?$select=canvasappid,displayname,connectionreferences,_ownerid_value&$filter=contains(connectionreferences,{internal})"),
)
# fmt: on


def users_of(api: WebApi, live: LiveConnector) -> Usage:
    """
    Give who uses a live connector, at most two thousand of each kind.

    Nothing is raised: an export does not hang on it. What could not be read is said.
    """
    if not is_guid(live.id) or not live.internal_id:
        return Usage(unread=("Who uses the connector cannot be looked up: the platform has not named it yet.",))
    quoted = f'"{live.logical_name}"' if live.logical_name else live.internal_id
    names = {"row": live.id, "internal": literal(live.internal_id), "logical": literal(quoted)}
    users: list[User] = []
    unread: list[str] = []
    try:
        answers = api.batch([table.path.format(**names) for table in _TABLES], {"Prefer": _PREFER})
    except ExporterError as error:
        return Usage(unread=(f"Who uses the connector could not be read. {error.message}",))
    for table, answer in zip(_TABLES, answers, strict=True):
        if answer.status != _OK:
            reason = refusals.refusal(answer, api.origin, ()).message
            unread.append(f"The {table.words} that use the connector could not be read. {reason}")
            continue
        rows = api.rest(answer, {"Prefer": _PREFER})
        try:
            users.extend(_users(table.kind, islice(rows, _MOST), live))
            if next(rows, None) is not None:
                unread.append(f"More than {_MOST:,} {table.words} use the connector; the others are not listed.")
        except ExporterError as error:
            unread.append(f"Not all {table.words} that use the connector could be read. {error.message}")
    return Usage(tuple(users), tuple(unread))


def _users(kind: Kind, rows: Iterable[Object], live: LiveConnector) -> Iterator[User]:
    for row in rows:
        owner = as_text(row.get(_OWNER))
        match kind:
            case Kind.REFERENCE:
                logical = as_text(row.get("connectionreferencelogicalname"))
                name = as_text(row.get("connectionreferencedisplayname")) or logical
                yield User(kind, name, owner, as_text(row.get("connectionreferenceid")))
            case Kind.APP:
                if _uses(_read(row.get("connectionreferences")), live):
                    yield User(kind, as_text(row.get("displayname")), owner, as_text(row.get("canvasappid")))
            case Kind.FLOW:
                keys, operations = _called(_read(row.get("clientdata")), live)
                if keys:
                    yield User(
                        kind,
                        as_text(row.get("name")),
                        owner,
                        as_text(row.get("workflowid")),
                        operations,
                        active=row.get("statecode") == _ACTIVE,
                    )


def _uses(references: Json, live: LiveConnector) -> bool:
    """Tell whether one of an app's connection references is to the connector: its `id` ends in the internal id."""
    return any(
        as_text(as_object(reference).get("id")).rpartition("/")[2] == live.internal_id
        for reference in as_object(references).values()
    )


def _called(data: Json, live: LiveConnector) -> tuple[set[str], tuple[str, ...] | None]:
    """
    Give by which names a flow knows the connector, and which of its operations it calls.

    An action names its connection (`host.connectionName`) or the connector itself (`host.apiId`). None for the operations
    where an action calls by address, as old flows do.
    """
    properties = as_object(as_object(data).get("properties"))
    keys = {
        key for key, value in as_object(properties.get("connectionReferences")).items() if _is(as_object(value), live)
    }
    found: dict[str, None] = {}
    known = True
    waiting: list[Json] = [properties.get("definition")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            host = as_object(as_object(value.get("inputs")).get("host"))
            if _names(host, keys, live):
                operation = as_text(host.get("operationId"))
                known = known and bool(operation)
                found[operation] = None
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return keys, tuple(sorted(found)) if known else None


def _is(reference: Object, live: LiveConnector) -> bool:
    api = as_object(reference.get("api"))
    ids = {
        as_text(api.get("name")),
        as_text(api.get("id")).rpartition("/")[2],
        as_text(reference.get("id")).rpartition("/")[2],
    }
    return live.internal_id in ids or (live.logical_name != "" and api.get("logicalName") == live.logical_name)


def _names(host: Object, keys: set[str], live: LiveConnector) -> bool:
    if as_text(host.get("apiId")).rpartition("/")[2] == live.internal_id or host.get("connectionName") in keys:
        return True
    # Old flows: "@parameters('$connections')['shared_orders']['connectionId']".
    return any(f"['{key}']" in as_text(as_object(host.get("connection")).get("name")) for key in keys)


def _read(value: Json) -> Json:
    try:
        read: Json = json.loads(as_text(value))
    except (ValueError, RecursionError):
        return None
    return None if deeper_than(read, _DEEPEST) else read
