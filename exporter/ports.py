"""What we ask of the world; `edges` answers for real, tests answer with small fakes."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from exporter.model.connectors import Connector, LiveConnector
from exporter.model.plans import Record
from exporter.model.usage import Usage


class Files(Protocol):
    """Files of one tree (the workspace, or the repository at one revision), by path relative to its root."""

    def read(self, path: str) -> bytes:
        """
        Give the bytes of a file.

        Raises WrongInputs where there is no such file, it leads out of the tree or is no file; that or NotExportable
        where it is too large; ServiceRefused and ServiceFailed where it must be fetched.
        """

    def exists(self, path: str) -> bool:
        """Tell whether there is such a file in the tree."""


class Revisions(Protocol):
    """The repository at other revisions than the one that is checked out."""

    def files(self, revision: str) -> Files:
        """Give the files of a revision. Raises WrongInputs, at once or at the first file, where there is none."""

    def base(self) -> str:
        """
        Give the revision that merging would replace; empty where the event is about no pull request.

        Raises ServiceRefused and ServiceFailed where only a service can tell.
        """

    def holds(self, revision: str, commit: str) -> bool | None:
        """Tell whether a revision has a commit in its history; None where nobody can say."""

    def shown(self, path: str, content: bytes) -> str:
        """
        Give the commit that a reviewer sees this file in, line for line; empty where the event is about no merge.

        The newest of the pull request, or the merge that was tried, where the branch changed the same file meanwhile.
        Raises ServiceRefused and ServiceFailed where only a service can tell.
        """


class History(Protocol):
    """The order of the repository's commits."""

    def holds(self, revision: str, commit: str) -> bool | None:
        """Tell whether a revision has a commit in its history; None where nobody can say."""


class Workspace(Files, Protocol):
    """The folder of the run: what we read, and what we leave behind."""

    def write(self, path: str, content: bytes) -> None:
        """Write one file, whole or not at all. Raises CannotWrite."""

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        """
        Make a folder hold exactly these files (by path inside it), whole or not at all.

        Raises CannotWrite; WrongInputs where the folder holds files that are not of an earlier bundle.
        """


class Records(Protocol):
    """Where we remember the last export."""

    @property
    def place(self) -> str:
        """In words for people, where it is."""

    def read(self) -> Record | None:
        """Give what we remember; None before the first export. Raises ServiceFailed, ServiceRefused."""

    def remember(self, record: Record) -> None:
        """
        Remember an export, as compare-and-swap on what `read` gave.

        Raises ServiceRefused where somebody else remembered another one in between, ServiceFailed, CannotWrite.
        """


class PublishedArtifact(NamedTuple):
    """A build artifact that people can download."""

    id: str
    url: str
    digest: str
    """`sha256:` and hex digits, of the zip."""


class Artifacts(Protocol):
    """Build artifacts that people can download from the page of the run."""

    def publish(self, name: str, files: Mapping[str, bytes], retention_days: int) -> PublishedArtifact:
        """Publish files (by path inside the zip); 0 days leaves it to the repository. Raises ServiceRefused, ServiceFailed."""


class Connectors(Protocol):
    """The custom connectors of one environment."""

    @property
    def environment(self) -> str:
        """Say which environment it is, always in the same words. Raises as `find` does."""

    @property
    def sends_all(self) -> bool:
        """Tell whether each write sends the sign-in settings, changed or not, and so needs the client secret."""

    def find(self, name: str, connector_id: str = "") -> LiveConnector | None:
        """
        Find by id where one is given, else by display name; None where there is none.

        Raises SignInRefused, ServiceRefused (also where the name is not unique), ServiceFailed.
        """

    def create(self, name: str, connector: Connector) -> LiveConnector:
        """Create it, read it back, and give what is there now; looked up first where an answer was lost."""

    def update(self, live_id: str, connector: Connector, live: Connector, version: str) -> LiveConnector:
        """Send only what differs between `live` and `connector`, read back, and give what is there now."""

    def usage(self, live: LiveConnector) -> Usage:
        """Give which flows, apps and connection references use a connector; raises nothing, and says what it may not read."""

    def icon(self, live_id: str) -> bytes:
        """Give the icon of a connector that was found, as the platform keeps it; empty without one."""


class Comments(Protocol):
    """The comments on the pull request that the run is about."""

    def put(self, text: str, *, create: bool) -> str:
        """
        Keep one comment of ours that says this Markdown, and give its address; make it only to `create`.

        Gives an empty text where there is none. Raises ServiceRefused, ServiceFailed.
        """


class Origin(NamedTuple):
    """Where and when this run exports."""

    commit: str = ""
    time: str = ""
    """UTC, ISO 8601, as `2026-11-22T10:00:00Z`."""
    run: str = ""
    """The address of the run, for people."""


class World(NamedTuple):
    """All that we ask of the world; None is what this run has not got."""

    workspace: Workspace
    origin: Origin
    revisions: Revisions | None = None
    records: Records | None = None
    artifacts: Artifacts | None = None
    connectors: Connectors | None = None
    comments: Comments | None = None
    history: History | None = None
    checkout: Files | None = None
    """The workspace, where a pull request that is checked is checked out there: then it is what its author wrote."""
