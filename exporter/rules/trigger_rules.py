"""Rules about triggers: webhooks that register with the API, and what it sends back."""

from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.references import children, follow
from exporter.rules.rows import WARNING, Hit, Operation, Rule, Scene, Spot

_URL = "x-ms-notification-url"
_TRIGGERS = frozenset(("single", "batch"))


def _unknown_trigger(spot: Spot) -> Iterator[Hit]:
    value = spot.thing["x-ms-trigger"]
    if not isinstance(value, str) or value not in _TRIGGERS:
        yield Hit(("x-ms-trigger",), str(value))


def _is_webhook(operation: Operation) -> bool:
    """Tell a webhook (the API is asked to call back) from polling: `single`, and more than a GET."""
    return operation.body.get("x-ms-trigger") == "single" and operation.method != "get"


def _takes_url(scene: Scene, operation: Operation) -> bool:
    """Tell whether the operation's body has a property for the address to call back."""
    roots = [(*one.target, "schema") for one in operation.parameters]
    return any(scene.weights[root].notifies for root in roots if root in scene.weights)


def _without_url(spot: Spot) -> Iterator[Hit]:
    for operation in spot.scene.operations:
        if (
            _is_webhook(operation)
            and "x-ms-notification" not in operation.body
            and not _takes_url(spot.scene, operation)
        ):
            yield Hit(operation.pointer)


def _without_content(spot: Spot) -> Iterator[Hit]:
    for operation in spot.scene.operations:
        if _is_webhook(operation):
            item = as_object(as_object(spot.thing.get("paths")).get(operation.path))
            if "x-ms-notification-content" not in item:
                yield Hit(operation.pointer)


def _notification_without_trigger(spot: Spot) -> Iterator[Hit]:
    if "x-ms-trigger" not in spot.thing:
        yield Hit(("x-ms-notification",))


def _notification_in_webhook(spot: Spot) -> Iterator[Hit]:
    for operation in spot.scene.operations:
        if "x-ms-notification" in operation.body and _takes_url(spot.scene, operation):
            yield Hit((*operation.pointer, "x-ms-notification"))


def _notification_of_other(spot: Spot) -> Iterator[Hit]:
    target = spot.scene.by_id.get(as_text(as_object(spot.thing["x-ms-notification"]).get("operationId")))
    if target is not None and not _is_webhook(target):
        yield Hit(("x-ms-notification",), as_text(target.body.get("operationId")))


def _url_elsewhere(spot: Spot) -> Iterator[Hit]:
    asked = spot.side == "body" or (spot.side == "definition" and spot.pointer[1] in spot.scene.requested())
    if not asked:
        yield Hit((_URL,))


def _url_not_text(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("type", "string") != "string":
        yield Hit((_URL,))


class _Way(NamedTuple):
    """A schema that may lead to the property, and what was met on the way to it."""

    schema: Object
    pointer: Pointer
    optional: str = ""
    """The first property on the way that may be left out."""
    hidden: bool = False


def _urls(spot: Spot) -> Iterator[_Way]:
    """
    Give every property for the address to call back that a body leads to, references followed.

    A definition is looked into once for each thing that can be met on the way to it: linear, whatever refers to what.
    """
    scene = spot.scene
    bodies = {(*one.target, "schema"): one.body.get("schema") for each in scene.operations for one in each.parameters}
    waiting = [
        _Way(as_object(schema), pointer)
        for pointer, schema in bodies.items()
        if pointer in scene.weights and scene.weights[pointer].notifies
    ]
    seen: set[tuple[str, bool, bool]] = set()
    while waiting:
        way = waiting.pop()
        schema = way.schema
        if _URL in schema:
            yield way
        reference = schema.get("$ref")
        if isinstance(reference, str):
            name, target = follow(scene.document, reference, "definitions")
            state = (name, bool(way.optional), way.hidden)
            if state not in seen and isinstance(target, dict) and scene.weights["definitions", name].notifies:
                seen.add(state)
                waiting.append(way._replace(schema=target, pointer=("definitions", name)))
            continue
        waiting.extend(_inside(way))


def _inside(way: _Way) -> Iterator[_Way]:
    required = {name for name in as_list(way.schema.get("required")) if isinstance(name, str)}
    for tail, child in children(way.schema):
        optional, hidden = way.optional, way.hidden
        if tail[0] == "properties":
            optional = optional or ("" if tail[1] in required else tail[1])
            hidden = hidden or child.get("x-ms-visibility") == "internal"
        yield _Way(child, way.pointer + tail, optional, hidden)


def _url_optional(spot: Spot) -> Iterator[Hit]:
    found = {way.pointer: way.optional for way in _urls(spot) if way.optional}
    for pointer, name in found.items():
        yield Hit((*pointer, _URL), name)


def _url_shown(spot: Spot) -> Iterator[Hit]:
    for pointer in dict.fromkeys(way.pointer for way in _urls(spot) if not way.hidden):
        yield Hit((*pointer, _URL))


# fmt: off
RULES = (
    Rule("trigger-value", WARNING, "operation", "x-ms-trigger", _unknown_trigger, "`{}` is not a kind of trigger.", "Use `single` for a webhook or `batch` for polling."),
    Rule("webhook-operations-missing-notification-url-property", WARNING, "whole", "", _without_url, "The trigger's body has no place for the address that the API is to call back.", "Mark a text property of the body with `x-ms-notification-url: true`."),
    Rule("operation-must-have-notification-content-extension", WARNING, "whole", "", _without_content, "The trigger does not say what the API sends when it calls back, so makers see no outputs.", "Add `x-ms-notification-content` beside the operation, in its path."),
    Rule("notification-extension-supported-for-trigger-only", WARNING, "operation", "x-ms-notification", _notification_without_trigger, "Only triggers can have `x-ms-notification`.", "Remove it, or add `x-ms-trigger`."),
    Rule("notification-extension-not-supported-in-webhook-operation", WARNING, "whole", "", _notification_in_webhook, "A webhook cannot name another webhook.", "Remove `x-ms-notification`; it belongs to the operation that fetches what the webhook announces."),
    Rule("notification-operation-must-be-webhook", WARNING, "operation", "x-ms-notification", _notification_of_other, "The operation `{}`, which is to register the trigger, is no webhook.", "Name an operation with `x-ms-trigger: single` and a property for the address to call back."),
    Rule("notification-url-not-allowed-in-this-position", WARNING, "schema parameter", _URL, _url_elsewhere, "The address to call back can only be asked for in a request's body.", "Move the mark to a property of the body."),
    Rule("notification-url-not-string", WARNING, "schema", _URL, _url_not_text, "The property for the address to call back is not a text.", "Set `type: string`."),
    Rule("notification-url-not-required", WARNING, "whole", "", _url_optional, "The property for the address to call back may be left out: `{}` is not required.", "List it under `required`, and so everything that it stands in."),
    Rule("notification-url-not-internal", WARNING, "whole", "", _url_shown, "Makers see the property for the address to call back, which the platform fills in.", "Add `x-ms-visibility: internal`."),
)
# fmt: on
