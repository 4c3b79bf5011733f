"""Says what makers see differently in two versions of an operation, field by field and output by output."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from exporter.reporting.maker_view import CHOICES, INTERNAL, Field, View

_ASPECTS = {
    "label": "name",
    "kind": "kind",
    "many": "kind",
    "required": "whether it is required",
    "visibility": "who sees it",
    "choices": "choices",
    "source": "where its choices come from",
    "default": "what it starts as",
    "hint": "help text",
}
"""By the member of a field that differs: what that is to makers."""
_HEADING = {
    "title": "name",
    "description": "description",
    "operation": "operationId",
    "trigger": "kind of trigger",
    "visibility": "who sees it",
    "deprecated": "whether it is deprecated",
}
"""The same of an operation."""


class Mark(Enum):
    """What became of a field."""

    GONE = "Gone"
    NEW = "New"
    CHANGED = "Changed"


class Row(NamedTuple):
    """A field that differs, as it is on one side."""

    mark: Mark
    field: Field
    aspects: tuple[str, ...] = ()
    """What about it changed, in words."""
    choices: tuple[str, ...] = ()
    """The choices that only this side has, where all of them are known."""


class Part(NamedTuple):
    """The fields, or the outputs, of both versions as far as they differ."""

    was: tuple[Row, ...]
    now: tuple[Row, ...]
    same: int
    """How many are as they were."""


class Difference(NamedTuple):
    """All that makers see differently in an operation; a side that is None has no such operation."""

    before: View | None
    after: View | None
    fields: Part
    outputs: Part
    heading: tuple[str, ...]
    """What differs about the operation itself, in words."""

    @property
    def seen(self) -> bool:
        """Tell whether makers see any of it."""
        return bool(self.heading) or any(part.was or part.now for part in (self.fields, self.outputs))


_NOTHING = View("", "", "")


def difference(before: View | None, after: View | None) -> Difference:
    """
    Compare two views of an operation.

    Of views that are cut nobody can tell what is gone or new: there, only what both show is compared.
    """
    old, new = before or _NOTHING, after or _NOTHING
    return Difference(
        before,
        after,
        _part(old.fields, new.fields, cut=(old.cut, new.cut)),
        _part(_seen(old.outputs), _seen(new.outputs), cut=(old.cut, new.cut)),
        _differing(old, new, _HEADING),
    )


def _seen(outputs: Sequence[Field]) -> list[Field]:
    return [field for field in outputs if field.visibility != INTERNAL]


def _part(before: Sequence[Field], after: Sequence[Field], *, cut: tuple[bool, bool]) -> Part:
    old, new = {field.path: field for field in before}, {field.path: field for field in after}
    was = tuple(_rows(before, new, Mark.GONE, blind=cut[1]))
    now = tuple(_rows(after, old, Mark.NEW, blind=cut[0]))
    return Part(was, now, sum(new.get(path) == field for path, field in old.items()))


def _rows(fields: Sequence[Field], others: dict[tuple[str, ...], Field], missing: Mark, *, blind: bool) -> list[Row]:
    rows = []
    for field in fields:
        other = others.get(field.path)
        if other is None and not blind:
            rows.append(Row(missing, field))
        elif other is not None and other != field:
            rows.append(Row(Mark.CHANGED, field, _differing(field, other, _ASPECTS), _own(field, other)))
    return rows


def _own(field: Field, other: Field) -> tuple[str, ...]:
    if max(len(field.choices), len(other.choices)) >= CHOICES:
        return ()
    theirs = frozenset(other.choices)
    return tuple(choice for choice in field.choices if choice not in theirs)


def _differing(one: View | Field, other: View | Field, members: Mapping[str, str]) -> tuple[str, ...]:
    told = (words for name, words in members.items() if getattr(one, name) != getattr(other, name))
    return tuple(dict.fromkeys(told))
