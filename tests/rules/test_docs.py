"""docs/rules.md has one heading for every id of a finding, with its severity and advice, and names only what exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from exporter.openapi.problems import PROBLEMS
from exporter.rules.check import RULES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
CODES = set((Path(__file__).parent / "validator_codes.txt").read_text("utf-8").split())
"""Of Microsoft's validator, as kebab-case ids."""
IDS = dict.fromkeys(rule.id for rule in RULES)


def sections() -> dict[str, str]:
    """Give the text below each heading of a rule."""
    parts = re.split(r"^### (.+)\n", PAGE, flags=re.MULTILINE)
    return {heading: text for heading, text in zip(parts[1::2], parts[2::2], strict=True) if " " not in heading}


def ids_in(source: str) -> Iterator[str]:
    """Give the ids of the findings that a module makes itself, written out or by the name of a constant."""
    tree = ast.parse(source)
    constants = {
        statement.targets[0].id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"Finding", "_finding"}:
            first = call.args[0]
            found = constants.get(first.id) if isinstance(first, ast.Name) else first
            if isinstance(found, ast.Constant):
                yield found.value


def test_every_id_has_a_heading_and_every_heading_an_id() -> None:
    headings = [heading for heading in re.findall(r"^### (.+)$", PAGE, re.MULTILINE) if " " not in heading]
    sources = [path.read_text("utf-8") for path in (ROOT / "exporter").rglob("*.py") if "generated" not in path.parts]
    made = {one for source in sources for one in ids_in(source)}
    assert {"schema", "baseline-unreadable", "accepted-past", "overlay-target-unmatched"} <= made
    assert len(headings) == len(set(headings))
    assert set(headings) == set(IDS) | set(PROBLEMS) | made


def test_the_page_says_what_the_problems_of_files_say() -> None:
    texts = {id_: " ".join(text.split()) for id_, text in sections().items()}
    for id_, problem in PROBLEMS.items():
        assert texts[id_].startswith(f"{problem.severity.value.title()}. {problem.message}")
        assert texts[id_].endswith(f"- **What to do**: {problem.advice}") or f"{problem.advice} ## " in texts[id_]


def test_the_page_says_what_the_rows_say() -> None:
    texts = sections()
    for rule in RULES:
        assert texts[rule.id].strip().startswith(rule.severity.value.title() + ".")
        assert "**Why**: " in texts[rule.id]
    first = {rule.id: rule for rule in reversed(RULES)}
    for rule in first.values():
        assert rule.advice in texts[rule.id]
        assert rule.message.replace("{{", "{").replace("}}", "}") in texts[rule.id]


def test_every_code_of_microsofts_list_is_checked_or_listed_with_a_reason() -> None:
    _, _, unchecked = PAGE.partition("## Codes of Microsoft's list that we do not check")
    listed = set(re.findall(r"^\| (.+?) \|", unchecked, re.MULTILINE))
    named = {code for line in listed for code in re.findall(r"`([a-z-]+)`", line)}
    assert named.isdisjoint(IDS)
    assert CODES - set(IDS) == named
