"""The command line for laptops and other CI systems: `--name value` for every input `name`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exporter import VERSION
from exporter.model.errors import WrongInputs
from exporter.settings.inputs import INPUTS, SEVERAL, Input
from exporter.settings.read import inputs_of_environment
from exporter.settings.wording import GROUPS, meaning

_OPTIONS = {f"--{row.name}": row for row in INPUTS}
_ENDING = ("--help", "-h", "--version")


def inputs_of_command_line(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """
    Give the inputs by name; what stands on the command line wins over `INPUT_*` variables.

    Secrets are better given as variables (`INPUT_CLIENT_SECRET`): others on the machine can read command lines.
    An option of several values may be given several times. Ends the process after `--help` and `--version`. Raises
    WrongInputs, which never repeats what was typed: next to a mistyped option stands, perhaps, a secret.
    """
    chosen, complaints = _read(arguments)
    complaints += [
        f"--{name}: is given {len(values)} times; it has one value."
        for name, values in chosen.items()
        if len(values) > 1 and _OPTIONS[f"--{name}"].kind not in SEVERAL
    ]
    if complaints:
        raise WrongInputs("\n".join(complaints), advice="`--help` lists every option.")
    joined = {name: "\n".join(values).strip() for name, values in chosen.items()}
    return inputs_of_environment(environment) | {name: value for name, value in joined.items() if value}


def _read(arguments: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Give the values of each option by the input's name, and complaints about what is none."""
    chosen: dict[str, list[str]] = {}
    complaints: list[str] = []
    place = 0
    while place < len(arguments):
        option, equals, value = arguments[place].partition("=")
        place += 1
        follows = arguments[place] if place < len(arguments) else None
        is_value = follows is not None and not _is_option(follows)
        if option in _ENDING:
            _end(option)
        row = _OPTIONS.get(option)
        if row is None:
            complaints.append(_unknown(option, place))
        elif equals:
            chosen.setdefault(row.name, []).append(value)
        elif is_value and follows is not None:
            chosen.setdefault(row.name, []).append(follows)
        else:
            complaints.append(f"{option}: has no value.")
        if is_value and not equals:
            place += 1  # the value of this option, or of what was meant to be one
    return chosen, complaints


def _is_option(argument: str) -> bool:
    return argument in _ENDING or argument.partition("=")[0] in _OPTIONS


def _unknown(option: str, place: int) -> str:
    import difflib

    near = difflib.get_close_matches(option, _OPTIONS, 1, 0.75)
    meant = f"; `{near[0]}` is the nearest one" if near else ""
    return f"Argument {place} is no option{meant}."


def _end(option: str) -> None:
    import argparse

    parser = argparse.ArgumentParser(
        prog="entrypoint.py",
        usage="entrypoint.py --definition FILE [--mode manual|express|check] [--NAME VALUE ...] | --help | --version",
        description="Export an OpenAPI definition to a Power Platform custom connector.",
        epilog="Secrets are better given as variables, e.g. INPUT_CLIENT_SECRET.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    groups = {group: parser.add_argument_group(title) for group, title in GROUPS.items()}
    for row in INPUTS:
        groups[row.group].add_argument(f"--{row.name}", help=_help(row), metavar="VALUE")
    parser.parse_args([option])


def _help(row: Input) -> str:
    default = f" (default: {row.default})" if row.default and not row.default.startswith("${{") else ""
    return f"{meaning(row)}{default}".replace("%", "%%")
