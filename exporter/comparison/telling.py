"""Turns movements into changes: one for each cause, with what it means, in words for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from exporter.comparison.fingerprint import canonical, sha256
from exporter.comparison.moves import Move, name_of, quoted
from exporter.comparison.reach import MOST
from exporter.comparison.rows import BY_ID
from exporter.model.changes import Change
from exporter.model.json_values import Json

_LONG, _MANY, _SHOWN = 300, 20, 5
_LED_IN, _DEEPEST = 20, 6


def changes(found: Iterable[tuple[Move, tuple[int, ...]]], names: list[str]) -> Iterator[Change]:
    """
    Make changes of movements; those with the same rule and places have one cause, whichever operations they touch.

    `names` gives the operations by their index; a movement without any is about the connector as a whole.
    """
    causes: dict[tuple[str, object, object, str], tuple[Move, list[tuple[int, ...]]]] = {}
    for move, operations in found:
        key = (move.id, move.was, None if move.gone and move.was is not None else move.where, move.part)
        causes.setdefault(key, (move, []))[1].append(operations)
    told = [(move, _together(touched)) for move, touched in causes.values()]
    named: dict[int, tuple[str, ...]] = {}  # many causes in one circle of schemas touch the very same operations
    for move, touched in sorted(told, key=lambda cause: cause[1][0] if cause[1] else -1):
        if id(touched) not in named:
            named[id(touched)] = tuple(names[index] for index in touched)
        yield _change(move, named[id(touched)])


def _together(touched: list[tuple[int, ...]]) -> tuple[int, ...]:
    if all(one is touched[0] for one in touched):
        return touched[0]
    return tuple(sorted(set().union(*touched))[:MOST])


def _change(move: Move, operations: tuple[str, ...]) -> Change:
    row = BY_ID[move.id]
    before, after = _bounded(move.before), _bounded(move.after)
    operation = operations[0] if operations else ""
    message = row.message.format(
        operation=quoted(operation) if operation else "the connector",
        name=name_of(move.place),
        **dict(zip(("before", "after"), _apart(move.before, move.after), strict=True)),
    )
    message = message[0].upper() + message[1:]
    if len(operations) > 1:
        message += f" This touches {len(operations)}{' or more' if len(operations) == MOST else ''} operations."
    if move.hint:
        message += f" {move.hint}"
    return Change(
        id=move.id,
        impact=row.impact,
        surfaces=row.surfaces(),
        pointer=move.where,
        message=message,
        advice=row.advice,
        fingerprint=_fingerprint(move, operation),
        operation=operation,
        operations=operations,
        before=before,
        after=after,
        part=move.part,
        old_pointer=move.was,
        when=row.when,
        place=move.place,
    )


def _fingerprint(move: Move, operation: str) -> str:
    """Name a change by what it is: free of lines, of our sentences, and of the order in which a file lists things."""
    values: list[Json] = [move.before, move.after]
    if not move.id.endswith("order-changed"):
        values = [sorted(value, key=canonical) if isinstance(value, list) else value for value in values]
    identity: list[Json] = [move.id, operation, list(move.place), *values, move.part]
    return sha256(canonical(identity))[:16]


def _bounded(value: Json, depth: int = 3) -> Json:
    """Keep a value small: long texts and lists are cut, and so is what is deep."""
    if isinstance(value, str):
        return value if len(value) <= _LONG else value[: _LONG - 1] + "…"
    if isinstance(value, (list, dict)) and value and not depth:
        return "…"
    if isinstance(value, list):
        return [_bounded(one, depth - 1) for one in value[:_MANY]]
    if isinstance(value, dict):
        return {key[:_LONG]: _bounded(value[key], depth - 1) for key in list(value)[:_MANY]}
    return value


def _apart(before: Json, after: Json) -> tuple[str, str]:
    """Tell two values so that people see what is different about them."""
    old, new = _differing(before, after) if before != after else (before, after)
    told = _told(_bounded(old)), _told(_bounded(new))
    if told[0] != told[1] or (old == new and old.__class__ is new.__class__):
        return told
    kept = (value if isinstance(value, str) else _bounded(value, _DEEPEST) for value in (old, new))
    texts = ["nothing" if value is None else json.dumps(value, ensure_ascii=False) for value in kept]
    same = next((at for at, (one, other) in enumerate(zip(*texts, strict=False)) if one != other), min(map(len, texts)))
    start = max(0, same - _LED_IN)
    one, other = (text if text == "nothing" else quoted(("…" if start else "") + text[start:]) for text in texts)
    return one, other


def _differing(old: Json, new: Json, depth: int = _DEEPEST) -> tuple[Json, Json]:
    """Leave out of two objects what both say."""
    if not (isinstance(old, dict) and isinstance(new, dict) and depth):
        return old, new
    moved = [name for name in {**old, **new} if name not in old or name not in new or old[name] != new[name]]
    parts = {name: _differing(old.get(name), new.get(name), depth - 1) for name in moved}
    return {name: parts[name][0] for name in parts if name in old}, {
        name: parts[name][1] for name in parts if name in new
    }


def _told(value: Json) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, list):
        shown = ", ".join(_told(one) if one else quoted(json.dumps(one)) for one in value[:_SHOWN])
        return f"{shown}, …" if len(value) > _SHOWN else shown
    return quoted(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
