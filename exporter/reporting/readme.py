"""Makes the bundle's README.md: the import for people who like a terminal."""

from __future__ import annotations

from exporter.model.json_values import as_object, as_text
from exporter.model.plans import Plan
from exporter.reporting.escaping import code, prose
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

On Windows, set `PYTHONUTF8=1` before: otherwise `paconn` reads letters such as é wrongly.
"""

_SECRECY = """\
Put the client secret into the variable `CLIENT_SECRET` of your terminal before; it is not in this folder, and should not
be written into any file. `pac` takes no secret: type it on the tab Security of the maker portal afterwards.
"""

_DESCRIPTION = "`paconn` needs a description of the API (`info.description`), and this definition has none.\n"

_CHECK = """\
## Check

```sh
sha256sum --check SHA256SUMS
```
"""


def readme(plan: Plan, files: tuple[str, ...]) -> bytes:
    """
    Give README.md: the commands for pac and paconn, what changed, and the values to gather.

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
    parts += [] if as_text(as_object(connector.definition.get("info")).get("description")) else [_DESCRIPTION]
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
    if not plan.credentials:
        return []
    lines = [
        f"- **{prose(it.field)}**{' (secret)' if it.secret else ''}: {prose(sentences(it.meaning, f'From: {it.source}'))}"
        for it in plan.credentials
    ]
    return ["## Gather these values first\n", "\n".join(lines) + "\n"]
