"""Compositions: what holds together (`allOf`, and what stands beside it) is merged into one schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from exporter.conversion.keywords import ANNOTATIONS
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.values import key_of
from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.model.pointers import Pointer

if TYPE_CHECKING:
    from exporter.conversion.schemas import Schemas

COMPOSING = frozenset({"$ref", "allOf", "oneOf", "anyOf"})
# What every object is, so that it says nothing.
_OF_ANY_OBJECT: Object = {"type": "object", "properties": {}}
_EXCLUSIVE = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
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
            return annotated_reference(schemas, own, part)
    if not whole and (reference := _circular(schemas, own, parts)):
        others = [part for part in parts if part is not reference]
        return annotated_reference(schemas, merge(schemas, others, own, own.origin), reference)
    keys = list(schema)
    first = min(keys.index(key) for key in COMPOSING if key in keys)
    own_first = "properties" in keys and keys.index("properties") < first
    return merge(schemas, [own, *parts] if own_first else [*parts, own], own, own.origin)


def _circular(schemas: Schemas, own: Node, parts: list[Node]) -> Node | None:
    """Give the one part that says more than a text, where that is a reference back to where we are."""
    saying = [part for part in (own, *parts) if not _only_annotates(part)]
    alone = len(saying) == 1 and reference_of(saying[0])
    return saying[0] if alone and schemas.expanded(saying[0]) is None else None


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
    # What a definition says about itself is not about the whole, unless it is all there is.
    for content in (*said, *(referred if len(parts) - len(said) == 1 and len(said) <= 1 else ())):
        for key in content:
            if _is_annotation(key) and key not in result:
                result.take(key, content)
    if result.get("type") == "object" and "items" in result and "properties" in result:
        del result["items"]
    return result.sealed()


def _add(schemas: Schemas, result: Node, key: str, content: Node) -> None:
    """Add a keyword of a part that holds too to what holds already."""
    if key in _EXCLUSIVE.values():
        return
    if key in result:
        _tighten(schemas, result, key, content)
    elif key == "properties":
        result[key] = dict(as_object(content[key]))
    else:
        result.take(key, content)
        _copy_exclusive(result, key, content)


def _tighten(schemas: Schemas, result: Node, key: str, content: Node) -> None:
    old, new = result[key], content[key]
    if key in _BOTH:
        value = _BOTH[key](schemas, old, new)
        if value is not None:
            result[key] = value
        elif key == "additionalProperties" and False in (old, new) and _says(old, new):
            schemas.draft.lose("all-of-conflict", result.origin, f"`{key}` of two parts that hold together")
    elif key in _TIGHTER and isinstance(old, (int, float)) and isinstance(new, (int, float)):
        if old != new and _TIGHTER[key](old, new) == new:
            result.take(key, content)
            _copy_exclusive(result, key, content)
    elif key == "type" and {old, new} == {"integer", "number"}:
        result[key] = "integer"
    elif key_of(old) != key_of(new):
        schemas.draft.lose("all-of-conflict", result.origin, f"`{key}` of two parts that hold together")


def _both_required(_schemas: Schemas, old: Json, new: Json) -> Json:
    return list(dict.fromkeys((*as_list(old), *as_list(new))))


def _both_enums(_schemas: Schemas, old: Json, new: Json) -> Json:
    allowed = {key_of(value) for value in as_list(new)}
    return [value for value in as_list(old) if key_of(value) in allowed] or None


def _both_items(schemas: Schemas, old: Json, new: Json) -> Json:
    return _both(schemas, old, new) if isinstance(old, Node) and isinstance(new, Node) else None


def _both_additional(schemas: Schemas, old: Json, new: Json) -> Json:
    """Say what further properties are: a schema says more than `true`, and `false` stays what it is."""
    if isinstance(old, Node) and isinstance(new, Node):
        return _both(schemas, old, new)
    return new if old is True and isinstance(new, Node) else None


def _says(*additional: Json) -> bool:
    """Tell whether one of these describes further properties, rather than forbidding or allowing them."""
    return any(isinstance(one, Node) and one for one in additional)


def _copy_exclusive(result: Node, key: str, content: Node) -> None:
    exclusive = _EXCLUSIVE.get(key)
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
    if _only_annotates(other) and reference_of(one):
        _report_beside(schemas, other)
        return one
    if reference_of(one) or reference_of(other):
        if _only_annotates(one):
            _report_beside(schemas, one)
        else:
            schemas.draft.lose("all-of-conflict", one.origin, "a part that another part describes differently")
        return other
    merged = merge(schemas, [one, other], other, other.origin)
    for key in other:
        if not (_is_annotation(key) or key in _BOTH or key in _TIGHTER or key in _EXCLUSIVE.values()):
            merged.take(key, other)
    return merged.sealed()


def _report_beside(schemas: Schemas, texts: Node) -> None:
    """Report what one part says of a thing for which another part has a reference."""
    if said := [f"`{key}`" for key in texts if key not in _OF_ANY_OBJECT]:
        schemas.draft.lose("reference-siblings-dropped", texts.origin, ", ".join(said))


def annotated_reference(schemas: Schemas, own: Node, part: Node) -> Node:
    """Refer to a definition and say more about it: a small one is copied, a larger one stays a mere reference."""
    if not own:
        part.origin = own.origin
        part.write_only |= own.write_only
        return part
    target = schemas.resolved(part)
    if target and all(reference_of(child) for child in target.children()) and "properties" not in target:
        return merge(schemas, [part, own], own, own.origin)
    schemas.draft.lose("reference-siblings-dropped", own.origin, ", ".join(f"`{key}`" for key in own))
    alone = Node(own.origin, {"$ref": part["$ref"]})
    alone.write_only = own.write_only
    return alone


def without_annotations(node: Node) -> Node:
    """Give a schema without what it says about itself, for one that holds the rest of it too."""
    rest = Node(node.origin)
    for key in node:
        if not _is_annotation(key):
            rest.take(key, node)
    return rest.sealed()


def _is_annotation(key: str) -> bool:
    return key in ANNOTATIONS or key.startswith("x-")


def _only_annotates(node: Node) -> bool:
    """Tell whether a schema only says something about a value, or that it is an object, as its reference does anyway."""
    return all(_is_annotation(key) or (key in _OF_ANY_OBJECT and node[key] == _OF_ANY_OBJECT[key]) for key in node)


# How a keyword of two parts that both hold becomes one; None leaves the first one as it is.
_BOTH: dict[str, Callable[[Schemas, Json, Json], Json]] = {
    "properties": _both_properties,
    "required": _both_required,
    "enum": _both_enums,
    "items": _both_items,
    "additionalProperties": _both_additional,
}
