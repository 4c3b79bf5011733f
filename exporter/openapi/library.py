"""
The author's files as prance asks for them: by URL, out of a cache that is never empty-handed.

prance reads references (RFC 3986, RFC 6901) and asks its `reference_cache` before it opens anything. This library is
that cache: it answers every question itself, out of the workspace and with our own readers, or refuses. So prance
never opens a file or a URL. A reference that leaves the workspace never gets as far as prance, which would look at
symbolic links on its way.
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlparse, urlsplit

from prance.util.url import absurl, fetch_url, split_url_reference

from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding
from exporter.model.json_values import Json, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.documents import Document, read_document
from exporter.openapi.limits import LONGEST_REFERENCE, MOST_FILES
from exporter.openapi.problems import Notes, shown
from exporter.openapi.walk import internal_pointer, is_reference, look_up
from exporter.ports import Files

_BASE = "file:///connector-exporter-workspace/"
"""Where prance believes the files to be; nothing is there, so that nothing of the machine shines through."""


class Found(NamedTuple):
    """What a reference leads to."""

    file: str
    pointer: Pointer
    value: Json


class Refused(Exception):
    """A reference cannot be followed; its rule says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class _Shelved(NamedTuple):
    """A document in the shape in which prance takes it from its cache: it copies what it takes."""

    value: Json

    def copy(self) -> Json:
        """Give the document itself; nobody changes it."""
        return self.value


class Library:
    """All documents that a definition is joined of, each read once; and what is wrong with references to them."""

    def __init__(self, files: Files, root: Document) -> None:
        self._files = files
        self._root = root.file
        self._addresses: dict[str, object] = {}
        self._followed: dict[tuple[str, str], Found | None] = {}
        self._notes: dict[str, Notes] = {}
        self.documents = {root.file: root}

    def get(self, key: tuple[str, bool], _default: object = None) -> _Shelved:
        """Answer prance: give the document of a URL. Raises Refused."""
        file = _file(key[0].removeprefix(_BASE))
        if file not in self.documents:
            self.documents[file] = self._read(file)
        document = self.documents[file]
        if document.positions is None:
            raise Refused("reference-file-unreadable")
        return _Shelved(document.value)

    def follow(self, file: str, reference: str, written: Pointer) -> Found | None:
        """
        Follow a reference that stands in a file, and the one that it leads to as long as that is nothing else.

        Gives None where that leads nowhere; what is wrong is noted once for each file and reference.
        """
        key = (file, reference)
        if key not in self._followed:
            self._followed[key] = self._follow_through(file, reference, written)
        return self._followed[key]

    def place(self, file: str, pointer: Pointer) -> tuple[int, int]:
        """Give line and column of a pointer in a file that was read."""
        positions = self.documents[file].positions
        return positions.find(pointer) if positions else (0, 0)

    def note(self, rule: str, reference: str, file: str, written: Pointer) -> None:
        """Remember what is wrong with a reference."""
        self._notes.setdefault(file, Notes(file)).add(rule, *self.place(file, (*written, "$ref")), shown(reference))

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with references, and with the files that they lead to."""
        read = (document.findings for file, document in self.documents.items() if file != self._root)
        noted = (notes.findings for notes in self._notes.values())
        return tuple(finding for findings in (*noted, *read) for finding in findings)

    def _follow_through(self, file: str, reference: str, written: Pointer) -> Found | None:
        passed: set[tuple[str, Pointer]] = set()
        while True:
            try:
                found = self._follow(file, reference)
            except Refused as refused:
                self.note(refused.rule, reference, file, written)
                return None
            place = (found.file, found.pointer)
            if place in passed:
                self.note("reference-in-circles", reference, file, written)
                return None
            passed.add(place)
            value = as_object(found.value)
            if found.file == self._root or not is_reference(value) or len(value) > 1:
                return found
            (file, written), reference = place, as_text(value["$ref"])

    def _follow(self, file: str, reference: str) -> Found:
        _guard(file, reference)
        if file not in self._addresses:
            self._addresses[file] = absurl(urlparse(_BASE + quote(file)))
        # Parsed already: of a text prance asks the disk first whether it could be a path, once for each of its parts.
        url, _ = split_url_reference(self._addresses[file], urlparse(reference))
        pointer = internal_pointer("#" + url.fragment) or ()
        exists, value = look_up(fetch_url(url, self), pointer)
        if not exists:
            raise Refused("reference-nowhere")
        return Found(_file(url.path.removeprefix(urlsplit(_BASE).path)), pointer, value)

    def _read(self, file: str) -> Document:
        if len(self.documents) >= MOST_FILES:
            raise Refused("reference-file-missing")
        try:
            return read_document(file, self._files.read(file))
        except WrongInputs as error:
            raise Refused("reference-file-missing") from error


def _file(path: str) -> str:
    """Give the path of a file, relative to the workspace, that a URL's path means."""
    return posixpath.normpath(unquote(path))


def _guard(file: str, reference: str) -> None:
    """Refuse what leads anywhere but to a file of the workspace, before anybody follows it."""
    if "://" in file:  # a definition on the web: its neighbours are there, and not in the workspace
        raise Refused("reference-to-network")
    if len(reference) > LONGEST_REFERENCE or not unquote(reference).isprintable():
        raise Refused("reference-nowhere")
    try:
        scheme, host, path, _, _ = urlsplit(reference)
    except ValueError as error:
        raise Refused("reference-nowhere") from error
    if scheme in {"http", "https"} or (host and not scheme):
        raise Refused("reference-to-network")
    if scheme:
        raise Refused("reference-scheme")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
    if path.startswith("/") or whole.startswith(("../", "/")) or whole == "..":
        raise Refused("reference-leaves-workspace")
