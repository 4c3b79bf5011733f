"""Servers: a connector has one address; paths with a server of their own on the same host get a longer path."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from exporter.conversion.draft import Draft
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

# Without a scheme it has that of the place that the file was loaded from (RFC 3986, 4.2): for a connector, https.
_ABSOLUTE = re.compile(r"(?:(https?|wss?):)?//([^/?#]*)([^?#]*)", re.IGNORECASE)
_HOST = re.compile(r"[^{}/ :\\@]+(?::[0-9]+)?")
# https first; a relative one only when there is no other.
_PREFERRED = ("https", "http", "wss", "ws", "")
_BEYOND = re.compile(r"[?#].+", re.DOTALL)
"""Query and fragment, which are no part of what stands before a path."""
_SERVER = frozenset({"url", "variables"})
_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Address(NamedTuple):
    """Where an API is: scheme and host are empty where only a path is known."""

    scheme: str
    host: str
    path: str
    """Begins with a slash and does not end with one; empty for the root."""


def parse_address(text: str) -> Address | None:
    """
    Read an absolute or relative address; None where it is none.

    >>> parse_address("https://api.example.com:8443/v1/")
    Address(scheme='https', host='api.example.com:8443', path='/v1')
    >>> parse_address("//api.example.com/v1")
    Address(scheme='https', host='api.example.com', path='/v1')
    >>> parse_address("/v1").path, parse_address("/a/{b").path, parse_address("ftp://example.com")
    ('/v1', '/a/%7Bb', None)
    """
    match = _ABSOLUTE.match(text.strip())
    if match:
        host = match[2].rpartition("@")[2]
        if not _HOST.fullmatch(host):
            return None
        return Address((match[1] or "https").lower(), host, _plain_path(match[3]))
    if "://" in text or _VARIABLE.search(text):
        return None
    return Address("", "", _plain_path(text.strip().partition("?")[0].partition("#")[0]))


def replaced(document: Object, server: str) -> Object:
    """Give a Swagger 2.0 document with another address; the rest of it is the same."""
    address = parse_address(server)
    if address is None or not address.host:
        return document
    return {**document, **swagger_keys(address)}


def swagger_keys(address: Address) -> dict[str, Json]:
    """Write an absolute address as Swagger 2.0 does."""
    return {"host": address.host, "basePath": address.path or "/", "schemes": [address.scheme]}


class Servers:
    """The one address of the connector, and how the paths of other servers lie to it."""

    def __init__(self, draft: Draft, server: str) -> None:
        self._draft = draft
        self._given = bool(server)
        self.place: Pointer = ("servers",)
        main = (self._asked(server) if server else self._choose()) or Address("", "", "")
        others = [] if self._given else list(self._other_addresses())
        absolute = [other for other in others if other.host]
        if not main.host and absolute:
            best = min(absolute, key=lambda other: _PREFERRED.index(other.scheme))
            main = main._replace(scheme=best.scheme, host=best.host)
        if not main.host:
            draft.lose("server-missing", ("servers",) if "servers" in draft.document else (), "no absolute server")
        self._main = main
        self._base = _common([main.path, *(other.path for other in others if other.host in {"", main.host})])

    def keys(self) -> dict[str, Json]:
        """Give host, base path and scheme of the connector, as far as they are known."""
        if self._main.host:
            return swagger_keys(self._main._replace(path=self._base))
        return {"basePath": self._base} if self._base else {}

    def absolute(self, text: str) -> str:
        """Make an address absolute that may be relative to the server."""
        if text.startswith("//"):
            return f"{self._main.scheme or 'https'}:{text}"
        if not text or _ABSOLUTE.match(text) or not self._main.host:
            return text
        path = text if text.startswith("/") else f"{self._main.path}/{text}"
        return f"{self._main.scheme}://{self._main.host}{path}"

    def prefix(self, *levels: tuple[Json, Pointer]) -> str | None:
        """
        Tell what to put before the path of an operation; None where it is on another host.

        Takes the servers of path and operation with their places; the last ones that say something count.
        """
        for servers, where in reversed(levels):
            if not as_list(servers):
                continue
            if self._given:
                self._draft.lose("servers-dropped", where, "servers of a path or operation")
                continue
            address = self._first(as_list(servers), where)
            if address is None or address.host not in {"", self._main.host}:
                return None
            return address.path[len(self._base) :]
        return self._main.path[len(self._base) :]

    def _asked(self, server: str) -> Address | None:
        """Read the address that the user gave; where it is a mere host, the document's relative path goes on from it."""
        address = parse_address(server)
        written = self._first(as_list(self._draft.document.get("servers")), ("servers",))
        if address and not address.path and written and not written.host:
            return address._replace(path=written.path)
        return address

    def _choose(self) -> Address | None:
        servers = as_list(self._draft.document.get("servers"))
        chosen = self._first(servers, ("servers",), main=True)
        if chosen and chosen.host and len(servers) > 1:
            self._draft.lose("servers-dropped", ("servers",), f"{len(servers)} servers")
        written = as_object(servers[int(self.place[1])]) if chosen and len(self.place) > 1 else {}
        self._draft.report_others(written, self.place[:2], _SERVER, extensions=True)
        if chosen and chosen.scheme == "http":
            self._draft.lose("server-insecure", self.place, "a server without https")
        return chosen

    def _first(self, servers: Sequence[Json], where: Pointer, *, main: bool = False) -> Address | None:
        """Choose the first https address, else the first absolute one, else the first."""
        found = []
        for number, server in enumerate(servers):
            place = (*where, str(number))
            address = self._address(as_object(server), place)
            if address is not None:
                found.append((_PREFERRED.index(address.scheme), number, address, place))
        if not found:
            return None
        _, _, address, place = min(found)
        if main:
            self.place = (*place, "url")
        return address

    def _address(self, server: Object, where: Pointer) -> Address | None:
        text = as_text(server.get("url"))
        variables = as_object(server.get("variables"))
        if _VARIABLE.search(text):
            self._draft.lose("server-variables-replaced", (*where, "url"), f"`{text[:100]}`")
            text = _VARIABLE.sub(lambda match: _default(variables.get(match[1]), match[0]), text)
        beyond = _BEYOND.search(text)
        if beyond:
            self._draft.lose(
                "details-dropped", (*where, "url"), f"`{beyond[0][:100]}` at the end of a server's address"
            )
        return parse_address(text) if text else None

    def _other_addresses(self) -> Iterable[Address]:
        for path, written in as_object(self._draft.document.get("paths")).items():
            target = self._draft.references.resolve(written, ("paths", path))
            item, place = (target.value, target.pointer) if target else (None, ("paths", path))
            holders: list[tuple[Json, Pointer]] = [(item, place), (written, ("paths", path))]
            holders += [(one, (*place, key)) for key, one in as_object(item).items()]
            for holder, where in holders:
                address = self._first(as_list(as_object(holder).get("servers")), (*where, "servers"))
                if address is not None:
                    yield address


def _default(variable: Json, otherwise: str) -> str:
    known = as_object(variable)
    values = [known.get("default"), *as_list(known.get("enum"))]
    return next((str(value) for value in values if isinstance(value, (str, int))), otherwise)


def _plain_path(path: str) -> str:
    path = path.strip("/")
    if not path or _VARIABLE.search(path):
        return ""
    # A brace that names no variable is no sign for one in Swagger 2.0 either (RFC 3986, 2.1).
    return "/" + path.replace("{", "%7B").replace("}", "%7D")


def _common(paths: Sequence[str]) -> str:
    """
    Give what paths begin with alike, by whole segments.

    >>> _common(["/api/v1", "/api/v2"]), _common(["/api"])
    ('/api', '/api')
    """
    split = [path.split("/") for path in paths]
    same = 0
    for segments in zip(*split, strict=False):
        if len(set(segments)) > 1:
            break
        same += 1
    return "/".join(split[0][:same])
