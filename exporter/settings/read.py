"""Reads every input, and complains once about all that is wrong with them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from exporter.model.errors import WrongInputs
from exporter.model.json_values import Json, Object
from exporter.settings.addresses import has_control, is_address
from exporter.settings.contradictions import contradictions
from exporter.settings.endpoints import read_endpoints
from exporter.settings.inputs import INPUTS, Input, Kind
from exporter.settings.settings import (
    Auth,
    Backend,
    Choice,
    Complete,
    DeployerSettings,
    FailOn,
    LookSettings,
    Mode,
    OnDrift,
    Secret,
    SecuritySettings,
    Settings,
    ShapeSettings,
)

_TABLE = {row.name: row for row in INPUTS}
_MOST_DAYS = 400
_ADVICE = "See the table of inputs in README.md."


def inputs_of_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """
    Give the inputs that a runner set, by name.

    GitHub's runner upper-cases a name and keeps its hyphens (`INPUT_CLIENT-ID`); where a CI system cannot set such a
    name, underscores do (`INPUT_CLIENT_ID`).

    >>> inputs_of_environment({"INPUT_CLIENT-ID": "a", "INPUT_MODE": "", "HOME": "/root"})
    {'client-id': 'a'}
    """
    given = {}
    for row in INPUTS:
        name = f"INPUT_{row.name.upper()}"
        value = environment.get(name, "") or environment.get(name.replace("-", "_"), "")
        if value.strip():
            given[row.name] = value.strip()
    return given


def read_settings(
    given: Mapping[str, str], *, config: Json = None, workspace: str = "", on_github: bool = False, trusted: bool = True
) -> Settings:
    """
    Make settings of the inputs.

    `given` are the inputs by name, `config` what the `config` file holds, `workspace` the absolute path of the
    workspace; events that are not `trusted` can only check. Raises WrongInputs with one line per complaint.
    """
    inputs = _Inputs(given, config, workspace, trusted=trusted)
    asked = Mode(inputs.choice("mode").kind)
    mode = asked if trusted else Mode.CHECK
    settings = Settings(
        definition=inputs.definition(),
        mode=mode,
        asked_mode=asked,
        name=inputs.line("name"),
        baseline=inputs.choice("baseline"),
        record=inputs.choice("record", _usual_record(inputs, on_github=on_github)),
        fail_on=FailOn(inputs.choice("fail-on", "breaking" if mode is Mode.CHECK else "never").kind),
        accept=inputs.path("accept"),
        restore=inputs.path("restore"),
        server=inputs.url("server"),
        shape=_shape(inputs),
        look=_look(inputs),
        security=_security(inputs),
        deployer=_deployer(inputs),
        bundle_directory=inputs.path("bundle-directory"),
        artifact_name=inputs.line("artifact-name"),
        retention_days=inputs.days("retention-days"),
        github_token=inputs.secret("github-token"),
    )
    inputs.look_at_the_rest()
    if mode is Mode.EXPRESS:
        inputs.need("environment", "deployer-tenant-id", "deployer-client-id", because="mode is express")
    if settings.fail_on is FailOn.DRIFT and mode is asked:
        inputs.need("environment", "deployer-tenant-id", "deployer-client-id", because="fail-on is drift")
    if settings.baseline.kind == "live" and mode is asked and mode is not Mode.MANUAL:
        inputs.need("environment", "deployer-tenant-id", "deployer-client-id", because="baseline is live")
    inputs.complaints.extend(contradictions(settings))
    if inputs.complaints:
        raise WrongInputs("\n".join(dict.fromkeys(inputs.complaints)), advice=_ADVICE)
    return settings


def _usual_record(inputs: _Inputs, *, on_github: bool) -> str:
    if on_github:
        return "ref" if inputs.text("github-token") else "none"
    return f"file:{inputs.path('bundle-directory') or 'connector-export/bundle'}.record.json"


def _shape(inputs: _Inputs) -> ShapeSettings:
    return ShapeSettings(
        overlays=inputs.paths("overlay"),
        include=inputs.lines("include"),
        exclude=inputs.lines("exclude"),
        complete=Complete(inputs.choice("complete").kind),
    )


def _look(inputs: _Inputs) -> LookSettings:
    return LookSettings(
        icon=inputs.path("icon"),
        brand_color=inputs.color("brand-color"),
        description=inputs.text("description"),
        script=inputs.path("script"),
        script_operations=inputs.list("script-operations"),
        properties=inputs.path("properties"),
    )


def _security(inputs: _Inputs) -> SecuritySettings:
    return SecuritySettings(
        auth=Auth(inputs.choice("auth").kind),
        api_key_label=inputs.line("api-key-label"),
        client_id=inputs.line("client-id"),
        client_secret=inputs.secret("client-secret"),
        login_url=inputs.url("login-url"),
        tenant_id=inputs.line("tenant-id"),
        resource_url=inputs.line("resource-url"),
        authorization_url=inputs.url("authorization-url"),
        token_url=inputs.url("token-url"),
        refresh_url=inputs.url("refresh-url"),
        scopes=inputs.list("scopes"),
    )


def _deployer(inputs: _Inputs) -> DeployerSettings:
    return DeployerSettings(
        environment=inputs.environment("environment"),
        backend=Backend(inputs.choice("backend").kind),
        connector_id=inputs.line("connector-id"),
        solution=inputs.line("solution"),
        on_drift=OnDrift(inputs.choice("on-drift").kind),
        cloud=inputs.choice("cloud").kind,
        endpoints=inputs.endpoints("endpoints"),
        tenant_id=inputs.line("deployer-tenant-id"),
        client_id=inputs.line("deployer-client-id"),
        client_secret=inputs.secret("deployer-client-secret"),
    )


class _Inputs:
    """The texts of all inputs; collects what is wrong with them."""

    def __init__(self, given: Mapping[str, str], config: Json, workspace: str, *, trusted: bool) -> None:
        self.complaints: list[str] = []
        self._trusted = trusted
        self._workspace = workspace.rstrip("/")
        self._texts = {**self._of_config(config), **given}
        self._given = given
        self._asked: set[str] = {"config"}

    def text(self, name: str) -> str:
        row = _TABLE[name]
        self._asked.add(name)
        value = self._texts.get(name, "")
        if value and row.later:
            self._complain(row, f"{row.later}; leave it out.")
            return ""
        default = "" if row.default.startswith("${{") else row.default
        return value or default

    def line(self, name: str) -> str:
        value = self.text(name)
        if has_control(value):
            self._complain(_TABLE[name], "is more than one line of text.")
        return value

    def secret(self, name: str) -> Secret:
        return Secret(self.text(name))

    def choice(self, name: str, usual: str = "") -> Choice:
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
        value = self.text(name)
        return self._inside(_TABLE[name], value) if value else ""

    def definition(self) -> str:
        value = self.text("definition")
        if re.match(r"[a-z][a-z0-9+.-]+://", value):
            if not self._trusted and "definition" not in self._given:
                self._complain(_TABLE["definition"], "an address must come from the workflow here, not from a file.")
            return self.url("definition")
        return self._inside(_TABLE["definition"], value) if value else ""

    def url(self, name: str) -> str:
        value = self.text(name)
        if value and not is_address(value):
            self._complain(_TABLE[name], f"{_shown(value)} is no https address.")
        return value

    def environment(self, name: str) -> str:
        """Read an address, an id or a display name; only an address can be wrong here."""
        value = self.line(name)
        return self.url(name).rstrip("/") if "://" in value else value

    def endpoints(self, name: str) -> Mapping[str, str]:
        found, complaints = read_endpoints(self.lines(name))
        self.complaints.extend(f"{name}: {complaint}" for complaint in complaints)
        return found

    def color(self, name: str) -> str:
        value = self.text(name)
        if value and not re.fullmatch("#[0-9a-fA-F]{6}", value):
            self._complain(_TABLE[name], f"{_shown(value)} is no colour like `#1a73e8`.")
        return value.lower()

    def days(self, name: str) -> int:
        value = self.text(name) or "0"
        if not re.fullmatch("[0-9]{1,3}", value) or int(value) > _MOST_DAYS:
            self._complain(_TABLE[name], f"{_shown(value)} is no number of days from 1 to {_MOST_DAYS}.")
            return 0
        return int(value)

    def list(self, name: str) -> tuple[str, ...]:
        return tuple(part for part in re.split(r"[\s,]+", self.text(name)) if part)

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in re.split(r"[\n,]", self.text(name)) if part.strip())

    def paths(self, name: str) -> tuple[str, ...]:
        found = (self._inside(_TABLE[name], value) for value in self.lines(name))
        return tuple(path for path in found if path)

    def need(self, *names: str, because: str) -> None:
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
            elif isinstance(value, list) and row.kind in {Kind.LIST, Kind.LINES}:
                yield name, "\n".join(str(part) for part in value)
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
