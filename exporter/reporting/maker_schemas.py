"""Reads schemas as far as makers see them: references followed, `allOf` merged, and what kind of value they mean."""

from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from exporter.comparison.facets import DYNAMIC, kind_of
from exporter.comparison.reading import Reader, Shape
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

_PARTS = 50
_FIELDS = 1000
_KEYS = (
    *DYNAMIC, "type", "format", "enum", "x-ms-enum-values", "default", "description", "title", "x-ms-summary",
    "x-ms-visibility", "x-ms-notification-url", "readOnly", "items",
)  # fmt: skip
"""What is read of a schema, besides its fields."""
_KINDS = {
    ("string", ""): "text",
    ("string", "date"): "date",
    ("string", "date-time"): "time",
    ("string", "date-no-tz"): "time",
    ("string", "byte"): "file",
    ("string", "binary"): "file",
    ("file", ""): "file",
    ("integer", ""): "whole",
    ("number", ""): "number",
    ("boolean", ""): "truth",
    ("object", ""): "object",
    ("array", ""): "many",
}


class Merged(NamedTuple):
    """A schema with what it takes in by `allOf`."""

    type: str
    """What it states, or means by having fields or items."""
    keys: Object
    fields: Mapping[str, Json]
    required: tuple[frozenset[str], ...]
    """What each of its parts requires."""

    def requires(self, name: str) -> bool:
        """Tell whether one of its parts requires a field."""
        return any(name in names for names in self.required)


class Schemas:
    """Reads the schemas of one definition, each once; of `allOf`, fifty parts and a thousand fields of each at most."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._merged: dict[int, Merged] = {}
        self._required: dict[int, frozenset[str]] = {}

    def follow(self, value: Json) -> Object:
        """Follow a reference to the thing itself; something empty where there is none."""
        return self._reader.follow(value, ())[0]

    def merged(self, schema: Object) -> Merged:
        """Merge a schema of the definition with what it takes in."""
        found = self._merged.get(id(schema))
        if found is None:
            found = self._merged[id(schema)] = self._merge(schema)
        return found

    def items(self, merged: Merged) -> Merged:
        """Give what a list is a list of."""
        return self.merged(self.follow(merged.keys.get("items")))

    def kind(self, merged: Merged) -> tuple[str, bool]:
        """Say what kind of value it is, as `Field.kind` has it, and whether it is a list of these."""
        many = merged.type == "array"
        one = self.items(merged) if many else merged
        form = as_text(one.keys.get("format"))
        return _KINDS.get((one.type, form)) or _KINDS.get((one.type, "")) or "any", many

    def _merge(self, schema: Object) -> Merged:
        parts = self._parts(schema) if "allOf" in schema else [schema]
        keys: Object = schema
        fields: Mapping[str, Json] = as_object(schema.get("properties"))
        if len(parts) > 1:
            keys = {key: part[key] for part in parts for key in _KEYS if key in part}
            each = (islice(as_object(part.get("properties")).items(), _FIELDS) for part in parts)
            fields = {name: field for some in each for name, field in some}
        stated = kind_of(Shape(keys, fields, {}, (), frozenset()))
        return Merged(stated, keys, fields, tuple(map(self._required_of, parts)) if fields else ())

    def _parts(self, schema: Object) -> list[Object]:
        """Give a schema and what it takes in, the parts first; one that takes in itself does so once."""
        parts: list[Object] = []
        opened: set[int] = set()
        waiting = [(schema, False)]
        while waiting:
            part, done = waiting.pop()
            if done:
                parts.append(part)
            elif id(part) not in opened and len(opened) < _PARTS:
                opened.add(id(part))
                waiting.append((part, True))
                inner = as_list(part.get("allOf"))[:_PARTS]
                waiting.extend((self.follow(value), False) for value in reversed(inner))
        return parts

    def _required_of(self, part: Object) -> frozenset[str]:
        found = self._required.get(id(part))
        if found is None:
            names = as_list(part.get("required"))
            found = self._required[id(part)] = frozenset(name for name in names if isinstance(name, str))
        return found
