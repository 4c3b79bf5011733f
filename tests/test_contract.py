"""The contract with workflows: action.yml, the README's tables and the table in the code say the same."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from exporter.model import errors
from exporter.settings.inputs import INPUTS, OUTPUTS, Input, Kind

ROOT = Path(__file__).parent.parent


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_action = _tool("make_action")
make_comment = _tool("make_comment")


def test_action_yml_is_what_the_table_of_inputs_makes() -> None:
    assert (ROOT / "action.yml").read_text(encoding="utf-8") == make_action.action()


def test_action_yml_reads_back_as_the_table() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert {name: row.get("default", "") for name, row in action["inputs"].items()} == {
        row.name: row.default for row in INPUTS
    }
    assert {name: row["description"] for name, row in action["outputs"].items()} == dict(OUTPUTS)


def test_the_readme_has_the_tables_of_inputs_and_outputs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == make_action.with_tables(readme)


def test_the_readme_shows_the_comment_that_the_code_makes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == make_comment.with_comment(readme)


def test_a_readme_without_markers_is_refused() -> None:
    for made in (make_action.with_tables, make_comment.with_comment):
        with pytest.raises(ValueError, match="exactly once"):
            made("# No tables here\n")


def test_the_tables_replace_what_is_between_their_markers_and_nothing_else() -> None:
    made = make_action.with_tables(
        "# Before\n<!-- inputs -->\nan outdated table\n<!-- /inputs -->\nmiddle\n<!-- outputs --><!-- /outputs -->\nafter\n"
    )
    assert made.startswith("# Before\n<!-- inputs -->\n| input |")
    assert made.endswith("<!-- /outputs -->\nafter\n")
    assert "outdated" not in made
    assert made == make_action.with_tables(made)


def test_no_two_inputs_share_a_name() -> None:
    names = [row.name for row in INPUTS]
    assert len(names) == len(set(names))


def test_no_two_outputs_share_a_name() -> None:
    names = [name for name, _ in OUTPUTS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", [*(row.name for row in INPUTS), *(name for name, _ in OUTPUTS)])
def test_names_are_lower_case_with_hyphens(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


@pytest.mark.parametrize("row", [row for row in INPUTS if row.kind is Kind.CHOICE], ids=lambda row: row.name)
def test_a_default_is_one_of_the_choices_that_work(row: Input) -> None:
    assert row.default in {"", *row.choices} - set(row.later_choices)


@pytest.mark.parametrize("row", [row for row in INPUTS if row.secret], ids=lambda row: row.name)
def test_a_secret_has_no_default_but_the_token_of_the_run(row: Input) -> None:
    assert row.default in {"", "${{ github.token }}"}


def test_the_page_of_exit_codes_has_every_way_to_stop() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = {int(code): title.strip() for code, title in re.findall(r"^\| ([0-9]+) \| ([^|]+)\|", page, re.MULTILINE)}
    stops = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind is not errors.ExporterError]
    assert rows == {0: "fine", **{stop.exit_code: stop.title for stop in stops}}
    assert len({stop.exit_code for stop in stops}) == len(stops)
