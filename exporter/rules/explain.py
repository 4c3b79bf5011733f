"""Explains in plain words where a value does not follow the Swagger 2.0 schema; only imported when something does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias

import jsonschema

from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.shape_rules import named

Said: TypeAlias = tuple[Pointer, str, str]
Explanation: TypeAlias = tuple[Pointer, str, str, str]
"""Where, which rule, what is wrong, what to do."""
_TYPES = {"object": "an object", "array": "an array", "string": "a text", "boolean": "true or false", "number": "a number", "integer": "a whole number", "null": "null"}  # fmt: skip
_MOST_ERRORS = 2_000
"""Of one part; each costs jsonschema tens of kilobytes, and nobody reads the thousandth."""
OTHER = "schema"
"""The rule of what Microsoft has no code for."""
_RULES = {
    "additionalProperties": "additional-property-not-allowed",
    "type": "json-type-incorrect",
    "enum": "json-value-not-in-enum",
    "required": "required-property-missing",
    "uniqueItems": "array-duplicate-value",
}
_SPECIFICATION = "See the Swagger 2.0 specification, or compare with a part of the file that is right."
_BY_PLACE = {
    "header": "headerParameterSubSchema",
    "query": "queryParameterSubSchema",
    "path": "pathParameterSubSchema",
    "formData": "formDataParameterSubSchema",
}
_BY_FLOW = {
    "implicit": "oauth2ImplicitSecurity",
    "password": "oauth2PasswordSecurity",
    "application": "oauth2ApplicationSecurity",
    "accessCode": "oauth2AccessCodeSecurity",
}


def validator(schema: Object, part: str) -> Any:  # noqa: ANN401 - jsonschema's classes are made at run time
    """Give jsonschema's validator for a part of the schema; empty is all of it."""
    whole = dict(schema)
    return jsonschema.Draft4Validator(
        {"$ref": f"#/definitions/{part}", "definitions": whole["definitions"]} if part else whole
    )


def explain(schema: Object, part: str, value: Json) -> Iterator[Explanation]:
    """Say where a value does not follow a part of the schema: the way to the place, what is wrong, what to do."""
    errors = islice(validator(schema, part).iter_errors(value), _MOST_ERRORS)
    yield from sorted({explanation for error in errors for explanation in _explained(error)})


def _explained(error: Any) -> Iterator[Explanation]:  # noqa: ANN401
    if error.validator in {"oneOf", "anyOf"}:
        yield from _one_of(error) if error.validator == "oneOf" else _any_of(error)
        return
    pointer = tuple(str(segment) for segment in error.absolute_path)
    say = _SAY.get(error.validator)
    if say is None:
        yield pointer, OTHER, f"This does not follow the Swagger 2.0 schema (`{error.validator}`).", _SPECIFICATION
    else:
        for tail, message, advice in say(error.instance, error.validator_value, error.schema):
            yield pointer + tail, _RULES.get(error.validator, OTHER), message, advice


def _one_of(error: Any) -> Iterator[Explanation]:  # noqa: ANN401
    """Take the alternative that the author meant, and say what is wrong with that one."""
    pointer = tuple(str(segment) for segment in error.absolute_path)
    if not isinstance(error.instance, dict):
        yield pointer, _RULES["type"], f"This must be an object but is {named(error.instance)}.", _SPECIFICATION
        return
    names = [as_text(branch.get("$ref")).rpartition("/")[2] for branch in error.validator_value]
    meant = _meant(error.instance, names)
    if meant not in names:
        key = meant if meant in error.instance else ""
        what = f"The value of `{meant}` is not one that Swagger 2.0 knows." if key else f"`{meant}` is missing."
        yield (*pointer, key) if key else pointer, _RULES["enum" if key else "required"], what, _SPECIFICATION
        return
    for inner in error.context:
        if inner.schema_path[0] == names.index(meant):
            yield from _explained(inner)


