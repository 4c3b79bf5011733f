"""Whatever single request fails however, there is one connector and it is the right one; and so after the next run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from exporter.edges.http import Http, Patience
from exporter.edges.http_trouble import MaybeDone
from exporter.edges.powerplatform.columns import different
from exporter.edges.powerplatform.opening import open_connectors
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import EditedByHand, ServiceFailed
from exporter.planning.wanted import without_sign_in
from exporter.settings.settings import NO_SECRET, Backend

BEFORE = Connector(
    definition={
        "swagger": "2.0",
        "info": {"title": "Orders", "version": "1"},
        "host": "api.contoso.com",
        "schemes": ["https"],
        "paths": {"/a": {"get": {"operationId": "A", "responses": {"200": {"description": "ok"}}}}},
    },
    properties={"connectionParameters": {}, "iconBrandColor": "#123456", "scriptOperations": ["A"]},
    script="public class Script : ScriptBase {}",
)
AFTER = BEFORE._replace(definition={**BEFORE.definition, "host": "api2.contoso.com"}, script="// another")
STORIES = {
    (Backend.DATAVERSE, "create"): (
        "POST token",
        "GET connectors",
        "GET solutions",
        "POST connectors",
        "PATCH script",
        "GET connectors",
    ),
    (Backend.DATAVERSE, "update"): ("POST token", "GET connectors", "PATCH connectors", "GET connectors"),
    (Backend.POWER_APPS, "create"): (
        "POST token",
        "GET apis",
        "POST storage",
        "PUT script",
        "POST apis",
        "GET apis to count",
        "GET api",
        "GET swagger",
        "GET script",
    ),
    (Backend.POWER_APPS, "update"): (
        "POST token",
        "GET apis",
        "GET api",
        "GET swagger",
        "GET script",
        "POST storage",
        "PUT script",
        "GET api again",
        "PATCH api",
        "GET api",
        "GET swagger",
        "GET script",
    ),
}
PLACES = [(*story, number) for story, requests in STORIES.items() for number in range(len(requests))]
KINDS = ("429", "500", "503", "drop-before", "drop-after")


def _export(door: Any, wanted: Connector) -> LiveConnector:
    """Do what a run does."""
    live = door.find("Orders")
    if live is None:
        return door.create("Orders", wanted)
    return door.update(live.id, wanted, live.connector, live.version)


def _assert_exactly(standin: Any, connectors: Any, wanted: Connector) -> None:
    assert len(standin.rows) == 1
    assert different(wanted, connectors().find("Orders").connector) == ()
    assert len({row["columns"]["name"] for row in standin.rows}) == 1


@pytest.fixture
def start(standin: Any, connectors: Any, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Bring the stand-in to the beginning of a story, through the door that the story is about."""

    def begin(backend: Backend, story: str) -> None:
        standin.backend = backend
        if story == "update":
            _export(connectors(), BEFORE)
        standin.tell("faults", [])

    return begin


def _solution(backend: Backend) -> str:
    return "contoso" if backend is Backend.DATAVERSE else ""


@pytest.mark.parametrize(("backend", "story"), STORIES)
def test_the_stories_are_as_long_as_we_think(
    standin: Any, connectors: Any, start: Any, backend: Backend, story: str
) -> None:
    start(backend, story)
    _export(connectors(solution=_solution(backend)), AFTER)
    assert len(standin.requests) == len(STORIES[backend, story])


def _id(place: tuple[Backend, str, int]) -> str:
    backend, story, number = place
    return f"{backend.value}-{story}-{number}-{STORIES[backend, story][number]}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES, ids=_id)
def test_one_request_that_fails_is_survived(
    standin: Any, connectors: Any, start: Any, place: tuple[Backend, str, int], kind: str
) -> None:
    backend, story, number = place
    start(backend, story)
    standin.fails(".", kind, skip=number)
    _export(connectors(solution=_solution(backend)), AFTER)
    _assert_exactly(standin, connectors, AFTER)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES, ids=_id)
