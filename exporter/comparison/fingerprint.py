"""One text that is the same for two connectors exactly when they are: it answers "unchanged" without a comparison."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from exporter.model.connectors import Connector
from exporter.model.json_pieces import canonical_pieces
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import value_at
from exporter.openapi.grammar import SWAGGER_METHODS
from exporter.openapi.walk import MOST_HOPS, internal_pointer

_METHODS = frozenset(SWAGGER_METHODS)
_MOST_PARTS, _FEW_PARTS = 100_000, 50
"""How many schemas are merged into bodies in one definition, and how many into each one after that."""
_MOST_FIELDS = 500


def sha256(*pieces: bytes) -> str:
    """
    Give the SHA-256 of some bytes, or of several one after the other, in hex digits.

    Python's own module first: `hashlib` loads OpenSSL, which takes more time and memory than it saves on a megabyte.

    >>> sha256(b"")[:16]
    'e3b0c44298fc1c14'
    """
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256 as start  # type: ignore[import-not-found,unused-ignore]
        else:
            from _sha256 import sha256 as start  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        from hashlib import sha256 as start
    digest = start()
    for piece in pieces:
        digest.update(piece)
    return str(digest.hexdigest())


def canonical(value: Json) -> bytes:
    r"""
    Write JSON in the one way that does not depend on layout or on the order of keys.

    >>> canonical({"b": [2, 1], "a": "ä"})
    b'{"a":"\\u00e4","b":[2,1]}'
    """
    return "".join(canonical_pieces(value)).encode()


def fingerprint(connector: Connector) -> str:
    """
    Give 64 hex digits that change with anything that a connector says.

    Order of keys and layout do not count, with one exception: canvas apps pass the required fields of a request's body
    by position, in the order in which the definition lists them.
    """
    definition = [piece.encode() for piece in canonical_pieces(connector.definition)]
    parts = (
        canonical(connector.properties),
        canonical(list(_orders(connector.definition))),
        connector.icon,
        connector.script.encode(errors="surrogatepass"),
    )
    lengths = " ".join(map(str, (sum(map(len, definition)), *map(len, parts)))).encode()
    return sha256(lengths, b"\n", *definition, *parts)


def positional(document: Object, parts: list[Object]) -> list[str]:
    """List the fields that a canvas app passes by position, of a schema's parts: required, and not hidden behind a default."""
    fields: dict[str, Json] = {}
    required: set[str] = set()
    for part in parts:
        for name, field in as_object(part.get("properties")).items():
            fields.pop(name, None)
            fields[name] = field
        required.update(name for name in as_list(part.get("required")) if isinstance(name, str))
    if not required:
        return []
    return [name for name, field in fields.items() if name in required and not _hidden(document, field)]


def schema_parts(document: Object, schema: Json, most: int) -> list[Object]:
    """Give a schema and what it takes in by `allOf`, at most so many, the parts first; a circle is gone round once."""
    parts: list[Object] = []
    seen: set[int] = set()
    waiting: list[tuple[Json, bool]] = [(schema, False)]
    while waiting:
        value, opened = waiting.pop()
        if opened:
            parts.append(as_object(value))
            continue
        part = follow(document, value)
        if id(part) in seen or len(seen) >= most:
            continue
        seen.add(id(part))
        waiting.append((part, True))
        waiting.extend((inner, False) for inner in reversed(as_list(part.get("allOf"))))
    return parts


def follow(document: Object, value: Json) -> Object:
    """
    Follow references inside the document; something empty where they lead nowhere or in a circle.

    >>> follow({"definitions": {"Order line": {"type": "object"}}}, {"$ref": "#/definitions/Order%20line"})
    {'type': 'object'}
    """
    found = as_object(value)
    for _ in range(MOST_HOPS):
        reference = found.get("$ref")
        if not isinstance(reference, str):
            return found
        where = internal_pointer(reference)
        if not where:
            return {}
        found = as_object(value_at(document, where))
    return {}


def _orders(document: Object) -> Iterator[list[str]]:
    """Give for every body, in a fixed order of operations, the fields that are passed by position."""
    left = _MOST_PARTS
    known: dict[int, list[str]] = {}
    """By id of the body's schema, references followed: any number of operations may take the same large one."""
    for path, item in sorted(as_object(document.get("paths")).items()):
        for method in sorted(as_object(item).keys() & _METHODS):
            operation = as_object(as_object(item).get(method))
            if (
                as_text(operation.get("x-ms-trigger"))
                or as_text(operation.get("x-ms-visibility")).lower() == "internal"
            ):
                continue  # canvas apps have no function for it
            for parameter in (*as_list(operation.get("parameters")), *as_list(as_object(item).get("parameters"))):
                schema = follow(document, parameter).get("schema")
                target = follow(document, schema)
                if target and id(target) not in known:
                    parts = schema_parts(document, target, max(left, _FEW_PARTS))
                    left -= len(parts)
                    known[id(target)] = _shortened(positional(document, parts))
                if target and known[id(target)]:
                    yield [path, method, *known[id(target)]]


def _shortened(order: list[str]) -> list[str]:
    """Give an order as far as it is one; as its checksum where it is too long to stand in any number of places."""
    if len(order) > _MOST_FIELDS:
        return [sha256(canonical(order))]
    return order if len(order) > 1 else []


def _hidden(document: Object, field: Json) -> bool:
    facts = follow(document, field)
    return facts.get("x-ms-visibility") == "internal" and "default" in facts
