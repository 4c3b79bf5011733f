"""Makes the bundle's README.md: the import for people who like a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.model.json_values import as_object, as_text
from exporter.model.plans import Credential, Plan
from exporter.reporting.escaping import code, prose
from exporter.reporting.importing import OF_MAKERS, importable
from exporter.reporting.solution import Names, leaves_out_sign_in
from exporter.reporting.words import accepted, breaking, sentences, verdict_words
from exporter.security.oauth import all_settings

_CHANGES = 50

_INTRODUCTION = """\
A custom connector for Power Platform, ready to import. Without a terminal: open `index.html`, it says every step.
"""

_PAC = """\
## With the Power Platform CLI

`pac` writes to an environment with Dataverse. In this folder:

```sh
pac auth create --environment ENVIRONMENT
pac connector create {files}
```

The first command asks you to sign in; put the environment's address for `ENVIRONMENT`. To update a connector that is
already there, find its id with `pac connector list` and put it for `ID`:

```sh
pac connector update --connector-id ID {files}
```
"""

_PACONN = """\
## With paconn

`paconn` (Python) works without Dataverse as well. In this folder:

```sh
pip install paconn
paconn login
paconn create --settings settings.json{secret}
```

It asks for the environment. To update a connector that is already there, write its id (`shared_...`) as `connectorId`
into `settings.json` first:

```sh
paconn update --settings settings.json{secret}
```

It prints the id of a connector that it created. On Windows, set `PYTHONUTF8=1` before: otherwise `paconn` reads letters
such as é wrongly.
"""

_SOLUTION = """\
## As a solution

For environments with Dataverse, and the role System Customizer or System Administrator:

```sh
pac auth create --environment ENVIRONMENT
pac solution import --path solution.zip
```

It makes the connector `{connector}` of the publisher `{publisher}`.
The next time it updates that one; it does not touch a connector that was made in another way. Makers get it by a security role that may read the table `Connector`.
"""

_WITHOUT_SIGN_IN = """\
The solution leaves out the settings of the sign-in, because an import would blank the client secret: fill in the tab
Security in the maker portal after the first import, with the values in `apiProperties.json`.
"""

_SECRECY = """\
Put the client secret into the variable `CLIENT_SECRET` of your terminal before; it is not in this folder, and should not
be written into any file; in PowerShell it is `$env:CLIENT_SECRET`. `pac` takes no secret: type it on the tab Security of
the maker portal afterwards.
"""

_LEFT_OUT = "Not in `apiProperties.json`, because the platform refuses a connector for it: {names}.\n"
_DESCRIPTION = "`paconn` needs a description of the API (`info.description`), and this definition has none.\n"

_AFTERWARDS = "## Afterwards\n"
_REDIRECT = """\
- Copy the redirect URL from the end of the tab Security in the maker portal, and have it added to the connector's own app
  registration; nobody can sign in before that.\
"""
_ALWAYS = """\
- Make a connection, and try an operation that only reads.
- Share the connector with the makers who build on it. They refresh the data source in canvas apps, and add changed
  actions of flows again.
"""

_NEVER = """\
Never hand over the API's own credentials: the secret of its own app registration, administrators' keys, passwords.
"""

_CHECK = """\
## Check the files

```sh
sha256sum --check SHA256SUMS
```
"""


def readme(plan: Plan, names: Names, files: tuple[str, ...]) -> bytes:
    """
    Give README.md: the commands for pac and paconn, what changed, and the values to gather; `names` are the solution's.

    Commands hold names of files only, nothing out of the definition. pac's options are those of its reference
    (learn.microsoft.com/power-platform/developer/cli/reference/connector), paconn's those of version 0.0.21.
    """
    connector = plan.candidate
    options = (
        ("--api-definition-file", "apiDefinition.swagger.json"),
        ("--api-properties-file", "apiProperties.json"),
        ("--icon-file", "icon.png"),
        ("--script-file", "script.csx"),
    )
    oauth = any(all_settings(connector.properties))  # paconn asks for it in every set, needed or not
    parts = [f"# {code(plan.name)}\n", _INTRODUCTION, *_changes(plan), *_credentials(plan)]
    parts += [_PAC.format(files=" ".join(f"{option} {file}" for option, file in options if file in files))]
    parts += [_PACONN.format(secret=' --secret "$CLIENT_SECRET"' if oauth else "")]
    parts += [_SECRECY] if oauth else []
    gone = {name for name in connector.properties.keys() - importable(connector).keys() if connector.properties[name]}
    parts += [_LEFT_OUT.format(names=", ".join(map(code, sorted(gone))))] if gone else []
    parts += [] if as_text(as_object(connector.definition.get("info")).get("description")) else [_DESCRIPTION]
    parts += [_SOLUTION.format(connector=names.connector, publisher=names.publisher)]
    parts += [_WITHOUT_SIGN_IN] if leaves_out_sign_in(connector) else []
    parts += [_AFTERWARDS, *([_REDIRECT] if oauth else []), _ALWAYS]
    return "\n".join([*parts, _CHECK]).encode("utf-8", "replace")


def _changes(plan: Plan) -> list[str]:
    if plan.baseline.connector is None:
        return []
    word, sentence = verdict_words(plan, code(plan.name))
    broken = (*breaking(plan.changes), *accepted(plan.changes))  # makers meet these all the same
    lines = [f"- {prose(sentences(change.message, change.advice))}" for change in broken[:_CHANGES]]
    more = len(broken) - _CHANGES
    lines += [f"- and {more} more in `report.json`"] if more > 0 else []
    return [f"## What changed\n\n**{word}:** {sentence}.\n", *(["\n".join(lines) + "\n"] if lines else [])]


def _credentials(plan: Plan) -> list[str]:
    first = [it for it in plan.credentials if it.kind not in OF_MAKERS]
    later = [it for it in plan.credentials if it.kind in OF_MAKERS]
    parts = [*_sheet("Gather these values first", first), *_sheet("What makers are asked for when they connect", later)]
    return [*parts, _NEVER] if parts else []


def _sheet(heading: str, credentials: Sequence[Credential]) -> list[str]:
    lines = [
        f"- **{prose(it.field)}**{' (secret)' if it.secret else ''}: {prose(sentences(it.meaning, f'From: {it.source}'))}"
        for it in credentials
    ]
    return [f"## {heading}\n", "\n".join(lines) + "\n"] if lines else []
