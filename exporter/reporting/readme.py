"""Makes the bundle's README.md: the import for people who like a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exporter.model.changes import Change
from exporter.model.connectors import Connector
from exporter.model.json_values import as_object, as_text
from exporter.model.plans import Credential, Plan
from exporter.reporting.connector_files import environment_id, is_elsewhere
from exporter.reporting.escaping import SENTENCE, code, prose
from exporter.reporting.importing import OF_MAKERS, importable, sign_in, unfilled
from exporter.reporting.solution import Names, leaves_out_sign_in
from exporter.reporting.words import accepted, breaking, sentences, verdict_words
from exporter.security.oauth import all_settings, lacks_secret, secret_reference
from exporter.security.secrets import without_secrets
from exporter.settings.clouds import cloud_of
from exporter.settings.settings import DeployerSettings

_CHANGES = 50

_INTRODUCTION = """\
A custom connector for Power Platform, ready to import. Without a terminal: open `index.html`, it says every step.
"""

_CHECK = """\
## Check the files

In this folder, before anything is changed (on a Mac with `shasum -a 256` instead of `sha256sum`):

```sh
sha256sum --check SHA256SUMS
```

In PowerShell each line should end with `True`:

```powershell
Get-Content SHA256SUMS | ForEach-Object { $sum, $name = $_ -split "  "; "$name $((Get-FileHash $name).Hash -eq $sum)" }
```
"""

_PAC = """\
## With the Power Platform CLI

`pac` writes to an environment with Dataverse. In this folder:

```sh
{auth}
pac connector create {files}
```

The first command asks you to sign in{asked}. To update a connector that is
already there, find its id with `pac connector list` and put it for `ID`. Do not create a second one: what makers have
built stays with the first.

```sh
pac connector update --connector-id ID {files}
```
"""

_PACONN = """\
## With paconn

`paconn` (Python) works without Dataverse as well. {first}In this folder:

```sh
pip install paconn
paconn login{login}
paconn create --settings settings.json{secret}
```

{environment}
At the end it prints the new connector's id, and asks whether it may write it into `settings.json`. To update a connector
that is already there:

```sh
paconn update --settings settings.json{secret}
```

It asks which connector, unless `settings.json` has its id (`shared_...`) as `connectorId`. On Windows, set `PYTHONUTF8=1`
before: otherwise `paconn` reads letters such as é wrongly.
"""
_ASKS = "It asks for the environment."
_KNOWS = "It writes to the environment that `settings.json` names: `{environment}`."
_OWN_APP = """\
In this cloud it signs in as an app registration of yours that
allows public client flows: write its id as `clientId`, and its tenant as `tenant`, into `settings.json` first. \
"""

_SOLUTION = """\
## As a solution

For environments with Dataverse, and the role System Customizer or System Administrator:

```sh
{auth}
pac solution import --path solution.zip
```

