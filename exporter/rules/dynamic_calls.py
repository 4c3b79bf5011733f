"""Reads the calls of other operations that Microsoft's dynamic extensions make: what is passed, and to what."""

from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.reach import End, value_of
from exporter.rules.rows import Operation, Parameter, Spot

VALUES, LIST = "x-ms-dynamic-values", "x-ms-dynamic-list"
SCHEMA, PROPERTIES = "x-ms-dynamic-schema", "x-ms-dynamic-properties"
TREE = "x-ms-dynamic-tree"
OLD = {VALUES: LIST, SCHEMA: PROPERTIES}
"""The first generation, whose references are names, and the second beside it, whose references are paths."""


class Argument(NamedTuple):
    """What a call passes to one parameter of the operation that it calls."""

    name: str
    """The parameter, or a path into the body."""
    tail: Pointer
    fixed: bool
    """Whether it passes a value that is written down."""
    value: Json
    source: str
    """The parameter or property that it takes the value from; empty where it takes none."""


class Call(NamedTuple):
    """One call of another operation."""

    key: str
    tail: Pointer
    body: Object
    target: Operation | None
    """None where there is no such operation."""
    arguments: tuple[Argument, ...]


class Match(NamedTuple):
    """What a name or path means in an operation."""

    parameter: Parameter | None
    """Of exactly this name."""
    inside: End | None
    """The property of the body that it means; an empty schema where the body does not tell."""


def calls(spot: Spot, key: str) -> Iterator[Call]:
    """Give the calls that an extension makes: the tree makes two, the others one."""
    said = as_object(spot.thing[key])
    for tail, body in (
        [((key, part), said.get(part)) for part in ("open", "browse")] if key == TREE else [((key,), said)]
    ):
        if isinstance(body, dict):
            target = spot.scene.by_id.get(as_text(body.get("operationId")))
            yield Call(key, tail, body, target, tuple(_arguments(key, (*tail, "parameters"), body)))


def _arguments(key: str, tail: Pointer, body: Object) -> Iterator[Argument]:
    reference = "parameter" if key in OLD else "parameterReference"
    for name, said in as_object(body.get("parameters")).items():
        here = (*tail, name)
        if not isinstance(said, dict):
            yield Argument(name, here, key in OLD and said is not None, said, "")
        else:
            yield Argument(name, here, "value" in said, said.get("value"), as_text(said.get(reference)))


def meant(spot: Spot, operation: Operation, path: str) -> Match:
    """Tell what a name (`id`) or a path (`order/id`, from the body's name or from inside the body) means."""
    first, _, rest = path.partition("/")
    named = spot.scene.parameters(operation)
    inside: End | None = None
    body = named.get("")
    if body is not None:
        if rest and as_text(body.body.get("name")) == first:
            inside = value_of(spot.scene.document, body, rest)
        inside = inside or value_of(spot.scene.document, body, path)
    return Match(named.get(path) if path else None, inside)


def end_of(spot: Spot, match: Match) -> End | None:
    """Give what is passed or taken: the parameter of this name before a property; None where there is neither."""
    if match.parameter is not None:
        return value_of(spot.scene.document, match.parameter)
    return match.inside
