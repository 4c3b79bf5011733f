"""How operations have moved: which are gone, new or renamed, and what is different about the others."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from exporter.comparison.callbacks import callback_moves
from exporter.comparison.facets import FOR_AGENTS, shown
from exporter.comparison.inputs import Inputs, body_order, skeleton
from exporter.comparison.moves import Move
from exporter.comparison.outputs import Outputs
from exporter.comparison.reading import Operation, Reader, inherited, visibility
from exporter.comparison.renames import only_letters
from exporter.comparison.sameness import Sameness
from exporter.comparison.walk import Walk
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

ANNOTATION = "x-ms-api-annotation"
_TRIGGER_TEXTS = ("x-ms-trigger-metadata", "x-ms-trigger-hint")
_INHERITED = ("consumes", "produces")
_BESIDE = ("parameters", "x-ms-notification-content")
"""What an operation takes from its path item."""
_VALUES = (
    ("operation-tags-changed", "tags"),
    ("pageable-changed", "x-ms-pageable"),
    ("operation-context-changed", "x-ms-operation-context"),
    *(("agent-text-changed", key) for key in FOR_AGENTS),
)
_OWN = frozenset(
    (
        *_TRIGGER_TEXTS, *_INHERITED, *_BESIDE, *FOR_AGENTS, ANNOTATION, "x-ms-operation-context", "operationId", "summary", "description", "tags", "deprecated",
        "security", "responses", "x-ms-visibility", "x-ms-trigger", "x-ms-pageable",
    )
)  # fmt: skip
"""Keys that have rules of their own."""


class Pairs(NamedTuple):
    """Operations of two versions, brought together."""

    kept: list[tuple[Operation, Operation]]
    gone: list[Operation]
    come: list[Operation]


def paired(old: Reader, new: Reader) -> Pairs:
    """Pair operations by operationId, then what is left by method and address, then by method and path alone."""
    kept: list[tuple[Operation, Operation]] = []
    before, after = list(old.operations()), list(new.operations())
    bases = base(old.document), base(new.document)
    for keys in ((_by_id, _by_id), (_by_place(bases[0]), _by_place(bases[1])), (_by_place(""), _by_place(""))):
        homes = {keys[1](one): one for one in reversed(after)}
        left = []
        for one in before:
            key = keys[0](one)
            other = homes.pop(key, None) if key else None
            if other is None:
                left.append(one)
            else:
                kept.append((one, other))
        taken = {other.where for _, other in kept}
        before, after = left, [one for one in after if one.where not in taken]
    return Pairs(kept, before, after)


def _by_id(operation: Operation) -> str:
    return operation.id


def _by_place(before: str) -> Callable[[Operation], str]:
    return lambda operation: f"{operation.method} {skeleton(before + operation.path)}"


class Operations:
    """Compares operations, two versions of a definition at hand."""

    def __init__(self, old: Reader, new: Reader, walk: Walk, sameness: Sameness) -> None:
        self._old, self._new, self._sameness = old, new, sameness
        self._inputs = Inputs(old, new, walk)
        self._outputs = Outputs(old, new, walk, sameness)
        self._ids = {one.id for one in new.operations()}
        self._inherit = all(old.document.get(key) == new.document.get(key) for key in (*_INHERITED, "basePath"))

    def moves(self, index: int, old: Operation, new: Operation) -> Iterator[Move]:
        """Give what moved in one pair of operations; what is deeper in it goes into the walk under its index."""
        yield from body_order((self._old, old), (self._new, new))
        if old.where == new.where and self._inherit and self._same(old, new):
            return
        yield from _identity(old, new)
        yield from self._address(old, new)
        yield from self._facts(old, new)
        yield from self._annotation(old, new)
        yield from _trigger(old, new)
        yield from callback_moves((self._old, old), (self._new, new))
        yield from self._inputs.moves(index, old, new)
        yield from self._outputs.moves(index, old, new)

    def _same(self, old: Operation, new: Operation) -> bool:
        beside = ([one.item.get(key) for key in _BESIDE] for one in (old, new))
        return self._sameness.same(old.facts, new.facts) and self._sameness.same(*beside)

    def _address(self, old: Operation, new: Operation) -> Iterator[Move]:
        """Compare paths with what stands before them: moving a part of a path into `basePath` changes nothing."""
        before, after = base(self._old.document), base(self._new.document)
        if skeleton(before + old.path) == skeleton(after + new.path):
            return
        if skeleton(old.path) == skeleton(new.path):
            key = "basePath"
            yield Move(
                "base-path-changed", ("connector", key), (key,) if after else (), (key,), before or "/", after or "/"
            )
        else:
            yield Move("operation-path-changed", (), new.where, old.where, before + old.path, after + new.path)

    def _facts(self, old: Operation, new: Operation) -> Iterator[Move]:
        before, after = old.facts, new.facts
        for row, key in (("operation-summary-changed", "summary"), ("operation-description-changed", "description")):
            yield from _changed(row, key, (old, new), (as_text(before.get(key)), as_text(after.get(key))))
        for row, key in _VALUES:
            yield from _changed(row, key, (old, new), (before.get(key) or None, after.get(key) or None))
        if "security" in before or "security" in after:
            asked = (
                before.get("security", self._old.document.get("security")) or None,
                after.get("security", self._new.document.get("security")) or None,
            )
            yield from _changed("operation-security-changed", "security", (old, new), asked)
        for key in _INHERITED:
            (one, was), (other, where) = (
                inherited(self._old.document, old, key),
                inherited(self._new.document, new, key),
            )
            if _media(one) != _media(other):
                yield Move(
                    "media-type-changed",
                    (key,),
                    where if other is not None else new.where,
                    was if one is not None else None,
                    _media(one),
                    _media(other),
                )
        details = sorted(key for key in (before.keys() | after.keys()) - _OWN if before.get(key) != after.get(key))
        if details:
            yield Move("detail-changed", ("operation",), new.where, old.where, None, details[:10])

    def _annotation(self, old: Operation, new: Operation) -> Iterator[Move]:
        before, after = as_object(old.facts.get(ANNOTATION)), as_object(new.facts.get(ANNOTATION))
        where, was = ((*one.where, ANNOTATION) if facts else one.where for one, facts in ((new, after), (old, before)))
        replacement = as_text(as_object(after.get("replacement")).get("operationId"))
        if before == after:
            return
        if before.get("family") != after.get("family") and before and after:
            yield Move(
                "annotation-family-changed", ("annotation",), where, was, before.get("family"), after.get("family")
            )
        elif number(after.get("revision")) < number(before.get("revision")) and after:
            yield Move(
                "annotation-revision-decreased",
                ("annotation",),
                where,
                was,
                before.get("revision"),
                after.get("revision"),
            )
        else:
            yield Move("annotation-changed", ("annotation",), where, was, dict(before), dict(after))
        if replacement and replacement not in self._ids:
            yield Move("annotation-replacement-dangling", ("annotation", "replacement"), where, was, None, replacement)


def _identity(old: Operation, new: Operation) -> Iterator[Move]:
    if old.id != new.id:
        alike = bool(old.id) and only_letters(old.id) == only_letters(new.id)
        row = f"operation-id-{'punctuation-' if alike else ''}changed" if old.id else "operation-id-added"
        yield Move(row, (), new.where, old.where, old.name, new.name)
    if old.method != new.method:
        yield Move("operation-method-changed", (), new.where, old.where, old.method.upper(), new.method.upper())
    seen, sees = visibility(old.facts), visibility(new.facts)
    if seen != sees:
        row = {"internal": "operation-hidden"}.get(
            sees, "operation-shown" if seen == "internal" else "operation-visibility-changed"
        )
        yield Move(row, (), new.where, old.where, shown(seen), shown(sees))
    was, now = old.facts.get("deprecated") is True, new.facts.get("deprecated") is True
    if was is not now:
        yield Move("operation-deprecated" if now else "operation-undeprecated", (), new.where, old.where, was, now)


def _trigger(old: Operation, new: Operation) -> Iterator[Move]:
    if old.trigger != new.trigger:
        row = (
            "trigger-kind-changed"
            if old.trigger and new.trigger
            else "action-became-trigger"
            if new.trigger
            else "trigger-became-action"
        )
        yield Move(row, (), new.where, old.where, old.trigger, new.trigger)
    moved = [key for key in _TRIGGER_TEXTS if old.facts.get(key) != new.facts.get(key)]
    if moved:
        yield Move("trigger-metadata-changed", (), new.where, old.where, None, list(moved))


def _changed(row: str, key: str, sides: tuple[Operation, Operation], values: tuple[Json, Json]) -> Iterator[Move]:
    if values[0] != values[1]:
        was, where = ((*side.where, key) if key in side.facts else side.where for side in sides)
        yield Move(row, (), where, was, *values)


def number(value: Json) -> float:
    """Give a number; 0 for anything else."""
    return value if isinstance(value, (int, float)) else 0


def _media(value: Json) -> list[str]:
    return sorted({as_text(one).lower() for one in as_list(value)}) or ["application/json"]


def base(document: Object) -> str:
    """Give what stands before every path."""
    return as_text(document.get("basePath")).rstrip("/")
