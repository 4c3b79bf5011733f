"""Every connector of the corpus is read as json.loads reads it, or says what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.model.findings import Severity
from exporter.openapi.load import load
from exporter.openapi.places import Places
from exporter.openapi.walk import operations
from exporter.ports import Files

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CONNECTORS = sorted((SHARED / "corpus" / "connectors").glob("*/apiDefinition.swagger.json"))
OTHERS = sorted(path for path in (SHARED / "oas3").glob("*") if path.is_file())
BROKEN = {"CognitiveServicesTextAnalytics", "GIPHY", "Icon-Horse"}


@pytest.mark.skipif(not CONNECTORS, reason="shared/corpus is not there")
@pytest.mark.parametrize("path", CONNECTORS, ids=lambda path: str(path.parent.name))
def test_a_connector_is_read(path: Path, folder: Callable[[Path], Files]) -> None:
    loaded = load(path.name, folder(path.parent))
    errors = [one for one in loaded.findings if one.severity is Severity.ERROR]
    assert all(one.line and one.column for one in loaded.findings)
    if path.parent.name in BROKEN:
        assert loaded.definition is None
        assert len(errors) == 1
        return
    assert errors == []
    assert loaded.definition is not None
    try:
        expected = json.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError:
        assert loaded.findings
    else:
        assert loaded.definition.document == expected
    lines = path.read_bytes().decode("utf-8-sig", errors="replace").split("\n")
    places = Places(loaded.definition)
    for operation in operations(loaded.definition.document):
        place = places.of_author(operation.pointer)
        assert lines[place.line - 1][place.column - 1 :].startswith(f'"{operation.method}"')


@pytest.mark.skipif(not OTHERS, reason="shared/oas3 is not there")
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.name))
def test_a_definition_of_somebody_else_is_read(path: Path, folder: Callable[[Path], Files]) -> None:
    loaded = load(path.name, folder(path.parent))
    assert [one for one in loaded.findings if one.severity is Severity.ERROR] == []
    assert loaded.definition is not None
    if path.suffix == ".json":
        assert loaded.definition.document == json.loads(path.read_bytes())
