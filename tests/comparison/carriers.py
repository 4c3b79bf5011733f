"""Small definitions that carry one schema at the places where makers, or nobody, meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
Carrier: TypeAlias = Callable[[Schema, bool], dict[str, Any]]
"""Takes a schema and whether it is required."""

TEXT: Schema = {"type": "string"}
REFERENCE = {"$ref": "#/definitions/D"}
CALLBACK = {"type": "string", "x-ms-notification-url": True, "x-ms-visibility": "internal"}


def operation(*parameters: Any, responses: Any = None, **more: Any) -> dict[str, Any]:
    answers = {"200": {"description": "OK"}} if responses is None else responses
    return {"operationId": "Op", "summary": "Op", "parameters": list(parameters), "responses": answers, **more}


def definition(facts: dict[str, Any], method: str = "post", item: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "host": "api.contoso.com",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {"/a": {method: facts, **(item or {})}},
        **more,
    }


def record(fields: dict[str, Any], required: Any = (), **more: Any) -> Schema:
    return {"type": "object", "properties": fields, **({"required": list(required)} if required else {}), **more}


def body(schema: Schema, **more: Any) -> dict[str, Any]:
    return {"name": "body", "in": "body", "required": True, "schema": schema, **more}


def answered(schema: Schema, code: str = "200") -> dict[str, Any]:
    return {code: {"description": "OK", "schema": schema}}


def hook(payload: Schema, *, beside: bool = True, **more: Any) -> dict[str, Any]:
    """Give a webhook trigger that is sent a payload, told in its path item or in the operation."""
    facts = operation(body(record({"url": CALLBACK})), responses={"201": {"description": "OK"}})
    told = {"x-ms-notification-content": {"schema": payload}}
    trigger = {**facts, "x-ms-trigger": "single", **({} if beside else told)}
    return definition(trigger, item=told if beside else None, **more)


def _field(schema: Schema, required: bool) -> Schema:
    return record({"keep": TEXT, "f": schema}, ["f"] if required else ())


def _needed(required: bool) -> dict[str, bool]:
    return {"required": True} if required else {}


def _parameter(location: str) -> Carrier:
    return lambda schema, required: definition(
        operation(
            {"name": "keep", "in": "query", "type": "string"},
            {"name": "f", "in": location, **schema, **_needed(required)},
        )
    )


def _query(schema: Schema, required: bool) -> dict[str, Any]:
    return {"name": "f", "in": "query", **schema, **_needed(required)}


# fmt: off
PARAMETERS: dict[str, Carrier] = {
    "query": _parameter("query"),
    "header": _parameter("header"),
    "form": _parameter("formData"),
    "shared": lambda one, must: definition(operation({"$ref": "#/parameters/P"}), parameters={"P": _query(one, must)}),
    "of the path item": lambda one, must: definition(operation(), item={"parameters": [_query(one, must)]}),
}
FIELDS: dict[str, Carrier] = {
    "a field": lambda one, must: definition(operation(body(_field(one, must)))),
    "a field, referred to": lambda one, must: definition(operation(body(REFERENCE)), definitions={"D": _field(one, must)}),
    "referred to again and again": lambda one, must: definition(operation(body(REFERENCE)), definitions={"D": {"$ref": "#/definitions/E"}, "E": record({"keep": TEXT, "f": {"$ref": "#/definitions/F"}}, ["f"] if must else ()), "F": one}),
    "in a shared body": lambda one, must: definition(operation({"$ref": "#/parameters/B"}), parameters={"B": body(_field(one, must))}),
    "inherited": lambda one, must: definition(operation(body({"allOf": [REFERENCE, record({"x": TEXT})]})), definitions={"D": _field(one, must)}),
    "inherited twice": lambda one, must: definition(operation(body({"allOf": [{"allOf": [REFERENCE]}]})), definitions={"D": _field(one, must)}),
    "nested": lambda one, must: definition(operation(body(record({"o": _field(one, must)})))),
    "in a list": lambda one, must: definition(operation(body(record({"o": {"type": "array", "items": _field(one, must)}})))),
    "in a list that is the body": lambda one, must: definition(operation(body({"type": "array", "items": _field(one, must)}))),
    "in a map": lambda one, must: definition(operation(body({"type": "object", "additionalProperties": _field(one, must)}))),
    "of a trigger": lambda one, must: definition(operation(body(record({"url": CALLBACK, "f": one}, ["url", *(["f"] if must else [])])), **{"x-ms-trigger": "single"})),
}
OUTPUTS: dict[str, Carrier] = {
    "answered": lambda one, must: definition(operation(responses=answered(_field(one, must)))),
    "answered, referred to": lambda one, must: definition(operation(responses=answered(REFERENCE)), definitions={"D": _field(one, must)}),
    "answered in a list": lambda one, must: definition(operation(responses=answered({"type": "array", "items": REFERENCE})), definitions={"D": _field(one, must)}),
    "answered, inherited": lambda one, must: definition(operation(responses=answered({"allOf": [REFERENCE]})), definitions={"D": _field(one, must)}),
    "a shared answer": lambda one, must: definition(operation(responses={"200": {"$ref": "#/responses/A"}}), responses={"A": {"description": "OK", "schema": _field(one, must)}}),
    "the default answer alone": lambda one, must: definition(operation(responses=answered(_field(one, must), "default"))),
    "answered with 201": lambda one, must: definition(operation(responses={**answered(_field(one, must), "201"), "400": {"description": "No"}})),
    "sent to a trigger": lambda one, must: hook(_field(one, must)),
    "sent to a trigger, told in it": lambda one, must: hook(_field(one, must), beside=False),
    "sent to a trigger, referred to": lambda one, must: hook(REFERENCE, definitions={"D": _field(one, must)}),
    "answered in a map": lambda one, must: definition(operation(responses=answered({"type": "object", "additionalProperties": _field(one, must)}))),
    "answered in lists of lists": lambda one, must: definition(operation(responses=answered(record({"o": {"type": "array", "items": {"type": "array", "items": _field(one, must)}}})))),
    "of a trigger that asks": lambda one, must: definition(operation(responses=answered(record({"value": {"type": "array", "items": _field(one, must)}})), **{"x-ms-trigger": "batch"}), method="get"),
}
NOWHERE: dict[str, Carrier] = {
    "an error": lambda one, must: definition(operation(responses={"200": {"description": "OK"}, **answered(_field(one, must), "400")})),
    "a second success": lambda one, must: definition(operation(responses={**answered(TEXT), **answered(_field(one, must), "202")})),
    "default beside a success": lambda one, must: definition(operation(responses={**answered(TEXT), **answered(_field(one, must), "default")})),
    "a definition that nobody uses": lambda one, must: definition(operation(), definitions={"D": _field(one, must)}),
    "a response that nobody uses": lambda one, must: definition(operation(), responses={"A": {"description": "No", "schema": _field(one, must)}}),
}
# fmt: on
