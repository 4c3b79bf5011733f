"""Rules about operations: their ids, texts, versions, media types and parameters taken together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.rules.path_rules import VARIABLE
from exporter.rules.rows import ERROR, NOTICE, WARNING, Hit, Operation, Rule, Spot

_LONGEST_ID = 80
_LONGEST_SUMMARY = 80
_CONSUMED = frozenset(("application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"))
_FORMS = frozenset(("multipart/form-data", "application/x-www-form-urlencoded"))
_BODIES = frozenset(("body", "formData"))
_RESTRICTED = re.compile(r"[/\\<>*%&?]")


def sanitised(operation_id: str) -> str:
    """
    Give the name that makers see of an operation in formulas.

    >>> sanitised("get_user-by.id")
    'getuserbyid'
    """
    return re.sub(r"[^A-Za-z0-9]", "", operation_id)


def _operation(spot: Spot) -> Operation:
    assert spot.operation is not None  # noqa: S101 - the walk gives one with every spot of the kind `operation`
    return spot.operation


def _places(spot: Spot) -> list[str]:
    return [as_text(parameter.body.get("in")) for parameter in _operation(spot).parameters]


def _without_id(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("operationId") in (None, ""):
        yield Hit()


def _repeated_id(spot: Spot) -> Iterator[Hit]:
    seen: set[str] = set()
    for operation in spot.scene.operations:
        name = as_text(operation.body.get("operationId"))
        if name and name in seen:
            yield Hit((*operation.pointer, "operationId"), name)
        seen.add(name)


def _unsanitised_id(spot: Spot) -> Iterator[Hit]:
    name = as_text(spot.thing["operationId"])
    if name != sanitised(name):
        yield Hit(("operationId",), f"{name}` as `{sanitised(name)}")


def _long_id(spot: Spot) -> Iterator[Hit]:
    name = as_text(spot.thing["operationId"])
    if len(name) > _LONGEST_ID:
        yield Hit(("operationId",), str(len(name)))


def _missing_texts(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("x-ms-visibility") != "internal":
        for key in ("summary", "description"):
            if not spot.thing.get(key):
                yield Hit((), key)


def _long_summary(spot: Spot) -> Iterator[Hit]:
    summary = as_text(spot.thing["summary"])
    if len(summary) > _LONGEST_SUMMARY:
        yield Hit(("summary",), str(len(summary)))


def _restricted_summary(spot: Spot) -> Iterator[Hit]:
    match = _RESTRICTED.search(as_text(spot.thing["summary"]))
    if match:
        yield Hit(("summary",), match.group())


def _same_summaries(spot: Spot) -> Iterator[Hit]:
    seen: dict[str, str] = {}
    for operation in spot.scene.operations:
        summary = as_text(operation.body.get("summary"))
        if (
            summary
            and operation.body.get("x-ms-visibility") != "internal"
            and operation.body.get("deprecated") is not True
        ):
            name = as_text(operation.body.get("operationId"))
            first = seen.setdefault(summary, name)
            if first != name:
                yield Hit((*operation.pointer, "summary"), first)


def _missing_variables(spot: Spot) -> Iterator[Hit]:
    operation = _operation(spot)
    defined = {as_text(one.body.get("name")) for one in operation.parameters if one.body.get("in") == "path"}
    for name in dict.fromkeys(VARIABLE.findall(operation.path)):
        if name and name not in defined:
            yield Hit((), name)


def _surplus_variables(spot: Spot) -> Iterator[Hit]:
    operation = _operation(spot)
    in_path = set(VARIABLE.findall(operation.path))
    start = len(operation.pointer)
    for parameter in operation.parameters:
        name = as_text(parameter.body.get("name"))
        if parameter.body.get("in") == "path" and name not in in_path:
            own = parameter.pointer[:start] == operation.pointer
            yield Hit(parameter.pointer[start:] if own else (), name)


def _repeated_entries(spot: Spot) -> Iterator[Hit]:
    first: dict[tuple[str, str], Json] = {}
    for index, listed in enumerate(as_list(spot.thing["parameters"])):
        one = as_object(listed)
        name = (as_text(one.get("in")), as_text(one.get("$ref")) or as_text(one.get("name")))
        if name[1] and first.setdefault(name, listed) is not listed and first[name] == listed:
            yield Hit(("parameters", str(index)), name[1])


def _repeated_parameters(spot: Spot) -> Iterator[Hit]:
    operation, seen = _operation(spot), set()
    start = len(operation.pointer)
    for parameter in operation.parameters:
        name, place = as_text(parameter.body.get("name")), as_text(parameter.body.get("in"))
        if parameter.pointer[:start] != operation.pointer or not name or place == "body":
            continue
        if (name, place) in seen and "$ref" not in as_object(
            as_list(spot.thing["parameters"])[int(parameter.pointer[-1])]
        ):
            yield Hit(parameter.pointer[start:], name)
        seen.add((name, place))


def _several_bodies(spot: Spot) -> Iterator[Hit]:
    if _places(spot).count("body") > 1:
        yield Hit()


def _body_and_form(spot: Spot) -> Iterator[Hit]:
    places = _places(spot)
    if "body" in places and "formData" in places:
        yield Hit()


def _body_in_get(spot: Spot) -> Iterator[Hit]:
    if _operation(spot).method in {"get", "head"} and not _BODIES.isdisjoint(_places(spot)):
        yield Hit((), _operation(spot).method.upper())


def consumed(spot: Spot, key: str = "consumes") -> list[str]:
    """Give the media types of an operation, its own or else those of the document, without their parameters."""
    own: Json = spot.thing.get(key, spot.scene.document.get(key))
    return [value.split(";")[0].strip().lower() for value in as_list(own) if isinstance(value, str)]


def _unsupported_types(spot: Spot) -> Iterator[Hit]:
    types = consumed(spot)
    if types and _CONSUMED.isdisjoint(types) and not _BODIES.isdisjoint(_places(spot)):
        yield Hit(("consumes",) if "consumes" in spot.thing else (), types[0])


def _without_types(spot: Spot) -> Iterator[Hit]:
    if not consumed(spot) and not _BODIES.isdisjoint(_places(spot)):
        yield Hit()


def _incompatible_types(spot: Spot) -> Iterator[Hit]:
    types = consumed(spot)
    forms = [one.body for one in _operation(spot).parameters if one.body.get("in") == "formData"]
    if not forms or not types:
        return
    has_file = any(form.get("type") == "file" for form in forms)
    if _FORMS.isdisjoint(types) or (has_file and "multipart/form-data" not in types):
        yield Hit(
            ("consumes",) if "consumes" in spot.thing else (),
            "multipart/form-data" if has_file else "application/x-www-form-urlencoded",
        )


def _binary_in_form(spot: Spot) -> Iterator[Hit]:
    if consumed(spot) == ["application/x-www-form-urlencoded"]:
        for parameter in _operation(spot).parameters:
            if parameter.body.get("in") == "formData" and parameter.body.get("format") == "binary":
                yield Hit((), as_text(parameter.body.get("name")))


# fmt: off
RULES = (
    Rule("operation-id-required", ERROR, "operation", "", _without_id, "The operation has no operationId.", "Add an operationId; Power Platform tells actions apart by it, so keep it from then on."),
    Rule("operation-id-not-unique", ERROR, "whole", "", _repeated_id, "The operationId `{}` is used more than once.", "Rename one of them."),
    Rule("operation-id-sanitized", NOTICE, "operation", "operationId", _unsanitised_id, "Formulas in Power Apps show `{}`.", "Use letters and digits only in new operationIds; renaming an exported one breaks flows.", together=True),
    Rule("operation-id-too-long", WARNING, "operation", "operationId", _long_id, "The operationId has {} characters; no published connector goes beyond 80.", "Shorten it before the first export."),
    Rule("required-property-missing", NOTICE, "operation", "", _missing_texts, "The operation has no {}.", "Add one: makers choose actions by it, and certification asks for it."),
    Rule("operation-summary-too-long", NOTICE, "operation", "summary", _long_summary, "The summary has {} characters; makers see it as a title, best within 80.", "Shorten it and move the rest to `description`."),
    Rule("restricted-characters-in-summary", NOTICE, "operation", "summary", _restricted_summary, "The summary has the character `{}` in it, which certification does not allow.", "Say it in words."),
    Rule("operation-summary-not-unique", NOTICE, "whole", "", _same_summaries, "The operation has the same summary as `{}`; makers cannot tell them apart.", "Say in the summary what differs."),
    Rule("operation-missing-path-parameter", ERROR, "operation", "", _missing_variables, "The path has the variable `{}` but the operation has no such path parameter.", "Add a parameter with this name and `in: path`."),
    Rule("path-parameter-not-defined-in-template", ERROR, "operation", "", _surplus_variables, "The path parameter `{}` is not in the path.", "Put it into the path in braces, or remove it."),
    Rule("operation-parameters-are-not-unique", ERROR, "operation", "parameters", _repeated_entries, "The operation lists `{}` more than once.", "Keep one of them."),
    Rule("operation-parameters-contain-duplicate-parameter", ERROR, "operation", "parameters", _repeated_parameters, "The operation has the parameter `{}` more than once in the same place.", "Keep one of them."),
    Rule("operation-parameters-contain-multiple-body-parameters", ERROR, "operation", "", _several_bodies, "The operation has more than one body.", "Keep one; a request has a single body."),
    Rule("parameter-list-contains-form-data-and-body", ERROR, "operation", "", _body_and_form, "The operation has a body and form fields at once.", "Use one of the two."),
    Rule("body-or-form-data-parameter-in-fetch-operation-not-allowed", WARNING, "operation", "", _body_in_get, "A {} request carries no body.", "Send the values in the query, or use POST."),
    Rule("mime-type-not-supported", NOTICE, "operation", "", _unsupported_types, "The operation takes `{}`, which connectors do not send.", "Offer application/json, text/plain or one of the form types as well."),
    Rule("consumes-missing", NOTICE, "operation", "", _without_types, "The operation sends a body but does not say as what (`consumes`).", "Add `consumes`, once at the top of the document where all operations take the same.", together=True),
    Rule("mime-type-not-compatible-with-request-content-schema-type", WARNING, "operation", "", _incompatible_types, "The operation has form fields but does not say that it takes `{}`.", "Add this media type to `consumes`."),
    Rule("string-binary-not-supported-for-form-url-encoded", WARNING, "operation", "", _binary_in_form, "The field `{}` holds bytes, which an url-encoded form cannot carry.", "Use multipart/form-data and `type: file`."),
)
# fmt: on
