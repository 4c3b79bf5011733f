from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.edges.github import GitHub, github_from
from exporter.edges.github_record import RefRecords, record_ref
from exporter.edges.http import Http
from exporter.model.connectors import Connector
from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.model.plans import Record
from exporter.settings.settings import NO_SECRET, Secret

REF = record_ref("https://contoso.crm4.dynamics.com", "Orders")
DEFINITION = {"swagger": "2.0", "info": {"title": "Örders\n api", "version": "1"}, "paths": {"/z": {}, "/a": {}}}
CONNECTOR = Connector(DEFINITION, {"iconBrandColor": "#007ee5"}, b"\x89PNG\x00\xff", "// C# ✓\r\n")
FIRST = Record(
    "1" * 16, CONNECTOR, "c" * 40, "2026-11-22T10:00:00Z", "https://github.com/octo/orders/actions/runs/1", "id"
)
SECOND = FIRST._replace(fingerprint="2" * 16)
PLAIN = Record("3" * 16, Connector({"swagger": "2.0"}, {}))


@pytest.fixture
def records(github: GitHub) -> RefRecords:
    return RefRecords(github, REF)


def test_nothing_is_remembered_before_the_first_export(records: RefRecords, fake_github: Any) -> None:
    assert records.read() is None
    assert len(fake_github.server.seen) == 1


@pytest.mark.parametrize("record", [FIRST, PLAIN])
def test_what_is_remembered_is_read_with_two_requests(
    record: Record, records: RefRecords, github: GitHub, fake_github: Any
) -> None:
    records.read()
    records.remember(record)
    fake_github.server.seen.clear()
    again = RefRecords(github, REF).read()
    assert again == record
    assert list(again.connector.definition) == list(record.connector.definition)
    assert len(fake_github.server.seen) == 2


def test_people_find_the_connectors_files_beside_the_record(records: RefRecords, fake_github: Any) -> None:
    records.remember(FIRST)
    records.remember(SECOND)

    def shown(path: str) -> bytes:
        return fake_github.git("cat-file", "blob", f"{REF}:{path}")

    assert list(json.loads(shown("apiDefinition.swagger.json"))["paths"]) == ["/z", "/a"]
    assert json.loads(shown("apiProperties.json")) == {"properties": CONNECTOR.properties}
    assert shown("icon.png") == CONNECTOR.icon
    assert shown("script.csx").decode() == CONNECTOR.script
    log = fake_github.git("log", "--format=%s|%b", REF).decode()
    assert log.count("Export Örders api|") == 2
    assert f"Commit: {FIRST.commit}" in log
    assert f"Run: {FIRST.run}" in log
    fake_github.git("fsck", "--strict")


def test_of_two_runs_at_once_the_later_one_is_refused(github: GitHub) -> None:
    for one, other in ((FIRST, SECOND), (SECOND, FIRST)):
        quick, slow = RefRecords(github, REF), RefRecords(github, REF)
        assert quick.read() == slow.read()
        quick.remember(one)
        with pytest.raises(ServiceRefused, match="Another run exported in between") as refused:
            slow.remember(other)
        assert "concurrency" in refused.value.advice
        assert RefRecords(github, REF).read() == one


def test_a_ref_that_is_deleted_meanwhile_is_no_reason_to_make_it_again(github: GitHub, fake_github: Any) -> None:
    records = RefRecords(github, REF)
    records.remember(FIRST)
    fake_github.git("update-ref", "-d", REF)
    with pytest.raises(ServiceRefused, match="in between"):
        records.remember(SECOND)


@pytest.mark.parametrize("record", [FIRST, SECOND])
@pytest.mark.parametrize("words", ["git/ref/", "git/trees", "git/commits", "git/blobs", "git/refs"])
def test_a_lost_answer_is_no_lost_export(words: str, record: Record, github: GitHub, fake_github: Any) -> None:
    records = RefRecords(github, REF)
    if record is SECOND:
        records.remember(FIRST)
    fake_github.server.trouble = [(words, "answer lost")]
    records.read()
    records.remember(record)
    assert fake_github.server.trouble == []
    assert RefRecords(github, REF).read() == record


def test_a_ruleset_that_forbids_it_is_not_called_another_run(github: GitHub, fake_github: Any, said: Any) -> None:
    records = RefRecords(github, REF)
    records.remember(FIRST)
    fake_github.server.trouble = [("PATCH", said(422, {"message": "Repository rule\nviolations found"}))]
    with pytest.raises(ServiceRefused, match="Repository rule violations found") as refused:
        records.remember(SECOND)
    assert "file:" in refused.value.advice