def _any_of(error: Any) -> Iterator[Explanation]:  # noqa: ANN401
    """Take the alternatives for a value of this type, and say what is wrong with those."""
    here = len(error.absolute_path)
    of_other_type = {
        inner.schema_path[0]: inner
        for inner in error.context
        if inner.validator == "type" and len(inner.absolute_path) == here
    }
    if len(of_other_type) == len(error.validator_value):
        kinds = [inner.validator_value for inner in of_other_type.values()]
        for _, message, advice in _say_type(error.instance, kinds, None):
            yield tuple(str(segment) for segment in error.absolute_path), _RULES["type"], message, advice
        return
    for inner in error.context:
        if inner.schema_path[0] not in of_other_type:
            yield from _explained(inner)


def _meant(value: Object, names: list[str]) -> str:
    """
    Give the alternative that a value was meant to be, or the key that does not tell.

    >>> _meant({"in": "query"}, ["headerParameterSubSchema", "queryParameterSubSchema"])
    'queryParameterSubSchema'
    >>> _meant({}, ["headerParameterSubSchema", "queryParameterSubSchema"])
    'in'
    """
    if "jsonReference" in names:
        return "jsonReference" if "$ref" in value else next(name for name in names if name != "jsonReference")
    if "bodyParameter" in names:
        return "bodyParameter" if value.get("in") == "body" else "nonBodyParameter"
    if "queryParameterSubSchema" in names:
        return _BY_PLACE.get(as_text(value.get("in")), "in")
    if "fileSchema" in names:
        return "fileSchema" if value.get("type") == "file" else "schema"
    simple = {"basic": "basicAuthenticationSecurity", "apiKey": "apiKeySecurity"}.get(as_text(value.get("type")))
    return simple or (_BY_FLOW.get(as_text(value.get("flow")), "flow") if value.get("type") == "oauth2" else "type")


def _say_required(instance: Json, wanted: Any, _: Any) -> Iterator[Said]:  # noqa: ANN401
    for key in wanted:
        if key not in as_object(instance):
            yield (), f"`{key}` is missing.", "Add it."


def _say_unknown(instance: Json, _: Any, schema: Any) -> Iterator[Said]:  # noqa: ANN401
    patterns = tuple(as_object(schema.get("patternProperties")))
    for key in as_object(instance):
        if key not in as_object(schema.get("properties")) and not any(re.search(pattern, key) for pattern in patterns):
            yield (key,), f"`{key}` is not known to Swagger 2.0 in this place.", "Remove it or correct its spelling."


def _say_type(instance: Json, wanted: Any, _: Any) -> Iterator[Said]:  # noqa: ANN401
    kinds = wanted if isinstance(wanted, list) else [wanted]
    yield (
        (),
        f"This must be {' or '.join(_TYPES[kind] for kind in kinds)} but is {named(instance)}.",
        "Correct the value.",
    )


def _say_choice(_: Json, wanted: Any, __: Any) -> Iterator[Said]:  # noqa: ANN401
    yield (), f"This must be one of {', '.join(str(choice) for choice in wanted)}.", "Use one of these."


def _say_not(instance: Json, __: Any, ___: Any) -> Iterator[Said]:  # noqa: ANN401
    if instance:
        yield (), "There are only extensions here; something that Swagger 2.0 knows is missing.", _SPECIFICATION


def _saying(message: str, advice: str = _SPECIFICATION) -> Callable[[Json, Any, Any], Iterator[Said]]:
    def say(_: Json, wanted: Any, __: Any) -> Iterator[Said]:  # noqa: ANN401
        yield (), message.format(wanted), advice

    return say


_SAY: Mapping[str, Callable[[Json, Any, Any], Iterator[Said]]] = {
    "required": _say_required,
    "additionalProperties": _say_unknown,
    "type": _say_type,
    "enum": _say_choice,
    "not": _say_not,
    "pattern": _saying("This text does not have the form that it must have (`{}`)."),
    "minItems": _saying("The list is too short: it needs {} or more.", "Add what is missing, or remove the list."),
    "minProperties": _saying(
        "The object has too little in it: it needs {} or more.", "Add what is missing, or remove the object."
    ),
    "uniqueItems": _saying("The list has the same entry twice.", "Keep one of them."),
    "minimum": _saying("The number must be {} or more.", "Correct it."),
}
