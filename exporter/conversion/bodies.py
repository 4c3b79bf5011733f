"""Request bodies: a body parameter, or a parameter for each field of a form."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from exporter.conversion import simple_values
from exporter.conversion.media import MEDIA, best, exact, group
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.schemas import Schemas
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

_FORM = frozenset({"content", "required", "x-bodyName"})
_BODY = frozenset({*_FORM, "description"})
_MEDIA = MEDIA | {"encoding"}
_FIELDS = frozenset({"type", "properties", "required"})
_WITHOUT_BODY = frozenset({"get", "head"})
_DEEPEST_NAME = 3
_MOST_FIELDS = 500
_MOST_IN_ALL, _FEW_FIELDS = 50_000, 10
"""How many fields all forms have together, and how many each one after that: any number of them may share a schema."""


class Body(NamedTuple):
    """The parameters that a request body has become, and its media type."""

    parameters: tuple[Node, ...] = ()
    consumes: str = ""
    place: Pointer = ()
    """Where that media type is written."""


class _Parent(NamedTuple):
    """What a field of a form belongs to."""

    kind: str
    name: str = ""
    level: int = 0
    needed: bool = True


class BodyRoom:
    """Converts request bodies; one that many operations refer to is converted once."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._draft = schemas.draft
        self._done: dict[Pointer, Body] = {}
        self._left = _MOST_IN_ALL

    def convert(self, written: Json, where: Pointer, method: str) -> Body:
        """Convert one request body, or the one that it refers to."""
        if method in _WITHOUT_BODY:
            self._draft.lose("body-not-allowed", where, f"a request body of a {method.upper()} operation")
            return Body()
        target = self._draft.references.resolve(written, where)
        if target is None:
            self._draft.lose("reference-dangling", where, f"`$ref: {reference_of(written)}`")
            return Body()
        if target.pointer not in self._done:
            self._done[target.pointer] = self._convert(as_object(target.value), target.pointer)
        return self._done[target.pointer]

    def _convert(self, body: Object, where: Pointer) -> Body:
        content = as_object(body.get("content"))
        if not content:
            self._draft.lose("body-broken", where, "a request body without content")
            return Body()
        chosen = self._best(content, where)
        others = [f"`{name}`" for name in content if name != chosen]
        if others:
            self._draft.lose("media-types-dropped", (*where, "content"), f"also {', '.join(others)[:200]}")
        place = (*where, "content", chosen)
        media = as_object(content[chosen])
        self._draft.report_others(body, where, _BODY)
        self._draft.report_others(media, place, _MEDIA, extensions=True)
        if "encoding" in media:
            self._draft.lose("encoding-dropped", (*place, "encoding"), "`encoding`")
        examples = [key for key in ("example", "examples") if key in media]
        if examples:
            self._draft.lose("examples-dropped", (*place, examples[0]), f"`{examples[0]}` of a request body")
        kind = group(chosen)
        if kind in {"form", "multipart"}:
            self._draft.report_others(body, where, _FORM, extensions=True)
            return Body(tuple(self._form(media, place, kind)), chosen, place)
        return Body((self._body(body, where, media, place, kind),), exact(chosen), place)

    def _best(self, content: Object, where: Pointer) -> str:
        """Choose the media type that a connector sends best; bytes go into a multipart form where there is one."""
        chosen = best(content, response=False)
        multipart = next((name for name in content if group(name) == "multipart"), "")
        if group(chosen) == "form" and multipart:
            schema = as_object(content[chosen]).get("schema", {})
            form = self._schemas.resolved(self._schemas.convert(schema, (*where, "content", chosen, "schema")))
            fields = [one for one in as_object(form.get("properties")).values() if isinstance(one, Node)]
            if any(self._schemas.resolved(one).get("format") == "binary" for one in fields):
                return multipart
        return chosen

    def _body(self, body: Object, where: Pointer, media: Object, place: Pointer, kind: str) -> Node:
        node = Node(where, {"name": as_text(body.get("x-bodyName")) or "body", "in": "body"})
        if (description := self._draft.text(body, where, "description")) is not None:
            node["description"] = description
        if body.get("required") is True:
            node["required"] = True
        node.update(self._draft.extensions(body, where))
        node.pop("x-bodyName", None)
        schema = self._schemas.convert(media.get("schema", {}), (*place, "schema"))
        if kind in {"binary", "text"} and not schema:
            schema["type"] = "string"
            if kind == "binary":
                schema["format"] = "binary"
        node["schema"] = schema
        return node

    def _form(self, media: Object, place: Pointer, kind: str) -> list[Node]:
        schema = self._schemas.convert(media.get("schema", {}), (*place, "schema"))
        content = self._schemas.resolved(schema)
        if others := [f"`{key}`" for key in content if key not in _FIELDS]:
            self._draft.lose("details-dropped", content.origin, f"{', '.join(others)} of a form")
        most = min(_MOST_FIELDS, max(self._left, _FEW_FIELDS))
        written = list(islice(self._fields(content, _Parent(kind)), most + 1))
        self._left -= len(written)
        if len(written) > most:
            self._draft.lose("merge-cut", content.origin, f"a form with more than {most} fields")
            del written[most:]
        if not written:
            self._draft.lose("form-without-fields", place, "a form without fields")
        fields: dict[str, Node] = {}
        for field in written:
            if fields.setdefault(as_text(field["name"]), field) is not field:
                self._draft.lose("parameter-repeated", field.origin, f"the field `{field['name']}`")
        return list(fields.values())

    def _fields(self, content: Node, parent: _Parent) -> Iterator[Node]:
        required = as_list(content.get("required")) if parent.needed else ()
        for key, schema in as_object(content.get("properties")).items():
            if not isinstance(schema, Node):
                continue
            inner = self._schemas.resolved(schema)
            if inner.get("readOnly") is True:
                self._draft.lose("read-only-field-dropped", schema.origin, f"the field `{key}`")
                continue
            name = f"{parent.name}[{key}]" if parent.name else key
            if inner.get("properties") and parent.kind == "form" and parent.level < _DEEPEST_NAME:
                self._draft.lose("form-field-flattened", schema.origin, f"the object `{name}`")
                yield from self._fields(inner, _Parent(parent.kind, name, parent.level + 1, needed=key in required))
                continue
            field = Node(schema.origin, {"name": name, "in": "formData"})
            if key in required:
                field["required"] = True
            self._describe(field, schema, parent.kind)
            yield simple_values.fixed(field)

    def _describe(self, field: Node, schema: Node, kind: str) -> None:
        one = simple_values.single(self._schemas, schema)
        if one is not None:
            self._draft.lose("form-field-single", schema.origin, f"the list `{field['name']}`")
            schema = one
        if not simple_values.describe(self._schemas, field, schema):
            self._draft.lose("form-field-as-text", schema.origin, f"the field `{field['name']}`")
        if kind == "form" and field.get("format") == "binary":
            self._draft.lose("binary-in-object", schema.origin, f"`format: binary` of the field `{field['name']}`")
            del field["format"]
        if kind == "multipart" and field.get("format") == "binary":
            field["type"] = "file"
            del field["format"]
            for key in ("default", "enum", "pattern", "minLength", "maxLength"):
                if key in field:
                    self._draft.lose("parameter-details-dropped", field.place(key), f"`{key}` of a file")
                    del field[key]
