from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.connectors import Connector
from exporter.model.plans import Record
from exporter.planning.record_format import NotARecord, read_record, write_record

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.text(max_size=5), ANYTHING, max_size=3)
LINES = st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), max_size=20)
RECORDS = st.builds(
    Record,
    LINES.filter(bool),
    st.builds(Connector, OBJECTS.filter(bool), OBJECTS, st.binary(max_size=20), st.text(max_size=20)),
    *[LINES] * 6,
)
GOOD = json.loads(write_record(Record("f" * 16, Connector({"swagger": "2.0"}, {}, b"\x89PNG"))))


@given(RECORDS)
def test_a_record_comes_back_as_it_was_with_its_keys_in_order(record: Record) -> None:
    back = read_record(write_record(record))
    assert back == record
    assert json.dumps(back.connector.definition) == json.dumps(record.connector.definition)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 2}, "schema"),
        ({"schema": None}, "schema"),
        ({"fingerprint": ""}, "fingerprint"),
        ({"fingerprint": ["f"]}, "fingerprint"),
        ({"fingerprint": "a\n::add-mask::b"}, "fingerprint"),
        ({"commit": "c" * 3000}, "commit"),
        ({"run": 7}, "run"),
        ({"definition": []}, "definition"),
        ({"definition": {}}, "definition"),
        ({"properties": "x"}, "properties"),
        ({"script": None}, "script"),
        ({"icon": "no base64"}, "icon"),
        ({"icon": "ü"}, "icon"),
        ({"icon": 1}, "icon"),
    ],
)
def test_what_is_wrong_in_a_record_is_named(change: dict[str, Any], words: str) -> None:
    assert read_record(json.dumps(GOOD).encode()).connector.icon == b"\x89PNG"
    with pytest.raises(NotARecord, match=words):
        read_record(json.dumps({**GOOD, **change}).encode())


@pytest.mark.parametrize("content", [b"", b"<<<<<<< HEAD\n{}", b"[]", b"null", b"\xff", b"[" * 100_000, b"1" * 5000])
def test_what_is_no_record_at_all_is_said(content: bytes) -> None:
    with pytest.raises(NotARecord):
        read_record(content)


def test_a_record_of_absurd_size_is_not_even_parsed() -> None:
    with pytest.raises(NotARecord, match="larger"):
        read_record(b" " * (16 * 1024 * 1024 + 1))


def test_a_record_that_nests_too_deep_is_none() -> None:
    deep = json.dumps(GOOD).replace('"properties": {}', '"properties": ' + '{"a":' * 450 + "1" + "}" * 450)
    with pytest.raises(NotARecord, match="nested"):
        read_record(deep.encode())
