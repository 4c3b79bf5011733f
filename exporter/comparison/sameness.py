"""Tells whether two parts that are written alike also mean the same: what they refer to may have changed."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.reading import SHARED
from exporter.model.json_values import Json, Object, as_object

_CONTAINERS = (dict, list)


class Sameness:
    """Knows which shared parts of two versions differ, in themselves or in what they refer to."""

    def __init__(self, old: Object, new: Object) -> None:
        self._moved = frozenset(_moved(old, new))

    def same(self, old: Json, new: Json) -> bool:
        """Tell whether two values are equal and lead to nothing that changed."""
        return old == new and (not self._moved or not any(self._leads(ref) for ref in references(new)))

    def _leads(self, reference: str) -> bool:
        return _root(reference) in self._moved


def references(value: Json) -> Iterator[str]:
    """Give the text of every reference in a value."""
    waiting: list[Json] = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            reference = found.get("$ref")
            if isinstance(reference, str):
                yield reference
            waiting.extend([inner for inner in found.values() if inner.__class__ in _CONTAINERS])
        elif isinstance(found, list):
            waiting.extend([inner for inner in found if inner.__class__ in _CONTAINERS])


def _root(reference: str) -> str:
    """
    Name the shared part that a reference leads into; empty for all other places, which count as changed.

    >>> _root("#/definitions/Order/properties/total"), _root("#/paths/~1orders")
    ('definitions/Order', '')
    """
    parts = reference.removeprefix("#/").split("/", 2)
    return "/".join(parts[:2]) if parts[0] in SHARED and "%" not in reference else ""


def _moved(old: Object, new: Object) -> set[str]:
    """Name the shared parts that differ, and those that lead to them; and the empty name, unless nothing differs."""
    if all(old.get(key) == new.get(key) for key in (*SHARED, "paths")):
        return set()
    moved = {"", *_differing(old, new)}
    users: dict[str, list[str]] = {}
    for section in SHARED:
        for key, value in as_object(new.get(section)).items():
            for reference in references(value):
                users.setdefault(_root(reference), []).append(f"{section}/{_escaped(key)}")
    waiting = list(moved)
    while waiting:
        come = [user for user in users.pop(waiting.pop(), ()) if user not in moved]
        moved.update(come)
        waiting.extend(come)
    return moved


def _differing(old: Object, new: Object) -> Iterator[str]:
    for section in SHARED:
        before, after = as_object(old.get(section)), as_object(new.get(section))
        if before != after:
            keys = before.keys() | after.keys()
            yield from (f"{section}/{_escaped(key)}" for key in keys if before.get(key) != after.get(key))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
