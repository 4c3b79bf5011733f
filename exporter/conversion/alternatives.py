"""Alternatives: `oneOf` and `anyOf` become one schema that offers what all of their members offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from exporter.conversion.composition import annotated_reference, merge
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.values import distinct, key_of
from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.model.pointers import Pointer

if TYPE_CHECKING:
    from exporter.conversion.schemas import Schemas


# Where the members of a union hold unions again, and so on; and of one that becomes very large that way.
_DEEPEST = 4
_DEEPEST_LARGE = 1
_LARGE = 200
# What is said of objects only, also where their type is not.
_OF_OBJECTS = frozenset({"required", "minProperties", "maxProperties"})


class Choice(NamedTuple):
    """Schemas of which one, or any, holds."""

    members: Sequence[Json]
    where: Pointer
    """Where the list of them stands."""
    home: Pointer
    """Where the schema stands that they belong to."""
    depth: int
    quiet: bool = False
    """Whether the loss is reported already."""


def union(schemas: Schemas, choice: Choice) -> Node:
    """Make one schema of the members of a `oneOf` or `anyOf`."""
    converted = [
        schemas.convert(member, (*choice.where, str(number)), choice.depth + 1)
        for number, member in enumerate(choice.members)
        if member is not False and not _is_null(member)
    ]
    result = united(schemas, converted, choice)
    if any(_is_null(member) for member in choice.members):
        if reference_of(result):
            result = annotated_reference(schemas, Node(choice.home, {"x-nullable": True}), result)
        else:
            result["x-nullable"] = True
    return result.sealed()


def united(schemas: Schemas, converted: list[Node], choice: Choice) -> Node:
    """Make one schema of several that are converted already."""
    members = _different(converted)
    if len(members) == 1 and reference_of(members[0]):
        return members[0]
    if len(members) <= 1:
        return merge(schemas, members, members[0] if members else None, choice.home)
    known = [content for member in members if (content := schemas.expanded(member)) is not None]
    whole = len(known) == len(members)
    kind = _common_type(known) if whole else ""
    if kind and all("enum" in content for content in known):
        return _union_of_values(schemas, known, choice, kind)
    demands = whole and all(set(content) <= {"required"} for content in known)
    if not choice.quiet:
        loss = "one-of-merged" if kind or demands else "one-of-opened"
        schemas.draft.lose(loss, choice.where, f"`{choice.where[-1]}` of {len(members)} schemas")
    result = _Uniting(schemas, choice, _DEEPEST).schema(known, kind, choice.home, ())
    if result.size > _LARGE:  # a body holds 512 schemas at most, references followed
        result = _Uniting(schemas, choice, _DEEPEST_LARGE).schema(known, kind, choice.home, ())
    return result


def _common_type(contents: Sequence[Node]) -> str:
    kinds = {as_text(content.get("type")) for content in contents}
    if kinds == {"integer", "number"}:
        return "number"
    if kinds == {"object", ""} and all("type" in one or (one and one.keys() <= _OF_OBJECTS) for one in contents):
        return "object"
    return kinds.pop() if len(kinds) == 1 else ""


def _union_of_values(schemas: Schemas, known: list[Node], choice: Choice, kind: str) -> Node:
    """Make one enumeration; single values with a title (`oneOf` of `const`) keep it as the name that makers see."""
    values = distinct(value for content in known for value in as_list(content["enum"]))
    result = Node(choice.home, {"type": kind, "enum": values})
    if kind == "array":
        result["items"] = Node(choice.home)
    singles = all(len(as_list(content["enum"])) == 1 for content in known)
    names = [as_text(content.get("title")) or as_text(content.get("description")) for content in known]
    if singles and all(names) and len(values) == len(known):
        result["x-ms-enum-values"] = [{"value": v, "displayName": n} for v, n in zip(values, names, strict=True)]
    elif not singles and not choice.quiet:
        schemas.draft.lose("one-of-merged", choice.where, f"`{choice.where[-1]}` of {len(known)} enumerations")
    return result


class _Uniting:
    """Makes one schema of several, and of what they hold inside of each other; `path` says how far inside."""

    def __init__(self, schemas: Schemas, choice: Choice, deepest: int) -> None:
        self._schemas = schemas
        self._choice = choice
        self._deepest = deepest

    def schema(self, known: Sequence[Node], kind: str, home: Pointer, path: tuple[str, ...]) -> Node:
        """Describe what schemas of one type have in common, and all that any of them offers."""
        result = Node(home, {"type": kind} if kind else {})
        if kind == "object":
            self._object(result, known, path)
        elif kind == "array":
            items = [item for content in known if isinstance(item := content.get("items"), Node)]
            result["items"] = self._part(items, (*path, "items")) if items else Node((*home, "items"))
        elif kind and all("enum" in content for content in known):
            result["enum"] = distinct(value for content in known for value in as_list(content["enum"]))
            result.moved["enum"] = known[0].place("enum")
        if kind and len({as_text(content.get("format")) for content in known}) == 1 and "format" in known[0]:
            result.take("format", known[0])
        if any(content.get("x-nullable") is True for content in known):
            result["x-nullable"] = True
        return result.sealed()

    def _object(self, result: Node, known: Sequence[Node], path: tuple[str, ...]) -> None:
        offered: dict[str, list[Node]] = {}
        for content in known:
            for name, schema in as_object(content.get("properties")).items():
                if isinstance(schema, Node):
                    offered.setdefault(name, []).append(schema)
        if offered:
            result["properties"] = {name: self._part(nodes, (*path, name)) for name, nodes in offered.items()}
        counts = Counter(name for content in known for name in as_list(content.get("required")))
        required = [name for name in as_list(known[0].get("required")) if counts[name] == len(known)]
        if required:
            result["required"] = required
        maps = [extra for content in known if isinstance(extra := content.get("additionalProperties"), Node)]
        if maps:
            result["additionalProperties"] = self._part(maps, (*path, "additionalProperties"))

    def _part(self, described: list[Node], path: tuple[str, ...]) -> Node:
        """Say what a part is that the members of a union may describe differently."""
        nodes = _different(described)
        if len(nodes) == 1:
            return nodes[0]
        known = [content for node in nodes if (content := self._schemas.expanded(node)) is not None]
        kind = _common_type(known) if len(known) == len(nodes) and len(path) <= self._deepest else ""
        if not kind and not self._choice.quiet:
            where = self._choice.where
            what = f"`{'.'.join(path)[:100]}`, which the schemas of `{where[-1]}` describe differently"
            self._schemas.draft.lose("one-of-opened", where, what)
        result = self.schema(known, kind, nodes[0].origin, path)
        for key in ("title", "description"):
            if known and key in known[0]:
                result.take(key, known[0])
        return result


def _is_null(member: Json) -> bool:
    schema = as_object(member)
    return (
        schema.get("type") in ("null", ["null"])
        or ("const" in schema and schema["const"] is None)
        or ("enum" in schema and schema["enum"] == [None])
    )


def _different(nodes: list[Node]) -> list[Node]:
    """Leave out what is there already; only what is alike at a glance is looked at as a whole."""
    if len(nodes) == 1:
        return nodes
    glances = [(frozenset(node), node.get("$ref"), node.get("description")) for node in nodes]
    counts = Counter(glances)
    found: dict[Hashable, Node] = {}
    for glance, node in zip(glances, nodes, strict=True):
        found.setdefault(glance if counts[glance] == 1 else key_of(node), node)
    return list(found.values())
