"""Conditions: what an object may have under `if`, `dependentSchemas` or a pattern of names is shown all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exporter.conversion.alternatives import Choice, united
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer

if TYPE_CHECKING:
    from exporter.conversion.schemas import Schemas

CONDITIONAL = frozenset({"then", "else", "dependentSchemas", "patternProperties"})


def offer(schemas: Schemas, node: Node, schema: Object, depth: int) -> None:
    """Add to a converted object what the author's schema says that it has under some condition; nothing is required."""
    if reference_of(node) or node.get("type", "object") != "object":
        return
    if isinstance(schema.get("type"), list) and "type" not in node:
        return
    _add_properties(schemas, node, schema, depth)
    patterns = as_object(schema.get("patternProperties"))
    if patterns:
        _add_patterns(schemas, node, patterns, depth)


def _add_properties(schemas: Schemas, node: Node, schema: Object, depth: int) -> None:
    known = as_object(node.get("properties"))
    more: dict[str, Json] = {}
    for written, where in _conditions(schema, node.origin):
        content = schemas.expanded(schemas.convert(written, where, depth + 1)) or Node(where)
        new = {name: one for name, one in as_object(content.get("properties")).items() if name not in known}
        if new:
            listed = ", ".join(f"`{name}`" for name in new)
            schemas.draft.lose("condition-opened", where, f"{listed[:200]} under a condition")
            more = more | {name: one for name, one in new.items() if name not in more}
    if more:
        node.setdefault("type", "object")
        node["properties"] = {**known, **more}


def _conditions(schema: Object, home: Pointer) -> Iterator[tuple[Json, Pointer]]:
    for key in ("then", "else"):
        if isinstance(schema.get(key), dict):
            yield schema[key], (*home, key)
    for name, written in as_object(schema.get("dependentSchemas")).items():
        if isinstance(written, dict):
            yield written, (*home, "dependentSchemas", name)


def _add_patterns(schemas: Schemas, node: Node, patterns: Object, depth: int) -> None:
    where, rest = (*node.origin, "patternProperties"), node.get("additionalProperties")
    described = [
        schemas.convert(written, (*where, pattern), depth + 1)
        for pattern, written in patterns.items()
        if written is not False
    ]
    if not any(described) and (rest is not False or not described):
        return
    schemas.draft.lose("pattern-properties-opened", where, ", ".join(f"`{pattern[:60]}`" for pattern in patterns)[:200])
    if isinstance(rest, Node):
        described.append(rest)
    choice = Choice((), where, where, depth, quiet=True)
    node.setdefault("type", "object")
    node["additionalProperties"] = True if rest is True else united(schemas, described, choice)
    node.moved["additionalProperties"] = where
