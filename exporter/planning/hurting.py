"""Tells which flows, apps and connection references a plan breaks."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.model.changes import Change, Effect, Impact, Surface
from exporter.model.usage import Hurt, Kind, Usage, User

_BREAKS = frozenset({Effect.BREAKS, Effect.BREAKS_IF_USED})
_MEETS = {
    Kind.FLOW: (Surface.FLOWS,),
    Kind.APP: (Surface.APPS, Surface.REFRESHED_APPS),
    Kind.REFERENCE: (Surface.CONNECTIONS,),
}
_ORDER = {hurt: place for place, hurt in enumerate(Hurt)}


def hurting(usage: Usage, changes: Sequence[Change]) -> Usage:
    """Give the usage with what the changes do to each user, the worst first; what was accepted hurts all the same."""
    breaks = [change for change in changes if change.impact is Impact.BREAKING]
    told = (_told(user, breaks) for user in usage.users)
    return usage._replace(
        users=tuple(sorted(told, key=lambda user: (_ORDER[user.hurt], user.kind.value, user.name, user.id)))
    )


def _told(user: User, breaks: Sequence[Change]) -> User:
    mine = [change for change in breaks if any(change.surfaces.get(one) in _BREAKS for one in _MEETS[user.kind])]
    if not mine or user.kind is Kind.REFERENCE:
        return user._replace(hurt=Hurt.YES if mine else Hurt.NO)
    if user.operations is None:
        return user._replace(hurt=Hurt.PERHAPS)
    whole = any(not (change.operation or change.operations) for change in mine)
    hit = {name for change in mine for name in (change.operation, *change.operations) if name}
    broken = tuple(name for name in user.operations if name in hit)
    return user._replace(hurt=Hurt.YES if whole or broken else Hurt.NO, broken=broken)
