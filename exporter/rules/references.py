"""Follows references inside a connector definition, one step at a time."""

from __future__ import annotations

from exporter.model.json_values import Json, Object, as_object
from exporter.openapi.walk import internal_pointer


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
