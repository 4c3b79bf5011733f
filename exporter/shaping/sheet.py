"""A document that is changed without touching the one it came from: only what is written to is copied."""

from __future__ import annotations

from exporter.model.json_values import Json, Object
from exporter.model.pointers import Pointer, item_index


class Sheet:
    """
    A document on which something is written; the one that it is made of stays as it is.

    >>> before = {"a": {"b": [1]}, "c": {}}
    >>> sheet = Sheet(before)
    >>> sheet.put(("a", "b", "0"), 2)
    >>> sheet.document, before, sheet.document["c"] is before["c"]
    ({'a': {'b': [2]}, 'c': {}}, {'a': {'b': [1]}, 'c': {}}, True)
    """

    def __init__(self, document: Object) -> None:
        self.document: dict[str, Json] = dict(document)
        self._own: dict[int, Json] = {id(self.document): self.document}
        """By `id`, what is a copy already; kept here, so that an id stays theirs."""

    def put(self, pointer: Pointer, value: Json) -> None:
        """Write a value at a pointer; one that leads past the end of a list appends. Does nothing where there is no parent."""
        container = self._opened(pointer[:-1])
        if isinstance(container, dict):
            container[pointer[-1]] = value
        elif isinstance(container, list):
            index = item_index(pointer[-1], len(container) + 1)
            if index == len(container):
                container.append(value)
            elif index >= 0:
                container[index] = value

    def drop(self, pointer: Pointer) -> None:
        """Take out what stands at a pointer, if anything does; later items of a list move up."""
        container = self._opened(pointer[:-1])
        if isinstance(container, dict):
            container.pop(pointer[-1], None)
        elif isinstance(container, list) and (index := item_index(pointer[-1], len(container))) >= 0:
            del container[index]

    def _opened(self, pointer: Pointer) -> dict[str, Json] | list[Json] | None:
        """Give the object or list at a pointer as one that may be written to."""
        here: dict[str, Json] | list[Json] = self.document
        for segment in pointer:
            if isinstance(here, dict):
                key: str | int = segment
                value = here.get(segment)
            else:
                key = item_index(segment, len(here))
                value = here[key] if key >= 0 else None
            if not isinstance(value, (dict, list)):
                return None
            if id(value) not in self._own:
                value = dict(value) if isinstance(value, dict) else list(value)
                self._own[id(value)] = value
                here[key] = value  # type: ignore[index]
            here = value
        return here
