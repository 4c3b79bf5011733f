"""Callbacks: an operation that subscribes to exactly one, by an address in its body, is a webhook trigger."""

import re
from typing import NamedTuple

from exporter.conversion.media import best
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.schemas import Schemas
from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.model.pointers import Pointer, parse_pointer

_IN_BODY = re.compile(r"\{\$request\.body#(/[^{}]+)\}")
_DEEPEST = 10


class Trigger(NamedTuple):
    """What makes an operation a webhook trigger."""

    body: Node
    """The body parameter of the operation, its address marked for the platform."""
    notification: Node
    """`x-ms-notification-content` of the path."""


def trigger(schemas: Schemas, callbacks: Json, where: Pointer, body: Node | None) -> Trigger | None:
    """
    Make a trigger of the callbacks of an operation, where they are unambiguous; None where they are not.

    Follows https://learn.microsoft.com/en-us/connectors/custom-connectors/create-webhook-trigger.
    """
    if body is None or len(as_object(callbacks)) != 1:
        return None
    (name, written), *_ = as_object(callbacks).items()
    target = schemas.draft.references.resolve(written, (*where, name))
    expressions = {k: v for k, v in as_object(target.value if target else None).items() if not k.startswith("x-")}
    if target is None or len(expressions) != 1:
        return None
    (expression, item), *_ = expressions.items()
    match = _IN_BODY.fullmatch(expression)
    if match is None or list(as_object(item)) != ["post"]:
        return None
    post = as_object(as_object(item)["post"])
    notification = _notification(schemas, post, (*target.pointer, expression, "post"))
    schema = body["schema"]
    marked = _marked(schemas, schema, parse_pointer(match[1])) if isinstance(schema, Node) else None
    if marked is None or notification is None:
        return None
    changed = Node(body.origin, {**body, "schema": marked, "required": True})
    changed.moved = dict(body.moved)
    return Trigger(changed, notification)


def written_notification(schemas: Schemas, written: Json, where: Pointer) -> Node | None:
    """Convert an `x-ms-notification-content` of the author; None where it describes nothing."""
    body = as_object(written)
    if "schema" not in body:
        return None
    node = Node(where, {"description": body["description"]} if isinstance(body.get("description"), str) else {})
    node["schema"] = schemas.convert(body["schema"], (*where, "schema"))
    node.update(schemas.draft.extensions(body, where))
    return node


def _notification(schemas: Schemas, post: Object, where: Pointer) -> Node | None:
    target = schemas.draft.references.resolve(post.get("requestBody"), (*where, "requestBody"))
    body = as_object(target.value) if target else {}
    content = as_object(body.get("content"))
    if target is None or not content:
        return None
    chosen = best(content, response=True)
    place = (*target.pointer, "content", chosen, "schema")
    node = Node(target.pointer)
    description = body.get("description") or post.get("description") or post.get("summary")
    if isinstance(description, str):
        node["description"] = description
    node["schema"] = schemas.convert(as_object(content[chosen]).get("schema", {}), place)
    return node


def _marked(schemas: Schemas, schema: Node, path: Pointer, depth: int = 0) -> Node | None:
    """
    Mark the property that takes the platform's address: required all the way, a text, and hidden from makers.

    Definitions on the way are copied: in a response of another operation the mark is not allowed.
    """
    content = schemas.resolved(schema)
    if not path:
        if content.get("type", "string") != "string" or reference_of(content):
            return None
        marked = Node(schema.origin)
        for key in content:
            marked.take(key, content)
        marked.update({"type": "string", "x-ms-notification-url": True, "x-ms-visibility": "internal"})
        return marked
    properties = as_object(content.get("properties"))
    child = properties.get(path[0])
    inner = _marked(schemas, child, path[1:], depth + 1) if isinstance(child, Node) and depth < _DEEPEST else None
    if inner is None:
        return None
    copy = Node(schema.origin)
    for key in content:
        copy.take(key, content)
    copy["properties"] = {**properties, path[0]: inner}
    copy["required"] = list(dict.fromkeys((*as_list(content.get("required")), path[0])))
    return copy.sealed()
