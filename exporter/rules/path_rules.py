"""Rules about paths: how they are written, and that they can be told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import as_list, as_object
from exporter.openapi.grammar import SWAGGER_METHODS
from exporter.rules.rows import ERROR, NOTICE, WARNING, Hit, Rule, Spot, tail_to

_MOST_PARTS = 40
"""Paths have fewer parts; more are not compared one by one."""
VARIABLE = re.compile(r"\{([^{}/]*)\}")


def _path(spot: Spot) -> str:
    return spot.pointer[1]


def _no_slash(spot: Spot) -> Iterator[Hit]:
    if not _path(spot).startswith("/"):
        yield Hit((), _path(spot))


def _query(spot: Spot) -> Iterator[Hit]:
    if "?" in _path(spot) or "#" in _path(spot):
        yield Hit((), _path(spot))


def _wildcard(spot: Spot) -> Iterator[Hit]:
    if "*" in _path(spot):
        yield Hit((), _path(spot))


def _stray_brace(spot: Spot) -> Iterator[Hit]:
    rest = VARIABLE.sub("", _path(spot))
    if "{" in rest or "}" in rest or "{}" in _path(spot):
        yield Hit((), _path(spot))


def _default(spot: Spot) -> Iterator[Hit]:
    for name in VARIABLE.findall(_path(spot)):
        if "=" in name:
            yield Hit((), name)


def _reference(spot: Spot) -> Iterator[Hit]:
    yield Hit(tail_to(spot.thing, "$ref"))


def _own_names(spot: Spot) -> Iterator[tuple[int, str, str]]:
    for index, parameter in enumerate(as_list(spot.thing.get("parameters"))):
        name, place = as_object(parameter).get("name"), as_object(parameter).get("in")
        if isinstance(name, str) and isinstance(place, str):
            yield index, name, place


def _duplicates(spot: Spot) -> Iterator[Hit]:
    seen: set[tuple[str, str]] = set()
    for index, name, place in _own_names(spot):
        if (name, place) in seen:
            yield Hit(("parameters", str(index)), name)
        seen.add((name, place))


def _bodies(spot: Spot) -> Iterator[Hit]:
    bodies = [index for index, _, place in _own_names(spot) if place == "body"]
    for index in bodies[1:]:
        yield Hit(("parameters", str(index)))


def _redefined(spot: Spot) -> Iterator[Hit]:
    seen: dict[str, str] = {}
    for path in as_object(spot.thing.get("paths")):
        first = seen.setdefault(path.lower(), path)
        if first != path:
            yield Hit(("paths", path), first)


def _equivalent(spot: Spot) -> Iterator[Hit]:
    seen: dict[tuple[str, str], str] = {}
    for path, item in as_object(spot.thing.get("paths")).items():
        for method in SWAGGER_METHODS:
            if method in as_object(item):
                first = seen.setdefault((VARIABLE.sub("{}", path), method), path)
                if first != path and first.lower() != path.lower():
                    yield Hit(("paths", path, method), first)


def _overlapping(spot: Spot) -> Iterator[Hit]:
    known: dict[tuple[str, str], str] = {}
    variable: set[tuple[str, int, int]] = set()
    for path, item in as_object(spot.thing.get("paths")).items():
        shape = VARIABLE.sub("{}", path)
        parts = shape.split("/")
        for method in SWAGGER_METHODS:
            if method in as_object(item):
                known.setdefault((shape, method), path)
                variable.update((method, len(parts), at) for at, part in enumerate(parts[:_MOST_PARTS]) if part == "{}")
    for (shape, method), path in known.items():
        parts = shape.split("/")
        for at, part in enumerate(parts[:_MOST_PARTS]):
            if part and part != "{}" and (method, len(parts), at) in variable:
                other = known.get(("/".join([*parts[:at], "{}", *parts[at + 1 :]]), method))
                if other is not None:
                    yield Hit(("paths", path, method), other)
                    break


# fmt: off
RULES = (
    Rule("operation-path-must-start-with-slash", ERROR, "path", "", _no_slash, "The path `{}` does not begin with a slash.", "Begin it with `/`."),
    Rule("operation-path-may-not-contain-query-or-fragment", ERROR, "path", "", _query, "The path `{}` has a query or a fragment in it.", "Make query parameters of what stands behind `?`; write a real `?` as %3F and `#` as %23."),
    Rule("operation-path-contains-unsupported-characters", WARNING, "path", "", _wildcard, "The path `{}` has a wildcard in it.", "Write a path variable instead of `*`."),
    Rule("operation-path-template-not-valid", ERROR, "path", "", _stray_brace, "The path `{}` has a brace without its partner, or nothing between two.", "Write every variable as `{name}`, within one part of the path."),
    Rule("operation-path-variables-contain-defaults", WARNING, "path", "", _default, "The path variable `{}` sets a default, which paths cannot.", "Remove everything from `=` on."),
    Rule("path-item-ref-not-suppored", ERROR, "path", "$ref", _reference, "The path refers to another place; Power Platform does not follow that.", "Write the operations here."),
    Rule("path-parameters-contain-duplicate-parameter", ERROR, "path", "parameters", _duplicates, "The path lists its parameter `{}` more than once.", "Keep one of them."),
    Rule("path-parameters-contain-multiple-body-parameters", ERROR, "path", "parameters", _bodies, "The path lists more than one body.", "Keep one; a request has a single body."),
    Rule("path-redefined", ERROR, "document", "", _redefined, "The path differs from `{}` only in upper and lower case.", "Keep one of them: Power Platform compares paths without regard to case."),
    Rule("duplicate-operation-path", WARNING, "document", "", _equivalent, "The path differs from `{}` only in the names of its variables.", "Keep one of them, or make a fixed part differ, so that calls can be told apart."),
    Rule("partial-duplicate-operation-path", NOTICE, "document", "", _overlapping, "A value of the path `{}` may turn it into this path, and call this operation.", "Rename one of them if such a value can occur.", together=True),
)
# fmt: on
