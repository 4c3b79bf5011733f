"""Finds what an OpenAPI 3 document says and its conversion neither says nor reports as lost."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from exporter.conversion.references import References, reference_of

if TYPE_CHECKING:
    from exporter.model.definitions import Converted
    from exporter.model.pointers import Pointer

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_DEEPEST = 40

# Which losses account for what is missing at a place or below it; nothing else does.
_OPENED = frozenset(
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
_OPERATION = frozenset(
    [
        "method-dropped",
        "operation-broken",
        "operation-elsewhere-dropped",
        "operation-refused",
        "path-broken",
        "path-repeated",
        "reference-dangling",
    ]
)
_PARAMETER = frozenset(
    [
        "content-parameter-as-text",
        "cookie-parameter-dropped",
        "header-parameter-dropped",
        "object-parameter-flattened",
        "parameter-as-text",
        "parameter-broken",
        "parameter-repeated",
        "path-adapted",
        "path-parameter-dropped",
        "reference-dangling",
        "style-unsupported",
    ]
)
_RESPONSE = frozenset(
    [
        "default-response-became-200",
        "reference-dangling",
        "response-broken",
        "response-range-dropped",
        "response-range-mapped",
    ]
)
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
_COMPOSED = frozenset({"$ref", "allOf", "oneOf", "anyOf"})


class Silent(NamedTuple):
    """Something that is missing without a word: what, and where the author wrote it."""

    what: str
    pointer: Pointer


class _Field(NamedTuple):
    """A property of an object, and the schemas on the way to it."""

    name: str
    schema: Any
    pointer: Pointer
    trail: tuple[Pointer, ...]


def silent_losses(document: Mapping[str, Any], converted: Converted) -> Iterator[Silent]:
    """Walk through the author's document and its conversion together, and give what vanished without a loss."""
    yield from _Honesty(document, converted).all()


