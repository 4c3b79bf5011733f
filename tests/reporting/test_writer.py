import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.json_pieces import canonical_pieces, compact_pieces
from exporter.model.json_values import Json
from exporter.reporting.writer import compact, pretty

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=40)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(VALUES)
def test_layout_is_that_of_json_dumps(value: Json) -> None:
    assert pretty(value).decode() == json.dumps(value, indent=2, ensure_ascii=False)


@given(VALUES)
def test_compact_reads_back_and_has_no_layout(value: Json) -> None:
    assert compact(value).decode() == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@given(
    st.dictionaries(st.sampled_from(["paths", "definitions", "info"]), st.dictionaries(st.text(), SCALARS) | SCALARS)
)
def test_pieces_of_a_definition_are_what_json_dumps_writes(value: Json) -> None:
    compactly = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    assert "".join(compact_pieces(value)) == compactly
    assert "".join(canonical_pieces(value)) == json.dumps(value, separators=(",", ":"), sort_keys=True)


@given(ANY_TEXT)
def test_any_text_can_be_written_also_half_of_a_surrogate_pair(text: str) -> None:
    assert json.loads(pretty([text])) == json.loads(json.dumps([text]))


def test_a_tuple_is_an_array_and_infinity_is_as_json_dumps_has_it() -> None:
    value = ((1, 2.5), float("inf"), ())
    assert pretty(value).decode() == json.dumps(value, indent=2)


def test_real_definitions_are_written_like_json_dumps(connector_folders: list[Path]) -> None:
    written = 0
    for folder in connector_folders:
        try:
            value = json.loads((folder / "apiDefinition.swagger.json").read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            continue
        assert pretty(value).decode() == json.dumps(value, indent=2, ensure_ascii=False), folder.name
        written += 1
    assert written > 50


@pytest.mark.parametrize("value", [{}, [], "", 0, None, True, {"a": {}, "b": []}])
def test_small_values(value: Json) -> None:
    assert pretty(value).decode() == json.dumps(value, indent=2)


@given(VALUES, st.integers(1, 3))
def test_a_value_that_is_written_again_inside_another_is_as_json_dumps_has_it(value: Json, levels: int) -> None:
    large: Json = {"value": value, "lines": "one\n" * 3}
    assert pretty(large, again=True).decode() == json.dumps(large, indent=2, ensure_ascii=False)
    around: Json = large
    for _ in range(levels):
        around = {"first": 1, "inside": [around], "last": []}
    assert pretty(around).decode() == json.dumps(around, indent=2, ensure_ascii=False)
