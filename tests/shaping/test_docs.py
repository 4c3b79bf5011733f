"""docs/shaping.md: its overlays and selectors work on the example, its table names every fix there is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import yaml

from exporter.openapi.load import load
from exporter.ports import Files
from exporter.shaping.choose import choose
from exporter.shaping.overlays import overlay_connector, overlay_definition, read_overlays

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "shaping.md").read_text("utf-8")
CASES = ROOT / "tests" / "cases" / "shaping"


def test_the_overlays_of_the_page_do_what_it_says(
    folder: Callable[[Path], Files], memory: Callable[..., Files]
) -> None:
    from exporter.conversion.convert import convert

    overlays = [block for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if "actions:" in block]
    files = {"for-makers.yaml": overlays[0], "connector.yaml": overlays[1]}
    definition = load("openapi.yaml", folder(ROOT / "examples" / "orders")).definition
    assert definition is not None
    read = read_overlays(files, memory(files))
    laid = overlay_definition(definition, read)
    ((rule, line),) = [(finding.rule, finding.line) for finding in laid.findings]
    assert f"for-makers.yaml:{line}: {rule}: " in TEXT
    again = overlay_connector(convert(laid.definition), laid.definition, read)
    assert again.converted.document["x-ms-connector-metadata"]
    assert "x-ms-dynamic-values" in json.dumps(again.converted.document)


def test_the_selectors_of_the_page_choose_from_the_example(folder: Callable[[Path], Files]) -> None:
    inputs = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0])
    definition = load("openapi.yaml", folder(ROOT / "examples" / "orders")).definition
    assert definition is not None
    chosen = choose(definition, inputs["include"].split("\n")[:-1], [inputs["exclude"]])
    assert [finding.message for finding in chosen.findings] == ["exclude: `x-internal` matches no operation."]


def test_the_table_of_fixes_names_each_that_a_case_shows_and_no_other() -> None:
    listed = set(re.findall(r"^\| `([a-z-]+)`(?: \([^|]*\))? \| .* \| `(?:safe|all)` \|$", TEXT, re.MULTILINE))
    shown = {
        fix[0] for path in CASES.glob("*/expected.json") for fix in json.loads(path.read_text("utf-8")).get("fixes", ())
    }
    assert listed == shown
    assert len(listed) > 5
