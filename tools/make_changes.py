"""
Writes the part of docs/changes.md that explains each row of the table of changes, out of the table and its cases.

    python tools/make_changes.py    (writes docs/changes.md anew; what stands before its first row stays)
"""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Iterator

import yaml

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from exporter.comparison.compare import compare
from exporter.comparison.rows import ROWS, Row
from exporter.model.changes import Effect, Surface, When
from exporter.model.connectors import Connector
from tests.comparison.edits import CHANGES, changed

_SECTIONS = {
    "operation-removed": "Operations",
    "trigger-removed": "Triggers",
    "param-required-added": "Inputs, the parameters",
    "request-field-required-added": "Inputs, the fields of the body",
    "request-type-changed": "Inputs, what a value may be",
    "dynamic-target-missing": "Dynamic lists and schemas",
    "response-field-removed": "Outputs",
    "label-changed": "Texts",
    "auth-type-changed": "Sign-in",
    "host-changed": "The connector as a whole",
}
_NOTICED = {
    When.NOW: "at once, when the connector is updated",
    When.RUN: "at the next run",
    When.EDIT: "at the next edit, save or refresh",
    When.NEW: "in new things only",
    When.NEVER: "not at all",
}
_DOES = {
    Effect.BREAKS: "break",
    Effect.BREAKS_IF_USED: "break if they use it that way",
    Effect.DESIGN_TIME: "show errors at the next edit or refresh",
    Effect.LABEL: "show another text",
}
_MAKERS = {
    Surface.FLOWS: "flows",
    Surface.APPS: "published apps",
    Surface.REFRESHED_APPS: "refreshed apps",
    Surface.CONNECTIONS: "connections",
    Surface.LOGIC_APPS: "Logic Apps",
    Surface.AGENTS: "agents",
}
_LONGEST = 16
"""Lines of one edit that are shown."""


class _Layout(yaml.SafeDumper):
    def increase_indent(self, **how: bool) -> None:
        """Put entries of a list below their key: what holds a line is what is less indented."""
        super().increase_indent(flow=how.get("flow", False))


class _Start:
    """The connector of the case, laid out once."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        self.definition, self.properties = _laid_out(connector.definition), _laid_out(connector.properties)


def document(text: str) -> str:
    """Give the document with its rows written anew."""
    head = text[: text.index(f"## {next(iter(_SECTIONS.values()))}\n")]
    edits = {row: changed(moves) for row, moves in CHANGES}
    start = _Start(changed({}))
    return head + "\n".join(part for row in ROWS for part in _explained(row, start, edits.get(row.id)))


def _explained(row: Row, before: _Start, after: Connector | None) -> Iterator[str]:
    if row.id in _SECTIONS:
        yield f"## {_SECTIONS[row.id]}\n"
    yield f"### `{row.id}`\n"
    yield f"**{row.impact.value}** · noticed {_NOTICED[row.when]} · {_touched(row)}.\n"
    if after is None:  # it takes a definition of megabytes
        yield f"> {row.message.format(operation='`CreateOrder`')}\n"
    else:
        yield "\n".join(("```diff", *_shown(before, after), "```\n"))
        yield f"> {next(change.message for change in compare(before.connector, after) if change.id == row.id)}\n"
    yield f"{row.advice}\n"


def _touched(row: Row) -> str:
    surfaces = row.surfaces()
    makers = {effect: [_MAKERS[one] for one, does in surfaces.items() if does is effect] for effect in Effect}
    told = [f"{', '.join(names)} {_DOES[effect]}" for effect, names in makers.items() if names]
    return "; ".join(told) or "nothing that exists is touched"


def _shown(before: _Start, after: Connector) -> Iterator[str]:
    """Show what an edit does: lines that go and come, below those that hold them."""
    if json.dumps(before.connector.definition) != json.dumps(after.definition):  # order counts
        yield from _difference(before.definition, _laid_out(after.definition))
    if before.connector.properties != after.properties:
        yield " # apiProperties.json"
        yield from _difference(before.properties, _laid_out(after.properties))
    if before.connector.icon != after.icon:
        yield from ("-icon.png as it was", "+icon.png, another picture")
    if before.connector.script != after.script:
        yield " # script.csx"
        yield from (
            f"{side}{line}"
            for side, text in (("-", before.connector.script), ("+", after.script))
            for line in text.splitlines()
        )


def _laid_out(value: object) -> list[str]:
    text = yaml.dump(value, Dumper=_Layout, sort_keys=False, default_flow_style=None, width=10_000)
    return text.splitlines()


def _difference(old: list[str], new: list[str]) -> Iterator[str]:
    shown: list[str] = []
    told = 0
    for kind, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        holders = _holders(new, first) if first < last else _holders(old, start)
        fresh = [line for line in holders if line not in shown]
        lines = [*(f"-{line}" for line in old[start:end]), *(f"+{line}" for line in new[first:last])]
        yield from (f" {line}" for line in fresh)
        yield from lines[: _LONGEST - told]
        if len(lines) > _LONGEST - told:
            yield " ..."
            return
        shown += holders
        told += len(lines)


def _holders(lines: list[str], at: int) -> list[str]:
    """Give the lines that hold one, the outermost first."""
    depth = _depth(lines[at])
    found: list[str] = []
    for line in reversed(lines[:at]):
        if _depth(line) < depth:
            found.append(line)
            depth = _depth(line)
    return found[::-1]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


if __name__ == "__main__":
    place = os.path.join(sys.path[0], "docs", "changes.md")
    with open(place, encoding="utf-8") as file:
        written = document(file.read())
    with open(place, "w", encoding="utf-8", newline="\n") as file:
        file.write(written)
