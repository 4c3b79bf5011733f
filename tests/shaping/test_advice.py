"""Advice on what to leave out where a definition is over a limit."""

from __future__ import annotations

from typing import Any

from exporter.model.pointers import Pointer
from exporter.shaping.advice import Advisor


def document(*operations: tuple[str, list[str], str]) -> Any:
    return {
        "paths": {
            path: {
                "get": {"operationId": f"Op{n}", "tags": tags, "responses": {"200": {"schema": {"$ref": reference}}}}
            }
            for n, (path, tags, reference) in enumerate(operations)
        },
        "definitions": {"A": {"properties": {"b": {"$ref": "#/definitions/B"}}}, "B": {}, "C": {}},
    }


def what_to_leave_out(definition: Any, pointer: Pointer = ()) -> str:
    return Advisor(definition).what_to_leave_out(pointer)


A, C = "#/definitions/A", "#/definitions/C"
ORDERS = document(("/o/1", ["Orders"], A), ("/o/2", ["Orders", "Old"], C), ("/c/1", ["Customers"], A), ("/{x}", [], C))


def test_the_tags_with_most_operations_are_named_with_their_numbers() -> None:
    assert "`tag:Orders` (2), `tag:Customers` (1), `tag:Old` (1)" in what_to_leave_out(ORDERS)


def test_without_tags_the_beginnings_of_paths_are_named() -> None:
    untagged = document(("/o/1", [], A), ("/o/2", [], A), ("/{x}/y", [], A))
    assert "`/o/**` (2), `/*/**` (1)" in what_to_leave_out(untagged, ("paths",))


def test_the_operations_that_use_a_large_definition_are_named() -> None:
    assert "`operation:Op0`, `operation:Op2`." in what_to_leave_out(ORDERS, ("definitions", "B"))
    assert "`operation:Op1`" in what_to_leave_out(ORDERS, ("paths", "/o/2", "get", "responses", "200", "schema"))
    assert "No operation" in what_to_leave_out({"definitions": {"A": {}}, "paths": {}}, ("definitions", "A"))


def test_a_parameter_of_a_path_counts_for_all_its_operations() -> None:
    shared = {"paths": {"/a": {"parameters": [{"$ref": "#/parameters/P"}], "get": {"operationId": "G"}, "put": {}}}}
    assert "`operation:G`, `PUT /a`" in what_to_leave_out(shared, ("parameters", "P"))


def test_nonsense_gets_no_advice_and_no_crash() -> None:
    assert what_to_leave_out({}) == ""
    assert what_to_leave_out({"paths": {"/a": {"get": {"tags": [None, " "], "responses": 5}}}})
