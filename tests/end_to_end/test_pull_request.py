"""Checks of pull requests: compared with what the merge would replace, as GitHub tells it, beside what was exported."""

from __future__ import annotations

import json
import re
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

    def commit(self, definition: Any, *parents: str, accepted: Any = None) -> str:
        files = {"api.json": definition, **({"accepted.json": accepted} if accepted else {})}
        lines = [f"100644 blob {self._blob(content)}\t{name}" for name, content in sorted(files.items())]
        tree = self._github.git("mktree", given="\n".join(lines).encode()).decode()
        words = [word for parent in parents for word in ("-p", parent)]
        return self._github.git("commit-tree", tree, *words, given=b"change\n").decode()

    def _blob(self, content: Any) -> str:
        given = json.dumps(content, indent=1).encode()
        return self._github.git("hash-object", "-w", "--stdin", given=given).decode()

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


def test_a_record_that_the_pull_request_brings_along_hides_nothing(run, pull_request, workspace) -> None:  # type: ignore[no-untyped-def]
    named = {"definition": "api.json", "mode": "manual", "github_token": TOKEN, "record": "file:last.json"}
    forged = run({**pull_request.variables(), "GITHUB_EVENT_NAME": "push"}, **named)
    assert (forged.code, (workspace / "last.json").is_file()) == (0, True), forged.log
    result = run(pull_request.variables(), **named)
    assert (result.outputs["verdict"], result.report["baseline"]["source"]) == ("breaking", f"git {pull_request.base}")


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
    fake_github.may_write = fake_github.comments.may_comment = False
    result = run(pull_request.variables(), definition="api.json", mode="check", fail_on="never", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "breaking"), result.log
    asked = [line for line in fake_github.server.seen if not line.startswith("GET ")]
    assert asked == ["POST /repos/octo/orders/issues/7/comments"]
    assert "The token of this run may not write on pull requests; everything is in the job summary" in result.summary
    assert "comment-url" not in result.outputs


def test_a_definition_that_the_base_has_not_got_yet_breaks_nobody(run, pull_request, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "new.json").write_text(json.dumps(AFTER))
    result = run(pull_request.variables(), definition="new.json", mode="check", github_token=TOKEN)
    assert (result.code, result.outputs["verdict"]) == (0, "unknown"), result.log


GENTLE = {**BEFORE, "info": {"title": "Orders", "version": "2"}}


def comments(fake_github: FakeGitHub) -> list[str]:
    return [comment["body"].partition("\n")[0] for comment in fake_github.comments.on(7)]


def check(run: Any, pull_request: PullRequest, **inputs: str) -> Any:
    return run(pull_request.variables(), definition="api.json", mode="manual", github_token=TOKEN, **inputs)


