"""Rules about schemas, and about parameters where they describe values the same way."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import as_list, as_object, as_text, is_of_type
from exporter.rules.rows import ERROR, NOTICE, WARNING, Finder, Hit, Rule, Spot, tail_to

_VALUES = "schema parameter"
# What Microsoft's list calls not supported, as far as messages of its validator were seen (allOf, uniqueItems) and
# the editor of the maker portal drops them.
_UNSUPPORTED = ("allOf", "uniqueItems")
_FORMATS = frozenset(
    (
        "",
        "int32",
        "int64",
        "float",
        "double",
        "byte",
        "binary",
        "date",
        "date-time",
        "password",
        "date-no-tz",
        "email",
        "html",
        "uri",
        "uuid",
        "decimal",
        "enum",
        "guid",
        "number",
        "integer",
        "currency",
        "unixtime",
        "uint64",
    )
)


def _below_zero(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        value = spot.thing[key]
        if isinstance(value, int | float) and value < 0:
            yield Hit((key,), f"{key}` is {value}")

    return finder


def _crossed(low: str, high: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        least, most = spot.thing[low], spot.thing.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield Hit((low,), f"{low}` is {least} and `{high}` is {most}")

    return finder


def _alone(key: str, needed: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        if spot.thing[key] is True and needed not in spot.thing:
            yield Hit((key,))

    return finder


def _multiple_of(spot: Spot) -> Iterator[Hit]:
    value = spot.thing["multipleOf"]
    if isinstance(value, int | float) and value <= 0:
        yield Hit(("multipleOf",), str(value))


def _array_without_items(spot: Spot) -> Iterator[Hit]:
    if "items" not in spot.thing:
        yield Hit()


def _empty(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        if spot.thing[key] == []:
            yield Hit((key,))

    return finder


def _undefined_required(spot: Spot) -> Iterator[Hit]:
    schema = spot.thing
    properties = schema.get("properties")
    composed = "allOf" in schema or spot.pointer[-2:-1] == ("allOf",)  # another part may define it
    if not isinstance(properties, dict) or composed or schema.get("additionalProperties"):
        return
    for index, name in enumerate(as_list(schema["required"])):
        if isinstance(name, str) and name not in properties:
            yield Hit(("required", str(index)), name)


def _required_elsewhere(spot: Spot) -> Iterator[Hit]:
    if isinstance(spot.thing["required"], list) and as_text(spot.thing.get("type")) not in {"object", ""}:
        yield Hit(("required",), as_text(spot.thing["type"]))


def _repeated(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        values = as_list(spot.thing[key])
        if set(map(type, values)) <= {str} and len(set(values)) == len(values):
            return
        seen: set[str] = set()
        for index, value in enumerate(values):
            text = f"{type(value).__name__} {value}" if isinstance(value, str | int | float) else ""
            if text and text in seen:
                yield Hit((key, str(index)), str(value))
            seen.add(text)

    return finder


def _wrong_default(spot: Spot) -> Iterator[Hit]:
    kind = as_text(spot.thing.get("type"))
    if not is_of_type(spot.thing["default"], kind):
        yield Hit(("default",), kind)


def _wrong_enum(spot: Spot) -> Iterator[Hit]:
    kind = as_text(spot.thing.get("type"))
    for index, value in enumerate(as_list(spot.thing["enum"])):
        if not is_of_type(value, kind):
            yield Hit(("enum", str(index)), kind)


def _discriminator(spot: Spot) -> Iterator[Hit]:
    name, schema = as_text(spot.thing["discriminator"]), spot.thing
    prop = as_object(as_object(schema.get("properties")).get(name))
    if name not in as_list(schema.get("required")) or prop.get("type", "string") != "string":
        yield Hit(("discriminator",), name)


def _unsupported_keyword(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        if spot.thing[key]:
            yield Hit((key,), key)

    return finder


def _unknown_format(spot: Spot) -> Iterator[Hit]:
    value = spot.thing["format"]
    if isinstance(value, str) and value not in _FORMATS and spot.thing.get("type") in ("string", None):
        yield Hit(("format",), value)


def _bytes_inside(spot: Spot) -> Iterator[Hit]:
    sent = spot.side == "body" or (spot.side == "definition" and spot.pointer[1] in spot.scene.requested())
    if sent and spot.thing is not spot.root and spot.thing.get("type") == "string":
        yield Hit(("format",))


def _file_inside(spot: Spot) -> Iterator[Hit]:
    if spot.side != "response" or spot.thing is not spot.root:
        yield Hit(("type",))


def _repeated_pairs(spot: Spot) -> Iterator[Hit]:
    seen: set[str] = set()
    for index, entry in enumerate(as_list(spot.thing["x-ms-enum-values"])):
        value = str(as_object(entry).get("value"))
        if value in seen:
            yield Hit(("x-ms-enum-values", str(index)), value)
        seen.add(value)


def _foreign_pairs(spot: Spot) -> Iterator[Hit]:
    known = {str(value) for value in as_list(spot.thing.get("enum"))}
    for index, entry in enumerate(as_list(spot.thing["x-ms-enum-values"])):
        value = str(as_object(entry).get("value"))
        if known and value not in known:
            yield Hit(("x-ms-enum-values", str(index), *tail_to(as_object(entry), "value")), value)


def _unnamed_pairs(spot: Spot) -> Iterator[Hit]:
    for index, entry in enumerate(as_list(spot.thing["x-ms-enum-values"])):
        if not as_object(entry).get("displayName"):
            yield Hit(("x-ms-enum-values", str(index)))


def _editor(spot: Spot) -> Iterator[Hit]:
    schema = spot.thing
    if schema["x-ms-editor"] == "dictionary" and not (
        schema.get("type") == "object" and schema.get("additionalProperties")
    ):
        yield Hit(("x-ms-editor",))


# fmt: off
_PAIRS = (("minItems", "maxItems"), ("minLength", "maxLength"), ("minimum", "maximum"))
_KEBAB = {"minItems": "min-items", "maxItems": "max-items", "minLength": "min-length", "maxLength": "max-length", "minProperties": "min-properties", "maxProperties": "max-properties", "minimum": "minimum", "maximum": "maximum"}
RULES = (
    *(Rule(f"{_KEBAB[key]}-must-be-greater-than-or-equal-to-zero", ERROR, _VALUES, key, _below_zero(key), "`{}, which is below zero.", "Write zero or more.") for key in ("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties")),
    *(Rule(f"{_KEBAB[low]}-should-be-less-than-or-equal-to-{'' if low == 'minimum' else 'max-'}{high.removeprefix('max').lower() if low != 'minimum' else high}", WARNING, _VALUES, low, _crossed(low, high), "No value fits: `{}.", "Exchange them or correct one.") for low, high in _PAIRS),
    *(Rule(f"exclusive-{key}-requires-{key}", WARNING, _VALUES, f"exclusive{key.title()}", _alone(f"exclusive{key.title()}", key), f"`exclusive{key.title()}` stands without `{key}`.", f"Add `{key}`, or remove it.") for key in ("maximum", "minimum")),
    Rule("multiple-of-must-be-greater-than-zero", ERROR, _VALUES, "multipleOf", _multiple_of, "`multipleOf` is {}.", "Write a number above zero."),
    Rule("array-has-no-items", WARNING, _VALUES, "type", _array_without_items, "The array does not say what its items are.", "Add `items`.", value="array"),
    Rule("required-property-array-empty", ERROR, "schema", "required", _empty("required"), "The list `required` is empty.", "Remove it."),
    Rule("enum-must-contain-at-least-one-element", ERROR, _VALUES, "enum", _empty("enum"), "The list `enum` is empty.", "Add the values, or remove it."),
    Rule("required-property-definition-missing", ERROR, "schema", "required", _undefined_required, "The property `{}` is required but not defined.", "Define it under `properties`, or take it off the list."),
    Rule("required-property-not-on-object", WARNING, "schema", "required", _required_elsewhere, "A schema of type {} cannot require properties.", "Remove `required`."),
    *(Rule("array-duplicate-value", WARNING, "schema" if key == "required" else _VALUES, key, _repeated(key), "The value `{}` is listed more than once.", "Keep one of them.") for key in ("required", "enum")),
    Rule("default-value-must-match-type", WARNING, _VALUES, "default", _wrong_default, "The default is not of the type {}.", "Write the default as a value of that type, or remove it."),
    Rule("invalid-enum-value", WARNING, _VALUES, "enum", _wrong_enum, "A value of the enum is not of the type {}.", "Write it as a value of that type, or remove it."),
    Rule("discriminator-must-be-a-required-string-property", WARNING, "schema", "discriminator", _discriminator, "The discriminator `{}` is not a required text property of the schema.", "Define and require it as a text."),
    *(Rule("swagger-keyword-not-supported", WARNING, "schema", key, _unsupported_keyword(key), "Power Platform does not understand `{}`; the designer and Power Apps leave out what it says.", "Write the properties out, or remove it.") for key in _UNSUPPORTED),
    Rule("unrecognized-type-format", NOTICE, _VALUES, "format", _unknown_format, "The format `{}` means nothing to Power Platform.", "Remove it, or use a known one such as `date-time` or `uuid`."),
    Rule("invalid-string-binary-property", WARNING, "schema", "format", _bytes_inside, "Bytes can only be a body as a whole or a form field, not a part of a body.", "Use the format `byte` (base64), or send a file as a form field.", value="binary"),
    Rule("schema-type-file-not-valid", WARNING, "schema", "type", _file_inside, "Only a response as a whole, or a form field, can be a file.", "Use a text of format `binary` or `byte` here.", value="file"),
    Rule("duplicate-enum-values-in-extension", WARNING, _VALUES, "x-ms-enum-values", _repeated_pairs, "The value `{}` has more than one display name.", "Keep one of them."),
    Rule("invalid-enum-values-extension-value", WARNING, _VALUES, "x-ms-enum-values", _foreign_pairs, "The value `{}` is not in `enum`.", "Add it there, or remove its display name."),
    Rule("missing-enum-values-display-name", WARNING, _VALUES, "x-ms-enum-values", _unnamed_pairs, "A value has no display name.", "Add `displayName`."),
    Rule("invalid-custom-editor-extension-dictionary-value", WARNING, "schema", "x-ms-editor", _editor, "The dictionary editor needs an object that takes any property.", "Set `type: object` and `additionalProperties`, or remove `x-ms-editor`."),
)
# fmt: on
