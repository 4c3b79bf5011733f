"""Leaves out the operations that `include` and `exclude` do not want, and all that is only there for them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.model.definitions import Definition
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer
from exporter.openapi.grammar import METHODS
from exporter.openapi.walk import Operation, is_reference, locate
from exporter.shaping.calls import calls_of
from exporter.shaping.prune import moved, prune
from exporter.shaping.selectors import Selector, selectors


class Chosen(NamedTuple):
    """What is left of a definition, and what to say about it."""

    definition: Definition
    findings: tuple[Finding, ...]


class _Wish(NamedTuple):
    """What is to be exported."""

    wanted: tuple[Selector, ...]
    unwanted: tuple[Selector, ...]
    unmatched: dict[Selector, None]
    """Those that have matched nothing so far."""

    def takes(self, one: Operation) -> bool:
        takes = [selector for selector in self.wanted if selector.matches(one)]
        leaves = [selector for selector in self.unwanted if selector.matches(one)]
        for selector in (*takes, *leaves):
            self.unmatched.pop(selector, None)
        return bool(takes or not self.wanted) and not leaves


class _Item(NamedTuple):
    """A path item with its references followed."""

    path: str
    body: Object
    pointer: Pointer
    """Where it stands; not below its path where the path item is a reference."""
    kept: frozenset[str]
    gone: frozenset[str]


def choose(definition: Definition, include: Iterable[str], exclude: Iterable[str]) -> Chosen:
    """
    Keep the operations that a selector of `include` matches (all without any) and none of `exclude` does.

    Nothing is pruned unless an operation goes. A selector that matches nothing is a finding, and so is what still
    calls an operation that went. Raises WrongInputs for what is no selector, and where no operation is left.
    """
    wanted, unwanted = selectors("include", include), selectors("exclude", exclude)
    wish = _Wish(wanted, unwanted, dict.fromkeys([*wanted, *unwanted]))
    items = [
        _item(definition.document, path, written, wish)
        for path, written in as_object(definition.document.get("paths")).items()
        if not path.startswith("x-")
    ]
    findings = [_unmatched(selector) for selector in wish.unmatched]
    total = sum(len(item.kept) + len(item.gone) for item in items)
    left = sum(len(item.kept) for item in items)
    if total and not left:
        raise WrongInputs(
            f"include, exclude: none of the {total:,} operations is left.",
            advice="Let `include` match some operations that `exclude` does not.",
        )
    if total == left:
        return Chosen(definition, tuple(findings))
    shaped = _without(definition, items)
    return Chosen(shaped, (*findings, *calls_of(shaped.document, _ids(items, gone=True) - _ids(items, gone=False))))


def _item(document: Object, path: str, written: Json, wish: _Wish) -> _Item:
    pointer, value = locate(document, ("paths", path), written)
    beside = {key: one for key, one in as_object(written).items() if key != "$ref"} if is_reference(written) else {}
    body = {**as_object(value), **beside}
    kept: set[str] = set()
    gone: set[str] = set()
    for method in METHODS:
        operation = body.get(method)
        if isinstance(operation, dict):
            one = Operation((*pointer, method), path, method, operation, body)
            (kept if wish.takes(one) else gone).add(method)
    return _Item(path, body, pointer, frozenset(kept), frozenset(gone))


def _unmatched(selector: Selector) -> Finding:
    return Finding(
        "selector-unmatched",
        Severity.WARNING,
        ("paths",),
        f"{selector.input}: `{selector.text}` matches no operation.",
        "Correct it (upper and lower case count), or remove it.",
    )


def _without(definition: Definition, items: Iterable[_Item]) -> Definition:
    """Leave out operations and then what nothing refers to; a path that was a reference is written out."""
    written = as_object(definition.document.get("paths"))
    paths: dict[str, Json] = {path: value for path, value in written.items() if path.startswith("x-")}
    parts = dict(definition.parts)
    for item in items:
        if item.kept:
            value = {key: one for key, one in item.body.items() if key not in item.gone}
            paths[item.path] = value if item.gone or is_reference(written[item.path]) else written[item.path]
            if item.pointer != ("paths", item.path):
                parts.update(moved(definition, item.pointer, ("paths", item.path)))
    ordered = {path: paths[path] for path in written if path in paths}
    document: dict[str, Json] = {**definition.document, "paths": ordered}
    webhooks = document.get("webhooks")
    if isinstance(webhooks, dict):  # a connector has none; without their contents nothing is kept for them
        document["webhooks"] = {name: {} for name in webhooks}
    return prune(definition._replace(parts=parts), document)


def _ids(items: Iterable[_Item], *, gone: bool) -> set[str]:
    return set(_id_texts(items, gone=gone))


def _id_texts(items: Iterable[_Item], *, gone: bool) -> Iterator[str]:
    for item in items:
        for method in item.gone if gone else item.kept:
            name = as_object(item.body[method]).get("operationId")
            if isinstance(name, str) and name:
                yield name
