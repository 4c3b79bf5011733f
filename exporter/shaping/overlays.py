"""Applies OpenAPI overlays: what makers need and the API's own file does not say."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.definitions import Converted, Definition, Part
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object
from exporter.model.pointers import Pointer
from exporter.openapi.dangling import dangling
from exporter.openapi.json_reading import deeper_than
from exporter.openapi.limits import DEEPEST
from exporter.openapi.load import dangling_findings, recognised_dialect
from exporter.openapi.places import Places
from exporter.openapi.problems import MOST_FINDINGS, more, shown
from exporter.openapi.walk import Trail, look_up, operations, pointer_of, references
from exporter.ports import Files
from exporter.shaping.jsonpath import Budget, NotAQuery, TooMuchWork, select
from exporter.shaping.merging import Incompatible, counted, merged
from exporter.shaping.moving import Removal
from exporter.shaping.overlay_files import Action, Overlay, read_overlay
from exporter.shaping.sheet import Sheet

MOST_ADDED = 500_000
"""Values that all overlays of a run may add; the platform takes a definition of 1 MB."""


class Laid(NamedTuple):
    """A document with overlays on it, and what to say about it."""

    definition: Definition
    findings: tuple[Finding, ...]


class Relaid(NamedTuple):
    """A connector definition with overlays on it, and what to say about it."""

    converted: Converted
    definition: Definition
    """Knows the places of what the overlays wrote."""
    findings: tuple[Finding, ...]


def read_overlays(paths: Iterable[str], files: Files) -> tuple[Overlay, ...]:
    """Read overlay files. Raises WrongInputs for what is none."""
    return tuple(read_overlay(path, files) for path in dict.fromkeys(paths))


def overlay_definition(definition: Definition, overlays: Iterable[Overlay]) -> Laid:
    """
    Apply overlays, in their order, to the document as its author wrote it: joined, not converted.

    What an overlay wrote is found in its file afterwards. An action that selects nothing is a finding, and so is a
    reference that leads nowhere since. Raises WrongInputs, with file and line, for a query that is none, for values
    that cannot be merged, and where it takes more work or grows larger than any definition for a connector.
    """
    listed = [one for one in overlays if not one.of_connector]
    laying = _Laying(definition)
    for one in listed:
        laying.lay(one)
    if not listed:
        return Laid(definition, ())
    after = laying.definition
    if recognised_dialect(after.document) is not definition.dialect:
        raise WrongInputs(
            f"overlay: {listed[-1].file}: Since the overlays the document says another version of OpenAPI.",
            advice="Leave `openapi` and `swagger` as they are.",
        )
    if any(operations(definition.document)) and not any(operations(after.document)):
        raise WrongInputs(
            f"overlay: {listed[-1].file}: Since the overlays no operation is left.",
            advice="Let the actions with `remove` keep those that makers need.",
        )
    return Laid(after, (*laying.findings, *_broken_references(definition, after)))


def overlay_connector(converted: Converted, definition: Definition, overlays: Iterable[Overlay]) -> Relaid:
    """Apply the overlays that say `x-applies-to: connector` to the connector definition, after its conversion."""
    listed = [one for one in overlays if one.of_connector]
    if not listed:
        return Relaid(converted, definition, ())
    whole = Places(definition, converted.origins)
    laying = _Laying(Definition(converted.document, "", definition.dialect, definition.positions, {}))
    for one in listed:
        laying.lay(one)
    origins: dict[Pointer, Pointer] = dict(converted.origins)
    parts: dict[Pointer, Part] = dict(definition.parts)
    for pointer, part in laying.definition.parts.items():
        if not part.file:  # it moved inside the connector definition
            origins[pointer] = whole.author_pointer(part.pointer)
        elif not _is_taken(definition.document, pointer):
            origins[pointer] = pointer
            parts[pointer] = part
    positions = {**definition.positions, **laying.definition.positions}
    after = converted._replace(document=laying.definition.document, origins=origins)
    return Relaid(after, definition._replace(parts=parts, positions=positions), laying.findings)


def _is_taken(document: Object, pointer: Pointer) -> bool:
    """Tell whether the author's document may mean something else by a pointer: an item of a list."""
    return look_up(document, pointer)[0] and any(segment.isdecimal() for segment in pointer)


