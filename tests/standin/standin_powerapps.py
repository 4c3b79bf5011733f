"""The stand-in's Power Apps service: what `paconn` speaks, over the same rows as Dataverse, and the storage for its files."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from standin_dataverse import CAPABILITIES, IMAGES, Asked, Refused, now, taken_out
from standin_entra import Said
from standin_store import Store
from standin_swagger import faults_of

POWER_APPS = "/providers/Microsoft.PowerApps/"
FLOW = "/providers/Microsoft.ProcessSimple/"
BLOBS = "standin.blob.core.windows.net"
LOCAL_BLOBS = "/blobs"
"""Where files are for whoever asks us by our own address: only a client with a proxy reaches the host above."""
PATHS = (POWER_APPS, FLOW, f"{LOCAL_BLOBS}/")
ENVIRONMENT = {"name": "Default-11111111-1111-1111-1111-111111111111", "displayName": "Contoso (default)"}
PERSON = {"token": "a.persons/token", "oid": "33333333-3333-3333-3333-333333333333"}
SAS = {"sv": "2019-02-02", "sr": "c", "sp": "rw", "sig": "c2lnbmF0dXJl"}
QUERY = "&".join(f"{name}={value}" for name, value in SAS.items())
VERSIONS = ("2016-11-01", "2017-06-01", "2019-05-01")
OPTIONS: dict[str, Any] = {"apps_roles": ["CanRead", "CanCreate", "CanEdit"], "apps_page_size": 20}
ICON = b"\x89PNG\r\n\x1a\n the platform's own"

# Each member of a connector's properties: its type, and the column that Dataverse keeps it in ("" for none).
MEMBERS: dict[str, tuple[type, str]] = {
    "displayName": (str, "displayname"),
    "description": (str, "description"),
    "openApiDefinition": (dict, "openapidefinition"),
    "connectionParameters": (dict, "connectionparameters"),
    "connectionParameterSets": (dict, "connectionparametersets"),
    "policyTemplateInstances": (list, "policytemplateinstances"),
    "scriptOperations": (list, "scriptoperations"),
    "iconBrandColor": (str, "iconbrandcolor"),
    "capabilities": (list, ""),
    "publisher": (str, ""),
    "backendService": (dict, ""),
    "environment": (dict, ""),
    "iconUri": (str, ""),
    "scriptDefinitionUrl": (str, ""),
}
PARAMETERS = ("connectionParameters", "connectionParameterSets")
ONLY_HERE = ("capabilities", "publisher", "backendService")


class PowerApps:
    """Answers what a person's tools ask; whoever calls holds the lock."""

    def __init__(self, store: Store, options: dict[str, Any]) -> None:
        self._store = store
        self._options = options
        self._blobs: dict[str, bytes] = {}

    def answer(self, asked: Asked, app: str) -> Said:
        """Answer a request to Power Apps, Flow or the storage; `app` is the app registration that asks, if one does."""
        try:
            if asked.path.startswith(f"{LOCAL_BLOBS}/"):
                return self._blob(asked._replace(path=asked.path.removeprefix(LOCAL_BLOBS)))
            if asked.headers["host"].partition(":")[0] == BLOBS:
                return self._blob(asked)
            return self._signed_in(asked, app)
        except Refused as refused:
            return refused.said

    def _signed_in(self, asked: Asked, app: str) -> Said:
        if not app:
            _check_token(asked.headers)
        parts = urlsplit(asked.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        if query.pop("api-version", "") not in VERSIONS:
            raise Refused(400, "InvalidApiVersionParameter", "The api-version is missing or invalid.")
        if parts.path == f"{FLOW}environments" and asked.method == "GET":
            shown = {"name": ENVIRONMENT["name"], "properties": {"displayName": ENVIRONMENT["displayName"]}}
            return Said(200, {"value": [shown]})
        person = f"{POWER_APPS}objectIds/{app or PERSON['oid']}/"
        blobs = f"https://{BLOBS}" if asked.secure else f"{asked.origin}{LOCAL_BLOBS}"
        match asked.method, parts.path:
            case "POST", path if path == f"{person}validateApiSwagger":
                if query not in ({}, {"enableConnectorCertificationRules": "true"}):
                    raise Refused(400, "InvalidQuery", "The query is not understood.")
                return Said(200, json.dumps("\r\n".join(faults_of(_json(asked)))))
            case "POST", path if path == f"{person}generateResourceStorage":
                if query or _json(asked) != {"environment": {"name": ENVIRONMENT["name"]}}:
                    raise Refused(404, "EnvironmentNotFound", "The environment could not be found.")
                return Said(200, {"sharedAccessSignature": f"{blobs}/{uuid.uuid4().hex}?{QUERY}"})
        return self._of_environment(asked, parts.path, query, blobs)

    def _of_environment(self, asked: Asked, path: str, query: dict[str, str], blobs: str) -> Said:
        api = re.fullmatch(re.escape(POWER_APPS) + r"apis(?:/(shared_[a-z0-9-]+))?", path)
        if api is None:
            raise Refused(404, "ResourceNotFound", f"There is nothing at '{path}'.")
        lists = asked.method == "GET" and not api[1]
        skip = int(query.pop("$skiptoken", "0"))
        wanted, custom, rest = query.pop("$filter", "").partition(" and IsCustomApi eq 'True'")
        name = re.fullmatch("environment eq '([^']*)'", wanted)
        if query or rest or (custom and not lists) or name is None:
            raise Refused(400, "InvalidFilter", "The filter must name an environment, and nothing else is understood.")
        if name[1] != ENVIRONMENT["name"]:
            raise Refused(404, "EnvironmentNotFound", "The environment could not be found.")
        self._may(asked.method)
        return self._page(asked, blobs, skip) if lists else self._apis(asked, api[1] or "", blobs)

    def _may(self, method: str) -> None:
        role = {"GET": "CanRead", "POST": "CanCreate"}.get(method, "CanEdit")
        if role not in self._options["apps_roles"]:
            words = f"The caller does not have access to permission '{role}' in environment '{ENVIRONMENT['name']}'."
            raise Refused(403, "ConnectionAuthorizationFailed", words)

    def _page(self, asked: Asked, blobs: str, skip: int) -> Said:
        rows, size = list(self._store.rows()), self._options["apps_page_size"]
        page: dict[str, Any] = {"value": [_shown(row, blobs) for row in rows[skip : skip + size]]}
        for one in page["value"]:
            del one["properties"]["swagger"]
        if len(rows) > skip + size:
            path, _, query = asked.path.partition("?")
            kept = re.sub(r"&(\$|%24)skiptoken=\d+", "", query)
            page["nextLink"] = f"{asked.origin}{path}?{kept}&%24skiptoken={skip + size}"
        return Said(200, page)

    def _apis(self, asked: Asked, name: str, blobs: str) -> Said:
        rows = {row[2]["connectorinternalid"]: row for row in self._store.rows()}
        if name and name not in rows:
            raise Refused(404, "ApiResourceNotFound", f"Could not find the API '{name}'.")
        match asked.method, name:
            case "GET", _:
                return Said(200, _shown(rows[name], blobs))
            case "DELETE", name if name:
                self._store.remove(rows[name][0])
                return Said(204)
            case "POST", "":
                properties = _properties(asked)
                if not properties.get("displayName"):
                    raise Refused(400, "InvalidRequestContent", "The display name is missing.")
                row_id = str(uuid.uuid4())
                made = {
                    "connectorinternalid": _new_id(properties["displayName"], row_id),
                    "createdon": now(fraction=self._store.next()),
                }
                made |= {"connectortype": 1, "ismanaged": False}
                made["name"] = made["connectorinternalid"].removeprefix("shared_")
                self._keep(row_id, made, properties)
                return Said(201, _shown(next(row for row in self._store.rows() if row[0] == row_id), blobs))
            case "PATCH", name if name:
                properties = _properties(asked)
                if "displayName" in properties:
                    raise Refused(400, "CannotUpdateApiDisplayName", "The display name cannot be changed.")
                row_id, _, columns, _, _ = rows[name]
                kept = (
                    "connectorinternalid",
                    "createdon",
                    "connectortype",
                    "ismanaged",
                    "name",
                    "displayname",
                    "iconblob",
                )
                self._keep(row_id, {key: columns[key] for key in kept if key in columns}, properties)
                return Said(204)
        raise Refused(405, "MethodNotAllowed", f"{asked.method} is not supported here.")

    def _keep(self, row_id: str, row: dict[str, Any], properties: dict[str, Any]) -> None:
        """Replace all but what `row` holds: a member that is not sent is gone, and so is a secret."""
        faults = faults_of(properties.get("openApiDefinition")) or _backend_faults(properties)
        if faults:
            raise Refused(400, "ApiHubsRequestFailed", faults[0])
        if properties.get("iconUri"):
            row["iconblob"] = base64.b64encode(self._uploaded(properties["iconUri"])).decode()
            if not base64.b64decode(row["iconblob"]).startswith(IMAGES):
                raise Refused(400, "ApiHubsRequestFailed", "The icon is no image.")
        if properties.get("scriptDefinitionUrl"):
            row["customcodeblobcontent"] = self._uploaded(properties["scriptDefinitionUrl"]).decode()
        elif properties.get("scriptOperations"):
            raise Refused(400, "ApiHubsRequestFailed", "InvalidScriptDefinitionUrlWithNonNullOperations")
        secrets: dict[str, str] = {}
        for name in PARAMETERS:
            secrets |= dict(taken_out(name.lower(), properties.get(name), row["connectorinternalid"]))
        for name, (kind, column) in MEMBERS.items():
            if column and name in properties:
                row[column] = properties[name] if kind is str else json.dumps(properties[name])
        known = [str(number) for name, number in CAPABILITIES.items() if name in properties.get("capabilities", [])]
        row |= {"capabilities": ",".join(known) or None, "modifiedon": now()}
        row["only_here"] = {name: properties[name] for name in ONLY_HERE if name in properties}
        self._store.put(row_id, row, secrets, "")

    # Storage

    def _uploaded(self, address: str) -> bytes:
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.path.startswith(f"{LOCAL_BLOBS}/")
        blob = self._blobs.get(unquote(parts.path.removeprefix(LOCAL_BLOBS if local else "")))
        known = local or (parts.scheme, parts.netloc) == ("https", BLOBS)
        if not known or parts.query != QUERY or blob is None:
            raise Refused(400, "ApiHubsRequestFailed", f"'{parts.path}' was never uploaded.")
        return blob

    def _blob(self, asked: Asked) -> Said:
        parts = urlsplit(asked.path)
        path = unquote(parts.path)
        # Azure refuses a request that carries both a signature and a header.
        if "authorization" in asked.headers or not set(SAS.items()) <= set(parse_qsl(parts.query)):
            raise Refused(403, "AuthenticationFailed", "The signature is missing or wrong.")
        if asked.method == "PUT":
            if asked.headers.get("x-ms-blob-type") != "BlockBlob":
                raise Refused(400, "MissingRequiredHeader", "x-ms-blob-type is missing.")
            self._blobs[path] = asked.body
            return Said(201, b"", {"ETag": '"0x1"', "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT"})
        if asked.method != "GET":
            raise Refused(405, "UnsupportedHttpVerb", "The verb is not supported.")
        name, _, file = path.strip("/").partition("/")
        for _, _, columns, _, _ in self._store.rows():
            if columns["connectorinternalid"] == name:
                files = {
                    # With a mark in front, as the platform's own files have it.
                    "swagger.json_original": b"\xef\xbb\xbf" + columns["openapidefinition"].encode(),
                    "icon.png": base64.b64decode(columns.get("iconblob") or "") or ICON,
                    "script.csx": (columns.get("customcodeblobcontent") or "").encode(),
                }
                if file in files:
                    return Said(200, files[file])
        raise Refused(404, "BlobNotFound", "The blob does not exist.")


def _check_token(headers: dict[str, str]) -> None:
    if "authorization" not in headers:
        raise Refused(401, "MissingAuthorizationHeaderAndClientCertificate", "There is no Authorization header.")
    if headers["authorization"] != f"Bearer {PERSON['token']}":
        words = "The token has been obtained from wrong audience or resource."
        raise Refused(401, "InvalidAuthenticationToken", words)


def _json(asked: Asked) -> Any:
    if not asked.headers.get("content-type", "").startswith("application/json"):
        raise Refused(415, "UnsupportedMediaType", "The content type is not supported.")
    try:
        return json.loads(asked.body)
    except ValueError:
        raise Refused(400, "InvalidRequestContent", "The request content is not JSON.") from None


def _properties(asked: Asked) -> dict[str, Any]:
    body = _json(asked)
    if not isinstance(body, dict) or not isinstance(body.get("properties"), dict):
        raise Refused(400, "InvalidRequestContent", "The request content has no properties.")
    for name in body.keys() - {"properties"}:
        raise Refused(
            400, "InvalidRequestContent", f"Could not find member '{name}' on object of type 'ApiDefinition'."
        )
    properties: dict[str, Any] = body["properties"]
    for name, value in properties.items():
        if name not in MEMBERS:
            words = f"Could not find member '{name}' on object of type 'ApiPropertiesDefinition'."
            raise Refused(400, "InvalidRequestContent", words)
        if value is not None and not isinstance(value, MEMBERS[name][0]):
            raise Refused(400, "InvalidRequestContent", f"Error converting the value of '{name}'.")
    if properties.get("environment") != {"name": ENVIRONMENT["name"]}:
        raise Refused(404, "EnvironmentNotFound", "The environment could not be found.")
    return properties


def _backend_faults(properties: dict[str, Any]) -> list[str]:
    address = (properties.get("backendService") or {}).get("serviceUrl", "")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ["Invalid Api definition object. Please specify a valid list of ServiceUrls."]
    path = properties["openApiDefinition"].get("basePath", "")
    if parts.path.rstrip("/") != path.rstrip("/"):
        return [f"Swagger contains base path:{path} but backend Url doesn't end on same path:{parts.path}"]
    return []


def _new_id(title: str, row_id: str) -> str:
    digest = hashlib.sha256(row_id.encode()).hexdigest()
    encoded = re.sub(r"[^a-z0-9]", lambda sign: "-" + sign[0].encode().hex(), title.lower())
    tail = f"-5f{digest[:16]}-5f{digest[16:32]}"
    return f"shared_{encoded}"[: 71 - len(tail)].rstrip("-") + tail


def _shown(row: tuple[str, int, dict[str, Any], Any, str], blobs: str) -> dict[str, Any]:
    """Give a connector as the service shows it: the definition rewritten, the secrets gone, much added."""
    row_id, version, columns, _, _ = row
    name = columns["connectorinternalid"]
    swagger = json.loads(columns["openapidefinition"])
    path = f"/apim/{name.removeprefix('shared_')}"
    person = {"id": PERSON["oid"], "displayName": "Ada", "email": "ada@contoso.example", "type": "User"}
    properties: dict[str, Any] = {
        "displayName": columns["displayname"],
        "description": columns.get("description") or "",
        "iconUri": f"{blobs}/{name}/icon.png?{QUERY}",
        "iconBrandColor": "#007ee5",
        "isCustomApi": True,
        "apiEnvironment": "Shared",
        "tier": "Standard",
        "publisher": person["displayName"],
        "connectionParameters": {},
        "capabilities": [],
        "swagger": {**swagger, "host": "europe-002.azure-apim.net", "basePath": path},
        "apiDefinitions": {"originalSwaggerUrl": f"{blobs}/{name}/swagger.json_original?{QUERY}"},
        "primaryRuntimeUrl": f"https://europe-002.azure-apim.net{path}",
        "metadata": {
            "source": "powerapps-user-defined",
            "environmentName": ENVIRONMENT["name"],
            "xrmConnectorId": row_id,
        },
        "createdBy": person,
        "modifiedBy": person,
        "createdTime": columns["createdon"],
        "changedTime": f"{columns['modifiedon'].removesuffix('Z')}.{version:07}Z",
        "environment": {"id": f"{POWER_APPS}environments/{ENVIRONMENT['name']}", "name": ENVIRONMENT["name"]},
    }
    for member in (*PARAMETERS, "policyTemplateInstances", "scriptOperations"):
        if columns.get(MEMBERS[member][1]):
            properties[member] = json.loads(columns[MEMBERS[member][1]])
    if columns.get("iconbrandcolor"):
        properties["iconBrandColor"] = columns["iconbrandcolor"]
    if columns.get("customcodeblobcontent"):
        properties["scriptDefinitionUrl"] = f"{blobs}/{name}/script.csx?{QUERY}"
    properties |= columns.get("only_here", {})
    return {
        "name": name,
        "id": f"{POWER_APPS}apis/{name}",
        "type": "Microsoft.PowerApps/apis",
        "properties": properties,
    }
