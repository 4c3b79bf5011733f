"""The pull request that a run is about, and the commits that say what its merge would do."""

from collections.abc import Mapping
from typing import NamedTuple

from exporter.edges.event import Event
from exporter.edges.git import valid_revision
from exporter.edges.github import GitHub
from exporter.edges.github_commit import merge_base, parents
from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

_MERGE = 2
_READ = "pull-requests: read"
_NOT_FOUND = 404


class PullRequest(NamedTuple):
    """A pull request, or an entry of a merge queue."""

    number: int = 0
    """0 where there is none to comment on: in a merge queue, and where it was closed or has moved on meanwhile."""
    head: str = ""
    """The commit that it wants to merge."""
    base: str = ""
    """The commit that its merge would replace; empty where nobody says."""
    tried: str = ""
    """The merge that GitHub tried; empty where there is none, for one because of a conflict."""


class PullRequests:
    """Finds the pull request that a run is about, when it is asked for, and once."""

    def __init__(self, environment: Mapping[str, str], event: Event, github: GitHub | None) -> None:
        self._environment = environment
        self._event = event
        self._github = github
        self._found: PullRequest | None = None

    def find(self) -> PullRequest:
        """
        Give what the event says, made exact with GitHub's help: the payload is older on a run that is started again.

        The first parent of the merge that GitHub tried is what the branch holds now. On `pull_request` that merge is
        the run's own commit, one request; elsewhere the pull request is asked for it. Without it, what the branch held
        when the two parted is next best, then the payload's base. Raises ServiceRefused and ServiceFailed where the
        run that this one follows does not say its pull request and GitHub does not either.
        """
        if self._found is None:
            self._found = self._look()
        return self._found

    def _look(self) -> PullRequest:
        event = self._event
        known = PullRequest(event.number, event.head, event.base)
        if self._github is None or event.name == "merge_group":
            return known
        if event.name == "pull_request":
            tried = self._environment.get("GITHUB_SHA", "")
            found = self._parents(tried)
            return known._replace(base=found[0], tried=tried) if found else known
        if event.branch:
            said = self._followed(self._github)
            known = PullRequest(_number(said.get("number")), event.head, _sha(as_object(said.get("base")).get("sha")))
        else:
            said = self._asked(self._github)
        return self._exact(known, _sha(said.get("merge_commit_sha"))) if known.number else known

    def _exact(self, known: PullRequest, tried: str) -> PullRequest:
        found = self._parents(tried)
        if found[1:] == (known.head,):
            return known._replace(base=found[0], tried=tried)
        return known._replace(base=self._parted(known) or known.base)

    def _followed(self, github: GitHub) -> Object:
        """Find the open pull request whose newest commit is the one that the followed run was about."""
        from urllib.parse import quote

        branch = quote(self._event.branch, safe=":")
        answer = github.ask("GET", f"pulls?state=open&per_page=100&head={branch}", permission=_READ)
        fits = (
            as_object(request)
            for request in as_list(answer.json())
            if as_object(as_object(request).get("head")).get("sha") == self._event.head
        )
        return next(fits, {})

    def _asked(self, github: GitHub) -> Object:
        if not self._event.number:
            return {}
        try:
            answer = github.ask("GET", f"pulls/{self._event.number}", permission=_READ, also={_NOT_FOUND})
            return as_object(answer.json())
        except (ServiceFailed, ServiceRefused):
            return {}  # The payload's base is nearly as good, and a check should not fail for it.

    def _parents(self, commit: str) -> tuple[str, ...]:
        """Give both parents of a merge; nothing for a commit that is none."""
        if self._github is None or not valid_revision(commit):
            return ()
        try:
            found = parents(self._github, commit)
        except (ServiceFailed, ServiceRefused):
            return ()
        return found if len(found) == _MERGE else ()

    def _parted(self, known: PullRequest) -> str:
        if self._github is None or not known.head or not known.base:
            return ""
        try:
            return merge_base(self._github, known.base, known.head)
        except (ServiceFailed, ServiceRefused):
            return ""


def _sha(value: Json) -> str:
    text = as_text(value)
    return text if text.isalnum() and text.isascii() else ""


def _number(value: Json) -> int:
    return value if isinstance(value, int) and value > 0 else 0
