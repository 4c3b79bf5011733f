"""Puts into words who uses a connector, and whom a plan hurts."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.model.plans import Plan
from exporter.model.usage import Hurt, Kind, User
from exporter.reporting.words import listed

KINDS: Mapping[Kind, str] = {Kind.FLOW: "flow", Kind.APP: "app", Kind.REFERENCE: "connection reference"}
_OPERATIONS = 5


def split_users(plan: Plan) -> tuple[tuple[User, ...], tuple[User, ...]]:
    """Give those that the plan hurts, or may hurt, and the others."""
    users = plan.usage.users if plan.usage is not None else ()
    hurt = tuple(user for user in users if user.hurt is not Hurt.NO)
    return hurt, users[len(hurt) :]


def unread(plan: Plan) -> tuple[str, ...]:
    """Give what could not be read about who uses the connector."""
    return plan.usage.unread if plan.usage is not None else ()


def fate(user: User) -> str:
    """
    Say what becomes of one of them.

    >>> fate(User(Kind.FLOW, "Daily", "Ada", "1", ("List", "Get"), hurt=Hurt.YES, broken=("List",)))
    'breaks: it calls List'
    >>> fate(User(Kind.APP, "Shop", "Ada", "2", hurt=Hurt.PERHAPS))
    'uses the connector; which operations, only its owner can see'
    """
    if user.hurt is Hurt.PERHAPS:
        return "uses the connector; which operations, only its owner can see"
    more = len(user.broken) - _OPERATIONS
    names = [*user.broken[:_OPERATIONS], *([f"{more} more"] if more > 0 else [])]
    switched = "" if user.active else " (it is switched off)"
    if user.hurt is Hurt.YES:
        return f"breaks{switched}{': it calls ' + listed(names) if names else ''}"
    return f"goes on{switched}"
