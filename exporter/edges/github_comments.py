"""Keeps one comment of ours on a pull request, through GitHub's REST API."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exporter.comparison.fingerprint import sha256
from exporter.edges.github import GitHub
from exporter.edges.pull_request import PullRequest, PullRequests
from exporter.model.json_values import Object, as_list, as_object, as_text

WORKFLOW = "github-actions[bot]"
"""Whose comments are those that workflows write with their own token; nobody can register such a name."""
_WRITE = "pull-requests: write"
_NOT_FOUND = 404
_MARKER = re.compile(r'<!-- connector-exporter connector="([\w.-]*)" digest="([0-9a-f]*)" -->\s*\Z')


class _Ours(NamedTuple):
    id: int
    url: str
    digest: str


class PullRequestComments:
    """
    Answers the port `Comments` for the pull request that the run is about; `connector` tells its comments apart.

    A comment is ours where its last line is our marker and its author is who our token belongs to: whoever quotes the
    marker changes nothing. Looking for it is one request for each hundred comments, writing one or two more.
    """

    def __init__(self, github: GitHub, pull_requests: PullRequests, connector: str) -> None:
        self._github = github
        self._pull_requests = pull_requests
        self._connector = connector
        self._me: str | None = None

    def put(self, text: str, *, create: bool) -> str:
        """
        Keep one comment that says this, and give its address; where there is none yet, only make it to `create`.

        Gives an empty text where there is none, and where the pull request has moved on meanwhile: then a newer run
        says it. Raises ServiceRefused (the token may not write here) and ServiceFailed.
        """
        request = self._pull_requests.find()
        if not request.number:
            return ""
        digest = sha256(text.encode())[:16]
        body = f'{text}\n<!-- connector-exporter connector="{self._connector}" digest="{digest}" -->\n'
        there = self._find(request)
        if there is not None and there.digest == digest:
            return there.url
        if (there is None and not create) or self._has_moved_on(request):
            return ""
        if there is not None and self._edit(there, body):
            return there.url
        if not create:
            return ""
        made = self._github.ask("POST", f"issues/{request.number}/comments", body={"body": body}, permission=_WRITE)
        return self._alone(request, _ours(as_object(made.json()), digest), body)

    def _alone(self, request: PullRequest, made: _Ours, body: str) -> str:
        """Take the new comment back where another run, or a request that we sent twice, made one before it."""
        first = self._find(request)
        if first is None or first.id >= made.id:
            return made.url
        self._github.ask("DELETE", f"issues/comments/{made.id}", permission=_WRITE, also={_NOT_FOUND})
        if first.digest != made.digest:
            self._edit(first, body)
        return first.url

    def _edit(self, there: _Ours, body: str) -> bool:
        """Say something else in a comment of ours; False where somebody deleted it meanwhile."""
        path, new = f"issues/comments/{there.id}", {"body": body}
        return self._github.ask("PATCH", path, body=new, permission=_WRITE, also={_NOT_FOUND}).status != _NOT_FOUND

    def _find(self, request: PullRequest) -> _Ours | None:
        """Give our comment, the oldest of them where there are several."""
        for comment in self._all(request.number):
            marker = _MARKER.search(as_text(comment.get("body")))
            author = as_text(as_object(comment.get("user")).get("login"))
            if marker and marker[1] == self._connector and (author == WORKFLOW or (author and author == self._login())):
                return _ours(comment, marker[2])
        return None

    def _all(self, number: int) -> Iterator[Object]:
        path = f"issues/{number}/comments?per_page=100"
        for answer in self._github.pages(path, permission=_WRITE):
            yield from (as_object(comment) for comment in as_list(answer.json()))

    def _login(self) -> str:
        if self._me is None:
            self._me = self._github.login()
        return self._me

    def _has_moved_on(self, request: PullRequest) -> bool:
        """Tell whether the pull request has a newer commit: runs may overtake each other, and old news hides the new."""
        answer = self._github.ask("GET", f"pulls/{request.number}", permission=_WRITE, also={_NOT_FOUND})
        head = as_text(as_object(as_object(answer.json()).get("head")).get("sha"))
        return bool(head and request.head) and head != request.head


def _ours(comment: Object, digest: str) -> _Ours:
    number = comment.get("id")
    return _Ours(number if isinstance(number, int) else 0, as_text(comment.get("html_url")), digest)
