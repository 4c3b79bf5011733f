"""Checks of pull requests: compared with what the merge would replace, as GitHub tells it, beside what was exported."""

from __future__ import annotations

import json
from collections.abc import Callable
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
        self.check_out(AFTER)
        self._event = workspace.parent / "event.json"
        self.change_event(self.base)

    def commit(self, definition: Any, *parents: str) -> str:
        blob = self._github.git(
            "hash-object", "-w", "--stdin", given=json.dumps(definition, indent=1).encode()
        ).decode()
        tree = self._github.git("mktree", given=f"100644 blob {blob}\tapi.json\n".encode()).decode()
        words = [word for parent in parents for word in ("-p", parent)]
        return self._github.git("commit-tree", tree, *words, given=b"change\n").decode()

    def check_out(self, definition: Any, name: str = "api.json") -> None:
        (self._workspace / name).write_text(json.dumps(definition, indent=1))

    def change_event(self, base: str, **other: Any) -> None:
        branch = {"sha": self.head, "label": "mallory:patch", "repo": {"full_name": "mallory/orders"}}
        pull = {"number": 7, "state": "open", "base": {"sha": base}, "head": branch, **other}
        self._github.pulls = [{**pull, "merge_commit_sha": self.merge}]
        run = {"event": "pull_request", "head_sha": self.head, "head_branch": "patch"}
        run["head_repository"] = {"owner": {"login": "mallory"}}  # type: ignore[assignment]
        self._event.write_text(json.dumps({"pull_request": pull, "workflow_run": run}))

    def variables(self, event: str = "pull_request") -> dict[str, str]:
        return {
            "GITHUB_API_URL": self._github.server.url,
            "GITHUB_REPOSITORY": "octo/orders",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "17",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self._event),
            "GITHUB_SHA": self.merge if event == "pull_request" else self.base,
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


def test_what_makers_have_already_breaks_nobody(run, pull_request) -> None:  # type: ignore[no-untyped-def]
    push = {**pull_request.variables(), "GITHUB_EVENT_NAME": "push"}
    exported = run(push, definition="api.json", mode="manual", github_token=TOKEN)
    assert (exported.code, exported.outputs["exported"]) == (0, "true"), exported.log
    result = run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"], result.outputs["changed"]) == (0, "none", "false"), result.log
    assert result.report["baseline"]["source"].startswith("record refs/connector-exporter/")


@pytest.fixture
def exported(run: Any, pull_request: PullRequest) -> Callable[[Any, str], None]:
    """Export a definition from a commit on the branch that the pull request goes to, or from another one."""

    def export(definition: Any, commit: str) -> None:
        push = {**pull_request.variables(), "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": commit}
        pull_request.check_out(definition)
        done = run(push, definition="api.json", mode="manual", github_token=TOKEN)
        assert (done.code, done.outputs["exported"]) == (0, "true"), done.log
        pull_request.check_out(AFTER)

    return export


def findings(result: Any) -> list[str]:
    return [finding["id"] for finding in result.report["findings"] if "export" in finding["id"]]


OLD = {"get": {"operationId": "ListOld", "summary": "Old", "responses": {"200": {"description": ""}}}}
OLDER = {**BEFORE, "paths": {**BEFORE["paths"], "/old": OLD}}  # type: ignore[dict-item]


def test_a_branch_that_is_exported_is_nothing_to_speak_of(run, pull_request, exported) -> None:  # type: ignore[no-untyped-def]
    exported(BEFORE, pull_request.base)
    result = run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN)
    assert (result.outputs["verdict"], result.report["baseline"]["source"]) == ("breaking", f"git {pull_request.base}")
    assert findings(result) == []


def test_a_branch_that_is_not_exported_yet_is_said(run, pull_request, exported) -> None:  # type: ignore[no-untyped-def]
    exported(OLDER, pull_request.base)
    result = run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN)
    assert result.report["baseline"]["source"] == f"git {pull_request.base}"
    assert findings(result) == ["not-exported-yet"]
    assert "2 changes since then (1 breaking) wait on the branch" in result.log


def test_an_export_that_is_ahead_of_the_branch_is_said(run, pull_request, exported) -> None:  # type: ignore[no-untyped-def]
    exported(OLDER, pull_request.head)
    result = run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN)
    assert findings(result) == ["exported-ahead"]
    assert "which the branch does not have" in result.log


def test_a_record_out_of_reach_leaves_the_comparison_with_the_branch(run, pull_request, fake_github, said) -> None:  # type: ignore[no-untyped-def]
    fake_github.server.trouble = [("git/ref", said(403, {"message": "no"}))]
    result = run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN)
    assert (result.outputs["verdict"], result.report["findings"][0]["id"]) == ("breaking", "record-unreadable")


def test_a_file_that_moved_is_compared_with_the_record(run, pull_request, exported, workspace) -> None:  # type: ignore[no-untyped-def]
    exported(BEFORE, pull_request.base)
    (workspace / "moved.json").write_text(json.dumps(AFTER))
    named = {"mode": "manual", "github_token": TOKEN, "record": "file:last.json", "definition": "moved.json"}
    fresh = run(pull_request.variables(), **named)
    assert (fresh.outputs["verdict"], fresh.report["findings"][0]["id"]) == ("unknown", "baseline-missing")
    push = {**pull_request.variables(), "GITHUB_EVENT_NAME": "push"}
    pull_request.check_out(BEFORE, "moved.json")
    run(push, **named)
    pull_request.check_out(AFTER, "moved.json")
    assert run(pull_request.variables(), **named).outputs["verdict"] == "breaking"


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run"])
def test_what_is_not_checked_out_is_read_from_github_as_data(event: str, run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    pull_request.check_out(BEFORE)  # the default branch, as actions/checkout leaves it
    result = run(pull_request.variables(event), definition="api.json", mode="express", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"], result.report["mode"]) == (1, "breaking", "check"), result.log
    assert result.report["baseline"]["source"] == f"git {pull_request.base}"
    assert [change["operation"] for change in result.report["changes"]] == ["ListItems", "ListItems"]


def test_a_followed_pull_request_that_has_moved_on_is_not_judged(run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    fake_github.pulls[0]["head"]["sha"] = pull_request.base
    result = run(pull_request.variables("workflow_run"), definition="api.json", mode="check", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "unknown"), result.log
    assert fake_github.comments.all == []


def test_a_token_that_may_only_read_is_enough(run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    fake_github.may_write = False
    result = run(pull_request.variables(), definition="api.json", mode="check", fail_on="never", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "breaking"), result.log
    assert not [line for line in fake_github.server.seen if not line.startswith("GET ")]


def test_a_definition_that_the_base_has_not_got_yet_breaks_nobody(run, pull_request, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "new.json").write_text(json.dumps(AFTER))
    result = run(pull_request.variables(), definition="new.json", mode="check", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "unknown"), result.log
