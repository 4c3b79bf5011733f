from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from exporter.model.errors import WrongInputs
from exporter.openapi.load import Loaded, load
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
        whole = (self.root / path).resolve()
        if not whole.is_relative_to(self.root.resolve()) or not whole.is_file():
            raise WrongInputs(f"There is no file {path}.")
        return whole.read_bytes()

    def exists(self, path: str) -> bool:
        return (self.root / path).is_file()


@pytest.fixture(scope="session")
def folder() -> Callable[[Path], Files]:
    return Folder


@pytest.fixture(scope="session")
def load_text() -> Callable[..., Loaded]:
    """Load a definition out of texts or bytes: the first one given by name is the definition."""

    def loaded(**files: str | bytes) -> Loaded:
        names = [name.replace("__", "/").replace("_", ".") for name in files]
        contents = [text.encode() if isinstance(text, str) else text for text in files.values()]
        return load(names[0], InMemory(dict(zip(names, contents, strict=True))))

    return loaded


@pytest.fixture(scope="session")
def shared() -> Path:
    return Path(__file__).resolve().parents[2].parent / "shared"
