"""Nothing that stands in a document makes a rule raise, wait or count twice."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.model.pointers import Pointer
from exporter.rules.check import RULES, check
from exporter.rules.explain import explain
from exporter.rules.walk import spots, survey
from tests.bending import pointers, with_value
from tests.rules.counting import calls

CLEAN = yaml.safe_load((Path(__file__).parent.parent / "cases" / "rules" / "clean.yaml").read_text("utf-8"))
KEYS = sorted(
    {key for rule in RULES for key in (rule.key,) if key} | {"$ref", "properties", "name", "in", "x-ms-trigger"}
)
NONSENSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        ["", "#/definitions/Order", "#/definitions/~", "%", "array", "file", "path", "body", "internal", "{}"]
    )
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def clean() -> Any:
    return copy.deepcopy(CLEAN)


PLACES = pointers(clean())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), NONSENSE)
def test_nonsense_anywhere_gives_findings_rather_than_a_traceback(place: Pointer, nonsense: Any) -> None:
    findings = check(with_value(clean(), place, nonsense))
    assert len(set(findings)) == len(findings)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(KEYS), NONSENSE)
def test_a_known_key_with_nonsense_anywhere_gives_findings_too(place: Pointer, key: str, nonsense: Any) -> None:
    document = clean()
    target = document
    for segment in place:
        target = target[int(segment)] if isinstance(target, list) else target[segment]
    if isinstance(target, dict):
        target[key] = nonsense
    assert check(document) == check(document)


def test_a_document_that_is_nested_very_deeply_is_walked_all_the_same() -> None:
    schema: Any = {"type": "string"}
    for _ in range(3000):
        schema = {"type": "array", "items": schema}
    findings = check(clean() | {"definitions": {"Deep": schema}})
    assert "schema-too-deep" in {finding.rule for finding in findings}


def large(count: int) -> Any:
    """Operations that share definitions which refer to each other twice: following them one by one never ends."""
    definitions = {
        f"D{index}": {
            "type": "object",
            "properties": {side: {"$ref": f"#/definitions/D{index + 1}"} for side in ("left", "right")},
        }
        for index in range(count)
    } | {f"D{count}": {"type": "object", "properties": {"back": {"$ref": "#/definitions/D0"}}}}
    paths = {
        f"/things/{index}": {
            "post": {
                "operationId": f"Thing{index}",
                "parameters": [{"name": "body", "in": "body", "schema": {"$ref": f"#/definitions/D{index}"}}],
                "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/D0"}}},
            }
        }
        for index in range(count)
    }
    return clean() | {"paths": paths, "definitions": definitions}


def test_work_grows_in_step_with_the_document() -> None:
    check(large(2))
    small, big = calls(large(250)), calls(large(2000))
    assert big / small < 8.5


def test_every_schema_is_visited_once() -> None:
    document = large(50)
    pointers = [spot.pointer for spot in spots(survey(document, 0, 0)) if spot.kind == "schema"]
    assert len(pointers) == len(set(pointers)) == 50 + 50 + 50 * 3 + 2


def test_of_many_mistakes_only_so_many_are_explained() -> None:
    schema: Any = {"definitions": {"texts": {"items": {"type": "string"}}}}
    assert len(list(explain(schema, "texts", [1] * 3_000))) == 2_000
