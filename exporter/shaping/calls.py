"""Finds what calls an operation by its operationId: drop-downs, schemas that are fetched, triggers, links."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import islice

from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object
from exporter.openapi.problems import MOST_FINDINGS, more, shown
from exporter.openapi.walk import Trail, pointer_of

_CALLING = "x-ms-"
_DATA = frozenset(("example", "examples", "default", "enum", "value"))


def calls_of(document: Object, ids: AbstractSet[str]) -> tuple[Finding, ...]:
    """Give a finding for each place in a document that calls one of these operations, which are left out, and count the rest."""
    if not ids:
        return ()
    found = _calls(document, ids)
    listed = tuple(islice(found, MOST_FINDINGS))
    left = sum(1 for _ in found)
    return (*listed, more(listed[-1], left)) if left else listed


def _calls(document: Object, ids: AbstractSet[str]) -> Iterator[Finding]:
    ahead: list[tuple[Trail, Json, bool]] = [(None, document, False)]
    while ahead:
        trail, value, calling = ahead.pop()
        inner: list[tuple[Trail, Json, bool]] = []
        if isinstance(value, dict):
            called = value.get("operationId") if calling else None
            if isinstance(called, str) and called in ids:
                yield Finding(
                    "selector-leaves-out-called-operation",
                    Severity.WARNING,
                    pointer_of((trail, "operationId")),
                    f"The operation {shown(called)} is called from here but left out of the export.",
                    "Let `include` take it along, or take it off `exclude`; `x-ms-visibility: internal` hides it.",
                )
            inner = [
                ((trail, key), item, calling or key.startswith(_CALLING) or key == "links")
                for key, item in value.items()
                if isinstance(item, (dict, list)) and (calling or key not in _DATA)
            ]
        elif isinstance(value, list):
            inner = [
                ((trail, index), item, calling) for index, item in enumerate(value) if isinstance(item, (dict, list))
            ]
        ahead += reversed(inner)
