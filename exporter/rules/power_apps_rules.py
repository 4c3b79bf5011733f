"""Rules about what is imported without complaint and then missing or crippled in Power Apps (microsoft/Power-Fx)."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import as_text
from exporter.rules.operation_rules import consumed, sanitised
from exporter.rules.rows import NOTICE, WARNING, Hit, Rule, Spot, tail_to

# OpenApiExtensions.cs of microsoft/Power-Fx, 2026-07-01.
_INTEGERS = frozenset(("", "byte", "integer", "int32", "int64", "uint64", "unixtime", "enum"))
_NUMBERS = frozenset(("", "float", "double", "integer", "byte", "number", "int32", "decimal", "currency"))
_GIVEN = frozenset(("application/json", "text/plain", "*/*", "application/octet-stream", "text/csv", "text/html"))
_TAKEN = frozenset(
    (
        "application/json",
        "text/json",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
        "*/*",
    )
)


def _integer_format(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("type") == "integer" and as_text(spot.thing["format"]) not in _INTEGERS:
        yield Hit(("format",), as_text(spot.thing["format"]))


def _number_format(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("type") == "number" and as_text(spot.thing["format"]) not in _NUMBERS:
        yield Hit(("format",), as_text(spot.thing["format"]))


def _null_type(_: Spot) -> Iterator[Hit]:
    yield Hit(("type",))


def _media_types(spot: Spot) -> Iterator[Hit]:
    given = consumed(spot, "produces")
    if given and _GIVEN.isdisjoint(given):
        yield Hit(("produces",) if "produces" in spot.thing else (), f"gives {given[0]}")
    taken = consumed(spot)
    has_body = spot.operation is not None and any(one.body.get("in") == "body" for one in spot.operation.parameters)
    if has_body and taken and _TAKEN.isdisjoint(taken):
        yield Hit(("consumes",) if "consumes" in spot.thing else (), f"takes {taken[0]}")


def _discriminator(spot: Spot) -> Iterator[Hit]:
    yield Hit(tail_to(spot.thing, "discriminator"))


def _collisions(spot: Spot) -> Iterator[Hit]:
    seen: dict[str, str] = {}
    for operation in spot.scene.operations:
        name = as_text(operation.body.get("operationId"))
        first = seen.setdefault(sanitised(name).lower(), name)
        if name != first:
            yield Hit((*operation.pointer, "operationId"), first)


def _titled(spot: Spot) -> Iterator[Hit]:
    title = as_text(spot.thing.get("title"))
    if title and title != spot.thing["x-ms-summary"]:
        yield Hit(("title",), title)


# fmt: off
RULES = (
    Rule("pa-integer-format", WARNING, "schema parameter", "format", _integer_format, "Power Apps does not know whole numbers of the format `{}` and leaves the operation out.", "Use `int32` or `int64`, or no format."),
    Rule("pa-number-format", WARNING, "schema parameter", "format", _number_format, "Power Apps does not know numbers of the format `{}` and leaves the operation out.", "Use `double` or `float`, or no format."),
    Rule("pa-unknown-type", WARNING, "schema", "type", _null_type, "Power Apps cannot show the type `null` and leaves the operation out.", "Write the type that the value has when it is there.", value="null"),
    Rule("pa-media-type", WARNING, "operation", "", _media_types, "The operation {}, which Power Apps cannot handle, so it leaves the operation out.", "Offer application/json as well."),
    Rule("pa-discriminator", NOTICE, "schema", "discriminator", _discriminator, "Power Apps shows an object with a discriminator without its properties.", "Remove `discriminator` if apps need the properties."),
    Rule("pa-name-collision", WARNING, "whole", "", _collisions, "In Power Apps the operation has the same name as `{}`, so one of the two is lost.", "Make the operationIds differ in letters or digits, not only in case or punctuation."),
    Rule("pa-title-wins", NOTICE, "schema", "x-ms-summary", _titled, "Power Apps shows the title `{}` in place of `x-ms-summary`.", "Remove `title`, or make the two say the same.", together=True),
)
# fmt: on
