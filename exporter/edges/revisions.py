"""The repository at other revisions: out of the clone, else from GitHub."""

from __future__ import annotations

from exporter.edges.git import RevisionFiles, valid_revision
from exporter.edges.git_clone import clone_holds, root_of
from exporter.edges.github import GitHub
from exporter.edges.github_commit import is_ahead
from exporter.edges.pull_request import PullRequests
from exporter.edges.web_files import Web, WebFiles
from exporter.model.errors import ServiceFailed, ServiceRefused, WrongInputs
from exporter.ports import Files


class RepositoryRevisions:
    """Answers the port `Revisions` for the repository that the workspace is a clone of."""

    def __init__(
        self, workspace: str, pull_requests: PullRequests, github: GitHub | None, web: Web | None = None
    ) -> None:
        """Take where to look, and the web where definitions may refer to it."""
        self._workspace = workspace
        self._pull_requests = pull_requests
        self._github = github
        self._web = web

    def files(self, revision: str) -> Files:
        """Give the files of a revision. Raises WrongInputs for what cannot be one."""
        files = RevisionFiles(self._workspace, revision, self._github)
        return files if self._web is None else WebFiles(files, self._web)

    def base(self) -> str:
        """Give the revision that merging would replace; empty where the event is about no merge. Raises as `find`."""
        return self._pull_requests.find().base

    def holds(self, revision: str, commit: str) -> bool | None:
        """Tell whether a revision has a commit in its history; None where nobody can say."""
        if not (valid_revision(revision) and valid_revision(commit)):
            return None
        if self._github is None:
            return clone_holds(root_of(self._workspace, ".")[0], revision, commit)
        try:
            return is_ahead(self._github, revision, commit)
        except (ServiceFailed, ServiceRefused):
            return None

    def shown(self, path: str, content: bytes) -> str:
        """Give the commit that a reviewer sees a file in; empty where the event is about no merge. Raises as `find`."""
        found = self._pull_requests.find()
        if not found.head:
            return ""
        try:
            same = self.files(found.head).read(path) == content
        except (WrongInputs, ServiceFailed, ServiceRefused):
            same = True
        return found.head if same else found.tried
