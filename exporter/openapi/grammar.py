"""
What may stand where in an OpenAPI document: which key leads to what, and what is data that only looks like OpenAPI.

References are found with this table, so that a property that is named `$ref`, an example that holds one, and a vendor's
own extension are left alone (but for the one extension of Power Platform's that holds a schema). Sources: the object
tables of OpenAPI 2.0, 3.0.4 and 3.1.1, and JSON Schema 2020-12.
"""

from collections.abc import Mapping
from typing import NamedTuple

from exporter.model.pointers import Pointer


class Member(NamedTuple):
    """What a key leads to."""

    kind: str
    """A row of GRAMMAR; `data` is never looked into."""
    named: bool = False
    """Whether there is an object of names in between, which are the author's own words."""


SWAGGER_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
METHODS = (*SWAGGER_METHODS, "trace")

SWAGGER_SECTIONS: Mapping[str, Pointer] = {
    "schema": ("definitions",),
    "parameter": ("parameters",),
    "response": ("responses",),
}
"""Where named parts of a kind stand, those that references lead to."""
OPENAPI_SECTIONS: Mapping[str, Pointer] = {
    "schema": ("components", "schemas"),
    "parameter": ("components", "parameters"),
    "response": ("components", "responses"),
    "request body": ("components", "requestBodies"),
    "header": ("components", "headers"),
    "example": ("components", "examples"),
    "link": ("components", "links"),
    "callback": ("components", "callbacks"),
}

_DATA = Member("data")
_SCHEMA = Member("schema")

_NAMED_SCHEMAS = ("properties", "patternProperties", "definitions", "$defs", "dependentSchemas")
_VALUES = dict.fromkeys(("example", "default", "enum", "const", "value"), _DATA)

# fmt: off
GRAMMAR: Mapping[str, Mapping[str, Member]] = {
    "document": {
        "paths": Member("path item", named=True), "webhooks": Member("path item", named=True),
        "components": Member("components"),
        "definitions": Member("schema", named=True), "parameters": Member("parameter", named=True),
        "responses": Member("response", named=True), "security": _DATA,
        "securityDefinitions": Member("security scheme", named=True),
    },
    "components": {
        "schemas": Member("schema", named=True), "responses": Member("response", named=True),
        "parameters": Member("parameter", named=True), "examples": Member("example", named=True),
        "requestBodies": Member("request body", named=True), "headers": Member("header", named=True),
        "securitySchemes": Member("security scheme", named=True), "links": Member("link", named=True),
        "callbacks": Member("callback", named=True), "pathItems": Member("path item", named=True),
    },
    "path item": {
        "parameters": Member("parameter"), "x-ms-notification-content": Member("response"),
        **dict.fromkeys(METHODS, Member("operation")),
    },
    "operation": {
        "parameters": Member("parameter"), "requestBody": Member("request body"),
        "responses": Member("response", named=True), "callbacks": Member("callback", named=True), "security": _DATA,
    },
    "parameter": {
        **_VALUES, "schema": _SCHEMA, "content": Member("media type", named=True),
        "examples": Member("example", named=True),
    },
    "request body": {"content": Member("media type", named=True)},
    "media type": {
        **_VALUES, "schema": _SCHEMA, "itemSchema": _SCHEMA, "examples": Member("example", named=True),
        "encoding": Member("encoding", named=True),
    },
    "encoding": {"headers": Member("header", named=True)},
    "response": {
        "headers": Member("header", named=True), "content": Member("media type", named=True),
        "links": Member("link", named=True), "schema": _SCHEMA, "examples": _DATA,
    },
    "schema": {
        **_VALUES, "examples": _DATA, "required": _DATA, "discriminator": Member("discriminator"),
        **dict.fromkeys(_NAMED_SCHEMAS, Member("schema", named=True)),
        **dict.fromkeys((
            "items", "allOf", "oneOf", "anyOf", "prefixItems", "not", "additionalProperties", "if", "then", "else",
            "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "additionalItems",
        ), _SCHEMA),
    },
    "discriminator": {"mapping": _DATA},
    "callback": {},
    "example": _VALUES,
    "link": {"parameters": _DATA, "requestBody": _DATA},
    "security scheme": {"scopes": _DATA, "flows": _DATA},
    "anything": _VALUES,
}
# fmt: on
GRAMMAR = {**GRAMMAR, "header": GRAMMAR["parameter"]}

ONE = {kind: Member(kind) for kind in (*GRAMMAR, "data")}
"""One of each kind, without names in between."""


def member(kind: str, key: str) -> Member:
    """
    Tell what a key of an object leads to.

    >>> member("operation", "responses")
    Member(kind='response', named=True)
    >>> member("schema", "x-data").kind, member("callback", "{$request.body#/url}").kind
    ('data', 'path item')
    """
    found = GRAMMAR[kind].get(key)
    if found is not None:
        return found
    if key.startswith("x-"):
        return _DATA
    return ONE["path item" if kind == "callback" else "anything"]
