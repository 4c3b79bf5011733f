"""Hostile files that repeat one mistake twenty thousand times: they end in seconds, and say how many there are."""

from __future__ import annotations

import json
import resource
from typing import Any

import pytest

INFO = {"title": "T", "version": "1", "description": "d"}
OK = {"200": {"description": "x"}}
SWAGGER = {"swagger": "2.0", "info": INFO, "host": "a.example.com", "schemes": ["https"]}
OPENAPI = {"openapi": "3.0.3", "info": INFO, "servers": [{"url": "https://a.example.com"}]}
SECONDS = 12
"""Of processor time; the machine that this was written on takes one to three."""


def answers(schema: Any) -> Any:
    content = {"application/json": {"schema": schema}}
    return {**OPENAPI, "paths": {"/a": {"get": {"responses": {"200": {"description": "x", "content": content}}}}}}


def members(count: int, member: Any) -> Any:
    return {"type": "object", "properties": {f"p{number}": member(number) for number in range(count)}}


def looping(tail: str, count: int) -> Any:
    """Write references through an alias that leads through itself: each step makes the way longer."""
    document = answers(members(count, lambda number: {"$ref": f"#/components/schemas/a/{number}"}))
    return {**document, "components": {"schemas": {"a": {"$ref": f"#/components/schemas/a{tail}"}}}}


def parameters(count: int, parameter: Any) -> Any:
    written = [{"name": f"p{number}", **parameter} for number in range(count)]
    return {"/a": {"get": {"operationId": "A", "responses": OK, "parameters": written}}}


CASES = {
    # what: the document, what is counted, where the report lists it
    "one broken reference": (
        answers(members(20_000, lambda _: {"$ref": "#/components/schemas/None"})), "19,800 more of this kind", "findings"
    ),
    "a missing file": (
        answers(members(20_000, lambda number: {"$ref": f"gone.json#/a{number}"})), "19,800 more of this kind", "findings"
    ),
    "missing files": (
        answers(members(20_000, lambda number: {"$ref": f"gone{number}.json#/a"})), "19,800 more of this kind", "findings"
    ),
    "aliases in circles": (looping("/x", 20_000), "19,801 more of this kind", "findings"),
    "aliases in long circles": (looping("/x" * 200, 60_000), "59,801 more of this kind", "findings"),
    "unknown extensions": (
        {**SWAGGER, "paths": {"/a": {"get": {"operationId": "A", "responses": OK,
                                            **{f"x-ms-visibility{number}": 1 for number in range(20_000)}}}}},
        "in 800 more places", "findings",
    ),
    "the same unknown extension": (
        {**SWAGGER, "paths": parameters(20_000, {"in": "query", "type": "string", "x-ms-visibilty": "none"})},
        "in 19800 more places", "findings",
    ),
    "broken schemas": (
        {**SWAGGER, "paths": {"/a": {"get": {"operationId": "A", "responses": OK}}},
         "definitions": {f"D{number}": {"minLength": "a"} for number in range(20_000)}},
        "There is more that does not follow", "findings",
    ),
    "a broken list too large to explain": (
        {**SWAGGER, "paths": parameters(20_000, {"in": "query", "type": "string", "minLength": "a"})},
        "it is too much to say where", "findings",
    ),
    "losses": (
        {**OPENAPI, "paths": parameters(20_000, {"in": "cookie", "schema": {"type": "string"}})},
        "10,000 more of this kind", "losses",
    ),
    "gaps": (
        {**SWAGGER, "paths": {f"/a{number}": {"get": {"responses": OK}} for number in range(12_000)}},
        "2,000 more gaps of this kind", "fixes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_made_very_often_is_counted_in_seconds(run, workspace, name) -> None:  # type: ignore[no-untyped-def]
    document, words, where = CASES[name]
    (workspace / "openapi.json").write_text(json.dumps(document))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = run(record="none", complete="all")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert result.code in {0, 3}, result.log
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
    assert words in json.dumps(result.report[where], ensure_ascii=False)
    assert len(result.log) < 20_000
