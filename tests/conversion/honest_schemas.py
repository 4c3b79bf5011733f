"""Finds what a schema of an OpenAPI 3 document says and its conversion neither says nor reports as lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from exporter.conversion.references import References, reference_of
from exporter.model.definitions import Converted
from exporter.model.json_values import as_list
from exporter.model.pointers import Pointer

_DEEPEST = 40
# Which losses account for what is missing at a place or below it; nothing else does.
OPENED = frozenset(
    [
        "all-of-conflict",
        "dynamic-reference-opened",
        "extension-with-reference-dropped",
        "keyword-invalid",
        "merge-cut",
        "not-a-schema",
        "one-of-opened",
        "property-never-dropped",
        "reference-dangling",
        "schema-false-opened",
        "schema-too-deep",
        "tuple-merged",
        "type-unknown",
        "types-opened",
        "write-only-dropped",
    ]
)
_NOT_REQUIRED = frozenset(
    {"one-of-merged", "read-only-not-required", "required-loop-broken", "required-undefined", "write-only-dropped"}
)
_MERGED = frozenset({"one-of-merged"})
_NOT_ONE_OF = frozenset({"enum-adapted", "one-of-merged"})
# Keywords of a schema that must be found again, or have a loss at their own place.
_KEPT = (
    "default",
    "description",
    "example",
    "format",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "pattern",
    "readOnly",
    "title",
    "type",
    "uniqueItems",
)
_SUBSTANCE = ("type", "properties", "items", "enum", "additionalProperties")
_BESIDE = frozenset({"keyword-unknown", "parameter-details-dropped", "reference-siblings-dropped"})
_COMPOSED = frozenset({"$ref", "allOf", "oneOf", "anyOf"})


class Silent(NamedTuple):
    """Something that is missing without a word: what, and where the author wrote it."""

    what: str
    pointer: Pointer


class Field(NamedTuple):
    """A property of an object, and the schemas on the way to it."""

    name: str
    schema: Any
    pointer: Pointer
    trail: tuple[Pointer, ...]


class HonestSchemas:
    """Walks through a schema of the author and what became of it together."""

    def __init__(self, document: Mapping[str, Any], converted: Converted) -> None:
        self.document = document
        self.output = converted.document
        self.references = References(document)
        self.losses: dict[Pointer, set[str]] = {}
        self._opened: dict[Pointer, set[str]] = {}
        for loss in converted.losses:
            self.losses.setdefault(loss.pointer, set()).add(loss.kind)
            if loss.kind == "one-of-opened":
                part = loss.what.partition("`")[2].partition("`")[0].partition(".")[0]
                self._opened.setdefault(loss.pointer, set()).add(part)
        self.origins = converted.origins
        self._seen: set[tuple[Pointer, int]] = set()
        self._ahead: list[tuple[Any, Pointer, Any, bool]] = []

    def said(self, kinds: frozenset[str], *pointers: Pointer) -> bool:
        """Tell whether a loss of these kinds is at or above one of some places."""
        return any(
            self.losses.get(pointer[:length], frozenset()) & kinds
            for pointer in pointers
            for length in range(len(pointer) + 1)
        )

    def lost(self, kinds: frozenset[str], field: Field) -> bool:
        return self.said(kinds, field.pointer, *field.trail)

    def fields(
        self, schema: Any, where: Pointer, trail: tuple[Pointer, ...] = (), *, required: bool = False
    ) -> Iterator[Field]:
        """List the properties that a schema offers (or the names that it requires), through references and compositions."""
        if not isinstance(schema, dict) or where in trail or len(trail) > _DEEPEST:
            return
        trail = (*trail, where)
        if required:
            for name in schema.get("required", ()) if isinstance(schema.get("required"), list) else ():
                yield Field(name, None, (*where, "required"), trail)
        else:
            for name, one in as_object(schema.get("properties")).items():
                yield Field(name, one, (*where, "properties", name), trail)
        if reference := reference_of(schema):
            target = self.references.find(reference)
            if target:
                yield from self.fields(target.value, target.pointer, trail, required=required)
        for keyword in ("allOf",) if required else ("allOf", "oneOf", "anyOf"):
            members = schema.get(keyword)
            if keyword != "allOf" and any(self._leads_to(member, trail) for member in as_list(members)):
                continue  # seen from one of its alternatives, the others say nothing
            for number, member in enumerate(as_list(members)):
                place = (*where, keyword)
                yield from self.fields(member, (*place, str(number)), (*trail, place), required=required)

    def _leads_to(self, member: Any, trail: tuple[Pointer, ...]) -> bool:
        target = self.references.find(reference_of(member)) if reference_of(member) else None
        return target is not None and target.pointer in trail

    def schema(self, written: Any, where: Pointer, found: Any) -> Iterator[Silent]:
        """Give what a schema and all below it say, and what became of them does not."""
        self._ahead.append((written, where, found, False))
        while self._ahead:
            schema, place, out, merged = self._ahead.pop()
            if not isinstance(schema, dict) or not isinstance(out, dict):
                continue
            out = self._followed(out)
            if (place, id(out)) in self._seen:
                continue
            self._seen.add((place, id(out)))
            if not merged:
                yield from self._keywords(schema, place, out)
                yield from self._required(schema, place, out)
            elif self._says(schema) and not self._says(out) and not self.said(OPENED, place):
                yield Silent("all of a schema", place)
            yield from self._properties(schema, place, out, merged=merged)
            for key in ("items", "additionalProperties"):
                inner = (*place, key)
                if isinstance(out.get(key), dict):
                    self._ahead.append((schema.get(key), inner, out[key], merged))
                elif isinstance(schema.get(key), dict) and schema[key] and not self._gone(inner):
                    yield Silent(f"`{key}`", place)

    def _gone(self, where: Pointer) -> bool:
        return self.said(OPENED, where) or bool(self._at(where))

    def _properties(self, schema: Any, place: Pointer, out: Any, *, merged: bool) -> Iterator[Silent]:
        properties = as_object(out.get("properties"))
        fields = list(self.fields(schema, place))
        times = Counter(field.name for field in fields)
        for field in fields:
            opened = any(field.name in self._opened.get(pointer, ()) for pointer in field.trail)
            if field.name not in properties and not self.lost(OPENED, field):
                yield Silent("the property", field.pointer)
            elif field.name in properties and not opened:
                inside = merged or times[field.name] > 1 or self.said(_MERGED, field.pointer, *field.trail)
                self._ahead.append((field.schema, field.pointer, properties[field.name], inside))

    def _required(self, schema: Any, place: Pointer, out: Any) -> Iterator[Silent]:
        for field in self.fields(schema, place, required=True):
            described = (*field.pointer[:-1], "properties", field.name)
            accounted = self.lost(OPENED | _NOT_REQUIRED, field) or self.said(OPENED, described)
            if field.name not in out.get("required", ()) and not accounted:
                yield Silent(f"`required: {field.name}`", field.pointer)

    @staticmethod
    def _says(schema: Mapping[str, Any]) -> bool:
        """Tell whether a schema says more than what a value is called, or may be null."""
        return any(key in schema and schema[key] not in ("null", ["null"]) for key in _SUBSTANCE)

    def _followed(self, out: Any) -> Any:
        hops = 0
        while (reference := reference_of(out)) and hops < _DEEPEST:
            out, hops = self.output["definitions"][reference.rpartition("/")[2]], hops + 1
        return out

    def _keywords(self, schema: Mapping[str, Any], where: Pointer, out: Mapping[str, Any]) -> Iterator[Silent]:
        if set(schema) & _COMPOSED:
            target = self.references.find(reference_of(schema)) if len(schema) == 1 else None
            if target and isinstance(target.value, dict) and not self.said(OPENED, where):
                yield from self._keywords(target.value, target.pointer, out)
            keys = [key for key in ("description", "title", "readOnly") if key in schema]
        else:
            keys = [key for key in _KEPT if key in schema]
            keys += [key for key in schema if key.startswith("x-")]
        # A parameter shows its title as `x-ms-summary`; a form field of bytes is a file.
        renamed = {"title": "x-ms-summary" in out, "format": schema.get("format") == "binary"}
        for key in keys:
            gone = not (key in out or renamed.get(key)) and schema[key] not in (None, "", False, [], ["null"], "null")
            if gone and not (self.losses.get((*where, key)) or self._at(where) or self.said(OPENED, where)):
                yield Silent(f"`{key}`", where)
        examples = schema.get("examples")
        if isinstance(examples, list) and len(examples) > 1 and not self.losses.get((*where, "examples")):
            yield Silent("further `examples`", where)
        values = [value for value in schema.get("enum", ()) if value is not None] if "enum" in schema else []
        missing = [value for value in values if value not in out.get("enum", ())]
        if missing and not self.said(OPENED | _NOT_ONE_OF, where, (*where, "enum")):
            yield Silent("values of `enum`", where)
        nullable = schema.get("nullable") is True or "null" in (schema.get("type") or ())
        if nullable and out.get("x-nullable") is not True and not self._at(where):
            yield Silent("`nullable`", where)

    def _at(self, where: Pointer) -> set[str]:
        return self.losses.get(where, set()) & _BESIDE


def as_object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
