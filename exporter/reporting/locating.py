"""Finds the file and line that a finding, a loss or a change is about."""

import re
from typing import NamedTuple, Protocol, TypeAlias

from exporter.model.changes import Change
from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss
from exporter.model.pointers import Pointer
from exporter.reporting.escaping import plain


class Locator(Protocol):
    """Knows where in the author's files a pointer was written."""

    def of_author(self, pointer: Pointer) -> Place:
        """Give the place of a pointer in the author's (joined) document."""

    def of_connector(self, pointer: Pointer) -> Place:
        """Give the place that a pointer in the connector definition came from."""

    def of_baseline(self, pointer: Pointer) -> Place:
        """Give the place that a pointer in the baseline's connector definition came from; an empty file without one."""


Noticed: TypeAlias = "Finding | Loss | Fix | Change"

NOWHERE = Place("")
"""No line of the author's files says it; what was edited by hand in the live connector, for one."""

_DEFINITION = "definition"
_COMMIT = re.compile("[0-9a-f]{7,64}")
_SHORT = 7


def place_of(thing: Noticed, places: Locator) -> Place:
    """
    Give the file, line and column of what we noticed; an empty file where no line of the author's says it.

    A finding that knows its own file keeps it. Changes of the icon, the script or the properties have no line.
    """
    if isinstance(thing, Finding) and thing.file:
        return Place(thing.file, thing.line, thing.column)
    if not isinstance(thing, Change):
        return places.of_author(thing.pointer)
    return places.of_connector(thing.pointer) if thing.part == _DEFINITION else NOWHERE


def old_place_of(change: Change, places: Locator) -> Place:
    """Give where a thing stood in the baseline; an empty file where it was not there, or the baseline was no file."""
    if change.old_pointer is None or change.part != _DEFINITION:
        return NOWHERE
    return places.of_baseline(change.old_pointer)


def short_revision(revision: str) -> str:
    """
    Write a revision as people do: a commit's id by its first seven digits.

    >>> short_revision("4be07d1a4be07d1a4be07d1a4be07d1a4be07d1a"), short_revision("main")
    ('4be07d1', 'main')
    """
    return revision[:_SHORT] if _COMMIT.fullmatch(revision) else revision


class Links(NamedTuple):
    """Where readers of a report can go; what is not known is empty and not linked."""

    server: str = ""
    """`https://github.com`."""
    repository: str = ""
    """`owner/name`."""
    sha: str = ""
    """The commit whose files the lines count in."""
    changes: str = ""
    """The address of docs/changes.md, where each id of a change is a heading."""
    rules: str = ""
    """The address of docs/rules.md, where each id of a finding is a heading."""
    run: str = ""
    """The address of the run, whose page shows the job summary."""

    def of_place(self, place: Place) -> str:
        """
        Give a permanent link to a place; empty where the repository or the commit is not known.

        >>> Links("https://github.com", "contoso/orders", "3f1c2ab").of_place(Place("api/my file.yaml", 41))
        'https://github.com/contoso/orders/blob/3f1c2ab/api/my%20file.yaml#L41'
        """
        return self.of_place_at(self.sha, place)

    def of_place_at(self, revision: str, place: Place) -> str:
        """Give a link to a place as it was at a commit; empty for what is no commit's id: nothing else stays as it is."""
        if not (self.server and self.repository and _COMMIT.fullmatch(revision) and place.file):
            return ""
        line = f"#L{place.line}" if place.line else ""
        return f"{self.server}/{uri_path(self.repository)}/blob/{revision}/{uri_path(place.file)}{line}"

    def of_commit(self, revision: str) -> str:
        """Give a link to a commit; empty for what is no commit's id."""
        known = self.server and self.repository and _COMMIT.fullmatch(revision)
        return f"{self.server}/{uri_path(self.repository)}/commit/{revision}" if known else ""

    def of_change(self, change: str) -> str:
        """Give a link to what is written about an id of a change; empty where we do not know the address."""
        return f"{self.changes}#{uri_path(change)}" if self.changes else ""

    def of_rule(self, rule: str) -> str:
        """Give a link to what is written about a rule; empty where we do not know the address."""
        return f"{self.rules}#{uri_path(rule)}" if self.rules else ""


def place_text(place: Place) -> str:
    """
    Write a place as compilers do.

    >>> place_text(Place("openapi.yaml", 12, 3)), place_text(Place("openapi.yaml"))
    ('openapi.yaml:12', 'openapi.yaml')
    """
    return f"{plain(place.file)}:{place.line}" if place.line else plain(place.file)


def uri_path(path: str) -> str:
    """
    Percent-encode a path (RFC 3986 §3.3) without importing urllib for it.

    >>> uri_path("api/my file:1.yaml")
    'api/my%20file%3A1.yaml'
    """
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "/-._~") else _percent(letter) for letter in path
    )


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
