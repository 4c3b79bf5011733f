"""What a live connector is to us, as a table."""

import pytest

from exporter.comparison.drift import mark
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.plans import Record
from exporter.planning.live import LiveState, announcement, kept_icon, live_state


def connector(title: str) -> Connector:
    return Connector({"swagger": "2.0", "info": {"title": title}}, {})


OLD, NEW, OTHER = connector("old"), connector("new"), connector("other")
EXPORTED = Record("f" * 64, OLD)
DRAWN = NEW._replace(icon=b"new")
ANNOUNCED = EXPORTED._replace(announced=mark(OTHER))
FIRST = Record("", OTHER, announced=mark(OTHER))


@pytest.mark.parametrize(
    ("live", "record", "looked", "remembers", "state"),
    [
        (None, None, False, True, LiveState.UNSEEN),
        (None, EXPORTED, True, True, LiveState.ABSENT),
        (NEW, None, True, True, LiveState.CURRENT),
        (NEW, EXPORTED, True, True, LiveState.CURRENT),
        (OLD, EXPORTED, True, True, LiveState.AS_LEFT),
        (OTHER, EXPORTED, True, True, LiveState.EDITED),
        (OTHER, None, True, True, LiveState.EDITED),
        (OTHER, None, True, False, LiveState.AS_LEFT),
        (OTHER, ANNOUNCED, True, True, LiveState.AS_LEFT),
        (OLD, ANNOUNCED, True, True, LiveState.AS_LEFT),
        (OTHER, FIRST, True, True, LiveState.AS_LEFT),
        (OLD, FIRST, True, True, LiveState.EDITED),
    ],
)
def test_every_state(
    live: Connector | None,
    record: Record | None,
    looked: bool,
    remembers: bool,
    state: LiveState,
) -> None:
    found = None if live is None else LiveConnector("1", "", "Orders", live)
    assert live_state(NEW, found, record, looked=looked, remembers=remembers) is state


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (None, LiveState.CURRENT),
        (Record("f", DRAWN), LiveState.CURRENT),
        (Record("f", NEW), LiveState.AS_LEFT),
        (Record("f", DRAWN, announced="x"), LiveState.AS_LEFT),
    ],
)
def test_an_icon_that_may_not_live_yet_is_a_reason_to_write(record: Record | None, state: LiveState) -> None:
    live = LiveConnector("1", "", "Orders", NEW)
    assert live_state(DRAWN, live, record, looked=True, remembers=True) is state


def test_an_icon_is_known_only_of_an_export_that_came_to_its_end() -> None:
    assert kept_icon(Record("f", DRAWN)) == b"new"
    assert kept_icon(None) == kept_icon(Record("", DRAWN)) == kept_icon(Record("f", DRAWN, announced="x")) == b""


def test_a_new_connector_is_announced_with_and_without_its_script() -> None:
    scripted = NEW._replace(script="// C#")
    assert announcement(scripted, None, None, LiveState.ABSENT).split() == [mark(NEW), mark(scripted)]


def test_what_somebody_edited_is_never_announced_as_ours_and_the_rest_is_bounded() -> None:
    live = LiveConnector("1", "", "Orders", OTHER)
    announced = announcement(NEW, live, EXPORTED._replace(announced="a b"), LiveState.EDITED)
    assert announced.split() == ["a", "b", mark(NEW)]
    long = EXPORTED._replace(announced=" ".join(f"{number:064}" for number in range(99)))
    kept = announcement(NEW, live, long, LiveState.AS_LEFT).split()
    assert (len(kept), kept[-2:]) == (16, [mark(OTHER), mark(NEW)])
    assert len(" ".join(kept)) < 2000
