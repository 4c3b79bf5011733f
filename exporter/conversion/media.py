"""Media types: which one of several a connector reads best, and what is in one that has no schema."""

from __future__ import annotations

from exporter.model.json_values import Object, as_object

MEDIA = frozenset({"schema", "example", "examples"})
"""What we read in a media type."""

# What a custom connector supports, best first; see also `mime-type-not-supported`.
_REQUEST = ("json", "+json", "form", "multipart", "text", "binary", "other")
_RESPONSE = ("json", "+json", "text", "binary", "other", "form", "multipart")
_GROUPS = {
    "application/json": "json",
    "text/json": "+json",
    "*/*": "json",
    "application/*": "json",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
    "text/plain": "text",
    "application/octet-stream": "binary",
}
_BYTES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/gzip")


def group(media_type: str) -> str:
    """
    Tell which group a media type belongs to.

    >>> group("application/problem+json; charset=utf-8"), group("image/png"), group("text/csv")
    ('+json', 'binary', 'other')
    """
    name = media_type.partition(";")[0].strip().lower()
    if name in _GROUPS:
        return _GROUPS[name]
    if name.endswith("+json"):
        return "+json"
    return "binary" if name.startswith(_BYTES) else "other"


def exact(media_type: str) -> str:
    """
    Give a media type that a request can name: a range such as `*/*`, or none at all, means JSON.

    >>> exact("*/*"), exact(""), exact("text/csv")
    ('application/json', 'application/json', 'text/csv')
    """
    return "application/json" if "*" in media_type or not media_type.strip() else media_type


def best(content: Object, *, response: bool) -> str:
    """
    Choose the media type that a connector reads best; of equals one that has a schema, and then the first.

    >>> best({"text/plain": {}, "application/json": {}}, response=True)
    'application/json'
    >>> best({"*/*": {}, "application/json": {"schema": {"type": "object"}}}, response=True)
    'application/json'
    """
    order = _RESPONSE if response else _REQUEST
    return min(content, key=lambda name: (order.index(group(name)), "schema" not in as_object(content[name])))
