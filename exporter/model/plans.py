"""What we found, what we will do about it, and what became of it."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, TypeAlias

from exporter.model.changes import Change, Verdict
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.findings import Finding, Fix, Loss
from exporter.model.usage import Usage


class Record(NamedTuple):
    """What we remember of the last export."""

    fingerprint: str
    connector: Connector
    commit: str = ""
    time: str = ""
    """UTC, ISO 8601, as `2026-11-22T10:00:00Z`."""
    run: str = ""
    """The address of the run that exported it."""
    connector_id: str = ""
    """Only after express: the id of the connector's row."""
    announced: str = ""
    """The marks, with spaces between, of what runs were about to write; empty once an export is remembered."""
    environment: str = ""
    """Only after express: which environment it was, as its back end calls it."""


class Baseline(NamedTuple):
    """The connector that we compare with, and where it came from."""

    source: str
    """In words for people: `record refs/connector-exporter/orders`, `git main`, `file last.json`, `none`."""
    fingerprint: str = ""
    connector: Connector | None = None
    commit: str = ""
    """That it was exported from; empty where it was not exported."""
    time: str = ""
    revision: str = ""
    """The git revision whose files it was made of; empty where it was not."""


NO_BASELINE = Baseline("none")
"""Where there is nothing to compare with."""


class CreateConnector(NamedTuple):
    """Create the custom connector in the environment."""

    name: str
    connector: Connector


class UpdateConnector(NamedTuple):
    """Bring the connector in the environment up to date, with only what changed."""

    id: str
    name: str
    connector: Connector
    live: Connector
    version: str = ""


class AnnounceWrite(NamedTuple):
    """
    Remember what is about to be written, beside what was exported last.

    A run that dies after its write has then left the proof that the live connector is ours, not edited by hand.
    """

    record: Record


class SaveLiveConnector(NamedTuple):
    """Keep a copy of the live connector before it is overwritten."""

    directory: str
    name: str
    """Of the build artifact."""
    files: Mapping[str, bytes]


class WriteBundle(NamedTuple):
    """Write the bundle for the import by hand to the workspace."""

    directory: str
    files: Mapping[str, bytes]


class PublishBundle(NamedTuple):
    """Publish files as a build artifact of the run."""

    name: str
    files: Mapping[str, bytes]
    retention_days: int = 0
    """0 leaves it to the repository's own setting."""


class RememberExport(NamedTuple):
    """Remember what was exported; always the last step."""

    record: Record


Step: TypeAlias = (
    AnnounceWrite | CreateConnector | UpdateConnector | SaveLiveConnector | WriteBundle | PublishBundle | RememberExport
)


class Credential(NamedTuple):
    """A value that whoever imports the connector must have: its name and place, never the value itself."""

    field: str
    """As the Security tab of the maker portal names it."""
    meaning: str
    """What it is and what it looks like, in a sentence."""
    source: str
    """Who has it, or where it is found."""
    secret: bool = False
    value: str = ""
    """Filled in only where it is no secret."""
    kind: str = ""
    """Which of the values that a sign-in needs it is, such as `client-id`; by it a page says what it looks like."""


class Plan(NamedTuple):
    """All that we found and all that will be done; complete before anything is done."""

    name: str
    """The Custom API Name."""
    candidate: Connector
    fingerprint: str
    baseline: Baseline
    verdict: Verdict
    changed: bool
    drift: bool = False
    deleted: bool = False
    """Whether that is because somebody deleted the live connector."""
    changes: tuple[Change, ...] = ()
    drifted: tuple[Change, ...] = ()
    """What somebody changed by hand in the live connector, seen from the record; nothing where there is no record."""
    findings: tuple[Finding, ...] = ()
    taken: tuple[Finding, ...] = ()
    """Findings that somebody accepted on purpose: they are shown, and stop nothing."""
    standing: tuple[Finding, ...] = ()
    """What is wrong with a connector that did not change; it stops nothing, and only SARIF asks for it."""
    losses: tuple[Loss, ...] = ()
    fixes: tuple[Fix, ...] = ()
    """What was filled in in the exported copy of the definition."""
    credentials: tuple[Credential, ...] = ()
    live: LiveConnector | None = None
    """The connector as the environment has it; None where there is none, or this run did not look."""
    held: tuple[str, ...] = ()
    """What an export must be told by name to do, as sentences."""
    usage: Usage | None = None
    """Who uses the live connector, and whom the changes hurt; None where nobody asked."""
    missing: tuple[str, ...] = ()
    """What express lacks for its write, as complaints about inputs."""
    steps: tuple[Step, ...] = ()


class State(Enum):
    """What became of a step."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(NamedTuple):
    """What became of one step."""

    kind: str
    """As `exporter.applying.apply` names the steps: `create-connector`, `write-bundle`, `remember`, ..."""
    state: State
    detail: str = ""
    """A sentence for people: what was done, or why not."""


class Report(NamedTuple):
    """A plan and what became of it."""

    plan: Plan
    mode: str
    outcomes: tuple[Outcome, ...] = ()
    outputs: Mapping[str, str] = {}
    """What the steps gave back: `connector-id`, `artifact-url`, ... by output name."""
    problem: Exception | None = None
    """What stopped us, if anything did."""


NO_PLAN = Plan(
    name="",
    candidate=Connector({}, {}),
    fingerprint="",
    baseline=NO_BASELINE,
    verdict=Verdict.UNKNOWN,
    changed=False,
)
"""What there is before there is a plan."""