class _Honesty:
    def __init__(self, document: Mapping[str, Any], converted: Converted) -> None:
        self._document = document
        self._output = converted.document
        self._references = References(document)
        self._losses: dict[Pointer, set[str]] = {}
        self._opened: dict[Pointer, set[str]] = {}
        for loss in converted.losses:
            self._losses.setdefault(loss.pointer, set()).add(loss.kind)
            if loss.kind == "one-of-opened":
                part = loss.what.partition("`")[2].partition("`")[0].partition(".")[0]
                self._opened.setdefault(loss.pointer, set()).add(part)
        self._origins = converted.origins
        self._seen: set[tuple[Pointer, int]] = set()

    def all(self) -> Iterator[Silent]:
        schemas = _object(_object(self._document.get("components")).get("schemas"))
        definitions = {self._origin(("definitions", name)): name for name in _object(self._output.get("definitions"))}
        for name, schema in schemas.items():
            pointer = ("components", "schemas", name)
            if pointer not in definitions:
                yield Silent("the definition", pointer)
            else:
                yield from self._schema(schema, pointer, self._output["definitions"][definitions[pointer]])
        operations: dict[Pointer, list[Any]] = {}
        for path, item in _object(self._output.get("paths")).items():
            for method, operation in item.items():
                if method in METHODS:
                    operations.setdefault(self._origin(("paths", path, method)), []).append(operation)
        for path, written in _object(self._document.get("paths")).items():
            target = self._references.resolve(written, ("paths", path))
            for method, operation in _object(target.value if target else None).items():
                if target and method in METHODS:
                    pointer = (*target.pointer, method)
                    found = operations.get(pointer, [])
                    if not found and not self._said(_OPERATION, pointer, ("paths", path)):
                        yield Silent("the operation", pointer)
                    for one in found:
                        yield from self._operation(operation, pointer, target.value, target.pointer, one)

    def _origin(self, pointer: Pointer) -> Pointer:
        for length in range(len(pointer), 0, -1):
            if pointer[:length] in self._origins:
                return (*self._origins[pointer[:length]], *pointer[length:])
        return pointer

    def _said(self, kinds: frozenset[str], *pointers: Pointer) -> bool:
        """Tell whether a loss of these kinds is at or above one of some places."""
        return any(
            self._losses.get(pointer[:length], frozenset()) & kinds
            for pointer in pointers
            for length in range(len(pointer) + 1)
        )

    def _operation(
        self, written: Any, where: Pointer, item: Any, item_where: Pointer, found: Mapping[str, Any]
    ) -> Iterator[Silent]:
        for key in ("summary", "description", "operationId", "deprecated", "tags", "externalDocs"):
            if written.get(key) and key not in found and not self._losses.get((*where, key)):
                yield Silent(f"`{key}`", where)
        own = {self._key(one) for one in written.get("parameters", ())}
        for holder, place in ((item, item_where), (written, where)):
            for number, one in enumerate(holder.get("parameters", ())):
                if holder is written or self._key(one) not in own:
                    yield from self._parameter(one, (*place, "parameters", str(number)), found)
        body = self._references.resolve(written.get("requestBody"), (*where, "requestBody"))
        if body and body.value:
            yield from self._body(body.value, body.pointer, (*where, "requestBody"), found)
        for code, one in _object(written.get("responses")).items():
            yield from self._response(code, one, (*where, "responses", code), found["responses"])

    def _key(self, parameter: Any) -> tuple[Any, Any]:
        target = self._references.resolve(parameter, ())
        value = _object(target.value if target else None)
        return value.get("in"), value.get("name")

    def _parameter(self, written: Any, where: Pointer, operation: Mapping[str, Any]) -> Iterator[Silent]:
        target = self._references.resolve(written, where)
        if target is None:
            if not self._said(_PARAMETER, where):
                yield Silent("the parameter", where)
            return
        value = _object(target.value)
        same = [
            one
            for one in operation.get("parameters", ())
            if (one["in"], one["name"]) == (value.get("in"), value.get("name"))
        ]
        if not same:
            if not self._said(_PARAMETER, where, target.pointer):
                yield Silent("the parameter", target.pointer)
            return
        if value.get("required") and not same[0].get("required"):
            yield Silent("`required`", target.pointer)
        if value.get("description") and "description" not in same[0]:
            yield Silent("`description`", target.pointer)
        if "schema" in value and not self._said(_PARAMETER, target.pointer):
            yield from self._simple(value["schema"], (*target.pointer, "schema"), same[0])

    def _simple(self, written: Any, where: Pointer, found: Mapping[str, Any]) -> Iterator[Silent]:
        single = self._said(frozenset({"array-parameter-single", "form-field-single"}), where)
        for silent in self._schema(written, where, found):
            if not (single and len(silent.pointer) <= len(where)) and silent.what != "`example`":
                yield silent

    def _body(self, body: Any, where: Pointer, used: Pointer, operation: Mapping[str, Any]) -> Iterator[Silent]:
        content = _object(body.get("content"))
        parameters = operation.get("parameters", ())
        bodies = [one for one in parameters if one["in"] == "body"]
        forms = {one["name"]: one for one in parameters if one["in"] == "formData"}
        dropped = frozenset({"body-not-allowed", "body-broken", "reference-dangling", "form-without-fields"})
        if not bodies and not forms:
            kept = (used, where, *((*where, "content", media) for media in content))
            if content and not self._said(dropped, *kept):
                yield Silent("the request body", where)
            return
        media_type = operation["consumes"][0]
        chosen = media_type if media_type in content else next(name for name in content if "*" in name)
        if len(content) > 1 and not self._said(frozenset({"media-types-dropped"}), (*where, "content")):
            yield Silent("other media types", where)
        schema, place = _object(content[chosen]).get("schema", {}), (*where, "content", chosen, "schema")
        if bodies:
            if body.get("description") and "description" not in bodies[0]:
                yield Silent("`description`", where)
            yield from self._schema(schema, place, bodies[0]["schema"])
            return
        for field in self._fields(schema, place):
            read_only = _object(self._resolved(field.schema)).get("readOnly") is True
            flattened = any(name.startswith(f"{field.name}[") for name in forms)
            if not (field.name in forms or flattened or read_only or self._lost(_OPENED, field)):
                yield Silent("the form field", field.pointer)

    def _resolved(self, schema: Any) -> Any:
        target = self._references.resolve(schema, ())
        return target.value if target else None

    def _response(self, code: str, written: Any, where: Pointer, responses: Mapping[str, Any]) -> Iterator[Silent]:
        target = self._references.resolve(written, where)
        final = code if code in responses else f"{code[0]}00" if code[1:].upper() == "XX" else "200"
        if target is None or final not in responses or (final != code and not self._said(_RESPONSE, where)):
            if not code.startswith("x-") and not self._said(_RESPONSE, where):
                yield Silent("the response", where)
            return
        if self._said(frozenset({"response-range-dropped"}), where):
            return
        value, found = _object(target.value), responses[final]
        for name, header in _object(value.get("headers")).items():
            if name not in _object(found.get("headers")) and name.lower() != "content-type":
                if not self._said(frozenset({"header-broken"}), (*target.pointer, "headers", name)):
                    yield Silent(f"the header {name}", target.pointer)
            elif header and name in _object(found.get("headers")):
                pass
        content = _object(value.get("content"))
        said = frozenset({"media-types-dropped"})
        if len(content) > 1 and not self._said(said, (*target.pointer, "content")):
            yield Silent("other media types", target.pointer)
        if any("schema" in _object(media) for media in content.values()) and "schema" not in found:
            if not self._said(said | {"default-response-schema-dropped"}, (*target.pointer, "content")):
                yield Silent("the schema of a response", target.pointer)
            return
        origin = self._written_at.get(id(found.get("schema")))
        for name, media in content.items():
            place = (*target.pointer, "content", name, "schema")
            if "schema" in _object(media) and (len(content) == 1 or origin == place):
                yield from self._schema(media["schema"], place, found["schema"])

    _written_at: Mapping[int, Pointer] = {}

    def _lost(self, kinds: frozenset[str], field: _Field) -> bool:
        return self._said(kinds, field.pointer, *field.trail)

    def _fields(
        self, schema: Any, where: Pointer, trail: tuple[Pointer, ...] = (), *, required: bool = False
    ) -> Iterator[_Field]:
        """List the properties that a schema offers (or the names that it requires), through references and compositions."""
        if not isinstance(schema, dict) or where in trail or len(trail) > _DEEPEST:
            return
        trail = (*trail, where)
        if required:
            for name in schema.get("required", ()) if isinstance(schema.get("required"), list) else ():
                yield _Field(name, None, (*where, "required"), trail)
        else:
            for name, one in _object(schema.get("properties")).items():
                yield _Field(name, one, (*where, "properties", name), trail)
        if reference := reference_of(schema):
            target = self._references.find(reference)
            if target:
                yield from self._fields(target.value, target.pointer, trail, required=required)
        for keyword in ("allOf",) if required else ("allOf", "oneOf", "anyOf"):
            members = schema.get(keyword)
            for number, member in enumerate(members if isinstance(members, list) else ()):
                place = (*where, keyword)
                yield from self._fields(member, (*place, str(number)), (*trail, place), required=required)

    def _schema(self, written: Any, where: Pointer, found: Any) -> Iterator[Silent]:
        ahead = [(written, where, found, False)]
        while ahead:
            schema, place, out, merged = ahead.pop()
            if not isinstance(schema, dict) or not isinstance(out, dict):
                continue
            out = self._followed(out)
            if (place, id(out)) in self._seen:
                continue
            self._seen.add((place, id(out)))
            if not merged:
                yield from self._keywords(schema, place, out)
            properties = _object(out.get("properties"))
            fields = list(self._fields(schema, place))
            times = Counter(field.name for field in fields)
            for field in fields:
                if field.name in properties:
                    inside = merged or times[field.name] > 1 or self._said(_MERGED, field.pointer, *field.trail)
                    if not any(field.name in self._opened.get(pointer, ()) for pointer in field.trail):
                        ahead.append((field.schema, field.pointer, properties[field.name], inside))
                elif not self._lost(_OPENED, field):
                    yield Silent("the property", field.pointer)
            for field in self._fields(schema, place, required=True):
                missing = field.name not in out.get("required", ()) and not merged
                if missing and not self._lost(_OPENED | _NOT_REQUIRED, field):
                    yield Silent(f"`required: {field.name}`", field.pointer)
            for key in ("items", "additionalProperties"):
                if key in schema:
                    inner = (schema[key], (*place, key))
                    if isinstance(out.get(key), dict):
                        ahead.append((*inner, out[key], merged))
                    elif isinstance(schema[key], dict) and schema[key] and not self._said(_OPENED, inner[1]):
                        yield Silent(f"`{key}`", place)

    def _followed(self, out: Any) -> Any:
        hops = 0
        while (reference := reference_of(out)) and hops < _DEEPEST:
            out, hops = self._output["definitions"][reference.rpartition("/")[2]], hops + 1
        return out

    def _keywords(self, schema: Mapping[str, Any], where: Pointer, out: Mapping[str, Any]) -> Iterator[Silent]:
        if set(schema) & _COMPOSED:
            if reference_of(schema) and len(schema) == 1:
                return
            keys = [key for key in ("description", "title", "readOnly") if key in schema]
        else:
            keys = [key for key in _KEPT if key in schema]
            keys += [key for key in schema if key.startswith("x-")]
        # A parameter shows its title as `x-ms-summary`; a form field of bytes is a file.
        renamed = {"title": "x-ms-summary" in out, "format": schema.get("format") == "binary"}
        for key in keys:
            gone = not (key in out or renamed.get(key)) and schema[key] not in (None, "", False, [], ["null"], "null")
            if gone and not (self._losses.get((*where, key)) or self._at(where) or self._said(_OPENED, where)):
                yield Silent(f"`{key}`", where)
        values = [value for value in schema.get("enum", ()) if value is not None] if "enum" in schema else []
        missing = [value for value in values if value not in out.get("enum", ())]
        if missing and not self._said(_OPENED | _NOT_ONE_OF, where, (*where, "enum")):
            yield Silent("values of `enum`", where)
        nullable = schema.get("nullable") is True or "null" in (schema.get("type") or ())
        if nullable and out.get("x-nullable") is not True and not self._at(where):
            yield Silent("`nullable`", where)

    def _at(self, where: Pointer) -> set[str]:
        return self._losses.get(where, set()) & {"reference-siblings-dropped", "keyword-unknown"}


def _object(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever is in the file
    return value if isinstance(value, dict) else {}
