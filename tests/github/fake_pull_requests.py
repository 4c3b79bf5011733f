"""GitHub's REST API about pull requests and their comments, as far as we ask it, and as strict."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

SERVER = "https://github.com/octo/orders"
LONGEST = 65_536
_PAGE, _MOST = 30, 100


class Answer(NamedTuple):
    status: int
    value: Any = None
    headers: dict[str, str] = {}  # noqa: RUF012


class Comments:
    """The comments on the pull requests of one repository; `me` is who the token belongs to."""

    def __init__(self) -> None:
        self.me = "github-actions[bot]"
        self.may_comment = True
        self.all: list[dict[str, Any]] = []

    def add(self, number: int, login: str | None, body: str) -> dict[str, Any]:
        comment = {
            "id": 1000 + len(self.all),
            "number": number,
            "user": None if login is None else {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"},
            "body": body,
        }
        comment["html_url"] = f"{SERVER}/pull/{number}#issuecomment-{comment['id']}"
        self.all.append(comment)
        return comment

    def on(self, number: int) -> list[dict[str, Any]]:
        return [comment for comment in self.all if comment["number"] == number]

    def list(self, root: str, number: int, query: dict[str, list[str]]) -> Answer:
        size = min(int(query.get("per_page", [str(_PAGE)])[0]), _MOST)
        page = int(query.get("page", ["1"])[0])
        found = self.on(number)
        shown = found[(page - 1) * size : page * size]
        # GitHub names the repository by its number here.
        address = f"{root}/repositories/17/issues/{number}/comments?per_page={size}"
        links = []
        if page > 1:
            links.append(f'<{address}&page={page - 1}>; rel="prev"')
        if page * size < len(found):
            links += [
                f'<{address}&page={page + 1}>; rel="next"',
                f'<{address}&page={-(-len(found) // size)}>; rel="last"',
            ]
        return Answer(200, shown, {"Link": ", ".join(links)} if links else {})

    def write(self, method: str, number: int, content: bytes) -> Answer:
        """`number` is the pull request's for POST, else the comment's."""
        if not self.may_comment:
            return Answer(403, {"message": "Resource not accessible by integration"})
        if method == "DELETE":
            self.all = [comment for comment in self.all if comment["id"] != number]
            return Answer(204)
        body = json.loads(content)["body"]
        if len(body) > LONGEST:
            return Answer(
                422, {"message": "Validation Failed", "errors": ["Body is too long (maximum is 65536 characters)"]}
            )
        if method == "POST":
            return Answer(201, self.add(number, self.me, body))
        for comment in self.all:
            if comment["id"] == number:
                comment["body"] = body
                return Answer(200, comment)
        return Answer(404, {"message": "Not Found"})
