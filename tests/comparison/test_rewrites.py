"""Real connectors, written in other ways: definitions renamed, inlined, taken out, inherited, and in another order."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from exporter.comparison.compare import compare
from exporter.model.connectors import Connector
from tests.comparison.test_labels import CORPUS, pytestmark, read
from tests.comparison.test_meaning import replaced

__all__ = ["pytestmark"]
HOME = "#/definitions/"
MEANS_NOTHING = {"written-differently", "detail-changed", "extension-changed"}
"""References in extensions are text to us, so that they may say in words what only their names differ in."""


def _target(value: Any) -> str:
    reference = value.get("$ref") if isinstance(value, dict) else None
    return reference.removeprefix(HOME) if isinstance(reference, str) and reference.startswith(HOME) else ""


def renamed(document: Any) -> Any:
    other = replaced(
        document, lambda value: {**value, "$ref": f"{HOME}New{name}"} if (name := _target(value)) else value
    )
    return {**other, "definitions": {f"New{name}": one for name, one in other.get("definitions", {}).items()}}


def inlined(document: Any) -> Any:
    flat = {name: one for name, one in document.get("definitions", {}).items() if '"$ref"' not in json.dumps(one)}
    return replaced(document, lambda value: copy.deepcopy(flat.get(_target(value), value)) if _target(value) else value)


def taken_out(document: Any) -> Any:
    other = copy.deepcopy(document)
    shared = other.setdefault("definitions", {})
    operations = [one for item in other["paths"].values() for one in item.values() if isinstance(one, dict)]
    for operation in operations:
        for holder in (*operation.get("parameters", ()), *operation.get("responses", {}).values()):
            if isinstance(holder.get("schema"), dict) and "$ref" not in holder["schema"]:
                name = f"TakenOut{len(shared)}"
                shared[name] = holder["schema"]
                holder["schema"] = {"$ref": HOME + name}
    return other


def inherited(document: Any) -> Any:
    shared = document.get("definitions", {})
    split = {name: {"allOf": [{"$ref": f"{HOME}Base{at}"}]} for at, name in enumerate(shared)}
    return {**document, "definitions": {**split, **{f"Base{at}": one for at, one in enumerate(shared.values())}}}


def turned(document: Any) -> Any:
    return {**dict(reversed(document.items())), "paths": dict(reversed(document["paths"].items()))}


@pytest.mark.parametrize("rewrite", [renamed, inlined, taken_out, inherited, turned], ids=lambda one: one.__name__)
def test_a_real_connector_in_other_words_is_the_same_to_makers(rewrite: Callable[[Any], Any]) -> None:
    seen = 0
    for path in sorted((CORPUS / "connectors").glob("*/apiDefinition.swagger.json"))[::6]:
        try:
            one = read(path)
        except ValueError:
            continue
        other = Connector(rewrite(one.definition), {})
        for found in (compare(one, other), compare(other, one)):
            assert {change.id for change in found} <= MEANS_NOTHING, path.parent.name
        seen += 1
    assert seen > 10
