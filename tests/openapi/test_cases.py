"""Case folders: a definition over one or more files beside the document, parts and findings that become of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporter.model.pointers import pointer_text
from exporter.openapi.load import Loaded, load
from exporter.openapi.places import Places
from exporter.ports import Files

CASES = Path(__file__).resolve().parents[1] / "cases" / "openapi"
NAMES = sorted(path.name for path in CASES.iterdir())


def described(loaded: Loaded) -> dict[str, Any]:
    definition = loaded.definition
    return {
        "document": definition and definition.document,
        "parts": {
            pointer_text(pointer): f"{part.file}#{pointer_text(part.pointer)}"
            for pointer, part in sorted(definition.parts.items() if definition else ())
        },
        "findings": [
            f"{one.file}:{one.line}:{one.column} {one.severity.value} {one.rule}: {one.message}"
            for one in loaded.findings
        ],
    }


def definition_in(case: Path) -> str:
    return next(path.name for path in case.iterdir() if path.stem in {"openapi", "swagger"})


@pytest.mark.parametrize("name", NAMES)
def test_a_case_becomes_what_is_expected(
    name: str, folder: Callable[[Path], Files], request: pytest.FixtureRequest
) -> None:
    case = CASES / name
    found = described(load(definition_in(case), folder(case)))
    expected = case / "expected.json"
    if request.config.getoption("--accept", default=False):
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_found_again_in_the_file_it_came_from(name: str, folder: Callable[[Path], Files]) -> None:
    case = CASES / name
    definition = load(definition_in(case), folder(case)).definition
    assert definition is not None
    places = Places(definition)
    for pointer, part in definition.parts.items():
        place = places.of_author(pointer)
        assert place.file == part.file
        key = part.pointer[-1] if part.pointer else ""
        line = (case / part.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        assert line[place.column - 1 :].lstrip("\"'").startswith(key)
