"""docs/rules.md has one heading for every rule, with its severity and advice, and names only what exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from exporter.rules.check import RULES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
CODES = ROOT.parent / "shared" / "reference" / "validator-rules.json"
IDS = dict.fromkeys(rule.id for rule in RULES)


def sections() -> dict[str, str]:
    """Give the text below each heading of a rule."""
    parts = re.split(r"^### (.+)\n", PAGE, flags=re.MULTILINE)
    return {heading: text for heading, text in zip(parts[1::2], parts[2::2], strict=True) if " " not in heading}


def test_every_rule_has_a_heading_and_every_heading_a_rule() -> None:
    headings = [heading for heading in re.findall(r"^### (.+)$", PAGE, re.MULTILINE) if " " not in heading]
    assert len(headings) == len(set(headings))
    assert set(headings) == set(IDS) | {"schema"}


def test_the_page_says_what_the_rows_say() -> None:
    texts = sections()
    for rule in RULES:
        assert texts[rule.id].strip().startswith(rule.severity.value.title() + ".")
        assert "**Why**: " in texts[rule.id]
    first = {rule.id: rule for rule in reversed(RULES)}
    for rule in first.values():
        assert rule.advice in texts[rule.id]
        assert rule.message.replace("{{", "{").replace("}}", "}") in texts[rule.id]


@pytest.mark.skipif(not CODES.exists(), reason="../shared/reference is not there")
def test_every_code_of_microsofts_list_is_checked_or_listed_with_a_reason() -> None:
    codes = {entry["id"] for entry in json.loads(CODES.read_text("utf-8"))}
    _, _, unchecked = PAGE.partition("## Codes of Microsoft's list that we do not check")
    listed = set(re.findall(r"^\| (.+?) \|", unchecked, re.MULTILINE))
    named = {code for line in listed for code in re.findall(r"`([a-z-]+)`", line)}
    assert named.isdisjoint(IDS)
    assert codes - set(IDS) == named
