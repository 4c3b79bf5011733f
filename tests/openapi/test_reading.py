"""Laws of reading: JSON survives, YAML of JSON is that JSON, and three ways to find a place agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from exporter.model.pointers import Pointer
from exporter.openapi.json_lenient import read_leniently
from exporter.openapi.json_reading import read_strictly
from exporter.openapi.positions import SoughtPositions
from exporter.openapi.problems import Notes, Stopped
from exporter.openapi.yaml_events import fastest_parser
from exporter.openapi.yaml_reading import read_yaml
from exporter.openapi.yaml_scalars import NotFinite, plain

TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=30)


def pointers(value: Any, above: Pointer = ()) -> Iterator[Pointer]:
    yield above
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from pointers(inner, (*above, str(key)))


@given(VALUES, st.sampled_from([None, 1, 4]))
def test_json_survives_both_readers(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    strict = read_strictly(text.encode())
    notes = Notes("a")
    lenient, _ = read_leniently(text, notes)
    assert strict is not None
    assert strict[0] == lenient == value
    assert json.dumps(strict[0]) == json.dumps(lenient) == json.dumps(value)
    assert notes.findings == []


@given(
    st.lists(st.sampled_from(["\\", '"', "ud83d", "\\ud83d", "\\ude00", "\U0001f600", "\U000f0000", "é"]), max_size=8)
)
@example(["\\", "\U0001f600"])
@example(["\\", "\\", "\U0001f600"])
@example(["\\ud83d", "\U0001f600"])
@example(["\U0001f600", "\\ude00"])
def test_letters_of_four_bytes_mean_what_they_mean_to_python(parts: list[str]) -> None:
    text = "".join(parts)
    for written in (f'{{"{text}": 1}}', f'["{text}"]', f"[1]{text}", f'["\U0001f600",{text}]'):
        strict = read_strictly(written.encode())
        try:
            value = json.loads(written)
            json.dumps(value, ensure_ascii=False).encode()
        except ValueError:  # no JSON, or half of a letter
            assert strict is None
        else:
            assert strict is not None
            assert strict[0] == value
            assert strict[1].find(("0",)) == read_leniently(written, Notes("a"))[1].find(("0",))


@given(VALUES, st.sampled_from([None, 1, 4]))
def test_yaml_of_json_is_that_json_at_the_same_places(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    strict = read_strictly(text.encode())
    assert strict is not None
    notes = Notes("a")
    lenient, lenient_places = read_leniently(text, notes)
    with_libyaml, yaml_places = read_yaml(text, notes)
    in_python, python_places = read_yaml(text, notes, yaml.SafeLoader)
    assert with_libyaml == in_python == lenient == strict[0]
    assert notes.findings == []
    for pointer in pointers(value):
        place = strict[1].find(pointer)
        assert place == lenient_places.find(pointer) == yaml_places.find(pointer) == python_places.find(pointer)
        assert strict[1].find((*pointer, "nobody")) == place


@given(VALUES)
def test_block_yaml_with_everything_quoted_and_tagged_is_read_alike(value: Any) -> None:
    text = yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10_000)
    notes = Notes("a")
    read, _ = read_yaml(text, notes)
    assert json.loads(json.dumps(read)) == json.loads(json.dumps(value))


@given(st.text(max_size=60) | st.text("{}[],:\"'\\/*# \n-&<>!|%@`~a1.eE+\t\r0xNI", max_size=60))
def test_no_text_is_a_traceback(text: str) -> None:
    from exporter.openapi.documents import read_document

    for name in ("a.json", "a.yaml"):
        document = read_document(name, text.encode(errors="replace"))
        assert (document.positions is None) == any(one.severity.value == "error" for one in document.findings)


@given(st.binary(max_size=60))
def test_no_bytes_are_a_traceback(content: bytes) -> None:
    from exporter.openapi.documents import read_document

    assert read_document("a", content).file == "a"


@given(st.from_regex(r"[-+0-9.eExob_:naifNTF~]{1,12}", fullmatch=True))
def test_scalars_are_those_of_the_core_schema(text: str) -> None:
    """An independent reading of YAML 1.2.2, 10.3.2: Python's own idea of a number, without what Python adds."""
    try:
        value = plain(text)
    except NotFinite:
        assert any(mark in text.lower() for mark in ("inf", "nan", "e"))
        return
    if isinstance(value, float):
        assert value == float(text)
    elif isinstance(value, int) and not isinstance(value, bool):
        assert value == int(text, 0 if text[:2] in {"0x", "0o"} else 10)
        assert "_" not in text
    else:
        assert value in {text, None, True, False}


def test_merge_keys_take_what_is_not_there_yet_and_know_their_places() -> None:
    text = "base: &base {a: 1, b: 2}\nmore:\n  b: 3\n  <<: *base\n"
    value, positions = read_yaml(text, Notes("a"))
    assert value == {"base": {"a": 1, "b": 2}, "more": {"a": 1, "b": 3}}
    assert positions.find(("more", "a")) == (1, 14)
    assert positions.find(("more", "b")) == (3, 3)
    assert positions.find(("more", "<<")) == (2, 1)


def test_a_list_of_merges_prefers_the_first() -> None:
    text = "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y]}\n"
    value, _ = read_yaml(text, Notes("a"))
    assert value == {"x": {"a": 1}, "y": {"a": 2, "b": 2}, "z": {"a": 1, "b": 2}}


def test_aliases_share_and_stand_where_they_were_written() -> None:
    value, positions = read_yaml("a: &a\n  b: 1\nc: *a\n", Notes("a"))
    assert value == {"a": {"b": 1}, "c": {"b": 1}}
    assert positions.find(("c",)) == (3, 1)
    assert positions.find(("c", "b")) == (2, 3)


def test_duplicates_are_named_where_they_stand() -> None:
    notes = Notes("a")
    read_leniently('{"a": 1,\n "a": 2}', notes)
    read_yaml("a: 1\na: 2\n", notes)
    assert [(one.rule, one.line, one.column) for one in notes.findings] == [
        ("duplicate-key", 2, 2),
        ("duplicate-key", 2, 1),
    ]
    assert read_strictly(b'{"a": 1, "a": 2}') is None


@pytest.mark.parametrize("index", ["-1", "01", "1_0", "٣", "²", "9" * 5000, ""])
def test_only_plain_indices_are_places_in_a_list(index: str) -> None:
    for positions in (read_strictly(b"[[1], 2]"), read_yaml("- - 1\n- 2\n", Notes("a"))):
        assert positions is not None
        assert positions[1].find((index,)) == (1, 1)


@pytest.mark.parametrize("text", ["a: 1", "a: [", "a: *b", ""])
def test_pyyaml_is_as_it_was_after_every_reading(text: str) -> None:
    before = list(yaml.parse("a: [&b 1, *b]", yaml.CSafeLoader))
    with suppress(Stopped):
        read_yaml(text, Notes("a"))
    assert list(map(repr, yaml.parse("a: [&b 1, *b]", yaml.CSafeLoader))) == list(map(repr, before))


def test_parsers_are_the_fast_ones_where_they_are() -> None:
    assert isinstance(fastest_parser("a"), yaml.SafeLoader) is not yaml.__with_libyaml__


@given(VALUES, st.data())
def test_places_that_were_expected_are_the_same(value: Any, data: st.DataObject) -> None:
    every = [*pointers(value), ("nobody", "there")]
    written = json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode()
    one_by_one, together = SoughtPositions(written), SoughtPositions(written)
    together.expect(data.draw(st.lists(st.sampled_from(every))))
    assert [together.find(pointer) for pointer in every] == [one_by_one.find(pointer) for pointer in every]
