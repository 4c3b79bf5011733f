"""Applying: steps in their order, the first failure ends it, remembering comes last."""

from collections.abc import Mapping
from typing import get_args

from exporter.applying.apply import KINDS, apply
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import ServiceRefused
from exporter.model.plans import (
    NO_PLAN,
    AnnounceWrite,
    CreateConnector,
    PublishBundle,
    Record,
    RememberExport,
    SaveLiveConnector,
    State,
    Step,
    UpdateConnector,
    WriteBundle,
)
from exporter.ports import Origin, PublishedArtifact, World
from exporter.reporting.words import STEPS

CONNECTOR = Connector({"swagger": "2.0"}, {})
RECORD = Record("f" * 64, CONNECTOR)
FILES = {"a.txt": b"a"}


class FakeWorld:
    """Remembers what it was asked, and refuses what it is told to refuse."""

    place = "the fake"

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.asked: list[str] = []
        self.remembered: list[Record] = []

    def world(self) -> World:
        return World(self, Origin(), records=self, artifacts=self, connectors=self)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what == self.refuses:
            raise ServiceRefused(f"No {what} today.", advice="Ask again tomorrow.")

    def exists(self, path: str) -> bool:
        return False

    def read(self, path: str = "") -> bytes:
        raise AssertionError(path)

    def write(self, path: str, content: bytes) -> None:
        self._ask(f"write {path}")

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        self._ask(f"folder {path}")

    def publish(self, name: str, files: Mapping[str, bytes], retention_days: int) -> PublishedArtifact:
        self._ask(f"publish {name}")
        return PublishedArtifact("7", "https://a.example/7", "sha256:0")

    def remember(self, record: Record) -> None:
        self._ask("remember")
        self.remembered.append(record)

    def find(self, name: str, connector_id: str = "") -> LiveConnector | None:
        return None

    def create(self, name: str, connector: Connector) -> LiveConnector:
        self._ask(f"create {name}")
        return LiveConnector("id-1", "shared_x", name, connector, url="https://e.example")

    def update(self, live_id: str, connector: Connector, live: Connector, version: str) -> LiveConnector:
        self._ask(f"update {live_id} {version}")
        return LiveConnector(live_id, "shared_x", "Orders", connector)

    def icon(self, live_id: str) -> bytes:
        raise AssertionError(live_id)


def run(*steps: Step, refuses: str = ""):  # type: ignore[no-untyped-def]  # noqa: ANN201
    fake = FakeWorld(refuses)
    return fake, apply(NO_PLAN._replace(steps=steps), "express", fake.world())  # type: ignore[arg-type]


def test_every_step_is_done_in_its_order() -> None:
    fake, report = run(
        SaveLiveConnector("out/live", "live", FILES),
        AnnounceWrite(RECORD),
        UpdateConnector("id-1", "Orders", CONNECTOR, CONNECTOR, "v1"),
        WriteBundle("out/bundle", FILES),
        PublishBundle("orders", FILES, 3),
        RememberExport(RECORD),
    )
    assert fake.asked == [
        "folder out/live",
        "publish live",
        "remember",
        "update id-1 v1",
        "folder out/bundle",
        "publish orders",
        "remember",
    ]
    assert {outcome.state for outcome in report.outcomes} == {State.DONE}
    assert report.outputs["artifact-digest"] == "sha256:0"
    assert report.problem is None


def test_a_new_connectors_id_is_told_and_remembered() -> None:
    fake, report = run(CreateConnector("Orders", CONNECTOR), RememberExport(RECORD))
    assert report.outputs == {"connector-id": "id-1", "connector-url": "https://e.example"}
    assert fake.remembered == [RECORD._replace(connector_id="id-1")]


def test_nothing_is_remembered_when_publishing_fails() -> None:
    fake, report = run(
        WriteBundle("out/bundle", FILES),
        PublishBundle("orders", FILES),
        RememberExport(RECORD),
        refuses="publish orders",
    )
    assert fake.remembered == []
    assert [outcome.state for outcome in report.outcomes] == [State.DONE, State.FAILED, State.SKIPPED]
    assert isinstance(report.problem, ServiceRefused)


def test_nothing_is_written_when_it_cannot_be_announced() -> None:
    fake, report = run(AnnounceWrite(RECORD), CreateConnector("Orders", CONNECTOR), refuses="remember")
    assert fake.asked == ["remember"]
    assert [outcome.state for outcome in report.outcomes] == [State.FAILED, State.SKIPPED]


def test_every_step_has_a_name_and_words() -> None:
    assert set(KINDS) == set(get_args(Step))
    assert set(KINDS.values()) < set(STEPS)
