"""What the live connector is to us: absent, up to date, as we left it, or edited by hand."""

from __future__ import annotations

from enum import Enum

from exporter.comparison.drift import mark, same_as_live
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.plans import Record

MOST_MARKS = 16
"""More runs than that do not die in a row; the record takes 2,000 letters."""


class LiveState(Enum):
    """What the live connector is to us."""

    UNSEEN = "unseen"
    """This run did not look."""
    ABSENT = "absent"
    """There is none in the environment."""
    DELETED = "deleted"
    """There is none, though we exported it: somebody deleted it by hand."""
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
        exported = record is not None and record.fingerprint and record.connector_id
        return LiveState.DELETED if exported else LiveState.ABSENT
    if same_as_live(candidate, live.connector):
        return LiveState.AS_LEFT if _has_new_icon(candidate, record) else LiveState.CURRENT
    if not remembers or (record is not None and _is_of(record, live)):
        return LiveState.AS_LEFT
    return LiveState.EDITED


def announcement(candidate: Connector, live: LiveConnector | None, record: Record | None, state: LiveState) -> str:
    """
    Give the marks of all that may live, as our own work, from the first request of a write to its last.

    A new connector lives without its script for a moment. What earlier runs announced stays: they may have died after
    their write, or be at it right now. What somebody edited is not among them, however often its overwriting breaks off.
    """
    ours = record.announced.split() if record is not None else []
    if live is None and candidate.script:
        ours.append(mark(candidate._replace(script="")))
    if live is not None and state is LiveState.AS_LEFT:
        ours.append(mark(live.connector))
    ours.append(mark(candidate))
    return " ".join(list(dict.fromkeys(reversed(ours)))[MOST_MARKS - 1 :: -1])


def kept_icon(record: Record | None) -> bytes:
    """Give the icon that lives, which the platform does not give back as it was; empty where it is not known."""
    return record.connector.icon if record is not None and record.fingerprint and not record.announced else b""


def _has_new_icon(candidate: Connector, record: Record | None) -> bool:
    return record is not None and bool(candidate.icon) and candidate.icon != kept_icon(record)


def _is_of(record: Record, live: LiveConnector) -> bool:
    lives = mark(live.connector)
    exported = bool(record.fingerprint) and mark(record.connector) == lives
    return exported or lives in record.announced.split()
