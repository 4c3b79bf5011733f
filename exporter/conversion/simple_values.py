"""Parameters, form fields and headers: what Swagger 2.0 writes as a simple value instead of a schema."""

from __future__ import annotations

from exporter.conversion.draft import Draft
from exporter.conversion.nodes import Node
from exporter.conversion.schemas import Schemas
from exporter.model.json_values import Json, Object, as_list, as_text
from exporter.model.pointers import Pointer

SIMPLE_TYPES = frozenset({"string", "number", "integer", "boolean"})
_KEYWORDS = frozenset(
    [
        "type",
        "format",
        "enum",
        "default",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "multipleOf",
    ]
)
_FLAGS = frozenset({"deprecated", "required", "allowReserved", "allowEmptyValue"})
_TEXTS = frozenset({"title", "description"})
_DEEPEST_LIST = 3


def describe(schemas: Schemas, target: Node, schema: Node) -> bool:
    """
    Write a converted schema onto a parameter, form field or header.

    False where the schema is no simple value or list of such: then it is described as a text, and the caller says so.
    """
    content = schemas.resolved(schema)
    kind = content.get("type")
    items = content.get("items")
    if kind == "array":
        described = _items(schemas, items if isinstance(items, Node) else Node(content.origin), 0)
        if described is not None:
            _take_keywords(target, content)
            _report_others(schemas, content, _TEXTS)
            target["items"] = described
            target.moved["items"] = content.place("items")
            target["collectionFormat"] = "csv"
            return True
    simple = isinstance(kind, str) and kind in SIMPLE_TYPES
    if simple:
        _take_keywords(target, content)
        _report_others(schemas, content, _TEXTS)
    else:
        target["type"] = "string"
    _take_texts(target, content)
    return simple


def single(schemas: Schemas, schema: Node) -> Node | None:
    """Give the schema of one item of a list; None where the schema is no list."""
    content = schemas.resolved(schema)
    if content.get("type") != "array":
        return None
    items = content.get("items")
    one = Node(content.origin)
    if isinstance(items, Node):
        resolved = schemas.resolved(items)
        for key in resolved:
            one.take(key, resolved)
    default = as_list(content.get("default"))
    if len(default) == 1:
        one["default"] = default[0]
    elif "default" in one:
        schemas.draft.lose("parameter-details-dropped", one.place("default"), "`default` of an item of a list")
        del one["default"]
    for key in ("title", "description", "x-ms-summary"):
        if key in content:
            if key in one and one[key] != content[key]:
                schemas.draft.lose("parameter-details-dropped", one.place(key), f"`{key}` of an item of a list")
            one.take(key, content)
    return one


def fixed(node: Node) -> Node:
    """Fill in what must be sent and can have one value only (`const`); makers need not see it."""
    values = as_list(node.get("enum"))
    if node.get("required") is True and len(values) == 1 and node.place("enum")[-1] == "const":
        node["default"] = values[0]
        node.moved["default"] = node.place("enum")
        node.setdefault("x-ms-visibility", "internal")
    return node


def report_details(draft: Draft, written: Object, where: Pointer, known: frozenset[str], holder: str) -> None:
    """Report what a parameter or header says that its counterpart in Swagger 2.0 has no word for."""
    details = [
        f"`{key[:40]}`"
        for key, value in written.items()
        if key not in known
        and not key.startswith("x-")
        and not (value is None or value == {} or (value is False and key in _FLAGS))
    ]
    if details:
        draft.lose("parameter-details-dropped", where, f"{', '.join(details)} of {holder}")


def _take_keywords(target: Node, content: Node) -> None:
    for key in content:
        if key in _KEYWORDS:
            target.take(key, content)
    _take_texts(target, content)


def _take_texts(target: Node, content: Node) -> None:
    """Keep what the schema says for people: `title` is what makers see as the name of a parameter."""
    title = content.get("title")
    if "description" in content and "description" not in target:
        target.take("description", content)
    for key in content:
        if key.startswith("x-") and key not in target:
            target.take(key, content)
    if title and "x-ms-summary" not in target:
        target["x-ms-summary"] = title
        target.moved["x-ms-summary"] = content.place("title")


def _report_others(schemas: Schemas, content: Node, texts: frozenset[str]) -> None:
    passing = _KEYWORDS | texts | ({"items"} if content.get("type") == "array" else frozenset())
    for key in content:
        if key not in passing and not key.startswith("x-"):
            schemas.draft.lose("parameter-details-dropped", content.place(key), f"`{key}` of a simple value")


def _items(schemas: Schemas, schema: Node, depth: int) -> Node | None:
    content = schemas.resolved(schema)
    result = Node(schema.origin)
    kind: Json = content.get("type")
    for key in content:
        if key in _KEYWORDS or key.startswith("x-"):
            result.take(key, content)
    if kind == "array" and depth < _DEEPEST_LIST:
        inner = content.get("items")
        described = _items(schemas, inner if isinstance(inner, Node) else Node(content.origin), depth + 1)
        if described is None:
            return None
        result["items"] = described
    elif as_text(kind) not in SIMPLE_TYPES:
        return None
    _report_others(schemas, content, frozenset())
    return result
