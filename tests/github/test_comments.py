"""The one comment on a pull request: made once, edited in place, and nobody can take it over."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from exporter.edges.event import Event
from exporter.edges.github import GitHub, MayNot
from exporter.edges.github_comments import WORKFLOW, PullRequestComments
from exporter.edges.http import Http
from exporter.edges.pull_request import PullRequests
from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.settings.settings import Secret
from tests.github.conftest import TOKEN

HEAD = "a" * 40
MARKER = '<!-- connector-exporter connector="{}" digest="{}" -->'


@pytest.fixture
def open_comments(github: GitHub) -> Any:
    def opened(connector: str = "orders-1", number: int = 7) -> PullRequestComments:
        event = Event("pull_request", trusted=False, head=HEAD, base="b" * 40, number=number)
        return PullRequestComments(github, PullRequests({}, event, github), connector)

    return opened


def asked(fake_github: Any) -> list[str]:
    lines = [line.replace("/repos/octo/orders/", "").partition("?")[0] for line in fake_github.server.seen]
    fake_github.server.seen.clear()
    return lines


def test_it_is_made_once_and_edited_in_place(open_comments: Any, fake_github: Any) -> None:
    address = open_comments().put("Red.", create=True)
    assert address == "https://github.com/octo/orders/pull/7#issuecomment-1000"
    assert open_comments().put("Green.", create=False) == address
    (comment,) = fake_github.comments.all
    assert comment["body"].startswith('Green.\n<!-- connector-exporter connector="orders-1" digest="')
    assert asked(fake_github) == [
        *("GET issues/7/comments", "GET pulls/7", "POST issues/7/comments", "GET issues/7/comments"),
        *("GET issues/7/comments", "GET pulls/7", "PATCH issues/comments/1000"),
    ]


def test_what_is_there_already_is_not_written_again(open_comments: Any, fake_github: Any) -> None:
    open_comments().put("Red.", create=True)
    fake_github.comments.all[0]["body"] = fake_github.comments.all[0]["body"].replace("\n", "\r\n")
    asked(fake_github)
    assert open_comments().put("Red.", create=True).endswith("#issuecomment-1000")
    assert asked(fake_github) == ["GET issues/7/comments"]


def test_good_news_alone_writes_nothing(open_comments: Any, fake_github: Any) -> None:
    assert open_comments().put("Green.", create=False) == ""
    assert asked(fake_github) == ["GET issues/7/comments"]


def test_each_connector_and_each_pull_request_has_its_own(open_comments: Any, fake_github: Any) -> None:
    for connector in ("orders-1", "orders-2"):
        for number in (7, 8):
            open_comments(connector, number).put("Red.", create=True)
            open_comments(connector, number).put("Redder.", create=True)
    assert [comment["number"] for comment in fake_github.comments.all] == [7, 8, 7, 8]


@pytest.mark.parametrize("me", [WORKFLOW, "octo", "our-robot[bot]"])
def test_among_a_thousand_comments_nobody_who_quotes_the_marker_is_taken_for_us(
    me: str, open_comments: Any, fake_github: Any
) -> None:
    comments = fake_github.comments
    comments.me = me
    marker = MARKER.format("orders-1", "0" * 16)
    for login in ("mallory", None, "github-actions", "github-actions[BOT]", "other[bot]"):
        comments.add(7, login, f"Mine now.\n{marker}")
    for number in range(995):
        comments.add(7, f"somebody-{number}", "I agree.")
    comments.add(7, me, f"> quoted\n\n{marker}\n\nas somebody said")
    mine = comments.add(7, me, f"Old news.\n{marker}")
    comments.add(7, me, f"Of another connector.\n{MARKER.format('orders-10', '0' * 16)}")
    before = [comment["body"] for comment in comments.all if comment is not mine]
    assert open_comments().put("Red.", create=True) == mine["html_url"]
    assert mine["body"].startswith("Red.")
    assert [comment["body"] for comment in comments.all if comment is not mine] == before
    pages = [line for line in fake_github.server.seen if "/comments?" in line]
    assert len(pages) == 11


def test_what_a_workflow_wrote_stays_ours_with_another_token(open_comments: Any, fake_github: Any) -> None:
    open_comments().put("Red.", create=True)
    fake_github.comments.me = "octo"
    open_comments().put("Green.", create=True)
    assert [comment["body"][:6] for comment in fake_github.comments.all] == ["Green."]


def test_of_two_runs_at_once_one_comment_is_left(open_comments: Any, fake_github: Any) -> None:
    """Both look before either writes: the one that comes second takes its own back."""
    both = threading.Barrier(2, timeout=20)
    meet = fake_github.comments.list
    late = iter((True, True))

    def list_together(*arguments: Any) -> Any:
        answer = meet(*arguments)
        if next(late, False):
            both.wait()
        return answer

    fake_github.comments.list = list_together
    runs = [threading.Thread(target=lambda: open_comments().put("Red.", create=True)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [comment["body"][:4] for comment in fake_github.comments.all] == ["Red."]


@pytest.mark.parametrize("words", ["POST", "GET", "GET /repos/octo/orders/pulls"])
def test_a_lost_answer_makes_no_second_comment(words: str, open_comments: Any, fake_github: Any) -> None:
    fake_github.server.trouble = [(words, "answer lost")]
    assert open_comments().put("Red.", create=True).endswith("#issuecomment-1000")
    assert [comment["id"] for comment in fake_github.comments.all] == [1000]
    fake_github.server.trouble = [("PATCH", "answer lost")]
    open_comments().put("Green.", create=True)
    assert [comment["body"][:6] for comment in fake_github.comments.all] == ["Green."]


def test_old_news_does_not_replace_the_new(open_comments: Any, fake_github: Any) -> None:
    open_comments().put("Red.", create=True)
    fake_github.pulls = [{"number": 7, "state": "open", "head": {"sha": "c" * 40}}]
    assert open_comments().put("Of an older commit.", create=True) == ""
    assert open_comments("other").put("Of an older commit.", create=True) == ""
    assert [comment["body"][:4] for comment in fake_github.comments.all] == ["Red."]


def test_a_token_that_may_only_read_is_told_apart(open_comments: Any, fake_github: Any) -> None:
    fake_github.comments.may_comment = False
    with pytest.raises(MayNot) as refused:
        open_comments().put("Red.", create=True)
    assert "pull-requests: write" in refused.value.advice
    fake_github.comments.add(7, WORKFLOW, f"Old news.\n{MARKER.format('orders-1', '0' * 16)}")
    with pytest.raises(MayNot):
        open_comments().put("Red.", create=False)


def test_a_body_that_github_finds_too_long_is_said_in_its_words(open_comments: Any) -> None:
    with pytest.raises(ServiceRefused, match="status 422"):
        open_comments().put("x" * 70_000, create=True)


@pytest.mark.parametrize(("create", "left"), [(False, []), (True, ["Green."])])
def test_a_comment_that_somebody_deletes_meanwhile_is_only_made_again_where_it_is_due(
    create: bool, left: list[str], open_comments: Any, fake_github: Any
) -> None:
    open_comments().put("Red.", create=True)
    write = fake_github.comments.write

    def deleted(method: str, *arguments: Any) -> Any:
        if method == "PATCH":
            fake_github.comments.all.clear()
        return write(method, *arguments)

    fake_github.comments.write = deleted
    open_comments().put("Green.", create=create)
    assert [comment["body"][:6] for comment in fake_github.comments.all] == left


def test_a_used_up_rate_limit_is_a_failure(open_comments: Any, fake_github: Any, said: Any) -> None:
    limit = said(403, {"message": "You have exceeded a secondary rate limit"}, {"retry-after": "60"})
    fake_github.server.trouble = [("POST", limit)]
    with pytest.raises(ServiceFailed, match="rate limit"):
        open_comments().put("Red.", create=True)


@pytest.mark.parametrize("following", ["http://127.0.0.1:1/x", "https://evil.example/x", "{}@evil.example/x", "/x"])
def test_our_token_goes_nowhere_else(following: str, open_comments: Any, fake_github: Any, said: Any) -> None:
    link = f'<{following.format(fake_github.server.url)}>; rel="next"'
    fake_github.server.trouble = [("GET", said(200, [], {"Link": link}))]
    assert open_comments().put("Green.", create=False) == ""
    assert asked(fake_github) == ["GET issues/7/comments"]


def test_a_list_without_end_is_left(open_comments: Any, fake_github: Any, said: Any) -> None:
    here = f"{fake_github.server.url}/repos/octo/orders/issues/7/comments"
    fake_github.server.answer = lambda _: said(200, [], {"Link": f'<{here}>; rel="next"'})
    assert open_comments().put("Green.", create=False) == ""
    assert len(fake_github.server.seen) == 100


@pytest.mark.parametrize(
    "answer",
    [None, {}, [None, 1, {"body": 7}, {"user": "x"}, {"body": MARKER.format("orders-1", "0"), "user": {"login": ""}}]],
)
def test_an_answer_that_is_not_githubs_holds_no_comment_of_ours(
    answer: Any, open_comments: Any, fake_github: Any, said: Any
) -> None:
    fake_github.server.trouble = [("GET", said(200, answer))]
    assert open_comments().put("Green.", create=False) == ""


def test_who_the_token_belongs_to(github: GitHub, fake_github: Any, http: Http, said: Any) -> None:
    for me in ("octo", WORKFLOW):
        fake_github.comments.me = me
        assert github.login() == me
    assert GitHub(http, fake_github.server.url, "octo/orders", Secret("wrong")).login() == ""
    fake_github.server.seen.clear()
    enterprise = GitHub(http, f"{fake_github.server.url}/v3", "octo/orders", Secret(TOKEN))
    enterprise.login()
    assert fake_github.server.seen == ["GET /v3/user", "POST /graphql"]
    fake_github.server.trouble = [("GET", said(403, {})), ("POST", said(200, {"errors": []}))]
    assert github.login() == ""
