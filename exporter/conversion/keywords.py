"""The keywords of a schema, as tables: which ones pass, what their values must be, which ones Swagger 2.0 lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exporter.conversion.draft import Draft
from exporter.conversion.values import is_integer, is_number, is_pattern
from exporter.model.json_values import Json, as_object
from exporter.model.pointers import Pointer


def _text(value: Json) -> bool:
    return isinstance(value, str)


def _truth(value: Json) -> bool:
    return isinstance(value, bool)


def _count(value: Json) -> bool:
    return is_integer(value) and isinstance(value, int) and value >= 0


def _step(value: Json) -> bool:
    return is_number(value) and isinstance(value, (int, float)) and value > 0


def _anything(_value: Json) -> bool:
    return True


# Keywords that mean the same in Swagger 2.0, and what their value must be.
PASSING: dict[str, Callable[[Json], bool]] = {
    "title": _text,
    "description": _text,
    "multipleOf": _step,
    "maximum": is_number,
    "minimum": is_number,
    "maxLength": _count,
    "minLength": _count,
    "pattern": lambda value: isinstance(value, str) and is_pattern(value),
    "maxItems": _count,
    "minItems": _count,
    "uniqueItems": _truth,
    "maxProperties": _count,
    "minProperties": _count,
    "readOnly": _truth,
    "default": lambda value: value is not None,
    "example": _anything,
}

# Keywords that say something about a value without narrowing it.
ANNOTATIONS = frozenset({"title", "description", "default", "example", "externalDocs", "xml", "readOnly", "deprecated"})

# Keywords that only validate, and that Swagger 2.0 has no word for.
VALIDATING = frozenset(
    [
        "not",
        "if",
        "then",
        "else",
        "patternProperties",
        "propertyNames",
        "contains",
        "minContains",
        "maxContains",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "unevaluatedItems",
        "unevaluatedProperties",
        "additionalItems",
        "contentSchema",
    ]
)

# Keywords that say nothing about values: they name or hold schemas, or speak to the author's colleagues.
SILENT = frozenset(
    [
        "$ref",
        "$schema",
        "$id",
        "$anchor",
        "$defs",
        "$comment",
        "$vocabulary",
        "$dynamicAnchor",
        "$recursiveAnchor",
        "id",
        "definitions",
        "allOf",
        "oneOf",
        "anyOf",
    ]
)

# Types that are none, but whose meaning is clear: type and format.
MEANT_TYPES = {
    "file": ("string", "binary"),
    "binary": ("string", "binary"),
    "date": ("string", "date"),
    "datetime": ("string", "date-time"),
    "date-time": ("string", "date-time"),
    "uuid": ("string", "uuid"),
    "text": ("string", ""),
    "str": ("string", ""),
    "enum": ("string", ""),
    "int": ("integer", ""),
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "long": ("integer", "int64"),
    "float": ("number", "float"),
    "double": ("number", "double"),
    "decimal": ("number", "double"),
    "bool": ("boolean", ""),
    "list": ("array", ""),
    "map": ("object", ""),
}

# The formats that a connector knows (Microsoft's schema, and Power Fx for what it then supports), by type.
FORMATS = {
    "integer": frozenset({"int32", "int64"}),
    "number": frozenset({"float", "double", "int32"}),
    "string": frozenset(
        {"byte", "binary", "date", "date-time", "password", "date-no-tz", "email", "html", "uri", "uuid"}
    ),
}

# Formats that a connector does not know, and the nearest one that it knows; empty for none.
NEAREST_FORMATS = {
    ("integer", "int8"): "int32",
    ("integer", "int16"): "int32",
    ("integer", "uint8"): "int32",
    ("integer", "uint16"): "int32",
    ("integer", "uint32"): "int64",
    ("integer", "uint64"): "int64",
    ("integer", "long"): "int64",
    ("integer", "unix-time"): "int64",
    ("integer", "unixtime"): "int64",
    ("integer", "timestamp"): "int64",
    ("number", "decimal"): "double",
    ("number", "currency"): "double",
    ("number", "money"): "double",
    ("string", "base64"): "byte",
    ("string", "base64url"): "byte",
    ("string", "datetime"): "date-time",
    ("string", "guid"): "uuid",
    ("string", "url"): "uri",
    ("string", "uri-reference"): "uri",
    ("string", "iri"): "uri",
    ("string", "idn-email"): "email",
}

_XML = {"name": _text, "namespace": _text, "prefix": _text, "attribute": _truth, "wrapped": _truth}
_EXTERNAL_DOCS = {"url": _text, "description": _text}


def external_docs(draft: Draft, value: Json, where: Pointer) -> dict[str, Json]:
    """Give a link to documentation as Swagger 2.0 allows it; empty where it has no address."""
    picked = _picked(draft, value, where, _EXTERNAL_DOCS)
    if "url" in picked:
        return picked
    if value is not None:
        draft.lose("keyword-invalid", where, "`externalDocs` without an address")
    return {}


def xml(draft: Draft, value: Json, where: Pointer) -> dict[str, Json]:
    """Give the XML names of a schema as Swagger 2.0 allows them."""
    return _picked(draft, value, where, _XML)


def _picked(draft: Draft, value: Json, where: Pointer, table: Mapping[str, Callable[[Json], bool]]) -> dict[str, Json]:
    written = as_object(value)
    known = {key: one for key, one in written.items() if key in table and table[key](one)}
    for key in written:
        if key in table and key not in known:
            draft.lose("keyword-invalid", (*where, key), f"`{key}` of another type")
    draft.report_others(written, where, frozenset(table))
    return {**known, **draft.extensions(written, where)}
