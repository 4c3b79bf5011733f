"""Says what looks like another name of something that is gone: a hint in the text, never a match."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeAlias

from exporter.model.json_values import Object, as_text

Look: TypeAlias = tuple[str, str]
"""What makers recognise a value by when its name changes: type and label."""
_Alike: TypeAlias = Callable[[str, Look], Hashable]


def look(facts: Object, kind: str) -> Look:
    """Give what makers recognise a value by."""
    return kind, as_text(facts.get("x-ms-summary")) or as_text(facts.get("title")) or as_text(facts.get("description"))


def only_letters(name: str) -> str:
    """
    Give a name without punctuation, as canvas apps know an operation.

    >>> only_letters("get-order_2")
    'getorder2'
    """
    return "".join(letter for letter in name if letter.isalnum())


def rename_hints(gone: Mapping[str, Look], come: Mapping[str, Look]) -> dict[str, str]:
    """
    Say which of those that are gone look like one that came: the same letters, type and label, or one each of a type.

    >>> rename_hints({"events": ("array", "Events")}, {"registered_events": ("array", "Events"), "x": ("string", "")})
    {'events': 'It looks renamed to registered_events.'}
    >>> rename_hints({"a": ("string", "Name")}, {"b": ("string", "Name"), "c": ("string", "Name")})
    {}
    """
    alike: tuple[_Alike, ...] = (lambda name, _: only_letters(name).lower(), lambda _, one: one if one[1] else None)
    if len(gone) == len(come) == 1:
        alike = (*alike, lambda _, one: one[0] or None)
    found: dict[str, str] = {}
    for key in alike:
        before, after = _by(key, gone), _by(key, come)
        for home, name in before.items():
            if home is not None and name and name not in found and after.get(home):
                found[name] = after[home]
    return {name: f"It looks renamed to {found[name]}." for name in gone if name in found}


def _by(key: _Alike, looks: Mapping[str, Look]) -> dict[Hashable, str]:
    """Give names by what they are alike in; an empty one where several are."""
    found: dict[Hashable, str] = {}
    for name, one in looks.items():
        home = key(name, one)
        found[home] = "" if home in found else name
    return found