It makes the connector `{connector}` of the publisher `{publisher}`.
The next time it updates that one; it does not touch a connector that was made in another way. Makers get it by a security role that may read the table `Connector`.
"""

_WITHOUT_SIGN_IN = """\
The solution leaves out the settings of the sign-in, because an import would blank the client secret: fill in the tab
Security in the maker portal after the first import, with the values in `apiProperties.json`.
"""
_WITHOUT_SIGN_IN_ELSEWHERE = """\
The solution leaves out the settings of the sign-in, because an import would blank the client secret, and the maker portal
cannot show them: take `paconn`.
"""
_NOT_FILLED_IN = """\
What is empty in `apiProperties.json` is empty in the solution, too, and filling it in there comes too late for it: type it on
the tab Security of the maker portal, or take `pac` or `paconn`.
"""
_NOT_FILLED_IN_ELSEWHERE = """\
What is empty in `apiProperties.json` is empty in the solution, too, and filling it in there comes too late for it; the maker
portal cannot show it: take `pac` or `paconn`.
"""

_WANTED = """\
Put the client secret into the variable `CLIENT_SECRET` of your terminal before; it is not in this folder, and should not
be written into any file; in PowerShell it is `$env:CLIENT_SECRET`. `pac` takes no secret: {then}.
"""
_TYPED = "type it on the tab Security of the maker portal afterwards"
_NOT_TYPED = "take `paconn`, for the maker portal cannot show this sign-in"
_REFERENCE = """\
The client secret comes from an environment variable of the platform, which must be there before: `clientSecret` in
`apiProperties.json` names it. `paconn` asks for a secret all the same: put the text of `clientSecret` itself into the
variable `CLIENT_SECRET` of your terminal; in PowerShell it is `$env:CLIENT_SECRET`.
"""
_OPTIONAL = """\
This sign-in works without a client secret, but `paconn create` does not go on without one: where the app registration
has none, take `pac`. Where it has one, put it into the variable `CLIENT_SECRET` of your terminal before, and into no file;
in PowerShell it is `$env:CLIENT_SECRET`.
"""
_NONE_TO_GIVE = """\
This sign-in has no client secret, and `paconn create` does not go on without one: create the connector with `pac`, in the
maker portal or as a solution.
"""

_FILL_IN = """\
What is no secret goes into `apiProperties.json` before the import, in place of what is empty there: {names}.
"""
# By the kind of a credential: where its value stands in apiProperties.json.
_NAMES = {
    "client-id": "`clientId`",
    "login-url": "`loginUri`",
    "tenant-id": "`tenantId`",
    "resource-url": "`resourceUri` and `AzureActiveDirectoryResourceId` (the same)",
    "authorization-url": "`authorizationUrl` or `authorizationUrlTemplate`",
    "token-url": "`tokenUrl` or `tokenUrlTemplate`",
    "refresh-url": "`refreshUrl` or `refreshUrlTemplate`",
    "scope": "`scopes`, where there are any",
}
_LEFT_OUT = "Not in `apiProperties.json`, because the platform refuses a connector for it: {names}.\n"
_DESCRIPTION = "`paconn` needs a description of the API (`info.description`), and this definition has none.\n"

_AFTERWARDS = "## Afterwards\n"
_REDIRECT = """\
- Copy the redirect URL from the end of the tab Security in the maker portal, and have it added to the connector's own app
  registration; nobody can sign in before that.\
"""
_REDIRECT_KNOWN = """\
- Have the redirect URL `{address}` added to the connector's own app registration; nobody can sign in before that.\
"""
_IDENTITY = """\
- Have the issuer and the subject that the tab Security shows added to the connector's own app registration as a federated
  credential, with the scenario Other issuer; nobody can sign in before that.\
"""
_ALWAYS = """\
- Make a connection, and try an operation that only reads.
- Share the connector with the makers who build on it. They refresh the data source in canvas apps, and add changed
  actions of flows again.
"""

_NEVER = """\
Never hand over the API's own credentials: the secret of its own app registration, administrators' keys, passwords.
"""


def readme(plan: Plan, names: Names, files: tuple[str, ...], deployer: DeployerSettings) -> bytes:
    """
    Give README.md: the commands for pac and paconn, what changed, and the values to gather.

    `names` are the solution's, `deployer` says what it is meant for. Commands hold names of files and the environment
    only, nothing out of the definition. pac's options are those of its reference
    (learn.microsoft.com/power-platform/developer/cli/reference/connector), paconn's those of version 0.0.21.
    """
    connector = plan.candidate
    parts = [f"# {code(plan.name)}\n", _INTRODUCTION, *_changes(plan), _CHECK, *_credentials(plan)]
    options = " ".join(f"{option} {file}" for option, file in _OPTIONS if file in files)
    sign_in_to = _pac_auth(deployer)
    asked = "" if "ENVIRONMENT" not in sign_in_to else "; put the environment's address for `ENVIRONMENT`"
    parts += [_PAC.format(auth=sign_in_to, asked=asked, files=options), *_paconn(connector, deployer)]
    gone = {name for name in connector.properties.keys() - importable(connector).keys() if connector.properties[name]}
    parts += [_LEFT_OUT.format(names=", ".join(map(code, sorted(gone))))] if gone else []
    parts += [] if as_text(as_object(connector.definition.get("info")).get("description")) else [_DESCRIPTION]
    parts += [_SOLUTION.format(auth=sign_in_to, connector=names.connector, publisher=names.publisher)]
    shown = sign_in(connector).kind not in {"several", "elsewhere"}
    if leaves_out_sign_in(connector):
        parts += [_WITHOUT_SIGN_IN if shown else _WITHOUT_SIGN_IN_ELSEWHERE]
    elif unfilled(plan.credentials):
        parts += [_NOT_FILLED_IN if shown else _NOT_FILLED_IN_ELSEWHERE]
    return "\n".join([*parts, _AFTERWARDS, *_afterwards(connector), _ALWAYS]).encode("utf-8", "replace")


