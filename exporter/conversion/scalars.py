"""What a schema says about one value: its type, null, the values allowed, its format, its exclusive bounds."""

from __future__ import annotations

from exporter.conversion.draft import Draft
from exporter.conversion.keywords import FORMATS, MEANT_TYPES, NEAREST_FORMATS
from exporter.conversion.nodes import Node
from exporter.conversion.values import TYPES, coerced, distinct, is_number, key_of, type_of
from exporter.model.json_values import Json, Object, as_list, as_text

HANDLED = frozenset(
    [
        "type",
        "nullable",
        "enum",
        "const",
        "format",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "contentEncoding",
        "contentMediaType",
    ]
)
_LISTING = frozenset({"enum", "const"})
_FORMATTING = frozenset({"format", "contentEncoding", "contentMediaType"})
_BOUNDING = frozenset({"exclusiveMinimum", "exclusiveMaximum"})
# Not in any standard: openapi-generator, NSwag, and texts that explain the values.
_VALUE_NAMES = ("x-enum-varnames", "x-enumNames", "x-enum-descriptions")
_BOUNDS = (("exclusiveMinimum", "minimum", max), ("exclusiveMaximum", "maximum", min))


def read_type(draft: Draft, node: Node, schema: Object) -> None:
    """Set `type` and `x-nullable` of a schema, from a type, a list of types and `nullable`."""
    written = schema.get("type")
    if isinstance(written, str) and written in TYPES:
        if schema.get("nullable") is True:
            node["x-nullable"] = True
        node["type"] = written
        return
    names = [as_text(name) for name in as_list(written)] if isinstance(written, list) else [as_text(written)]
    if schema.get("nullable") is True or "null" in names:
        node["x-nullable"] = True
    kinds = list(dict.fromkeys(name for name in names if name not in {"null", ""}))
    if set(kinds) == {"number", "integer"}:
        kinds = ["number"]
    where = (*node.origin, "type")
    if len(kinds) > 1:
        draft.lose("types-opened", where, f"`type` with {len(kinds)} types: {', '.join(kinds)[:80]}")
    elif kinds and kinds[0] in TYPES:
        node["type"] = kinds[0]
    elif kinds or "type" in schema:
        _read_other(draft, node, schema, names, kinds)


def _read_other(draft: Draft, node: Node, schema: Object, names: list[str], kinds: list[str]) -> None:
    """Read a type that is none: null alone, or a word whose meaning may be clear."""
    where, written = (*node.origin, "type"), schema["type"]
    if names == ["null"]:
        draft.lose("types-opened", where, "`type: null`")
    else:
        kind, form = MEANT_TYPES.get(kinds[0].lower() if kinds else "", ("", ""))
        draft.lose("type-unknown", where, f"`type: {kinds[0][:40] if kinds else type(written).__name__}`")
        if kind:
            node["type"] = kind
        if form and "format" not in schema:
            node["format"] = form


def finish_type(draft: Draft, node: Node, schema: Object) -> None:
    """Set what depends on the type: the type itself where it is implied, values allowed, format, bounds, default."""
    several = isinstance(schema.get("type"), list) and "type" not in node
    if "type" not in node and not several:
        if "properties" in node or "additionalProperties" in node:
            node["type"] = "object"
        elif "items" in node:
            node["type"] = "array"
    if not _LISTING.isdisjoint(schema):
        _read_values(draft, node, schema, several=several)
    if not _FORMATTING.isdisjoint(schema):
        _read_format(draft, node, schema)
    if not _BOUNDING.isdisjoint(schema):
        _read_bounds(draft, node, schema)
    if node.get("type") == "array" and "items" not in node:
        node["items"] = Node(node.origin)
    if "default" in node:
        _read_default(draft, node)


