"""What code scanning asks of a SARIF file; `make pages` also holds it to the official schema."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from exporter.model.changes import Change, Effect, Impact, Surface
from exporter.model.definitions import Place
from exporter.model.errors import StoppedByFailOn, WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.plans import NO_PLAN, Plan, Report
from exporter.model.pointers import Pointer
from exporter.reporting.locating import Links, Locator
from exporter.reporting.sarif import MOST, sarif
from tests.reporting.story import compared, whole_story

DOCS = Links("https://github.com", "a/b", "c", "https://example.com/changes.md", "https://example.com/rules.md")
TOOLS = Path(os.environ.get("PAGES") or Path(__file__).parents[2] / "build" / "pages")
SCHEMA = TOOLS / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


class OneLine:
    """Places in a file without line ends."""

    def of_author(self, pointer: Pointer) -> Place:
        return Place("api/my file.json", 1, len(pointer) + 1)

    of_connector = of_author


def _run(report: Report, places: Locator, links: Links = DOCS) -> dict[str, Any]:
    content = sarif(report, places, links, "1.2.3")
    assert content == sarif(report, places, links, "1.2.3")
    log = json.loads(content)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return dict(run)


def test_results_stand_on_their_lines_the_worst_first(places: Locator) -> None:
    run = _run(Report(whole_story(), "check"), places)
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    levels = [result["level"] for result in results]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert set(levels) == {"error", "warning", "note"}
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert location["physicalLocation"]["region"]["startLine"] > 0
        assert result["message"]["text"]
        assert "](" not in result["message"]["text"]
        assert len(result["partialFingerprints"]["connectorExporter/v1"]) == 16
    (elsewhere,) = (result for result in results if result["ruleId"] == "not-json")
    assert elsewhere["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "api/b%20%231.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 2},
    }


def test_rules_say_what_to_do_and_lead_to_their_page(places: Locator) -> None:
    run = _run(Report(whole_story(), "check"), places)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    removed = rules["operation-removed"]
    assert removed["helpUri"] == "https://example.com/changes.md#operation-removed"
    assert "Put it back" in removed["help"]["text"]
    assert "Breaks: flows" in removed["help"]["text"]
    assert removed["defaultConfiguration"] == {"level": "error"}
    assert rules["host-required"]["helpUri"] == "https://example.com/rules.md#host-required"
    without = _run(Report(whole_story(), "check"), places, Links())
    assert all("helpUri" not in rule for rule in without["tool"]["driver"]["rules"])


def test_what_is_accepted_is_suppressed(places: Locator) -> None:
    results = _run(Report(whole_story(), "check"), places)["results"]
    (taken,) = (result for result in results if "suppressions" in result)
    assert taken["ruleId"] == "operation-removed"
    (suppression,) = taken["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["status"] == "accepted"
    assert "until 2027-01-31" in suppression["justification"]


def test_a_break_that_is_not_certain_is_a_warning(places: Locator) -> None:
    surfaces = {Surface.FLOWS: Effect.BREAKS_IF_USED}
    change = Change("x", Impact.BREAKING, surfaces, ("a",), "m", "a", "0123456789abcdef")
    (result,) = _run(Report(compared(changes=(change,)), "check"), places)["results"]
    assert result["level"] == "warning"


def test_fingerprints_do_not_know_lines() -> None:
    class Lower:
        def of_author(self, pointer: Pointer) -> Place:
            return Place("api.json", 500 + len(pointer))

        of_connector = of_author

    def marks(places: Locator) -> list[str]:
        results = _run(Report(whole_story(), "check"), places)["results"]
        return [result["partialFingerprints"]["connectorExporter/v1"] for result in results]

    assert marks(Lower()) == marks(OneLine())


def test_results_of_one_line_stay_apart() -> None:
    findings = tuple(Finding("r", Severity.NOTICE, (name,), "m", "a") for name in "ab")
    results = _run(Report(compared(changes=(), findings=findings), "check"), OneLine())["results"]
    assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 2


def test_what_has_no_line_stands_for_the_definition(places: Locator) -> None:
    icon = Change("icon-changed", Impact.COMPATIBLE, {}, (), "The icon changed.", "", "0123", part="icon")
    (result,) = _run(Report(compared(changes=(icon,)), "check"), places)["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "api/openapi.yaml", "uriBaseId": "%SRCROOT%"}
    }


def test_no_more_than_code_scanning_shows(places: Locator) -> None:
    notes = tuple(Finding("note", Severity.NOTICE, (str(n),), "m", "a") for n in range(MOST))
    findings = (*notes, Finding("worst", Severity.ERROR, (), "m", "a"))
    run = _run(Report(compared(changes=(), findings=findings), "check"), places)
    assert len(run["results"]) == MOST
    assert run["results"][0]["ruleId"] == "worst"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "1 more result in the report as JSON."


def test_an_unchanged_connector_keeps_its_findings(places: Locator) -> None:
    standing = (Finding("summary-missing", Severity.WARNING, ("paths",), "No summary.", "Add one."),)
    plan = compared(changed=False, changes=(), standing=standing)
    assert [result["ruleId"] for result in _run(Report(plan, "check"), places)["results"]] == ["summary-missing"]


def test_what_stopped_a_run_is_said() -> None:
    class Nowhere:
        def of_author(self, pointer: Pointer) -> Place:
            return Place("")

        of_connector = of_author

    (stopped,) = _run(Report(NO_PLAN, "check", problem=WrongInputs("icon: odd", advice="Mend it.")), Nowhere())[
        "invocations"
    ]
    assert stopped["executionSuccessful"] is False
    assert stopped["exitCode"] == 2
    assert "Mend it." in stopped["toolExecutionNotifications"][0]["message"]["text"]
    (judged,) = _run(Report(compared(), "check", problem=StoppedByFailOn("breaking")), Nowhere())["invocations"]
    assert judged == {"executionSuccessful": True, "exitCode": 1, "toolExecutionNotifications": []}


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the official schema is not here: `make pages` brings it")
@pytest.mark.parametrize("plan", [whole_story(), compared(), NO_PLAN], ids=["everything", "changes", "nothing"])
def test_it_is_valid_against_the_official_schema(plan: Plan, places: Locator) -> None:
    validator = Draft7Validator(json.loads(SCHEMA.read_bytes()))
    for problem in (None, WrongInputs("x")):
        log = json.loads(sarif(Report(plan, "check", problem=problem), places, DOCS, "1.2.3"))
        assert [error.message for error in validator.iter_errors(log)] == []
