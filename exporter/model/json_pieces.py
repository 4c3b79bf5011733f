"""Writes JSON in pieces: as one text a large definition takes more room than as values, with one emoji four times as much."""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONEncoder

from exporter.model.json_values import Json

_SECTIONS = frozenset({"paths", "definitions", "components"})
"""What is large in a definition; each of their members is a piece."""
_CANONICAL = JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)
_COMPACT = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def canonical_pieces(value: Json) -> Iterator[str]:
    r"""
    Write JSON in the one way that does not depend on layout or on the order of keys.

    >>> "".join(canonical_pieces({"paths": {"/b": 1, "/a": {}}, "info": [2, 1, "ä"]}))
    '{"info":[2,1,"\\u00e4"],"paths":{"/a":{},"/b":1}}'
    """
    return _pieces(value, _CANONICAL, _SECTIONS)


def compact_pieces(value: Json) -> Iterator[str]:
    """
    Write JSON without any layout.

    >>> "".join(compact_pieces({"paths": {"/b": 1, "/a": {}}, "info": [2, 1, "ä"]}))
    '{"paths":{"/b":1,"/a":{}},"info":[2,1,"ä"]}'
    """
    return _pieces(value, _COMPACT, _SECTIONS)


def _pieces(value: Json, encoder: JSONEncoder, sections: frozenset[str] | None = None) -> Iterator[str]:
    """Write an object member by member, and in it those of the sections; None cuts it, and nothing in it."""
    if not isinstance(value, dict) or not value or (sections is not None and sections.isdisjoint(value)):
        yield encoder.encode(value)
        return
    before = "{"
    for key in sorted(value) if encoder.sort_keys else value:
        yield f"{before}{encoder.encode(key)}:"
        if sections is not None and key in sections:
            yield from _pieces(value[key], encoder)
        else:
            yield encoder.encode(value[key])
        before = ","
    yield "}"
