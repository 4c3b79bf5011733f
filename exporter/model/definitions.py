"""A definition: an OpenAPI document that we have loaded, and where its parts were written."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple, Protocol

from exporter.model.findings import Loss
from exporter.model.json_values import Object
from exporter.model.pointers import Pointer


class Dialect(Enum):
    """The versions of OpenAPI that we read."""

    SWAGGER_2 = "Swagger 2.0"
    OPENAPI_3_0 = "OpenAPI 3.0"
    OPENAPI_3_1 = "OpenAPI 3.1"


class Place(NamedTuple):
    """A place in one of the author's files; line and column count from 1, 0 is unknown."""

    file: str
    line: int = 0
    column: int = 0


class Positions(Protocol):
    """Knows the line and column of every pointer of one file."""

    def find(self, pointer: Pointer) -> tuple[int, int]:
        """Give line and column (from 1) of the pointer, or of its nearest parent that is in the file."""

    def expect(self, pointers: Iterable[Pointer]) -> None:
        """Be told what will be asked for; it changes no answer, only how long they take."""


class Part(NamedTuple):
    """A part of a joined document that stands in another place of the author's files."""

    file: str
    pointer: Pointer


class Definition(NamedTuple):
    """An OpenAPI document, its references across files joined."""

    document: Object
    file: str
    dialect: Dialect
    positions: Mapping[str, Positions]
    """By file, relative to the workspace."""
    parts: Mapping[Pointer, Part]
    """Where joined parts came from: by pointer in the document, the longest one that fits counts."""


class Converted(NamedTuple):
    """The connector definition that became of a definition, and what was lost on the way."""

    document: Object
    """Swagger 2.0."""
    losses: tuple[Loss, ...] = ()
    origins: Mapping[Pointer, Pointer] = {}
    """
    By pointer in `document`: where that part stands in the author's document.

    The longest key that fits counts and the rest of the pointer is kept; where none fits, the pointer is the same.
    """
