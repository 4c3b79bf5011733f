"""Loads a definition from the author's files, and says what is wrong with them."""

from __future__ import annotations

import re
from typing import NamedTuple

from exporter.model.definitions import Definition, Dialect, Positions
from exporter.model.findings import Finding
from exporter.model.json_values import Json, Object, as_object
from exporter.openapi.documents import read_document
from exporter.openapi.problems import Notes, Stopped, shown
from exporter.ports import Files


class Loaded(NamedTuple):
    """A definition, or None where there is none to be had; and what is wrong with its files."""

    definition: Definition | None
    findings: tuple[Finding, ...]


def load(path: str, files: Files) -> Loaded:
    """
    Load the definition at a path.

    A finding of severity error says that it cannot be exported as it is. Raises WrongInputs where the file itself
    cannot be opened; whatever is in it is a finding.
    """
    document = read_document(path, files.read(path))
    if document.positions is None:
        return Loaded(None, document.findings)
    notes = Notes(path)
    try:
        root, dialect = _recognised(document.value, document.positions, notes)
    except Stopped as stopped:
        return Loaded(None, (*document.findings, *notes.findings, stopped.finding))
    definition = Definition(root, path, dialect, {path: document.positions}, {})
    return Loaded(definition, (*document.findings, *notes.findings))


_DIALECTS = {"2.0": Dialect.SWAGGER_2, "3.0": Dialect.OPENAPI_3_0, "3.1": Dialect.OPENAPI_3_1}
_known = re.compile(r"(2\.0|3\.[01])(?:\.[0-9].*)?").fullmatch
_kinds = ((dict, "an object"), (list, "a list"), (str, "a text"), (bool, "a truth value"), ((int, float), "a number"))


def _recognised(value: Json, positions: Positions, notes: Notes) -> tuple[Object, Dialect]:
    """Give the document and the version of OpenAPI that the author says it is. Raises Stopped."""
    if not isinstance(value, dict):
        kind = next((words for types, words in _kinds if isinstance(value, types)), "nothing")
        raise notes.stop("not-an-object", *positions.find(()), kind)
    key = "swagger" if "swagger" in value else "openapi"
    if key not in value:
        raise notes.stop("version-missing", *positions.find(()))
    version, place = value[key], positions.find((key,))
    if isinstance(version, float):  # `swagger: 2.0` in YAML
        version = str(version)
        value = {**value, key: version}
        notes.add("version-not-text", *place, shown(version))
    found = _known(version) if isinstance(version, str) else None
    if not found or (found[1] == "2.0") != (key == "swagger"):
        raise notes.stop("version-not-supported", *place, shown(str(version)))
    dialect = _DIALECTS[found[1]]
    if not as_object(value.get("paths")) and not (dialect is Dialect.OPENAPI_3_1 and as_object(value.get("webhooks"))):
        notes.add("paths-missing", *positions.find(("paths",)))
    return value, dialect
