"""The stand-in's Dataverse: the tables `connector` and `solution` of one environment, as strict as the real ones."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import time
import uuid
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

import standin_makers
from standin_entra import Said
from standin_store import Store

API = "/api/data/v9.2/"

OPTIONS: dict[str, Any] = {
    "application_user": True,
    "privileges": [
        "prvReadConnector",
        "prvCreateConnector",
        "prvWriteConnector",
        "prvDeleteConnector",
        "prvReadSolution",
        "prvReadWorkflow",
        "prvReadCanvasApp",
        "prvReadconnectionreference",
    ],
    "solutions": {"contoso": {"ismanaged": False, "prefix": "cts"}, "frozen": {"ismanaged": True, "prefix": "cts"}},
    "optimistic_concurrency": True,
    "adds_empty_members": True,
    "script_with_create": False,
    "forgets": "",
    "page_size": 50,
}

# The longest text and the kind of each; powerapps-docs, developer/data-platform/reference/entities/connector.md
# fmt: off
WRITABLE = {
    "connectorid": (36, "guid"), "name": (500, "text"), "displayname": (200, "text"), "description": (1000, "text"),
    "connectortype": (0, "choice"), "openapidefinition": (1_000_000, "text"), "connectionparameters": (500_000, "text"),
    "connectionparametersets": (500_000, "text"), "policytemplateinstances": (500_000, "text"),
    "customcodeblobcontent": (500_000, "text"), "scriptoperations": (500_000, "text"), "capabilities": (0, "text"),
    "iconblob": (14_000_000, "text"), "iconbrandcolor": (100, "text"), "interfaces": (4000, "text"),
    "introducedversion": (48, "text"), "statecode": (0, "choice"), "statuscode": (0, "choice"),
}
READ_ONLY = ("connectorinternalid", "ismanaged", "modifiedon", "createdon", "versionnumber", "solutionid", "iconblobid",
             "iconblob_url", "iconblob_timestamp", "componentstate", "overwritetime")
# fmt: on
ALL_COLUMNS = (*WRITABLE, *READ_ONLY)
ADDED = {"consumes": [], "definitions": {}, "parameters": {}, "responses": {}, "tags": [], "security": []}
CAPABILITIES = {
    name: 118690000 + n for n, name in enumerate(("composite", "tabular", "blob", "gateway", "cloud", "actions"))
}
SCALED = b" scaled"
IMAGES = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")


class Refused(Exception):
    """The service says no."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.said = Said(status, {"error": {"code": code, "message": words}})


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    """Behind the API's address, still encoded, with its query."""
    headers: dict[str, str]
    body: bytes
    origin: str
    secure: bool = False
    """Over TLS: to a host that the client named itself."""


