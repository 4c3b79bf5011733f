"""Keeps client secrets out of properties: what we hold, compare, write or publish has none."""

from __future__ import annotations

from exporter.model.json_values import Json, Object, as_object
from exporter.security.oauth import REFERENCE


def without_secrets(properties: Object) -> Object:
    """
    Leave out client secrets, wherever they stand; a reference to an environment variable is none and stays.

    >>> without_secrets({"oAuthSettings": {"clientId": "a", "clientSecret": "b"}})
    {'oAuthSettings': {'clientId': 'a'}}
    """
    return as_object(_clean(properties))


def _clean(value: Json) -> Json:
    if isinstance(value, dict):
        return {
            name: _clean(_without_value(member) if _is_named_so(name) else member)
            for name, member in value.items()
            if not _is_secret(name, member)
        }
    return [_clean(member) for member in value] if isinstance(value, list) else value


def _is_named_so(name: str) -> bool:
    return name.replace("_", "").replace("-", "").casefold() == "clientsecret"


def _without_value(member: Json) -> Json:
    """Leave out what a parameter of that name is set to: custom parameters are written `{"value": ...}`."""
    if not isinstance(member, dict):
        return member
    return {name: inner for name, inner in member.items() if name != "value" or not _is_secret("clientSecret", inner)}


def _is_secret(name: str, value: Json) -> bool:
    named = _is_named_so(name) and not isinstance(value, dict)
    return named and not (isinstance(value, str) and value.startswith(REFERENCE))
