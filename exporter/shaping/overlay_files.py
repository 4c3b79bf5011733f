"""Reads OpenAPI Overlay files (1.0 and 1.1), and refuses what is none with file and line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.definitions import Positions
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json, Object, as_list, as_object
from exporter.model.pointers import Pointer
from exporter.openapi.documents import read_document
from exporter.openapi.problems import shown
from exporter.ports import Files

MOST_ACTIONS = 5_000
APPLIES_TO = "x-applies-to"
"""Our own extension at the top of an overlay: `connector` applies it to the Swagger 2.0 that is exported."""
_VERSION = re.compile(r"1\.[01](\.[0-9]+)?")
_ADVICE = "See docs/shaping.md for what an overlay may hold."
_ROOT = frozenset(("overlay", "info", "extends", "actions"))
_ACTION = frozenset(("target", "description", "update", "remove", "copy"))


class Action(NamedTuple):
    """One action: what it selects, and what it does there."""

    pointer: Pointer
    """Where it stands in its file."""
    target: str
    kind: str
    """`update`, `remove` or `copy`."""
    value: Json = None
    """What is merged in by an update, or the query of a copy."""


class Overlay(NamedTuple):
    """An overlay file that was read."""

    file: str
    actions: tuple[Action, ...]
    positions: Positions
    of_connector: bool = False
    """Whether it applies to the connector definition instead of the author's."""
    findings: tuple[Finding, ...] = ()
    """What is odd about the file but can be read all the same."""

    def wrong(self, pointer: Pointer, message: str, advice: str = _ADVICE) -> WrongInputs:
        """Give the error to raise about a place in this file."""
        return _wrong(self.file, self.positions, pointer, message, advice)


def read_overlay(path: str, files: Files) -> Overlay:
    """Read an overlay. Raises WrongInputs, with file and line, for what is none or cannot be read."""
    document = read_document(path, files.read(path))
    errors = [finding for finding in document.findings if finding.severity is Severity.ERROR]
    if errors or document.positions is None:
        raise WrongInputs(f"overlay: {path}:{errors[0].line}: {errors[0].message}", advice=errors[0].advice)
    for pointer, message in _complaints(document.value):
        raise _wrong(path, document.positions, pointer, message)
    root = as_object(document.value)
    actions = tuple(_action(index, as_object(action)) for index, action in enumerate(as_list(root["actions"])))
    of_connector = root.get(APPLIES_TO) == "connector"
    return Overlay(path, actions, document.positions, of_connector, document.findings)


def _wrong(file: str, positions: Positions, pointer: Pointer, message: str, advice: str = _ADVICE) -> WrongInputs:
    return WrongInputs(f"overlay: {file}:{positions.find(pointer)[0]}: {message}", advice=advice)


def _complaints(value: Json) -> Iterator[tuple[Pointer, str]]:
    """Give what makes a file no overlay; the first one is told."""
    if not isinstance(value, dict):
        yield (), "The file holds no object, so it is no overlay."
        return
    yield from _complaints_of_head(value)
    actions = value.get("actions")
    if not isinstance(actions, list) or not actions:
        yield ("actions",), "`actions` must be a list of at least one action."
        return
    if len(actions) > MOST_ACTIONS:
        yield ("actions",), f"There are more than {MOST_ACTIONS:,} actions."
    copies = not str(value.get("overlay")).startswith("1.0")
    for index, action in enumerate(actions):
        for tail, message in _complaints_of_action(action, copies=copies):
            yield ("actions", str(index), *tail), message


def _complaints_of_head(value: Object) -> Iterator[tuple[Pointer, str]]:
    version = value.get("overlay")
    text = str(version) if isinstance(version, float) else version  # `overlay: 1.1` in YAML
    if not isinstance(text, str) or not _VERSION.fullmatch(text):
        yield ("overlay",), "`overlay` must say the version, 1.0.0 or 1.1.0."
    for key in value:
        if key not in _ROOT and not key.startswith("x-"):
            yield (key,), f"{shown(key)} does not belong to an overlay."
    if value.get(APPLIES_TO, "definition") not in ("definition", "connector"):
        yield (APPLIES_TO,), f"`{APPLIES_TO}` is neither `definition` nor `connector`."
    info = as_object(value.get("info"))
    if not all(isinstance(info.get(key), (str, int, float)) for key in ("title", "version")):
        yield ("info",), "`info` must have a `title` and a `version`."


def _complaints_of_action(action: Json, *, copies: bool) -> Iterator[tuple[Pointer, str]]:
    if not isinstance(action, dict):
        yield (), "An action must be an object."
        return
    if not isinstance(action.get("target"), str):
        yield (("target",) if "target" in action else ()), "An action needs `target`, a JSONPath query."
    for key in action:
        if key not in _ACTION and not key.startswith("x-"):
            yield (key,), f"{shown(key)} does not belong to an action."
    if not isinstance(action.get("remove", False), bool):
        yield ("remove",), "`remove` must be true or false."
    if "copy" in action and not copies:
        yield ("copy",), "`copy` needs `overlay: 1.1.0`."
    if "copy" in action and not isinstance(action["copy"], str):
        yield ("copy",), "`copy` must be a JSONPath query."
    if action.get("remove") is not True and ("update" in action) == ("copy" in action):
        yield (), "An action needs one of `update`, `copy` and `remove: true`."


def _action(index: int, action: Object) -> Action:
    kind = "remove" if action.get("remove") is True else "update" if "update" in action else "copy"
    return Action(("actions", str(index)), str(action["target"]), kind, action.get(kind))
