"""Whom a change hurts: by what uses the connector, what it calls, and where the change is felt."""

import pytest

from exporter.model.changes import Change, Effect, Impact, Surface
from exporter.model.usage import Hurt, Kind, Usage, User
from exporter.planning.hurting import hurting


def change(
    operation: str, surface: Surface, effect: Effect = Effect.BREAKS, impact: Impact = Impact.BREAKING
) -> Change:
    return Change("x", impact, {surface: effect}, (), "", "", "", operation=operation)


FLOW = User(Kind.FLOW, "Daily", "Ada", "1", ("Get", "List"))
OLD = User(Kind.FLOW, "Old", "Ada", "2")
APP = User(Kind.APP, "Desk", "Ada", "3")
REFERENCE = User(Kind.REFERENCE, "Live", "Ada", "4")


@pytest.mark.parametrize(
    ("user", "what", "hurt", "broken"),
    [
        (FLOW, change("List", Surface.FLOWS), Hurt.YES, ("List",)),
        (FLOW, change("List", Surface.FLOWS, Effect.BREAKS_IF_USED), Hurt.YES, ("List",)),
        (FLOW, change("Other", Surface.FLOWS), Hurt.NO, ()),
        (FLOW, change("", Surface.FLOWS), Hurt.YES, ()),
        (FLOW, change("List", Surface.APPS), Hurt.NO, ()),
        (FLOW, change("List", Surface.FLOWS, Effect.DESIGN_TIME), Hurt.NO, ()),
        (FLOW, change("List", Surface.FLOWS, impact=Impact.COMPATIBLE), Hurt.NO, ()),
        (OLD, change("List", Surface.FLOWS), Hurt.PERHAPS, ()),
        (OLD, change("List", Surface.APPS), Hurt.NO, ()),
        (APP, change("List", Surface.REFRESHED_APPS), Hurt.PERHAPS, ()),
        (APP, change("List", Surface.FLOWS), Hurt.NO, ()),
        (REFERENCE, change("", Surface.CONNECTIONS), Hurt.YES, ()),
        (REFERENCE, change("List", Surface.FLOWS), Hurt.NO, ()),
    ],
)
def test_each_is_told_what_becomes_of_it(user: User, what: Change, hurt: Hurt, broken: tuple[str, ...]) -> None:
    (told,) = hurting(Usage((user,)), [what]).users
    assert (told.hurt, told.broken) == (hurt, broken)


def test_those_who_are_hurt_come_first() -> None:
    told = hurting(Usage((REFERENCE, OLD, FLOW), ("No.",)), [change("Get", Surface.FLOWS)])
    assert [user.name for user in told.users] == ["Daily", "Old", "Live"]
    assert told.unread == ("No.",)
