"""Checks of pull requests: compared with the record, else with what the merge would replace, as GitHub tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.github.conftest import TOKEN, FakeGitHub

BEFORE = {
    "swagger": "2.0",
    "info": {"title": "Orders", "version": "1"},
    "host": "api.example.com",
    "schemes": ["https"],
    "paths": {
        "/orders": {"get": {"operationId": "ListOrders", "summary": "List", "responses": {"200": {"description": ""}}}},
        "/items": {"get": {"operationId": "ListItems", "summary": "Items", "responses": {"200": {"description": ""}}}},
    },
}
AFTER = {**BEFORE, "paths": {"/orders": BEFORE["paths"]["/orders"]}}  # type: ignore[index]


class PullRequest:
    """A pull request of `octo/orders` that is checked out as GitHub does: the merge that it tried, one commit deep."""

    def __init__(self, github: FakeGitHub, workspace: Path) -> None:
        self._github = github
        self._workspace = workspace
        self.base = self.commit(BEFORE)
        self.head = self.commit(AFTER, self.base)
        self.merge = self.commit(AFTER, self.base, self.head)
        (workspace / "api.json").write_text(json.dumps(AFTER, indent=1))
        self._event = workspace.parent / "event.json"
        self.change_event(self.base)

    def commit(self, definition: Any, *parents: str) -> str:
        blob = self._github.git(
            "hash-object", "-w", "--stdin", given=json.dumps(definition, indent=1).encode()
        ).decode()
        tree = self._github.git("mktree", given=f"100644 blob {blob}\tapi.json\n".encode()).decode()
        words = [word for parent in parents for word in ("-p", parent)]
        return self._github.git("commit-tree", tree, *words, given=b"change\n").decode()

    def change_event(self, base: str) -> None:
        side = {"repo": {"full_name": "octo/orders"}}
        pull = {"number": 7, "base": {**side, "sha": base}, "head": {**side, "sha": self.head}}
        self._event.write_text(json.dumps({"pull_request": pull}))

    def variables(self) -> dict[str, str]:
        return {
            "GITHUB_API_URL": self._github.server.url,
            "GITHUB_REPOSITORY": "octo/orders",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(self._event),
            "GITHUB_SHA": self.merge,
        }


@pytest.fixture
def pull_request(fake_github: FakeGitHub, workspace: Path) -> PullRequest:
    return PullRequest(fake_github, workspace)


def test_without_a_record_it_is_compared_with_what_the_merge_replaces(run, pull_request) -> None:  # type: ignore[no-untyped-def]
    pull_request.change_event("0" * 40)  # as on a run that is started again: the payload is older than the merge
    result = run(pull_request.variables(), definition="api.json", mode="express", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"], result.report["mode"]) == (1, "breaking", "check"), result.log
    assert result.report["baseline"]["source"] == f"git {pull_request.base}"
    change = next(change for change in result.report["changes"] if change["id"] == "operation-removed")
    assert (change["operation"], change["file"]) == ("ListItems", "api.json")
    assert "::error file=api.json" in result.log


def test_with_a_record_it_is_compared_with_what_was_exported(run, pull_request) -> None:  # type: ignore[no-untyped-def]
    push = {**pull_request.variables(), "GITHUB_EVENT_NAME": "push"}
    exported = run(push, definition="api.json", mode="manual", github_token=TOKEN)
    assert (exported.code, exported.outputs["exported"]) == (0, "true"), exported.log
    result = run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"], result.outputs["changed"]) == (0, "none", "false"), result.log
    assert result.report["baseline"]["source"].startswith("record refs/connector-exporter/")


def test_a_token_that_may_only_read_is_enough(run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    fake_github.may_write = False
    result = run(pull_request.variables(), definition="api.json", mode="check", fail_on="never", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "breaking"), result.log
    assert not [line for line in fake_github.server.seen if not line.startswith("GET ")]


def test_a_definition_that_the_base_has_not_got_yet_breaks_nobody(run, pull_request, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "new.json").write_text(json.dumps(AFTER))
    result = run(pull_request.variables(), definition="new.json", mode="check", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "unknown"), result.log
