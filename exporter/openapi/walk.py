"""Walks through a definition: its operations, its references, and what they lead to; never lost, never in circles."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer, item_index, parse_pointer
from exporter.openapi.grammar import GRAMMAR, METHODS, ONE, Member, member

MOST_HOPS = 100
"""References that lead to references; whoever has more goes in circles."""

Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""The way from the root to a value, as a chain: a pointer is only made of it where somebody asks."""


def pointer_of(trail: Trail) -> Pointer:
    """
    Make a pointer of a trail.

    >>> pointer_of(((None, "a"), 0))
    ('a', '0')
    """
    segments: list[str] = []
    while trail is not None:
        trail, segment = trail
        segments.append(str(segment))
    return tuple(reversed(segments))


def is_reference(value: Json) -> bool:
    """
    Tell whether an object is a reference; a property that is named `$ref` is none, as its value is no text.

    >>> is_reference({"$ref": "#/definitions/A"}), is_reference({"$ref": {"type": "string"}})
    (True, False)
    """
    return isinstance(value, dict) and isinstance(value.get("$ref"), str)


def internal_pointer(reference: str) -> Pointer | None:
    """
    Read a reference into the same document; None for one that leads elsewhere (RFC 6901, section 6).

    >>> internal_pointer("#/paths/~1orders~1%7Bid%7D"), internal_pointer("other.yaml#/a")
    (('paths', '/orders/{id}'), None)
    """
    fragment = fragment_of(reference)
    return None if fragment is None else parse_pointer(fragment)


def fragment_of(reference: str) -> str | None:
    """
    Give what a reference into the same document says behind its `#`, percent-encoded or not; None for any other.

    >>> fragment_of("#/definitions/Order%20line"), fragment_of("#anchor"), fragment_of("other.yaml#/a")
    ('/definitions/Order line', 'anchor', None)
    """
    if not reference.startswith("#"):
        return None
    if "%" not in reference:
        return reference[1:]
    from urllib.parse import unquote

    return unquote(reference[1:])


def look_up(document: Json, pointer: Pointer) -> tuple[bool, Json]:
    """
    Tell whether a pointer leads somewhere, and where to.

    >>> look_up({"a": [None]}, ("a", "0")), look_up({"a": [None]}, ("a", "1"))
    ((True, None), (False, None))
    """
    value = document
    for segment in pointer:
        if isinstance(value, dict) and segment in value:
            value = value[segment]
        elif isinstance(value, list) and (index := item_index(segment, len(value))) >= 0:
            value = value[index]
        else:
            return False, None
    return True, value


def resolve(document: Object, value: Json) -> Json:
    """Follow references inside the document until there is none; None where they lead nowhere or in circles."""
    return locate(document, (), value)[1]


def locate(document: Object, pointer: Pointer, value: Json) -> tuple[Pointer, Json]:
    """Like `resolve`, for a value that stands at a pointer: gives also the pointer of what it found."""
    for _ in range(MOST_HOPS):
        if not isinstance(value, dict):
            break
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return pointer, value
        target = internal_pointer(reference)
        if target is None:
            return pointer, None
        pointer, value = target, look_up(document, target)[1]
    else:
        return pointer, None
    return pointer, value


Step: TypeAlias = "tuple[Trail, Json, Member]"
"""A value on a walk: the way to it, and what it stands for."""


class Operation(NamedTuple):
    """One operation of a definition."""

    pointer: Pointer
    """Where it stands; not below its path where the path item is a reference."""
    path: str
    method: str
    body: Object
    item: Object
    """The path item it belongs to, references followed: its `parameters` are the operation's, too."""


def operations(document: Object) -> Iterator[Operation]:
    """Give all operations under `paths`, in the author's order of paths and in a fixed order of methods."""
    for path, written in as_object(document.get("paths")).items():
        if path.startswith("x-"):
            continue
        pointer, value = locate(document, ("paths", path), written)
        item = as_object(value)
        for method in METHODS:
            body = item.get(method)
            if isinstance(body, dict):
                yield Operation((*pointer, method), path, method, body, item)


class Reference(NamedTuple):
    """An object that is a reference, and what it stands for."""

    trail: Trail
    value: Object
    expected: Member


_HOLDING = frozenset((dict, list))
"""What holds other values; to ask for a type takes a third of the time of `isinstance`, and this is asked of every value."""


def references(value: Json, expected: Member = ONE["document"]) -> Iterator[Reference]:
    """
    Give all references in a value, in document order, references inside data left out; does not follow them.

    >>> [pointer_of(one.trail) for one in references({"definitions": {"A": {"properties": {"$ref": {"$ref": "#/x"}}}}})]
    [('definitions', 'A', 'properties', '$ref')]
    """
    stack: list[Step] = [(None, value, expected)]
    while stack:
        trail, value, expected = stack.pop()
        if type(value) is dict and "$ref" in value and isinstance(value["$ref"], str):
            yield Reference(trail, value, expected)
        stack += steps(trail, value, expected)[::-1]


def steps(trail: Trail, value: Json, expected: Member) -> list[Step]:
    """List the objects and lists right inside a value, each with its trail and what it stands for; data is left out."""
    if isinstance(value, list):
        return [((trail, index), item, expected) for index, item in enumerate(value) if type(item) in _HOLDING]
    if not isinstance(value, dict) or _HOLDING.isdisjoint(map(type, value.values())):
        return []
    kind, row, one = expected.kind, GRAMMAR[expected.kind], ONE[expected.kind]
    if expected.named:
        return [((trail, key), item, one) for key, item in value.items() if type(item) in _HOLDING]
    return [
        ((trail, key), item, found)
        for key, item in value.items()
        if type(item) in _HOLDING and (found := row.get(key) or member(kind, key)).kind != "data"
    ]


def inside(expected: Member, key: str) -> Member:
    """
    Tell what a key leads to, in an object or in an object of names.

    >>> inside(ONE["schema"], "properties"), inside(Member("schema", named=True), "default")
    (Member(kind='schema', named=True), Member(kind='schema', named=False))
    """
    return ONE[expected.kind] if expected.named else member(expected.kind, key)
