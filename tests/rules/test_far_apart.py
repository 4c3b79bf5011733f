"""Rules whose reason and whose place are far apart: chains of references, calls of other operations, whole definitions."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.findings import Finding, Severity
from exporter.model.pointers import pointer_text
from exporter.rules.check import RULES, check
from exporter.rules.pattern_rules import mistake
from tests.rules.counting import calls

CLEAN = yaml.safe_load((Path(__file__).parent.parent / "cases" / "rules" / "clean.yaml").read_text("utf-8"))
URL = {"type": "string", "x-ms-notification-url": True}
HIDDEN = {"x-ms-visibility": "internal"}


def clean() -> Any:
    return copy.deepcopy(CLEAN)


def merged(base: Any, patch: Any) -> Any:
    """Merge as JSON Merge Patch (RFC 7396) does, but keep what is null."""
    if not isinstance(patch, dict) or not isinstance(base, dict):
        return patch
    return base | {key: merged(base.get(key), value) for key, value in patch.items()}


def operations(count: int) -> Any:
    """Give a definition with so many operations more than the clean one has."""
    response = {"200": {"description": "Good", "schema": {"type": "object"}}}
    said = {"description": "Gives more.", "responses": response}
    paths = {
        f"/more/{index}": {"get": {"operationId": f"More{index}", "summary": f"More {index}", **said}}
        for index in range(count)
    }
    return merged(clean(), {"paths": paths})


def of(rule: str, document: Any) -> list[Finding]:
    return [finding for finding in check(document) if finding.rule == rule]


def places(rule: str, document: Any) -> list[str]:
    return [pointer_text(finding.pointer) for finding in of(rule, document)]


def webhook(body: Any, definitions: Any) -> Any:
    parameter = {"name": "hook", "in": "body", "required": True, "schema": body}
    return merged(clean(), {"paths": {"/hooks": {"post": {"parameters": [parameter]}}}, "definitions": definitions})


def holder(name: str, inner: Any, *, required: bool = True) -> Any:
    return {"type": "object", "properties": {name: inner}, **({"required": [name]} if required else {})}


@pytest.mark.parametrize(
    ("body", "target", "optional", "shown"),
    [
        (holder("target", {"$ref": "#/definitions/Target"}), holder("url", URL | HIDDEN), False, False),
        (holder("target", {"$ref": "#/definitions/Target"}), holder("url", URL), False, True),
        (holder("target", {"$ref": "#/definitions/Target"}, required=False), holder("url", URL | HIDDEN), True, False),
        (holder("target", {"$ref": "#/definitions/Target"}), holder("url", URL | HIDDEN, required=False), True, False),
        (
            holder("outer", HIDDEN | holder("target", {"$ref": "#/definitions/Target"})),
            holder("url", URL),
            False,
            False,
        ),
        (holder("properties", holder("url", URL | HIDDEN)), {"type": "object"}, False, False),
    ],
)
def test_the_way_to_the_notification_url_leads_through_references(
    body: Any, target: Any, *, optional: bool, shown: bool
) -> None:
    document = webhook(body, {"Target": target})
    place = ["/definitions/Target/properties/url/x-ms-notification-url"]
    assert places("notification-url-not-required", document) == (place if optional else [])
    assert places("notification-url-not-internal", document) == (place if shown else [])


def test_a_way_that_goes_round_in_circles_ends() -> None:
    loop = holder("next", {"$ref": "#/definitions/Loop"}) | {"required": ["next"]}
    loop["properties"]["url"] = URL
    document = webhook({"$ref": "#/definitions/Loop"}, {"Loop": loop})
    assert places("notification-url-not-required", document) == [
        "/definitions/Loop/properties/url/x-ms-notification-url"
    ]


def test_what_only_certification_asks_for_is_a_notice_and_what_it_misses_is_not_told_without_its_metadata() -> None:
    contact = {"email": "nobody", "url": "nowhere"}
    bad = {"info": {"title": "Orders API!", "description": "Short.", "contact": contact}}
    document = merged(clean(), bad | {"paths": {"/orders": {"get": {"summary": "List/find"}}}})
    document["responses"]["Problem"]["schema"] = {"type": "object"}
    found = check(document)
    assert {finding.severity for finding in found} == {Severity.NOTICE}
    meant = {finding.rule for finding in found}
    assert {"value-contains-restricted-words", "url-not-valid", "default-response-has-schema"} <= meant
    del document["x-ms-connector-metadata"]
    assert meant - {finding.rule for finding in check(document)} == {"url-not-valid"}


def test_what_is_broken_everywhere_is_one_finding_with_a_count() -> None:
    document = operations(9)
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                operation["operationId"] += "_x"
    (finding,) = of("operation-id-sanitized", document)
    assert finding.message.endswith("So it is in 12 more places.")
    assert {rule.id for rule in RULES if rule.together} >= {"pa-title-wins", "consumes-missing"}


def test_a_definition_that_is_too_large_is_told_with_what_holds_the_most() -> None:
    document = operations(300)
    for number, item in enumerate(document["paths"].values()):
        if "get" in item:
            item["get"]["tags"] = ["many" if number % 3 else "few"]
    (finding,) = of("total-operations-count-exceeds-max-allowed", document)
    assert "304 operations (most: `many` 2" in finding.message
    (finding,) = [
        one for one in check(document, bytes_sent=2_000_000, characters_sent=1) if one.rule == "definition-size"
    ]
    assert re.search(r"2,000,000 bytes as it is sent \(largest: `many` \d+ KB, ", finding.message)


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(st.text(alphabet="ab()[]*+?|\\^-{}2,:<>=!", max_size=12))
def test_what_we_call_no_regular_expression_is_none_here_either(pattern: str) -> None:
    if mistake(pattern):
        with pytest.raises(re.error):
            re.compile(pattern)


@pytest.mark.parametrize("pattern", ["[" * 200_000, "(" * 200_000, "\\" * 200_001, "[^" * 100_000, "(?" * 100_000])
def test_a_pattern_is_read_in_one_go(pattern: str) -> None:
    assert mistake(pattern) or pattern.startswith("(?")


def called(count: int) -> Any:
    """One operation with many parameters that is called from as many places, and passed nothing that it needs."""
    many = [
        {"name": f"p{index}", "in": "query", "type": "string", "required": True, "x-ms-summary": f"P {index}"}
        for index in range(count)
    ]
    properties = {
        f"c{index}": {
            "type": "string",
            "x-ms-dynamic-list": {"operationId": "ListOrders", "parameters": {f"p{index}": {"value": "a"}}},
        }
        for index in range(count)
    }
    return merged(
        clean(),
        {
            "paths": {"/orders": {"get": {"parameters": many}}},
            "definitions": {"Order": {"properties": properties}},
        },
    )


def test_calls_of_a_large_operation_cost_no_more_than_of_a_small_one() -> None:
    check(called(2))
    small, big = calls(called(100)), calls(called(800))
    assert big / small < 8.5
    (first, *_) = of("operation-missing-required-property", called(9))
    assert "`p1`, `p2`, `p3`" in first.message
