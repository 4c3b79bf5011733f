"""Runs every rule over a connector definition and gives what they found."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Object
from exporter.model.pointers import Pointer
from exporter.rules import (
    certification_rules,
    document_rules,
    dynamic_rules,
    extension_rules,
    family_rules,
    limit_rules,
    operation_rules,
    parameter_rules,
    path_rules,
    pattern_rules,
    power_apps_rules,
    reference_rules,
    request_rules,
    response_rules,
    schema_rules,
    security_rules,
    shape_rules,
    trigger_rules,
)
from exporter.rules.dialects import NO_WORDS, Words
from exporter.rules.rows import KINDS, Finder, Rule
from exporter.rules.walk import spots, survey

RULES: tuple[Rule, ...] = (
    *shape_rules.RULES,
    *limit_rules.RULES,
    *document_rules.RULES,
    *certification_rules.RULES,
    *security_rules.RULES,
    *path_rules.RULES,
    *operation_rules.RULES,
    *family_rules.RULES,
    *parameter_rules.RULES,
    *response_rules.RULES,
    *schema_rules.RULES,
    *pattern_rules.RULES,
    *request_rules.RULES,
    *reference_rules.RULES,
    *extension_rules.RULES,
    *dynamic_rules.RULES,
    *trigger_rules.RULES,
    *power_apps_rules.RULES,
)
MOST_PER_RULE = 200
"""More findings of one rule than anybody reads are counted, not listed."""
_LONGEST_DETAIL = 160
_OWN: Mapping[str, Words] = {}


_Rows: TypeAlias = "tuple[tuple[Finder, Rule], ...]"


class _Table(NamedTuple):
    """The rules for one kind of thing, their finders at hand."""

    of_shape: _Rows
    always: _Rows
    by_key: Mapping[str, _Rows]
    by_value: Mapping[str, Mapping[str, _Rows]]
    """By key and value: those for the key, and those for that value only."""


@cache
def _tables() -> Mapping[str, _Table]:
    return {kind: _table([rule for rule in RULES if kind in rule.kinds.split()]) for kind in KINDS}


def _table(rules: Sequence[Rule]) -> _Table:
    def rows(key: str, *values: str) -> _Rows:
        return tuple((one.finder, one) for one in rules if one.key == key and one.value in values and not one.of_shape)

    by_value: dict[str, dict[str, _Rows]] = {}
    for rule in rules:
        if rule.value:
            by_value.setdefault(rule.key, {})[rule.value] = rows(rule.key, "", rule.value)
    by_key = {rule.key: rows(rule.key, "") for rule in rules if rule.key}
    return _Table(tuple((one.finder, one) for one in rules if one.of_shape), rows("", ""), by_key, by_value)


def check(
    document: Object, *, bytes_sent: int = 0, characters_sent: int = 0, words: Mapping[str, Words] = _OWN
) -> tuple[Finding, ...]:
    """
    Find every place where a connector definition (Swagger 2.0) breaks a rule.

    Pointers lead into `document`. Findings come in the order of the rules and then of the document; at most
    MOST_PER_RULE of one rule, and one more that counts the rest. Nothing that stands in the document raises.
    The size as sent is worked out where it is not given; `words` are what some rules say instead, for authors of
    another dialect. Rules: docs/rules.md.
    """
    if not isinstance(document, dict):
        return (
            Finding(
                "json-type-incorrect",
                Severity.ERROR,
                (),
                "The definition is not an object.",
                "Write an OpenAPI document here.",
            ),
        )
    if not bytes_sent or not characters_sent:
        bytes_sent, characters_sent = limit_rules.sizes(document)
    found: dict[str, list[Finding]] = {}
    more: dict[str, int] = {}
    for rule, pointer, detail in _broken(document, bytes_sent, characters_sent):
        known = found.setdefault(rule.id, [])
        if len(known) < (1 if rule.together else MOST_PER_RULE):
            other = words.get(rule.id, NO_WORDS)
            message = (other.message or rule.message).format(_clipped(detail))
            known.append(Finding(rule.id, rule.severity, pointer, message, other.advice or rule.advice))
        else:
            more[rule.id] = more.get(rule.id, 0) + 1
    ids = dict.fromkeys(rule.id for rule in RULES)
    return tuple(finding for id_ in ids if id_ in found for finding in _with_rest(found[id_], more.get(id_, 0)))


def _broken(document: Object, bytes_sent: int, characters_sent: int) -> Iterator[tuple[Rule, Pointer, str]]:
    tables = _tables()
    fine: set[tuple[object, ...]] = set()
    """The shapes of things that broke no rule about shapes: most of a definition has one of a few."""
    for spot in spots(survey(document, bytes_sent, characters_sent)):
        thing, (of_shape, always, by_key, by_value) = spot.thing, tables[spot.kind]
        shape = (spot.kind, spot.side, *thing, *map(type, thing.values()))
        if shape not in fine:
            broken = [(rule, spot.pointer + tail, detail) for finder, rule in of_shape for tail, detail in finder(spot)]
            yield from broken
            if not broken:
                fine.add(shape)
        asked = [*always]
        for key, value in thing.items():
            if key in by_value and isinstance(value, str):
                asked += by_value[key].get(value, by_key[key])
            elif key in by_key:
                asked += by_key[key]
        for finder, rule in asked:
            for tail, detail in finder(spot):
                yield rule, spot.pointer + tail, detail


def _clipped(detail: str) -> str:
    """Give what was found on one line, cut to a length that people read."""
    detail = " ".join(detail.split())
    return detail if len(detail) <= _LONGEST_DETAIL else detail[: _LONGEST_DETAIL - 3] + "..."


def _with_rest(findings: list[Finding], rest: int) -> Iterator[Finding]:
    last = findings[-1]
    if rest and len(findings) == 1:
        yield last._replace(
            message=f"{last.message} So it is in {rest} more place{'s' if rest > 1 else ''}.", times=rest + 1
        )
        return
    yield from findings
    if rest:
        yield last._replace(
            pointer=(),
            message=f"The rule {last.rule} is broken in {rest} more places, which are not listed.",
            times=rest,
        )
