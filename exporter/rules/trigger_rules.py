"""Rules about triggers: webhooks that register with the API, and what it sends back."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.model.pointers import Pointer
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
    if spot.side not in {"body", "definition"}:
        yield Hit((_URL,))


def _url_not_text(spot: Spot) -> Iterator[Hit]:
    if spot.thing.get("type", "string") != "string":
        yield Hit((_URL,))


def _chain(spot: Spot) -> Iterator[tuple[Json, str, Json]]:
    """Give what the property stands in, from outside to inside: the object, the property's name, the property."""
    value: Json = spot.scene.document
    steps: Pointer = spot.pointer
    for index, segment in enumerate(steps):
        parent = value
        value = as_list(value)[int(segment)] if isinstance(value, list) else as_object(value).get(segment)
        if segment == "properties" and isinstance(value, dict) and index + 1 < len(steps):
            yield parent, steps[index + 1], value.get(steps[index + 1])


def _url_optional(spot: Spot) -> Iterator[Hit]:
    if spot.side == "body":
        for parent, name, _ in _chain(spot):
            if name not in as_list(as_object(parent).get("required")):
                yield Hit((_URL,), name)
                return


def _url_shown(spot: Spot) -> Iterator[Hit]:
    if spot.side == "body" and not any(
        as_text(as_object(prop).get("x-ms-visibility")) == "internal" for _, _, prop in _chain(spot)
    ):
        yield Hit((_URL,))


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
    Rule("notification-url-not-required", WARNING, "schema", _URL, _url_optional, "The property for the address to call back may be left out: `{}` is not required.", "List it under `required`, and so everything that it stands in."),
    Rule("notification-url-not-internal", WARNING, "schema", _URL, _url_shown, "Makers see the property for the address to call back, which the platform fills in.", "Add `x-ms-visibility: internal`."),
)
# fmt: on
