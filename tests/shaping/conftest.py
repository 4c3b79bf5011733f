from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporter.model.definitions import Definition
from exporter.openapi.load import load
from exporter.ports import Files
from tests.openapi.conftest import Folder, InMemory


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
