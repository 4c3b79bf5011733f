"""Gives operations as designers show them to makers: a card, the fields that it asks for, and what it hands on."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from exporter.comparison.facets import DYNAMIC
from exporter.comparison.reading import Operation, Parameter, Reader, visibility
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.reporting.maker_schemas import Merged, Schemas
from exporter.reporting.writer import compact

CHOICES = 50
"""How many choices are given of one field."""
MOST = 60
"""How many fields, and how many outputs, are shown of one operation."""
INTERNAL, ADVANCED = "internal", "advanced"
EACH = "[]"
"""Stands in a path for each item of a list."""
_DEEPEST = 12
_VISITED = 4
"""How many times more places are looked at than fields are given: some have nothing to show."""
_LEAST, _TOTAL = 8, 20_000
_LETTERS = 200
_BODY = ("body",)


class Field(NamedTuple):
    """A field that makers fill in, or an output that they pick from the list of dynamic content."""

    label: str
    path: tuple[str, ...]
    """Names from the operation down to it, as `Change.place` has them: `("body", "order", "[]", "sku")`."""
    kind: str
    """`text`, `date`, `time`, `file`, `whole`, `number`, `truth`, `object`, `many`, or `any` where nothing is said."""
    many: bool = False
    """Whether it is a list of these."""
    required: bool = False
    visibility: str = ""
    """`important`, `advanced`, or `internal`: sent as its default, and never seen."""
    choices: tuple[str, ...] = ()
    """By the names that makers read, the first fifty."""
    source: str = ""
    """What its choices, or the fields in it, are asked of when it is filled in: an operationId."""
    default: str = ""
    hint: str = ""


class View(NamedTuple):
    """An operation as makers see it."""

    title: str
    description: str
    operation: str
    """Its operationId, or its method and path where it has none."""
    trigger: str = ""
    """`single` (the API calls), `batch` (it is asked from time to time), or empty for an action."""
    visibility: str = ""
    deprecated: bool = False
    fields: tuple[Field, ...] = ()
    outputs: tuple[Field, ...] = ()
    cut: bool = False
    """Whether it has more fields or outputs than are given."""

    @property
    def seen(self) -> bool:
        """Tell whether makers see it at all."""
        return self.visibility != INTERNAL


class Views:
    """
    Reads one definition as makers meet it; never raises, whatever it holds.

    References are followed and `allOf` is merged. The work is in step with the number of operations: of each, at most
    so many fields and outputs are given, and a schema that holds itself is opened once.
    """

    def __init__(self, document: Object, most: int = MOST) -> None:
        self.reader = Reader(document)
        self.most = most
        self.schemas = Schemas(self.reader)

    def all(self) -> tuple[View, ...]:
        """Give all operations, in the order of the definition; the more there are, the fewer fields of each."""
        operations = list(self.reader.operations())
        self.most = max(_LEAST, min(self.most, _TOTAL // max(len(operations), 1)))
        return tuple(map(self.view, operations))

    def view(self, operation: Operation) -> View:
        """Give one operation of the definition."""
        facts = operation.facts
        fields, outputs = (
            list(islice(found, self.most + 1)) for found in (self._fields(operation), self._outputs(operation))
        )
        return View(
            title=as_text(facts.get("summary")) or operation.name,
            description=as_text(facts.get("description")),
            operation=operation.name,
            trigger="" if "x-ms-trigger" not in facts else "single" if operation.trigger == "single" else "batch",
            visibility=visibility(facts),
            deprecated=facts.get("deprecated") is True,
            fields=tuple(fields[: self.most]),
            outputs=tuple(outputs[: self.most]),
            cut=max(len(fields), len(outputs)) > self.most,
        )

    def _fields(self, operation: Operation) -> Iterator[Field]:
        for one in self.reader.parameters(operation):
            if one.location == "body":
                yield from self._body(one)
            else:
                kind = self.schemas.kind(self.schemas.merged(one.facts))
                path = (one.location, one.name)
                yield _field(one.facts, path, kind, required=one.required, seen=visibility(one.facts))

    def _body(self, one: Parameter) -> Iterator[Field]:
        schema = self.schemas.follow(one.facts.get("schema"))
        # Designers ask for the fields of a body one by one, also where the body as a whole may be left out.
        whole_body = _Spot(schema, _BODY, visibility(one.facts), required=True)
        for field in _Walk(self.schemas, self.most, asks=True).fields(whole_body):
            whole = field.path == _BODY
            yield field._replace(label=_label(one.facts, one.name), required=one.required) if whole else field

    def _outputs(self, operation: Operation) -> Iterator[Field]:
        holder, _ = self.reader.payload(operation)
        place = "payload" if holder else "response"
        if not holder:
            _, holder, _ = self.reader.answer(operation)
        schema = self.schemas.follow(holder.get("schema"))
        if schema:
            yield from _Walk(self.schemas, self.most, asks=False).fields(_Spot(schema, (place,)))


class _Spot(NamedTuple):
    """A schema on the way down, its reference followed."""

    schema: Object
    path: tuple[str, ...]
    seen: str = ""
    """The visibility of what holds it."""
    required: bool = False


class _Walk:
    """Walks down the schema of one operation's body or answer, and gives what stands at its ends."""

    def __init__(self, schemas: Schemas, most: int, *, asks: bool) -> None:
        self._schemas, self._asks, self._most, self._left = schemas, asks, most, _VISITED * most
        self._found: list[Field] = []

    def fields(self, spot: _Spot) -> list[Field]:
        """Give the fields at and below a schema, and one more than asked for where there are more."""
        self._below(spot, ())
        return self._found

    def _below(self, spot: _Spot, above: tuple[int, ...]) -> None:
        """Note the fields at and below a schema; `above` are the schemas that hold it, by their ids."""
        self._left -= 1
        merged = self._schemas.merged(spot.schema)
        keys = merged.keys
        if self._left < 0 or (self._asks and keys.get("readOnly") is True):
            return
        filled_in = keys.get("x-ms-notification-url") is True  # by the platform
        seen = INTERNAL if filled_in or spot.seen == INTERNAL else visibility(keys) or spot.seen
        kind, many = self._schemas.kind(merged)
        inner = self._schemas.items(merged) if many else merged
        opens = bool(inner.fields) and id(spot.schema) not in above and len(spot.path) < _DEEPEST
        if many or not opens:
            self._found.append(_field(keys, spot.path, (kind, many), required=spot.required, seen=seen))
        if opens:
            path = (*spot.path, EACH) if many else spot.path
            held = spot._replace(path=path, seen=seen, required=spot.required or many)
            self._members(inner, held, (*above, id(spot.schema)))

    def _members(self, merged: Merged, holder: _Spot, above: tuple[int, ...]) -> None:
        for name, written in merged.fields.items():
            if self._left <= 0 or len(self._found) > self._most:
                return
            required = holder.required and merged.requires(name)
            member = self._schemas.follow(written)
            self._below(_Spot(member, (*holder.path, name), holder.seen, required), above)


