"""The report as a page and as SARIF, end to end: where they lie, when they are written, and what they leave alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Run, definition

ASKED = {"definition": "api.json", "mode": "check", "baseline": "file:before.json", "record": "none"}


def _write(workspace: Path, before: Any, after: Any) -> None:
    (workspace / "before.json").write_text(json.dumps(before), "utf-8")
    (workspace / "api.json").write_text(json.dumps(after, indent=1), "utf-8")


def _results(workspace: Path) -> list[dict[str, Any]]:
    (only,) = json.loads((workspace / "out.sarif").read_bytes())["runs"]
    return list(only["results"])


def test_a_break_is_shown_before_and_after(run: Run, workspace: Path) -> None:
    _write(workspace, definition("GetOrder"), definition())
    result = run(**ASKED, sarif="out.sarif")
    assert result.code == 1
    assert result.outputs["report-page"] == "connector-export/bundle.report.html"
    page = (workspace / result.outputs["report-page"]).read_text("utf-8")
    assert "GetOrder" in page
    assert "It is gone." in page
    (removed,) = (one for one in _results(workspace) if one["ruleId"] == "operation-removed")
    assert removed["level"] == "error"
    assert removed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "api.json"
    assert removed["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
    fingerprint = next(one["fingerprint"] for one in result.report["changes"] if one["id"] == "operation-removed")
    assert removed["partialFingerprints"]["connectorExporter/v1"] == fingerprint


def test_an_unchanged_run_says_nothing_and_keeps_the_alerts(run: Run, workspace: Path) -> None:
    _write(workspace, definition(), definition())
    page = workspace / "connector-export" / "bundle.report.html"
    result = run(**ASKED)
    assert (result.code, "report-page" in result.outputs, page.exists()) == (0, False, False)
    broken = definition()
    del broken["paths"]["/ListOrders"]["get"]["operationId"]  # an error, and yet the unchanged run goes on
    _write(workspace, broken, broken)
    result = run(**ASKED, sarif="out.sarif", complete="none")
    assert result.code == 0
    assert result.report["findings"] == []
    assert "error" in {one["level"] for one in _results(workspace)}


def test_a_page_of_an_earlier_run_does_not_stay(run: Run, workspace: Path) -> None:
    _write(workspace, definition("GetOrder"), definition())
    page = workspace / run(**ASKED).outputs["report-page"]
    _write(workspace, definition(), definition())
    assert "report-page" not in run(**ASKED).outputs
    assert "It is gone." not in page.read_text("utf-8")
    assert "No change" in page.read_text("utf-8")


@pytest.mark.parametrize("content", [b"{", b"[]"], ids=["broken", "no object"])
def test_what_cannot_be_read_has_a_page_and_sarif_too(run: Run, workspace: Path, content: bytes) -> None:
    (workspace / "api.json").write_bytes(content)
    result = run(definition="api.json", mode="check", record="none", sarif="out.sarif")
    assert result.code == 3
    assert "Nothing was exported" in (workspace / result.outputs["report-page"]).read_text("utf-8")
    results = _results(workspace)
    assert results
    assert all(one["locations"] for one in results)
