"""Makes definitions of any size that look like a connector's, and a later version of any definition; always the same ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

_WORDS = (
    *("get", "list", "update", "create", "remove", "record", "customer", "invoice", "order", "item", "contact", "task"),
    *(
        "project",
        "ticket",
        "user",
        "group",
        "file",
        "folder",
        "message",
        "channel",
        "report",
        "status",
        "date",
        "value",
    ),
    *("identifier", "amount", "currency", "region", "country"),
)
_TYPES: tuple[dict[str, Any], ...] = (
    {"type": "string"},
    {"type": "integer", "format": "int32"},
    {"type": "boolean"},
    {"type": "string", "format": "date-time"},
    {"type": "number", "format": "double"},
)
_LEVELS = 4
"""How deep models refer to models: each level doubles what a body holds, and Power Platform takes 512 schemas in one."""
_METHODS = ("get", "post", "put", "delete")


def definition(operations: int, seed: int = 1) -> dict[str, Any]:
    """
    Make a Swagger 2.0 definition of about two kilobytes an operation, whose models refer to each other.

    >>> made = definition(10)
    >>> len(list(operations_of(made))), made == definition(10), made == definition(10, seed=2)
    (10, True, False)
    """
    maker = _Maker(seed)
    models = max(2, operations // 2)
    paths: dict[str, Any] = {}
    for number in range(operations):
        path = paths.setdefault(f"/resource{number // len(_METHODS)}/{{id}}", {})
        method = _METHODS[number % len(_METHODS)]
        path[method] = maker.operation(number, method, models)
    return {
        "swagger": "2.0",
        "info": {"title": f"Synthetic {operations}", "description": maker.sentence(12), "version": "1.0"},
        "host": "api.example.com",
        "basePath": "/v1",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "definitions": {f"Model{number}": maker.model(number) for number in range(models)},
    }


def later_version(document: dict[str, Any], changed: int = 3) -> dict[str, Any]:
    """
    Change some operations of a Swagger 2.0 definition: a text, a new required parameter, another response, in turn.

    >>> before = definition(10)
    >>> after = later_version(before, 3)
    >>> sum(old != new for old, new in zip(operations_of(before), operations_of(after)))
    3
    """
    later: dict[str, Any] = json.loads(json.dumps(document))
    every = list(operations_of(later))
    step = max(1, len(every) // changed)
    for turn, operation in enumerate(every[::step][:changed]):
        match turn % 3:
            case 0:
                operation["description"] = f"{operation.get('description', '')} Now better."
            case 1:
                added = {"name": "added", "in": "query", "type": "string", "required": True}
                operation["parameters"] = [*operation.get("parameters", []), added]
            case _:
                operation["responses"] = {
                    **operation.get("responses", {}),
                    "409": {"description": "Somebody else was faster."},
                }
    return later


def operations_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every operation of a definition, in its order."""
    for path in document["paths"].values():
        yield from (body for method, body in path.items() if method in {*_METHODS, "patch"})


class _Maker:
    """Makes the parts of a definition, each different, and the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing secret is made of it

    def sentence(self, words: int) -> str:
        return f"{' '.join(self._random.choice(_WORDS) for _ in range(words)).capitalize()}."

    def model(self, number: int) -> dict[str, Any]:
        properties = {f"field{field}": {**self._type(), **self._labels()} for field in range(8)}
        level = number % _LEVELS
        if level:
            properties["child"] = _reference(number - 1)
            below = self._random.randrange(number // _LEVELS + 1) * _LEVELS + level - 1
            properties["items"] = {"type": "array", "items": _reference(below)}
        return {
            "type": "object",
            "description": self.sentence(6),
            "required": ["field0", "field1"],
            "properties": properties,
        }

    def operation(self, number: int, method: str, models: int) -> dict[str, Any]:
        parameters = [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "type": "string",
                "x-ms-url-encoding": "single",
                **self._labels(),
            },
            *({"name": f"query{query}", "in": "query", **self._type(), **self._labels()} for query in range(3)),
        ]
        if method in {"post", "put"}:
            schema = _reference(self._random.randrange(models))
            parameters.append({"name": "body", "in": "body", "required": True, "schema": schema})
        answer = {
            "type": "object",
            "properties": {
                "data": _reference(self._random.randrange(models)),
                "count": {"type": "integer", "format": "int32", **self._labels()},
                "note": {"type": "string", **self._labels()},
            },
        }
        return {
            "summary": self.sentence(4),
            "description": self.sentence(14),
            "operationId": f"Operation{number}",
            "tags": [f"tag{number % 20}"],
            "x-ms-visibility": "important",
            "parameters": parameters,
            "responses": {
                "200": {"description": self.sentence(5), "schema": answer},
                "400": {"description": self.sentence(5)},
                "default": {"description": self.sentence(4)},
            },
        }

    def _type(self) -> dict[str, Any]:
        return self._random.choice(_TYPES)

    def _labels(self) -> dict[str, Any]:
        return {"description": self.sentence(8), "x-ms-summary": self.sentence(2)}


def _reference(number: int) -> dict[str, Any]:
    return {"$ref": f"#/definitions/Model{number}"}
