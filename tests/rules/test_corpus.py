"""No published connector gets an error: all of them passed the platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exporter.model.definitions import Place
from exporter.model.findings import Finding, Severity
from exporter.model.pointers import Pointer
from exporter.reporting.grouping import grouped_findings
from exporter.rules.check import check

CONNECTORS = Path(__file__).parents[2].parent / "shared" / "corpus" / "connectors"
FILES = sorted(CONNECTORS.glob("*/*.swagger.json"))
PAIRS = sorted(CONNECTORS.parent.glob("pairs/*/meta.json"))

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/corpus/connectors is not there")


def read(path: Path) -> Any:
    """Give the definition, or None where the file is broken (some are, on purpose)."""
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except ValueError:
        return None


@cache
def checked(path: Path) -> tuple[Any, tuple[Finding, ...]]:
    """Give a definition and what is found in it: three tests ask that of each connector."""
    document = read(path)
    return document, () if document is None else check(document)


def places(value: Any, here: Pointer = ()) -> Iterator[Pointer]:
    """Give the pointers of all that stands in a document."""
    yield here
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*here, str(key)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_a_published_connector_has_no_errors(path: Path) -> None:
    document, findings = checked(path)
    if document is None:
        pytest.skip("not JSON, on purpose")
    stands = set(places(document))
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    assert all(finding.pointer in stands for finding in findings)


@pytest.mark.parametrize("meta", PAIRS, ids=lambda path: path.parent.name)
def test_no_version_that_was_published_has_errors(meta: Path) -> None:
    if "dev" not in json.loads(meta.read_text("utf-8"))["reachable_from"]:
        pytest.skip("never published")
    for name in ("before.json", "after.json"):
        document = read(meta.parent / name) or {}
        assert [finding for finding in check(document) if document and finding.severity is Severity.ERROR] == []


class Nowhere(NamedTuple):
    """A locator for reports that show no places."""

    def of_author(self, _pointer: Pointer) -> Place:
        return Place("", 0)

    of_connector = of_author


def test_findings_are_few_enough_to_read() -> None:
    found = [findings for document, findings in map(checked, FILES) if document is not None]
    counts = sorted(len(grouped_findings(findings, Nowhere())) for findings in found)
    assert counts[len(counts) // 2] <= 3
    assert counts[len(counts) * 9 // 10] <= 8


def test_the_rules_say_something_about_published_connectors() -> None:
    rules = {finding.rule for path in FILES[:60] for finding in checked(path)[1]}
    assert {"path-parameter-missing-encoding", "default-value-must-match-type", "unknown-ms-extension"} <= rules
