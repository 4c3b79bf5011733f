"""The files of a pull request, for events whose runs check out the default branch: read as data, nothing is run."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.edges.git import RevisionFiles
from exporter.edges.github import GitHub
from exporter.edges.pull_request import PullRequests
from exporter.edges.workspace import FolderWorkspace


class PullRequestFiles:
    """
    Answers the port `Workspace`: reads what the merge would give, as GitHub tried it, and writes to the workspace.

    Without such a merge (a conflict, a closed pull request) the newest commit of the pull request is read.
    """

    def __init__(self, workspace: FolderWorkspace, pull_requests: PullRequests, github: GitHub) -> None:
        self._workspace = workspace
        self._pull_requests = pull_requests
        self._github = github
        self._files: RevisionFiles | None = None

    def exists(self, path: str) -> bool:
        """Tell whether the pull request has such a file. Raises as `read`."""
        return self._opened().exists(path)

    def read(self, path: str) -> bytes:
        """Give a file of the pull request. Raises WrongInputs, ServiceRefused, ServiceFailed."""
        return self._opened().read(path)

    def write(self, path: str, content: bytes) -> None:
        """Write one file of the workspace."""
        self._workspace.write(path, content)

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        """Make a folder of the workspace hold exactly these files."""
        self._workspace.replace_folder(path, files)

    def _opened(self) -> RevisionFiles:
        if self._files is None:
            found = self._pull_requests.find()
            self._files = RevisionFiles(self._workspace.root, found.tried or found.head, self._github)
        return self._files
