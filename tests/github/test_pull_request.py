"""Which commits a pull request is about, as each event tells it, with GitHub's help and without."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from exporter.edges.event import Event
from exporter.edges.github import GitHub
from exporter.edges.pull_request import PullRequest, PullRequests
from exporter.edges.revisions import RepositoryRevisions
from exporter.model.errors import ServiceFailed

STALE = "0" * 40
BRANCH = "mallory:patch/1"


class Commits(NamedTuple):
    """Two branches that parted at `parted`, and the merge that GitHub tried."""

    parted: str
    base: str
    head: str
    merge: str


@pytest.fixture
def commits(fake_github: Any) -> Commits:
    tree = fake_github.git("mktree").decode()

    def commit(words: str, *parents: str) -> str:
        named = [word for parent in parents for word in ("-p", parent)]
        return fake_github.git("commit-tree", tree, *named, given=words.encode()).decode()

    parted = commit("first")
    base, head = commit("main goes on", parted), commit("topic", parted)
    return Commits(parted, base, head, commit("merge", base, head))


def open_pull(fake_github: Any, commits: Commits, **other: Any) -> None:
    pull = {"number": 7, "state": "open", "head": {"sha": commits.head, "label": BRANCH}, "base": {"sha": STALE}}
    fake_github.pulls = [{**pull, "merge_commit_sha": commits.merge, **other}]


def found(event: Event, github: GitHub | None, sha: str = "") -> PullRequest:
    return PullRequests({"GITHUB_SHA": sha}, event, github).find()


def test_on_pull_request_the_runs_own_commit_is_the_merge(commits: Commits, github: GitHub, fake_github: Any) -> None:
    event = Event("pull_request", trusted=False, head=commits.head, base=STALE, number=7)
    exact = PullRequest(7, commits.head, commits.base, commits.merge)
    requests = PullRequests({"GITHUB_SHA": commits.merge}, event, github)
    assert (requests.find(), requests.find()) == (exact, exact)
    assert len(fake_github.server.seen) == 1
    # A commit that is no merge (the pull request was squashed) leaves the payload's base.
    for other in (commits.head, "f" * 40, "", "--help"):
        assert found(event, github, other) == PullRequest(7, commits.head, STALE)


def test_on_pull_request_target_the_pull_request_names_the_merge(
    commits: Commits, github: GitHub, fake_github: Any
) -> None:
    event = Event("pull_request_target", trusted=False, head=commits.head, base=commits.base, number=7)
    open_pull(fake_github, commits)
    assert found(event, github, commits.base) == PullRequest(7, commits.head, commits.base, commits.merge)
    # Of an older head, or not made because of a conflict: then what the branch held when the two parted.
    for merge in (None, commits.base, "f" * 40, ["x"]):
        open_pull(fake_github, commits, merge_commit_sha=merge)
        assert found(event, github) == PullRequest(7, commits.head, commits.parted)


def test_on_workflow_run_the_pull_request_is_found_by_its_branch(
    commits: Commits, github: GitHub, fake_github: Any
) -> None:
    event = Event("workflow_run", trusted=False, head=commits.head, branch=BRANCH)
    open_pull(fake_github, commits)
    assert found(event, github) == PullRequest(7, commits.head, commits.base, commits.merge)
    open_pull(fake_github, commits, head={"sha": commits.parted, "label": BRANCH})  # it has moved on
    assert found(event, github) == PullRequest(0, commits.head)
    open_pull(fake_github, commits, state="closed")
    assert found(event, github) == PullRequest(0, commits.head)


def test_a_merge_queue_says_it_all_itself(github: GitHub, fake_github: Any) -> None:
    event = Event("merge_group", trusted=False, head="a" * 40, base="b" * 40)
    assert found(event, github, "c" * 40) == PullRequest(0, "a" * 40, "b" * 40)
    assert fake_github.server.seen == []


@pytest.mark.parametrize("name", ["merge_group", "pull_request_target", "pull_request"])
def test_without_github_the_payload_says_the_base(name: str) -> None:
    assert found(Event(name, trusted=False, base="b" * 40), None, "a" * 40).base == "b" * 40


@pytest.mark.parametrize("name", ["pull_request_target", "pull_request"])
def test_a_failing_github_leaves_the_payloads_base(name: str, github: GitHub, fake_github: Any, said: Any) -> None:
    fake_github.server.trouble = [("GET", said(500, {}))] * 9
    event = Event(name, trusted=False, head="a" * 40, base="b" * 40, number=7)
    assert found(event, github, "c" * 40).base == "b" * 40


def test_a_failing_github_is_no_pull_request_that_has_moved_on(github: GitHub, fake_github: Any, said: Any) -> None:
    fake_github.server.trouble = [("GET", said(500, {}))] * 3
    with pytest.raises(ServiceFailed):
        found(Event("workflow_run", trusted=False, head="a" * 40, branch=BRANCH), github)


@pytest.mark.parametrize(
    "answer", [{}, None, [1, {"head": 7}], [{"head": {"sha": "a" * 40}, "number": "7", "base": 1}]]
)
def test_an_answer_that_is_not_githubs_names_no_pull_request(
    answer: Any, github: GitHub, fake_github: Any, said: Any
) -> None:
    fake_github.server.trouble = [("GET", said(200, answer))]
    assert found(Event("workflow_run", trusted=False, head="a" * 40, branch=BRANCH), github).number == 0


def test_whether_a_branch_has_a_commit(commits: Commits, github: GitHub, fake_github: Any, said: Any) -> None:
    requests = PullRequests({}, Event("", trusted=True), github)
    revisions = RepositoryRevisions("/nowhere", requests, github)
    assert revisions.holds(commits.base, commits.parted) is True
    assert revisions.holds(commits.base, commits.base) is True
    assert revisions.holds(commits.base, commits.merge) is False
    assert revisions.holds(commits.base, commits.head) is False
    assert revisions.holds(commits.base, "f" * 40) is None
    assert revisions.holds(commits.base, "--help") is None
    assert RepositoryRevisions("/nowhere", requests, None).holds(commits.base, commits.parted) is None
    fake_github.server.trouble = [("compare", said(500, {}))] * 3
    assert revisions.holds(commits.base, commits.parted) is None
