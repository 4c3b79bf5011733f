"""What becomes of `openapi.yaml` with the inputs of `inputs.yaml` is in `expected.json`; `ACCEPT=1` rewrites it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporter.model.connectors import Connector
from exporter.model.errors import WrongInputs
from exporter.model.pointers import pointer_text
from exporter.planning.candidate import Candidate, completed, make_candidate
from exporter.ports import Files
from exporter.settings.read import read_settings

CASES = Path(__file__).parents[1] / "cases" / "shaping"


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, folder: Callable[[Path], Files]) -> None:
    inputs = yaml.safe_load((case / "inputs.yaml").read_text("utf-8"))
    expected = case / "expected.json"
    found = _made(inputs, folder(case), case)
    if os.getenv("ACCEPT"):
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    wanted = expected.read_text("utf-8")
    assert json.dumps(found, indent=2, ensure_ascii=False) + "\n" == wanted, "the order of keys is part of it"


def _made(inputs: Any, files: Files, case: Path) -> Any:
    try:
        settings = read_settings({}, config=inputs)
        made = make_candidate(settings, files, "openapi.yaml")
    except WrongInputs as error:
        return {"message": error.message, "advice": error.advice}
    assert isinstance(made, Candidate)
    last = case / "exported-last.json"
    previous = Connector(json.loads(last.read_text("utf-8")), {}) if last.is_file() else None
    made = completed(made, settings.shape.complete, previous)
    places = made.places
    told = [(one.rule, one.severity.value, one.file or places.of_author(one.pointer).file, one.line or places.of_author(one.pointer).line, one.message) for one in made.findings]  # fmt: skip
    fixed = [(one.rule, pointer_text(one.pointer), places.of_author(one.pointer).line, one.done) for one in made.fixes]
    return {
        "findings": [list(one) for one in told],
        "fixes": [list(one) for one in fixed],
        "document": made.connector.definition,
    }
