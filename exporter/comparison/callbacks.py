"""Where a trigger is given the address to call back: flows keep it under the name of that field."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.moves import Move
from exporter.comparison.reading import Operation, Reader
from exporter.model.json_values import Object
from exporter.model.pointers import Pointer

_URL = "x-ms-notification-url"


def callback_moves(old: tuple[Reader, Operation], new: tuple[Reader, Operation]) -> Iterator[Move]:
    """Give a move where a trigger's callback address is taken at another place, nowhere any more, or at last."""
    if not (old[1].trigger and new[1].trigger):
        return
    before, after = dict(_callbacks(*old)), dict(_callbacks(*new))
    if before.keys() == after.keys():
        return
    gone, come = (
        next((place for place in one if place not in other), None) for one, other in ((before, after), (after, before))
    )
    if gone is not None and not after:
        yield Move("notification-url-removed", gone, new[1].where, before[gone], True, None, gone=True)
    elif gone is not None:
        place = come or next(iter(after))
        yield Move("notification-url-moved", place, after[place], before[gone], ".".join(gone), ".".join(place))
    elif come is not None:
        yield Move("notification-url-added", come, after[come], None, None, True)


def _callbacks(reader: Reader, operation: Operation) -> Iterator[tuple[tuple[str, ...], Pointer]]:
    """Give the inputs that take the callback address, each schema looked at once."""
    seen: set[int] = set()
    for one in reader.parameters(operation):
        place = ("body",) if one.location == "body" else (one.location, one.name)
        if one.facts.get(_URL) is True:
            yield place, one.where
        waiting: list[tuple[Object, Pointer, tuple[str, ...]]] = [
            (*reader.follow(one.facts.get("schema"), (*one.where, "schema")), place)
        ]
        while waiting:
            schema, where, names = waiting.pop()
            if id(schema) in seen:
                continue
            seen.add(id(schema))
            if schema.get(_URL) is True:
                yield names, where
            shape = reader.shape(schema, where)
            waiting.extend(
                (*reader.follow(field, shape.pointer(name)), (*names, name)) for name, field in shape.fields.items()
            )
            if "items" in shape.keys:
                waiting.append((*reader.follow(shape.keys["items"], (*where, "items")), (*names, "[]")))