def test_a_break_is_told_in_a_comment_that_turns_green_when_it_is_mended(run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    result = check(run, pull_request)
    assert (result.code, result.outputs["comment-url"]) == (
        1,
        "https://github.com/octo/orders/pull/7#issuecomment-1000",
    )
    assert "Comment on the pull request" in result.summary
    (comment,) = fake_github.comments.on(7)
    body = comment["body"]
    assert body.startswith("### 🔴 Breaking: 1 change in `Orders` breaks existing flows, canvas apps or Logic Apps\n")
    assert f"[`api.json:11`](https://github.com/octo/orders/blob/{pull_request.head}/api.json#L11)" in body
    was = re.search(
        rf"was \[line (\d+)\]\(https://github.com/octo/orders/blob/{pull_request.base}/api.json#L\1\) at", body
    )
    assert was is not None
    assert json.dumps(BEFORE, indent=1).splitlines()[int(was[1]) - 1].strip() == '"get": {'
    assert "[job summary](https://github.com/octo/orders/actions/runs/17)" in body.replace("all of it in the ", "")
    pull_request.check_out(GENTLE)
    assert check(run, pull_request).code == 0
    assert comments(fake_github) == [
        "### 🟢 Compatible: 1 change in `Orders`; existing apps, flows and connections keep working"
    ]
    pull_request.check_out(BEFORE)
    check(run, pull_request)
    assert comments(fake_github) == ["### 🟢 No change: `Orders` is the same as the version it was compared with"]
    fake_github.server.seen.clear()
    check(run, pull_request)
    assert not [line for line in fake_github.server.seen if not line.startswith("GET ")]


@pytest.mark.parametrize(("wanted", "titles"), [("changes", []), ("breaking", []), ("always", ["### 🟢 Compatible"])])
def test_good_news_alone_makes_no_comment_unless_it_is_asked_for(
    wanted, titles, run, pull_request, fake_github
) -> None:  # type: ignore[no-untyped-def]
    pull_request.check_out(GENTLE)
    result = check(run, pull_request, comment=wanted)
    assert [title.partition(":")[0] for title in comments(fake_github)] == titles
    assert ("comment-url" in result.outputs) == bool(titles)


@pytest.mark.parametrize(
    ("event", "inputs"),
    [
        ("pull_request", {"comment": "never"}),
        ("merge_group", {}),
        ("push", {}),
        ("closed", {}),
    ],
)
def test_where_nobody_can_be_told_nothing_is_sent(event, inputs, run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    if event == "closed":
        pull_request.change_event(pull_request.base, state="closed")
    name = "pull_request" if event == "closed" else event
    given = {"definition": "api.json", "mode": "check", "github_token": TOKEN, **inputs}
    result = run(pull_request.variables(name), **given)
    assert result.code in {0, 1}, result.log
    assert not [line for line in fake_github.server.seen if "comments" in line]


def test_the_second_half_for_forks_comments_where_the_first_may_not(run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    fake_github.comments.may_comment = False
    assert "comment-url" not in check(run, pull_request).outputs
    fake_github.comments.may_comment = True
    pull_request.check_out(BEFORE)  # the second half has the default branch, or nothing at all
    named = {"definition": "api.json", "mode": "check", "fail_on": "never", "github_token": TOKEN}
    result = run(pull_request.variables("workflow_run"), **named)
    assert (result.code, len(comments(fake_github))) == (0, 1), result.log
    assert f"blob/{pull_request.head}/api.json#L11" in fake_github.comments.on(7)[0]["body"]


def test_lines_are_shown_in_the_merge_where_the_branch_changed_the_file_too(run, pull_request, fake_github) -> None:  # type: ignore[no-untyped-def]
    pull_request.check_out({"info": BEFORE["info"], **AFTER})
    check(run, pull_request)
    assert f"blob/{pull_request.merge}/api.json#L11" in fake_github.comments.on(7)[0]["body"]


def test_a_definition_that_cannot_be_read_turns_the_comment_grey(run, pull_request, fake_github, workspace) -> None:  # type: ignore[no-untyped-def]
    check(run, pull_request)
    (workspace / "api.json").write_text("{,")
    assert check(run, pull_request).code == 3
    assert comments(fake_github) == ["### ⚪ Cannot tell: the definition cannot be read"]


@pytest.mark.parametrize("status", [422, 500])
def test_a_comment_that_cannot_be_written_fails_nothing(status, run, pull_request, fake_github, said) -> None:  # type: ignore[no-untyped-def]
    fake_github.server.trouble = [("POST", said(status, {"message": "no"}, {"retry-after": "0"}))] * 5
    result = check(run, pull_request, fail_on="never")
    assert (result.code, result.outputs["verdict"]) == (0, "breaking"), result.log
    assert "❌ Failed: Comment on the pull request." in result.summary
    assert "Everything is in the job summary instead." in result.summary


def test_what_a_pull_request_accepts_itself_is_said(run, pull_request, fake_github, workspace) -> None:  # type: ignore[no-untyped-def]
    first = check(run, pull_request)
    entries = [
        {"fingerprint": change["fingerprint"], "reason": "Trust me.", "until": "2999-12-31"}
        for change in first.report["changes"]
        if change["impact"] == "breaking"
    ]
    (workspace / "accepted.json").write_text(json.dumps({"accepted": entries}))
    result = check(run, pull_request, accept="accepted.json")
    assert (result.code, result.outputs["verdict"]) == (0, "compatible"), result.log
    assert "accepted-here" in [finding["id"] for finding in result.report["findings"]]
    (comment,) = fake_github.comments.on(7)
    assert comment["body"].startswith("### 🟡 Accepted")
    assert f"**Note:** This pull request itself accepts {len(entries)} change" in comment["body"]
    assert "itself accepts" in result.summary


def test_what_the_branch_accepts_is_not_the_pull_requests_word(run, pull_request, fake_github, workspace) -> None:  # type: ignore[no-untyped-def]
    first = check(run, pull_request)
    (fingerprint, *_) = [one["fingerprint"] for one in first.report["changes"] if one["impact"] == "breaking"]
    entry = {"fingerprint": fingerprint, "reason": "Meant.", "until": "2999-12-31"}
    pull_request.base = pull_request.commit(BEFORE, accepted={"accepted": [entry]})
    pull_request.merge = pull_request.commit(AFTER, pull_request.base, pull_request.head)
    pull_request.change_event(pull_request.base)
    (workspace / "accepted.json").write_text(json.dumps({"accepted": [entry]}, indent=4))
    result = check(run, pull_request, accept="accepted.json")
    assert [one["id"] for one in result.report["changes"] if one["accepted"]], result.log
    assert "accepted-here" not in [finding["id"] for finding in result.report["findings"]]


@pytest.mark.parametrize(
    ("config", "where"),
    [({"baseline": "file:mine.json"}, {"config"}), ({"exclude": ["/items"], "fail-on": "never"}, {"config"})],
)
def test_a_pull_request_that_judges_itself_is_told(config, where, run, pull_request, fake_github, workspace) -> None:  # type: ignore[no-untyped-def]
    (workspace / "mine.json").write_text(json.dumps(AFTER))
    (workspace / "connector.json").write_text(json.dumps(config))
    result = check(run, pull_request, config="connector.json")
    told = [one["message"] for one in result.report["findings"] if one["id"] == "judged-by-itself"]
    assert any("connector.json" in message for message in told), result.log
    assert any("mine.json" in message for message in told) is ("baseline" in config)
    (comment,) = fake_github.comments.on(7)
    assert "it decides itself how it is judged" in comment["body"]
    fake_github.comments.all.clear()
    target = run(
        pull_request.variables("pull_request_target"),
        definition="api.json",
        config="connector.json",
        github_token=TOKEN,
    )
    assert not [one for one in target.report["findings"] if "connector.json" in one["message"]], target.log


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run"])
def test_without_a_token_the_default_branch_is_not_taken_for_the_pull_request(event, run, pull_request) -> None:  # type: ignore[no-untyped-def]
    pull_request.check_out(BEFORE)
    result = run(pull_request.variables(event), definition="api.json", mode="check", record="none")
    assert (result.code, "github-token: is empty" in result.log) == (2, True), result.log
