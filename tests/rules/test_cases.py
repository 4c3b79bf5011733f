"""Every rule has a case that breaks it, and a definition without faults breaks none."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporter.model.findings import Finding, Severity
from exporter.model.pointers import pointer_text, value_at
from exporter.rules.check import MOST_PER_RULE, RULES, check

CASES = Path(__file__).parent.parent / "cases" / "rules"
CLEAN = yaml.safe_load((CASES / "clean.yaml").read_text("utf-8"))
IDS = tuple(dict.fromkeys(rule.id for rule in RULES))
NAMES = sorted(path.parent.name for path in CASES.glob("*/broken.yaml"))
# Too large for a file: a test of their own below.
LARGE = {"definition-size", "definition-size-dataverse", "total-operations-count-exceeds-max-allowed"}


def clean() -> Any:
    return copy.deepcopy(CLEAN)


def merged(base: Any, patch: Any) -> Any:
    """Merge as JSON Merge Patch (RFC 7396) does."""
    if not isinstance(patch, dict):
        return patch
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def rules_and_pointers(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [{"rule": finding.rule, "pointer": pointer_text(finding.pointer)} for finding in findings]


def test_a_clean_definition_breaks_no_rule() -> None:
    assert check(clean()) == ()


def test_every_rule_has_a_case() -> None:
    assert set(NAMES) | LARGE == set(IDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_definition_gives_what_is_expected(name: str) -> None:
    broken = yaml.safe_load((CASES / name / "broken.yaml").read_text("utf-8"))
    document = merged(clean(), broken)
    findings = check(document)
    assert rules_and_pointers(findings) == json.loads((CASES / name / "expected.json").read_text("utf-8"))
    assert name in {finding.rule for finding in findings}
    assert all(value_at(document, finding.pointer) is not None for finding in findings)


@pytest.mark.parametrize("name", NAMES)
def test_messages_are_whole_sentences(name: str) -> None:
    document = merged(clean(), yaml.safe_load((CASES / name / "broken.yaml").read_text("utf-8")))
    for finding in check(document):
        for text in (finding.message, finding.advice):
            assert text[0].isupper() or text[0] == "`"
            assert text.endswith(".")
            assert "!" not in text
            assert text.count("`") % 2 == 0
            assert "{}" not in text


def test_one_rule_has_one_severity_wherever_it_is_broken() -> None:
    severities = {(rule.id, rule.severity) for rule in RULES}
    assert len(severities) == len(IDS)


def found(document: Any, **sizes: int) -> set[str]:
    return {finding.rule for finding in check(document, **sizes)}


def test_a_definition_beyond_a_megabyte_is_too_large() -> None:
    text = "x" * 1_048_576
    assert {"definition-size", "definition-size-dataverse"} <= found(merged(clean(), {"x-text": text}))


def test_the_size_as_sent_counts_where_it_is_known() -> None:
    assert "definition-size" in found(clean(), bytes_sent=1_048_576, characters_sent=400_000)
    assert found(clean(), bytes_sent=1_048_575, characters_sent=500_000) == set()


def operations(count: int) -> dict[str, Any]:
    paths = {
        f"/more/{index}": {
            "get": {
                "operationId": f"More{index}",
                "summary": f"More {index}",
                "description": "Gives more.",
                "responses": {"200": {"description": "Good", "schema": {"type": "object"}}},
            }
        }
        for index in range(count)
    }
    return merged(clean(), {"paths": paths})


def test_256_operations_are_enough() -> None:
    there = 4
    assert found(operations(256 - there)) == set()
    assert found(operations(257 - there)) == {"total-operations-count-exceeds-max-allowed"}


def test_what_is_broken_everywhere_is_counted_rather_than_listed() -> None:
    properties = {f"p{index}": {"type": "array"} for index in range(MOST_PER_RULE + 7)}
    findings = check(merged(clean(), {"definitions": {"More": {"type": "object", "properties": properties}}}))
    without_items = [finding for finding in findings if finding.rule == "array-has-no-items"]
    assert len(without_items) == MOST_PER_RULE + 1
    assert "7 more places" in without_items[-1].message


@pytest.mark.parametrize("host", ["api.contoso.dev", "api.contoso.test:8443", "dev", "latest.contoso.example"])
def test_a_host_is_for_production_whatever_its_domain_ends_with(host: str) -> None:
    assert "host-production" not in found(merged(clean(), {"host": host}))


def test_a_summary_of_nothing_is_no_description() -> None:
    texts = {"summary": ".", "description": None}
    assert "summary-differs-from-description" not in found(merged(clean(), {"paths": {"/orders": {"get": texts}}}))


def test_what_the_author_wrote_is_told_on_one_line_and_cut() -> None:
    (finding,) = check(merged(clean(), {"paths": {"/orders": {"get": {"x-ms-visibility": "a\nb" + "c" * 500}}}}))
    assert "\n" not in finding.message
    assert "`a bccc" in finding.message
    assert "ccc...`" in finding.message


def test_nothing_but_an_object_is_a_definition() -> None:
    for nonsense in ([], "swagger", 2.0, None):
        (finding,) = check(nonsense)  # type: ignore[arg-type]
        assert (finding.rule, finding.severity) == ("json-type-incorrect", Severity.ERROR)
