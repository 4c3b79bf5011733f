"""Rules about shape: what is an object, an array or a text, which keys Swagger 2.0 knows, what may not be left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from exporter.model.json_values import Json, as_list, as_object
from exporter.openapi.grammar import SWAGGER_METHODS
from exporter.rules.rows import ERROR, WARNING, Finder, Hit, Rule, Spot, tail_to

_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}
_FLAG_OR_OBJECT = (bool, dict)

# fmt: off
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "document": {"info": dict, "host": str, "basePath": str, "schemes": list, "consumes": list, "produces": list, "paths": dict, "definitions": dict, "parameters": dict, "responses": dict, "securityDefinitions": dict, "security": list, "tags": list},
    "info": {"title": str, "version": str, "description": str, "contact": dict, "license": dict},
    "security": {"type": str, "flow": str, "scopes": dict, "name": str, "in": str, "authorizationUrl": str, "tokenUrl": str},
    "path": {"parameters": list} | dict.fromkeys(SWAGGER_METHODS, dict),
    "operation": {"operationId": str, "summary": str, "description": str, "parameters": list, "responses": dict, "consumes": list, "produces": list, "schemes": list, "tags": list, "security": list, "deprecated": bool},
    "parameter": {"name": str, "in": str, "description": str, "required": bool, "type": str, "format": str, "items": dict, "schema": dict, "enum": list, "collectionFormat": str, "$ref": str},
    "response": {"description": str, "schema": dict, "headers": dict, "examples": dict, "$ref": str},
    "schema": {"type": str, "format": str, "title": str, "description": str, "properties": dict, "items": dict, "additionalProperties": _FLAG_OR_OBJECT, "required": list, "allOf": list, "enum": list, "readOnly": bool, "$ref": str},
    "whole": {},
}
_MEMBERS: Mapping[str, Mapping[str, type]] = {
    "document": {"paths": dict, "definitions": dict, "parameters": dict, "responses": dict, "securityDefinitions": dict, "schemes": str, "consumes": str, "produces": str, "tags": dict, "security": dict},
    "path": {"parameters": dict},
    "operation": {"parameters": dict, "responses": dict, "consumes": str, "produces": str, "tags": str, "security": dict},
    "response": {"headers": dict},
    "schema": {"properties": dict, "required": str, "allOf": dict},
}

_ANY_VALUE = "type format items collectionFormat default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf description"
_KEYS = {kind: frozenset(keys.split()) for kind, keys in {
    "document": "swagger info host basePath schemes consumes produces paths definitions parameters responses securityDefinitions security tags externalDocs",
    "path": "get put post delete options head patch parameters $ref",
    "operation": "tags summary description externalDocs operationId consumes produces parameters responses schemes deprecated security",
    "response": "description schema headers examples $ref",
    "parameter": _ANY_VALUE + " name in required schema allowEmptyValue $ref",
    "schema": _ANY_VALUE.replace("collectionFormat ", "") + " $ref title maxProperties minProperties required additionalProperties allOf properties discriminator readOnly xml externalDocs example",
}.items()}
# fmt: on
PLAIN_KEYS = frozenset().union(*_KEYS.values())
"""Every key that Swagger 2.0 knows anywhere."""
_SCHEMA_KINDS = {"items": frozenset(_ANY_VALUE.split()), "header": frozenset(_ANY_VALUE.split())}


def named(value: Json) -> str:
    """
    Say what a value is, for people.

    >>> named([]), named(1.5), named(None)
    ('an array', 'a number', 'null')
    """
    return _NAMES.get(type(value), "something else")


def _wanted(wanted: type | tuple[type, ...]) -> str:
    return "true, false or an object" if isinstance(wanted, tuple) else _NAMES[wanted]


def _mismatches(kind: str, thing: Json) -> Iterator[Hit]:
    types = _TYPES[kind]
    for key, value in as_object(thing).items():
        if key in types and not isinstance(value, types[key]):
            yield Hit((key,), f"`{key}` must be {_wanted(types[key])} but is {named(value)}")


def _wrong_members(key: str) -> Finder:
    def finder(spot: Spot) -> Iterable[Hit]:
        value, wanted = spot.thing[key], _MEMBERS[spot.kind][key]
        held: Iterable[Json] = as_object(value).values() or as_list(value)
        if not isinstance(value, _TYPES[spot.kind][key]) or set(map(type, held)) <= {wanted}:
            return ()
        return [
            Hit((key, name), f"this must be {_wanted(wanted)} but is {named(item)}")
            for name, item in _members(value)
            if not isinstance(item, wanted)
        ]

    return finder


def _members(value: Json) -> Iterator[tuple[str, Json]]:
    for index, item in enumerate(as_list(value)):
        yield str(index), item
    for name, item in as_object(value).items():
        if not name.startswith("x-"):
            yield name, item


def _wrong_types(spot: Spot) -> Iterator[Hit]:
    return _mismatches(spot.kind, spot.thing)


def _wrong_info(spot: Spot) -> Iterator[Hit]:
    for tail, detail in _mismatches("info", spot.thing["info"]):
        yield Hit(("info", *tail), detail)


def _unknown_keys(spot: Spot) -> Iterable[Hit]:
    known = _SCHEMA_KINDS.get(spot.side) or _KEYS[spot.kind]
    if spot.thing.keys() <= known:
        return ()
    return [Hit((key,), key) for key in spot.thing if key not in known and not key.startswith("x-")]


def _without_title(spot: Spot) -> Iterator[Hit]:
    if as_object(spot.thing.get("info")).get("title") in (None, ""):
        yield Hit(tail_to(spot.thing, "info"))


def _without_version(spot: Spot) -> Iterator[Hit]:
    info = spot.thing.get("info")
    if isinstance(info, dict) and "version" not in info:
        yield Hit(("info",))


def _without_paths(spot: Spot) -> Iterator[Hit]:
    if "paths" not in spot.thing:
        yield Hit()


def _other_version(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("swagger") != "2.0":
        yield Hit(tail_to(spot.thing, "swagger"))


def _response_without_description(spot: Spot) -> Iterator[Hit]:
    if "description" not in spot.thing and "$ref" not in spot.thing:
        yield Hit()


def _incomplete_parameter(spot: Spot) -> Iterator[Hit]:
    parameter = spot.thing
    if "$ref" in parameter:
        return
    needed = ("name", "in") if parameter.get("in") == "body" or "in" not in parameter else ("name", "type")
    for key in needed:
        if key not in parameter or parameter[key] == "":
            yield Hit(tail_to(parameter, key), key)


# fmt: off
_PARAMETER_TYPES = frozenset(("string", "number", "boolean", "integer", "array", "file"))
_SCHEMA_TYPES = frozenset(("string", "number", "boolean", "integer", "array", "object", "file", "null"))
_CHOICES = {
    ("parameter", "in"): frozenset(("query", "header", "path", "formData", "body")),
    ("parameter", "type"): _PARAMETER_TYPES,
    ("schema", "type"): _SCHEMA_TYPES,
    ("security", "type"): frozenset(("basic", "apiKey", "oauth2")),
}
# fmt: on


def _not_a_choice(key: str, choices: frozenset[str]) -> Finder:
    def finder(spot: Spot) -> Iterable[Hit]:
        value = spot.thing[key]
        if not isinstance(value, str) or value in choices or (key == "type" and spot.thing.get("in") == "body"):
            return ()
        return [Hit((key,), f"`{key}` is `{value}` but must be one of {', '.join(sorted(choices - {'null'}))}")]

    return finder


# fmt: off
_WRONG_TYPE, _RIGHT_TYPE = "A value has the wrong type: {}.", "Write a value of the right type here."
RULES = (
    Rule("specification-version-incorrect", ERROR, "document", "", _other_version, 'The connector definition does not say `swagger: "2.0"`.', 'Set `swagger` to the text "2.0"; Power Platform reads no other version.'),
    Rule("title-required", ERROR, "document", "", _without_title, "The definition has no title.", "Add `info.title`; it is the connector's name."),
    Rule("version-required", ERROR, "document", "", _without_version, "The definition has no version of its own.", 'Add `info.version`, for example "1.0".'),
    Rule("paths-required", ERROR, "document", "", _without_paths, "The definition has no `paths`, so there is nothing to export.", "Add `paths` with at least one operation."),
    Rule("response-description-required", ERROR, "response", "", _response_without_description, "The response has no description.", "Add a `description`; a few words are enough."),
    Rule("parameter-incomplete", ERROR, "parameter", "", _incomplete_parameter, "The parameter has no `{}`.", "Add it: every parameter needs `name` and `in`, and a `type` unless it is the body."),
    Rule("json-type-incorrect", ERROR, "document security path operation parameter response schema", "", _wrong_types, _WRONG_TYPE, _RIGHT_TYPE, of_shape=True),
    Rule("json-type-incorrect", ERROR, "document", "info", _wrong_info, _WRONG_TYPE, _RIGHT_TYPE),
    *(Rule("json-type-incorrect", ERROR, kind, key, _wrong_members(key), _WRONG_TYPE, _RIGHT_TYPE) for kind, keys in _MEMBERS.items() for key in keys),
    Rule("additional-property-not-allowed", WARNING, "document", "", _unknown_keys, "`{}` is not known to Swagger 2.0 at the top of the document, so it has no effect.", "Remove it or correct its spelling, which includes upper and lower case.", of_shape=True),
    Rule("extension-name-not-valid", ERROR, "path operation parameter response schema", "", _unknown_keys, "`{}` is not known to Swagger 2.0 in this place.", "Remove it or correct its spelling; extensions of your own begin with `x-`.", of_shape=True),
    *(Rule("json-value-not-in-enum", ERROR, kind, key, _not_a_choice(key, choices), "A value is not one of those that are allowed: {}.", "Use one of the allowed values.") for (kind, key), choices in _CHOICES.items()),
)
# fmt: on
