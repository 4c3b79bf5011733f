"""Rules about Microsoft's extensions: their names, their values, and the operations that they call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exporter.model.json_values import Json, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.rows import ERROR, WARNING, Hit, Operation, Rule, Spot

KNOWN = frozenset(
    "x-ms-" + name
    for name in [
        "summary",
        "visibility",
        "url-encoding",
        "api-annotation",
        "operation-context",
        "capabilities",
        "trigger",
        "trigger-hint",
        "trigger-metadata",
        "notification-content",
        "notification-url",
        "notification",
        "dynamic-values",
        "dynamic-list",
        "dynamic-schema",
        "dynamic-properties",
        "dynamic-tree",
        "connector-metadata",
        "pageable",
        "test-value",
        "no-generic-test",
        "safe-operation",
        "enum-values",
        "enum",
        "editor",
        "editor-options",
        "media-kind",
        "localizeDefaultValue",
        "docs",
        "deployment-version",
        "keywords",
        "trigger-value",
        "openai-data",
        "openai-manifest",
        "openai-published-to-copilots",
        "description",
    ]
)
_DYNAMIC = ("x-ms-dynamic-values", "x-ms-dynamic-list", "x-ms-dynamic-schema", "x-ms-dynamic-properties")
_CALLERS = (*_DYNAMIC, "x-ms-notification")
_VISIBILITIES = frozenset(("important", "advanced", "internal", "none"))
_TRIGGERS = frozenset(("single", "batch"))
_EVERYTHING = "document path operation parameter response schema"


def _misspelt(spot: Spot) -> Iterator[Hit]:
    for key in spot.thing:
        if key.startswith("x-ms") and key not in KNOWN:
            near = _nearest(key)
            if near:
                yield Hit((key,), f"{key}` is not known; it looks like `{near}")


def _nearest(key: str) -> str:
    """
    Give the known extension that a name was probably meant to be; empty where none is near.

    >>> _nearest("x-ms-visbility"), _nearest("x-ms-client-name")
    ('x-ms-visibility', '')
    """
    from difflib import get_close_matches

    closest = get_close_matches(key, sorted(KNOWN), 1, 0.9)
    return closest[0] if closest else ""


def _visibility(spot: Spot) -> Iterator[Hit]:
    value = spot.thing["x-ms-visibility"]
    if not isinstance(value, str) or value not in _VISIBILITIES:
        yield Hit(("x-ms-visibility",), str(value))


def _next_link(spot: Spot) -> Iterator[Hit]:
    name = as_object(spot.thing["x-ms-pageable"]).get("nextLinkName")
    if isinstance(name, str) and name not in {"nextLink", "@odata.nextLink"}:
        yield Hit(("x-ms-pageable", "nextLinkName"), name)


def _calls(spot: Spot) -> Iterator[tuple[Pointer, str, Mapping[str, Json]]]:
    """Give the calls of other operations: where, which, and with which parameters."""
    for key in _CALLERS:
        call = as_object(spot.thing.get(key))
        if isinstance(call.get("operationId"), str):
            yield (key,), as_text(call["operationId"]), as_object(call.get("parameters"))
    if spot.kind == "document":
        test = as_object(as_object(spot.thing.get("x-ms-capabilities")).get("testConnection"))
        if isinstance(test.get("operationId"), str):
            yield (
                ("x-ms-capabilities", "testConnection"),
                as_text(test["operationId"]),
                as_object(test.get("parameters")),
            )


def _unknown_operation(spot: Spot) -> Iterator[Hit]:
    for tail, name, _ in _calls(spot):
        if name not in spot.scene.by_id:
            yield Hit((*tail, "operationId"), name)


def _names(operation: Operation) -> frozenset[str]:
    return frozenset(as_text(one.body.get("name")) for one in operation.parameters)


def _unknown_parameter(spot: Spot) -> Iterator[Hit]:
    for tail, name, given in _calls(spot):
        target = spot.scene.by_id.get(name)
        if target is None or not given or tail == ("x-ms-notification",):
            continue
        if any(one.body.get("in") == "body" for one in target.parameters):
            continue
        known = _names(target)
        for parameter in given:
            if parameter.split("/")[-1] not in known:
                yield Hit((*tail, "parameters", parameter), parameter)


def _left_out(spot: Spot) -> Iterator[Hit]:
    for tail, name, given in _calls(spot):
        target = spot.scene.by_id.get(name)
        if target is None or tail == ("x-ms-notification",):
            continue
        passed = {parameter.split("/")[-1] for parameter in given}
        for one in target.parameters:
            body, wanted = one.body, as_text(one.body.get("name"))
            if (
                body.get("required") is True
                and body.get("in") != "body"
                and "default" not in body
                and wanted not in passed
            ):
                yield Hit(tail, wanted)


# fmt: off
RULES = (
    Rule("unknown-ms-extension", WARNING, _EVERYTHING, "", _misspelt, "`{}`.", "Correct the spelling; it has no effect as it is."),
    Rule("visibility-value", WARNING, "operation parameter schema", "x-ms-visibility", _visibility, "`{}` is not a visibility.", "Use `important`, `advanced` or `internal`, in lower case."),
    Rule("invalid-next-link-name-value", WARNING, "operation", "x-ms-pageable", _next_link, "Paging does not work with the property `{}`.", "Name it `nextLink` or `@odata.nextLink`."),
    *(Rule("operation-id-not-found", ERROR, kinds, key, _unknown_operation, "There is no operation `{}`.", "Correct the operationId.") for kinds, key in (("document", "x-ms-capabilities"), ("operation", "x-ms-notification"), ("parameter schema", ""))),
    *(Rule("operation-parameter-name-not-found", WARNING, kinds, key, _unknown_parameter, "The operation that is called has no parameter `{}`.", "Correct the name.") for kinds, key in (("document", "x-ms-capabilities"), ("parameter schema", ""))),
    *(Rule("operation-missing-required-property", WARNING, kinds, key, _left_out, "The operation that is called needs the parameter `{}`, which is not given.", "Add it under `parameters`.") for kinds, key in (("document", "x-ms-capabilities"), ("parameter schema", ""))),
)
# fmt: on