_OPTIONS = (
    ("--api-definition-file", "apiDefinition.swagger.json"),
    ("--api-properties-file", "apiProperties.json"),
    ("--icon-file", "icon.png"),
    ("--script-file", "script.csx"),
)


def _pac_auth(deployer: DeployerSettings) -> str:
    """Give the command to sign in; what could mean something to a shell never stands in it."""
    plain = re.fullmatch(r"(?:https://)?[A-Za-z0-9.-]+", deployer.environment)
    known = plain and (environment_id(deployer) or "://" in deployer.environment)
    cloud = f"--cloud {cloud_of(deployer.cloud, {}).pac} " if is_elsewhere(deployer) else ""
    return f"pac auth create {cloud}--environment {deployer.environment if known else 'ENVIRONMENT'}"


def _paconn(connector: Connector, deployer: DeployerSettings) -> Iterator[str]:
    settings = tuple(all_settings(without_secrets(connector.properties)))
    environment, elsewhere = environment_id(deployer), is_elsewhere(deployer)
    secretless = bool(settings) and all(one.get("clientAssertionType") for one in settings)
    yield _PACONN.format(
        first=_OWN_APP if elsewhere else "",
        login=" --settings settings.json" if elsewhere else "",
        secret=' --secret "$CLIENT_SECRET"' if settings and not secretless else "",  # asked for in every set
        environment=_KNOWS.format(environment=environment) if environment else _ASKS,
    )
    if any(map(lacks_secret, settings)):
        yield _WANTED.format(then=_TYPED if sign_in(connector).kind == "oauth" else _NOT_TYPED)
    elif any(map(secret_reference, settings)):
        yield _REFERENCE
    elif settings:
        yield _NONE_TO_GIVE if secretless else _OPTIONAL


def _afterwards(connector: Connector) -> Iterator[str]:
    settings = tuple(all_settings(connector.properties))
    if settings:
        known = sign_in(connector).redirect
        yield _REDIRECT_KNOWN.format(address=known) if known else _REDIRECT
    if any(one.get("clientAssertionType") for one in settings):
        yield _IDENTITY


def _changes(plan: Plan) -> list[str]:
    if plan.baseline.connector is None:
        return []
    word, sentence = verdict_words(plan, code(plan.name))
    broken = (*breaking(plan.changes), *accepted(plan.changes))  # makers meet these all the same
    lines = [f"- {_change(change)}" for change in broken[:_CHANGES]]
    more = len(broken) - _CHANGES
    lines += [f"- and {more} more in `report.json`"] if more > 0 else []
    return [f"## What changed\n\n**{word}:** {sentence}.\n", *(["\n".join(lines) + "\n"] if lines else [])]


def _change(change: Change) -> str:
    advice = f"What the API's owner can do: {change.advice}" if change.advice else ""
    return prose(sentences(change.message, advice))


def _credentials(plan: Plan) -> list[str]:
    ours = [it for it in plan.credentials if it.kind not in OF_MAKERS | {"managed-identity"}]
    known = [it for it in ours if it.value and not it.secret]
    first = [it for it in ours if it not in known]
    later = [it for it in plan.credentials if it.kind in OF_MAKERS]
    parts = _sheet("Gather these values first", first)
    names = ", ".join(dict.fromkeys(_NAMES[it.kind] for it in first if it.kind in _NAMES))
    parts += [_FILL_IN.format(names=names)] if names else []
    parts += _known(known) + _sheet("What makers are asked for when they connect", later)
    return [*parts, _NEVER] if parts else []


def _known(credentials: Sequence[Credential]) -> list[str]:
    lines = [f"- **{prose(it.field)}**: {code(it.value, SENTENCE)}" for it in credentials]
    return ["## Known already, in `apiProperties.json`\n", "\n".join(lines) + "\n"] if lines else []


def _sheet(heading: str, credentials: Sequence[Credential]) -> list[str]:
    lines = [
        f"- **{prose(it.field)}**{' (secret)' if it.secret else ''}: {prose(sentences(it.meaning, f'From: {it.source}'))}"
        for it in credentials
    ]
    return [f"## {heading}\n", "\n".join(lines) + "\n"] if lines else []
