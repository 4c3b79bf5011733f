"""The command line for laptops and other CI systems: `--name value` for every input `name`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exporter import VERSION
from exporter.settings.inputs import INPUTS, Input, Kind
from exporter.settings.read import inputs_of_environment
from exporter.settings.wording import GROUPS, meaning


def inputs_of_command_line(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """
    Give the inputs by name; what stands on the command line wins over `INPUT_*` variables.

    Secrets are better given as variables (`INPUT_CLIENT_SECRET`): others on the machine can read command lines.
    An option of several values may be given several times. Ends the process after `--help` and `--version`, and with exit
    code 2 for an unknown option, or one that is given twice and has one value.
    """
    import argparse

    parser = argparse.ArgumentParser(
        prog="entrypoint.py",
        usage="entrypoint.py --definition FILE [--mode manual|express|check] [--NAME VALUE ...] | --help | --version",
        description="Export an OpenAPI definition to a Power Platform custom connector.",
        epilog="Secrets are better given as variables, e.g. INPUT_CLIENT_SECRET.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=VERSION)
    groups = {group: parser.add_argument_group(title) for group, title in GROUPS.items()}
    for row in INPUTS:
        groups[row.group].add_argument(f"--{row.name}", help=_help(row), metavar="VALUE", action="append", default=[])
    given = vars(parser.parse_args(arguments))
    chosen = {row: given[row.name.replace("-", "_")] for row in INPUTS}
    for row, values in chosen.items():
        if len(values) > 1 and row.kind not in {Kind.LIST, Kind.LINES}:
            parser.error(f"--{row.name} is given {len(values)} times; it has one value")
    joined = {row.name: "\n".join(values).strip() for row, values in chosen.items()}
    return inputs_of_environment(environment) | {name: value for name, value in joined.items() if value}


def _help(row: Input) -> str:
    default = f" (default: {row.default})" if row.default and not row.default.startswith("${{") else ""
    return f"{meaning(row)}{default}".replace("%", "%%")
