"""
Joins a definition across its files: what references lead to in other files becomes named parts of one document.

prance follows the references (library.py). Placing what it finds is ours, because RefResolver's own ways lose meaning:
inlined, a document grows exponentially and recursive schemas end; left as they are, references that a file makes to
its own parts point into the wrong document; TRANSLATE_EXTERNAL writes everything to `components/schemas`, whatever it
is and whichever OpenAPI it is, gives two files of one name one place, and takes a property named `$ref` for a reference.

So: a schema, parameter, response and so on becomes a component (of `definitions`, `parameters`, `responses` in Swagger
2.0) under a name of its own, once, and every reference to it follows. Where the definition's own component is nothing
but a reference, that is the place. What has no section, like a path item, stands where the reference stood.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from exporter.model.definitions import Dialect, Part
from exporter.model.findings import Finding
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer, pointer_text
from exporter.openapi.documents import Document
from exporter.openapi.grammar import ONE, OPENAPI_SECTIONS, SWAGGER_SECTIONS, Member
from exporter.openapi.library import Found, Library
from exporter.openapi.limits import DEEPEST, MOST_JOINED, MOST_REPEATED
from exporter.openapi.naming import names
from exporter.openapi.problems import Notes, Stopped
from exporter.openapi.walk import Trail, inside, pointer_of
from exporter.ports import Files

_OPENAPI_SECTIONS = {**OPENAPI_SECTIONS, "security scheme": ("components", "securitySchemes")}


class Joined(NamedTuple):
    """One document, where its parts came from, the files it was joined of, and what is wrong with them."""

    document: Object
    parts: Mapping[Pointer, Part]
    documents: Mapping[str, Document]
    findings: tuple[Finding, ...]


class _Target(NamedTuple):
    """A part of another file, and what it stands for."""

    file: str
    pointer: Pointer
    kind: str


class _Piece:
    """A part of a file as it is being copied: where that file is, and what was put into the copy from elsewhere."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.value: Json = None
        self.parts: list[tuple[Pointer, Part]] = []
        """By pointer inside the copy."""


class _Spot(NamedTuple):
    """Where the copying is: in the piece, and in the file that it is copied from."""

    piece: _Piece
    inside: Trail
    file: str
    written: Trail
    depth: int = 0
    open: tuple[_Target, ...] = ()
    """What is being put in place around here; what leads back into it goes in circles."""
    again: bool = False
    """Whether any of that was put in place before."""

    def below(self, key: str | int) -> "_Spot":
        return _Spot(
            self.piece, (self.inside, key), self.file, (self.written, key), self.depth + 1, self.open, self.again
        )


