"""Where something stands in the author's files: from a pointer in what we made of them back to file, line and column."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from exporter.model.definitions import Definition, Dialect, Part, Place
from exporter.model.pointers import Pointer

_T = TypeVar("_T")


class Places(NamedTuple):
    """Knows the way back from the definition, and from the connector definition that became of it."""

    definition: Definition
    origins: Mapping[Pointer, Pointer] = {}
    """Of `Converted`: by pointer in the connector definition, the pointer in the author's document."""
    before: "Places | None" = None
    """Of the baseline, where that was a file of the repository."""

    def of_author(self, pointer: Pointer) -> Place:
        """Give the place of a pointer in the author's (joined) document, or of its nearest parent that is in a file."""
        file, pointer = self.part(pointer)
        positions = self.definition.positions.get(file)
        return Place(file) if positions is None else Place(file, *positions.find(pointer))

    def expect(self, pointers: Iterable[Pointer]) -> None:
        """Be told of which pointers in the author's document the places will be asked for; together they take less time."""
        by_file: dict[str, list[Pointer]] = {}
        for file, pointer in map(self.part, pointers):
            by_file.setdefault(file, []).append(pointer)
        for file, expected in by_file.items():
            if file in self.definition.positions:
                self.definition.positions[file].expect(expected)

    def part(self, pointer: Pointer) -> Part:
        """Give the file, and the pointer in it, that a pointer in the author's (joined) document came from."""
        part, rest = _longest(self.definition.parts, pointer)
        return Part(part.file, (*part.pointer, *rest)) if part else Part(self.definition.file, pointer)

    def of_connector(self, pointer: Pointer) -> Place:
        """Give the place of a pointer in the connector definition."""
        return self.of_author(self.author_pointer(pointer))

    def of_baseline(self, pointer: Pointer) -> Place:
        """Give the place of a pointer in the baseline's connector definition; an empty file where it was in none."""
        return self.before.of_connector(pointer) if self.before is not None else Place("")

    def author_pointer(self, pointer: Pointer) -> Pointer:
        """Give, for a pointer in the connector definition, the pointer in the author's (joined) document."""
        origin, rest = _longest(self.origins, pointer)
        return pointer if origin is None else (*origin, *rest)


NO_PLACES = Places(Definition({}, "", Dialect.SWAGGER_2, {}, {}))
"""Where nothing was loaded."""


def _longest(by_pointer: Mapping[Pointer, _T], pointer: Pointer) -> tuple[_T | None, Pointer]:
    """Give what belongs to the longest beginning of a pointer, and the rest of the pointer."""
    for length in range(len(pointer), -1, -1) if by_pointer else ():
        found = by_pointer.get(pointer[:length])
        if found is not None:
            return found, pointer[length:]
    return None, pointer
