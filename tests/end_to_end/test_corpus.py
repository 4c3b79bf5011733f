"""Whole runs over real connectors and real changes: ../shared/corpus (skipped by name where it is not there)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from exporter.main import run as run_here
from exporter.settings.inputs import OUTPUTS

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
CONNECTORS = sorted((CORPUS / "connectors").glob("*/apiDefinition.swagger.json"))
PAIRS = sorted((CORPUS / "pairs").glob("*/after.json"))
LABELS = json.loads((CORPUS / "labels.json").read_bytes()) if PAIRS else []
REPORT = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_bytes()))
VERDICTS = {"breaking": "breaking", "non-breaking": "compatible", "none": "none"}
# Not JSON, each in its own way: what no run can go on with, and the line where it shows.
BROKEN = {"CognitiveServicesTextAnalytics": 276, "GIPHY": 865, "Icon-Horse": 56}
BROKEN_PROPERTIES = {"Shopranos"}
FORGIVEN_PROPERTIES = {"SigningHub"}  # without a comma
NOT_UTF_8 = {"Yelp": "cp1252"}
OF_READING = {"duplicate-key", "file-not-utf-8"}
"""Findings that are told in every run, because the file is read in every run."""
ONLY_CHECK = {"mode": "check", "record": "none"}

pytestmark = pytest.mark.skipif(not CONNECTORS, reason="../shared/corpus is not there")

Start = Callable[..., tuple[int, dict[str, str], Any]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Run in this process on a folder of copies; give exit code, outputs and a report that follows its schema."""

    def started(folder: Path, **inputs: str) -> tuple[int, dict[str, str], Any]:
        workspace, output = tmp_path / "workspace", tmp_path / "output"
        if not workspace.exists():
            workspace.mkdir()
            for file in folder.iterdir():
                (workspace / file.name).write_bytes(file.read_bytes())
        output.write_text("")
        given = {f"INPUT_{name.upper().replace('_', '-')}": value for name, value in inputs.items()}
        code = run_here([], {"GITHUB_WORKSPACE": str(workspace), "GITHUB_OUTPUT": str(output), **given})
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        assert outputs.keys() <= {name for name, _ in OUTPUTS}
        report = json.loads((workspace / outputs["report-path"]).read_bytes())
        REPORT.validate(report)
        return code, outputs, report

    return started


def strict(path: Path) -> Any:
    return json.loads(path.read_bytes().decode(NOT_UTF_8.get(path.parent.name, "utf-8-sig")))


@pytest.mark.parametrize("path", CONNECTORS, ids=lambda path: path.parent.name)
def test_a_published_connector(path: Path, start: Start, tmp_path: Path) -> None:
    """What is published comes out as it went in, is remembered, and is equal to itself."""
    inputs = {"definition": path.name, "record": "file:last.json"}
    code, outputs, report = start(path.parent, **inputs)
    if path.parent.name in BROKEN:
        [finding] = (it for it in report["findings"] if it["severity"] == "error")
        assert (code, finding["file"], finding["line"]) == (3, path.name, BROKEN[path.parent.name])
        return
    assert (code, outputs["exported"], outputs["verdict"]) == (0, "true", "unknown")
    exported = (tmp_path / "workspace" / outputs["definition-path"]).read_bytes()
    assert json.dumps(json.loads(exported)) == json.dumps(strict(path))  # with the order of all keys
    code, outputs, _ = start(path.parent, **inputs)
    assert (code, outputs["changed"], outputs["exported"]) == (0, "false", "false")
    code, outputs, report = start(path.parent, definition=path.name, baseline=f"file:{path.name}", **ONLY_CHECK)
    assert (code, outputs["verdict"]) == (0, "none")
    assert {finding["id"] for finding in report["findings"]} <= OF_READING


@pytest.mark.parametrize("path", CONNECTORS, ids=lambda path: path.parent.name)
def test_a_published_connector_with_its_properties(path: Path, start: Start, tmp_path: Path) -> None:
    properties = path.with_name("apiProperties.json")
    if path.parent.name in BROKEN or not properties.exists():
        pytest.skip("nothing that could be exported with properties")
    code, outputs, report = start(path.parent, definition=path.name, properties=properties.name, record="none")
    if path.parent.name in BROKEN_PROPERTIES:
        assert (code, report["problem"]["message"].startswith(f"properties: {properties.name}:")) == (2, True)
        return
    assert code == 0
    bundle = tmp_path / "workspace" / outputs["bundle-path"]
    assert json.dumps(json.loads((bundle / path.name).read_bytes())) == json.dumps(strict(path))
    if path.parent.name in FORGIVEN_PROPERTIES:
        return
    kept, given = (strict(folder / properties.name)["properties"] for folder in (bundle, path.parent))
    # The platform refuses a connector for these; the parameters may have lost a secret.
    refused = {name for name in given if name.lower() in {"stackowner", "script", "scriptoperations"}}
    base = {name: value for name, value in given.items() if name not in {"connectionParameters", *refused}}
    assert {name: kept[name] for name in base} == base
    assert not refused & kept.keys()
    assert any(finding["id"] == "properties-left-out" for finding in report["findings"]) == bool(refused)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.parent.name)
def test_a_real_change(path: Path, start: Start) -> None:
    """The exit code follows from the verdict, and each change names a line that there is."""
    inputs = {"definition": path.name, "baseline": "file:before.json", **ONLY_CHECK}
    code, outputs, report = start(path.parent, **inputs)
    verdict = outputs["verdict"]
    assert (verdict, code) in {("none", 0), ("compatible", 0), ("breaking", 1)}
    assert verdict == report["verdict"]
    assert int(outputs["changes"]) == len(report["changes"])
    lines = len(path.read_bytes().splitlines())
    for change in report["changes"]:
        where = (change["file"], change["line"])
        assert where == ("", 0) if change["part"] != "definition" else (where[0] == path.name and 0 < where[1] <= lines)
    codes = {fail_on: start(path.parent, fail_on=fail_on, **inputs)[0] for fail_on in ("any", "never")}
    assert codes == {"any": int(verdict != "none"), "never": 0}


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["pair"])
def test_a_change_that_was_labelled_by_hand(label: dict[str, str], start: Start) -> None:
    folder = CORPUS / "pairs" / label["pair"]
    _, outputs, _ = start(folder, definition="after.json", baseline="file:before.json", **ONLY_CHECK)
    assert outputs["verdict"] == VERDICTS[label["expect"]], label["why"]


@pytest.mark.parametrize("label", LABELS[::9], ids=lambda label: label["pair"])
def test_a_change_through_the_process(label: dict[str, str], run, workspace: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("before.json", "after.json"):
        (workspace / name).write_bytes((CORPUS / "pairs" / label["pair"] / name).read_bytes())
    result = run(definition="after.json", baseline="file:before.json", **ONLY_CHECK)
    assert result.code == (1 if label["expect"] == "breaking" else 0), result.log
    assert result.outputs["verdict"] == VERDICTS[label["expect"]]
    assert result.log.count("::error") <= 10
    assert result.summary.startswith("### ")
