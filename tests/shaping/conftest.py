from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exporter.model.definitions import Definition
from exporter.model.errors import WrongInputs
from exporter.openapi.load import load
from exporter.ports import Files


class InMemory(NamedTuple):
    """Files that exist only in a test."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise WrongInputs(f"There is no file {path}.")
        return self.files[path]

    def exists(self, path: str) -> bool:
        return path in self.files


class Folder(NamedTuple):
    """Files below a folder, and nothing else."""

    root: Path

    def read(self, path: str) -> bytes:
        if not self.exists(path):
            raise WrongInputs(f"There is no file {path}.")
        return (self.root / path).read_bytes()

    def exists(self, path: str) -> bool:
        return (self.root / path).is_file()


@pytest.fixture(scope="session")
def memory() -> Callable[..., Files]:
    """Files out of texts by name."""
    return lambda files: InMemory({name: text.encode() for name, text in files.items()})


@pytest.fixture(scope="session")
def folder() -> Callable[[Path], Files]:
    return Folder


@pytest.fixture(scope="session")
def define() -> Callable[[Any], Definition]:
    """Load a definition out of a document."""
    import json

    def loaded(document: Any) -> Definition:
        definition = load("api.json", InMemory({"api.json": json.dumps(document, indent=1).encode()})).definition
        assert definition is not None
        return definition

    return loaded


@pytest.fixture(scope="session")
def shared() -> Path:
    return Path(__file__).resolve().parents[2].parent / "shared"
