"""What a live connector is to us, as a table."""

import pytest

from exporter.comparison.drift import mark
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.plans import Record
from exporter.planning.live import LiveState, live_state


def connector(title: str) -> Connector:
    return Connector({"swagger": "2.0", "info": {"title": title}}, {})


OLD, NEW, OTHER = connector("old"), connector("new"), connector("other")
EXPORTED = Record("f" * 64, OLD)
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
