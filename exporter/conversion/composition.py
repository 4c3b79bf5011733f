"""Compositions: `allOf` is merged, `oneOf` and `anyOf` become the union of what they offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from exporter.conversion.keywords import ANNOTATIONS
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.values import distinct, key_of
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

if TYPE_CHECKING:
    from exporter.conversion.schemas import Schemas

_COMPOSING = ("$ref", "allOf", "oneOf", "anyOf")
_TIGHTER = {
    "minimum": max,
    "minLength": max,
    "minItems": max,
    "minProperties": max,
    "maximum": min,
    "maxLength": min,
    "maxItems": min,
    "maxProperties": min,
}


def compose(schemas: Schemas, own: Node, parts: list[Node], schema: Object, *, whole: bool) -> Node:
    """Put together what a schema says itself and what the parts of its compositions say."""
    if not parts:
        return own
    if len(parts) == 1 and not whole and _only_annotates(own):
        part = parts[0]
        if reference_of(part):
            return _annotated_reference(schemas, own, part)
    keys = list(schema)
    first = min(keys.index(key) for key in _COMPOSING if key in keys)
    own_first = "properties" in keys and keys.index("properties") < first
    return merge(schemas, [own, *parts] if own_first else [*parts, own], own, own.origin)


def merge(schemas: Schemas, parts: Sequence[Node], chief: Node | None, where: Pointer) -> Node:
    """
    Merge schemas that all hold (`allOf`) into one.

    What they say *about* a value is taken from the chief, then from what is written in place, then from references.
    """
    result = Node(where)
    said: list[Node] = [chief] if chief is not None else []
    referred: list[Node] = []
    for part in parts:
        content = schemas.expanded(part)
        if content is None:
            schemas.draft.lose("merge-cut", where, f"a composition with `{reference_of(part)}` in it")
            continue
        if part is not chief:
            (referred if reference_of(part) else said).append(content)
        result.write_only |= content.write_only and part is chief
        for key in content:
            if not _is_annotation(key):
                _add(schemas, result, key, content)
    for content in (*said, *referred):
        for key in content:
            if _is_annotation(key) and key not in result:
                result.take(key, content)
    if result.get("type") == "object" and "items" in result and "properties" in result:
        del result["items"]
    return result.sealed()


def union(
    schemas: Schemas, members: Sequence[Json], where: Pointer, depth: int, home: Pointer, *, quiet: bool = False
) -> Node:
    """
    Make one schema of several of which one, or any, holds (`oneOf`, `anyOf`).

    Takes the members, where they stand, how deep, and where the schema stands that they belong to; `quiet` where the
    loss is reported already.
    """
    converted = [
        schemas.convert(member, (*where, str(number)), depth + 1)
        for number, member in enumerate(members)
        if member is not False and not _is_null(member)
    ]
    result = _union(schemas, _different(converted), where, home, quiet=quiet)
    if any(_is_null(member) for member in members):
        if reference_of(result):
            result = _annotated_reference(schemas, Node(home, {"x-nullable": True}), result)
        else:
            result["x-nullable"] = True
    return result.sealed()


def _union(schemas: Schemas, members: list[Node], where: Pointer, home: Pointer, *, quiet: bool) -> Node:
    if not members:
        return Node(home)
    if len(members) == 1:
        return merge(schemas, members, members[0], home) if not reference_of(members[0]) else members[0]
    contents = [schemas.expanded(member) for member in members]
    known = [content for content in contents if content is not None]
    kinds = {as_text(content.get("type")) for content in known} if len(known) == len(contents) else {""}
    requirements = all(set(content) <= {"required"} for content in known) and len(known) == len(contents)
    if kinds <= {"integer", "number"}:
        kinds = {"number"} if "number" in kinds else {"integer"}
    if len(kinds) == 1 and all("enum" in content for content in known) and "" not in kinds:
        return _union_of_values(schemas, known, where, home, kinds.pop(), quiet=quiet)
    if not quiet:
        kind = "one-of-merged" if requirements or (len(kinds) == 1 and "" not in kinds) else "one-of-opened"
        schemas.draft.lose(kind, where, f"`{where[-1]}` of {len(members)} schemas")
    result = Node(home, {"type": kinds.copy().pop()} if len(kinds) == 1 and "" not in kinds else {})
    if result.get("type") == "object":
        _unite_objects(schemas, result, known)
    elif result.get("type") == "array":
        items = [content["items"] for content in known if isinstance(content.get("items"), Node)]
        nodes = _different([item for item in items if isinstance(item, Node)])
        result["items"] = nodes[0] if len(nodes) == 1 else Node((*home, "items"))
    elif result.get("type") and len({content.get("format") for content in known}) == 1 and "format" in known[0]:
        result.take("format", known[0])
    if any(content.get("x-nullable") is True for content in known):
        result["x-nullable"] = True
    return result


def _union_of_values(
    schemas: Schemas, known: list[Node], where: Pointer, home: Pointer, kind: str, *, quiet: bool
) -> Node:
    """Make one enumeration; single values with a title (`oneOf` of `const`) keep it as the name that makers see."""
    values = distinct(value for content in known for value in as_list(content["enum"]))
    result = Node(home, {"type": kind, "enum": values})
    if kind == "array":
        result["items"] = Node(home)
    singles = all(len(as_list(content["enum"])) == 1 for content in known)
    names = [as_text(content.get("title")) or as_text(content.get("description")) for content in known]
    if singles and all(names) and len(values) == len(known):
        result["x-ms-enum-values"] = [{"value": v, "displayName": n} for v, n in zip(values, names, strict=True)]
    elif not singles and not quiet:
        schemas.draft.lose("one-of-merged", where, f"`{where[-1]}` of {len(known)} enumerations")
    return result


def _unite_objects(schemas: Schemas, result: Node, known: list[Node]) -> None:
    properties: dict[str, Json] = {}
    for content in known:
        for name, schema in as_object(content.get("properties")).items():
            if name not in properties:
                properties[name] = schema
            elif key_of(properties[name]) != key_of(schema):
                properties[name] = _either(schemas, properties[name], schema)
    if properties:
        result["properties"] = properties
    everywhere = [set(as_list(content.get("required"))) for content in known]
    required = [name for name in as_list(known[0].get("required")) if all(name in names for names in everywhere)]
    if required:
        result["required"] = required
    extra = [content.get("additionalProperties") for content in known]
    chosen = next((one for one in extra if isinstance(one, Node)), None)
    if not properties and chosen is not None:
        result["additionalProperties"] = chosen


def _either(schemas: Schemas, one: Json, other: Json) -> Node:
    """Say what a property is that two members of a union describe differently."""
    if not isinstance(one, Node) or not isinstance(other, Node):
        return Node(())
    left, right = schemas.resolved(one), schemas.resolved(other)
    result = Node(one.origin)
    kind = as_text(left.get("type"))
    if kind in {"string", "integer", "number", "boolean"} and kind == right.get("type"):
        result["type"] = kind
        if "enum" in left and "enum" in right:
            result["enum"] = distinct((*as_list(left["enum"]), *as_list(right["enum"])))
            result.moved["enum"] = left.place("enum")
    else:
        schemas.draft.lose("one-of-opened", one.origin, "a property that the members of a union describe differently")
    for key in ("title", "description"):
        if key in left:
            result.take(key, left)
    return result


def _add(schemas: Schemas, result: Node, key: str, content: Node) -> None:
    if key in {"exclusiveMinimum", "exclusiveMaximum"}:
        return
    if key not in result:
        if key == "properties":
            result[key] = dict(as_object(content[key]))
        else:
            result.take(key, content)
        _copy_exclusive(result, key, content)
        return
    old, new = result[key], content[key]
    if key == "properties":
        result[key] = _both_properties(schemas, old, new)
    elif key == "required":
        result[key] = list(dict.fromkeys((*as_list(old), *as_list(new))))
    elif key in _TIGHTER and isinstance(old, (int, float)) and isinstance(new, (int, float)):
        if old != new and _TIGHTER[key](old, new) == new:
            result.take(key, content)
            _copy_exclusive(result, key, content)
    elif key == "enum":
        allowed = {key_of(value) for value in as_list(new)}
        common = [value for value in as_list(old) if key_of(value) in allowed]
        if common:
            result[key] = common
    elif key == "type" and {old, new} == {"integer", "number"}:
        result[key] = "integer"
    elif key == "items" and isinstance(old, Node) and isinstance(new, Node):
        result[key] = _both(schemas, old, new)
    elif key not in {"additionalProperties", "x-nullable"} and key_of(old) != key_of(new):
        schemas.draft.lose("all-of-conflict", result.origin, f"`{key}` of two parts that hold together")


def _copy_exclusive(result: Node, key: str, content: Node) -> None:
    exclusive = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(key)
    if exclusive:
        result.pop(exclusive, None)
        if exclusive in content:
            result.take(exclusive, content)


def _both_properties(schemas: Schemas, old: Json, new: Json) -> dict[str, Json]:
    merged = dict(as_object(old))
    for name, schema in as_object(new).items():
        if name in merged:
            one = merged[name]
            if isinstance(one, Node) and isinstance(schema, Node):
                merged[name] = _both(schemas, one, schema)
        else:
            merged[name] = schema
    return merged


def _both(schemas: Schemas, one: Node, other: Node) -> Node:
    """Say what a thing is that two parts describe; the later part refines the earlier one."""
    if one == other or not other:
        return one
    if not one:
        return other
    if reference_of(one) or reference_of(other):
        if reference_of(other) or not _only_annotates(other):
            if not _only_annotates(one):
                schemas.draft.lose("all-of-conflict", other.origin, "a property that two parts describe differently")
            return other
        return one
    merged = merge(schemas, [other, one], other, other.origin)
    if "type" in other:
        merged.take("type", other)
    return merged


def _annotated_reference(schemas: Schemas, own: Node, part: Node) -> Node:
    """Refer to a definition and say more about it: a small one is copied, a larger one stays a mere reference."""
    if not own:
        part.origin = own.origin
        return part
    target = schemas.resolved(part)
    if target and all(reference_of(child) for child in target.children()) and "properties" not in target:
        return merge(schemas, [part, own], own, own.origin)
    schemas.draft.lose("reference-siblings-dropped", own.origin, ", ".join(f"`{key}`" for key in own))
    alone = Node(own.origin, {"$ref": part["$ref"]})
    alone.write_only = own.write_only
    return alone


def _is_annotation(key: str) -> bool:
    return key in ANNOTATIONS or key.startswith("x-")


def _only_annotates(node: Node) -> bool:
    """Tell whether a schema only says something about a value (or the type that its reference has anyway)."""
    return all(_is_annotation(key) or (key == "type" and node[key] == "object") for key in node)


def _is_null(member: Json) -> bool:
    schema = as_object(member)
    return (
        schema.get("type") in ("null", ["null"])
        or ("const" in schema and schema["const"] is None)
        or ("enum" in schema and schema["enum"] == [None])
    )


def _different(nodes: list[Node]) -> list[Node]:
    return list({key_of(node): node for node in reversed(nodes)}.values())[::-1]
