"""One change of one value is judged alike wherever the value is written, and not at all where nobody meets it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from exporter.comparison.compare import compare, verdict
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Verdict
from exporter.model.connectors import Connector
from tests.comparison.carriers import FIELDS, NOWHERE, OUTPUTS, PARAMETERS, TEXT, Carrier, Schema, record

B, C = Verdict.BREAKING, Verdict.COMPATIBLE
NUMBER, WHOLE = {"type": "number"}, {"type": "integer"}
FIXED = {"default": "1", "x-ms-visibility": "internal"}
LIST = {"type": "array", "items": TEXT}
MAP = {"type": "object", "additionalProperties": TEXT}


class Facet(NamedTuple):
    """What a value was and is, and what that does to makers as an input and as an output."""

    name: str
    old: Schema
    new: Schema
    taken: Verdict
    given: Verdict
    required: tuple[bool, bool] = (False, False)


def text(**more: Any) -> Schema:
    return {**TEXT, **{key.replace("_", "-"): value for key, value in more.items()}}


# fmt: off
FACETS = (
    Facet("another type", TEXT, WHOLE, B, B),
    Facet("a number becomes a text", NUMBER, TEXT, B, B),
    Facet("a switch becomes a text", {"type": "boolean"}, TEXT, B, B),
    Facet("a whole number becomes any number", WHOLE, NUMBER, C, B),
    Facet("a number becomes a whole one", NUMBER, WHOLE, B, C),
    Facet("a text becomes a list", TEXT, LIST, B, B),
    Facet("what is in a list", LIST, {"type": "array", "items": WHOLE}, B, B),
    Facet("a value of a list is gone", text(enum=["a", "b"]), text(enum=["a"]), B, C),
    Facet("a value of a list in other letters", text(enum=["a", "b"]), text(enum=["A", "b"]), B, C),
    Facet("one value more", text(enum=["a"]), text(enum=["a", "b"]), C, C),
    Facet("a list of values at last", TEXT, text(enum=["a"]), B, C),
    Facet("no list of values any more", text(enum=["a"]), TEXT, C, C),
    Facet("the same values in another order", text(enum=["a", "b"]), text(enum=["b", "a"]), C, C),
    Facet("the names of values", text(enum=["a"], x_ms_enum_values=[{"value": "a", "displayName": "A"}]), text(enum=["a"], x_ms_enum_values=[{"value": "a", "displayName": "B"}]), C, C),
    Facet("a list of values becomes a lookup", text(enum=["a"]), text(x_ms_dynamic_values={"operationId": "Op", "value-path": "id"}), C, C),
    Facet("another default", text(default="a"), text(default="b"), C, C),
    Facet("a default at last", TEXT, text(default="b"), C, C),
    Facet("a narrower limit", text(maxLength=9), text(maxLength=5), C, C),
    Facet("a pattern at last", TEXT, text(pattern="a+"), C, C),
    Facet("hidden", TEXT, text(x_ms_visibility="internal"), B, C),
    Facet("shown", text(x_ms_visibility="internal"), TEXT, C, C),
    Facet("advanced", TEXT, text(x_ms_visibility="advanced"), C, C),
    Facet("no visibility, in two ways", TEXT, text(x_ms_visibility=""), C, C),
    Facet("required", TEXT, TEXT, B, C, (False, True)),
    Facet("required, and filled in by the platform", TEXT, text(**FIXED), B, C, (False, True)),
    Facet("described in other words", TEXT, text(description="x"), C, C),
    Facet("another label", TEXT, text(x_ms_summary="x"), C, C),
    Facet("a longer whole number", {**WHOLE, "format": "int32"}, {**WHOLE, "format": "int64"}, C, C),
    Facet("no format, in two ways", TEXT, text(format=""), C, C),
    Facet("a time", TEXT, text(format="date-time"), C, B),
    Facet("another fixed value", text(**FIXED), text(**{**FIXED, "default": "2"}), C, C, (True, True)),
    Facet("a fixed value is gone", text(**FIXED), text(x_ms_visibility="internal"), B, C, (True, True)),
    Facet("a fixed value of another type", text(**FIXED), {**WHOLE, **FIXED, "default": 1}, C, B, (True, True)),
    Facet("an example", TEXT, text(example="x"), C, C),
    Facet("nothing, too", TEXT, text(x_nullable=True), C, C),
    Facet("nothing, too, in another way", TEXT, {"type": ["string", "null"]}, C, C),
)
DEEP = (
    Facet("no type any more", TEXT, {}, C, B),
    Facet("a type at last", {}, TEXT, C, C),
    Facet("a field of it is gone", record({"a": TEXT, "b": TEXT}), record({"a": TEXT}), B, B),
    Facet("a field more", record({"a": TEXT}), record({"a": TEXT, "b": TEXT}), C, C),
    Facet("a required field more", record({"a": TEXT}), record({"a": TEXT, "b": TEXT}, ["b"]), B, C),
    Facet("an object that says so", {"properties": {"a": TEXT}}, record({"a": TEXT}), C, C),
    Facet("a list of texts becomes one of records", LIST, {"type": "array", "items": record({"a": TEXT})}, B, B),
    Facet("fields become anything", record({"a": TEXT}), {"type": "object"}, B, B),
    Facet("what is in a map", MAP, {**MAP, "additionalProperties": WHOLE}, B, B),
    Facet("nothing besides its fields", record({"a": TEXT}), record({"a": TEXT}, additionalProperties=False), C, C),
    Facet("more than its fields", record({"a": TEXT}, additionalProperties=False), record({"a": TEXT}), C, C),
    Facet("nobody fills it in any more", TEXT, text(readOnly=True), B, C),
)
# fmt: on


def judged(carrier: Carrier, facet: Facet) -> Verdict:
    before, after = (
        Connector(carrier(schema, required), {})
        for schema, required in zip((facet.old, facet.new), facet.required, strict=True)
    )
    return verdict(fingerprint(before), fingerprint(after), compare(before, after))


@pytest.mark.parametrize("facet", [*FACETS, *DEEP], ids=lambda facet: facet.name)
def test_a_change_is_judged_alike_wherever_it_is_written(facet: Facet) -> None:
    inputs = {**FIELDS, **(PARAMETERS if facet in FACETS else {})}
    expected = dict.fromkeys(inputs, facet.taken) | dict.fromkeys(OUTPUTS, facet.given) | dict.fromkeys(NOWHERE, C)
    assert {name: judged(carrier, facet) for name, carrier in {**inputs, **OUTPUTS, **NOWHERE}.items()} == expected


MISSING = Facet("", TEXT, text(x_ms_dynamic_values={"operationId": "Nowhere", "value-path": "id"}), B, B)


def test_a_lookup_of_what_is_not_there_counts_where_makers_meet_it() -> None:
    met = {**PARAMETERS, **FIELDS, **OUTPUTS}
    assert {judged(carrier, MISSING) for carrier in met.values()} == {B}
    assert {judged(carrier, MISSING) for carrier in NOWHERE.values()} == {C}
