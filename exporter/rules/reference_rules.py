"""Rules about references: where they may lead, and that something is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import as_object, as_text
from exporter.rules.references import follow
from exporter.rules.rows import ERROR, NOTICE, WARNING, Finder, Hit, Rule, Spot

_SECTIONS = {"schema": "definitions", "parameter": "parameters", "response": "responses"}
_BAD_ESCAPE = re.compile(r"~(?![01])")


def _not_valid(spot: Spot) -> Iterator[Hit]:
    reference = as_text(spot.thing["$ref"])
    name, _ = follow(spot.scene.document, reference, _SECTIONS[spot.kind])
    if isinstance(spot.thing["$ref"], str) and not name:
        yield Hit(("$ref",), reference)


def _not_found(spot: Spot) -> Iterator[Hit]:
    reference = as_text(spot.thing["$ref"])
    name, target = follow(spot.scene.document, reference, _SECTIONS[spot.kind])
    if name and target is None:
        yield Hit(("$ref",), reference)


def _bad_pointer(spot: Spot) -> Iterator[Hit]:
    reference = as_text(spot.thing["$ref"])
    if _BAD_ESCAPE.search(reference):
        yield Hit(("$ref",), reference)


def _siblings(spot: Spot) -> Iterator[Hit]:
    if len(spot.thing) > 1 and isinstance(spot.thing["$ref"], str):
        others = [key for key in spot.thing if key != "$ref"]
        yield Hit((others[0],), ", ".join(others))


def _reference_in(section: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        for name, target in as_object(spot.thing[section]).items():
            if isinstance(as_object(target).get("$ref"), str):
                yield Hit((section, name), name)

    return finder


# fmt: off
_WRITTEN = "Write references as `#/{}/name`; parts of other files must be joined first."
RULES = (
    *(Rule(f"{kind}-reference-not-valid", ERROR, kind, "$ref", _not_valid, "The reference `{}` leads to a place where Power Platform does not look.", _WRITTEN.format(section)) for kind, section in _SECTIONS.items()),
    *(Rule(f"{kind}-reference-not-found", ERROR, kind, "$ref", _not_found, "The reference `{}` leads nowhere.", "Add what it refers to, or correct the name.") for kind in _SECTIONS),
    Rule("json-pointer-not-valid", WARNING, "schema parameter response", "$ref", _bad_pointer, "The reference `{}` has a tilde that is not written as ~0.", "Write `~` as ~0 and `/` inside a name as ~1."),
    Rule("additional-property-not-allowed-adjacent-to-ref", NOTICE, "schema parameter response", "$ref", _siblings, "What stands beside the reference is ignored: {}.", "Move it to what is referred to, or remove it."),
    Rule("parameter-ref-loop-not-allowed", ERROR, "document", "parameters", _reference_in("parameters"), "The shared parameter `{}` is itself a reference.", "Write the parameter out."),
    Rule("response-ref-loop-not-allowed", ERROR, "document", "responses", _reference_in("responses"), "The shared response `{}` is itself a reference.", "Write the response out."),
    Rule("schema-ref-loop-not-allowed", WARNING, "document", "definitions", _reference_in("definitions"), "The definition `{}` is itself a reference.", "Refer to its target directly, or write it out."),
)
# fmt: on
