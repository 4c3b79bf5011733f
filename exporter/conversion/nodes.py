"""A part of the connector definition that is being made: a JSON object that knows where the author wrote it."""

from __future__ import annotations

from exporter.model.json_values import Json, Object, as_list
from exporter.model.pointers import Pointer

_HOLDING = frozenset(
    ("paths", "definitions", "properties", "parameters", "responses", "headers", "securityDefinitions")
)
"""What may hold nodes without being one; examples, defaults and the like are the author's, and taken whole."""
_SCHEMAS = frozenset({"items", "additionalProperties", "properties"})


class Node(dict[str, Json]):
    """An object of the output; only the conversion that made it may change it."""

    __slots__ = ("moved", "origin", "size", "write_only")

    def __init__(self, origin: Pointer, values: dict[str, Json] | None = None) -> None:
        if values:
            super().__init__(values)
        self.origin = origin
        """Where it stands in the author's document."""
        self.moved: dict[str, Pointer] = {}
        """By keyword: where its value stands, if that is not simply below `origin`."""
        self.size = 1
        """How many schemas it holds, itself included, references not followed."""
        self.write_only = False
        """Whether the author said that it is only sent, never received."""

    def take(self, key: str, source: Node) -> None:
        """Take over one keyword of another node, and remember where it was written."""
        self[key] = source[key]
        self.moved[key] = source.place(key)

    def place(self, key: str) -> Pointer:
        """Tell where the value of a keyword stands in the author's document."""
        return self.moved.get(key) or (*self.origin, key)

    def children(self) -> list[Node]:
        """List the schemas right below a schema, in their order."""
        if _SCHEMAS.isdisjoint(self):
            return []
        found = [value for key in ("items", "additionalProperties") if isinstance(value := self.get(key), Node)]
        properties = self.get("properties")
        if isinstance(properties, dict):
            found += [value for value in properties.values() if isinstance(value, Node)]
        return found

    def is_leaf(self) -> bool:
        """Tell whether nothing is below it that may have been written somewhere else."""
        return not self.moved and _CONTAINERS.isdisjoint(map(type, self.values()))

    def sealed(self) -> Node:
        """Count the schemas in it, now that it is complete."""
        self.size = 1 + sum([child.size for child in self.children()])
        return self


_CONTAINERS = frozenset({Node, dict, list})


def holding(value: Json) -> list[tuple[str, Json]]:
    """List the members of a part that are nodes, or may hold some."""
    if isinstance(value, Node):
        return [
            (key, member)
            for key, member in value.items()
            if (kind := type(member)) is Node or ((kind is dict or kind is list) and key in _HOLDING)
        ]
    if isinstance(value, dict):
        return [(key, member) for key, member in value.items() if isinstance(member, (dict, list))]
    return [(str(number), member) for number, member in enumerate(as_list(value)) if isinstance(member, Node)]


def plain(value: Json) -> Json:
    """Give a finished part as the JSON it is: plain objects and lists, as if they had been read from a file."""
    if isinstance(value, dict):
        return {**value, **{key: plain(member) for key, member in holding(value)}}
    if isinstance(value, list):
        return [plain(member) if isinstance(member, Node) else member for member in value]
    return value


def given_up(document: Node) -> Object:
    """Give a finished document as plain JSON, and take it apart meanwhile: so large a thing is not there twice."""
    made: dict[str, Json] = {}
    for key, section in document.items():
        if isinstance(section, dict) and key in _HOLDING:
            made[key] = parts = dict.fromkeys(section)
            for name in parts:
                parts[name] = plain(section.pop(name))
        else:
            made[key] = plain(section)
    return made
