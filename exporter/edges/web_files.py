"""Files on the web: the definition at the one address that the user named, and what it refers to on allowed hosts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from exporter.model.errors import NotExportable
from exporter.openapi.limits import MOST_BYTES
from exporter.ports import Files, Workspace

if TYPE_CHECKING:
    from exporter.edges.http import Http

_OK = 200
_MOST_FETCHED = 200
_LONGEST = 120.0
_ACCEPT = {"Accept": "application/json, application/yaml, */*"}


class Web:
    """
    Fetches definitions and what they refer to; each address once.

    Which hosts references may lead to was decided where they were read; here they are bounded: in number, in bytes and
    in seconds all together, and no redirect leads to another host.
    """

    def __init__(self, open_http: Callable[[], Http], open_staying: Callable[[], Http]) -> None:
        """Take what opens a client for the definition, and one that follows no redirect to another host."""
        self._open = open_http
        self._open_staying = open_staying
        self._staying: Http | None = None
        self._fetched: dict[str, bytes] = {}
        self._bytes = 0
        self._until = 0.0

    def definition(self, address: str) -> bytes:
        """Give what is at the address that the user named. Raises NotExportable, ServiceFailed."""
        answer = self._open().request("GET", address, headers=_ACCEPT)
        if answer.status != _OK:
            raise NotExportable(
                f"{answer.asked} was answered with status {answer.status}, not with a definition.",
                advice="Check the address: it must give the OpenAPI file itself, without a sign-in.",
            )
        if len(answer.body) > MOST_BYTES:
            raise NotExportable(f"{answer.asked} gave more than {MOST_BYTES:,} bytes.", advice="Export a smaller one.")
        return answer.body

    def reference(self, address: str) -> bytes:
        """Give what a reference leads to. Raises NotExportable (its message goes on from the address), ServiceFailed."""
        if address not in self._fetched:
            self._fetched[address] = self._fetch(address)
        return self._fetched[address]

    def _fetch(self, address: str) -> bytes:
        self._until = self._until or time.monotonic() + _LONGEST
        if len(self._fetched) >= _MOST_FETCHED:
            raise NotExportable(f"is not fetched: there are more than {_MOST_FETCHED} files on the web.")
        if time.monotonic() > self._until:
            raise NotExportable(f"is not fetched: all together took longer than {_LONGEST:.0f} seconds.")
        self._staying = self._staying or self._open_staying()
        answer = self._staying.request("GET", address, headers=_ACCEPT)
        if answer.status != _OK:
            raise NotExportable(f"was answered with status {answer.status}.")
        self._bytes += len(answer.body)
        if self._bytes > MOST_BYTES:
            raise NotExportable(f"is one too many: all together have more than {MOST_BYTES:,} bytes.")
        return answer.body


class WebFiles:
    """Answers the port `Files` for one tree and the web; only reading an address goes to the web."""

    def __init__(self, files: Files, web: Web) -> None:
        self._files = files
        self._web = web

    def exists(self, path: str) -> bool:
        """Tell whether there is such a file in the tree."""
        return self._files.exists(path)

    def read(self, path: str) -> bytes:
        """Give a file's bytes, or what is at the address of a reference."""
        return self._web.reference(path) if "://" in path else self._files.read(path)


class WebWorkspace(WebFiles):
    """Answers the port `Workspace`; the definition may lie on the web too."""

    def __init__(self, workspace: Workspace, web: Web, definition: str = "") -> None:
        super().__init__(workspace, web)
        self._workspace = workspace
        self._definition = definition

    def exists(self, path: str) -> bool:
        """Tell whether there is such a file in the workspace; the definition's address counts as one."""
        return path == self._definition or super().exists(path)

    def read(self, path: str) -> bytes:
        """Give a file's bytes, or what is at an address. Raises as the workspace does; NotExportable, ServiceFailed."""
        return self._web.definition(path) if path and path == self._definition else super().read(path)

    def write(self, path: str, content: bytes) -> None:
        """Write one file of the workspace."""
        self._workspace.write(path, content)

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        """Make a folder of the workspace hold exactly these files."""
        self._workspace.replace_folder(path, files)
