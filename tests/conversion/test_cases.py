from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporter.conversion.losses import KINDS
from exporter.model.definitions import Converted
from exporter.model.findings import Severity
from exporter.model.pointers import pointer_text, value_at
from exporter.rules.check import check

CASES = Path(__file__).parents[1] / "cases" / "conversion"
FOLDERS = sorted(folder for folder in CASES.iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(
    folder: Path,
    load: Callable[[Path], Any],
    converted: Callable[[Any], Converted],
    problems: Callable[[Any], list[str]],
) -> None:
    """What becomes of `input.yaml` is in `expected.json`; `ACCEPT=1` rewrites it."""
    document = load(folder / "input.yaml")
    result = converted(document)
    losses = [{"kind": one.kind, "pointer": pointer_text(one.pointer), "what": one.what} for one in result.losses]
    found = {"document": result.document, "losses": losses}
    expected = folder / "expected.json"
    if os.getenv("ACCEPT"):
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    wanted = json.loads(expected.read_text("utf-8"))
    assert found == wanted
    assert json.dumps(found) == json.dumps(wanted), "the order of keys is part of it"
    assert problems(wanted["document"]) == []
    assert kinds(result.document) <= {dict, list, str, int, float, bool, type(None)}, "plain JSON, as read from a file"
    assert [one for one in result.losses if one.pointer and value_at(document, one.pointer[:-1]) is None] == []


def kinds(value: Any) -> set[type]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {type(value)}.union(*map(kinds, inner))


def test_every_kind_of_loss_is_shown_in_a_case() -> None:
    shown = {
        loss["kind"] for folder in FOLDERS for loss in json.loads((folder / "expected.json").read_text())["losses"]
    }
    assert set(KINDS) - shown == set()


def test_every_kind_of_loss_is_explained() -> None:
    text = (Path(__file__).parents[2] / "docs" / "losses.md").read_text("utf-8")
    headings = [line.removeprefix("### ").strip("`") for line in text.splitlines() if line.startswith("### ")]
    assert headings == list(KINDS)
    for why, done in KINDS.values():
        assert f"{why} {done}" in text


def _rows() -> list[list[str]]:
    text = (Path(__file__).parents[2] / "docs" / "conversion.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line[:2] == "| "]
    return [row for row in rows if row[0] not in {"OpenAPI 3", "---"}]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0][:40])
def test_what_the_table_of_constructs_says_is_shown(row: list[str]) -> None:
    _, _, how, losses, case = row
    assert how in {"kept", "adapted", "left out"}
    expected = json.loads((CASES / case / "expected.json").read_text("utf-8"))
    assert set(re.findall(r"`([^`]+)`", losses)) <= {loss["kind"] for loss in expected["losses"]}
    assert losses or how == "kept"


def test_a_callback_becomes_a_trigger_that_no_rule_refuses() -> None:
    document = json.loads((CASES / "callbacks" / "expected.json").read_text("utf-8"))["document"]
    assert document["paths"]["/subscriptions"]["post"]["x-ms-trigger"] == "single"
    assert [finding for finding in check(document) if finding.severity is Severity.ERROR] == []
