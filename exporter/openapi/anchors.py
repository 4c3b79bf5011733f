"""Anchors and ids of schemas (JSON Schema 2020-12, OpenAPI 3.1): references by name become references by place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urljoin

from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.model.pointers import Pointer, parse_pointer, pointer_text
from exporter.openapi.grammar import ONE, Member
from exporter.openapi.walk import Reference, Step, look_up, pointer_of, steps


def is_by_name(reference: str) -> bool:
    """
    Tell whether a reference may lead to an `$anchor` or `$id`, rather than to a place in this document.

    >>> is_by_name("#node"), is_by_name("#/components/schemas/A"), is_by_name("https://a.example/node")
    (True, False, True)
    """
    return reference[:2] != "#/" and reference != "#"


def by_place(document: Object, written: Iterable[Reference]) -> Object:
    """
    Give the document with its references to anchors and ids leading to their places; other references stay.

    `written` are the document's references. Of two anchors of a name the one counts that is in the same schema with an
    `$id`, or outside of all as the reference is, else the first. An `$id` is known by its own text, and joined with the
    ids around it. A place that is not in the document, but in a schema around the reference, is meant to be that one: with
    an `$id` it is, and others paste schemas of tools that write `#/$defs/...`.
    """
    named = _names(document)
    places: dict[int, str] = {}
    for one in written:
        reference, where = as_text(one.value.get("$ref")), pointer_of(one.trail)
        target = _target(reference, where, named) if is_by_name(reference) else _inside(document, reference, where)
        if target is not None:
            places[id(one.value)] = "#" + pointer_text(target).replace("%", "%25")
    return as_object(_replaced(document, places, ONE["document"])) if places else document


class _Names:
    """Which schemas have a name: an id of their own, or an anchor in the schema with an id that is around them."""

    def __init__(self, ids: Mapping[Pointer, str], anchors: Iterable[tuple[str, Pointer]]) -> None:
        self.ids: dict[str, Pointer] = {}
        self._homes: dict[Pointer, str] = {}
        for place in sorted(ids, key=len):
            self.ids.setdefault(ids[place], place)
            self.ids.setdefault(self.joined(ids[place], place), place)
            self._homes[place] = self.joined(ids[place], place)
        self._anchors: dict[tuple[str, Pointer | None], Pointer] = {}
        for name, place in anchors:
            self._anchors.setdefault((name, self.home(place)), place)
            self._anchors.setdefault((name, _ANYWHERE), place)

    def home(self, where: Pointer) -> Pointer | None:
        """Give the schema with an id that is around a place, or there; None where there is none."""
        around = (where[:length] for length in range(len(where), -1, -1))
        return next((place for place in around if place in self._homes), None) if self._homes else None

    def joined(self, name: str, where: Pointer) -> str:
        """Give an id, or the address in a reference, as it is seen from the schema with an id that is around a place."""
        home = self.home(where)
        try:
            return urljoin(self._homes[home], name) if home is not None else name
        except ValueError:  # such as `http://[`
            return name

    def anchor(self, name: str, home: Pointer | None) -> Pointer | None:
        """Give the schema that has an anchor inside of a schema with an id."""
        return self._anchors.get((name, home))

    def anchor_anywhere(self, name: str) -> Pointer | None:
        """Give the first schema that has an anchor."""
        return self._anchors.get((name, _ANYWHERE))


_ANYWHERE: Pointer = ("", "anywhere")


def _names(document: Object) -> _Names:
    ids: dict[Pointer, str] = {}
    anchors: list[tuple[str, Pointer]] = []
    waiting: list[Step] = [(None, document, ONE["document"])]
    while waiting:
        trail, value, expected = waiting.pop()
        if isinstance(value, dict) and expected.kind == "schema" and not expected.named:
            if anchor := as_text(value.get("$anchor")) or as_text(value.get("$dynamicAnchor")):
                anchors.append((anchor, pointer_of(trail)))
            if name := as_text(value.get("$id")).rstrip("#"):
                ids[pointer_of(trail)] = name
        waiting += reversed(steps(trail, value, expected))
    return _Names(ids, anchors)


def _target(reference: str, where: Pointer, named: _Names) -> Pointer | None:
    name, _, fragment = reference.partition("#")
    fragment = unquote(fragment)
    known = named.ids.get(named.joined(name, where)) or named.ids.get(name)
    home = known if name else named.home(where)
    if name and (home is None or not fragment):
        return home
    if fragment.startswith("/"):
        return None if home is None else (*home, *parse_pointer(fragment))
    here = named.anchor(fragment, home)
    return here if name else here or named.anchor_anywhere(fragment)


def _inside(document: Object, reference: str, where: Pointer) -> Pointer | None:
    """Give the place in a schema around a reference that it leads to, where there is none like it in the document."""
    target = parse_pointer(unquote(reference[1:]))
    if target[:1] not in (("$defs",), ("definitions",)) or look_up(document, target)[0]:
        return None
    around = ((*where[:length], *target) for length in range(len(where) - 1, 1, -1))
    return next((place for place in around if look_up(document, place)[0]), None)


def _replaced(value: Json, places: Mapping[int, str], expected: Member) -> Json:
    """Copy a value, each reference that gets a place with it; data is left as it is."""
    if not isinstance(value, (dict, list)):
        return value
    copy: dict[str, Json] | list[Json] = dict(value) if isinstance(value, dict) else list(value)
    for trail, child, one in steps(None, value, expected):
        if trail is not None:
            copy[trail[1]] = _replaced(child, places, one)  # type: ignore[index]  # a key of this very value
    if isinstance(copy, dict) and id(value) in places:
        copy["$ref"] = places[id(value)]
    return copy
