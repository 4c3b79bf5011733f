"""Keeps client secrets out of properties: what we hold, compare, write or publish has none."""

from __future__ import annotations

from exporter.model.json_values import Json, Object, as_object


def without_secrets(properties: Object) -> Object:
    """
    Leave out client secrets, wherever they stand; a reference to an environment variable is none and stays.

    >>> without_secrets({"oAuthSettings": {"clientId": "a", "clientSecret": "b"}})
    {'oAuthSettings': {'clientId': 'a'}}
    """
    return as_object(_clean(properties))


def _clean(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _clean(member) for name, member in value.items() if not _is_secret(name, member)}
    return [_clean(member) for member in value] if isinstance(value, list) else value


def _is_secret(name: str, value: Json) -> bool:
    named = name.replace("_", "").casefold() == "clientsecret" and not isinstance(value, dict)
    return named and not (isinstance(value, str) and value.startswith("@environmentVariables("))