class Dataverse:
    """Answers requests for one environment; whoever calls holds the lock."""

    def __init__(self, store: Store, options: dict[str, Any]) -> None:
        self._store = store
        self._options = options

    def answer(self, asked: Asked) -> Said:
        """Answer a request of somebody who is signed in."""
        try:
            return self._answer(asked)
        except Refused as refused:
            return refused.said

    def _answer(self, asked: Asked) -> Said:  # noqa: C901, PLR0911 - a case per resource
        if not self._options["application_user"]:
            raise Refused(403, "0x80072560", "The user is not a member of the organization.")
        if asked.headers.get("odata-version", "4.0") != "4.0":
            raise Refused(400, "", "The version header is not supported.")
        parts = urlsplit(asked.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        one = re.fullmatch(r"connectors\(([0-9a-fA-F-]{36})\)", parts.path)
        match asked.method, parts.path:
            case "GET", "WhoAmI":
                return Said(
                    200, {name: str(uuid.UUID(int=n)) for n, name in enumerate(("UserId", "OrganizationId"), 1)}
                )
            case "GET", path if path.startswith("EntityDefinitions"):
                return self._described(path, query)
            case "POST", "$batch":
                return self._batch(asked)
            case "GET", table if table in standin_makers.TABLES:
                return self._makers(table, query, asked)
            case "GET", "solutions":
                return self._solutions(query)
            case "GET", "connectors":
                return self._list(query, asked.origin)
            case "POST", "connectors":
                return self._create(asked)
            case (("GET" | "PATCH" | "DELETE"), _) if one:
                return self._one(asked, one[1].lower(), query)
        raise Refused(404, "0x8006088a", f"Resource not found for the segment '{parts.path}'.")

    # Reading

    def _all(self) -> list[dict[str, Any]]:
        return [self._shown(*row) for row in self._store.rows()]

    def _shown(
        self, row_id: str, version: int, columns: dict[str, Any], _secrets: object, _solution: str
    ) -> dict[str, Any]:
        row = {name: columns.get(name) for name in ALL_COLUMNS}
        row |= {"connectorid": row_id, "versionnumber": version, "@odata.etag": f'W/"{version}"'}
        if self._options["adds_empty_members"] and row["openapidefinition"]:
            row["openapidefinition"] = json.dumps({**ADDED, **json.loads(row["openapidefinition"])})
        if row["iconblob"]:
            row["iconblob"] = base64.b64encode(base64.b64decode(row["iconblob"]).removesuffix(SCALED) + SCALED).decode()
        return row

    def _select(self, row: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        # Images come only when they are asked for.
        names = query["$select"].split(",") if "$select" in query else [n for n in ALL_COLUMNS if n != "iconblob"]
        for name in names:
            if name not in ALL_COLUMNS:
                raise Refused(400, "0x80060888", f"Could not find a property named '{name}' on type 'connector'.")
        return {name: row[name] for name in ("@odata.etag", "connectorid", *names)}

    def _list(self, query: dict[str, str], origin: str) -> Said:
        self._may("prvReadConnector")
        for name in query:
            if name not in {"$select", "$filter", "$skiptoken", "$orderby"}:
                raise Refused(400, "0x80060888", f"The query parameter '{name}' is not supported.")
        wanted = _conditions(query.get("$filter", ""))
        rows = [row for row in self._all() if all(_equal(row[name], value) for name, value in wanted)]
        shown = [self._select(row, query) for row in rows]
        start, size = int(query.get("$skiptoken", "0")), self._options["page_size"]
        page: dict[str, Any] = {
            "@odata.context": f"{origin}{API}$metadata#connectors",
            "value": shown[start : start + size],
        }
        if len(shown) > start + size:
            rest = "&".join(f"{n}={quote(v, safe='')}" for n, v in query.items() if n != "$skiptoken")
            page["@odata.nextLink"] = f"{origin}{API}connectors?{rest}&$skiptoken={start + size}"
        return Said(200, page)

    def _solutions(self, query: dict[str, str]) -> Said:
        self._may("prvReadSolution")
        wanted = re.fullmatch(r"uniquename eq '((?:[^']|'')*)'", query.get("$filter", ""))
        if wanted is None:
            raise Refused(400, "0x80060888", "Syntax error in the filter.")
        name = wanted[1].replace("''", "'")
        value = [
            {
                "solutionid": str(uuid.uuid5(uuid.NAMESPACE_DNS, unique)),
                "ismanaged": one["ismanaged"],
                "publisherid": {"customizationprefix": one["prefix"]},
            }
            for unique, one in self._options["solutions"].items()
            if unique.lower() == name.lower()
        ]
        return Said(200, {"value": value})

    def _described(self, path: str, query: dict[str, str]) -> Said:
        """Describe the table, as clients ask that know its name only."""
        if path == "EntityDefinitions" and query.get("$filter") == "LogicalName eq 'connector'":
            names = {"LogicalName": "connector", "EntitySetName": "connectors", "PrimaryIdAttribute": "connectorid"}
            return Said(200, {"value": [names]})
        if path.startswith("EntityDefinitions(LogicalName='connector')/Attributes/"):
            return Said(200, {"value": [{"LogicalName": n} for n, (_, kind) in WRITABLE.items() if kind == "choice"]})
        raise Refused(404, "0x80060888", "Such a description is not known.")

    def _batch(self, asked: Asked) -> Said:
        def one(path: str, headers: dict[str, str]) -> Said:
            inner = {**asked.headers, **headers}
            return self.answer(Asked("GET", path.removeprefix(API), inner, b"", asked.origin))

        return standin_makers.batch(asked.body, asked.headers, one)

    def _makers(self, table: str, query: dict[str, str], asked: Asked) -> Said:
        privilege, columns = standin_makers.TABLES[table]
        self._may(privilege)
        names = query.get("$select", "").split(",")
        wanted = query.get("$filter", "")
        found = standin_makers.rows_of(table, self._options)
        fits = [standin_makers.matches(row, wanted, columns) for row in found]
        if query.keys() - {"$select", "$filter", "$skiptoken"} or set(names) - set(columns) or None in fits:
            raise Refused(400, "0x80060888", "The query is not understood.")
        rows = [row for row, fit in zip(found, fits, strict=True) if fit]
        if "formattedvalue" in asked.headers.get("prefer", "").lower():
            names += [f"_ownerid_value{standin_makers.FORMATTED}"]
        start, size = int(query.get("$skiptoken", "0")), self._options["makers_page_size"]
        shown = [{name: row[name] for name in names if name in row} for row in rows[start : start + size]]
        page: dict[str, Any] = {"value": shown}
        if len(rows) > start + size:
            rest = "&".join(f"{n}={quote(v, safe='')}" for n, v in query.items() if n != "$skiptoken")
            page["@odata.nextLink"] = f"{asked.origin}{API}{table}?{rest}&$skiptoken={start + size}"
        return Said(200, page)

    # Writing

    def _one(self, asked: Asked, row_id: str, query: dict[str, str]) -> Said:
        row = next((one for one in self._all() if one["connectorid"] == row_id), None)
        if asked.method == "PATCH":
            return self._update(asked, row_id, row)
        self._may("prvReadConnector" if asked.method == "GET" else "prvDeleteConnector")
        if row is None:
            raise Refused(404, "0x80040217", f"Entity 'connector' With Id = {row_id} Does Not Exist")
        if asked.method == "DELETE":
            self._store.remove(row_id)
            return Said(204)
        return Said(200, self._select(row, query))

    def _create(self, asked: Asked, row_id: str = "") -> Said:
        self._may("prvCreateConnector")
        columns = _columns(asked)
        row_id = row_id or str(columns.get("connectorid") or uuid.uuid4()).lower()
        if any(one["connectorid"] == row_id for one in self._all()):
            raise Refused(412, "0x80040237", "A record with matching key values already exists.")
        for name in ("name", "connectortype", "openapidefinition"):
            if columns.get(name) in (None, ""):
                raise Refused(400, "0x80040203", f"The required column '{name}' has no value.")
        if columns.get("customcodeblobcontent") and not self._options["script_with_create"]:
            raise Refused(
                400, "0x80040265", "ApiHubsRequestFailed: Unable to find an unassigned function app in 'standin'"
            )
        solution = self._solution_of(asked)
        digest = hashlib.sha256(row_id.encode()).hexdigest()[:16]
        encoded = re.sub(r"[^a-z0-9]", lambda sign: f"-{ord(sign[0]):02x}", str(columns["name"]).lower())
        internal = f"shared_{encoded}-5f{digest}"
        stored = {"ismanaged": False, "connectorinternalid": internal, "createdon": now()}
        self._keep(row_id, stored, {}, columns, solution)
        return Said(204, headers={"OData-EntityId": f"{asked.origin}{API}connectors({row_id})"})

    def _update(self, asked: Asked, row_id: str, row: dict[str, Any] | None) -> Said:
        self._may("prvWriteConnector")
        match = asked.headers.get("if-match", "")
        if row is None and match:
            raise Refused(404, "0x80040217", f"Entity 'connector' With Id = {row_id} Does Not Exist")
        if row is None:
            return self._create(asked, row_id)
        if match not in {"", "*"} and not self._options["optimistic_concurrency"]:
            raise Refused(400, "0x80060893", "Optimistic concurrency is not enabled for the table connector.")
        if match not in {"", "*", row["@odata.etag"]}:
            raise Refused(
                412, "0x80060882", "The version of the existing record doesn't match the RowVersion property."
            )
        columns = _columns(asked)
        _, _, stored, secrets, solution = next(one for one in self._store.rows() if one[0] == row_id)
        if columns.get("name", stored["name"]) != stored["name"]:
            raise Refused(400, "0x80040265", "The name of a connector cannot be changed.")
        self._keep(row_id, stored, secrets, columns, self._solution_of(asked) or solution)
        return Said(204, headers={"OData-EntityId": f"{asked.origin}{API}connectors({row_id})"})

    def _solution_of(self, asked: Asked) -> str:
        solution = asked.headers.get("mscrm.solutionuniquename", "")
        known = self._options["solutions"].get(solution)
        if solution and (known is None or known["ismanaged"]):
            raise Refused(400, "0x80048d0b", f"The solution '{solution}' was not found or is managed.")
        return solution

    def _keep(
        self, row_id: str, stored: dict[str, Any], secrets: dict[str, str], columns: dict[str, Any], solution: str
    ) -> None:
        new = {**stored, **columns, "modifiedon": now()}
        _check_together(new)
        for name in ("connectionparameters", "connectionparametersets"):
            if columns.get(name):
                parsed = json.loads(columns[name])
                # What is written without its secret loses it: the worst that the real service may do.
                secrets = {k: v for k, v in secrets.items() if not k.startswith(f"{name}:")}
                secrets |= dict(taken_out(name, parsed, str(new["connectorinternalid"])))
                new[name] = json.dumps(parsed)
        if self._options["forgets"]:
            new[self._options["forgets"]] = stored.get(self._options["forgets"])
        self._store.put(row_id, new, secrets, solution)

    def _may(self, privilege: str) -> None:
        if privilege not in self._options["privileges"]:
            raise Refused(
                403,
                "0x80040220",
                f"Principal user (Id=1, type=8, roleCount=1, privilegeCount=78, accessMode=4), is missing {privilege} "
                "privilege (Id=2) on OTC=372 for entity 'connector'.",
            )


def now(fraction: int | None = None) -> str:
    """Give the time as the services write it; Power Apps writes ten-millionths, which we count up."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + ("Z" if fraction is None else f".{fraction:07}Z")


def _conditions(text: str) -> list[tuple[str, str]]:
    found = []
    rest = text
    while rest:
        one = re.match(r"(\w+) eq (?:'((?:[^']|'')*)'|([0-9a-fA-F-]{36}|\d+))(?: and |$)", rest)
        bare = one is not None and WRITABLE.get(one[1], (0, "text"))[1] in {"guid", "choice"}
        if one is None or one[1] not in ALL_COLUMNS or bare != (one[3] is not None):
            raise Refused(400, "0x80060888", "Syntax error in the filter.")
        found.append((one[1], one[2].replace("''", "'") if one[2] is not None else one[3]))
        rest = rest[one.end() :]
    return found


def _equal(value: Any, wanted: str) -> bool:
    return str(value).lower() == wanted.lower()


def _columns(asked: Asked) -> dict[str, Any]:
    if not asked.headers.get("content-type", "").startswith("application/json"):
        raise Refused(415, "", "The content type is not supported.")
    try:
        columns = json.loads(asked.body)
    except ValueError:
        raise Refused(400, "0x80048d19", "The payload is not JSON.") from None
    if not isinstance(columns, dict):
        raise Refused(400, "0x80048d19", "The payload is not an object.")
    for name, value in columns.items():
        if name not in WRITABLE:
            raise Refused(400, "0x80048d19", f"Undeclared property '{name}' in the payload for 'connector'.")
        longest, kind = WRITABLE[name]
        if value is not None and not isinstance(value, int if kind == "choice" else str):
            raise Refused(400, "0x80048d19", f"Cannot convert the value of '{name}' to its type.")
        if kind == "text" and longest and len(value or "") > longest:
            raise Refused(
                400, "0x80044331", f"The length of '{name}' exceeded the maximum allowed length of '{longest}'."
            )
    return columns


def _parsed(columns: dict[str, Any], name: str, kind: type) -> Any:
    if columns.get(name) is None:
        return None
    try:
        value = json.loads(columns[name])
    except ValueError:
        value = ...
    if value is not None and not isinstance(value, kind):
        raise Refused(400, "0x80040265", f"ApiHubsRequestFailed: '{name}' cannot be read.")
    return value


def _check_together(columns: dict[str, Any]) -> None:
    definition = _parsed(columns, "openapidefinition", dict) or {}
    info = definition.get("info")
    if (
        definition.get("swagger") != "2.0"
        or not definition.get("host")
        or not (isinstance(info, dict) and info.get("title"))
    ):
        raise Refused(400, "0x80040265", "ApiHubsRequestFailed: Invalid Api definition object.")
    parameters = _parsed(columns, "connectionparameters", dict)
    if parameters and "properties" in parameters:
        raise Refused(400, "0x80040265", "ApiHubsRequestFailed: Nullable object must have a value.")
    _parsed(columns, "connectionparametersets", dict)
    _parsed(columns, "policytemplateinstances", list)
    if _parsed(columns, "scriptoperations", list) and not columns.get("customcodeblobcontent"):
        raise Refused(400, "0x80040265", "ApiHubsRequestFailed: InvalidScriptDefinitionUrlWithNonNullOperations")
    if not re.fullmatch(r"(118690\d{3}(,118690\d{3})*)?", columns.get("capabilities") or ""):
        raise Refused(400, "0x80048d19", "Cannot convert the value of 'capabilities' to its type.")
    if columns.get("iconblob"):
        try:
            image = base64.b64decode(columns["iconblob"], validate=True)
        except binascii.Error:
            image = b""
        if not image.startswith(IMAGES):
            raise Refused(400, "0x80072553", "ProcessImageFailure: the image cannot be processed.")


def taken_out(place: str, value: Any, internal: str) -> list[tuple[str, str]]:
    """Take the secrets out of connection parameters, and put the platform's own redirect URL in."""
    if isinstance(value, list):
        return [found for n, one in enumerate(value) for found in taken_out(f"{place}:{n}", one, internal)]
    if not isinstance(value, dict):
        return []
    found = []
    for name, inner in value.items():
        if name.lower() == "oauthsettings" and isinstance(inner, dict):
            found.append((f"{place}:{name}", inner.pop("clientSecret", "")))
            inner["redirectUrl"] = f"https://global.consent.azure-apim.net/redirect/{internal.removeprefix('shared_')}"
            identity = (inner.get("properties") or {}).get("FederatedIdentityCredentials")
            if isinstance(identity, dict):
                identity["Subject"] = f"/eid1/c/pub/t/standin/a/{internal.removeprefix('shared_')}"
        else:
            found += taken_out(f"{place}:{name}", inner, internal)
    return found
