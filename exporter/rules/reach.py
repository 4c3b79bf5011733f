"""Follows a path string (a JSON pointer without its first slash) through schemas and parameters."""

from typing import NamedTuple

from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.rules.references import follow
from exporter.rules.rows import Operation, Parameter

_MOST_REFERENCES = 20
"""References to references; more is nonsense, or a circle."""
_OPEN = ("allOf", "additionalProperties", "x-ms-dynamic-schema", "x-ms-dynamic-properties")
"""What says that an object may have more properties than are written down."""


class End(NamedTuple):
    """What stands at the end of a path."""

    schema: Object
    """Empty where the definition does not tell."""
    required: bool = True
    """Whether everything on the way must be there."""
    hidden: bool = False
    """Whether something on the way is internal."""


def resolved(document: Object, schema: Object) -> Object:
    """
    Give what a schema refers to, or itself; empty where it leads nowhere or round in circles.

    >>> resolved({"definitions": {"A": {"type": "string"}}}, {"$ref": "#/definitions/A"})
    {'type': 'string'}
    """
    for _ in range(_MOST_REFERENCES):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        schema = as_object(follow(document, reference, "definitions")[1])
    return {}


def at(document: Object, start: End, path: str) -> End | None:
    """
    Give what stands at the end of a path; None where the schemas on the way say that there is nothing.

    Where they do not tell (an object without properties, or one that takes any), the schema is empty.

    >>> order = End({"type": "object", "properties": {"id": {"type": "string"}}})
    >>> at({}, order, "id"), at({}, order, "colour"), at({}, End({"type": "object"}), "colour")
    (End(schema={'type': 'string'}, required=False, hidden=False), None, End(schema={}, required=False, hidden=False))
    """
    end = start._replace(schema=resolved(document, start.schema))
    for segment in path.split("/") if path else ():
        schema, properties = end.schema, end.schema.get("properties")
        inner = properties.get(segment) if isinstance(properties, dict) else None
        if not isinstance(inner, dict):
            told = isinstance(properties, dict) and not any(schema.get(key) for key in _OPEN)
            return None if told or as_text(schema.get("type")) in _SCALARS else End({}, required=False)
        required = end.required and segment in as_list(schema.get("required"))
        hidden = end.hidden or inner.get("x-ms-visibility") == "internal"
        end = End(resolved(document, inner), required, hidden)
    return end


_SCALARS = frozenset(("string", "integer", "number", "boolean"))


def value_of(document: Object, parameter: Parameter, path: str = "") -> End | None:
    """Give what a parameter takes, or a property of its body; None where there is no such property."""
    body = parameter.body
    hidden, required = body.get("x-ms-visibility") == "internal", body.get("required") is True
    schema = as_object(body.get("schema")) if body.get("in") == "body" else body
    return at(document, End(schema, required, hidden), path)


def output_of(document: Object, operation: Operation) -> Object | None:
    """Give the schema of an operation's first successful response; None where it has none."""
    responses = as_object(operation.body.get("responses"))
    for code in sorted(code for code in responses if code.startswith("2")):
        response = as_object(responses[code])
        reference = as_text(response.get("$ref"))
        if reference:
            response = as_object(follow(document, reference, "responses")[1])
        if isinstance(response.get("schema"), dict):
            return as_object(response["schema"])
    return None
