"""What differs between two versions of a connector, and what that does to the people who build on it."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from exporter.model.json_values import Json
from exporter.model.pointers import Pointer


class Impact(Enum):
    """What one change does to makers."""

    COMPATIBLE = "compatible"
    BREAKING = "breaking"


class Verdict(Enum):
    """The worst impact of all changes."""

    NONE = "none"
    COMPATIBLE = "compatible"
    BREAKING = "breaking"
    UNKNOWN = "unknown"


class Surface(Enum):
    """Where makers meet the connector."""

    FLOWS = "flows"
    APPS = "apps"
    """Canvas apps as they are published: they hold a snapshot of the definition."""
    REFRESHED_APPS = "refreshed-apps"
    """Canvas apps once a maker refreshes the data source in Power Apps Studio."""
    CONNECTIONS = "connections"
    LOGIC_APPS = "logic-apps"
    AGENTS = "agents"


class Effect(Enum):
    """What a change does on one surface, the worst first; a surface that is not named is not touched."""

    BREAKS = "breaks"
    """Existing things fail at run time, or at the next save or import."""
    BREAKS_IF_USED = "breaks-if-used"
    """Only those that use it so, or only when what the API sends really changes."""
    DESIGN_TIME = "design-time"
    """Existing runs go on; the next edit or refresh shows errors."""
    LABEL = "label"
    """Names and help texts only."""


class When(Enum):
    """When makers notice a change."""

    NOW = "at-once"
    """The moment the connector is updated."""
    RUN = "next-run"
    EDIT = "next-edit"
    """When they edit, save or refresh what they built."""
    NEW = "new-only"
    """In new things only."""
    NEVER = "never"


class Side(Enum):
    """Who made a change, where the live connector was edited by hand; both seen from what was exported last."""

    REPOSITORY = "repository"
    PORTAL = "portal"
    BOTH = "both"


class Acceptance(NamedTuple):
    """Why somebody accepted a change on purpose, and for how long."""

    reason: str
    until: str
    """The last day on which it counts, as `2027-01-31`."""


class Change(NamedTuple):
    """One difference between the baseline and the candidate."""

    id: str
    """Stable; a heading in docs/changes.md."""
    impact: Impact
    surfaces: Mapping[Surface, Effect]
    pointer: Pointer
    """In the candidate's connector definition: the thing, or the nearest parent that is still there."""
    message: str
    advice: str
    fingerprint: str
    """Sixteen hex digits over rule, operation, place, before and after; free of line numbers and of message texts."""
    operation: str = ""
    """The operationId it is about, in the baseline where it was there; empty for the connector as a whole."""
    operations: tuple[str, ...] = ()
    """The operations that this one cause touches, the first thousand by name."""
    before: Json = None
    after: Json = None
    part: str = "definition"
    """Which file of the connector the pointers lead into: `definition`, `properties`, `icon` or `script`."""
    old_pointer: Pointer | None = None
    """In the baseline's connector definition; None where it was not there."""
    when: When = When.NEVER
    """When makers notice."""
    place: tuple[str, ...] = ()
    """Names from the operation down to the thing, free of names of definitions: `("body", "order", "total")`."""
    accepted: Acceptance | None = None
    """Where it was accepted on purpose: it stays visible, and out of the verdict."""
    side: Side | None = None
    """Who made it; None where nobody asked: only of what was edited by hand in the live connector."""
    conflict: bool = False
    """Whether the repository and somebody in the portal changed the same thing, each in their way."""