def test_a_token_that_may_only_read_is_told_which_permission_is_missing(records: RefRecords, fake_github: Any) -> None:
    fake_github.may_write = False
    with pytest.raises(ServiceRefused, match="Resource not accessible by integration") as refused:
        records.remember(FIRST)
    assert "contents: write" in refused.value.advice


def test_a_wrong_token_is_named_and_not_shown(http: Http, fake_github: Any) -> None:
    with pytest.raises(ServiceRefused, match="token") as refused:
        RefRecords(GitHub(http, fake_github.server.url, "octo/orders", Secret("s3cr3t")), REF).read()
    assert "s3cr3t" not in refused.value.message + refused.value.advice


def test_a_used_up_rate_limit_is_a_failure_and_not_a_missing_permission(
    records: RefRecords, fake_github: Any, said: Any
) -> None:
    fake_github.server.trouble = [("GET", said(403, {"message": "rate limit"}, {"x-ratelimit-remaining": "0"}))]
    with pytest.raises(ServiceFailed, match="rate limit"):
        records.read()


def test_trouble_that_passes_is_not_noticed_and_trouble_that_stays_is_a_failure(
    records: RefRecords, fake_github: Any, said: Any
) -> None:
    fake_github.server.trouble = [("GET", said(503, {})), ("GET", said(429, {}))]
    assert records.read() is None
    fake_github.server.trouble = [("GET", said(502, {}))] * 3
    with pytest.raises(ServiceFailed):
        records.read()


def foreign_tag(fake: Any) -> None:
    fake.git("update-ref", REF, fake.git("hash-object", "-w", "--stdin", given=b"a blob").decode())


def foreign_commit(files: dict[str, bytes]) -> Callable[[Any], None]:
    def make(fake: Any) -> None:
        lines = [
            f"100644 blob {fake.git('hash-object', '-w', '--stdin', given=content).decode()}\t{path}"
            for path, content in files.items()
        ]
        tree = fake.git("mktree", given="\n".join(lines).encode()).decode()
        fake.git("update-ref", REF, fake.git("commit-tree", tree, given=b"x").decode())

    return make


@pytest.mark.parametrize(
    "somebody_wrote",
    [
        foreign_tag,
        foreign_commit({"README.md": b"hello"}),
        foreign_commit({"record.json": b"{"}),
        foreign_commit({"record.json": b'{"schema": 99}'}),
        foreign_commit({"record.json": b"\x00" * 1000}),
    ],
)
def test_a_ref_that_somebody_else_wrote_is_refused(
    somebody_wrote: Callable[[Any], None], records: RefRecords, fake_github: Any
) -> None:
    somebody_wrote(fake_github)
    with pytest.raises(ServiceRefused, match="refs/connector-exporter/") as refused:
        records.read()
    assert "start anew" in refused.value.advice


@pytest.mark.parametrize("body", [[], None, {"object": {"type": "commit", "sha": "../../evil"}}, {"object": "x"}])
def test_an_answer_that_is_not_githubs_is_refused(body: Any, records: RefRecords, fake_github: Any, said: Any) -> None:
    fake_github.server.trouble = [("GET", said(200, body))]
    with pytest.raises(ServiceRefused):
        records.read()


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_every_connector_of_every_environment_has_a_ref_of_its_own(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    first, second = record_ref(*one), record_ref(*other)
    assert len(first) < 120
    if one[1] != other[1]:
        assert first.casefold() != second.casefold()


@pytest.mark.parametrize(
    "name", ["", "Orders", "..", "a.lock", "-x", "@{", "注文", "x" * 500, "a/b", " ", "\ud800", "\n"]
)
def test_git_takes_the_ref_of_any_name(name: str) -> None:
    for environment in ("", "https://Contoso.crm4.dynamics.com/", name):
        assert subprocess.run(["git", "check-ref-format", record_ref(environment, name)], check=False).returncode == 0


def test_an_environment_is_the_same_however_its_host_is_written() -> None:
    assert record_ref("https://Contoso.crm.dynamics.com/", "a") == record_ref("https://contoso.crm.dynamics.com", "a")
    assert record_ref("https://contoso.crm.dynamics.com", "a") != record_ref("https://contoso.crm4.dynamics.com", "a")


def test_without_a_repository_or_a_token_there_is_no_github(http: Http) -> None:
    repository = {"GITHUB_REPOSITORY": "octo/orders"}
    assert github_from(repository, Secret("t"), http) is not None
    assert github_from(repository, NO_SECRET, http) is None
    assert github_from({}, Secret("t"), http) is None
    assert github_from({"GITHUB_REPOSITORY": "octo/../../x?y"}, Secret("t"), http) is None
