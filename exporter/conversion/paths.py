"""Paths and operations: parameters of the path go to its operations, names and braces are put right."""

import re
from typing import NamedTuple

from exporter.conversion.bodies import Body, BodyRoom
from exporter.conversion.callbacks import trigger, written_notification
from exporter.conversion.draft import NOTIFICATION, Draft
from exporter.conversion.keywords import external_docs
from exporter.conversion.nodes import Node
from exporter.conversion.parameters import ParameterRoom
from exporter.conversion.path_queries import (
    FREE,
    TAKEN,
    Found,
    Query,
    Variables,
    add_query,
    is_taken,
    named_as_in_path,
    query_of,
    says_taken,
    sent,
    variables,
)
from exporter.conversion.references import reference_of
from exporter.conversion.responses import ResponseRoom
from exporter.conversion.schemas import Schemas
from exporter.conversion.security import Security
from exporter.conversion.servers import Servers
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import SWAGGER_METHODS

_OTHER_METHODS = ("trace", "query", "additionalOperations")
_BRACES = re.compile(r"\{([^{}]*)\}")
_ITEM = frozenset({*SWAGGER_METHODS, *_OTHER_METHODS, "$ref", "summary", "description", "servers", "parameters"})
_OPERATION = frozenset(
    [
        "tags",
        "summary",
        "description",
        "externalDocs",
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "callbacks",
        "deprecated",
        "security",
        "servers",
    ]
)


class _Place(NamedTuple):
    """An operation on its way: where it stands, what it belongs to."""

    path: str
    query: Query
    method: str
    where: Pointer
    item: Object
    item_where: Pointer


