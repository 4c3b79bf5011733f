"""Schemas: each of the author's becomes one of Swagger 2.0; references stay references."""

from __future__ import annotations

from collections.abc import Callable

from exporter.conversion import scalars
from exporter.conversion.alternatives import Choice, union
from exporter.conversion.composition import COMPOSING, compose, without_annotations
from exporter.conversion.conditions import CONDITIONAL, offer
from exporter.conversion.draft import Draft
from exporter.conversion.keywords import PASSING, SILENT, VALIDATING, external_docs, xml
from exporter.conversion.names import SCHEMAS
from exporter.conversion.nodes import Node
from exporter.conversion.references import Target, reference_of
from exporter.conversion.values import is_number
from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.model.pointers import Pointer

# Power Fx stops at 30 levels; the deepest schema of a thousand real connectors has 14.
DEEPEST = 30
# Merging follows references while it converts: no more than this many schemas are open at once.
_MOST_OPEN = 60
# Schemas copied by merging, all together: Microsoft Graph, the largest definition there is, needs 240,000.
_MOST_COPIES = 400_000
# Schemas that one `allOf` puts together; each is merged into all before it.
_MOST_PARTS = 1_000


class Schemas:
    """Converts schemas and keeps the definitions; each schema of the author is converted once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._sources: dict[str, Target] = {}
        self._done: dict[str, Node] = {}
        self._open: set[str] = set()
        self._depth = 0
        self._copies = 0
        self._children: dict[Pointer, frozenset[Pointer]] = {}
        """Which schemas another one refers to as its alternatives."""
        self._bases: dict[Pointer, Node | None] = {}
        schemas = as_object(as_object(draft.document.get("components")).get("schemas"))
        for name, schema in schemas.items():
            pointer = (*SCHEMAS, name)
            self._sources[draft.names.known(pointer) or name] = Target(pointer, schema)

    def definitions(self) -> dict[str, Node]:
        """Convert what is still to convert, and give all definitions: the author's in their order, then ours."""
        while len(self._done) < len(self._sources):
            for name in [name for name in self._sources if name not in self._done]:
                self.definition(name)
        return {name: self._done[name] for name in self._sources}

    def definition(self, name: str) -> Node | None:
        """Give a definition, converted; None while it is being converted, or too far down to begin it."""
        if name in self._done:
            return self._done[name]
        if name in self._open or self._depth > _MOST_OPEN - DEEPEST or name not in self._sources:
            return None
        self._open.add(name)
        pointer, schema = self._sources[name]
        self._done[name] = self.convert(schema, pointer, whole=True)
        self._open.discard(name)
        return self._done[name]

    def resolved(self, node: Node) -> Node:
        """Give a schema of the output, or the definition that it refers to."""
        name = reference_of(node).rpartition("/")[2]
        return (self.definition(name) or Node(node.origin)) if name else node

    def expanded(self, node: Node) -> Node | None:
        """Give what a part of a composition holds; None where it leads back to where we are, or is too much to copy."""
        name = reference_of(node).rpartition("/")[2]
        target = self.definition(name) if name else node
        if target is None:
            return None
        self._copies += target.size if name else 0
        return target if self._copies <= _MOST_COPIES else None

    def convert(self, schema: Json, where: Pointer, depth: int = 0, *, whole: bool = False) -> Node:
        """
        Convert one schema.

        Takes the schema, its place, how deep it is nested, and whether it is a definition (which is no reference).
        """
        if isinstance(schema, bool):
            if not schema:
                self.draft.lose("schema-false-opened", where, "`false`")
            return Node(where)
        if not isinstance(schema, dict):
            self.draft.lose("not-a-schema", where, f"something that is no schema ({type(schema).__name__})")
            return Node(where)
        if depth > DEEPEST or self._depth > _MOST_OPEN:
            self.draft.lose("schema-too-deep", where, f"a schema nested more than {DEEPEST} levels deep")
            return Node(where)
        self._depth += 1
        own = self._own(schema, where, depth)
        simple = COMPOSING.isdisjoint(schema)
        node = own if simple else compose(self, own, self._parts(schema, where, depth), schema, whole=whole)
        if not CONDITIONAL.isdisjoint(schema):
            offer(self, node, schema, depth)
        self._depth -= 1
        return node.sealed()

    def reference(self, reference: str, where: Pointer) -> Node:
        """Refer to the definition that a `$ref` of the author leads to; it is made if need be."""
        target = self.draft.references.find(reference)
        if target is None or not target.pointer:
            self.draft.lose("reference-dangling", where, f"`$ref: {reference}`")
            return Node(where)
        name = self.draft.names.known(target.pointer)
        if name is None:
            name = self.draft.names.invent(target.pointer)
            self._sources[name] = target
        return Node(where, {"$ref": f"#/definitions/{name}"})

    def _parts(self, schema: Object, where: Pointer, depth: int) -> list[Node]:
        parts = [self.reference(reference, where)] if (reference := reference_of(schema)) else []
        members = as_list(schema.get("allOf"))
        if len(members) > _MOST_PARTS:
            self.draft.lose("merge-cut", (*where, "allOf"), f"`allOf` of {len(members):,} schemas")
        for number, member in enumerate(members[:_MOST_PARTS]):
            base = self._base(member, where)
            parts += [self.convert(member, (*where, "allOf", str(number)), depth + 1) if base is None else base]
        for keyword in ("oneOf", "anyOf"):
            if members := as_list(schema.get(keyword)):
                parts.append(union(self, Choice(members, (*where, keyword), where, depth)))
        return parts

    def _base(self, member: Json, where: Pointer) -> Node | None:
        """Give what a child inherits of a parent that lists it among its alternatives: all but these."""
        target = self.draft.references.find(reference_of(member)) if reference_of(member) else None
        if target is None:
            return None
        place, value = target.pointer, as_object(target.value)
        if place not in self._children:
            listed = [one for key in ("oneOf", "anyOf") for one in as_list(value.get(key))]
            found = [self.draft.references.find(reference) for one in listed if (reference := reference_of(one))]
            self._children[place] = frozenset(one.pointer for one in found if one)
        if where not in self._children[place]:
            return None
        if place not in self._bases:
            self._bases[place] = None  # whoever leads back to it meanwhile refers to it as anybody does
            base = self.convert({key: one for key, one in value.items() if key not in {"oneOf", "anyOf"}}, place, 1)
            self._bases[place] = without_annotations(base)
        base_of = self._bases[place]
        self._copies += base_of.size if base_of else 0
        return base_of if self._copies <= _MOST_COPIES else None

    def _own(self, schema: Object, where: Pointer, depth: int) -> Node:
        node = Node(where)
        scalars.read_type(self.draft, node, schema)
        for key, value in schema.items():
            if key in PASSING:
                self._passing(node, key, value)
            elif key in _HANDLERS:
                _HANDLERS[key](self, node, value, depth)
        if not schema.keys() <= _SAID:
            others = [key for key in schema if key not in _KNOWN]
            if others:
                node.update(self.draft.extensions(schema, where))
            self._report_others(schema, where, others)
        scalars.finish_type(self.draft, node, schema)
        return node

    def _passing(self, node: Node, key: str, value: Json) -> None:
        if PASSING[key](value):
            if key in node.moved:
                del node.moved[key]
                self.draft.lose("examples-dropped", (*node.origin, "examples"), "`examples` beside an `example`")
            node[key] = value
        elif value is not None or key != "default":
            kind = "pattern-dropped" if key == "pattern" and isinstance(value, str) else "keyword-invalid"
            self.draft.lose(kind, (*node.origin, key), f"`{key}: {_shown(value)}`")

    def _report_others(self, schema: Object, where: Pointer, others: list[str]) -> None:
        """Report the keywords that Swagger 2.0 lacks, those that nobody knows, and compositions of nothing."""
        if not VALIDATING.isdisjoint(schema):
            self.draft.lose("validation-dropped", where, _listed([key for key in schema if key in VALIDATING]))
        if unknown := [key for key in others if not key.startswith("x-")]:
            self.draft.lose("keyword-unknown", where, _listed(unknown))
        if COMPOSING.isdisjoint(schema):
            return
        if "$ref" in schema and not reference_of(schema):
            self.draft.lose("keyword-invalid", (*where, "$ref"), "`$ref` that is no text")
        for key in ("allOf", "oneOf", "anyOf"):
            if key in schema and not as_list(schema[key]):
                self.draft.lose("keyword-invalid", (*where, key), f"`{key}` without members")

    def _properties(self, node: Node, value: Json, depth: int) -> None:
        where = (*node.origin, "properties")
        if not isinstance(value, dict):
            self.draft.lose("keyword-invalid", where, "`properties` that is no object")
            return
        found: dict[str, Json] = {}
        for name, schema in value.items():
            if schema is False:
                self.draft.lose("property-never-dropped", (*where, name), f"the property `{name}: false`")
                continue
            found[name] = self.convert(schema, (*where, name), depth + 1)
        node["properties"] = found

    def _items(self, node: Node, value: Json, depth: int) -> None:
        where = (*node.origin, "items")
        if isinstance(value, list):
            self._tuple(node, "items", value, depth)
        elif "prefixItems" not in node.moved:
            node["items"] = self.convert(value, where, depth + 1)

    def _prefix_items(self, node: Node, value: Json, depth: int) -> None:
        self._tuple(node, "prefixItems", value, depth)

    def _tuple(self, node: Node, key: str, value: Json, depth: int) -> None:
        where = (*node.origin, key)
        members = as_list(value)
        self.draft.lose("tuple-merged", where, f"`{key}` with a schema for each of {len(members)} places")
        node["items"] = union(self, Choice(members, where, where, depth, quiet=True)) if members else Node(where)
        node.moved["prefixItems"] = where

    def _additional(self, node: Node, value: Json, depth: int) -> None:
        where = (*node.origin, "additionalProperties")
        node["additionalProperties"] = value if isinstance(value, bool) else self.convert(value, where, depth + 1)

    def _required(self, node: Node, value: Json, _depth: int) -> None:
        names = list(dict.fromkeys(name for name in as_list(value) if isinstance(name, str)))
        if names:
            node["required"] = names
        elif value != []:
            self.draft.lose("keyword-invalid", (*node.origin, "required"), f"`required: {_shown(value)}`")

    def _examples(self, node: Node, value: Json, _depth: int) -> None:
        examples = as_list(value) or list(as_object(value).values())
        others = len(examples)
        if examples and "example" not in node:
            node["example"] = examples[0]
            node.moved["example"] = (*node.origin, "examples", "0")
            others -= 1
        if others:
            self.draft.lose("examples-dropped", (*node.origin, "examples"), f"{others} of the `examples` of a schema")

    def _write_only(self, node: Node, value: Json, _depth: int) -> None:
        node.write_only = value is True

    def _deprecated(self, node: Node, value: Json, _depth: int) -> None:
        if value is True:
            self.draft.lose("deprecated-dropped", node.origin, "`deprecated: true` on a schema")

    def _discriminator(self, node: Node, _value: Json, _depth: int) -> None:
        self.draft.lose("discriminator-dropped", (*node.origin, "discriminator"), "`discriminator`")

    def _external_docs(self, node: Node, value: Json, _depth: int) -> None:
        if link := external_docs(self.draft, value, (*node.origin, "externalDocs")):
            node["externalDocs"] = link

    def _xml(self, node: Node, value: Json, _depth: int) -> None:
        if names := xml(self.draft, value, (*node.origin, "xml")):
            node["xml"] = names

    def _dynamic(self, node: Node, _value: Json, _depth: int) -> None:
        self.draft.lose("dynamic-reference-opened", node.origin, "a dynamic reference")


# ruff: noqa: SLF001 - this table belongs to the class
_HANDLERS: dict[str, Callable[[Schemas, Node, Json, int], None]] = {
    "properties": Schemas._properties,
    "items": Schemas._items,
    "prefixItems": Schemas._prefix_items,
    "additionalProperties": Schemas._additional,
    "required": Schemas._required,
    "examples": Schemas._examples,
    "writeOnly": Schemas._write_only,
    "deprecated": Schemas._deprecated,
    "discriminator": Schemas._discriminator,
    "externalDocs": Schemas._external_docs,
    "xml": Schemas._xml,
    "$dynamicRef": Schemas._dynamic,
    "$recursiveRef": Schemas._dynamic,
}


_SAID = frozenset((*PASSING, *_HANDLERS, *scalars.HANDLED))
"""The keywords that Swagger 2.0 has, or nearly; most schemas have no others."""
_KNOWN = _SAID.union(VALIDATING, SILENT)


def _listed(keywords: list[str]) -> str:
    return ", ".join(f"`{keyword}`" for keyword in keywords)


def _shown(value: Json) -> str:
    return repr(value)[:40] if isinstance(value, str) or is_number(value) else type(value).__name__
