"""Reads every input, and complains once about all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.model.errors import WrongInputs
from exporter.model.json_values import Json
from exporter.settings.contradictions import contradictions
from exporter.settings.inputs import INPUTS
from exporter.settings.settings import (
    Allow,
    Auth,
    Backend,
    Comment,
    Complete,
    DeployerSettings,
    FailOn,
    LookSettings,
    Mode,
    OnDrift,
    SecuritySettings,
    Settings,
    ShapeSettings,
)
from exporter.settings.texts import Inputs

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
    inputs = Inputs(given, config, workspace, trusted=trusted)
    asked = Mode(inputs.choice("mode").kind)
    mode = asked if trusted else Mode.CHECK
    settings = Settings(
        definition=inputs.definition(),
        allow_references=inputs.hosts("allow-references"),
        mode=mode,
        asked_mode=asked,
        name=inputs.line("name"),
        baseline=inputs.choice("baseline"),
        record=inputs.choice("record", _usual_record(inputs, on_github=on_github)),
        fail_on=FailOn(inputs.choice("fail-on", "breaking" if mode is Mode.CHECK else "never").kind),
        accept=inputs.path("accept"),
        config=inputs.path("config"),
        restore=inputs.path("restore"),
        allow=frozenset(Allow(choice) for choice in inputs.choices("allow")),
        server=inputs.url("server"),
        shape=_shape(inputs),
        look=_look(inputs),
        security=_security(inputs),
        deployer=_deployer(inputs),
        bundle_directory=inputs.path("bundle-directory"),
        publisher=inputs.line("publisher"),
        artifact_name=inputs.line("artifact-name"),
        retention_days=inputs.days("retention-days"),
        github_token=inputs.secret("github-token"),
        comment=Comment(inputs.choice("comment").kind),
        sarif=inputs.path("sarif"),
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


def _usual_record(inputs: Inputs, *, on_github: bool) -> str:
    if on_github:
        return "ref" if inputs.text("github-token") else "none"
    return f"file:{inputs.path('bundle-directory') or 'connector-export/bundle'}.record.json"


def _shape(inputs: Inputs) -> ShapeSettings:
    return ShapeSettings(
        overlays=inputs.paths("overlay"),
        include=inputs.lines("include"),
        exclude=inputs.lines("exclude"),
        complete=Complete(inputs.choice("complete").kind),
    )


def _look(inputs: Inputs) -> LookSettings:
    return LookSettings(
        icon=inputs.path("icon"),
        brand_color=inputs.color("brand-color"),
        description=inputs.text("description"),
        script=inputs.path("script"),
        script_operations=inputs.list("script-operations"),
        properties=inputs.path("properties"),
    )


def _security(inputs: Inputs) -> SecuritySettings:
    ways = tuple(Auth(choice) for choice in inputs.choices("auth"))
    return SecuritySettings(
        auth=ways[0],
        others=ways[1:],
        api_key_label=inputs.line("api-key-label"),
        client_id=inputs.line("client-id"),
        client_secret=inputs.secret("client-secret"),
        managed_identity=inputs.choice("client-credential").kind == "managed-identity",
        rotate_secret=inputs.choice("rotate-secret").kind == "true",
        on_behalf_of=inputs.choice("on-behalf-of").kind == "true",
        login_url=inputs.url("login-url"),
        tenant_id=inputs.line("tenant-id"),
        resource_url=inputs.line("resource-url"),
        authorization_url=inputs.url("authorization-url"),
        token_url=inputs.url("token-url"),
        refresh_url=inputs.url("refresh-url"),
        scopes=inputs.list("scopes"),
        oauth_parameters=inputs.pairs("oauth-parameters"),
        cloud=inputs.choice("cloud").kind,
    )


def _deployer(inputs: Inputs) -> DeployerSettings:
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
        certificate=inputs.secret("deployer-certificate"),
        identity_token=inputs.secret("deployer-identity-token"),
    )
