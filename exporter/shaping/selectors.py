"""Selectors: which operations an input means, by tag, path, method, operationId or extension."""

import json
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from exporter.model.errors import WrongInputs
from exporter.model.json_values import Json, as_list
from exporter.openapi.grammar import METHODS
from exporter.openapi.walk import Operation

MOST_SELECTORS = 500
LONGEST_SELECTOR = 500
_LONGEST_TEXT = 2_000
"""Of a tag, path or operationId that a selector is held against; longer ones are matched by none."""
_ADVICE = "See docs/shaping.md: `tag:Orders`, `/orders/**`, `GET`, `GET /orders/*`, `operation:List*`, `x-internal`."


Test: TypeAlias = Callable[[Operation], bool]


class Selector(NamedTuple):
    """One selector as it was written, and what it means."""

    input: str
    """`include` or `exclude`."""
    text: str
    matches: Test


def selectors(name: str, texts: Iterable[str]) -> tuple[Selector, ...]:
    """Read the selectors of the input `name`. Raises WrongInputs, with one line for each that is none."""
    listed = tuple(dict.fromkeys(texts))
    complaints = []
    found = []
    for text in listed[:MOST_SELECTORS]:
        test = _test(text) if len(text) <= LONGEST_SELECTOR else None
        if test is None:
            complaints.append(f"{name}: `{text[:80]}` says neither tag, path, method, operation nor extension.")
        else:
            found.append(Selector(name, text, test))
    if len(listed) > MOST_SELECTORS:
        complaints.append(f"{name}: has {len(listed):,} selectors, more than {MOST_SELECTORS}.")
    if complaints:
        raise WrongInputs("\n".join(complaints), advice=_ADVICE)
    return tuple(found)


def _test(text: str) -> Test | None:
    kind, colon, rest = text.partition(":")
    if text.startswith("/"):
        return _path(text)
    if text.startswith("x-"):
        return _extension(text)
    if colon and rest.strip() and kind in _KINDS:
        return _KINDS[kind](rest.strip())
    method, blank, path = text.partition(" ")
    if method.lower() in METHODS and (not blank or path.strip().startswith("/")):
        return _method(method.lower(), _path(path.strip()) if blank else None)
    return None


def _tag(glob: str) -> Test:
    match = glob_of(glob)
    return lambda one: any(isinstance(tag, str) and match(tag) for tag in as_list(one.body.get("tags")))


def _operation(glob: str) -> Test:
    match = glob_of(glob)
    return lambda one: isinstance(id_ := one.body.get("operationId"), str) and match(id_)


def _path(glob: str) -> Test:
    match = path_glob_of(glob)
    return lambda one: match(one.path)


def _method(method: str, path: Test | None) -> Test:
    return lambda one: one.method == method and (path is None or path(one))


def _extension(text: str) -> Test:
    """`x-internal` means there is one and it is neither false nor null; `x-audience=public` asks for the value."""
    key, equals, wanted = text.partition("=")
    if equals:
        return lambda one: wanted.strip() in {_said(value) for value in _values(one, key)}
    return lambda one: any(value is not None and value is not False for value in _values(one, key))


def _values(one: Operation, key: str) -> tuple[Json, ...]:
    """Give the value of an extension, the operation's own before its path's."""
    return tuple(holder[key] for holder in (one.body, one.item) if key in holder)[:1]


def _said(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value) if not isinstance(value, (dict, list)) else ""


_KINDS: dict[str, Callable[[str], Test]] = {"tag": _tag, "path": _path, "operation": _operation}


def glob_of(glob: str) -> Callable[[str], bool]:
    """
    Read a glob: `*` is any characters, `?` is one.

    Takes time in proportion to text and glob: each part between stars is sought once, at its first place.

    >>> [glob_of(glob)("ListOrders") for glob in ("List*", "*Order?", "list*", "L*t*s")]
    [True, True, False, True]
    """
    first, *parts = (re.escape(part).replace(r"\?", ".") for part in re.sub(r"\*+", "*", glob).split("*"))
    middle = "".join(f"(?>.*?{part})" for part in parts[:-1] if part)
    found = re.compile(f"{first}{middle}.*{parts[-1]}" if parts else first, re.DOTALL).fullmatch
    return lambda text: len(text) <= _LONGEST_TEXT and found(text) is not None


def path_glob_of(glob: str) -> Callable[[str], bool]:
    """
    Read a glob of paths: `*` stays within a part of the path, a part `**` is any number of parts; two of it say no more.

    >>> [path_glob_of("/orders/*")(path) for path in ("/orders/{id}", "/orders", "/orders/{id}/items")]
    [True, False, False]
    >>> [path_glob_of("/orders/**")(path) for path in ("/orders/{id}/items", "/orders", "/ordersets")]
    [True, True, False]
    """
    pieces = glob.split("/")
    once = [part for part, after in zip(pieces, [*pieces[1:], ""], strict=True) if (part, after) != ("**", "**")]
    parts = [None if part == "**" else glob_of(part) for part in once]

    def matches(path: str) -> bool:
        at = {0}
        for piece in path.split("/") if len(path) <= _LONGEST_TEXT else ():
            at = {after for index in _through(at, parts) for after in _step(index, parts, piece)}
        return len(parts) in _through(at, parts)

    return matches


_Parts: TypeAlias = "list[Callable[[str], bool] | None]"


def _through(at: set[int], parts: _Parts) -> set[int]:
    """Take along what is reached where a part `**`, of which there are no two in a row, stands for no part at all."""
    return at | {index + 1 for index in at if index < len(parts) and parts[index] is None}


def _step(index: int, parts: _Parts, piece: str) -> Iterable[int]:
    if index < len(parts):
        part = parts[index]
        if part is None:
            yield index
        elif part(piece):
            yield index + 1