class _Joiner:
    """Copies the definition and all that it refers to; then gives names, and writes them into the references."""

    def __init__(self, library: Library, root: str, dialect: Dialect) -> None:
        self.library = library
        self.root = _Piece(root)
        self.sections = SWAGGER_SECTIONS if dialect is Dialect.SWAGGER_2 else _OPENAPI_SECTIONS
        self.homes: dict[_Target, Pointer] = {}
        """Where in the joined document a part of another file stands."""
        self.whole: dict[tuple[str, Pointer], Pointer] = {}
        """Where in the joined document sections stand that are in other files as a whole."""
        self.pieces: dict[_Target, _Piece] = {}
        self.waiting: list[tuple[_Target, Json]] = []
        self.nameless: list[tuple[dict[str, Json], str, _Target]] = []
        """Objects of the copy, and their key, that wait for the name of what they refer to."""
        self.placed: set[_Target] = set()
        self.copied = 0
        self.repeated = 0

    def join(self, document: Object) -> Joined:
        self.root.value = joined = dict(
            as_object(self.copy(document, ONE["document"], _Spot(self.root, None, self.root.file, None)))
        )
        self.find_sections()
        while self.waiting:
            target, value = self.waiting.pop()
            if not self.is_at_home(target) and target not in self.pieces:
                piece = self.pieces[target] = _Piece(target.file)
                piece.value = self.copy(
                    value, ONE[target.kind], _Spot(piece, None, target.file, _trail(target.pointer))
                )
        self.name_pieces(joined)
        for container, key, target in self.nameless:
            container[key] = _reference_to(self.homes[target])
        return Joined(joined, self.parts(), self.library.documents, self.library.findings())

    def copy(self, value: Json, expected: Member, spot: _Spot) -> Json:
        """Copy a value that stands at a spot, references to other files followed."""
        if expected.kind == "data" or not isinstance(value, (dict, list)):
            return value
        self.count(spot)
        if isinstance(value, list):
            return [self.copy(item, expected, spot.below(index)) for index, item in enumerate(value)]
        if isinstance(value.get("$ref"), str):
            return self.reference(value, expected, spot)
        members: dict[str, Json] = {}
        for key, item in value.items():
            members[key] = self.copy(item, inside(expected, key), spot.below(key))
        if expected.kind == "discriminator" and isinstance(members.get("mapping"), dict):
            members["mapping"] = self.mapping(as_object(members["mapping"]), spot.below("mapping"))
        return members

    def reference(self, value: Object, expected: Member, spot: _Spot) -> Json:
        """Copy a reference: with the name of what it leads to, or what it leads to itself."""
        copied: dict[str, Json] = {}
        for key, item in value.items():
            copied[key] = self.copy(item, inside(expected, key), spot.below(key))
        found = self.follow(str(value["$ref"]), spot)
        if found is None:
            return copied
        if found.file == self.root.file:
            copied["$ref"] = _reference_to(found.pointer)
            return copied
        target = _Target(found.file, found.pointer, expected.kind)
        section = None if expected.named else self.sections.get(expected.kind)
        if section is None:
            return self.in_place(copied, expected, target, found.value, spot)
        place = pointer_of(spot.inside)
        if spot.piece is self.root and place[:-1] == section and len(value) == 1 and target not in self.homes:
            self.homes[target] = place
            return self.in_place(copied, expected, target, found.value, spot)
        self.nameless.append((copied, "$ref", target))
        self.waiting.append((target, found.value))
        return copied

    def in_place(self, copied: dict[str, Json], expected: Member, target: _Target, value: Json, spot: _Spot) -> Json:
        """Copy what a reference leads to, to where the reference stands."""
        if target in spot.open:
            self.library.note("reference-in-circles", str(copied["$ref"]), spot.file, pointer_of(spot.written))
            return copied
        spot.piece.parts.append((pointer_of(spot.inside), Part(target.file, target.pointer)))
        again = spot.again or target in self.placed
        self.placed.add(target)
        there = _Spot(
            spot.piece, spot.inside, target.file, _trail(target.pointer), spot.depth + 1, (*spot.open, target), again
        )
        content = self.copy(value, expected, there)
        if not isinstance(content, dict):
            return content
        del copied["$ref"]
        return {**content, **copied}

    def mapping(self, mapping: Object, spot: _Spot) -> Json:
        """Copy a discriminator's mapping, whose values are names of schemas or references to them."""
        copied = dict(mapping)
        for key, reference in mapping.items():
            if not isinstance(reference, str) or not ("#" in reference or reference.endswith(_FILE_NAMES)):
                continue
            found = self.follow(reference, spot.below(key))
            if found is None:
                continue
            if found.file == self.root.file:
                copied[key] = _reference_to(found.pointer)
                continue
            target = _Target(found.file, found.pointer, "schema")
            self.nameless.append((copied, key, target))
            self.waiting.append((target, found.value))
        return copied

    def follow(self, reference: str, spot: _Spot) -> Found | None:
        """Give what a reference leads to; None where it stays as it is: inside the definition, or nowhere."""
        if spot.file == self.root.file and reference.startswith("#"):
            return None
        return self.library.follow(spot.file, reference, pointer_of(spot.written))

    def find_sections(self) -> None:
        """Remember which whole sections stand in other files: their parts are at home there."""
        sections = {section[:length] for section in self.sections.values() for length in range(1, len(section) + 1)}
        self.whole = {(part.file, part.pointer): place for place, part in self.root.parts if place in sections}

    def is_at_home(self, target: _Target) -> bool:
        """Tell whether a part of another file stands in a section of the definition already."""
        for length in range(len(target.pointer) + 1) if self.whole else ():
            place = self.whole.get((target.file, target.pointer[:length]))
            home = place and (*place, *target.pointer[length:])
            if home and home[:-1] == self.sections[target.kind]:
                self.homes.setdefault(target, home)
        return target in self.homes

    def name_pieces(self, document: dict[str, Json]) -> None:
        """Put what was joined into its sections."""
        for kind, section in self.sections.items():
            pieces = {(one.file, one.pointer): one for one in self.pieces if one.kind == kind}
            if not pieces:
                continue
            container = document
            for key in section:
                container[key] = inner = dict(as_object(container.get(key)))
                container = inner
            given = names(pieces, container)
            for place in sorted(pieces, key=lambda one: given[one]):
                target = pieces[place]
                self.homes[target] = (*section, given[place])
                container[given[place]] = self.pieces[target].value

    def parts(self) -> Mapping[Pointer, Part]:
        parts = dict(self.root.parts)
        for target, piece in self.pieces.items():
            home = self.homes[target]
            parts[home] = Part(target.file, target.pointer)
            parts.update(((*home, *place), part) for place, part in piece.parts)
        return parts

    def count(self, spot: _Spot) -> None:
        """Stop where joining makes more of it than we read."""
        self.copied += 1
        self.repeated += spot.again
        if self.copied > MOST_JOINED or self.repeated > MOST_REPEATED:
            raise self.stop("references-too-many", spot, self.copied)
        if spot.depth > DEEPEST:
            raise self.stop("nested-too-deep", spot, DEEPEST)

    def stop(self, rule: str, spot: _Spot, count: int) -> Stopped:
        return Notes(spot.file).stop(rule, *self.library.place(spot.file, pointer_of(spot.written)), f"{count:,}")


_FILE_NAMES = (".json", ".yaml", ".yml")


def _trail(pointer: Pointer) -> Trail:
    trail: Trail = None
    for segment in pointer:
        trail = (trail, segment)
    return trail


def _reference_to(pointer: Pointer) -> str:
    return "#" + pointer_text(pointer).replace("%", "%25")


def join(document: Object, root: Document, files: Files, dialect: Dialect, hosts: Collection[str] = ()) -> Joined:
    """
    Join a definition across its files, those on the allowed hosts among them.

    Raises Stopped where that makes too much of it, and what the port `Files` raises where a service fails.
    """
    return _Joiner(Library(files, root, hosts), root.file, dialect).join(document)
