"""Remembers the last export in a JSON file of the workspace."""

from __future__ import annotations

from exporter.model.errors import ServiceRefused, WrongInputs
from exporter.model.plans import Record
from exporter.planning.record_format import NotARecord, read_record, write_record
from exporter.ports import Workspace


class FileRecords:
    """The port `Records` for `record: file:<path>`; the file is committed, cached or kept by whoever runs us."""

    def __init__(self, workspace: Workspace, path: str) -> None:
        self._workspace = workspace
        self._path = path
        self._seen: bytes | None = None
        self._read = False

    @property
    def place(self) -> str:
        """In words for people, where it is."""
        return f"file {self._path}"

    def read(self) -> Record | None:
        """Give what the file says; None where there is no file. Raises WrongInputs where it is no record."""
        self._seen, self._read = self._content(), True
        if self._seen is None:
            return None
        try:
            return read_record(self._seen)
        except NotARecord as error:
            raise WrongInputs(
                f"The file {self._path} is not a record of an export: {error}.",
                advice="Bring back the version that the last export wrote, or delete the file to start anew: "
                "the next run then exports without a comparison.",
            ) from error

    def remember(self, record: Record) -> None:
        """Write the file. Raises ServiceRefused where it is no longer what `read` saw, CannotWrite."""
        if self._read and self._content() != self._seen:
            raise ServiceRefused(
                f"The file {self._path} was changed while this run was exporting, so it was left as it is.",
                advice="Run it again when the other run is done: it compares with what is there then.",
            )
        content = write_record(record)
        self._workspace.write(self._path, content)
        self._seen, self._read = content, True

    def _content(self) -> bytes | None:
        return self._workspace.read(self._path) if self._workspace.exists(self._path) else None
