"""Parameters that are repeated for each value of a list (`multi`), which Power Platform refuses, become single values."""

from collections.abc import Iterable, Iterator

from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.shaping.things import Thing

_SIMPLE = frozenset(("string", "number", "integer", "boolean"))
_OF_LISTS = frozenset(("type", "items", "collectionFormat", "default", "maxItems", "minItems", "uniqueItems"))
_NOT_OF_VALUES = frozenset(("collectionFormat", "default", "name", "in", "required"))
"""What items do not say of a value, or the parameter says."""


def single_values(found: Iterable[Thing]) -> Iterator[tuple[Pointer, Object]]:
    """Give each parameter that is repeated as one that is not, by pointer: a single value is written the same way."""
    for thing in found:
        body, items = thing.body, as_object(thing.body.get("items"))
        repeated = thing.kind == "parameter" and body.get("collectionFormat") == "multi" and body.get("type") == "array"
        if repeated and body.get("in") in ("query", "formData") and as_text(items.get("type")) in _SIMPLE:
            yield thing.pointer, _single(body, items)


def _single(body: Object, items: Object) -> Object:
    made: dict[str, Json] = {key: value for key, value in body.items() if key not in _OF_LISTS}
    texts = {key for key in made if key == "description" or key.startswith("x-")}
    made.update((key, value) for key, value in items.items() if key not in _NOT_OF_VALUES and key not in texts)
    default = as_list(body.get("default"))
    return {**made, "default": default[0]} if len(default) == 1 else made