def _read_values(draft: Draft, node: Node, schema: Object, *, several: bool) -> None:
    key = "const" if "const" in schema else "enum"
    where = (*node.origin, key)
    values = [schema["const"]] if key == "const" else list(as_list(schema["enum"]))
    if None in values:
        node["x-nullable"] = True
    present = [value for value in values if value is not None]
    if values and not present and "type" not in node:
        draft.lose("types-opened", where, f"`{key}` of null")
    if "type" not in node and not several and len(kinds := {type_of(value) for value in present}) == 1:
        node["type"] = kinds.pop()
    kind = as_text(node.get("type"))
    fitting = distinct(value for one in present if (value := coerced(one, kind)) is not None)
    if fitting != present:
        draft.lose("enum-adapted", where, f"`{key}` with values that repeat or do not fit")
    if fitting:
        node["enum"] = fitting
        if key == "const":
            node.moved["enum"] = where
        _read_names(node, schema, values)
        if node.get("type") == "array" and "items" not in node:
            node["items"] = Node(node.origin)
    elif not present and not values:
        draft.lose("enum-adapted", where, f"`{key}` without values")


def _read_names(node: Node, schema: Object, values: list[Json]) -> None:
    """Show makers the names that frameworks give to values: they stand in a list beside `enum`, in the same order."""
    keyword = next((one for one in _VALUE_NAMES if isinstance(schema.get(one), list)), "")
    names = as_list(schema.get(keyword))
    if len(names) != len(values) or "x-ms-enum-values" in schema:
        return
    named: dict[str, Json] = {}
    for value, name in zip(values, names, strict=True):
        if as_text(name):
            named.setdefault(key_of(value), name)
    shown = [
        {"value": value, "displayName": named[key]}
        for value in as_list(node["enum"])
        if (key := key_of(value)) in named
    ]
    if shown:
        node["x-ms-enum-values"] = shown
        node.moved["x-ms-enum-values"] = (*node.origin, keyword)


def _read_format(draft: Draft, node: Node, schema: Object) -> None:
    if schema.get("type") is None and "format" not in schema and "type" not in node and _content_format(schema):
        node["type"] = "string"
    kind = as_text(node.get("type"))
    written = as_text(schema.get("format"))
    if kind == "string" and not written:
        form = _content_format(schema)
        if form:
            node["format"] = form
        return
    if not written:
        if "format" in schema and schema["format"] != "":
            draft.lose("keyword-invalid", (*node.origin, "format"), "`format` that is no text")
        return
    if not kind or written in FORMATS.get(kind, ()):
        node["format"] = written
        return
    nearest = NEAREST_FORMATS.get((kind, written.lower()), "")
    if nearest:
        node["format"] = nearest
    draft.lose("format-unsupported", (*node.origin, "format"), f"`format: {written[:40]}` with type {kind}")


def _content_format(schema: Object) -> str:
    """Say how bytes are written (OpenAPI 3.1): a text of base64, or the bytes themselves."""
    if as_text(schema.get("contentEncoding")).lower() in {"base64", "base64url"}:
        return "byte"
    media = as_text(schema.get("contentMediaType")).lower()
    textual = media.startswith("text/") or media.endswith(("json", "xml"))
    return "binary" if "contentMediaType" in schema and not textual else ""


def _read_bounds(draft: Draft, node: Node, schema: Object) -> None:
    for exclusive, inclusive, tighter in _BOUNDS:
        if exclusive not in schema:
            continue
        bound, other = schema[exclusive], node.get(inclusive)
        if isinstance(bound, (int, float)) and is_number(bound):
            if not isinstance(other, (int, float)) or tighter(bound, other) == bound:
                node[inclusive] = bound
                node[exclusive] = True
                node.moved[inclusive] = (*node.origin, exclusive)
        elif isinstance(bound, bool) and (inclusive in node or not bound):
            if inclusive in node:
                node[exclusive] = bound
        else:
            draft.lose("keyword-invalid", (*node.origin, exclusive), f"`{exclusive}` without a bound")


def _read_default(draft: Draft, node: Node) -> None:
    kind = as_text(node.get("type"))
    value: Json = node["default"]
    better = coerced(value, kind)
    if better is None:
        draft.lose("default-dropped", (*node.origin, "default"), f"a default that does not have type {kind}")
        del node["default"]
    elif better is not value:
        draft.lose("default-adapted", (*node.origin, "default"), f"a default that does not have type {kind}")
        node["default"] = better
