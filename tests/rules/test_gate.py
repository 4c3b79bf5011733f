"""The generated gate and jsonschema say the same, and what they refuse is explained in plain words."""

from __future__ import annotations

import copy
import doctest
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.model.findings import Finding, Severity
from exporter.model.pointers import pointer_text
from exporter.rules.check import check
from exporter.rules.explain import validator
from exporter.rules.gate import schema_findings

ROOT = Path(__file__).parents[2]
CLEAN = yaml.safe_load((ROOT / "tests" / "cases" / "rules" / "clean.yaml").read_text("utf-8"))
CORPUS = ROOT.parent / "shared" / "corpus"
FILES = sorted([*CORPUS.glob("connectors/*/*.swagger.json"), *CORPUS.glob("pairs/*/after.json")])


def clean() -> Any:
    return copy.deepcopy(CLEAN)


def tool() -> Any:
    """Give tools/make_gate.py as a module."""
    spec = importlib.util.spec_from_file_location("make_gate", ROOT / "tools" / "make_gate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def gate() -> Any:
    """Give the gate as it is generated now, whether or not it has been built."""
    code: dict[str, Any] = {}
    exec(tool().gate_source(tool().official_schema()), code)  # noqa: S102 - our own generated code
    return code


@pytest.fixture(scope="module")
def judge() -> Any:
    return validator(tool().official_schema(), "")


def passes(gate: Any, document: Any) -> bool:
    try:
        gate["validate"](document)
    except gate["JsonSchemaValueException"]:
        return False
    return True


def test_the_generator_gives_the_same_bytes_each_time() -> None:
    schema = tool().official_schema()
    assert tool().gate_source(schema) == tool().gate_source(schema)


def test_the_generators_examples_are_true() -> None:
    results = doctest.testmod(tool())
    assert results.attempted > 0
    assert results.failed == 0


def test_the_generated_gate_needs_only_the_standard_library() -> None:
    source = tool().gate_source(tool().official_schema())
    imports = {line for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imports == {"import re"}


@pytest.mark.skipif(not FILES, reason="../shared/corpus is not there")
def test_gate_and_jsonschema_agree_on_published_connectors(gate: Any, judge: Any) -> None:
    refused = 0
    for path in FILES:
        if path.stat().st_size > 60_000:
            continue
        try:
            document = json.loads(path.read_text("utf-8-sig"))
        except ValueError:
            continue
        verdict = passes(gate, document)
        assert verdict == judge.is_valid(document), path
        assert bool(schema_findings(document)) != verdict, path
        refused += not verdict
    assert refused > 0


PLACES = (
    ("info",), ("host",), ("paths", "/orders"), ("paths", "/orders", "get"), ("paths", "/orders", "get", "parameters", 0),
    ("paths", "/orders", "get", "responses", "200"), ("paths", "/orders", "get", "responses", "default"),
    ("definitions", "Order"), ("definitions", "Order", "properties", "id"), ("parameters", "Id"),
    ("responses", "Problem"), ("securityDefinitions", "key"), ("security", 0), ("tags", 0), ("schemes", 0),
)  # fmt: skip
KEYS = [
    "type",
    "in",
    "name",
    "schema",
    "$ref",
    "items",
    "required",
    "enum",
    "x-a",
    "flow",
    "description",
    "maxLength",
    "odd",
]
VALUES = st.sampled_from(
    ["string", "array", "file", "query", "path", "oauth2", "", 1, -1, True, None, [], ["a"], {}, {"type": "string"}]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), st.booleans())
def test_gate_and_jsonschema_agree_on_nonsense(gate: Any, judge: Any, place: Any, nonsense: Any, keep: Any) -> None:
    document = clean()
    parent = document
    for segment in place[:-1]:
        parent = parent[segment]
    old = parent[place[-1]]
    parent[place[-1]] = (old | nonsense) if keep and isinstance(old, dict) else nonsense
    verdict = passes(gate, document)
    assert verdict == judge.is_valid(document)
    assert bool(schema_findings(document)) != verdict


def told(document: Any) -> list[tuple[str, str]]:
    return [(pointer_text(finding.pointer), finding.message) for finding in schema_findings(document)]


def test_a_valid_definition_passes() -> None:
    assert told(clean()) == []


def test_a_parameter_is_explained_by_its_place() -> None:
    document = clean()
    document["paths"]["/orders"]["get"]["parameters"][0] = {
        "name": "a",
        "in": "query",
        "type": "object",
        "style": "form",
    }
    document["paths"]["/orders"]["post"]["parameters"][0] = {"name": "a", "in": "cookie", "type": "string"}
    assert told(document) == [
        ("/paths/~1orders/get/parameters/0/style", "`style` is not known to Swagger 2.0 in this place."),
        ("/paths/~1orders/get/parameters/0/type", "This must be one of string, number, boolean, integer, array."),
        ("/paths/~1orders/post/parameters/0/in", "The value of `in` is not one that Swagger 2.0 knows."),
    ]


def test_a_sign_in_is_explained_by_its_type() -> None:
    document = clean()
    document["securityDefinitions"] = {
        "a": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://contoso.example", "scopes": {}},
        "b": {"type": "http"},
        "c": {},
    }
    assert told(document) == [
        ("/securityDefinitions/a", "`tokenUrl` is missing."),
        ("/securityDefinitions/b/type", "The value of `type` is not one that Swagger 2.0 knows."),
        ("/securityDefinitions/c", "`type` is missing."),
    ]


def test_each_part_is_explained_where_it_stands() -> None:
    document = clean()
    document["basepath"] = "/v1"
    document["paths"]["orders"] = {}
    document["definitions"]["Order"]["properties"]["id"] = {"type": "string", "nullable": True}
    document["definitions"]["List"] = []
    document["responses"]["Problem"] = {"schema": {"type": "text"}}
    assert told(document) == [
        ("/basepath", "`basepath` is not known to Swagger 2.0 in this place."),
        ("/paths/orders", "`orders` is not known to Swagger 2.0 in this place."),
        ("/definitions/Order/properties/id/nullable", "`nullable` is not known to Swagger 2.0 in this place."),
        ("/definitions/List", "This must be an object but is an array."),
        ("/responses/Problem", "`description` is missing."),
        (
            "/responses/Problem/schema/type",
            "This must be one of array, boolean, integer, null, number, object, string.",
        ),
    ]


def test_what_is_no_object_is_explained() -> None:
    assert told([]) == [("", "This must be an object but is an array.")]
    document = clean()
    document["paths"]["/orders"]["get"]["parameters"] = ["name"]
    document["definitions"]["Order"]["additionalProperties"] = "yes"
    document["responses"]["Problem"] = "bad"
    assert told(document) == [
        ("/paths/~1orders/get/parameters/0", "This must be an object but is a text."),
        ("/definitions/Order/additionalProperties", "This must be an object or true or false but is a text."),
        ("/responses/Problem", "This must be an object but is a text."),
    ]


def test_what_a_rule_has_said_is_not_said_again() -> None:
    document = clean()
    document["definitions"]["Order"]["properties"]["id"] = {"type": "string", "oneOf": []}
    known = check(document)
    assert [finding.rule for finding in known] == ["extension-name-not-valid"]
    assert schema_findings(document) != ()
    assert schema_findings(document, known) == ()


def test_schema_findings_are_warnings_and_bounded() -> None:
    document = clean()
    document["definitions"] = {f"D{index}": {"odd": 1} for index in range(1000)}
    findings = schema_findings(document)
    assert [finding.rule for finding in findings] == [*["additional-property-not-allowed"] * 100, "schema"]
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert "than the 100 places listed" in findings[-1].message


def test_a_document_that_is_nested_very_deeply_is_a_finding() -> None:
    schema: Any = {"type": "string"}
    for _ in range(100_000):
        schema = {"type": "array", "items": schema}
    (finding,) = schema_findings(clean() | {"definitions": {"Deep": schema}})
    assert isinstance(finding, Finding)
    assert "too deep" in finding.message


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from exporter.rules.gate import schema_findings
for finding in schema_findings({"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"got": {}}}}):
    print(finding.severity.value, "/".join(finding.pointer), finding.message)
"""


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["-I"], "warning paths//a/got `got` is not known to Swagger 2.0 in this place.\n"),
        (
            ["-I", "-S"],
            "notice  The definition was not held against the official Swagger 2.0 schema, because the gate has not been built.\n",
        ),
    ],
    ids=["with openapi-spec-validator", "without any package"],
)
def test_where_the_gate_was_not_built_nothing_passes_in_silence(
    tmp_path: Path, flags: list[str], expected: str
) -> None:
    shutil.copytree(ROOT / "exporter", tmp_path / "exporter", ignore=shutil.ignore_patterns("generated", "__pycache__"))
    command = [sys.executable, *flags, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == expected


def test_values_that_repeat_are_told_once() -> None:
    document = clean()
    document["definitions"]["Order"]["properties"]["state"] = {"type": "string", "enum": ["open", "open"]}
    known = check(document)
    assert {finding.rule for finding in known} == {"array-duplicate-value"}
    assert schema_findings(document, known) == ()
