"""Reads the text of each input as what it must be, and collects all that is wrong with them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from exporter.model.json_values import Json, Object
from exporter.settings.addresses import environment, has_control, is_address
from exporter.settings.endpoints import read_endpoints
from exporter.settings.inputs import INPUTS, SEVERAL, Input, Kind
from exporter.settings.settings import NO_SECRET, Choice, Secret

_TABLE = {row.name: row for row in INPUTS}
_MOST_DAYS = 400


class Inputs:
    """The texts of all inputs; collects what is wrong with them."""

    def __init__(self, given: Mapping[str, str], config: Json, workspace: str, *, trusted: bool) -> None:
        self.complaints: list[str] = []
        self._trusted = trusted
        self._workspace = workspace.rstrip("/")
        self._texts = {**self._of_config(config), **given}
        self._given = given
        self._asked: set[str] = {"config"}

    def text(self, name: str) -> str:
        """Give the text of an input, or its default."""
        self._asked.add(name)
        default = _TABLE[name].default
        return self._texts.get(name, "") or ("" if default.startswith("${{") else default)

    def line(self, name: str) -> str:
        """Give a text that must be one line."""
        value = self.text(name)
        if has_control(value):
            self._complain(_TABLE[name], "is more than one line of text.")
        return value

    def secret(self, name: str) -> Secret:
        """Give a secret; no complaint repeats any of it."""
        value = self.text(name)
        if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in value):
            self._complain(_TABLE[name], "holds bytes that are no text (UTF-8).")
            return NO_SECRET
        return Secret(value)

    def choice(self, name: str, usual: str = "") -> Choice:
        """Give the choice, and the value behind its colon; `usual` is what an input without a default means."""
        row = _TABLE[name]
        text = self.text(name) or usual
        kind, colon, value = text.partition(":")
        if kind + colon in row.later_choices:
            self._complain(row, f"`{kind}` is not supported yet.")
        elif kind + colon not in row.choices or (colon and not value):
            self._complain(
                row,
                f"{_shown(text)} is none of {_listed(choice for choice in row.choices if choice not in row.later_choices)}.",
            )
        elif kind == "file":
            return Choice(kind, self._inside(row, value))
        else:
            return Choice(kind, value)
        return Choice((row.default or usual).partition(":")[0] or row.choices[0])

    def path(self, name: str) -> str:
        """Give a path inside the workspace, relative to it."""
        value = self.text(name)
        return self._inside(_TABLE[name], value) if value else ""

    def definition(self) -> str:
        """Give the path or the address of the definition."""
        value = self.text("definition")
        if re.match(r"[a-z][a-z0-9+.-]+://", value):
            if not self._trusted and "definition" not in self._given:
                self._complain(_TABLE["definition"], "an address must come from the workflow here, not from a file.")
            return self.url("definition")
        return self._inside(_TABLE["definition"], value) if value else ""

    def url(self, name: str) -> str:
        """Give an https address."""
        value = self.text(name)
        if value and not is_address(value):
            self._complain(_TABLE[name], f"{_shown(value)} is no https address.")
        return value

    def environment(self, name: str) -> str:
        """Give an address or an id in one spelling, or a display name; only an address can be wrong here."""
        value = self.line(name)
        if "://" in value and not is_address(self.url(name)):
            return value
        return environment(value)

    def endpoints(self, name: str) -> Mapping[str, str]:
        """Give the addresses of a cloud that replace ours, by the name of what answers there; never out of a file."""
        if self.text(name) and name not in self._given:
            self._complain(_TABLE[name], "must come from the workflow, not from a file: secrets are sent there.")
            return {}
        found, complaints = read_endpoints(self.lines(name))
        self.complaints.extend(f"{name}: {complaint}" for complaint in complaints)
        return found

    def hosts(self, name: str) -> tuple[str, ...]:
        """Give names of hosts; not out of a file where nobody reviewed it."""
        hosts = self.list(name)
        if hosts and not self._trusted and name not in self._given:
            self._complain(_TABLE[name], "hosts must come from the workflow here, not from a file.")
        for host in hosts:
            if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?", host):
                self._complain(_TABLE[name], f"{_shown(host)} is no name of a host like `schemas.example.com`.")
        return tuple(host.lower() for host in hosts)

    def color(self, name: str) -> str:
        """Give a colour as `#rrggbb`, in small letters."""
        value = self.text(name)
        if value and not re.fullmatch("#[0-9a-fA-F]{6}", value):
            self._complain(_TABLE[name], f"{_shown(value)} is no colour like `#1a73e8`.")
        return value.lower()

    def days(self, name: str) -> int:
        """Give a number of days; 0 where none is given."""
        value = self.text(name) or "0"
        if not re.fullmatch("[0-9]{1,3}", value) or int(value) > _MOST_DAYS:
            self._complain(_TABLE[name], f"{_shown(value)} is no number of days from 1 to {_MOST_DAYS}.")
            return 0
        return int(value)

    def list(self, name: str) -> tuple[str, ...]:
        """Give values that commas, spaces or lines set apart."""
        return tuple(part for part in re.split(r"[\s,]+", self.text(name)) if part)

    def lines(self, name: str) -> tuple[str, ...]:
        """Give values that commas or lines set apart."""
        return tuple(part.strip() for part in re.split(r"[\n,]", self.text(name)) if part.strip())

    def choices(self, name: str) -> tuple[str, ...]:
        """Give at least one choice, each once."""
        row = _TABLE[name]
        asked = tuple(dict.fromkeys(self.list(name)))
        for text in asked:
            if text not in row.choices:
                self._complain(row, f"{_shown(text)} is none of {_listed(row.choices)}.")
        return tuple(text for text in asked if text in row.choices) or ((row.default,) if row.default else ())

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Give names and values, one pair a line; between quotes a value may begin or end with a space."""
        found: dict[str, str] = {}
        for line in self.text(name).splitlines():
            key, equals, value = line.partition("=")
            key = key.strip()
            if not equals and not key:
                continue
            if not equals or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,79}", key):
                self._complain(_TABLE[name], "has a line that is no `name=value`.")
            elif key.casefold() in (known.casefold() for known in found):
                self._complain(_TABLE[name], f"says `{key}` twice.")
            elif key.replace("_", "").casefold() == "clientsecret":
                self._complain(_TABLE[name], "holds a secret, which would be published; give it as client-secret.")
            else:
                value = value.strip()
                found[key] = value[1:-1] if re.fullmatch('"[^"]*"', value) else value
        return tuple(found.items())

    def paths(self, name: str) -> tuple[str, ...]:
        """Give paths inside the workspace."""
        found = (self._inside(_TABLE[name], value) for value in self.lines(name))
        return tuple(path for path in found if path)

    def need(self, *names: str, because: str) -> None:
        """Complain about each of these inputs that is not given."""
        self.complaints.extend(
            f"{name}: is missing, and {because}." for name in names if not self._texts.get(name, "").strip()
        )

    def look_at_the_rest(self) -> None:
        """Check what no setting reads yet, so that nothing given is ignored."""
        for row in INPUTS:
            if row.name not in self._asked:
                _ = self.choice(row.name) if row.kind is Kind.CHOICE else self.text(row.name)

    def _of_config(self, config: Json) -> dict[str, str]:
        if config is None:
            return {}
        if not isinstance(config, dict):
            self.complaints.append("config: the file does not hold names and values of inputs.")
            return {}
        return dict(self._entries(config))

    def _entries(self, config: Object) -> Iterable[tuple[str, str]]:
        for name, value in config.items():
            row = _TABLE.get(name)
            if name == "connectors":
                self.complaints.append(
                    "config: several connectors in one file are not supported yet; use one step each."
                )
            elif row is None or name == "config":
                self.complaints.append(f"config: {_shown(name)} is the name of no input.")
            elif row.secret:
                self.complaints.append(
                    f"config: {name} is a secret and does not belong in a file; give it as an input."
                )
            elif isinstance(value, list) and row.kind in SEVERAL:
                yield name, "\n".join(str(part) for part in value)
            elif isinstance(value, dict) and row.kind is Kind.PAIRS:
                yield name, "\n".join(f"{key}={part}" for key, part in value.items())
            elif isinstance(value, bool) and set(row.choices) == {"true", "false"}:
                yield name, str(value).lower()
            elif isinstance(value, str | int) and not isinstance(value, bool):
                yield name, str(value).strip()
            elif value is not None:
                self.complaints.append(f"config: the value of {name} is no text.")

    def _inside(self, row: Input, value: str) -> str:
        if self._workspace and value.startswith(self._workspace + "/"):
            value = value[len(self._workspace) + 1 :]
        path = posixpath.normpath(value)
        if path.startswith(("/", "../")) or path == ".." or has_control(value) or "\\" in value:
            where = f" ({self._workspace})" if self._workspace else ""
            self._complain(row, f"{_shown(value)} is no path inside the workspace{where}.")
            return ""
        if ".git" in path.lower().split("/"):
            self._complain(row, f"{_shown(value)} leads into git's own folder.")
        return path

    def _complain(self, row: Input, text: str) -> None:
        self.complaints.append(f"{row.name}: {text}")


def _shown(text: str) -> str:
    short = text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004 - what fits on a line
    return f"`{short}`" if short.isprintable() else "the value"


def _listed(choices: Iterable[str]) -> str:
    return ", ".join(f"`{choice}…`" if choice.endswith(":") else f"`{choice}`" for choice in choices)
