"""Reads files of one commit through GitHub's REST API, for clones that are not deep enough."""

from __future__ import annotations

from exporter.edges.git_clone import LARGEST_FILE, too_large
from exporter.edges.github import RAW, GitHub
from exporter.model.json_values import Object, as_list, as_object, as_text

_NOT_THERE = frozenset({404, 409, 422})
"""No such revision; an empty repository; what cannot be a revision."""
_NOT_FOUND = 404


class GitHubCommit:
    """One commit of the repository on GitHub."""

    def __init__(self, github: GitHub, commit: str) -> None:
        self._github = github
        self._commit = commit

    def find(self, path: str) -> bytes | None:
        """Give a file by its path from the repository's root; None where it has none. WrongInputs: too large."""
        from urllib.parse import quote

        answer = self._github.ask("GET", f"contents/{quote(path)}?ref={self._commit}", accept=RAW, also={_NOT_FOUND})
        # A folder is answered with a list of what is in it, whatever was asked for.
        folder = answer.headers.get("content-type", "").startswith("application/json")
        if folder or answer.status == _NOT_FOUND:
            return None
        if len(answer.body) > LARGEST_FILE:
            raise too_large(path, self._commit)
        return answer.body


def open_github_commit(github: GitHub, revision: str) -> GitHubCommit | None:
    """Find a commit by a branch, a tag or an id that was checked before; None where GitHub does not have it."""
    sha = as_text(_commit(github, revision).get("sha"))
    return GitHubCommit(github, sha) if sha.isalnum() else None


def parents(github: GitHub, commit: str) -> tuple[str, ...]:
    """Give the ids of a commit's parents, the first one first; none where GitHub does not have the commit."""
    found = (as_text(as_object(parent).get("sha")) for parent in as_list(_commit(github, commit).get("parents")))
    return tuple(sha for sha in found if sha.isalnum())


def merge_base(github: GitHub, one: str, other: str) -> str:
    """Give the commit that two commits have parted at; empty where they have none, or GitHub does not have them."""
    return as_text(as_object(_compared(github, one, other).get("merge_base_commit")).get("sha"))


def is_ahead(github: GitHub, one: str, other: str) -> bool | None:
    """Tell whether a commit holds all of another and is not older; None where GitHub does not have both."""
    status = _compared(github, other, one).get("status")
    return status in {"ahead", "identical"} if status else None


def _compared(github: GitHub, one: str, other: str) -> Object:
    """Compare two commits, with the shortest lists: https://docs.github.com/rest/commits/commits#compare-two-commits."""
    answer = github.ask("GET", f"compare/{one}...{other}?per_page=1&page=2", also=_NOT_THERE)
    return {} if answer.status in _NOT_THERE else as_object(answer.json())


def _commit(github: GitHub, revision: str) -> Object:
    """Ask for a commit with the shortest list of its changed files: https://docs.github.com/rest/commits/commits."""
    from urllib.parse import quote

    answer = github.ask("GET", f"commits/{quote(revision)}?per_page=1", also=_NOT_THERE)
    return {} if answer.status in _NOT_THERE else as_object(answer.json())
