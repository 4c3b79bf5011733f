"""Walks through a connector definition once and hands every thing in it to whoever asks."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple, TypeVar

from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import SWAGGER_METHODS
from exporter.rules.limit_rules import sizes
from exporter.rules.references import HOLDING, children, follow
from exporter.rules.rows import Operation, Parameter, Scene, Spot
from exporter.rules.sizes import Tally, weights

Worked = TypeVar("Worked")


def survey(document: Object, bytes_sent: int, characters_sent: int) -> Scene:
    """Gather what finders need to know of the document as a whole; linear, references followed one step."""
    operations = tuple(_operations(document))
    by_id = {as_text(operation.body.get("operationId")): operation for operation in operations}
    by_id.pop("", None)
    definitions = as_object(document.get("definitions"))
    requested = cache(lambda: _requested(document, operations))
    return Scene(
        document,
        operations,
        by_id,
        definitions,
        {},
        bytes_sent,
        characters_sent,
        _once(_by_name),
        _once(_needed),
        _once(lambda operation: sizes(operation.body)[1]),
        requested,
    )


def _once(work: Callable[[Operation], Worked]) -> Callable[[Operation], Worked]:
    """Remember what was worked out of an operation: it may be called from any number of places."""
    known: dict[Pointer, Worked] = {}

    def once(operation: Operation) -> Worked:
        if operation.pointer not in known:
            known[operation.pointer] = work(operation)
        return known[operation.pointer]

    return once


def _by_name(operation: Operation) -> Mapping[str, Parameter]:
    names = {as_text(one.body.get("name")): one for one in reversed(operation.parameters)}
    names.pop("", None)
    body = next((one for one in operation.parameters if one.body.get("in") == "body"), None)
    return names if body is None else names | {"": body}


def _needed(operation: Operation) -> tuple[str, ...]:
    bodies = [one.body for one in operation.parameters if one.body.get("in") != "body"]
    needed = (as_text(body.get("name")) for body in bodies if body.get("required") is True and "default" not in body)
    return tuple(dict.fromkeys(needed))


def _requested(document: Object, operations: tuple[Operation, ...]) -> frozenset[str]:
    names: dict[str, Json] = {}
    bodies = {one.target: as_object(one.body.get("schema")) for each in operations for one in each.parameters}
    waiting = list(bodies.values())
    while waiting:
        schema = waiting.pop()
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            waiting.extend(child for _, child in children(schema))
            continue
        name, target = follow(document, reference, "definitions")
        if name not in names and isinstance(target, dict):
            names[name] = target
            waiting.append(target)
    return frozenset(names)


def _operations(document: Object) -> Iterator[Operation]:
    for path, item in as_object(document.get("paths")).items():
        if path.startswith("x-") or not isinstance(item, dict):
            continue
        shared = tuple(_parameters(document, item, ("paths", path)))
        for method in SWAGGER_METHODS:
            body = item.get(method)
            if isinstance(body, dict):
                pointer = ("paths", path, method)
                own = tuple(_parameters(document, body, pointer))
                replaced = {(_name(one), one.body.get("in") == "body") for one in own} if shared else set()
                kept = tuple(one for one in shared if (_name(one), one.body.get("in") == "body") not in replaced)
                yield Operation(pointer, path, method, body, own + kept)


def _name(parameter: Parameter) -> tuple[str, str]:
    place = as_text(parameter.body.get("in"))
    return (place, "" if place == "body" else as_text(parameter.body.get("name")))


def _parameters(document: Object, owner: Object, pointer: Pointer) -> Iterator[Parameter]:
    for index, listed in enumerate(as_list(owner.get("parameters"))):
        if not isinstance(listed, dict):
            continue
        here = (*pointer, "parameters", str(index))
        reference = listed.get("$ref")
        if isinstance(reference, str):
            name, target = follow(document, reference, "parameters")
            yield Parameter(here, as_object(target), ("parameters", name))
        else:
            yield Parameter(here, listed, here)


def spots(scene: Scene) -> Iterator[Spot]:
    """Give every thing of the document once, in its order; the `whole` comes last."""
    document = scene.document
    yield Spot("document", document, (), scene)
    for name, scheme in as_object(document.get("securityDefinitions")).items():
        if isinstance(scheme, dict):
            yield Spot("security", scheme, ("securityDefinitions", name), scene)
    walk = _Walk(scene, {})
    operations = {operation.pointer: operation for operation in scene.operations}
    for path, item in as_object(document.get("paths")).items():
        if isinstance(item, dict) and not path.startswith("x-"):
            yield from walk.path(path, item, operations)
    for name, schema in scene.definitions.items():
        yield from walk.schemas(schema, ("definitions", name), None, "definition")
    for name, parameter in as_object(document.get("parameters")).items():
        yield from walk.parameter(parameter, ("parameters", name), None)
    for name, response in as_object(document.get("responses")).items():
        yield from walk.response(response, ("responses", name), None)
    yield Spot("whole", document, (), scene._replace(weights=weights(walk.tallies)))


class _Walk(NamedTuple):
    """What the steps of the walk share."""

    scene: Scene
    tallies: dict[Pointer, Tally]

    def path(self, path: str, item: Object, operations: Mapping[Pointer, Operation]) -> Iterator[Spot]:
        """Give a path, its parameters and its operations."""
        pointer = ("paths", path)
        yield Spot("path", item, pointer, self.scene)
        for index, parameter in enumerate(as_list(item.get("parameters"))):
            yield from self.parameter(parameter, (*pointer, "parameters", str(index)), None)
        for method in SWAGGER_METHODS:
            operation = operations.get((*pointer, method))
            if operation is not None:
                yield from self.operation(operation)
        content = as_object(item.get("x-ms-notification-content"))
        if "schema" in content:
            yield from self.schemas(
                content["schema"], (*pointer, "x-ms-notification-content", "schema"), None, "notification"
            )

    def operation(self, operation: Operation) -> Iterator[Spot]:
        """Give an operation, its parameters and its responses."""
        body, pointer = operation.body, operation.pointer
        yield Spot("operation", body, pointer, self.scene, operation)
        for index, parameter in enumerate(as_list(body.get("parameters"))):
            yield from self.parameter(parameter, (*pointer, "parameters", str(index)), operation)
        for code, response in as_object(body.get("responses")).items():
            if not code.startswith("x-"):
                yield from self.response(response, (*pointer, "responses", code), operation)

    def parameter(self, parameter: Json, pointer: Pointer, operation: Operation | None) -> Iterator[Spot]:
        """Give a parameter as it is listed, its schema and items."""
        if not isinstance(parameter, dict):
            return
        yield Spot("parameter", parameter, pointer, self.scene, operation)
        if "$ref" not in parameter:
            if "schema" in parameter:
                yield from self.schemas(parameter["schema"], (*pointer, "schema"), operation, "body")
            if "items" in parameter:
                yield from self.schemas(parameter["items"], (*pointer, "items"), operation, "items")

    def response(self, response: Json, pointer: Pointer, operation: Operation | None) -> Iterator[Spot]:
        """Give a response as it is listed, its schema and headers."""
        if not isinstance(response, dict):
            return
        yield Spot("response", response, pointer, self.scene, operation)
        if "$ref" not in response:
            if "schema" in response:
                yield from self.schemas(response["schema"], (*pointer, "schema"), operation, "response")
            for name, header in as_object(response.get("headers")).items():
                yield from self.schemas(header, (*pointer, "headers", name), operation, "header")

    def schemas(self, root: Json, pointer: Pointer, operation: Operation | None, side: str) -> Iterator[Spot]:
        """Give a schema and all that are written inside it, without following references; count them."""
        if not isinstance(root, dict):
            return
        scene, start, count, deepest, notifies = self.scene, len(pointer), 0, 1, False
        references: list[tuple[str, int]] = []
        waiting: list[tuple[Object, Pointer, int]] = [(root, pointer, 1)]
        while waiting:
            schema, here, depth = waiting.pop()
            count += 1
            deepest = max(deepest, depth)
            notifies = notifies or "x-ms-notification-url" in schema
            yield Spot("schema", schema, here, scene, operation, root, side)
            reference = schema.get("$ref")
            if isinstance(reference, str):
                references.append((follow(scene.document, reference, "definitions")[0], depth))
            elif not HOLDING.isdisjoint(schema):
                waiting += [(child, here + tail, depth + 1) for tail, child in children(schema)][::-1]
        self.tallies[pointer[:start]] = Tally(count, deepest, tuple(references), notifies)
