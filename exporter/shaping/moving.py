"""Takes things out of a document, and says where the rest of it stands from then on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping

from exporter.model.definitions import Part
from exporter.model.json_values import Json, Object, as_list
from exporter.model.pointers import Pointer
from exporter.openapi.walk import look_up
from exporter.shaping.sheet import Sheet


class Removal:
    """Things that are taken out of a document together; items behind them in their lists move up."""

    def __init__(self, document: Object, pointers: Collection[Pointer]) -> None:
        self._document = document
        self._gone = set(pointers)
        self._indices: dict[Pointer, list[int]] = {}
        """By the pointer of a list, the indices that are taken out of it."""
        for pointer in pointers:
            if isinstance(look_up(document, pointer[:-1])[1], list):
                self._indices.setdefault(pointer[:-1], []).append(int(pointer[-1]))
        for indices in self._indices.values():
            indices.sort()

    @property
    def shifted(self) -> int:
        """How many items of lists are looked at."""
        return sum(len(as_list(look_up(self._document, pointer)[1])) for pointer in self._indices)

    def document(self) -> Object:
        """Give the document without them."""
        sheet = Sheet(self._document)
        for pointer in sorted(self._gone, key=_deepest_and_last_first):
            sheet.drop(pointer)
        return sheet.document

    def moved(self, pointer: Pointer) -> Pointer | None:
        """Give the pointer that something has from then on; None where it is gone."""
        for length in range(1, len(pointer) + 1):
            if pointer[:length] in self._gone:
                return None
        if not self._indices:
            return pointer
        return tuple(
            str(int(segment) - bisect_left(self._indices[pointer[:at]], int(segment)))
            if pointer[:at] in self._indices
            else segment
            for at, segment in enumerate(pointer)
        )

    def parts(self, parts: Mapping[Pointer, Part], place: Callable[[Pointer], Part]) -> dict[Pointer, Part]:
        """Give `parts` for the document without them; `place` says where a pointer came from before."""
        found: dict[Pointer, Part] = {}
        for before in self._shifted():
            after = self.moved(before)
            if after is not None:
                found[after] = place(before)
        for before, part in parts.items():
            after = self.moved(before)
            if after is not None:
                found[after] = part
        return found

    def _shifted(self) -> list[Pointer]:
        """Give the items that move up."""
        found = []
        for pointer, indices in self._indices.items():
            items: Json = look_up(self._document, pointer)[1]
            if isinstance(items, list):
                found += [(*pointer, str(index)) for index in range(indices[0] + 1, len(items))]
        return found


def _deepest_and_last_first(pointer: Pointer) -> tuple[int, Pointer, int]:
    last = pointer[-1] if pointer else ""
    return -len(pointer), pointer[:-1], -int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0  # noqa: PLR2004 - digits of an index
