"""Loads a definition from the author's files, and says what is wrong with them."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from exporter.model.definitions import Definition, Dialect, Positions
from exporter.model.findings import Finding
from exporter.model.json_values import Json, Object, as_object
from exporter.openapi.dangling import dangling
from exporter.openapi.documents import Document, read_document
from exporter.openapi.places import Places
from exporter.openapi.problems import MOST_FINDINGS, Notes, Stopped, rest, shown
from exporter.openapi.walk import Reference, references
from exporter.ports import Files


class Loaded(NamedTuple):
    """A definition, or None where there is none to be had; and what is wrong with its files."""

    definition: Definition | None
    findings: tuple[Finding, ...]


def load(path: str, files: Files, hosts: Collection[str] = ()) -> Loaded:
    """
    Load the definition at a path, references to other files of the workspace joined.

    `hosts` are those that references may lead to by https; without any, no reference goes to the network.

    A finding of severity error says that it cannot be exported as it is. Every finding has file, line and column.
    Raises WrongInputs where the file itself cannot be opened; whatever is in it is a finding.
    """
    read = read_document(shown_path(path), files.read(path))
    path = read.file
    if read.positions is None:
        return Loaded(None, read.findings)
    notes = Notes(path)
    try:
        document, dialect = _recognised(read.value, read.positions, notes)
        document, written = _by_place(document, dialect)
        definition = Definition(document, path, dialect, {path: read.positions}, {})
        if any(not str(one.value["$ref"]).startswith("#") for one in written):
            definition, found = _join(definition, read, files, hosts)
            notes.findings += found
            written = list(references(definition.document))
    except Stopped as stopped:
        return Loaded(None, (*read.findings, *notes.told(), stopped.finding))
    if not _has_something(definition):
        notes.add("paths-missing", *read.positions.find(("paths",)))
    notes.findings += dangling_findings(definition, written)
    once = {(one.rule, one.file, one.line, one.column): one for one in reversed(notes.told())}
    return Loaded(definition, (*read.findings, *reversed(once.values())))


def _by_place(document: Object, dialect: Dialect) -> tuple[Object, list[Reference]]:
    """Give a document and its references, those to anchors and ids leading to their places."""
    written = list(references(document))
    if dialect is Dialect.OPENAPI_3_1 and not all(
        str(one.value["$ref"]).startswith("#/components/") for one in written
    ):
        from exporter.openapi.anchors import by_place

        document = by_place(document, written)
        written = list(references(document))
    return document, written


def shown_path(path: str) -> str:
    """
    Give what a file is called in reports and records: an address without its query, which may hold a signature.

    >>> shown_path("https://a.example/api.json?sig=x"), shown_path("./api/openapi.yaml")
    ('https://a.example/api.json', 'api/openapi.yaml')
    """
    return path.partition("?")[0] if "://" in path else posixpath.normpath(path)


def _join(
    definition: Definition, read: Document, files: Files, hosts: Collection[str]
) -> tuple[Definition, tuple[Finding, ...]]:
    from exporter.openapi.joining import join  # prance costs more than everything else here

    document, parts, documents, findings = join(definition.document, read, files, definition.dialect, hosts)
    positions = {file: one.positions for file, one in documents.items() if one.positions is not None}
    return definition._replace(document=document, parts=parts, positions=positions), findings


def dangling_findings(
    definition: Definition, written: list[Reference], known: Collection[str] = ()
) -> Iterator[Finding]:
    """
    Give what is wrong with references inside a definition, those that are `known` left out; `written` are all it has.

    Beyond MOST_FINDINGS one finding of each rule counts the rest: to find a place takes time.
    """
    places = Places(definition)
    broken = (one for one in dangling(definition.document, written) if one.reference not in known)
    for rule, pointer, reference in islice(broken, MOST_FINDINGS):
        file, line, column = places.of_author((*pointer, "$ref"))
        yield Notes(file).finding(rule, line, column, shown(reference), pointer)
    for rule, times in Counter(one.rule for one in broken).items():
        yield rest(rule, times, definition.file)


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
    version = value[key]
    if isinstance(version, float):  # `swagger: 2.0` in YAML
        version = str(version)
        value = {**value, key: version}
        notes.add("version-not-text", *positions.find((key,)), shown(version))
    dialect = recognised_dialect(value)
    if dialect is None:
        raise notes.stop("version-not-supported", *positions.find((key,)), shown(str(version)))
    return value, dialect


def recognised_dialect(document: Object) -> Dialect | None:
    """Tell which version of OpenAPI a document says it is; None where it is none that we read."""
    key = "swagger" if "swagger" in document else "openapi"
    version = document.get(key)
    found = _known(version) if isinstance(version, str) else None
    return _DIALECTS[found[1]] if found and (found[1] == "2.0") == (key == "swagger") else None


def _has_something(definition: Definition) -> bool:
    """Tell whether there are paths; since OpenAPI 3.1 a definition may be of webhooks alone."""
    sections = ("paths", "webhooks") if definition.dialect is Dialect.OPENAPI_3_1 else ("paths",)
    return any(as_object(definition.document.get(section)) for section in sections)