def test_the_run_after_one_that_broke_off_puts_it_right(
    standin: Any, connectors: Any, start: Any, place: tuple[Backend, str, int], kind: str
) -> None:
    backend, story, number = place
    start(backend, story)
    standin.fails(".", kind, skip=number, times=99)
    with pytest.raises(ServiceFailed):
        _export(connectors(solution=_solution(backend)), AFTER)
    standin.tell("faults", [])
    _export(connectors(solution=_solution(backend)), AFTER)
    _assert_exactly(standin, connectors, AFTER)


@pytest.mark.parametrize("lost", ["POST .*/connectors$", "PATCH "])
def test_a_write_that_was_accepted_but_not_done_is_noticed(standin: Any, connectors: Any, lost: str) -> None:
    standin.fails(lost, "lost")
    with pytest.raises(ServiceFailed):
        _export(connectors(), BEFORE)
    _export(connectors(), BEFORE)
    _assert_exactly(standin, connectors, BEFORE)


def test_a_lost_answer_is_not_taken_for_ours_when_somebody_else_wrote(standin: Any, connectors: Any) -> None:
    _export(connectors(), BEFORE)
    door = connectors()
    live = door.find("Orders")
    standin.tell("edit", {"displayname": "Orders", "columns": {"description": "by hand"}})
    standin.fails("PATCH ", "drop-before")
    with pytest.raises(EditedByHand):
        door.update(live.id, AFTER, live.connector, live.version)
    assert sum("PATCH" in line for line in standin.requests) == 1


def test_two_runs_at_once_make_one_connector(standin: Any, connectors: Any) -> None:
    first, second = connectors(), connectors()
    assert (first.find("Orders"), second.find("Orders")) == (None, None)
    first.create("Orders", BEFORE)
    with pytest.raises(Exception, match="another run"):
        second.create("Orders", BEFORE)
    assert len(standin.rows) == 1


def test_a_throttled_service_is_given_the_time_it_asks_for(standin: Any) -> None:
    slept: list[float] = []
    told: list[str] = []
    http = Http(sleep=slept.append, tell=told.append)
    standin.fails("GET ", "429", retry_after=17)
    assert http.request("GET", f"{standin.url}/runner/id-token?sig=hidden", service="The runner").status == 401
    http.close()
    assert slept == [17]
    assert told == ["The runner, GET 127.0.0.1/runner/id-token: answered 429; try 2 of 5 in 17 s"]
    assert "hidden" not in json.dumps(told)


def test_a_service_that_falls_silent_is_asked_again(standin: Any) -> None:
    http = Http(Patience(tries=2, base_delay=0.001, silence=0.5))
    standin.fails("GET ", "slow", seconds=1.5)
    assert http.request("GET", f"{standin.url}/runner/id-token").status == 401
    standin.fails("GET ", "slow", seconds=1.5, times=2)
    with pytest.raises(ServiceFailed, match="took too long"):
        http.request("GET", f"{standin.url}/runner/id-token")
    http.close()


@pytest.fixture
def hasty() -> Iterator[Http]:
    client = Http(Patience(tries=5, base_delay=0.1, longest_delay=0.8, silence=0.25, total=20))
    yield client
    client.close()


@pytest.mark.parametrize("backend", Backend)
@pytest.mark.parametrize("story", ["create", "update"])
def test_a_write_that_is_carried_out_late_is_not_carried_out_twice(
    standin: Any, connectors: Any, hasty: Http, start: Any, backend: Backend, story: str
) -> None:
    start(backend, story)
    method = "POST" if story == "create" else "PATCH"
    standin.fails(f"{method} .*/(connectors|apis)", "slow", seconds=0.5)
    door = open_connectors(standin.deployer, NO_SECRET, standin.environ, hasty, lambda _: None)
    wanted = AFTER._replace(script="", properties={**AFTER.properties, "scriptOperations": []})
    _export(door, wanted)
    time.sleep(0.6)
    _assert_exactly(standin, connectors, wanted)


