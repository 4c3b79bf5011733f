"""Fills the gaps of a connector definition, in the exported copy only, and tells each."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.findings import Fix
from exporter.model.json_values import Json, Object
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import GRAMMAR
from exporter.shaping.fillers import FILLERS, GONE, Extent, Gap, Scene
from exporter.shaping.operation_ids import missing_ids
from exporter.shaping.repeating import single_values
from exporter.shaping.sheet import Sheet
from exporter.shaping.things import Thing, input_definitions, things

MOST_FIXES = 10_000
"""Of one rule; the largest real definitions have a third of that."""


class Completed(NamedTuple):
    """A definition without the gaps, and what was done; pointers lead into the definition that was given."""

    document: Object
    fixes: tuple[Fix, ...]


def complete_definition(document: Object, previous: Object, extent: Extent) -> Completed:
    """
    Fill the gaps of a connector definition, as far as `extent` says.

    `previous` is the connector definition that was exported last, or empty: operationIds are taken over from it.
    Filling what was filled changes nothing. Nothing that stands in the document raises.
    """
    sheet = Sheet(document)
    fixes = []
    for pointer, name in missing_ids(document, previous).items():
        sheet.put((*pointer, "operationId"), name)
        fixes.append(Fix("operation-id-required", pointer, f"The operationId `{name}` is given."))
    found = tuple(things(sheet.document))
    for pointer, parameter in list(single_values(found)):
        sheet.put(pointer, parameter)
        done = "Makers send a single value, which is written the same way."
        fixes.append(Fix("collection-format-value-not-supported", (*pointer, "collectionFormat"), done))
        found = ()
    found = found or tuple(things(sheet.document))
    scene = Scene(sheet.document, input_definitions(sheet.document, found), _summaries(found))
    for pointer, gap in list(_gaps(found, scene, extent)):
        _fill(sheet, (*pointer, *gap.tail), gap.value)
        fixes.append(Fix(gap.rule, (*pointer, *gap.tail) if gap.written else pointer, gap.done))
    return Completed(sheet.document, tuple(_listed(fixes)))


def _listed(fixes: Iterable[Fix]) -> Iterator[Fix]:
    """Give the fixes of each rule as far as anybody wants to see them, and count the rest."""
    counts: Counter[str] = Counter()
    for fix in fixes:
        counts[fix.rule] += 1
        if counts[fix.rule] <= MOST_FIXES:
            yield fix
    for rule, count in counts.items():
        if count > MOST_FIXES:
            yield Fix(rule, (), f"{count - MOST_FIXES:,} more gaps of this kind are filled, which are not listed.")


def _gaps(found: Iterable[Thing], scene: Scene, extent: Extent) -> Iterator[tuple[Pointer, Gap]]:
    asked = [filler for filler in FILLERS if filler.extent <= extent]
    fillers = {kind: [filler for filler in asked if kind in filler.kinds] for kind in GRAMMAR}
    for thing in found:
        for _, key, _, find in fillers[thing.kind]:
            if not key or key in thing.body:
                for gap in find(thing, scene):
                    yield thing.pointer, gap


def _fill(sheet: Sheet, pointer: Pointer, value: Json) -> None:
    if value is GONE:
        sheet.drop(pointer)
    else:
        sheet.put(pointer, value)


def _summaries(found: Iterable[Thing]) -> set[str]:
    said = (thing.body.get("summary") for thing in found if thing.kind == "operation")
    return {text for text in said if isinstance(text, str)}