def _field(keys: Object, path: tuple[str, ...], kind: tuple[str, bool], *, required: bool, seen: str) -> Field:
    """Make a field of what is said of it, by itself and all that it takes in."""
    return Field(
        label=_label(keys, next(name for name in reversed(path) if name != EACH)),
        path=path,
        kind=kind[0],
        many=kind[1],
        required=required,
        visibility=seen,
        choices=_choices(keys) or _choices(as_object(keys.get("items"))),
        source=_source(keys),
        default=_text(keys["default"]) if "default" in keys else "",
        hint=as_text(keys.get("description"))[:_LETTERS],
    )


def _label(keys: Object, name: str) -> str:
    return as_text(keys.get("x-ms-summary")) or as_text(keys.get("title")) or name


def _choices(keys: Object) -> tuple[str, ...]:
    listed = as_list(keys.get("enum"))[:CHOICES]
    if not listed:
        return ()
    titled = map(as_object, as_list(keys.get("x-ms-enum-values"))[: 2 * CHOICES])
    names = {_text(one.get("value")): as_text(one.get("displayName")) for one in titled}
    return tuple(names.get(text) or text for text in map(_text, listed))


def _source(keys: Object) -> str:
    for key in DYNAMIC:
        if key in keys:
            dynamic = as_object(keys[key])
            named = (as_text(dynamic.get(name)) for name in ("operationId", "builtInOperation", "capability"))
            return next(filter(None, named), "?")
    return ""


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value[:_LETTERS]
    if isinstance(value, (dict, list)) and value:
        return "{…}" if isinstance(value, dict) else "[…]"
    return compact(value).decode()
