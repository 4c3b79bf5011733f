"""A list is told whole or not at all: half of one would make a second connector of the same name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exporter.edges.http import Answer
from exporter.edges.http_body import LARGEST_BODY
from exporter.edges.powerplatform.paging import MOST_PAGES, rows_of
from exporter.model.errors import ServiceFailed
from exporter.settings.settings import Backend
from tests.powerplatform.test_faults import BEFORE

HERE = "/api/"


def page(rows: Any, link: Any = None, asked: str = "Dataverse, GET a.example/api/connectors") -> Answer:
    return Answer(200, {}, json.dumps({"value": rows, "next": link}).encode(), asked)


def test_pages_follow_each_other_on_our_host() -> None:
    asked: list[str] = []

    def ask(rest: str) -> Answer:
        asked.append(rest)
        return page([{"b": 2}, "nonsense"])

    first = page([{"a": 1}], "https://elsewhere.example/API/connectors?$skiptoken=1")
    assert list(rows_of(first, ask, path=HERE, link="next")) == [{"a": 1}, {"b": 2}, {}]
    assert asked == ["connectors?$skiptoken=1"]


def test_pages_without_end_are_no_list() -> None:
    again = page([{}], "https://a.example/api/again")
    with pytest.raises(ServiceFailed, match="more than 100 pages") as caught:
        list(rows_of(again, lambda _: again, path=HERE, link="next"))
    assert "connector-id" in caught.value.advice
    last = iter([again] * (MOST_PAGES - 2) + [page([])])
    assert len(list(rows_of(again, lambda _: next(last), path=HERE, link="next"))) == MOST_PAGES - 1


@pytest.mark.parametrize("link", ["https://a.example/elsewhere?$skiptoken=1", "connectors?$skiptoken=1", "/api/"])
def test_a_list_that_goes_on_somewhere_else_is_not_taken_for_all_of_it(link: str) -> None:
    with pytest.raises(ServiceFailed, match="goes on"):
        list(rows_of(page([{}], link), lambda _: page([]), path=HERE, link="next"))


def test_all_pages_together_are_as_large_as_one_answer_may_be() -> None:
    large = page([{}], "https://a.example/api/again")
    large = large._replace(body=large.body.ljust(LARGEST_BODY // 3))
    asked: list[str] = []

    def ask(rest: str) -> Answer:
        asked.append(rest)
        return large

    with pytest.raises(ServiceFailed, match="64 MB"):
        list(rows_of(large, ask, path=HERE, link="next"))
    assert len(asked) == 3


@pytest.mark.parametrize("backend", Backend)
def test_a_connector_behind_more_pages_than_we_read_is_not_made_anew(
    standin: Any, connectors: Any, backend: Backend
) -> None:
    standin.backend = backend
    connectors().create("Orders", BEFORE)
    links = {Backend.DATAVERSE: ("connectors", "@odata.nextLink"), Backend.POWER_APPS: ("apis", "nextLink")}
    name, link = links[backend]
    path = "/api/data/v9.2/" if backend is Backend.DATAVERSE else "/providers/Microsoft.PowerApps/"
    endless = json.dumps({"value": [], link: f"{standin.url}{path}{name}?x=1"})
    standin.fails(f"GET .*/{name}$", "page", body=endless, times=200)
    with pytest.raises(ServiceFailed, match="more than 100 pages"):
        connectors().find("Orders")
