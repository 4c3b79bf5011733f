"""A run may die between any two requests, or meet another: the next run puts it right, and there is one connector."""

import json
import os
import threading
import time
from typing import Any, TypeAlias

import pytest

from tests.end_to_end.conftest import Express, Forker, Runner, definition
from tests.github.test_artifacts import FakeRunner, runtime_token

SCRIPT = "public class Script : ScriptBase {}"
STORIES: dict[tuple[str, str], tuple[str, ...]] = {
    ("dataverse", "create"): ("POST token", "GET connectors", "POST connectors", "PATCH script", "GET connectors"),
    ("dataverse", "update"): ("POST token", "GET connectors", "POST batch", "PATCH connectors", "GET connectors"),
    ("powerapps", "create"): (
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
    ("powerapps", "update"): (
        "POST token",
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
Place: TypeAlias = tuple[str, str, int]
"""A door, a story, and the number of one of its requests."""
PLACES = [(*key, number) for key, requests in STORIES.items() for number in range(len(requests))]
SHORTEST = {"dataverse": 4, "powerapps": 7}
DROPS = ("drop-before", "drop-after")
EVERY_SO_MANY = {"dataverse": 3, "powerapps": 7}
"""Of the many cases of each door, these are tried, so that most requests are; with EVERYTHING=1 in the environment, all are."""


def request_of(place: Place) -> str:
    return STORIES[place[:2]][place[2]]


def sampled(cases: list[Any]) -> list[Any]:
    """Give some cases of each door; all of them where somebody asks for it."""
    all_of_them = bool(os.environ.get("EVERYTHING"))
    return [
        case
        for door, every in EVERY_SO_MANY.items()
        for case in [case for case in cases if case[0][0] == door][:: 1 if all_of_them else every]
    ]


def named(value: Any) -> str:
    return f"{value[0]}-{value[1]}-{value[2]}-{request_of(value)}" if isinstance(value, tuple) else value


ASKED_OF_GITHUB = {"create": 7, "update": 8}
"""The ref, its file where there is one, and three requests each to announce and to remember."""


@pytest.fixture(autouse=True)
def script(express: Express) -> None:
    (express.runner.workspace / "script.csx").write_text(SCRIPT)
    express.inputs["script"] = "script.csx"


class Stopper:
    """
    Keeps the answer to one request to the fake GitHub until the one who asks is dead.

    After its effect is enough: nothing happens between one request's effect and the next request.
    """

    def __init__(self, github: Any) -> None:
        self._inner = github.server.answer
        self._left = -1
        self.reached, self._dead = threading.Event(), threading.Event()
        github.server.answer = self.answer

    def arm(self, number: int) -> None:
        self._left = number
        self.reached.clear()
        self._dead.clear()

    def release(self) -> None:
        self._dead.set()

    def answer(self, request: Any) -> Any:
        mine, self._left = self._left == 0, self._left - 1
        said = self._inner(request)
        if mine:
            self.reached.set()
            self._dead.wait(20)
        return said


def until(reached: Any) -> None:
    end = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


def kill_at_dataverse(express: Express, document: Any, number: int, kind: str) -> None:
    express.standin.fails(".", kind, skip=number, times=99)
    express.start(document)
    until(lambda: any("dropped" in line for line in express.standin.requests))
    assert express.forker.kill()
    express.standin.tell("faults", [])


def kill_at_github(express: Express, stopper: Stopper, document: Any, number: int) -> None:
    stopper.arm(number)
    express.start(document)
    assert stopper.reached.wait(20)
    assert express.forker.kill()
    stopper.release()


def assert_right(express: Express, document: Any, record: Any) -> None:
    """Run, and look at all that there is."""
    done = express.run(document)
    assert (done.code, done.outputs["drift"]) == (0, "false"), done.log
    assert json.loads(express.live["openapidefinition"]) == document
    assert express.live["customcodeblobcontent"] == SCRIPT
    remembered = record()
    assert (remembered["announced"], remembered["definition"]) == ("", document)
    assert remembered["connector_id"] == express.id
    assert remembered["fingerprint"] == done.outputs["fingerprint"]
    after = express.run()
    assert [after.outputs[name] for name in ("changed", "drift", "exported")] == ["false"] * 3


def of_file(express: Express) -> Any:
    return json.loads((express.runner.workspace / "last.json").read_bytes())


def of_ref(github: Any) -> Any:
    (ref,) = github.git("for-each-ref", "--format=%(refname)").decode().split()
    return json.loads(github.git("cat-file", "blob", f"{ref}:record.json"))


@pytest.mark.parametrize(
    ("place", "kind", "after"),
    sampled([(place, kind, after) for place in PLACES for kind in DROPS for after in ("same", "twice")]),
    ids=named,
)
def test_killed_at_any_request(express: Express, place: Place, kind: str, after: str) -> None:
    door, story, number = place
    express.take(door)
    if story == "update":
        express.run(definition("Old"))
    kill_at_dataverse(express, definition("One"), number, kind)
    if after == "twice":
        # The second run may find a connector where the first found none; then it asks for less, and comes to its end.
        shorter = min(number, SHORTEST[door])
        other_side = {"drop-before": "drop-after", "drop-after": "drop-before"}[kind]
        kill_at_dataverse(express, definition("Two"), shorter, other_side)
    assert_right(express, definition("One" if after == "same" else "Three"), lambda: of_file(express))


@pytest.mark.parametrize(
    ("story", "number"), [(story, number) for story, count in ASKED_OF_GITHUB.items() for number in range(count)]
)
def test_killed_while_it_reads_announces_or_remembers(
    express: Express, fake_github: Any, story: str, number: int
) -> None:
    express.remember_in_a_ref(fake_github)
    stopper = Stopper(fake_github)
    if story == "update":
        express.run(definition("Old"))
    kill_at_github(express, stopper, definition("One"), number)
    kill_at_github(express, stopper, definition("Two"), number)
    assert_right(express, definition("Three"), lambda: of_ref(fake_github))


@pytest.mark.parametrize(("place", "kind"), sampled([(place, "drop-after") for place in PLACES]), ids=named)
def test_killed_at_any_request_with_a_ref(express: Express, fake_github: Any, place: Place, kind: str) -> None:
    door, story, number = place
    express.take(door)
    express.remember_in_a_ref(fake_github)
    if story == "update":
        express.run(definition("Old"))
    kill_at_dataverse(express, definition("One"), number, kind)
    assert_right(express, definition("Two"), lambda: of_ref(fake_github))


@pytest.mark.parametrize("method", ["CreateArtifact", "PUT", "FinalizeArtifact"])
def test_manual_killed_between_bundle_artifact_and_record(
    forkers: tuple[Forker, Forker], runner: Runner, serve: Any, said: Any, method: str
) -> None:
    store = FakeRunner(serve, said)
    inner, reached, dead = store.server.answer, threading.Event(), threading.Event()

    def answer(request: Any) -> Any:
        done = inner(request)
        if not reached.is_set() and (request.method == method or request.path.endswith(method)):
            reached.set()
            dead.wait(20)
        return done

    store.server.answer = answer
    service = {"ACTIONS_RESULTS_URL": store.server.url, "ACTIONS_RUNTIME_TOKEN": runtime_token()}
    (runner.workspace / "api.json").write_text(json.dumps(definition()))
    inputs = {"definition": "api.json", "record": "file:last.json"}
    forkers[0].start(runner, service, **inputs)
    assert reached.wait(20)
    assert forkers[0].kill()
    dead.set()
    assert not (runner.workspace / "last.json").exists()
    again = forkers[0].run(runner, {**service, "GITHUB_RUN_ATTEMPT": "2"}, **inputs)
    assert (again.code, again.outputs["exported"]) == (0, "true"), again.log
    assert store.artifacts["connector-Orders"]["digest"] == again.outputs["artifact-digest"]
    after = forkers[0].run(runner, service, **inputs)
    assert (after.code, after.outputs["changed"], after.outputs["exported"]) == (0, "false", "false")


@pytest.fixture
def other(forkers: tuple[Forker, Forker], express: Express, tmp_path: Any) -> Express:
    """Another run at the same time, with a workspace of its own."""
    folder = tmp_path / "other"
    (folder / "workspace").mkdir(parents=True)
    (folder / "workspace" / "script.csx").write_text(SCRIPT)
    second = Express(forkers[1], Runner(folder, folder / "workspace"), express.standin)
    second.inputs, second.variables = express.inputs, express.variables
    return second


@pytest.mark.parametrize(
    ("place", "record", "second_document"),
    sampled([(place, *kept) for place in PLACES for kept in (("file", "One"), ("file", "Two"), ("ref", "Two"))]),
    ids=named,
)
def test_two_runs_at_once(
    *, express: Express, other: Express, fake_github: Any, place: Place, record: str, second_document: str
) -> None:
    """The first is held up at one of its requests while the other runs from its beginning to its end."""
    door, story, number = place
    express.take(door)
    if record == "ref":
        express.remember_in_a_ref(fake_github)
    else:
        other.runner.workspace = express.runner.workspace
    if story == "update":
        express.run(definition("Old"))
    express.standin.fails(".", "hold", skip=number)
    express.start(definition("One"))
    until(lambda: express.standin.tell("state")["holds"])
    second = other.run(definition(second_document))
    express.standin.tell("release", {})
    first = express.forker.wait()
    # One wins. The other is told: its record, its version, its id or what it reads back is another's.
    assert (first.code, second.code) in {(0, 0), (5, 0), (6, 0), (7, 0), (0, 5), (0, 6)}, first.log + second.log
    assert len(express.standin.rows) == 1
    last = express if record == "file" else other
    assert_right(last, definition("Three"), lambda: of_file(express) if record == "file" else of_ref(fake_github))


@pytest.mark.parametrize("record", ["file", "ref"])
@pytest.mark.parametrize("story", ["create", "update"])
def test_one_dies_while_another_writes(
    express: Express, other: Express, fake_github: Any, record: str, story: str
) -> None:
    """Both have announced what they write; the one that could not remember it is not taken for somebody's hand."""
    if record == "ref":
        express.remember_in_a_ref(fake_github)
    else:
        other.runner.workspace = express.runner.workspace
    if story == "update":
        express.run(definition("Old"))
    express.standin.fails("(POST|PATCH) .*/connectors", "hold")
    express.start(definition("One"))
    until(lambda: express.standin.tell("state")["holds"])
    kill_at_dataverse(other, definition("Two"), {"create": 2, "update": 3}[story], "drop-before")
    express.standin.tell("release", {})
    first = express.forker.wait()
    assert (first.code, first.outputs["exported"]) == (5, "true"), first.log
    assert "in between" in first.log or "while this run" in first.log
    assert_right(express, definition("Three"), lambda: of_file(express) if record == "file" else of_ref(fake_github))


BUSY = ("429", "500", "503")
FAULTS = [(place, kind) for place in PLACES for kind in BUSY]
FAULTS += [(place, kind) for place in PLACES if request_of(place).startswith(("POST", "PATCH")) for kind in DROPS]


@pytest.mark.parametrize(("place", "kind"), sampled(FAULTS), ids=named)
def test_one_request_that_fails_is_sent_again(express: Express, place: Place, kind: str) -> None:
    door, story, number = place
    express.take(door)
    if story == "update":
        express.run(definition("Old"))
    express.standin.fails(".", kind, skip=number, retry_after=0)
    assert express.run(definition("One")).code == 0
    assert sum(line.endswith((" 429", " 500", " 503", " dropped")) for line in express.standin.requests) == 1
    assert_right(express, definition("One"), lambda: of_file(express))
