"""Asks GitHub's REST API about one repository, and turns its refusals into words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.model.json_values import Json, as_object, as_text
from exporter.settings.settings import Secret

if TYPE_CHECKING:
    from exporter.edges.http import Answer, Http

JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"
"""The bytes of a file as they are, up to 100 MB: https://docs.github.com/rest/repos/contents."""

_OK = range(200, 300)
_NO_TOKEN, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
_LONGEST_REASON = 200
_MOST_PAGES = 100
_NEXT = re.compile(r'<([^<>]*)>;[^,<]*rel="?next\b')
"""In a header `Link` (RFC 8288)."""


class MayNot(ServiceRefused):
    """The token lacks a permission, or what it asks for is not there: GitHub does not tell these two apart."""


class GitHub:
    """One repository, as GitHub's REST API shows it to a token."""

    def __init__(self, http: Http, api_url: str, repository: str, token: Secret) -> None:
        self._http = http
        self._api = api_url.rstrip("/")
        self._root = f"{self._api}/repos/{repository}"
        self._token = token
        self.repository = repository

    def ask(  # noqa: PLR0913  one request is all of this; everything but the first two by name
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        accept: str = JSON,
        permission: str = "contents: read",
        also: Collection[int] = (),
    ) -> Answer:
        """
        Ask, and give an answer that says yes, or whose status is among `also`.

        `path` follows the repository's address. Every request is sent again when an answer is lost: all that we ask
        for either changes nothing the second time, or is looked after by whoever asks. Raises ServiceRefused and
        ServiceFailed; `permission` is what the token needs, for the advice.
        """
        answer = self._send(method, f"{self._root}/{path}", body, accept)
        if answer.status in _OK or answer.status in also:
            return answer
        raise _refusal(answer, self.repository, permission)

    def pages(self, path: str, *, permission: str) -> Iterator[Answer]:
        """Ask for a list, page after page, each when it is wanted. Raises as `ask`."""
        address = f"{self._root}/{path}"
        for _ in range(_MOST_PAGES):
            answer = self._send("GET", address, None, JSON)
            if answer.status not in _OK:
                raise _refusal(answer, self.repository, permission)
            yield answer
            following = _NEXT.search(answer.headers.get("link", ""))
            address = following[1] if following else ""
            if not address.startswith(f"{self._api}/"):  # our token goes nowhere else
                return

    def login(self) -> str:
        """
        Give who the token belongs to; empty where GitHub does not say. Raises ServiceFailed.

        The token of an app, and so a workflow's own, may not ask that in REST, only in GraphQL.
        """
        said = as_object(self._send("GET", f"{self._api}/user", None, JSON).details())
        if found := as_text(said.get("login")):
            return found
        address = f"{self._api.removesuffix('/v3')}/graphql"
        said = as_object(self._send("POST", address, {"query": "{viewer{login}}"}, JSON).details())
        return as_text(as_object(as_object(said.get("data")).get("viewer")).get("login"))

    def _send(self, method: str, address: str, body: Json, accept: str) -> Answer:
        return self._http.request(
            method,
            address,
            service="GitHub",
            headers={
                "Accept": accept,
                "Authorization": f"Bearer {self._token.reveal()}",
                "X-GitHub-Api-Version": "2022-11-28",
            },
            json=body,
            repeatable=True,
        )


def github_from(environment: Mapping[str, str], token: Secret, http: Http) -> GitHub | None:
    """Give the run's own repository; None outside of GitHub and without a token."""
    repository = environment.get("GITHUB_REPOSITORY", "")
    if not token or not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-]", repository):
        return None
    return GitHub(http, environment.get("GITHUB_API_URL") or "https://api.github.com", repository, token)


def reason(answer: Answer) -> str:
    """Give GitHub's own words for a refusal, on one short line; empty where there are none."""
    words = as_text(as_object(answer.details()).get("message"))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())[:_LONGEST_REASON]


def _refusal(answer: Answer, repository: str, permission: str) -> ServiceRefused | ServiceFailed:
    said = f"{answer.asked} (status {answer.status}" + (f": {words})" if (words := reason(answer)) else ")")
    if answer.status == _NO_TOKEN:
        return ServiceRefused(
            f"GitHub did not accept the token: {said}.",
            advice="Leave out the input github-token to use the workflow's own, or give one that has not expired.",
        )
    # Rate limits are answered with 403 too: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    if answer.status == _FORBIDDEN and ("retry-after" in answer.headers or _used_up(answer)):
        return ServiceFailed(f"GitHub's rate limit is used up: {said}.", advice="Run it again in an hour.")
    if answer.status in {_FORBIDDEN, _NOT_FOUND}:
        return MayNot(
            f"GitHub does not let this run do that in {repository}: {said}.",
            advice=f"Give the job the permission it needs, in the workflow file: `permissions: {{ {permission} }}`. "
            "Pull requests from forks and from Dependabot may only read.",
        )
    return ServiceRefused(f"GitHub refused: {said}.", advice="The reason above is GitHub's own.")


def _used_up(answer: Answer) -> bool:
    return answer.headers.get("x-ratelimit-remaining") == "0"
