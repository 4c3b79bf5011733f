"""What the live connector is to us: absent, up to date, as we left it, or edited by hand."""

from __future__ import annotations

from enum import Enum

from exporter.comparison.drift import mark, same_as_live
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.plans import Record


class LiveState(Enum):
    """What the live connector is to us."""

    UNSEEN = "unseen"
    """This run did not look."""
    ABSENT = "absent"
    """There is none in the environment."""
    CURRENT = "current"
    """It is the candidate already."""
    AS_LEFT = "as-left"
    """It is what we exported last, or what a run that died was about to export."""
    EDITED = "edited"
    """It is neither: somebody edited it by hand, or made it before we came."""


def live_state(
    candidate: Connector, live: LiveConnector | None, record: Record | None, *, looked: bool, remembers: bool
) -> LiveState:
    """
    Tell what the live connector is to us.

    Where exports are not remembered (`record: none`) nobody can tell who edited what, and what lives counts as ours.
    """
    if not looked:
        return LiveState.UNSEEN
    if live is None:
        return LiveState.ABSENT
    if same_as_live(candidate, live.connector):
        return LiveState.CURRENT
    if not remembers or (record is not None and _is_of(record, live)):
        return LiveState.AS_LEFT
    return LiveState.EDITED


def _is_of(record: Record, live: LiveConnector) -> bool:
    exported = bool(record.fingerprint) and same_as_live(record.connector, live.connector)
    return exported or (bool(record.announced) and mark(live.connector) == record.announced)
