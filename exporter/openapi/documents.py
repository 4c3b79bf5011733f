"""Reads one file, whatever it holds: JSON or YAML, decided by what is in it."""

import re
from typing import NamedTuple

from exporter.model.definitions import Positions
from exporter.model.findings import Finding
from exporter.model.json_values import Json
from exporter.openapi.json_reading import read_strictly
from exporter.openapi.limits import MOST_BYTES
from exporter.openapi.problems import Notes, Stopped
from exporter.openapi.texts import decode

_YAML_NAMES = (".yaml", ".yml")
_is_json = re.compile(rb"[ \t\r\n]*[{\[]").match
_looks_like_json = re.compile(r"\s*(?:[{\[]|//|/\*)").match


class Document(NamedTuple):
    """What a file holds."""

    file: str
    value: Json = None
    positions: Positions | None = None
    """None where the file cannot be read; the findings say why."""
    findings: tuple[Finding, ...] = ()


def read_document(file: str, content: bytes) -> Document:
    """
    Give the value of a file, where its parts stand, and what is wrong with it.

    A text that starts with a bracket is JSON, anything else is YAML. As JSON is (nearly) YAML, a file that is named
    so and is not strict JSON is read as YAML.
    """
    notes = Notes(file)
    try:
        value, positions = _read(file, content, notes)
    except Stopped as stopped:
        return Document(file, findings=(*notes.told(), stopped.finding))
    return Document(file, value, positions, notes.told())


def _read(file: str, content: bytes, notes: Notes) -> tuple[Json, Positions]:
    strict = read_strictly(content) if _is_json(content) and len(content) <= MOST_BYTES else None
    if strict is not None:
        return strict
    text = decode(content, notes)
    if _looks_like_json(text):
        again = text.encode()
        strict = read_strictly(again) if again != content else None
        if strict is not None:
            return strict
        if not file.lower().endswith(_YAML_NAMES):
            from exporter.openapi.json_lenient import read_leniently

            return read_leniently(text, notes)
    from exporter.openapi.yaml_reading import read_yaml

    return read_yaml(text, notes)
