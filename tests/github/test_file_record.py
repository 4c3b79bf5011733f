from __future__ import annotations

from collections.abc import Mapping

import pytest

from exporter.edges.file_record import FileRecords
from exporter.model.connectors import Connector
from exporter.model.errors import ServiceRefused, WrongInputs
from exporter.model.plans import Record

PATH = "connector-export/record.json"
FIRST = Record("1" * 16, Connector({"swagger": "2.0", "paths": {}}, {"iconBrandColor": "#007ee5"}, b"\x89PNG", "// é"))
SECOND = FIRST._replace(fingerprint="2" * 16)


class MemoryWorkspace:
    """The port `Workspace` in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        return self.files[path]

    def exists(self, path: str) -> bool:
        return path in self.files

    def write(self, path: str, content: bytes) -> None:
        self.files[path] = content

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        raise AssertionError(path, files)


def test_what_is_remembered_is_read_again() -> None:
    workspace = MemoryWorkspace()
    records = FileRecords(workspace, PATH)
    assert records.read() is None
    records.remember(FIRST)
    records.remember(SECOND)
    assert FileRecords(workspace, PATH).read() == SECOND
    assert PATH in records.place


def test_the_file_is_for_people_too() -> None:
    workspace = MemoryWorkspace()
    FileRecords(workspace, PATH).remember(FIRST)
    text = workspace.files[PATH].decode()
    assert text.startswith('{\n  "schema": 1,\n  "fingerprint": "1111111111111111",\n')
    assert text.endswith("}\n")
    assert "// é" in text


def test_a_file_that_changed_meanwhile_is_left_as_it_is() -> None:
    workspace = MemoryWorkspace()
    quick, slow = FileRecords(workspace, PATH), FileRecords(workspace, PATH)
    assert (quick.read(), slow.read()) == (None, None)
    quick.remember(FIRST)
    with pytest.raises(ServiceRefused, match="changed while this run"):
        slow.remember(SECOND)
    assert FileRecords(workspace, PATH).read() == FIRST


@pytest.mark.parametrize("content", [b"", b"<<<<<<< HEAD\n", b'{"schema": 2}', b"[]"])
def test_a_file_that_is_no_record_is_named(content: bytes) -> None:
    workspace = MemoryWorkspace()
    workspace.files[PATH] = content
    with pytest.raises(WrongInputs, match=PATH):
        FileRecords(workspace, PATH).read()
