"""
The author's files as prance asks for them: by URL, out of a cache that is never empty-handed.

prance reads references (RFC 3986, RFC 6901) and asks its `reference_cache` before it opens anything. This library is
that cache: it answers every question itself, through the port `Files` and with our own readers, or refuses. So prance
never opens a file or a URL. A reference that leaves the workspace never gets as far as prance, which would look at
symbolic links on its way; nor does one to a host that the user did not allow.
"""

import posixpath
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urljoin, urlparse, urlsplit

from prance.util.url import absurl, fetch_url, split_url_reference, urlresource

from exporter.model.errors import NotExportable, WrongInputs
from exporter.model.findings import Finding
from exporter.model.json_values import Json, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.openapi.documents import Document, read_document
from exporter.openapi.limits import LONGEST_REFERENCE, MOST_FILES
from exporter.openapi.problems import Notes, shown
from exporter.openapi.walk import internal_pointer, is_reference, look_up
from exporter.ports import Files
from exporter.settings.addresses import is_address

_BASE = "file:///connector-exporter-workspace/"
"""Where prance believes the files to be; nothing is there, so that nothing of the machine shines through."""


class Found(NamedTuple):
    """What a reference leads to."""

    file: str
    pointer: Pointer
    value: Json


class Refused(Exception):
    """A reference cannot be followed; its rule says why, `reason` more where the rule does not say it all."""

    def __init__(self, rule: str, reason: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.reason = reason


class _Shelved(NamedTuple):
    """A document in the shape in which prance takes it from its cache: it copies what it takes."""

    value: Json

    def copy(self) -> Json:
        """Give the document itself; nobody changes it."""
        return self.value


class Library:
    """All documents that a definition is joined of, each read once; and what is wrong with references to them."""

    def __init__(self, files: Files, root: Document, hosts: Collection[str] = ()) -> None:
        """Take the files, the definition itself, and the hosts that references may lead to, by https."""
        self._files = files
        self._hosts = hosts
        self._root = root.file
        self._addresses: dict[str, object] = {}
        self._led_to: dict[tuple[str, str], tuple[str, Json]] = {}
        """By folder or file, and address seen from there: the file that is meant, and what is in it."""
        self._followed: dict[tuple[str, str], Found | None] = {}
        self._notes: dict[str, Notes] = {}
        self._missing: dict[str, tuple[str, str]] = {}
        """Files that cannot be read: the rule and the reason."""
        self.documents = {root.file: root}

    def get(self, key: tuple[str, bool], _default: object = None) -> _Shelved:
        """Answer prance: give the document of a URL. Raises Refused."""
        file = _named(key[0])
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

    def note(self, rule: str, reference: str, file: str, written: Pointer, reason: str = "") -> None:
        """Remember what is wrong with a reference."""
        notes = self._notes.setdefault(file, Notes(file))
        if notes.full:
            notes.count(rule)
            return
        what = f"{shown(reference)} {reason}".strip()
        notes.add(rule, *self.place(file, (*written, "$ref")), what)

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with references, and with the files that they lead to."""
        read = (document.findings for file, document in self.documents.items() if file != self._root)
        noted = (notes.told() for notes in self._notes.values())
        return tuple(finding for findings in (*noted, *read) for finding in findings)

    def _follow_through(self, file: str, reference: str, written: Pointer) -> Found | None:
        passed: set[tuple[str, Pointer]] = set()
        while True:
            try:
                found = self._follow(file, reference)
            except Refused as refused:
                self.note(refused.rule, reference, file, written, refused.reason)
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
        if is_web(file):
            reference = _joined(file, reference)
        if len(reference) > LONGEST_REFERENCE or not unquote(reference).isprintable():
            raise Refused("reference-nowhere")
        address, _, fragment = reference.partition("#")
        # What is relative to a file's folder leads from all files of that folder to the same place.
        own = is_web(file) or address.lstrip()[:1] in {"", "?", ";"}
        key = (file if own else posixpath.dirname(file), address)
        if key not in self._led_to:
            self._led_to[key] = self._lead(file, address)
        found, document = self._led_to[key]
        pointer = internal_pointer("#" + fragment) or ()
        exists, value = look_up(document, pointer)
        if not exists:
            raise Refused("reference-nowhere")
        return Found(found, pointer, value)

    def _lead(self, file: str, address: str) -> tuple[str, Json]:
        """Give the file that an address leads to from another file, and what is in it."""
        self._guard(file, address)
        if file not in self._addresses:
            self._addresses[file] = absurl(urlparse(file if is_web(file) else _BASE + quote(file)))
        # Parsed already: of a text prance asks the disk first whether it could be a path, once for each of its parts.
        url, _ = split_url_reference(self._addresses[file], urlparse(address))
        document: Json = fetch_url(url, self)
        return _named(urlresource(url)), document

    def _guard(self, file: str, reference: str) -> None:
        """Refuse what leads anywhere but to a file of the workspace or to an allowed host, before anybody follows it."""
        try:
            parts = urlsplit(reference)
        except ValueError as error:
            raise Refused("reference-nowhere") from error
        if parts.scheme in {"http", "https"} or (parts.netloc and not parts.scheme):
            self._guard_address(parts)
        elif parts.scheme:
            raise Refused("reference-scheme")
        else:
            whole = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(parts.path)))
            if parts.path.startswith("/") or whole.startswith(("../", "/")) or whole == "..":
                raise Refused("reference-leaves-workspace")

    def _guard_address(self, parts: SplitResult) -> None:
        address = parts._replace(query="", fragment="").geturl()
        if address in self.documents:
            return
        if parts.netloc.lower() not in self._hosts or not is_address(address):
            raise Refused("reference-to-network")
        if parts.query or ";" in parts.path:  # prance would leave it out; and it may hold a signature
            raise Refused("reference-with-query")

    def _read(self, file: str) -> Document:
        if file in self._missing:
            raise Refused(*self._missing[file])
        if len(self.documents) + len(self._missing) >= MOST_FILES:
            raise Refused("reference-file-missing")
        try:
            return read_document(file, self._files.read(file))
        except (WrongInputs, NotExportable) as error:
            web = is_web(file)
            self._missing[file] = ("reference-not-fetched", error.message) if web else ("reference-file-missing", "")
            raise Refused(*self._missing[file]) from error


def is_web(file: str) -> bool:
    """Tell whether a file is on the web, and not in the workspace."""
    return "://" in file


def _named(url: str) -> str:
    """Give the file that a URL of prance's means: a path relative to the workspace, or an address."""
    inside = f"{url}/"  # the workspace itself has no slash behind it
    return posixpath.normpath(unquote(inside.removeprefix(_BASE))) if inside.startswith(_BASE) else url


def _joined(address: str, reference: str) -> str:
    """Make a reference absolute that stands in a file on the web."""
    try:
        return urljoin(address, reference)
    except ValueError as error:
        raise Refused("reference-nowhere") from error
