"""Which operations are gone, new, or on their way out, and what is left behind by those that are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exporter.comparison.inputs import skeleton
from exporter.comparison.moves import Move
from exporter.comparison.operations import ANNOTATION, Pairs, number
from exporter.comparison.reading import Operation
from exporter.model.json_values import Object, as_object, as_text


def presence(pairs: Pairs, document: Object) -> Iterator[tuple[Move, int]]:
    """Give the operations that are gone and those that are new, with their index; a likely new name is only a hint."""
    looks = {_look(one): one.name for one in pairs.come}
    places = {skeleton(one.path): one.name for one in pairs.come}
    index = len(pairs.kept)
    for one in pairs.gone:
        likely = looks.get(_look(one)) or places.get(skeleton(one.path))
        row = "trigger-removed" if one.trigger else "operation-removed"
        where = ("paths", one.path) if one.path in as_object(document.get("paths")) else ("paths",)
        hint = f"It looks replaced by {likely}." if likely else ""
        yield Move(row, (), where, one.where, one.name, None, gone=True, hint=hint), index
        if one.facts.get("deprecated") is not True:
            yield Move("deprecated-removed-early", (), where, one.where, gone=True), index
        index += 1
    for one in pairs.come:
        yield Move("trigger-added" if one.trigger else "operation-added", (), one.where, None, None, one.name), index
        index += 1


def deprecated_alone(pairs: Pairs) -> Iterator[tuple[Move, int]]:
    """Give the operations that were deprecated without a higher revision of their family to take their place."""
    newest: dict[str, float] = {}
    for one in (*(other for _, other in pairs.kept), *pairs.come):
        family, revision = _version(one)
        if one.facts.get("deprecated") is not True and family:
            newest[family] = max(newest.get(family, 0), revision)
    for index, (old, new) in enumerate(pairs.kept):
        family, revision = _version(new)
        if (
            new.facts.get("deprecated") is True
            and old.facts.get("deprecated") is not True
            and newest.get(family, 0) <= revision
        ):
            yield Move("deprecated-without-replacement", (), new.where, old.where), index


def unsubscribing(pairs: Pairs, bases: tuple[str, str]) -> Iterator[tuple[Move, int]]:
    """Give the operations by which webhook triggers are given up, where they are gone or called in another way."""
    homes = _hooks(old for old in (*(old for old, _ in pairs.kept), *pairs.gone))
    if not homes:
        return
    for index, (old, new) in enumerate(pairs.kept):
        called = (bases[0] + old.path, bases[1] + new.path)
        if _gives_up(old, homes) and (old[:2] != new[:2] or called[0] != called[1]):
            yield Move("webhook-delete-changed", (), new.where, old.where), index
    for index, old in enumerate(pairs.gone, len(pairs.kept)):
        if _gives_up(old, homes):
            yield Move("webhook-delete-changed", (), ("paths",), old.where, gone=True), index


def _hooks(operations: Iterable[Operation]) -> set[str]:
    """Give the paths that webhooks are registered at, and their parents: there they are given up."""
    paths = [one.path for one in operations if one.trigger and one.method == "post"]
    return {*paths, *(path.rpartition("/")[0] for path in paths if path.count("/") > 1)}


def _gives_up(operation: Operation, homes: set[str]) -> bool:
    parent = operation.path.rpartition("/")[0]
    return operation.method == "delete" and (operation.path in homes or parent in homes)


def _version(operation: Operation) -> tuple[str, float]:
    annotation = as_object(operation.facts.get(ANNOTATION))
    return as_text(annotation.get("family")), number(annotation.get("revision"))


def _look(operation: Operation) -> str:
    return as_text(operation.facts.get("summary")) or operation.name
