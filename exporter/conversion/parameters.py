"""Parameters in path, query and header; a connector has no cookies, no nesting and no repeating."""

from typing import NamedTuple

from exporter.conversion import simple_values
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.schemas import Schemas
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

_PLACES = ("path", "query", "header", "cookie")
# OpenAPI 3: "the parameter definition SHALL be ignored" (the platform sends them from elsewhere).
_PLATFORM_HEADERS = frozenset({"accept", "content-type", "authorization"})
_DELIMITERS = {"spaceDelimited": "spaces", "pipeDelimited": "`|`"}
_QUERY_STYLES = ("form", "deepObject", *_DELIMITERS)
_REFUSING = frozenset({"cookie-parameter-dropped", "style-unsupported"})
_KNOWN = frozenset(
    {"name", "in", "description", "required", "schema", "style", "explode", "allowEmptyValue", "content"}
)
_DEEPEST_NAME = 3
_MOST_FIELDS = 100
_MOST_FLATTENED = 20_000
"""Of a whole definition: a connector of 1 MB has room for fewer."""


class Parameters(NamedTuple):
    """What became of one parameter."""

    nodes: tuple[Node, ...] = ()
    refused: bool = False
    """Whether a request cannot be sent without it, and a connector cannot send it."""


class ParameterRoom:
    """Converts parameters; one that many operations refer to is converted once."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._draft = schemas.draft
        self._done: dict[Pointer, Parameters] = {}
        self._flattened = 0

    def convert(self, written: Json, where: Pointer) -> Parameters:
        """Convert one parameter, or the one that it refers to."""
        target = self._draft.references.resolve(written, where)
        if target is None:
            self._draft.lose("reference-dangling", where, f"`$ref: {reference_of(written)}`")
            return Parameters()
        if target.pointer not in self._done:
            self._done[target.pointer] = self._convert(as_object(target.value), target.pointer)
        return self._done[target.pointer]

    def key(self, written: Json, where: Pointer) -> tuple[str, str]:
        """Tell place and name of a parameter: what an operation overrides it by."""
        target = self._draft.references.resolve(written, where)
        parameter = as_object(target.value) if target else {}
        return as_text(parameter.get("in")), as_text(parameter.get("name"))

    def _convert(self, parameter: Object, where: Pointer) -> Parameters:
        name, place = as_text(parameter.get("name")), as_text(parameter.get("in"))
        style = as_text(parameter.get("style")) or ("form" if place == "query" else "simple")
        kind, what = self._obstacle(name, place, style)
        if kind:
            self._draft.lose(kind, where, what)
            needed = parameter.get("required") is True or place == "path"
            return Parameters(refused=needed and kind in _REFUSING)
        node = self._start(parameter, where, name, place)
        if "schema" not in parameter:
            described = "content" in parameter
            kind = "content-parameter-as-text" if described else "parameter-as-text"
            what = (
                f"the `content` of the parameter `{name}`" if described else f"the parameter `{name}` without a schema"
            )
            self._draft.lose(kind, where, what)
            node["type"] = "string"
            return Parameters((node,))
        schema = self._schemas.convert(parameter["schema"], (*where, "schema"))
        explode = parameter.get("explode", style == "form") is True
        return Parameters(tuple(self._styled(node, schema, style, explode=explode)))

    def _obstacle(self, name: str, place: str, style: str) -> tuple[str, str]:
        """Tell why a connector cannot send a parameter, if it cannot: the kind of loss, and what is lost."""
        if not name or place not in _PLACES:
            return "parameter-broken", f"the parameter `{name[:60]}` in `{place[:20]}`"
        if place == "cookie":
            return "cookie-parameter-dropped", f"the cookie `{name}`"
        if place == "header" and name.lower() in _PLATFORM_HEADERS:
            return "header-parameter-dropped", f"the header `{name}`"
        if style not in (_QUERY_STYLES if place == "query" else ("simple",)):
            return "style-unsupported", f"the parameter `{name}` in style `{style[:20]}`"
        return "", ""

    def _start(self, parameter: Object, where: Pointer, name: str, place: str) -> Node:
        node = Node(where, {"name": name, "in": place})
        if (description := self._draft.text(parameter, where, "description")) is not None:
            node["description"] = description
        if parameter.get("required") is True or place == "path":
            node["required"] = True
        if place == "query" and parameter.get("allowEmptyValue") is True:
            node["allowEmptyValue"] = True
        node.update(self._draft.extensions(parameter, where))
        simple_values.report_details(self._draft, parameter, where, _KNOWN, f"the parameter `{name}`")
        return node

    def _styled(self, node: Node, schema: Node, style: str, *, explode: bool) -> list[Node]:
        content = self._schemas.resolved(schema)
        name, where = node["name"], node.origin
        room = self._flattened < _MOST_FLATTENED
        if content.get("properties") and node["in"] == "query" and (style == "deepObject" or explode) and room:
            self._draft.lose("object-parameter-flattened", where, f"the object `{name}`")
            fields: list[Node] = []
            self._flatten(node, content, fields, deep=style == "deepObject", level=0)
            self._flattened += len(fields)
            return fields
        one = simple_values.single(self._schemas, schema)
        if one is not None and node["in"] == "query" and (explode or style == "deepObject"):
            self._draft.lose("array-parameter-single", where, f"the list `{name}`")
            schema = one
        elif content.get("type") == "array" and style in _DELIMITERS:
            self._draft.lose("array-parameter-delimited", where, f"the list `{name}` in style `{style}`")
            said = as_text(node.get("description")) or as_text(content.get("description"))
            node["description"] = f"{said} (Values are separated by {_DELIMITERS[style]}.)".strip()
            schema = Node(schema.origin, {"type": "string"})
        if not simple_values.describe(self._schemas, node, schema):
            self._draft.lose("parameter-as-text", where, f"the parameter `{name}`")
        return [simple_values.fixed(node)]

    def _flatten(self, parent: Node, content: Node, fields: list[Node], *, deep: bool, level: int) -> None:
        """List a parameter for each property of an object: `name[property]`, or just `property` in style form."""
        needed = set(as_list(content.get("required"))) if parent.get("required") is True else set()
        for key, schema in as_object(content.get("properties")).items():
            if not isinstance(schema, Node) or len(fields) >= _MOST_FIELDS:
                continue
            inner = self._schemas.resolved(schema)
            if inner.get("readOnly") is True:
                self._draft.lose("read-only-field-dropped", schema.origin, f"the property `{key}` of a parameter")
                continue
            field = Node(schema.origin, {"name": f"{parent['name']}[{key}]" if deep else key, "in": parent["in"]})
            if key in needed:
                field["required"] = True
            if deep and inner.get("properties") and level < _DEEPEST_NAME:
                self._flatten(field, inner, fields, deep=deep, level=level + 1)
                continue
            one = simple_values.single(self._schemas, schema)
            if one is not None:
                self._draft.lose("array-parameter-single", schema.origin, f"the list `{key}`")
            if not simple_values.describe(self._schemas, field, one or schema):
                self._draft.lose("parameter-as-text", schema.origin, f"the property `{key}` of a parameter")
            fields.append(simple_values.fixed(field))
