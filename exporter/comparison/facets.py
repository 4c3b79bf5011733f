"""How what one value may be has moved: its type, format, list of values, limits, default, visibility and texts."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, TypeAlias

from exporter.comparison.reading import Shape, visibility
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

Facet: TypeAlias = tuple[str, Json, Json]
"""The row, and what it was and is."""


class Direction(Enum):
    """Which way a value travels, seen from makers."""

    IN = "request"
    OUT = "response"


class Context(NamedTuple):
    """How makers meet a value, besides what it says itself."""

    direction: Direction
    hidden: bool = False
    """Whether it is part of something that makers do not fill in."""
    required: bool = False
    """Whether it is required in the newer version."""
    positional: bool = False
    """Whether its required fields are arguments of a function in canvas apps: the body of an action that makers see."""


DYNAMIC = (
    "x-ms-dynamic-values",
    "x-ms-dynamic-list",
    "x-ms-dynamic-schema",
    "x-ms-dynamic-properties",
    "x-ms-dynamic-tree",
)
FOR_AGENTS = ("x-ms-name-for-model", "x-ms-description-for-model")
"""What agents read instead of names and descriptions."""
_DYNAMIC_SCHEMA = ("x-ms-dynamic-schema", "x-ms-dynamic-properties")
_LABELS = ("x-ms-summary", "title")
_CEILINGS = ("maximum", "maxLength", "maxItems", "maxProperties")
_FLOORS = ("minimum", "minLength", "minItems", "minProperties")
_LIMITS = (*_CEILINGS, *_FLOORS, "pattern", "multipleOf", "uniqueItems", "exclusiveMaximum", "exclusiveMinimum")
_APP_FORMATS = frozenset(("date", "date-time", "date-no-tz", "byte", "binary"))
"""Formats that make another type in Power Fx (Power-Fx, OpenApiExtensions.cs); it reads the others as text or number."""
_ALIASES = {"guid": "uuid"}
_BYTES = frozenset(("byte", "binary"))
_OWN = frozenset(
    (
        *_LABELS, *_LIMITS, *DYNAMIC, *FOR_AGENTS, "type", "format", "enum", "default", "description", "x-ms-visibility",
        "x-ms-url-encoding", "collectionFormat", "x-ms-notification-url", "properties", "items", "required", "allOf",
        "$ref", "name", "in", "schema", "additionalProperties",
    )
)  # fmt: skip
"""Keys that have rules of their own, here or in the walk."""


def kind_of(shape: Shape) -> str:
    """
    Give the type that a schema means, stated or not.

    >>> kind_of(Shape({"properties": {}}, {"a": {}}, {}, (), frozenset()))
    'object'
    """
    stated = shape.keys.get("type")
    if isinstance(stated, str) and stated:
        return stated
    if isinstance(stated, list):
        return " or ".join(sorted(as_text(one) for one in stated if one != "null"))
    if shape.fields:
        return "object"
    return "array" if "items" in shape.keys else ""


def speaks(shape: Shape) -> bool:
    """Tell whether a schema says anything that makers could pick; the portal writes many that are empty."""
    if any(key in shape.keys for key in DYNAMIC):
        return True
    empty = shape.keys.get("properties") == {} and not shape.fields
    return bool(kind_of(shape)) and not (empty and not shape.keys.get("additionalProperties"))


def sent(shape: Shape) -> tuple[str, str]:
    """
    Give type and format of something that is answered; a file is a text of bytes, whichever way it is written.

    >>> sent(Shape({"type": "file"}, {}, {}, (), frozenset()))
    ('string', 'binary')
    """
    kind = kind_of(shape)
    return ("string", "binary") if kind == "file" else (kind, _format(shape))


def hidden(facts: Object) -> bool:
    """Tell whether makers do not fill it in."""
    return visibility(facts) == "internal" or facts.get("readOnly") is True


def facets(old: Shape, new: Shape, context: Context) -> Iterator[Facet]:
    """Give what moved between two versions of one value; what is below it is not looked at."""
    if context.direction is Direction.OUT:
        yield from _output(old, new)
    elif context.hidden or (hidden(old.keys) and hidden(new.keys)):
        yield from _hidden_input(old, new, context)
    else:
        yield from _input(old, new, context)
    yield from _both(old.keys, new.keys)


def _input(old: Shape, new: Shape, context: Context) -> Iterator[Facet]:
    yield from _input_type(kind_of(old), kind_of(new))
    if kind_of(old) == kind_of(new):
        yield from _changed("request-format-changed", _format(old), _format(new))
    listed = {repr(value) for value in _values(new)}
    if _values(old) or kind_of(new) != "boolean" or not listed >= {"True", "False"}:  # a boolean took nothing else
        yield from _input_values(_values(old), _values(new))
    yield from _input_limits(old.keys, new.keys)
    yield from _changed("default-changed", old.keys.get("default"), new.keys.get("default"))
    if _look_up_fields(old.keys) and not _look_up_fields(new.keys):
        yield "request-dynamic-schema-removed", _target(old.keys), None
    yield from _input_visibility(_seen(old.keys), _seen(new.keys), context)


def _hidden_input(old: Shape, new: Shape, context: Context) -> Iterator[Facet]:
    lost = "default" in old.keys and "default" not in new.keys and context.required and not context.hidden
    row = "hidden-default-removed" if lost else "default-changed-hidden"
    yield from _changed(row, old.keys.get("default"), new.keys.get("default"))
    yield from _changed("hidden-input-changed", kind_of(old), kind_of(new))
    yield from _changed("hidden-input-changed", _values(old), _values(new))


def _output(old: Shape, new: Shape) -> Iterator[Facet]:
    (before, was), (after, now) = sent(old), sent(new)
    if before == after:
        yield from _output_format(was, now)
    else:
        yield _output_type(before, after), before, after or "any type"
    if set(map(repr, _values(old))) != set(map(repr, _values(new))):
        yield "response-enum-changed", _values(old), _values(new)
    yield from _changed("response-constraint-changed", _limits(old.keys), _limits(new.keys))
    yield from _changed("response-default-changed", old.keys.get("default"), new.keys.get("default"))
    yield from _changed("response-visibility-changed", shown(visibility(old.keys)), shown(visibility(new.keys)))
    had, has = _look_up_fields(old.keys), _look_up_fields(new.keys)
    if had and not has:
        yield "response-dynamic-schema-removed", _target(old.keys), None
    elif had and _target(old.keys) != _target(new.keys):
        yield "response-dynamic-schema-changed", _target(old.keys), _target(new.keys)


def _both(old: Object, new: Object) -> Iterator[Facet]:
    yield from _changed("url-encoding-changed", old.get("x-ms-url-encoding"), new.get("x-ms-url-encoding"))
    yield from _changed("collection-format-changed", _collection(old), _collection(new))
    yield from _dynamics(old, new)
    yield from _changed("label-changed", _label(old), _label(new))
    yield from _changed("description-changed", as_text(old.get("description")), as_text(new.get("description")))
    models = [{key: keys[key] for key in FOR_AGENTS if key in keys} for keys in (old, new)]
    yield from _changed("agent-text-changed", *models)
    details = sorted(key for key in (old.keys() | new.keys()) - _OWN if old.get(key) != new.get(key))
    if isinstance(old.get("additionalProperties"), dict) != isinstance(new.get("additionalProperties"), dict):
        details.append("additionalProperties")
    if details:
        yield "detail-changed", None, details[:10]


def _changed(row: str, before: Json, after: Json) -> Iterator[Facet]:
    if before != after or (before.__class__ is bool) != (after.__class__ is bool):
        yield row, before, after


def _input_type(before: str, after: str) -> Iterator[Facet]:
    if before == after:
        return
    if not before:
        yield "request-type-stated", None, after
    elif not after or (before, after) == ("integer", "number"):
        yield "request-type-widened", before, after or "any type"
    elif {before, after} & {"object", "array"}:
        yield "request-shape-changed", before, after
    else:
        yield "request-type-changed", before, after


def _output_type(before: str, after: str) -> str:
    if not before:
        return "response-field-type-stated"
    if (before, after) == ("integer", "number"):
        return "response-field-type-widened"
    if (before, after) == ("number", "integer"):
        return "response-field-type-narrowed"
    if {before, after} == {"object", "array"}:
        return "response-array-object-swap"
    return "response-field-type-changed"


def _output_format(before: str, after: str) -> Iterator[Facet]:
    if before != after:
        told = {before, after} & _APP_FORMATS and not {before, after} <= _BYTES
        yield f"response-field-format-{'' if told else 'detail-'}changed", before, after


def _input_values(before: list[Json], after: list[Json]) -> Iterator[Facet]:
    old, new = {repr(value) for value in before}, {repr(value) for value in after}
    if old == new:
        return
    if not old:
        yield "request-enum-introduced", None, after
    elif not new:
        yield "request-enum-dropped", before, None
    else:
        if old - new:
            yield "request-enum-value-removed", [value for value in before if repr(value) not in new], None
        if new - old:
            yield "request-enum-value-added", None, [value for value in after if repr(value) not in old]


def _input_limits(old: Object, new: Object) -> Iterator[Facet]:
    before, after = _limits(old), _limits(new)
    if before == after:
        return
    tighter = any(_tighter(key, before.get(key), after.get(key)) for key in _LIMITS)
    yield f"request-constraint-{'tightened' if tighter else 'loosened'}", before, after


def _tighter(key: str, before: Json, after: Json) -> bool:
    if before == after or after is None or after is False:
        return False
    if isinstance(before, (int, float)) and isinstance(after, (int, float)) and key in (*_CEILINGS, *_FLOORS):
        return after < before if key in _CEILINGS else after > before
    return True


def _input_visibility(before: str, after: str, context: Context) -> Iterator[Facet]:
    if before == after:
        return
    if after == "internal":
        row = "param-hidden"
    else:
        row = "param-shown" if before == "internal" and context.required else "param-visibility-changed"
    yield row, shown(before), shown(after)


def _dynamics(old: Object, new: Object) -> Iterator[Facet]:
    moved = [key for key in DYNAMIC if old.get(key) != new.get(key)]
    if not moved:
        return
    had, has = (any(key in keys for key in DYNAMIC) for keys in (old, new))
    before, after = _target(old), _target(new)
    if had and has:
        values = (before, after) if before != after else (old.get(moved[0]), new.get(moved[0]))
        yield "dynamic-changed", *values
    elif had and not _look_up_fields(old):
        yield "dynamic-removed", before, None
    else:
        yield "dynamic-added", None, after


def _seen(keys: Object) -> str:
    """Say who fills an input in; nobody does where it is read-only."""
    return "internal" if hidden(keys) else visibility(keys)


def shown(visible: str) -> str:
    """Name a visibility for people; most things say none."""
    return visible or "normal"


def _look_up_fields(keys: Object) -> bool:
    return any(key in keys for key in _DYNAMIC_SCHEMA)


def _target(keys: Object) -> str:
    """Name the operation that is asked; a tree is asked for when it is opened."""
    asked = (as_object(as_object(keys.get(key)).get("open") or keys.get(key)) for key in DYNAMIC)
    return next((as_text(one["operationId"]) for one in asked if "operationId" in one), "")


def _format(shape: Shape) -> str:
    format_ = as_text(shape.keys.get("format"))
    return _ALIASES.get(format_, format_)


def _values(shape: Shape) -> list[Json]:
    return list(as_list(shape.keys.get("enum")))


def _limits(keys: Object) -> dict[str, Json]:
    return {key: keys[key] for key in _LIMITS if keys.get(key) is not None and keys[key] is not False}


def _collection(keys: Object) -> str:
    return as_text(keys.get("collectionFormat")) or "csv"


def _label(keys: Object) -> str:
    return next((as_text(keys[key]) for key in _LABELS if keys.get(key)), "")
