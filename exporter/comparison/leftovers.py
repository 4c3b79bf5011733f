"""Says where two values differ that have no rules of their own: properties, policies, unknown extensions."""

from __future__ import annotations

from exporter.model.json_values import Json, as_object, as_text

_MOST, _LARGEST = 20, 2_000
"""How many places of one part are listed, and how large a part deepdiff is given: it is thorough, not quick."""
_NAMES = ("title", "templateId", "name")


def differences(before: Json, after: Json) -> list[Json]:
    """
    List where two values without rules of their own differ, in deepdiff's words; lists of named things by their names.

    >>> differences({"a": 1, "b": [{"title": "x", "n": 1}]}, {"a": 2, "b": [{"title": "x", "n": 1}]})
    ["values_changed root['a']"]
    """
    comparable = isinstance(before, (dict, list)) and isinstance(after, (dict, list))
    if not comparable or _larger(before, _LARGEST) or _larger(after, _LARGEST):
        return [f"{_short(before)} became {_short(after)}"]
    from deepdiff import DeepDiff

    found = DeepDiff(_named(before), _named(after), view="text", max_diffs=10_000, cache_size=0)
    places = [
        f"{kind} {place}" for kind, inside in found.items() if kind.endswith(("ed", "changes")) for place in inside
    ]
    return list(places[:_MOST]) or ["order"]


def _short(value: Json) -> str:
    if isinstance(value, (dict, list)):
        return f"{len(value)} entries"
    return "nothing" if value is None else str(value)


def _larger(value: Json, most: int) -> bool:
    """Tell whether a value has more than so many parts."""
    waiting, parts = [value], 0
    while waiting and parts <= most:
        found = waiting.pop()
        parts += 1
        waiting.extend(found.values() if isinstance(found, dict) else found if isinstance(found, list) else ())
    return parts > most


def _named(value: Json) -> Json:
    """Turn a list of things that have a name into an object by name, so that a new one does not move the others."""
    if isinstance(value, dict):
        return {key: _named(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    names = [next((as_text(as_object(one).get(key)) for key in _NAMES if key in as_object(one)), "") for one in value]
    if all(names) and len(set(names)) == len(names):
        return {name: _named(one) for name, one in zip(names, value, strict=True)}
    return value
