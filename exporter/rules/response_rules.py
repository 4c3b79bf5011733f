"""Rules about responses: their codes, schemas, headers and examples."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.rules.operation_rules import consumed
from exporter.rules.references import follow
from exporter.rules.rows import ERROR, NOTICE, WARNING, Hit, Rule, Spot, tail_to

_CODE = re.compile(r"[1-5][0-9][0-9]|default")


def _responses(spot: Spot) -> Iterator[tuple[str, Object]]:
    for code, listed in as_object(spot.thing.get("responses")).items():
        if isinstance(listed, dict) and not code.startswith("x-"):
            reference = as_text(listed.get("$ref"))
            target: Json = follow(spot.scene.document, reference, "responses")[1] if reference else listed
            yield code, as_object(target)


def _none(spot: Spot) -> Iterator[Hit]:
    responses = spot.thing.get("responses")
    if responses is None or (isinstance(responses, dict) and not any(not key.startswith("x-") for key in responses)):
        yield Hit(tail_to(spot.thing, "responses"))


def _odd_codes(spot: Spot) -> Iterator[Hit]:
    for code in as_object(spot.thing["responses"]):
        if not code.startswith("x-") and not _CODE.fullmatch(code):
            yield Hit(("responses", code), code)


def _without_success(spot: Spot) -> Iterator[Hit]:
    codes = [code for code, _ in _responses(spot)]
    if codes and not any(code.startswith("2") for code in codes):
        yield Hit(("responses",))


def _several_schemas(spot: Spot) -> Iterator[Hit]:
    codes = [code for code, response in _responses(spot) if code.startswith("2") and "schema" in response]
    if len(codes) > 1:
        yield Hit(("responses",), ", ".join(codes))


def _default_schema(spot: Spot) -> Iterator[Hit]:
    for code, response in _responses(spot):
        if code == "default" and "schema" in response:
            yield Hit(("responses", "default"))


def _without_output(spot: Spot) -> Iterator[Hit]:
    responses = dict(_responses(spot))
    if spot.thing.get("x-ms-trigger") == "single" or spot.thing.get("x-ms-visibility") == "internal":
        return
    shown = [responses[code] for code in ("200", "201") if code in responses]
    if shown and not any("schema" in response for response in shown):
        yield Hit(("responses",))


def _same_headers(spot: Spot) -> Iterator[Hit]:
    seen: set[str] = set()
    for name in as_object(spot.thing["headers"]):
        if name.lower() in seen:
            yield Hit(("headers", name), name)
        seen.add(name.lower())


def _foreign_examples(spot: Spot) -> Iterator[Hit]:
    produced = consumed(spot, "produces")
    if produced:
        for code, response in as_object(spot.thing["responses"]).items():
            for kind in as_object(as_object(response).get("examples")):
                if kind.split(";")[0].strip().lower() not in produced:
                    yield Hit(("responses", code, "examples", kind), kind)


# fmt: off
RULES = (
    Rule("operation-must-have-response", WARNING, "operation", "", _none, "The operation has no responses.", "Add at least the one for success."),
    Rule("response-must-be-default-or-http-status-code", ERROR, "operation", "responses", _odd_codes, "`{}` is not a status code.", "Write a code of three digits such as 200, or `default`; ranges such as 2XX are not known here."),
    Rule("operation-should-have-successful-response", NOTICE, "operation", "responses", _without_success, "No response of the operation stands for success.", "Add the one that a good call gets, for example 200."),
    Rule("operation-has-many-responses-with-schema", NOTICE, "operation", "responses", _several_schemas, "Several responses for success have a schema ({}); makers see the first only.", "Keep the schema of one of them."),
    Rule("default-response-has-schema", NOTICE, "operation", "responses", _default_schema, "The default response has a schema, which certification does not allow.", "Write the schema at the responses that it belongs to."),
    Rule("schema-definition-set-incorrectly", NOTICE, "operation", "responses", _without_output, "The response for success has no schema, so makers see no outputs.", "Add a `schema` if the operation gives something back."),
    Rule("response-headers-are-not-unique", WARNING, "response", "headers", _same_headers, "The header `{}` is listed more than once.", "Keep one of them; case makes no difference."),
    Rule("response-example-must-be-produced-by-operation", WARNING, "operation", "responses", _foreign_examples, "There is an example for `{}`, which the operation does not produce.", "Add the media type to `produces`, or remove the example."),
)
# fmt: on