class Paths:
    """Converts all paths of a document."""

    def __init__(self, draft: Draft, schemas: Schemas, servers: Servers, security: Security) -> None:
        self._draft = draft
        self._schemas = schemas
        self._servers = servers
        self._security = security
        self._parameters = ParameterRoom(schemas)
        self._bodies = BodyRoom(schemas)
        self._responses = ResponseRoom(schemas)
        self._operation_ids: set[str] = set()
        self._items: dict[str, Json] = {}
        self._templates: dict[str, str] = {}
        self._spelled: dict[str, str] = {}
        """How a path is written, by its small letters: Power Platform takes those for the same that differ in no other way."""

    def convert(self) -> dict[str, Json]:
        """Give the paths of the connector definition."""
        paths = as_object(self._draft.document.get("paths"))
        # Of two operations with the same path the one that is written without a query or fragment goes first.
        for path, written in sorted(paths.items(), key=lambda one: sent(one[0]) != one[0]):
            if path.startswith("x-"):
                self._draft.lose("extension-dropped", ("paths", path), f"`{path[:60]}` among the paths")
                continue
            target = self._draft.references.resolve(written, ("paths", path))
            if target is None or not isinstance(target.value, dict):
                self._draft.lose("operation-broken", ("paths", path), f"the path `{path[:100]}`")
                continue
            beside = {key: one for key, one in as_object(written).items() if key != "$ref"}
            self._item(path, {**target.value, **beside} if reference_of(written) else target.value, target.pointer)
        return self._items

    def _item(self, path: str, item: Object, where: Pointer) -> None:
        fixed = self._template(path)
        if fixed is None:
            return
        for key in ("summary", "description"):
            if item.get(key):
                self._draft.lose("path-texts-dropped", (*where, key), f"`{key}` of a path")
        query = query_of(path)
        extensions = self._draft.extensions(item, where)
        if NOTIFICATION in item:
            extensions |= self._notification(item[NOTIFICATION], (*where, NOTIFICATION))
        self._draft.report_others(item, where, _ITEM)
        for method in item:
            place = _Place(fixed, query, method, (*where, method), item, where)
            if method in SWAGGER_METHODS:
                self._operation(place, extensions)
            elif method in _OTHER_METHODS:
                self._draft.lose("method-dropped", place.where, f"the method `{method}`")

    def _notification(self, written: Json, where: Pointer) -> dict[str, Json]:
        node = written_notification(self._schemas, written, where)
        if node is None:
            self._draft.lose("keyword-invalid", where, f"`{NOTIFICATION}` without a schema")
        return {} if node is None else {NOTIFICATION: node}

    def _template(self, path: str) -> str | None:
        """Put a path right: a slash in front, in the braces a mere name, once; None where the braces are no pairs."""
        where = ("paths", path)
        fixed = sent(path)
        fixed = fixed if fixed.startswith("/") else f"/{fixed}"
        fixed = _BRACES.sub(lambda match: "{" + re.split(r"[:!]", match[1])[0].rstrip("?*+") + "}", fixed)
        plain = _BRACES.sub("", fixed)
        if "{" in plain or "}" in plain or "{}" in fixed:
            self._draft.lose("path-broken", where, f"the path `{path[:100]}`")
            return None
        if fixed != path:
            self._draft.lose("path-adapted", where, f"the path `{path[:100]}`")
        fixed = fixed if FREE in fixed else fixed.replace(TAKEN, FREE)
        first = self._templates.setdefault(fixed.lower(), fixed)
        if first == fixed or _BRACES.sub("{}", first) != _BRACES.sub("{}", fixed):
            return fixed
        self._draft.lose("path-adapted", where, f"the path `{path[:100]}`, which is `{first[:100]}` but for a variable")
        return first

    def _operation(self, place: _Place, extensions: dict[str, Json]) -> None:
        written = place.item[place.method]
        if not isinstance(written, dict):
            self._draft.lose("operation-broken", place.where, f"an operation that is no object ({place.method})")
            return
        prefix = self._servers.prefix(
            (place.item.get("servers"), (*place.item_where, "servers")),
            (written.get("servers"), (*place.where, "servers")),
        )
        if prefix is None:
            self._draft.lose("operation-elsewhere-dropped", place.where, "an operation on another host")
            return
        prefix = prefix if not _BRACES.search(prefix) else ""
        path = prefix + place.path
        item = self._items.get(path)
        if isinstance(item, Node) and place.method in item:
            self._draft.lose("path-repeated", place.where, f"`{place.method} {path[:100]}`, which is there already")
            return
        first = self._spelled.get(path.lower(), path)
        if first != path:
            what = f"`{place.method} {path[:100]}`, which differs from `{first[:100]}` only in upper and lower case"
            self._draft.lose("path-repeated", place.where, what)
            return
        parameters = self._all_parameters(place, written)
        if parameters is None:
            self._draft.lose("operation-refused", place.where, f"`{place.method} {place.path[:100]}`")
            return
        if not isinstance(item, Node):
            item = Node(place.item_where, extensions)
            self._items[path] = item
            self._spelled[path.lower()] = path
        for key, value in extensions.items():
            item.setdefault(key, value)
        item[place.method] = self._convert(place, written, parameters, item)

    def _convert(self, place: _Place, written: Object, parameters: list[Node], item: Node) -> Node:
        where = place.where
        node = Node(where)
        self._texts(node, written)
        body = Body()
        if "requestBody" in written:
            body = self._bodies.convert(written["requestBody"], (*where, "requestBody"), place.method)
            parameters = [*parameters, *(one for one in body.parameters if not self._is_taken(one))]
        if written.get("callbacks"):
            parameters = self._callbacks(node, item, written["callbacks"], parameters)
        responses = self._responses.convert(written.get("responses"), (*where, "responses"))
        if body.consumes:
            node["consumes"] = [body.consumes]
            node.moved["consumes"] = body.place
        if responses.produces:
            node["produces"] = list(responses.produces)
            node.moved["produces"] = responses.node.origin
        if parameters:
            node["parameters"] = list(parameters)
        node["responses"] = responses.node
        if written.get("deprecated") is True:
            node["deprecated"] = True
        requirements = self._security.requirements(written.get("security"), (*where, "security"))
        if requirements is not None:
            node["security"] = requirements
        node.update(self._draft.extensions(written, where))
        unknown = [key for key in written if key not in _OPERATION and not key.startswith("x-")]
        if unknown:
            self._draft.lose("details-dropped", where, ", ".join(f"`{key[:40]}`" for key in unknown))
        return node

    def _is_taken(self, field: Node) -> bool:
        taken = is_taken(field)
        if taken:
            self._draft.lose("parameter-name-taken", field.origin, f"the field `{field['name']}`")
        return taken

    def _texts(self, node: Node, written: Object) -> None:
        tags = list(dict.fromkeys(tag for tag in as_list(written.get("tags")) if isinstance(tag, str)))
        if tags:
            node["tags"] = list(tags)
        for key in ("summary", "description"):
            if (text := self._draft.text(written, node.origin, key)) is not None:
                node[key] = text
        if link := external_docs(self._draft, written.get("externalDocs"), (*node.origin, "externalDocs")):
            node["externalDocs"] = link
        operation_id = as_text(written.get("operationId"))
        if operation_id in self._operation_ids:
            self._draft.lose("operation-id-repeated", (*node.origin, "operationId"), f"`{operation_id[:100]}`")
        elif operation_id:
            self._operation_ids.add(operation_id)
            node["operationId"] = operation_id

    def _callbacks(self, node: Node, item: Node, written: Json, parameters: list[Node]) -> list[Node]:
        where = (*node.origin, "callbacks")
        body = next((one for one in parameters if one["in"] == "body"), None)
        made = trigger(self._schemas, written, where, body)
        named = ", ".join(f"`{name[:60]}`" for name in as_object(written))
        if made is None or NOTIFICATION in item:
            taken = f" (the path has an `{NOTIFICATION}`)" if NOTIFICATION in item else ""
            self._draft.lose("callbacks-dropped", where, f"the callbacks {named}{taken}")
            return parameters
        self._draft.lose("callback-became-trigger", where, f"the callback {named}")
        node["x-ms-trigger"] = "single"
        item[NOTIFICATION] = made.notification
        return [made.body if one is body else one for one in parameters]

    def _all_parameters(self, place: _Place, written: Object) -> list[Node] | None:
        """Give the parameters of the path and of the operation, which override those; None where one cannot be sent."""
        found: Found = {}
        own = [(one, (*place.where, "parameters", str(i))) for i, one in enumerate(as_list(written.get("parameters")))]
        shared = [
            (one, (*place.item_where, "parameters", str(i)))
            for i, one in enumerate(as_list(place.item.get("parameters")))
        ]
        overridden = {self._parameters.key(one, where) for one, where in own}
        shared = [(one, where) for one, where in shared if self._parameters.key(one, where) not in overridden]
        said = {self._parameters.key(one, where) for one, where in shared} | overridden
        known = variables(_BRACES.findall(place.path), place.query, said)
        for one, where in (*shared, *own):
            converted = self._parameters.convert(one, where)
            if converted.refused:
                return None
            if not all(self._add(found, node, where, known) for node in converted.nodes):
                return None
        if says_taken(place.query):
            self._draft.lose("parameter-name-taken", place.where, "`connectionId` in the query of the path")
            return None
        add_query(self._draft, found, place.query, place.where)
        for name in known.names:
            if ("path", name) not in found:
                self._draft.lose("path-parameter-added", place.where, f"`{name}` in the path")
                added = Node(place.where, {"name": name, "in": "path", "required": True, "type": "string"})
                found["path", name] = added
        return list(found.values())

    def _add(self, found: Found, written: Node, where: Pointer, known: Variables) -> bool:
        """Add a parameter to those that are found, if it is one more; tell whether the operation can do so."""
        node = named_as_in_path(written, known)
        key = (node["in"], node["name"])
        if node is not written and node["in"] == "path":
            what = f"the parameter `{written['name']}`, now `{node['name']}`"
            self._draft.lose("path-parameter-renamed", where, what)
        if is_taken(node):
            self._draft.lose("parameter-name-taken", where, f"the parameter `{node['name']}`")
            return node.get("required") is not True
        if key in found:
            self._draft.lose("parameter-repeated", where, f"the parameter `{node['name']}`")
        elif node["in"] == "path" and node["name"] not in known.names:
            self._draft.lose("path-parameter-dropped", where, f"the path parameter `{node['name']}`")
        else:
            found[key] = node
        return True
