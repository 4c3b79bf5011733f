from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV2SpecValidator

from exporter.conversion.convert import convert
from exporter.model.definitions import Converted, Definition, Dialect

sys.path.insert(0, str(Path(__file__).parent))
from honesty import silent_losses

UNREAD = frozenset({"example", "examples", "default", "enum"})


class TextKeysLoader(yaml.CSafeLoader):
    """Reads YAML as our own loader does: keys are texts, dates stay texts."""


def _mapping(loader: TextKeysLoader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    return {str(key.value): loader.construct_object(value, deep=True) for key, value in node.value}


TextKeysLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
TextKeysLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)


def _load(path: Path) -> Any:
    text = path.read_text("utf-8-sig")
    if path.suffix == ".json":
        return json.loads(text)
    return yaml.load(text, TextKeysLoader)  # noqa: S506 - a safe loader


def _definition(document: Any) -> Definition:
    version = str(document.get("openapi") or document.get("swagger"))
    dialects = {"2": Dialect.SWAGGER_2, "3.0": Dialect.OPENAPI_3_0}
    dialect = next((one for start, one in dialects.items() if version.startswith(start)), Dialect.OPENAPI_3_1)
    return Definition(document, "openapi.yaml", dialect, {}, {})


def _converted(document: Any, server: str = "") -> Converted:
    return convert(_definition(document), server)


def _dangling(document: Any) -> Iterator[str]:
    ahead = [document]
    while ahead:
        value = ahead.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                start, _, name = reference.rpartition("/")
                if start != "#/definitions" or name not in document.get("definitions", {}):
                    yield f"dangling {reference}"
            ahead.extend(one for key, one in value.items() if key not in UNREAD)
        elif isinstance(value, list):
            ahead.extend(value)


def _problems(document: Any) -> list[str]:
    return [error.message[:300] for error in OpenAPIV2SpecValidator(document).iter_errors()] + list(_dangling(document))


@pytest.fixture(scope="session")
def load() -> Callable[[Path], Any]:
    return _load


@pytest.fixture(scope="session")
def converted() -> Callable[..., Converted]:
    return _converted


@pytest.fixture(scope="session")
def problems() -> Callable[[Any], list[str]]:
    """Gives what validators say about a Swagger 2.0 document, and references that lead nowhere."""
    return _problems


@pytest.fixture(scope="session")
def silent() -> Callable[[Any, Converted], list[Any]]:
    """Gives what vanished in a conversion without a loss."""
    return lambda document, result: list(silent_losses(document, result))
