"""Who uses a connector: flows, apps and connection references of its environment, and which of them a plan breaks."""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What uses a connector."""

    FLOW = "flow"
    APP = "app"
    REFERENCE = "connection-reference"


class Hurt(Enum):
    """What the plan does to one of them."""

    YES = "yes"
    PERHAPS = "perhaps"
    """It uses the connector, and what of it cannot be seen from outside."""
    NO = "no"


class User(NamedTuple):
    """One flow, app or connection reference that uses the connector."""

    kind: Kind
    name: str
    owner: str
    id: str
    operations: tuple[str, ...] | None = None
    """The operationIds that it calls; None where that cannot be seen."""
    active: bool = True
    """Whether a flow is switched on."""
    hurt: Hurt = Hurt.NO
    broken: tuple[str, ...] = ()
    """Those of its operations that the plan breaks."""


class Usage(NamedTuple):
    """All that uses a connector, as far as the deployer may see it."""

    users: tuple[User, ...] = ()
    unread: tuple[str, ...] = ()
    """What could not be read, and why; a sentence each."""
