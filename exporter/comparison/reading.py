"""Reads a connector definition as makers meet it: references followed, shared parts merged, wherever they are written."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from exporter.comparison.fingerprint import positional, schema_parts
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer, value_at
from exporter.openapi.grammar import SWAGGER_METHODS
from exporter.openapi.walk import internal_pointer

SHARED = ("definitions", "parameters", "responses")
_CONTENT = "x-ms-notification-content"
_MOST_PARTS, _FEW_PARTS = 100_000, 50
"""How many schemas are merged into others in one definition, and how many into each one after that: no real one comes near."""
_NOWHERE: tuple[Object, Pointer] = ({}, ())


class Shape(NamedTuple):
    """What a schema says, with all that it takes in by `allOf`."""

    keys: Object
    fields: Object
    """Its properties as they are written, references and all."""
    homes: Mapping[str, Pointer]
    """Where each of them stands, for those that do not stand in `home`."""
    home: Pointer
    required: frozenset[str]
    cut: bool = False
    """Whether it takes in more than can be looked at."""

    def pointer(self, name: str) -> Pointer:
        """Say where a property stands."""
        return (*self.homes.get(name, self.home), name)


class Parameter(NamedTuple):
    """One parameter of an operation, wherever it is written."""

    name: str
    location: str
    facts: Object
    where: Pointer
    required: bool


class Operation(NamedTuple):
    """One operation and the path item that it stands in."""

    id: str
    method: str
    path: str
    facts: Object
    item: Object

    @property
    def where(self) -> Pointer:
        """Say where it stands."""
        return ("paths", self.path, self.method)

    @property
    def name(self) -> str:
        """Name it for people."""
        return self.id or f"{self.method.upper()} {self.path}"

    @property
    def trigger(self) -> str:
        """Say which kind of trigger it is; empty for an action."""
        return as_text(self.facts.get("x-ms-trigger")).lower()

    @property
    def in_apps(self) -> bool:
        """Tell whether canvas apps have a function for it: they have none for triggers and internal operations."""
        return not self.trigger and visibility(self.facts) != "internal"


class Reader:
    """Reads one definition, and remembers what it has followed and merged."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self._followed: dict[str, tuple[Object, Pointer]] = {}
        self._shapes: dict[tuple[int, Pointer], Shape] = {}
        self._left = _MOST_PARTS
        self._orders: dict[int, list[str]] = {}
        self._left_of_orders = _MOST_PARTS
        self._ids: dict[str, Operation] | None = None
        self._inputs: dict[Pointer, frozenset[str]] = {}

    def follow(self, value: Json, where: Pointer) -> tuple[Object, Pointer]:
        """Follow a reference to the thing itself and its place; something empty where there is none."""
        found = as_object(value)
        reference = found.get("$ref")
        if not isinstance(reference, str):
            return found, where
        if reference not in self._followed:
            self._followed[reference] = self._resolve(reference)
        return self._followed[reference]

    def _resolve(self, reference: str) -> tuple[Object, Pointer]:
        seen: set[str] = set()
        while reference not in seen:
            seen.add(reference)
            where = internal_pointer(reference)
            if where is None:
                return {}, ("", reference)  # stands nowhere in the document, and differs from every other
            found = as_object(value_at(self.document, where))
            following = found.get("$ref")
            if not isinstance(following, str):
                return found, where
            reference = following
        return _NOWHERE

    def shape(self, schema: Object, where: Pointer) -> Shape:
        """Merge a schema with what it takes in by `allOf`, the parts first; a circle ends where it closes."""
        if not isinstance(schema.get("allOf"), list):
            return Shape(schema, as_object(schema.get("properties")), {}, (*where, "properties"), _required(schema))
        key = (id(schema), where)
        if key not in self._shapes:
            self._shapes[key] = self._merge(schema, where)
        return self._shapes[key]

    def positional(self, schema: Object) -> list[str]:
        """List the fields of a body that canvas apps pass by position; as for `shape`, there is an end to what is taken in."""
        if id(schema) not in self._orders:
            parts = schema_parts(self.document, schema, max(self._left_of_orders, _FEW_PARTS))
            self._left_of_orders -= len(parts)
            self._orders[id(schema)] = positional(self.document, parts)
        return self._orders[id(schema)]

    def _merge(self, schema: Object, where: Pointer) -> Shape:
        keys: dict[str, Json] = {}
        fields: dict[str, Json] = {}
        homes: dict[str, Pointer] = {}
        required: set[str] = set()
        most = max(self._left, _FEW_PARTS)
        parts = self._parts(schema, where, most)
        self._left -= len(parts)
        for part, place in parts:
            keys.update((key, value) for key, value in part.items() if key != "allOf")
            for name, field in as_object(part.get("properties")).items():
                fields.pop(name, None)
                fields[name] = field
                homes[name] = (*place, "properties")
            required |= _required(part)
        return Shape(keys, fields, homes, (*where, "properties"), frozenset(required), len(parts) >= most)

    def _parts(self, schema: Object, where: Pointer, most: int) -> list[tuple[Object, Pointer]]:
        parts: list[tuple[Object, Pointer]] = []
        seen: set[int] = set()
        waiting: list[tuple[Object, Pointer, bool]] = [(schema, where, False)]
        while waiting:
            part, place, opened = waiting.pop()
            if opened:
                parts.append((part, place))
            elif id(part) not in seen and len(seen) < most:
                seen.add(id(part))
                waiting.append((part, place, True))
                inner = enumerate(as_list(part.get("allOf")))
                found = [self.follow(value, (*place, "allOf", str(index))) for index, value in inner]
                waiting.extend((*one, False) for one in reversed(found))
        return parts

    def operations(self) -> Iterator[Operation]:
        """Give all operations in the order of the file."""
        for path, value in as_object(self.document.get("paths")).items():
            item = as_object(value)
            for method, facts in item.items():
                if method in SWAGGER_METHODS and isinstance(facts, dict):
                    yield Operation(as_text(facts.get("operationId")), method, path, facts, item)

    def parameters(self, operation: Operation) -> list[Parameter]:
        """Give an operation's parameters: those of its path, replaced or followed by its own."""
        found: dict[tuple[str, str], Parameter] = {}
        places = (
            (operation.item, ("paths", operation.path, "parameters")),
            (operation.facts, (*operation.where, "parameters")),
        )
        for holder, home in places:
            for index, value in enumerate(as_list(holder.get("parameters"))):
                facts, where = self.follow(value, (*home, str(index)))
                name, location = as_text(facts.get("name")), as_text(facts.get("in"))
                required = facts.get("required") is True or location == "path"
                if facts:
                    key = (location, "" if location == "body" else name)
                    found[key] = Parameter(name, location, facts, where, required)
        return list(found.values())

    def operation(self, name: str) -> Operation | None:
        """Give the operation with this operationId."""
        if self._ids is None:
            self._ids = {one.id: one for one in self.operations() if one.id}
        return self._ids.get(name)

    def inputs(self, operation: Operation) -> frozenset[str]:
        """Name the inputs of an operation: its parameters, a body by its own name and its fields."""
        if operation.where not in self._inputs:
            names: set[str] = set()
            for one in self.parameters(operation):
                names.add(one.name)
                schema, where = self.follow(one.facts.get("schema"), (*one.where, "schema"))
                names.update(self.shape(schema, where).fields)
            self._inputs[operation.where] = frozenset(names)
        return self._inputs[operation.where]

    def answer(self, operation: Operation) -> tuple[str, Object, Pointer]:
        """Give the one response that carries outputs: the lowest 2xx, else `default`; with its code and place."""
        responses = as_object(operation.facts.get("responses"))
        code = min((code for code in responses if code.isdecimal() and code.startswith("2")), default="default")
        return code, *self.follow(responses.get(code), (*operation.where, "responses", code))

    def payload(self, operation: Operation) -> tuple[Object, Pointer]:
        """Give what a webhook trigger is sent, and its place; it stands beside the operation, in its path item."""
        for holder, where in ((operation.facts, operation.where), (operation.item, ("paths", operation.path))):
            if isinstance(holder.get(_CONTENT), dict) and (operation.trigger or holder is operation.facts):
                return self.follow(holder[_CONTENT], (*where, _CONTENT))
        return {}, operation.where


def place_of(parameter: Parameter) -> tuple[str, ...]:
    """Name the place of a parameter; makers see the fields of a body, not the body."""
    return ("body",) if parameter.location == "body" else (parameter.location, parameter.name)


def visibility(facts: Object) -> str:
    """Say who sees it: `important`, `advanced`, `internal`, or nothing in particular."""
    return as_text(facts.get("x-ms-visibility")).lower()


def inherited(document: Object, operation: Operation, key: str) -> tuple[Json, Pointer]:
    """Give what an operation says itself, or takes over from the definition, and where it is written."""
    if key in operation.facts:
        return operation.facts[key], (*operation.where, key)
    return document.get(key), (key,)


def _required(schema: Object) -> frozenset[str]:
    names = as_list(schema.get("required"))
    return frozenset(name for name in names if isinstance(name, str)) if names else frozenset()
