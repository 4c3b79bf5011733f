"""What both back ends promise, and say in the same words where they cannot keep it."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.edges.powerplatform.columns import different
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import EditedByHand, ServiceFailed, ServiceRefused, WrongInputs
from exporter.model.json_values import Object
from exporter.security.oauth import needs_secret

_LONGEST_NAME = 200
_SHOWN = 20


def called(name: str, display_name: str) -> bool:
    """Tell whether people would take two names for one; services compare without regard to case or blanks at the end."""
    return name.strip().casefold() == display_name.strip().casefold()


def only_one(found: Sequence[LiveConnector], name: str) -> LiveConnector | None:
    """Give the one that is meant, None where there is none."""
    meant = tuple(one for one in found if one.display_name == name) or tuple(found)
    if len(meant) > 1:
        raise ServiceRefused(
            f"There are {len(meant)} connectors named {name!r}: {', '.join(one.id for one in meant[:_SHOWN])}.",
            advice="Say which one with `connector-id`.",
        )
    return meant[0] if meant else None


def check_name(name: str) -> None:
    """Raise WrongInputs for a name that no connector can have."""
    if not name or len(name) > _LONGEST_NAME:
        raise WrongInputs(f"The name of a connector has 1 to {_LONGEST_NAME} characters.", advice="Set `name`.")


def no_id(connector_id: str) -> WrongInputs:
    """Make the error for what is neither of the ids that a connector has."""
    return WrongInputs(
        f"`connector-id` is neither the id of a connector's row nor its internal id: {connector_id!r}.",
        advice="pac connector list shows the ids; an internal id begins with shared_.",
    )


def check_secret(properties: Object, secret: str) -> None:
    """Raise ServiceRefused where sign-in settings are about to be written without the secret that belongs to them."""
    if not secret and needs_secret(properties):
        raise ServiceRefused(
            "The connector's sign-in settings must be written, and the platform never gives back the client secret "
            "that belongs to them: without it, every new connection would fail.",
            advice="Supply it as `client-secret` (the secret of the connector's own app registration).",
        )


def check_kept(live: LiveConnector, expected: Connector) -> LiveConnector:
    """Give what was read back; raise ServiceFailed where it is not what was written."""
    parts = ", ".join(column.part for column in different(expected, live.connector))
    if parts:
        raise ServiceFailed(
            f"The platform accepted the connector {live.id}, but what it keeps differs in: {parts}.",
            advice="Run again: somebody else may have written at the same moment. If it comes back, open the connector "
            "in the maker portal and compare these parts.",
        )
    return live


def overtaken(live_id: str, last: str) -> EditedByHand:
    """Make the error for a connector that somebody wrote since it was read; `last` is when."""
    return EditedByHand(
        f"Somebody changed the connector {live_id} while this run was about to write it (last at {last}). "
        "Nothing was overwritten.",
        advice="Run again: the next run compares with what is there now.",
    )
