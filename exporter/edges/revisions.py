"""The repository at other revisions: out of the clone, else from GitHub."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.edges.event import Event
from exporter.edges.git import RevisionFiles, base_revision
from exporter.edges.github import GitHub
from exporter.ports import Files


class RepositoryRevisions:
    """Answers the port `Revisions` for the repository that the workspace is a clone of."""

    def __init__(self, workspace: str, environment: Mapping[str, str], event: Event, github: GitHub | None) -> None:
        self._workspace = workspace
        self._environment = environment
        self._event = event
        self._github = github

    def files(self, revision: str) -> Files:
        """Give the files of a revision. Raises WrongInputs for what cannot be one."""
        return RevisionFiles(self._workspace, revision, self._github)

    def base(self) -> str:
        """Give the revision that merging would replace; empty where the event is about no merge."""
        if not self._event.base:
            return ""
        return base_revision(self._environment, self._event, self._github)
