"""What shall live in the environment: the candidate, with what the environment has its own of."""

from __future__ import annotations

from exporter.model.connectors import Connector, LiveConnector
from exporter.model.plans import Record
from exporter.planning.live import LiveState
from exporter.security.oauth import SIGN_IN, client_ids, secret_takers, with_own_of
from exporter.settings.settings import Settings

_SUBJECT = frozenset({"Subject"})
"""Of a managed identity: the platform makes it, and it is sent back as it is."""


def wanted(candidate: Connector, live: LiveConnector | None, record: Record | None, settings: Settings) -> Connector:
    """
    Give the candidate as it shall live: with the client ids that the environment has, unless somebody says otherwise.

    The input `client-id` says so, and so does a repository that changed them since the last export.
    """
    if live is None:
        return candidate
    exported = record.connector.properties if record is not None and record.fingerprint else candidate.properties
    said = settings.security.client_id or client_ids(exported) != client_ids(candidate.properties)
    names = _SUBJECT if said else _SUBJECT | {"clientId"}
    own = with_own_of(candidate.properties, live.connector.properties, names)
    return candidate if own == candidate.properties else candidate._replace(properties=own)


def rotates(connector: Connector, settings: Settings, state: LiveState) -> bool:
    """Tell whether a new secret is asked for, and there is a live connector that it can be written into."""
    return (
        settings.security.rotate_secret
        and state not in {LiveState.ABSENT, LiveState.DELETED, LiveState.UNSEEN}
        and bool(secret_takers(connector.properties))
    )


def without_sign_in(connector: Connector) -> Connector:
    """Give a connector as if the platform had kept nothing of its sign-in: then all of it is sent, secret included."""
    kept = {name: value for name, value in connector.properties.items() if name not in SIGN_IN}
    return connector._replace(properties=kept)
