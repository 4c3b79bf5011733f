"""What was accepted on purpose stays visible and out of the verdict, and only with a reason and until its last day."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.comparison.accepting import Entry, accept
from exporter.comparison.compare import compare, verdict
from exporter.comparison.fingerprint import fingerprint
from exporter.edges.workspace import FolderWorkspace
from exporter.model.changes import Acceptance, Change, Impact, Verdict
from exporter.model.connectors import Connector
from exporter.model.errors import WrongInputs
from exporter.planning.accepted import read_accepted
from exporter.reporting.accepting import file_lines

DEFINITION = json.loads((Path(__file__).parents[1] / "cases" / "comparison" / "definition.json").read_text("utf-8"))
TODAY = "2026-11-22"


def broken() -> tuple[Connector, Connector, tuple[Change, ...]]:
    other = copy.deepcopy(DEFINITION)
    del other["paths"]["/statuses"]
    other["definitions"]["Order"]["properties"]["total"]["type"] = "string"
    other["info"]["version"] = "2"
    before, after = Connector(DEFINITION, {}), Connector(other, {})
    return before, after, compare(before, after)


def entries(changes: tuple[Change, ...], until: str) -> list[Entry]:
    return [Entry(change.fingerprint, Acceptance("We asked.", until), "accepted.yaml", 2) for change in changes]


def test_all_breaking_changes_accepted_is_compatible_and_one_left_is_not() -> None:
    before, after, found = broken()
    breaking = tuple(change for change in found if change.impact is Impact.BREAKING)
    assert len(breaking) == 3
    sides = fingerprint(before), fingerprint(after)
    for taken, expected in ((breaking, Verdict.COMPATIBLE), (breaking[1:], Verdict.BREAKING)):
        marked, problems = accept(found, entries(taken, TODAY), TODAY)
        assert problems == ()
        assert [change._replace(accepted=None) for change in marked] == list(found)
        assert [change.fingerprint for change in marked if change.accepted] == [one.fingerprint for one in taken]
        assert verdict(*sides, marked) is expected


def test_what_is_past_its_day_or_matches_nothing_does_not_count_and_is_said() -> None:
    _, _, found = broken()
    past, unused = entries(found[:1], "2026-11-21"), Entry("0" * 16, Acceptance("Gone.", "2027-01-01"), "a.yaml", 9)
    marked, problems = accept(found, [*past, unused], TODAY)
    assert marked == found
    assert [(one.rule, one.file, one.line) for one in problems] == [
        ("accepted-past", "accepted.yaml", 2),
        ("accepted-unused", "a.yaml", 9),
    ]


def test_the_lines_that_a_report_prints_are_read_back_once_they_are_filled_in(tmp_path: Path) -> None:
    _, _, found = broken()
    lines = file_lines(found)
    filled = "\n".join(lines).replace('reason: ""', "reason: We asked.").replace('until: ""', "until: 2027-01-31")
    (tmp_path / "as-printed.yaml").write_text("\n".join(lines), "utf-8")
    (tmp_path / "filled.yaml").write_text(filled, "utf-8")
    read, _, problems = read_accepted("filled.yaml", FolderWorkspace(str(tmp_path)))
    assert problems == ()
    assert [(one.fingerprint, one.acceptance) for one in read] == [
        (change.fingerprint, Acceptance("We asked.", "2027-01-31")) for change in found
    ]
    assert [one.line for one in read] == [2 + 3 * at for at in range(len(found))]
    read, _, problems = read_accepted("as-printed.yaml", FolderWorkspace(str(tmp_path)))
    assert read == ()
    assert {one.rule for one in problems} == {"accepted-incomplete"}
    assert problems[1].line == 5
    assert "no `reason`, no `until`" in problems[1].message


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("- fingerprint: nonsense\n  reason: x\n  until: 2027-01-31", "not sixteen hex digits"),
        ("- fingerprint: 1234567890123456\n  reason: x\n  until: 2027-02-30", "no day like"),
        ("- fingerprint: 1234567890123456\n  reason: '  '\n  until: 2027-01-31", "no `reason`"),
        ("- reason: x\n  until: soon", "no `fingerprint` and has an `until`"),
        ("- just text", "is no object"),
    ],
)
def test_an_incomplete_entry_is_said_with_its_line(tmp_path: Path, entry: str, complaint: str) -> None:
    (tmp_path / "a.yaml").write_text(f"# accepted on purpose\naccepted:\n{entry}\n", "utf-8")
    read, _, (problem,) = read_accepted("a.yaml", FolderWorkspace(str(tmp_path)))
    assert read == ()
    assert complaint in problem.message
    assert (problem.file, problem.line) == ("a.yaml", 3)


@pytest.mark.parametrize("text", ["", "[]", "accepted: yes", "accepted: {a: 1}", "other: []", "{"])
def test_a_file_without_a_list_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    with pytest.raises(WrongInputs, match="^accept: a.yaml"):
        read_accepted("a.yaml", FolderWorkspace(str(tmp_path)))


def shuffled(value: Any, random: Random) -> Any:
    """Give a copy with the keys of every object in another order, but not the fields that apps pass by position."""
    if isinstance(value, list):
        return [shuffled(one, random) for one in value]
    if not isinstance(value, dict):
        return value
    keys = list(value) if {"sku", "quantity"} <= set(value) else random.sample(list(value), len(value))
    return {key: shuffled(value[key], random) for key in keys}


@given(st.integers(0, 2**32), st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,20}", fullmatch=True))
@settings(max_examples=25, deadline=None)
def test_fingerprints_do_not_depend_on_order_or_on_the_names_of_definitions(seed: int, name: str) -> None:
    before, after, found = broken()
    expected = [change.fingerprint for change in found]
    sides, random = [], Random(seed)  # noqa: S311 - an order, no secret
    for one in (before, after):
        definition: Any = json.loads(json.dumps(one.definition).replace("#/definitions/", f"#/definitions/{name}-"))
        definition["definitions"] = {f"{name}-{key}": value for key, value in definition["definitions"].items()}
        sides.append(Connector(shuffled(definition, random), {}))
    again = compare(*sides)
    assert [change.fingerprint for change in again] == expected
    assert [change.message for change in again] == [change.message for change in found]