class _Laying:
    """Applies action after action, and keeps account of where everything came from."""

    def __init__(self, definition: Definition) -> None:
        self.before = definition
        self.document = definition.document
        self.positions = dict(definition.positions)
        self.parts = dict(definition.parts)
        self.odd: list[Finding] = []
        self.unmatched: list[Finding] = []
        self.idle = 0
        """How many actions select nothing."""
        self.budget = Budget()
        self.room = MOST_ADDED

    @property
    def definition(self) -> Definition:
        return self.before._replace(document=self.document, positions=self.positions, parts=self.parts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the overlays; of actions that do nothing the first ones, and how many more there are."""
        found, left = (*self.odd, *self.unmatched), self.idle - len(self.unmatched)
        return (*found, more(found[-1], left)) if left else found

    def lay(self, overlay: Overlay) -> None:
        self.positions[overlay.file] = overlay.positions
        self.odd += overlay.findings
        for action in overlay.actions:
            self.act(overlay, action)
        if deeper_than(self.document, DEEPEST):
            raise WrongInputs(
                f"overlay: {overlay.file}: Since this overlay values are nested deeper than {DEEPEST} levels.",
                advice="Copy less into itself.",
            )

    def act(self, overlay: Overlay, action: Action) -> None:
        targets = self.select(overlay, action, "target", action.target)
        if not targets:
            self.unmatched += [_unmatched(overlay, action)] if len(self.unmatched) < MOST_FINDINGS else []
            self.idle += 1
        elif action.kind == "remove":
            self.remove(overlay, action, targets)
        elif action.kind == "update":
            self.merge(overlay, action, targets, action.value, Part(overlay.file, (*action.pointer, "update")))
        else:
            sources = self.select(overlay, action, "copy", str(action.value))
            if len(sources) != 1:
                message = f"`copy` must select one thing; it selects {len(sources):,}."
                raise overlay.wrong((*action.pointer, "copy"), message)
            value = look_up(self.document, sources[0])[1]
            self.merge(overlay, action, targets, value, self.place(sources[0]))

    def select(self, overlay: Overlay, action: Action, key: str, query: str) -> tuple[Pointer, ...]:
        try:
            return select(self.document, query, self.budget)
        except NotAQuery as error:
            message = f"{shown(query)} is no JSONPath query that we follow: {error}."
            raise overlay.wrong((*action.pointer, key), message) from error
        except TooMuchWork as error:
            message = f"{shown(query)} visits too much of the document, alone or with the queries before it."
            raise overlay.wrong((*action.pointer, key), message, "Name the way to what you mean.") from error

    def remove(self, overlay: Overlay, action: Action, targets: tuple[Pointer, ...]) -> None:
        if () in targets:
            raise overlay.wrong(action.pointer, "The document as a whole cannot be removed.")
        removal = Removal(self.document, targets)
        try:
            self.budget.spend((len(self.parts) + removal.shifted) // 4)
        except TooMuchWork as error:
            message = "The overlays remove too much, too often."
            raise overlay.wrong(action.pointer, message, "Write one action instead of many.") from error
        self.parts = removal.parts(self.parts, self.place)
        self.document = removal.document()

    def merge(
        self, overlay: Overlay, action: Action, targets: tuple[Pointer, ...], value: Json, came_from: Part
    ) -> None:
        key = "update" if action.kind == "update" else "copy"
        kinds = {_kind(look_up(self.document, target)[1]) for target in targets}
        if len(kinds) > 1:
            message = "The target selects values of several kinds: objects, arrays, single values."
            raise overlay.wrong((*action.pointer, "target"), message, "Write an action for each kind.")
        self.room -= counted(value) * len(targets)
        if self.room < 0:
            message = f"The overlays add more than {MOST_ADDED:,} values."
            raise overlay.wrong((*action.pointer, key), message, "Select less, or add less.")
        sheet = Sheet(self.document)
        for target in targets:
            try:
                writes = list(merged(look_up(sheet.document, target)[1], value, target))
            except Incompatible as error:
                inner = error.source if key == "update" else ()
                raise overlay.wrong((*action.pointer, key, *inner), f"{error}.") from error
            for write in writes:
                sheet.put(write.pointer, write.value)
                self.parts[write.pointer] = Part(came_from.file, (*came_from.pointer, *write.source))
        self.document = sheet.document

    def place(self, pointer: Pointer) -> Part:
        return Places(self.definition).part(pointer)


def _kind(value: Json) -> str:
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "single"


def _unmatched(overlay: Overlay, action: Action) -> Finding:
    line, column = overlay.positions.find((*action.pointer, "target"))
    return Finding(
        "overlay-target-unmatched",
        Severity.WARNING,
        (),
        f"The target {shown(action.target)} selects nothing, so this action does nothing.",
        "Correct it, or remove the action.",
        overlay.file,
        line,
        column,
    )


def _broken_references(before: Definition, after: Definition) -> Iterator[Finding]:
    """Give what overlays broke: references that lead nowhere since, and those to other files, which are not joined."""
    old = list(references(before.document))
    known = {one.reference for one in dangling(before.document, old)}
    external = {str(one.value["$ref"]) for one in old}
    written = list(references(after.document))
    yield from dangling_findings(after, written, known)
    texts = ((str(one.value["$ref"]), one.trail) for one in written)
    outside = [(text, trail) for text, trail in texts if not text.startswith("#") and text not in external]
    places = Places(after)
    found = [_outside(text, trail, places) for text, trail in outside[:MOST_FINDINGS]]
    yield from found
    if len(outside) > len(found):
        yield more(found[-1], len(outside) - len(found))


def _outside(text: str, trail: Trail, places: Places) -> Finding:
    pointer = pointer_of(trail)
    return Finding(
        "overlay-reference-to-file",
        Severity.ERROR,
        pointer,
        f"The overlay refers to another file, {shown(text)}; overlays are applied after files are joined.",
        "Refer to something in the definition, or write it out.",
        *places.of_author((*pointer, "$ref")),
    )
