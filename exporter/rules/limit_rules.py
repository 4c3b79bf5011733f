"""Rules about size: what Power Platform counts, and how much of it it takes."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_pieces import compact_pieces
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.walk import look_up
from exporter.rules.references import children, follow
from exporter.rules.rows import ERROR, NOTICE, WARNING, Hit, Operation, Rule, Scene, Spot

MOST_BYTES = 1_048_575
MOST_CHARACTERS = 500_000
MOST_OPERATIONS = 256
MOST_SCHEMAS_IN_BODY = 512
MOST_SCHEMAS_IN_OPERATION = 16_384
DEEPEST = 30
OVER_LIMITS = frozenset(
    (
        "definition-size",
        "definition-size-dataverse",
        "total-operations-count-exceeds-max-allowed",
        "body-schema-count-exceeds-max-allowed",
        "operation-schema-count-exceeds-max-allowed",
    )
)
"""Rules that leaving out operations can mend."""
_UNTOLD = 1_000_000
_NAMED = 3
_LONGEST_NAME = 30
_MOST_HOPS = 10
_MOST_DESCRIBED = 50


def sizes(document: Object) -> tuple[int, int]:
    """
    Give bytes and characters of a definition as it is sent: JSON without layout; zeros where it is too deep to tell.

    >>> sizes({"a": "é"})
    (10, 9)
    """
    bytes_sent = characters = 0
    try:
        for piece in compact_pieces(document):
            bytes_sent += len(piece) if piece.isascii() else len(piece.encode("utf-8", "replace"))
            characters += len(piece)
    except (RecursionError, ValueError, TypeError):
        return 0, 0
    return bytes_sent, characters


def _too_many_bytes(spot: Spot) -> Iterator[Hit]:
    if spot.scene.bytes_sent > MOST_BYTES:
        yield Hit((), f"{spot.scene.bytes_sent:,} bytes as it is sent{_largest(spot.scene, of_size=True)}")


def _too_many_characters(spot: Spot) -> Iterator[Hit]:
    if spot.scene.characters_sent > MOST_CHARACTERS:
        yield Hit((), f"{spot.scene.characters_sent:,} characters{_largest(spot.scene, of_size=True)}")


def _too_many_operations(spot: Spot) -> Iterator[Hit]:
    count = len(spot.scene.operations)
    if count > MOST_OPERATIONS:
        yield Hit(("paths",), f"{count} operations{_largest(spot.scene, of_size=False)}")


def _largest(scene: Scene, *, of_size: bool) -> str:
    """Say which tags (or first parts of paths, where there are none) hold the most: what to filter away to fit."""
    groups: dict[str, int] = {}
    for operation in scene.operations:
        tag = next((as_text(tag) for tag in as_list(operation.body.get("tags"))), "")
        name = tag or "/" + operation.path.strip("/").partition("/")[0]
        groups[name] = groups.get(name, 0) + (scene.characters(operation) if of_size else 1)
    most = sorted(groups.items(), key=lambda group: -group[1])[:_NAMED]
    told = [f"`{name[:_LONGEST_NAME]}` {f'{-(-size // 1024):,} KB' if of_size else size}" for name, size in most]
    return f" ({'largest' if of_size else 'most'}: {', '.join(told)})" if len(groups) > 1 else ""


def _no_operations(spot: Spot) -> Iterator[Hit]:
    if "paths" in spot.thing and not spot.scene.operations:
        yield Hit(("paths",))


def _told(count: int) -> str:
    return f"{count:,}" if count <= _UNTOLD else f"more than {_UNTOLD:,}"


def _too_many_in_body(spot: Spot) -> Iterator[Hit]:
    known: dict[int, str] = {}
    for pointer, weight in spot.scene.weights.items():
        if weight.schemas > MOST_SCHEMAS_IN_BODY:
            most = _most(spot.scene, pointer, known) if len(known) < _MOST_DESCRIBED else ""
            yield Hit(pointer, f"{_told(weight.schemas)} schemas{most}")


def _most(scene: Scene, pointer: Pointer, known: dict[int, str]) -> str:
    schema = _with_properties(scene, as_object(look_up(scene.document, pointer)[1]))
    if id(schema) not in known:
        known[id(schema)] = _heaviest(scene, schema)
    return known[id(schema)]


def _with_properties(scene: Scene, schema: Object) -> Object:
    """Give the object that a schema is, or refers to, or is a list of."""
    for _ in range(_MOST_HOPS):
        inner = schema.get("items")
        if isinstance(schema.get("$ref"), str):
            schema = as_object(follow(scene.document, as_text(schema["$ref"]), "definitions")[1])
        elif isinstance(inner, dict) and "properties" not in schema:
            schema = inner
    return schema


def _heaviest(scene: Scene, schema: Object) -> str:
    """Say which of its properties hold the most: what to leave out to fit."""
    held = {name: _held(scene, one) for name, one in as_object(schema.get("properties")).items()}
    most = sorted(held.items(), key=lambda one: -one[1])[:_NAMED]
    told = ", ".join(f"`{name[:_LONGEST_NAME]}` {_told(count)}" for name, count in most)
    return f" (most: {told})" if len(held) > 1 else ""


def _held(scene: Scene, schema: Json) -> int:
    """Count the schemas in one, those behind its references as far as they were weighed."""
    count, waiting = 0, [as_object(schema)]
    while waiting:
        one = waiting.pop()
        reference = one.get("$ref")
        if isinstance(reference, str):
            weight = scene.weights.get(("definitions", follow(scene.document, reference, "definitions")[0]))
            count += weight.schemas if weight else 1
        else:
            count += 1
            waiting.extend(child for _, child in children(one))
    return count


def _too_deep(spot: Spot) -> Iterator[Hit]:
    for pointer, weight in spot.scene.weights.items():
        if weight.depth > DEEPEST:
            yield Hit(pointer, str(weight.depth))


def _too_many_in_operation(spot: Spot) -> Iterator[Hit]:
    for operation in spot.scene.operations:
        count = sum(spot.scene.weights[pointer].schemas for pointer in _roots(spot.scene, operation))
        if count > MOST_SCHEMAS_IN_OPERATION:
            yield Hit(operation.pointer, _told(count))


def _roots(scene: Scene, operation: Operation) -> Iterator[Pointer]:
    """Give the outermost schemas of an operation: of its parameters and of its responses."""
    for parameter in operation.parameters:
        for key in ("schema", "items"):
            pointer = (*parameter.target, key)
            if pointer in scene.weights:
                yield pointer
    for code, response in as_object(operation.body.get("responses")).items():
        reference = as_text(as_object(response).get("$ref"))
        shared = ("responses", follow(scene.document, reference, "responses")[0])
        pointer = (*(shared if reference else (*operation.pointer, "responses", code)), "schema")
        if pointer in scene.weights:
            yield pointer


def _circles(spot: Spot) -> Iterator[Hit]:
    told: set[tuple[str, ...]] = set()
    for pointer, weight in spot.scene.weights.items():
        if weight.circle and weight.circle not in told and pointer == ("definitions", pointer[-1]):
            told.add(weight.circle)
            yield Hit(pointer, ", ".join(weight.circle))


# fmt: off
RULES = (
    Rule("definition-size", ERROR, "whole", "", _too_many_bytes, "The definition has {}; Power Platform takes fewer than 1,048,576.", "Leave operations out with `include` or `exclude`, or shorten descriptions and examples."),
    Rule("definition-size-dataverse", WARNING, "whole", "", _too_many_characters, "The definition has {}; a connector in a solution holds at most 500,000.", "Leave operations out with `include` or `exclude`, or keep the connector out of solutions."),
    Rule("total-operations-count-exceeds-max-allowed", ERROR, "whole", "", _too_many_operations, "The definition has {}; a connector holds at most 256.", "Leave operations out with `include` or `exclude`, or split the API into several connectors."),
    Rule("operations-required", WARNING, "whole", "", _no_operations, "The definition has no operations; makers would see an empty connector.", "Add at least one operation."),
    Rule("body-schema-count-exceeds-max-allowed", ERROR, "whole", "", _too_many_in_body, "This holds {} once its references are followed; Power Platform takes at most 512.", "Leave out properties that makers do not need (an `overlay` can remove them), or write deep parts as an object without properties."),
    Rule("operation-schema-count-exceeds-max-allowed", ERROR, "whole", "", _too_many_in_operation, "The operation holds {} schemas once references are followed; Power Platform takes at most 16,384.", "Leave out properties or responses that makers do not need."),
    Rule("schema-too-deep", WARNING, "whole", "", _too_deep, "The schema is {} levels deep once its references are followed.", "Make it flatter: Power Apps stops at 30 levels, and the platform refuses schemas beyond a depth that Microsoft does not publish."),
    Rule("pa-recursion", NOTICE, "whole", "", _circles, "Definitions lead back to themselves: {}. Power Apps shows the repeated part as plain text or an untyped table.", "Cut the circle where makers do not need it."),
)
# fmt: on
