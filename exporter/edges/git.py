"""Reads the repository's files as they were at another revision: from the clone, else from GitHub."""

from __future__ import annotations

import re

from exporter.edges.git_clone import CloneCommit, NotInClone, is_clone, open_commit, root_of
from exporter.edges.github import GitHub
from exporter.edges.github_commit import GitHubCommit, open_github_commit
from exporter.model.errors import WrongInputs

_LONGEST = 1024


class RevisionFiles:
    """
    The port `Files` for one revision; paths are relative to the workspace, wherever in the repository that is.

    Raises WrongInputs for what cannot be a revision, at once; for one that does not exist, at the first file.
    """

    def __init__(self, workspace: str, revision: str, github: GitHub | None) -> None:
        if not valid_revision(revision):
            raise WrongInputs(
                f"{revision!r} is not a git revision that we read.",
                advice="Name a branch, a tag or a commit, as in `git:main`, `git:v1.2` or `git:HEAD~1`.",
            )
        self._workspace = workspace
        self._revision = revision
        self._github = github
        self._clones: dict[str, CloneCommit | None] = {}
        self._remote: GitHubCommit | None = None
        self._found: dict[str, bytes | None] = {}

    def read(self, path: str) -> bytes:
        """Give a file. Raises WrongInputs where the revision or the file does not exist; ServiceRefused, ServiceFailed."""
        content = self._find(path)
        if content is None:
            raise WrongInputs(
                f"There is no file {path} at the git revision {self._revision}.",
                advice="It may have had another name then.",
            )
        return content

    def exists(self, path: str) -> bool:
        """Tell whether the revision has such a file. Raises as `read` where there is no such revision."""
        return self._find(path) is not None

    def _find(self, path: str) -> bytes | None:
        if path not in self._found:
            root, inside = root_of(self._workspace, valid_path(path))
            self._found[path] = self._look(root, inside)
        return self._found[path]

    def _look(self, root: str, path: str) -> bytes | None:
        if root not in self._clones:
            self._clones[root] = open_commit(root, self._revision)
        clone = self._clones[root]
        if clone is not None:
            try:
                return clone.find(path)
            except NotInClone:
                pass  # GitHub has what a partial clone left out.
        return self._from_github(root).find(path)

    def _from_github(self, root: str) -> GitHubCommit:
        if self._remote is None and self._github is not None:
            self._remote = open_github_commit(self._github, self._revision)
        if self._remote is not None:
            return self._remote
        if self._github is None and not is_clone(root):
            raise WrongInputs(
                f"The workspace is in no git repository, so that there is no revision {self._revision}.",
                advice="Run in a clone (in a workflow: actions/checkout before this step), or compare with a `file:`.",
            )
        where = "neither in the clone nor on GitHub" if self._github else "not in the clone"
        raise WrongInputs(
            f"The git revision {self._revision} is {where}.",
            advice="Check its name. In a workflow, let actions/checkout fetch it (`fetch-depth: 0`), "
            "or leave github-token at its default, with `permissions: { contents: read }`.",
        )


def valid_revision(revision: str) -> bool:
    """
    Tell whether a text may be handed to git as a revision: never an option, a range, a path or something to search.

    >>> [valid_revision(text) for text in ("main", "HEAD~1", "release/v1.2", "--output=x", "a..b", "main:f", "@{u}")]
    [True, True, True, False, False, False, False]
    """
    fits = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_./~^#@+-]*", revision)
    return bool(fits) and ".." not in revision and "//" not in revision and len(revision) <= _LONGEST


def valid_path(path: str) -> str:
    """
    Bring a path into git's form, relative and without detours. Raises WrongInputs where it leads out of the workspace.

    >>> valid_path("./api/../api/openapi.yaml")
    'api/openapi.yaml'
    """
    import posixpath

    plain = posixpath.normpath(path)
    if not path.isprintable() or len(path) > _LONGEST or plain in {".", ".."} or plain.startswith(("/", "../")):
        raise WrongInputs(
            f"{path[:100]!r} is not a path inside the workspace.", advice="Give a path relative to the repository."
        )
    return plain
