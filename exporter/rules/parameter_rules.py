"""Rules about single parameters, wherever they are written."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import as_text
from exporter.rules.rows import ERROR, NOTICE, WARNING, Hit, Rule, Spot, tail_to

# What Swagger 2.0 gives a body beside its schema.
_OF_VALUES = frozenset(
    (
        "type",
        "format",
        "items",
        "default",
        "enum",
        "maximum",
        "minimum",
        "maxLength",
        "minLength",
        "pattern",
        "collectionFormat",
    )
)


def _reserved(spot: Spot) -> Iterator[Hit]:
    name = as_text(spot.thing.get("name"))
    if name.lower() == "authorization":
        yield Hit(("name",), name)


def _connection_id(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("in") != "body":
        yield Hit(("name",))


def _optional_in_path(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("required") is not True:
        yield Hit(tail_to(spot.thing, "required"), as_text(spot.thing.get("name")))


def _without_encoding(spot: Spot) -> Iterator[Hit]:
    if "x-ms-url-encoding" not in spot.thing:
        yield Hit((), as_text(spot.thing.get("name")))


def _encoding_in_query(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("in") == "query":
        yield Hit(("x-ms-url-encoding",), as_text(spot.thing.get("name")))


def _body_without_schema(spot: Spot) -> Iterator[Hit]:
    if "schema" not in spot.thing:
        yield Hit()


def _body_with_values(spot: Spot) -> Iterator[Hit]:
    for key in spot.thing:
        if key in _OF_VALUES:
            yield Hit((key,), key)


def _schema_without_body(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("in") not in ("body", None):
        yield Hit(("schema",))


def _file_elsewhere(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("in") != "formData":
        yield Hit(("type",))


def _empty_value(spot: Spot) -> Iterator[Hit]:
    if as_text(spot.thing.get("in")) not in {"query", "formData"}:
        yield Hit(("allowEmptyValue",))


def _repeated_in_query(spot: Spot) -> Iterator[Hit]:
    if spot.thing["collectionFormat"] == "multi":
        yield Hit(("collectionFormat",))


def _rare_collection_format(spot: Spot) -> Iterator[Hit]:
    """No published connector has another one than `csv`; only of `multi` it is known that it is refused."""
    value = spot.thing["collectionFormat"]
    if isinstance(value, str) and value not in {"csv", "multi"}:
        yield Hit(("collectionFormat",), value)


def _foreign_letters(spot: Spot) -> Iterator[Hit]:
    name = as_text(spot.thing.get("name"))
    if not name.isascii():
        yield Hit(("name",), name)


def _hidden_optional(spot: Spot) -> Iterator[Hit]:
    thing = spot.thing
    if thing["x-ms-visibility"] == "internal" and "default" in thing and thing.get("required") is not True:
        yield Hit(("x-ms-visibility",))


def _hidden_without_default(spot: Spot) -> Iterator[Hit]:
    thing = spot.thing
    if (
        thing["x-ms-visibility"] == "internal"
        and thing.get("required") is True
        and "default" not in thing
        and thing.get("in") != "body"
    ):
        yield Hit(("x-ms-visibility",))


def _dynamic_on_body(spot: Spot) -> Iterator[Hit]:
    for key in spot.thing:
        if key.startswith("x-ms-dynamic-"):
            yield Hit((key,), key)


def _untitled(spot: Spot) -> Iterator[Hit]:
    thing = spot.thing
    if (
        thing["in"] not in ("body", None)
        and not thing.get("x-ms-summary")
        and thing.get("x-ms-visibility") != "internal"
    ):
        yield Hit((), as_text(thing.get("name")))


# fmt: off
RULES = (
    Rule("reserved-parameter-is-used", ERROR, "parameter", "in", _reserved, "The header `{}` is set by the platform when somebody signs in.", "Remove the parameter and describe the sign-in under `securityDefinitions`.", value="header"),
    Rule("connection-id-parameter-not-allowed", ERROR, "parameter", "name", _connection_id, "A parameter cannot be named connectionId; the platform uses this name itself.", "Rename it.", value="connectionId"),
    Rule("path-parameter-must-be-required", ERROR, "parameter", "in", _optional_in_path, "The path parameter `{}` is not marked as required.", "Add `required: true`.", value="path"),
    Rule("path-parameter-missing-encoding", NOTICE, "parameter", "in", _without_encoding, "The path parameter `{}` does not say how it is encoded; values with special characters may fail.", "Add `x-ms-url-encoding: single`.", value="path"),
    Rule("query-parameter-encoding-not-supported", WARNING, "parameter", "x-ms-url-encoding", _encoding_in_query, "The query parameter `{}` sets an encoding, which only path parameters can.", "Remove `x-ms-url-encoding`; query parameters are always encoded once."),
    Rule("body-parameter-schema-required", ERROR, "parameter", "in", _body_without_schema, "The body has no schema.", "Add `schema`.", value="body"),
    Rule("body-parameter-property-not-valid", ERROR, "parameter", "in", _body_with_values, "A body cannot have `{}` beside its schema.", "Move it into `schema`.", value="body"),
    Rule("non-body-parameter-schema-not-valid", ERROR, "parameter", "schema", _schema_without_body, "Only a body can have a schema.", "Write `type`, `format` and the like beside the name instead."),
    Rule("file-parameter-must-be-in-form-data", ERROR, "parameter", "type", _file_elsewhere, "Files can only be sent as form fields.", "Set `in: formData`.", value="file"),
    Rule("allow-empty-value-only-valid-for-query-form-data", ERROR, "parameter", "allowEmptyValue", _empty_value, "`allowEmptyValue` belongs to query parameters and form fields only.", "Remove it here."),
    Rule("collection-format-value-not-supported", ERROR, "parameter", "collectionFormat", _repeated_in_query, "Power Platform does not send lists as `multi`.", "Use `csv`, or a text parameter that takes one value."),
    Rule("collection-format-unusual", WARNING, "parameter", "collectionFormat", _rare_collection_format, "No published connector sends lists as `{}`; Power Platform may refuse it.", "Use `csv`, or a text parameter that takes one value."),
    Rule("invalid-form-data-parameter-name", WARNING, "parameter", "in", _foreign_letters, "The name of the form field `{}` has characters beyond ASCII.", "Use plain letters, digits and punctuation.", value="formData"),
    Rule("internal-property-with-default-optional", NOTICE, "parameter", "x-ms-visibility", _hidden_optional, "The parameter is hidden from makers and optional, so its default may never be sent.", "Add `required: true` if the API needs it."),
    Rule("pa-internal-required-no-default", WARNING, "parameter", "x-ms-visibility", _hidden_without_default, "The parameter is required but hidden from makers, and it has no default: calls will fail.", "Add a `default`, or show it."),
    Rule("dynamic-extension-definition-not-allowed-in-parameter", WARNING, "parameter", "in", _dynamic_on_body, "`{}` stands on the body itself.", "Move it into the body's schema.", value="body"),
    Rule("parameter-summary-missing", NOTICE, "parameter", "in", _untitled, "Makers see the parameter `{}` by this name, for it has no title.", "Add `x-ms-summary`.", together=True),
)
# fmt: on
