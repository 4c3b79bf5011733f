"""Rules about what is sent: bodies, and the definitions that requests lead to."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.references import follow
from exporter.rules.rows import NOTICE, WARNING, Hit, Rule, Spot
from exporter.rules.sizes import circles

# What Power Fx can hand over to a source (DelegationOperator of microsoft/Power-Fx, 2026-07).
# fmt: off
_FILTERS = frozenset([
    "eq", "ne", "lt", "le", "gt", "ge", "and", "or", "contains", "indexof", "substringof", "not", "year", "month",
    "day", "hour", "minute", "second", "tolower", "toupper", "trim", "null", "date", "length", "sum", "min", "max",
    "average", "count", "add", "sub", "startswith", "mul", "div", "endswith", "countdistinct", "cdsin", "top",
    "astype", "arraylookup", "distinct", "joininner", "joinleft", "joinright", "joinfull",
])
# fmt: on
_CAPABILITIES = "x-ms-capabilities"


def _is_sent(spot: Spot) -> bool:
    """Tell whether a schema is a part of what requests send."""
    if spot.side == "definition":
        return spot.pointer[1] in spot.scene.requested()
    return spot.side == "body" or spot.kind == "parameter"


def _read_only(spot: Spot) -> Iterator[Hit]:
    properties = as_object(spot.thing.get("properties"))
    for name in as_list(spot.thing["required"]):
        prop = properties.get(name) if isinstance(name, str) else None
        if isinstance(prop, dict) and prop.get("readOnly") is True and _is_sent(spot):
            yield Hit(("properties", as_text(name)), as_text(name))


def _optional_hidden(spot: Spot) -> Iterator[Hit]:
    thing, steps = spot.thing, spot.pointer
    if thing["x-ms-visibility"] == "internal" and "default" in thing and steps[-2] == "properties" and _is_sent(spot):
        parent: Json = spot.scene.document
        for step in steps[:-2]:
            parent = as_list(parent)[int(step)] if isinstance(parent, list) else as_object(parent).get(step)
        owner = as_object(parent)
        is_property = as_object(owner.get("properties")).get(steps[-1]) is thing
        if is_property and steps[-1] not in as_list(owner.get("required")):
            yield Hit((), steps[-1])


def _endless(spot: Spot) -> Iterator[Hit]:
    definitions, weights = spot.scene.definitions, spot.scene.weights
    round_ = [name for name in definitions if ("definitions", name) in weights and weights["definitions", name].circle]
    needed = {name: list(_needed(spot, as_object(definitions[name]))) for name in round_}
    edges = {name: [target for target in targets if target in needed] for name, targets in needed.items()}
    for circle in circles(edges):
        if len(circle) > 1 or circle[0] in edges[circle[0]]:
            yield Hit(("definitions", circle[0]), ", ".join(circle))


def _needed(spot: Spot, schema: Object) -> Iterator[str]:
    """Give the definitions that a value must hold a value of: required properties only, at any depth."""
    waiting = [schema]
    while waiting:
        inner = waiting.pop()
        reference = inner.get("$ref")
        if isinstance(reference, str):
            name, target = follow(spot.scene.document, reference, "definitions")
            if isinstance(target, dict):
                yield name
            continue
        properties = as_object(inner.get("properties"))
        if properties:
            names = {name: None for name in as_list(inner.get("required")) if isinstance(name, str)}
            waiting.extend(as_object(properties.get(name)) for name in names)
        waiting.extend(as_object(member) for member in as_list(inner.get("allOf")))


def _filters(spot: Spot) -> tuple[Pointer, object]:
    return (_CAPABILITIES, "filterFunctions"), as_object(spot.thing[_CAPABILITIES]).get("filterFunctions")


def _no_filter(spot: Spot) -> Iterator[Hit]:
    tail, filters = _filters(spot)
    if filters == []:
        yield Hit(tail)


def _repeated_filter(spot: Spot) -> Iterator[Hit]:
    tail, filters = _filters(spot)
    seen: set[str] = set()
    for index, name in enumerate(filters if isinstance(filters, list) else ()):
        if as_text(name) and name in seen:
            yield Hit((*tail, str(index)), name)
        seen.add(as_text(name))


def _unknown_filter(spot: Spot) -> Iterator[Hit]:
    tail, filters = _filters(spot)
    for index, name in enumerate(filters if isinstance(filters, list) else ()):
        if isinstance(name, str) and name.lower() not in _FILTERS:
            yield Hit((*tail, str(index)), name)


def _filter_of_input(spot: Spot) -> Iterator[Hit]:
    tail, filters = _filters(spot)
    if filters is not None and _is_sent(spot):
        yield Hit(tail)


# fmt: off
RULES = (
    Rule("required-read-only-property-not-allowed-as-input", WARNING, "schema", "required", _read_only, "A request must send `{}`, which is read-only.", "Take it off `required`, or describe requests by a definition of their own."),
    Rule("property-must-be-required", NOTICE, "schema", "x-ms-visibility", _optional_hidden, "`{}` is hidden from makers and optional, so its default may never be sent.", "List it under `required` if the API needs it."),
    Rule("required-loop-in-schema-not-allowed", WARNING, "whole", "", _endless, "Definitions require each other in a circle ({}), so that no value could ever be complete.", "Make one of the properties optional."),
    Rule("filter-functions-property-empty", WARNING, "schema parameter", _CAPABILITIES, _no_filter, "The list `filterFunctions` is empty.", "Name what the API can filter by, or remove it."),
    Rule("filter-functions-property-has-duplicates", WARNING, "schema parameter", _CAPABILITIES, _repeated_filter, "The filter `{}` is listed more than once.", "Keep one of them."),
    Rule("filter-functions-property-invalid-value", WARNING, "schema parameter", _CAPABILITIES, _unknown_filter, "Power Apps knows no filter `{}`.", "Use a known one, such as `eq` or `startswith`."),
    Rule("filter-functions-property-in-input-schema", WARNING, "schema parameter", _CAPABILITIES, _filter_of_input, "Filters belong to what an operation gives, not to what it takes.", "Remove `filterFunctions` here."),
)
# fmt: on
