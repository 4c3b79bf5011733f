"""Reads the files that inputs name beside the definition: objects in JSON or YAML, and records."""

from __future__ import annotations

from exporter.model.errors import WrongInputs
from exporter.model.findings import Severity
from exporter.model.json_values import Object
from exporter.model.plans import Record
from exporter.openapi.documents import read_document
from exporter.planning.record_format import NotARecord, looks_like_a_record, read_record
from exporter.ports import Files


def read_named(name: str, path: str, files: Files) -> bytes:
    """Read the file that the input `name` gives. Raises WrongInputs, which names the input."""
    try:
        return files.read(path)
    except WrongInputs as error:
        raise WrongInputs(f"{name}: {error.message}", advice=error.advice) from error


def read_object(name: str, path: str, files: Files) -> Object:
    """Read the object in the file that the input `name` gives. Raises WrongInputs, with the line, for anything else."""
    document = read_document(path, read_named(name, path, files))
    errors = [finding for finding in document.findings if finding.severity is Severity.ERROR]
    if errors:
        raise WrongInputs(f"{name}: {path}:{errors[0].line}: {errors[0].message}", advice=errors[0].advice)
    if not isinstance(document.value, dict):
        raise WrongInputs(
            f"{name}: {path} does not hold names and values.", advice="Write a JSON object or a YAML mapping."
        )
    return document.value


def read_record_file(path: str, files: Files) -> Record | None:
    """Read a record of ours; None where the file is something else (a definition). Raises WrongInputs."""
    content = read_named("baseline", path, files)
    if not looks_like_a_record(content):
        return None
    try:
        return read_record(content)
    except NotARecord as error:
        raise WrongInputs(
            f"baseline: the record {path} cannot be used: {error}.", advice="Name another file."
        ) from error
