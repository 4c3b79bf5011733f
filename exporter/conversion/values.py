"""Values in a schema: whether a default fits, what can be made of one that does not, which ones are equal."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from exporter.conversion.nodes import Node
from exporter.model.json_values import Json, Object, as_object

_DEEPEST = 8
_MOST_ITEMS = 200
_LONGEST_TEXT = 200
_RANGES = {"int32": 2**31, "int64": 2**63}
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", re.ASCII)
_TIME = re.compile(r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# A group that repeats may take exponential time on a hostile text.
_REPEATED_GROUP = re.compile(r"\)[*+?{]")
_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}", re.ASCII)
_WORDS = {"true": True, "false": False}
_TEXTS: dict[str, Callable[[str], object]] = {
    "byte": _BASE64.fullmatch,
    "date": _DATE.fullmatch,
    "date-time": lambda text: _DATE.match(text) and _TIME.fullmatch(text, 10),
    "uuid": _UUID.fullmatch,
    "email": _EMAIL.fullmatch,
}


def is_number(value: Json) -> bool:
    """Tell whether a value is a finite number; true and false are none."""
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) and value - value == 0


def is_integer(value: Json) -> bool:
    """Tell whether a value is a whole number, and written so."""
    return isinstance(value, int) and not isinstance(value, bool)


TYPES: dict[str, Callable[[Json], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": is_integer,
    "number": is_number,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def type_of(value: Json) -> str:
    """
    Name the type of a value; empty for null.

    >>> type_of(True), type_of(1), type_of(1.5), type_of(None)
    ('boolean', 'integer', 'number', '')
    """
    return next((name for name, fits_type in TYPES.items() if fits_type(value)), "")


def key_of(value: Json) -> str:
    """
    Write a value so that two are equal exactly when JSON Schema says so.

    >>> key_of(1) == key_of(1.0), key_of(1) == key_of(True)
    (True, False)
    """
    if isinstance(value, str):
        return f'"{value}"'
    import json

    if isinstance(value, float) and is_number(value) and value == int(value):
        value = int(value)
    return json.dumps(value, sort_keys=True)


def distinct(values: Iterable[Json]) -> list[Json]:
    """
    Leave out what is there already.

    >>> distinct([1, True, 1.0, "1"])
    [1, True, '1']
    """
    found: dict[str, Json] = {}
    for value in values:
        found.setdefault(key_of(value), value)
    return list(found.values())


def coerced(value: Json, kind: str) -> Json:
    """
    Make a value of a wrong type one of the right type where its meaning is clear; None where it is not.

    >>> coerced("5", "integer"), coerced(1.0, "integer"), coerced("true", "boolean"), coerced(5, "string")
    (5, 1, True, '5')
    """
    if not kind or TYPES[kind](value):
        return value
    return _COERCIONS[kind](value) if kind in _COERCIONS else None


def _to_text(value: Json) -> Json:
    return key_of(value) if isinstance(value, (bool, int, float)) else None


def _to_boolean(value: Json) -> Json:
    return _WORDS.get(value.lower()) if isinstance(value, str) else None


def _to_integer(value: Json) -> Json:
    if isinstance(value, float) and is_number(value) and value == int(value):
        return int(value)
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def _to_number(value: Json) -> Json:
    return float(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else _to_integer(value)


_COERCIONS: dict[str, Callable[[Json], Json]] = {
    "string": _to_text,
    "boolean": _to_boolean,
    "integer": _to_integer,
    "number": _to_number,
}


@lru_cache(maxsize=1000)
def is_pattern(text: str) -> bool:
    r"""
    Tell whether a pattern is one for Python too, as validators of Swagger 2.0 want it.

    >>> is_pattern("^[a-z]+$"), is_pattern(r"\p{L}"), is_pattern("(")
    (True, False, False)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, RecursionError, OverflowError, Warning):
        return False
    return True


def is_quick(pattern: str) -> bool:
    """Tell whether a pattern can be tried on any text without a risk for our time."""
    return len(pattern) <= _LONGEST_TEXT and not _REPEATED_GROUP.search(pattern)


def fits(value: Json, schema: Object, definitions: Mapping[str, Node], depth: int = 0) -> bool:
    """
    Tell whether a value surely is what a schema of the output asks for; where that is hard to tell, it is not.

    >>> fits(3, {"type": "integer", "maximum": 2}, {}), fits([1], {"type": "array", "items": {}}, {})
    (False, True)
    """
    reference = schema.get("$ref")
    if isinstance(reference, str) and depth <= _DEEPEST:
        return fits(value, definitions.get(reference.rpartition("/")[2], {}), definitions, depth + 1)
    if value is None or depth > _DEEPEST or not _is_listed(value, schema):
        return False
    if isinstance(value, dict):
        return _object_fits(value, schema, definitions, depth)
    if isinstance(value, list):
        return _array_fits(value, schema, definitions, depth)
    if isinstance(value, str):
        return _text_fits(value, schema)
    return isinstance(value, bool) or _number_fits(value, schema)


def _is_listed(value: Json, schema: Object) -> bool:
    """Tell whether a value has the type of a schema, and is one of its values."""
    kind, allowed = schema.get("type"), schema.get("enum")
    if isinstance(kind, str) and not (kind in TYPES and TYPES[kind](value)):
        return False
    return not isinstance(allowed, list) or key_of(value) in {key_of(one) for one in allowed}


def _object_fits(value: Object, schema: Object, definitions: Mapping[str, Node], depth: int) -> bool:
    properties, required = as_object(schema.get("properties")), schema.get("required")
    if isinstance(required, list) and not all(name in value for name in required):
        return False
    if len(value) > _MOST_ITEMS or not _between(len(value), schema, "minProperties", "maxProperties"):
        return False
    rest = schema.get("additionalProperties", True)
    for name, one in value.items():
        known = properties.get(name, rest)
        if known is False or not (known is True or fits(one, as_object(known), definitions, depth + 1)):
            return False
    return True


def _array_fits(value: list[Json], schema: Object, definitions: Mapping[str, Node], depth: int) -> bool:
    if len(value) > _MOST_ITEMS or not _between(len(value), schema, "minItems", "maxItems"):
        return False
    if schema.get("uniqueItems") and len(distinct(value)) < len(value):
        return False
    return all(fits(one, as_object(schema.get("items")), definitions, depth + 1) for one in value)


def _text_fits(value: str, schema: Object) -> bool:
    pattern, form = schema.get("pattern"), schema.get("format")
    if isinstance(pattern, str) and not (
        len(value) <= _LONGEST_TEXT and is_quick(pattern) and re.search(pattern, value)
    ):
        return False
    if isinstance(form, str) and form in _TEXTS and not _TEXTS[form](value):
        return False
    return _between(len(value), schema, "minLength", "maxLength")


def _number_fits(value: Json, schema: Object) -> bool:
    if not isinstance(value, (int, float)) or not is_number(value):
        return False
    step, limit = schema.get("multipleOf"), _RANGES.get(str(schema.get("format")))
    if step is not None and not (isinstance(step, int) and isinstance(value, int) and value % step == 0):
        return False
    if limit and not -limit <= value < limit:
        return False
    low, high = schema.get("minimum"), schema.get("maximum")
    if (value == low and schema.get("exclusiveMinimum")) or (value == high and schema.get("exclusiveMaximum")):
        return False
    return _between(value, schema, "minimum", "maximum")


def _between(value: float, schema: Object, least: str, most: str) -> bool:
    low, high = schema.get(least), schema.get(most)
    return not (isinstance(low, (int, float)) and value < low) and not (isinstance(high, (int, float)) and value > high)
