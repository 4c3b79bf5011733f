"""What was exported last, what lives and what the repository makes: who changed what, and where both did."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from exporter.comparison.three_way import three_way
from exporter.model.changes import Side
from exporter.model.connectors import Connector
from exporter.model.pointers import parse_pointer, value_at

DEFINITION = json.loads((Path(__file__).parents[1] / "cases" / "comparison" / "definition.json").read_text("utf-8"))
GONE = object()
LIST = "/paths/~1orders/get"
PUT = "/paths/~1orders~1{id}/put"
TOTAL = "/definitions/Order/properties/total"
NEW = {"get": {"operationId": "New", "responses": {"200": {"description": "OK", "schema": {"type": "string"}}}}}


def edited(edits: dict[str, Any]) -> Connector:
    definition = copy.deepcopy(DEFINITION)
    for place, value in edits.items():
        *parents, last = parse_pointer(place)
        holder: Any = value_at(definition, tuple(parents))
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return Connector(definition, {})


@pytest.mark.parametrize(
    ("by_hand", "in_repository", "side", "conflict"),
    [
        pytest.param({LIST + "/summary": "A"}, {"/info/version": "2"}, Side.PORTAL, False, id="only by hand"),
        pytest.param({LIST + "/summary": "A"}, {LIST + "/summary": "A"}, Side.BOTH, False, id="alike"),
        pytest.param({LIST + "/summary": "A"}, {LIST + "/summary": "B"}, Side.BOTH, True, id="in another way"),
        pytest.param({LIST + "/summary": "A"}, {LIST + "/deprecated": True}, Side.PORTAL, False, id="beside each other"),
        pytest.param({TOTAL + "/type": "string"}, {TOTAL + "/type": "number"}, Side.BOTH, True, id="the same field"),
        pytest.param({TOTAL + "/type": "string"}, {TOTAL: GONE}, Side.BOTH, True, id="taken away here"),
        pytest.param({TOTAL: GONE}, {TOTAL + "/title": "Sum"}, Side.BOTH, True, id="taken away there"),
        pytest.param({PUT: GONE}, {PUT + "/summary": "S"}, Side.BOTH, True, id="an operation gone"),
        pytest.param({PUT + "/summary": "S"}, {PUT: GONE}, Side.BOTH, True, id="gone in the repository"),
        pytest.param({"/paths/~1new": NEW}, {"/paths/~1new": NEW}, Side.BOTH, False, id="the same operation added"),
        pytest.param({"/paths/~1new": NEW}, {"/paths/~1new": {"get": {**NEW["get"], "summary": "New"}}}, Side.BOTH, True, id="another operation added"),
        pytest.param({"/host": "a.example"}, {"/host": "b.example"}, Side.BOTH, True, id="the host"),
    ],
)  # fmt: skip
def test_each_edit_by_hand_says_who_made_it(
    by_hand: dict[str, Any], in_repository: dict[str, Any], side: Side, *, conflict: bool
) -> None:
    found = three_way(edited({}), edited(by_hand), edited(in_repository))
    assert found.portal
    assert {(one.side, one.conflict) for one in found.portal} == {(side, conflict)}
    mirrored = three_way(edited({}), edited(in_repository), edited(by_hand))
    assert [(one.fingerprint, one.conflict) for one in mirrored.repository] == [
        (one.fingerprint, one.conflict) for one in found.portal
    ]
    assert any(one.conflict for one in found.repository) is conflict


def test_nothing_happened_since_the_export() -> None:
    found = three_way(edited({}), edited({}), edited({}))
    assert found == ((), ())


def test_what_the_platform_adds_is_nobodys_change() -> None:
    exported = Connector(DEFINITION, {"publisher": "Contoso", "iconBrandColor": "#FFF000"}, icon=b"png")
    live = Connector({**DEFINITION, "responses": {}}, {"iconBrandColor": "#fff000"})
    assert three_way(exported, live, exported).portal == ()
