"""Steps inside a connector definition: behind a reference, and into a schema."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.model.pointers import Pointer
from exporter.openapi.walk import internal_pointer

_SINGLE = ("items", "additionalProperties")
HOLDING = frozenset(("properties", "allOf", *_SINGLE))
"""The keys below which schemas stand inside a schema; two thirds of all schemas have none of them."""


def follow(document: Object, reference: str, section: str) -> tuple[str, Json]:
    """
    Give the name that a reference uses in a section of the document, and what stands there.

    The name is empty where the reference is not of the form `#/section/name`; the value is None where there is none.

    >>> follow({"definitions": {"A/B": {}}}, "#/definitions/A~1B", "definitions")
    ('A/B', {})
    >>> follow({}, "other.yaml#/A", "definitions")
    ('', None)
    """
    beginning = f"#/{section}/"
    if not reference.startswith(beginning):
        return "", None
    name = reference[len(beginning) :]
    entries = as_object(document.get(section))
    if name in entries and "~" not in name:
        return name, entries[name]
    pointer = internal_pointer(reference) or ()
    if len(pointer) != len(("section", "name")):
        return "", None
    return pointer[1], entries.get(pointer[1])


def children(schema: Object) -> Iterator[tuple[Pointer, Object]]:
    """
    Give the schemas that are written directly inside a schema, each with the way to it.

    >>> list(children({"type": "array", "items": {"type": "string"}}))
    [(('items',), {'type': 'string'})]
    """
    if "properties" in schema:
        for name, child in as_object(schema["properties"]).items():
            if isinstance(child, dict):
                yield ("properties", name), child
    for key in _SINGLE:
        if key in schema and isinstance(schema[key], dict):
            yield (key,), as_object(schema[key])
    if "allOf" in schema:
        for index, child in enumerate(as_list(schema["allOf"])):
            if isinstance(child, dict):
                yield ("allOf", str(index)), child
