"""
Writes action.yml, and with --readme the README's tables, from the table of inputs and outputs.

    python tools/make_action.py > action.yml
    python tools/make_action.py --readme         (prints both tables with their markers)
    python tools/make_action.py --readme FILE    (puts them between the markers of FILE)
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from itertools import groupby

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from exporter.settings.inputs import INPUTS, OUTPUTS
from exporter.settings.wording import GROUPS, meaning

_HEAD = """\
# Made by tools/make_action.py from exporter/settings/inputs.py; `make action` writes it anew.
name: Power Platform connector exporter
description: Exports an OpenAPI file to a Power Platform custom connector, and says what a change does to the makers who use it
author: The connector exporter's authors
branding:
  icon: upload-cloud
  color: purple
"""

_RUNS = """
runs:
  using: docker
  image: Dockerfile
  # The image's own entry point again: runners on Kubernetes start nothing without it. One word, and no shell,
  # which would drop the inputs with a hyphen in their names.
  entrypoint: /app/entrypoint.py
"""


def action() -> str:
    """Write action.yml."""
    return "\n".join((_HEAD, *_inputs(), "", *_outputs(), _RUNS))


def input_table() -> str:
    """Write the README's table of inputs."""
    lines = ["| input | meaning | default |", "| --- | --- | --- |"]
    for group, rows in groupby(INPUTS, key=lambda row: row.group):
        lines.append(f"| **{GROUPS[group]}** | | |")
        lines += [f"| `{row.name}` | {_cell(meaning(row))} | {_code(row.default)} |" for row in rows]
    return "\n".join(lines)


def output_table() -> str:
    """Write the README's table of outputs."""
    return "\n".join(
        ["| output | meaning |", "| --- | --- |", *(f"| `{name}` | {_cell(text)} |" for name, text in OUTPUTS)]
    )


def with_tables(text: str) -> str:
    """
    Put the two tables between their markers.

    Raises ValueError where a marker is missing or not there exactly once.
    """
    for name, table in (("inputs", input_table()), ("outputs", output_table())):
        marked = f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
        text, count = re.subn(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, new=marked: new, text, flags=re.DOTALL)
        if count != 1:
            raise ValueError(
                f"the markers <!-- {name} --> and <!-- /{name} --> must be there exactly once, not {count} times"
            )
    return text


def _inputs() -> Iterator[str]:
    yield "inputs:"
    for group, rows in groupby(INPUTS, key=lambda row: row.group):
        yield f"  # {GROUPS[group]}"
        for row in rows:
            yield f"  {row.name}:"
            yield f"    description: {_quoted(meaning(row))}"
            yield "    required: false"
            if row.default:
                yield f"    default: {_quoted(row.default)}"


def _outputs() -> Iterator[str]:
    yield "outputs:"
    for name, text in OUTPUTS:
        yield f"  {name}:"
        yield f"    description: {_quoted(text)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> None:
    """Print, or put the tables into a file."""
    match arguments:
        case []:
            print(action(), end="")
        case ["--readme"]:
            print(with_tables("<!-- inputs --><!-- /inputs -->\n\n<!-- outputs --><!-- /outputs -->"))
        case ["--readme", path]:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(with_tables(text))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
