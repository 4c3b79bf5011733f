"""Accepting a break on purpose, end to end: it is struck out, and the run goes on until its last day."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKED = {"definition": "swagger.json", "mode": "check", "baseline": "file:before.json", "record": "none"}


@pytest.fixture
def broken(workspace: Path) -> Path:
    document = json.loads((ROOT / "examples" / "orders" / "swagger.json").read_text("utf-8"))
    (workspace / "before.json").write_text(json.dumps(document), "utf-8")
    path = next(path for path, item in document["paths"].items() if len(item) == 1)
    del document["paths"][path]
    (workspace / "swagger.json").write_text(json.dumps(document), "utf-8")
    return workspace


def test_the_printed_lines_let_the_run_pass_until_their_last_day(run, broken) -> None:  # type: ignore[no-untyped-def]
    first = run(**ASKED)
    assert (first.code, first.outputs["verdict"]) == (1, "breaking")
    fingerprints = [one["fingerprint"] for one in first.report["changes"] if one["impact"] == "breaking"]
    assert fingerprints
    for fingerprint in fingerprints:
        assert f'- fingerprint: "{fingerprint}"' in first.summary
        assert f'- fingerprint: "{fingerprint}"' in first.log
    entries = [{"fingerprint": one, "reason": "Nobody @uses it.", "until": "2999-12-31"} for one in fingerprints]
    (broken / "accepted.json").write_text(json.dumps({"accepted": entries}), "utf-8")
    second = run(**ASKED, accept="accepted.json")
    assert (second.code, second.outputs["verdict"], second.outputs["breaking-changes"]) == (0, "compatible", "0")
    assert f"{len(fingerprints)} accepted until 2999-12-31" in second.summary
    assert "~~" in second.summary
    assert "@uses" not in second.summary  # nobody is mentioned by a reason
    assert [one["accepted"]["reason"] for one in second.report["changes"] if one["accepted"]] == [
        "Nobody @uses it." for _ in fingerprints
    ]
    entries[0]["until"] = "2020-01-01"
    (broken / "accepted.json").write_text(
        json.dumps({"accepted": [*entries, {"fingerprint": "0" * 16}]}, indent=1), "utf-8"
    )
    third = run(**ASKED, accept="accepted.json")
    assert (third.code, third.outputs["verdict"]) == (1, "breaking")
    said = {
        one["id"]: (one["file"], one["line"]) for one in third.report["findings"] if one["id"].startswith("accepted")
    }
    assert said["accepted-past"] == ("accepted.json", 3)
    assert said["accepted-incomplete"][0] == "accepted.json"


def test_any_change_stops_but_not_one_that_is_accepted(run, broken) -> None:  # type: ignore[no-untyped-def]
    every = run(**ASKED, fail_on="any")
    assert every.code == 1
    entries = [
        {"fingerprint": one["fingerprint"], "reason": "Meant.", "until": "2999-12-31"}
        for one in every.report["changes"]
    ]
    assert len(entries) > 1
    for accepted, code in ((entries, 0), (entries[1:], 1)):
        (broken / "accepted.json").write_text(json.dumps({"accepted": accepted}), "utf-8")
        assert run(**ASKED, accept="accepted.json", fail_on="any").code == code


def test_entries_that_match_nothing_any_more_are_said_also_when_nothing_changed(run, broken) -> None:  # type: ignore[no-untyped-def]
    entry = {"fingerprint": "0" * 16, "reason": "It was exported.", "until": "2999-12-31"}
    (broken / "accepted.json").write_text(json.dumps({"accepted": [entry]}), "utf-8")
    asked = {**ASKED, "definition": "before.json"}
    result = run(**asked, accept="accepted.json")
    assert (result.code, result.outputs["verdict"]) == (0, "none")
    assert [one["id"] for one in result.report["findings"] if one["file"] == "accepted.json"] == ["accepted-unused"]


def test_a_file_that_is_not_there_is_refused(run, broken) -> None:  # type: ignore[no-untyped-def]
    result = run(**ASKED, accept="nowhere.yaml")
    assert result.code not in {0, 1}
    assert "nowhere.yaml" in result.log


def test_a_finding_is_accepted_by_rule_and_place_until_its_last_day(run, workspace) -> None:  # type: ignore[no-untyped-def]
    document = json.loads((ROOT / "examples" / "orders" / "swagger.json").read_text("utf-8"))
    document["host"] = "https://api.example.com"  # an error
    document["paths"]["/probe"] = {"get": {"operationId": "Probe", "responses": {"200": {"description": ""}}}}
    (workspace / "swagger.json").write_text(json.dumps(document), "utf-8")
    first = run(definition="swagger.json", mode="check", record="none")
    assert first.code == 3, first.log
    errors = [one for one in first.report["findings"] if one["severity"] == "error"]
    assert [(one["id"], one["pointer"]) for one in errors] == [("host-name-not-valid", "/host")]
    for text in (first.summary, first.log):
        assert "- finding: host-name-not-valid" in text
        assert 'place: "/host"' in text
    why = {"reason": "A gateway @takes it.", "until": "2999-12-31"}
    entries = [
        {"finding": "host-name-not-valid", "place": "/host", **why},
        {"finding": "host-name-not-valid", "place": "/elsewhere", **why},
    ]
    (workspace / "accepted.json").write_text(json.dumps({"accepted": entries}, indent=1), "utf-8")
    second = run(definition="swagger.json", mode="check", record="none", accept="accepted.json", sarif="found.sarif")
    assert second.code == 0, second.log
    taken = [one for one in second.report["findings"] if one["accepted"]]
    assert [(one["id"], one["accepted"]["reason"]) for one in taken] == [("host-name-not-valid", why["reason"])]
    assert "Findings accepted on purpose" in second.summary
    assert "Errors in the definition" not in second.summary
    assert "::error" not in second.log
    stale = [one for one in second.report["findings"] if one["id"] == "accepted-unused"]
    assert [(one["line"], "/elsewhere" in one["message"]) for one in stale] == [(9, True)]
    results = json.loads((workspace / "found.sarif").read_bytes())["runs"][0]["results"]
    assert [one["ruleId"] for one in results if "suppressions" in one] == ["host-name-not-valid"]
    del entries[0]["place"]
    entries[0]["until"] = "2020-01-01"
    (workspace / "accepted.json").write_text(json.dumps({"accepted": entries}), "utf-8")
    third = run(definition="swagger.json", mode="check", record="none", accept="accepted.json")
    assert third.code == 3, third.log
    assert "accepted-past" in [one["id"] for one in third.report["findings"]]


@pytest.mark.parametrize(
    "entry",
    [
        {"finding": ""},
        {"finding": "host-required", "fingerprint": "0" * 16},
        {"finding": "host-required", "place": 5},
        {"finding": "host-required", "reason": ""},
    ],
)
def test_an_entry_for_a_finding_that_lacks_something_is_said(run, broken, entry) -> None:  # type: ignore[no-untyped-def]
    whole = {"reason": "Known.", "until": "2999-12-31", **entry}
    (broken / "accepted.json").write_text(json.dumps({"accepted": [whole]}), "utf-8")
    result = run(**ASKED, accept="accepted.json")
    assert [one["id"] for one in result.report["findings"] if one["file"] == "accepted.json"] == ["accepted-incomplete"]
