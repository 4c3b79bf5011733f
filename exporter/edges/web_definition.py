"""A workspace whose definition lies on the web: the one address that the user named is fetched, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from exporter.model.errors import NotExportable
from exporter.openapi.limits import MOST_BYTES
from exporter.ports import Workspace

if TYPE_CHECKING:
    from exporter.edges.http import Http

_OK = 200


class WebDefinition:
    """Answers the port `Workspace`; only reading the address goes to the web."""

    def __init__(self, workspace: Workspace, address: str, http: Http) -> None:
        self._workspace = workspace
        self._address = address
        self._http = http

    def exists(self, path: str) -> bool:
        """Tell whether there is such a file in the workspace; the address counts as one."""
        return path == self._address or self._workspace.exists(path)

    def read(self, path: str) -> bytes:
        """Give a file's bytes, or what is at the address. Raises as the workspace does; NotExportable, ServiceFailed."""
        return self._fetched() if path == self._address else self._workspace.read(path)

    def write(self, path: str, content: bytes) -> None:
        """Write one file of the workspace."""
        self._workspace.write(path, content)

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        """Make a folder of the workspace hold exactly these files."""
        self._workspace.replace_folder(path, files)

    def _fetched(self) -> bytes:
        answer = self._http.request("GET", self._address, headers={"Accept": "application/json, application/yaml, */*"})
        if answer.status != _OK:
            raise NotExportable(
                f"{answer.asked} was answered with status {answer.status}, not with a definition.",
                advice="Check the address: it must give the OpenAPI file itself, without a sign-in.",
            )
        if len(answer.body) > MOST_BYTES:
            raise NotExportable(f"{answer.asked} gave more than {MOST_BYTES:,} bytes.", advice="Export a smaller one.")
        return answer.body
