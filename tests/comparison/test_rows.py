"""Every row of the table: found by the one change that it is about, and explained in docs/changes.md."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest

from exporter.comparison.compare import compare
from exporter.comparison.rows import BY_ID, ROWS
from exporter.model.changes import Change, Impact, When
from tests.comparison.edits import CHANGES, changed
from tools.make_changes import document

ROOT = Path(__file__).parents[2]
_THINGS = ("operation-", "trigger-", "param-", "request-field-", "response-field-")
_IN_PLACE = ("label-changed", "request-type-changed", "response-field-type-changed", "default-changed")
BASE = changed({})
COMPANIONS = {
    "trigger-became-action": {"response-schema-removed"},
    "deprecated-removed-early": {"operation-removed"},
    "webhook-delete-changed": {"operation-id-changed"},
}
"""What breaks by the same edit, besides what it is about."""


@pytest.mark.parametrize(("row", "moves"), CHANGES, ids=[row for row, _ in CHANGES])
def test_one_change_is_found_and_nothing_else_breaks(row: str, moves: dict[str, Any]) -> None:
    found = compare(BASE, changed(moves))
    assert row in {change.id for change in found}
    others = {change.id for change in found if change.id != row and change.impact is Impact.BREAKING}
    assert others <= COMPANIONS.get(row, {"dynamic-target-missing"})


def _moved(change: Change, how: str) -> bool:
    return change.id.startswith(_THINGS) and change.id.endswith(how)


@pytest.mark.parametrize("moves", [moves for _, moves in CHANGES], ids=[row for row, _ in CHANGES])
def test_the_other_way_round_what_came_is_what_goes(moves: dict[str, Any]) -> None:
    other = changed(moves)
    there, back = compare(BASE, other), compare(other, BASE)
    for one, two in ((there, back), (back, there)):
        come = {change.pointer for change in one if _moved(change, "-added") and change.old_pointer is None}
        gone = {change.old_pointer for change in two if _moved(change, "-removed")}
        assert come == gone
    assert {change.pointer for change in there if change.old_pointer} >= {
        change.old_pointer for change in back if change.id in _IN_PLACE
    }


def test_every_row_has_its_change() -> None:
    assert sorted(BY_ID) == sorted(["inheritance-cut", *(row for row, _ in CHANGES)])


def test_every_row_is_told_once_and_names_only_what_it_is_given() -> None:
    assert len(BY_ID) == len(ROWS)
    for row in ROWS:
        names = {name for _, name, _, _ in string.Formatter().parse(row.message) if name}
        assert names <= {"operation", "name", "before", "after"}, row.id
        assert set(row.effects) <= set("BRDL-"), row.id
        assert row.when in When, row.id
        assert row.advice.endswith("."), row.id
        if row.impact is Impact.BREAKING:
            assert set(row.effects) & set("BRD"), row.id


def test_the_document_shows_each_row_with_what_it_looks_like() -> None:
    text = (ROOT / "docs" / "changes.md").read_text("utf-8")
    assert text == document(text), "`make changes` writes it anew"
    headings = re.findall(r"^### `(.+)`\n\n\*\*(\w+)\*\*", text, re.MULTILINE)
    assert headings == [(row.id, row.impact.value) for row in ROWS]


def test_what_can_break_something_never_says_that_there_is_nothing_to_do() -> None:
    assert [row.id for row in ROWS if set(row.effects) & {"B", "R"} and row.advice == "Nothing to do."] == []
