"""Leaves out what nothing refers to any more, and takes along what is referred to in an operation that is left out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from exporter.model.definitions import Definition, Dialect, Part
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer, pointer_text
from exporter.openapi.grammar import ONE, OPENAPI_SECTIONS, SWAGGER_SECTIONS, Member
from exporter.openapi.places import Places
from exporter.openapi.walk import internal_pointer, look_up, pointer_of, references
from exporter.shaping.sheet import Sheet

# Security schemes are named without a reference, so they have no section here.
_SECTIONS: Mapping[Dialect, Mapping[str, Pointer]] = {
    Dialect.SWAGGER_2: SWAGGER_SECTIONS,
    Dialect.OPENAPI_3_0: OPENAPI_SECTIONS,
    Dialect.OPENAPI_3_1: {**OPENAPI_SECTIONS, "path item": ("components", "pathItems")},
}
_MOST_IN_PLACE = 1_000
"""Parts without a section of their own that are written out where they are referred to."""


class _Written(NamedTuple):
    """A reference as it stands in what is kept."""

    pointer: Pointer
    text: str
    expected: Member


class _Pruner:
    """Follows references from what is kept; a section's member that none leads to is left out."""

    def __init__(self, before: Definition, kept: Object) -> None:
        self.before = before
        self.sheet = Sheet(kept)
        self.sections = _SECTIONS[before.dialect]
        self.kinds = {section: kind for kind, section in self.sections.items()}
        self.reached: set[Pointer] = set()
        self.homes: dict[Pointer, Pointer] = {}
        """Where what stood in an operation that is left out stands now."""
        self.in_place = 0
        self.parts: dict[Pointer, Part] = dict(before.parts)
        self.ahead: list[tuple[Pointer, Json, Member]] = []

    def prune(self) -> Definition:
        self.ahead.append(((), self.roots(), ONE["document"]))
        while self.ahead:
            base, value, expected = self.ahead.pop()
            for written in _written(base, value, expected):
                self.follow(written)
        for section in self.kinds:
            self.sweep(section)
        return self.before._replace(document=self.sheet.document, parts=self.parts)

    def roots(self) -> Object:
        """Give the document without the members of its sections."""
        bare = Sheet(self.sheet.document)
        for section in self.kinds:
            if isinstance(look_up(bare.document, section)[1], dict):
                bare.put(section, {})
        return bare.document

    def follow(self, written: _Written) -> None:
        target = internal_pointer(written.text)
        if target is None:
            return
        length = 2 if target[:1] == ("components",) else 1
        if target[:length] in self.kinds and len(target) > length:
            self.reach(target[: length + 1], self.kinds[target[:length]])
        elif target in self.homes:
            self.sheet.put((*written.pointer, "$ref"), _reference_to(self.homes[target]))
        elif not look_up(self.sheet.document, target)[0]:
            exists, value = look_up(self.before.document, target)
            if exists:
                self.take_along(written, target, value)

    def reach(self, member: Pointer, kind: str) -> None:
        if member not in self.reached:
            self.reached.add(member)
            self.ahead.append((member, look_up(self.before.document, member)[1], ONE[kind]))

    def take_along(self, written: _Written, target: Pointer, value: Json) -> None:
        """Give a part of an operation that is left out a place: a section's, or else where it is referred to."""
        section = self.sections.get(written.expected.kind)
        if section is not None:
            home = (*section, self.free_name(section, target))
            self.homes[target] = home
            self.sheet.put((*written.pointer, "$ref"), _reference_to(home))
            if section[0] not in self.sheet.document:
                self.sheet.put(section[:1], {})
            if not isinstance(look_up(self.sheet.document, section)[1], dict):
                self.sheet.put(section, {})
            self.reached.add(home)
        elif self.in_place < _MOST_IN_PLACE:
            self.in_place += 1
            home = written.pointer
        else:
            return
        self.sheet.put(home, value)
        self.parts.update(moved(self.before, target, home))
        self.ahead.append((home, value, written.expected))

    def free_name(self, section: Pointer, target: Pointer) -> str:
        taken = as_object(look_up(self.sheet.document, section)[1])
        words = (re.sub(r"[^A-Za-z0-9]+", "_", segment).strip("_") for segment in target[1:])
        name = wanted = "_".join(word for word in words if word)[:100] or "Part"
        number = 2
        while name in taken:
            name, number = f"{wanted}_{number}", number + 1
        return name

    def sweep(self, section: Pointer) -> None:
        members = look_up(self.sheet.document, section)[1]
        if isinstance(members, dict):
            left = {name: value for name, value in members.items() if (*section, name) in self.reached}
            if left:
                self.sheet.put(section, left)
            elif members:
                self.sheet.drop(section)


def prune(before: Definition, kept: Object) -> Definition:
    """
    Leave out of `kept`, a document with fewer operations than `before`, what no reference leads to any more.

    Members of `components` (in Swagger 2.0: definitions, parameters, responses) go; nothing else does, and nothing
    that stays changes its pointer. What is referred to inside an operation that is gone gets a name of its own.
    Security schemes stay. What only a discriminator names goes: Power Platform shows no subtypes.
    """
    return _Pruner(before, kept).prune()


def moved(definition: Definition, source: Pointer, target: Pointer) -> Iterator[tuple[Pointer, Part]]:
    """Give what `parts` must say about a value that stood at `source` and now stands at `target`, too."""
    yield target, Places(definition).part(source)
    for pointer, part in definition.parts.items():
        if len(pointer) > len(source) and pointer[: len(source)] == source:
            yield (*target, *pointer[len(source) :]), part


def _written(base: Pointer, value: Json, expected: Member) -> Iterable[_Written]:
    for one in references(value, expected):
        yield _Written((*base, *pointer_of(one.trail)), str(one.value["$ref"]), one.expected)


def _reference_to(pointer: Pointer) -> str:
    return "#" + pointer_text(pointer)
