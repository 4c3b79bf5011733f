import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from exporter.model.changes import Change
from exporter.model.errors import EditedByHand
from exporter.model.json_values import Json
from exporter.model.plans import NO_PLAN, Outcome, Report, State
from exporter.reporting.locating import Locator
from exporter.reporting.report_json import bounded, exported, report_json
from exporter.reporting.words import STEPS

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(), inner, max_size=30),
)


def test_the_schema_is_a_schema_and_lets_nothing_else_in(report: Report, places: Locator) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    content = json.loads(report_json(report, places))
    VALIDATOR.validate(content)
    assert not VALIDATOR.is_valid({**content, "more": 1})
    for name in ("changes", "findings", "losses", "credentials", "steps"):
        assert not VALIDATOR.is_valid({**content, name: [{**content[name][0], "more": 1}]})


def test_a_report_with_a_problem_and_drift(report: Report, places: Locator) -> None:
    plan = report.plan._replace(drift=True, drifted=report.plan.changes)
    content = json.loads(
        report_json(report._replace(plan=plan, problem=EditedByHand("By hand.", advice="Look.")), places)
    )
    VALIDATOR.validate(content)
    assert content["problem"] == {
        "title": "The live connector was edited by hand",
        "message": "By hand.",
        "advice": "Look.",
        "exit_code": 6,
    }
    assert {change["file"] for change in content["drifted"]} == {""}


def test_a_run_without_a_plan(places: Locator) -> None:
    VALIDATOR.validate(json.loads(report_json(Report(NO_PLAN, "manual", problem=ValueError("x")), places)))


def test_what_a_change_says(report: Report, places: Locator) -> None:
    assert json.loads(report_json(report, places))["changes"][1] == {
        "id": "operation-id-changed",
        "impact": "breaking",
        "surfaces": {"flows": "breaks", "refreshed-apps": "breaks", "agents": "breaks-if-used"},
        "when": "next-run",
        "operation": "ListOrders",
        "operations": ["ListOrders"],
        "touches": 1,
        "place": [],
        "part": "definition",
        "pointer": "/paths/~1orders/get/operationId",
        "file": "api/openapi.yaml",
        "line": 44,
        "before": "ListOrders",
        "after": "GetOrders",
        "message": "`ListOrders` is now called `GetOrders`.",
        "advice": "Put `ListOrders` back.",
        "fingerprint": "a41f9c20a41f9c20",
        "accepted": None,
        "side": None,
        "conflict": False,
    }


def test_a_finding_that_knows_its_file_keeps_it_and_a_change_of_the_icon_has_none(
    report: Report, places: Locator
) -> None:
    changed: Change = report.plan.changes[0]._replace(part="icon", pointer=())
    content = json.loads(report_json(report._replace(plan=report.plan._replace(changes=(changed,))), places))
    assert (content["findings"][1]["file"], content["findings"][1]["line"]) == ("b.json", 7)
    assert (content["changes"][0]["file"], content["changes"][0]["line"]) == ("", 0)


def test_no_value_of_a_credential_is_in_it(report: Report, places: Locator) -> None:
    assert b"TOP-SECRET" not in report_json(report, places)
    assert b"11-22" not in report_json(report, places)


@given(VALUES)
def test_values_are_cut_to_a_bound(value: Json) -> None:
    assert len(json.dumps(bounded(value), ensure_ascii=False)) < 4_000


def test_what_was_cut_says_so() -> None:
    assert bounded("a" * 305) == "a" * 300 + "… (5 more letters)"
    assert bounded([1] * 12) == [1] * 10 + ["… (2 more)"]
    assert bounded({str(n): n for n in range(11)}) == {**{str(n): n for n in range(10)}, "…": "1 more"}
    assert bounded({"a": {"b": {"c": [1]}}}) == {"a": {"b": {"c": "… (1 member)"}}}
    assert bounded({"a": {"b": {"c": []}}}) == {"a": {"b": {"c": []}}}


@pytest.mark.parametrize(
    ("kind", "state", "answer"),
    [
        ("write-bundle", State.DONE, True),
        ("update-connector", State.DONE, True),
        ("update-connector", State.FAILED, False),
        ("remember", State.DONE, False),
        ("write-bundle", State.SKIPPED, False),
    ],
)
def test_exported_means_a_connector_or_a_bundle_was_written(
    report: Report, kind: str, state: State, *, answer: bool
) -> None:
    assert exported(report._replace(outcomes=(Outcome(kind, state),))) is answer


def test_every_kind_of_outcome_is_in_the_schema() -> None:
    assert SCHEMA["$defs"]["step"]["properties"]["kind"]["enum"] == list(STEPS)