def test_a_create_that_may_be_at_work_still_is_not_sent_again(standin: Any, connectors: Any, hasty: Http) -> None:
    standin.backend = Backend.POWER_APPS
    standin.fails("POST .*/apis$", "504", times=9)
    with pytest.raises(MaybeDone, match=r"answered 504\.$"):  # and nothing of several tries
        connectors().create("Orders", BEFORE)
    assert sum(line.startswith("POST") and line.endswith("504") for line in standin.requests) == 1
    standin.fails("POST .*/apis$", "hold")
    door = open_connectors(standin.deployer, NO_SECRET, standin.environ, hasty, lambda _: None)
    with pytest.raises(MaybeDone, match="took too long"):
        door.create("Orders", BEFORE)
    assert sum(line.startswith("GET") for line in standin.requests) > 2
    assert standin.rows == []
    standin.tell("release", {})
    patient = time.monotonic() + 30
    while not standin.rows and time.monotonic() < patient:
        time.sleep(0.01)
    assert len(standin.rows) == 1


@pytest.mark.parametrize("icon", [b"", b"\x89PNG\r\n\x1a\n another"])
def test_a_version_that_is_ours_already_is_no_stranger(standin: Any, connectors: Any, icon: bytes) -> None:
    made = connectors().create("Orders", BEFORE)
    wanted = BEFORE._replace(icon=icon) if icon else AFTER
    standin.fails("PATCH", "page", status=412, body={"error": {"code": "0x80060882"}}, done=True)
    if icon:  # nobody can tell whose icon it is
        with pytest.raises(EditedByHand):
            connectors().update(made.id, wanted, made.connector, made.version)
    else:
        connectors().update(made.id, wanted, made.connector, made.version)
        _assert_exactly(standin, connectors, AFTER)


def test_a_secret_that_somebody_got_ahead_of_is_not_taken_for_written(standin: Any, connectors: Any) -> None:
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "oauth2", "clientId": "id"}}
    wanted = BEFORE._replace(properties={**BEFORE.properties, "connectionParameters": {"token": token}})
    connectors("old").create("Orders", wanted)
    door = connectors("new")
    live = door.find("Orders")
    standin.tell("edit", {"displayname": "Orders", "columns": {"iconblob": "iVBORw0KGgo="}})
    with pytest.raises(EditedByHand):
        door.update(live.id, wanted, without_sign_in(live.connector), live.version)
    assert [one for row in standin.rows for one in row["secrets"].values()] == ["old"]


@pytest.mark.parametrize("body", ["<html>Please sign in to the network</html>", "[]", '{"value": null}', "{}", ""])
def test_an_answer_of_somebody_else_is_not_taken_for_no_connector(standin: Any, connectors: Any, body: str) -> None:
    standin.fails("GET .*/connectors$", "page", body=body)
    with pytest.raises(ServiceFailed, match="answer"):
        _export(connectors(), BEFORE)
    assert standin.rows == []


def test_the_token_stays_with_the_environment_whatever_the_next_page_is(standin: Any, connectors: Any) -> None:
    page = {"value": [], "@odata.nextLink": "https://elsewhere.example/api/data/v9.2/connectors?$skiptoken=0"}
    _export(connectors(), BEFORE)
    standin.fails("GET .*/connectors$", "page", body=json.dumps(page))
    assert connectors().find("Orders") is not None


@pytest.mark.parametrize("backend", Backend)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_redirect_to_another_host_is_no_answer(standin: Any, connectors: Any, backend: Backend, method: str) -> None:
    standin.backend = backend
    connectors().create("Orders", BEFORE)
    door = connectors()
    live = door.find("Orders")
    standin.fails(method, "page", status=302, headers={"Location": "https://elsewhere.invalid/"}, times=9)
    with pytest.raises(ServiceFailed, match="elsewhere|no answer") as caught:
        door.update(live.id, AFTER, live.connector, live.version)
    assert "proxy" in caught.value.advice
    assert len([line for line in standin.requests if line.startswith(method)]) == 1
