"""What changes say to people: what is different about two values, and not only that something is."""

from __future__ import annotations

from typing import Any

import pytest

from exporter.comparison.compare import compare
from exporter.model.connectors import Connector
from tests.comparison.carriers import definition, operation

LONG = "a" * 100
RANGE = {"operationId": "Op", "value-path": "id", "value-title": "name", "value-collection": "value"}
TREE = {"open": {"operationId": "Op", "itemValuePath": "id"}}


def told(was: dict[str, Any], now: dict[str, Any]) -> dict[str, str]:
    """Give the sentences about one input that changed, by their rows."""
    old, new = (
        definition(operation({"name": "q", "in": "query", "type": "string", **facts}), method="get")
        for facts in (was, now)
    )
    return {change.id: change.message for change in compare(Connector(old, {}), Connector(new, {}))}


FIXED = {"required": True, "x-ms-visibility": "internal"}


@pytest.mark.parametrize(
    ("row", "was", "now", "says"),
    [
        ("default-changed", {}, {"default": ""}, 'nothing became `""`.'),
        ("default-changed", {"default": "true"}, {"default": True}, '`"true"` became `true`.'),
        (
            "default-changed",
            {"default": LONG + "b"},
            {"default": LONG + "c"},
            '`…aaaaaaaaaaaaaaaaaaaab"` became `…aaaaaaaaaaaaaaaaaaaac"`.',
        ),
        ("default-changed-hidden", {**FIXED, "default": ""}, {**FIXED, "default": "x"}, "nothing became `x`."),
        ("request-enum-value-removed", {"enum": ["", "a"]}, {"enum": ["a"]}, '`""`'),
        (
            "dynamic-changed",
            {"x-ms-dynamic-values": RANGE},
            {"x-ms-dynamic-values": {**RANGE, "value-path": "key"}},
            '`{"value-path": "id"}` became `{"value-path": "key"}`.',
        ),
        ("dynamic-changed", {"x-ms-dynamic-values": RANGE}, {"x-ms-dynamic-tree": TREE}, '"value-title"'),
    ],
)
def test_what_differs_is_told(row: str, was: dict[str, Any], now: dict[str, Any], says: str) -> None:
    assert says in told(was, now)[row]


def test_two_values_are_never_told_alike() -> None:
    for was, now in (({"default": [None]}, {"default": [""]}), ({"default": {}}, {"default": []})):
        message = told(was, now)["default-changed"]
        before, after = message.split(" changed: ")[1].split(". That is")[0].split(" became ")
        assert before != after


def test_values_that_differ_far_inside_are_told_without_an_end() -> None:
    was, now = "a", "b"
    for _ in range(300):
        was, now = {"x": [was]}, {"x": [now]}
    assert len(told({"default": was}, {"default": now})["default-changed"]) < 500
