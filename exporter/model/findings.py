"""What we noticed in the author's file: findings (a rule broken at one place) and losses (what could not be said)."""

from enum import Enum
from typing import NamedTuple

from exporter.model.changes import Acceptance
from exporter.model.pointers import Pointer


class Severity(Enum):
    """How bad a finding is; an error is only what Power Platform is known to refuse, or what we cannot export."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Finding(NamedTuple):
    """A rule broken at one place of the author's definition."""

    rule: str
    severity: Severity
    pointer: Pointer
    """In the author's (joined) document."""
    message: str
    advice: str
    file: str = ""
    """Only where the place is known by file, line and column rather than by a pointer (text that cannot be parsed)."""
    line: int = 0
    column: int = 0
    times: int = 1
    """How many broken places it speaks of; more than one only where those beyond a limit are counted, not listed."""
    accepted: Acceptance | None = None
    """Why and until when somebody accepted it on purpose; it then counts no more."""


class Fix(NamedTuple):
    """A gap that was filled in the exported copy of the definition; the author's file is as it was."""

    rule: str
    """The id of the rule that was broken there."""
    pointer: Pointer
    """In the author's (joined) document."""
    done: str
    """What was done, in a sentence."""


class Loss(NamedTuple):
    """Something the author wrote that a connector cannot say, and what we did about it."""

    kind: str
    """A stable id, for grouping: `one-of-merged`, `cookie-parameter-dropped`, ..."""
    pointer: Pointer
    """In the author's (joined) document."""
    what: str
    """What was written."""
    why: str
    """Why it cannot be said."""
    done: str
    """What we did instead."""
    times: int = 1
    """More than one only where those beyond a limit are counted, not listed."""
