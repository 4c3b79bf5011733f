"""Says where two values differ that have no rules of their own: properties, policies, unknown extensions."""

from __future__ import annotations

from exporter.model.json_values import Json, as_object, as_text

_MOST, _LARGEST = 20, 2_000
"""How many places of one part are listed, and how large a part deepdiff is given: it is thorough, not quick."""
_LONGEST = 50
_NAMES = ("title", "templateId", "name")
_KINDS = {
    "dictionary_item_added": "is new",
    "iterable_item_added": "is new",
    "dictionary_item_removed": "is gone",
    "iterable_item_removed": "is gone",
    "values_changed": "changed",
    "type_changes": "changed",
}
"""What deepdiff finds, in words for people."""


def differences(before: Json, after: Json) -> list[Json]:
    """
    List where two values without rules of their own differ, as deepdiff finds it; lists of named things by their names.

    >>> differences({"a": 1, "b": [{"title": "x", "n": 1}]}, {"a": 2, "b": [{"title": "x", "m": [1]}]})
    ['b: x.m is new', 'b: x.n is gone', 'a changed']
    """
    old, new = _named(before), _named(after)
    comparable = isinstance(old, (dict, list)) and old.__class__ is new.__class__
    if not comparable or _larger(before, _LARGEST) or _larger(after, _LARGEST):
        return [f"{_short(before)} → {_short(after)}"]
    from deepdiff import DeepDiff

    found = DeepDiff(old, new, view="tree", max_diffs=10_000, cache_size=0)
    places = [
        f"{_place(level.path(output_format='list'), {'new': level.t2, 'gone': level.t1}.get(says[3:]))} {says}"
        for kind, says in _KINDS.items()
        for level in found.get(kind, ())
    ]
    return list(places[:_MOST]) or ["order"]


def _place(path: list[str | int], value: Json) -> str:
    """
    Write the place of a difference: the thing, then where in it; an entry of a list is known by what it says.

    >>> _place(["Set host", "parameters", "x-ms-apimTemplateParameter.url"], None), _place(["capabilities", 0], "actions")
    ('Set host: url', 'capabilities: actions')
    """
    names = [str(name) for name in path]
    if path and isinstance(path[-1], int) and isinstance(value, str):
        names[-1] = value[:_LONGEST]
    within = ".".join(names[1:]).removeprefix("parameters.").removeprefix("x-ms-apimTemplateParameter.")
    return f"{names[0]}: {within}" if within else "".join(names)


def _short(value: Json) -> str:
    if isinstance(value, (dict, list)):
        return "1 entry" if len(value) == 1 else f"{len(value)} entries"
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
    if names and all(names) and len(set(names)) == len(names):
        return {name: _named(one) for name, one in zip(names, value, strict=True)}
    return value
