"""Whatever a file holds, it becomes findings with a place, and soon."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from exporter.model.errors import WrongInputs
from exporter.model.findings import Severity
from exporter.openapi.load import Loaded, load

GOOD = '{"swagger": "2.0", "paths": {"/a": {}}}'
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
MERGE_BOMB = (
    "a0: &a0 {"
    + ", ".join(f"k{n}: 1" for n in range(3000))
    + "}\n"
    + "".join(f"m{n}: {{<<: *a0}}\n" for n in range(3000))
)
LONG_TEXTS = f"a: &a {'x' * 100_000}\nb: [" + "*a," * 100_000 + "]\n"

# fmt: off
BROKEN = [
    # what, bytes, rule, line, column
    ("empty", b"", "file-empty", 0, 0),
    ("only white space", b" \n\t\n", "file-empty", 0, 0),
    ("only comments", b"# nothing\n", "file-empty", 0, 0),
    ("only a byte order mark", b"\xef\xbb\xbf", "file-empty", 0, 0),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file-not-text", 1, 1),
    ("a zero byte", b'{"a": "\x00"}', "file-not-text", 1, 0),
    ("half a UTF-16 character", b"\xff\xfe{", "file-not-text", 0, 0),
    ("too large", b" " * 50_000_001, "file-too-large", 0, 0),
    ("a list", b"[1]", "not-an-object", 1, 1),
    ("a text", b"hello", "not-an-object", 1, 1),
    ("no version", b'\n {"paths": {}}', "version-missing", 2, 2),
    ("OpenAPI 3.2", b'{\n "openapi": "3.2.0"}', "version-not-supported", 2, 2),
    ("Swagger 1.2", b'{"swagger": "1.2"}', "version-not-supported", 1, 2),
    ("version is a list", b'{"openapi": [3]}', "version-not-supported", 1, 2),
    ("Swagger 3.0", b'{"swagger": "3.0"}', "version-not-supported", 1, 2),
    ("JSON breaks off", b'{\n "a": [1,\n', "json-broken", 3, 1),
    ("wrong bracket", b'{"a": [1}', "json-broken", 1, 9),
    ("no colon", b'{"a" 1}', "json-broken", 1, 6),
    ("no name", b"{a: 1}", "json-broken", 1, 2),
    ("no value", b'{"a": }', "json-broken", 1, 7),
    ("comma first", b"[,1]", "json-broken", 1, 2),
    ("two commas", b"[1,,2]", "json-broken", 1, 4),
    ("open text", b'{"a": "b', "json-broken", 1, 7),
    ("open comment", b"{} /* a", "json-broken", 1, 4),
    ("wrong escape", b'{"a": "\\x"}', "json-broken", 1, 8),
    ("wrong number", b'{"a": 01}', "json-broken", 1, 7),
    ("two documents", b"{} {}", "json-broken", 1, 4),
    ("wrong word", b'{"a": True}', "json-broken", 1, 7),
    ("wrong indentation", b"a: 1\n  b: 2\n", "yaml-broken", 2, 4),
    ("tab in YAML", b"a:\n\t- b", "yaml-broken", 2, 1),
    ("control character", b"a: 1\nb: \x01\n", "yaml-broken", 2, 4),
    ("two YAML documents", b"a: 1\n---\nb: 1\n", "yaml-several-documents", 2, 1),
    ("unknown alias", b"a: *b\n", "yaml-alias-unknown", 1, 4),
    ("alias inside itself", b"a: &a\n  b: *a\n", "yaml-alias-unknown", 2, 6),
    ("key is a list", b"? [a]\n: b\n", "yaml-key-not-text", 1, 3),
    ("key is an aliased list", b"a: &a [1]\n*a : b\n", "yaml-key-not-text", 2, 1),
    ("alias bomb", BOMB.encode(), "yaml-aliases-too-many", 18, 22),
    ("merge bomb", MERGE_BOMB.encode(), "yaml-aliases-too-many", 168, 15),
    ("long texts", LONG_TEXTS.encode(), "yaml-aliases-too-many", 2, 1922),
    ("deep JSON", b'{"a":' * 100_000, "nested-too-deep", 1, 1001),
    ("deep and whole JSON", b"[" * 300 + b"]" * 300, "nested-too-deep", 1, 201),
    ("deep YAML", b"a: " + b"[" * 200_000, "nested-too-deep", 1, 203),
    ("deep block YAML", b"- " * 100_000, "nested-too-deep", 1, 401),
    ("deep by aliases", b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d" % (n - 1) if n else b"") for n in range(300)), "nested-too-deep", 200, 14),
]
# fmt: on


@pytest.mark.parametrize(
    ("content", "rule", "line", "column"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_what_cannot_be_read_is_one_error_with_its_place(
    load_text: Callable[..., Loaded], content: bytes, rule: str, line: int, column: int
) -> None:
    started = time.process_time()
    loaded = load_text(definition=content)
    assert time.process_time() - started < 5
    errors = [one for one in loaded.findings if one.severity is Severity.ERROR]
    assert [(one.rule, one.line, one.column) for one in errors] == [(rule, line, column)]
    assert loaded.definition is None
    assert errors[0].file == "definition"


def test_a_file_that_cannot_be_opened_is_for_whoever_named_it() -> None:
    class Nothing:
        def read(self, path: str) -> bytes:
            raise WrongInputs(path)

        def exists(self, path: str) -> bool:
            return not path

    with pytest.raises(WrongInputs):
        load("a.json", Nothing())


@pytest.mark.parametrize("paths", ["", ', "paths": {}', ', "paths": null', ', "paths": []', ', "webhooks": {"a": {}}'])
def test_a_definition_without_paths_has_nothing_to_offer(load_text: Callable[..., Loaded], paths: str) -> None:
    loaded = load_text(a_json=f'{{"openapi": "3.0.0"{paths}}}')
    assert [(one.rule, one.line) for one in loaded.findings] == [("paths-missing", 1)]


def test_webhooks_are_enough_since_3_1(load_text: Callable[..., Loaded]) -> None:
    assert load_text(a_json='{"openapi": "3.1.0", "webhooks": {"a": {}}}').findings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("text", [GOOD, "swagger: '2.0'\npaths: {/a: {}}\ninfo: {title: 'ä€😀'}\n"])
def test_every_way_to_write_unicode_is_read(load_text: Callable[..., Loaded], text: str, encoding: str) -> None:
    loaded = load_text(definition=text.encode(encoding))
    plain = load_text(definition=text)
    if encoding == "utf-32-be":  # without a mark nobody expects it
        assert loaded.definition is None
        return
    assert loaded.findings == ()
    assert loaded.definition is not None
    assert plain.definition is not None
    assert loaded.definition.document == plain.definition.document


def test_windows_1252_is_read_with_a_warning(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(a_json='{"swagger": "2.0",\n "x": "caf\u00e9", "paths": {"/a": {}}}'.encode("cp1252"))
    assert loaded.definition is not None
    assert loaded.definition.document["x"] == "café"
    assert [(one.rule, one.severity, one.line, one.column) for one in loaded.findings] == [
        ("file-not-utf-8", Severity.WARNING, 2, 11)
    ]


def test_a_name_does_not_decide_what_a_file_holds(load_text: Callable[..., Loaded]) -> None:
    assert load_text(a_yaml=GOOD).findings == ()
    assert load_text(a_json="swagger: '2.0'\npaths: {/a: {}}").findings == ()
    assert load_text(a_yaml="{swagger: '2.0', paths: {/a: {}}}").findings == ()


def test_findings_are_not_endless(load_text: Callable[..., Loaded]) -> None:
    many = ", ".join('{"a": 1,}' for _ in range(10_000))
    findings = load_text(a_json=f'{{"swagger": "2.0", "paths": {{"/a": {{}}}}, "x": [{many}]}}').findings
    assert [one.times for one in findings] == [1] * 200 + [9_800]


def test_references_to_nowhere_are_not_endless(load_text: Callable[..., Loaded]) -> None:
    many = ", ".join(f'{{"$ref": "#/nowhere/{n}"}}' for n in range(10_000))
    loaded = load_text(a_json=f'{{"swagger": "2.0", "paths": {{"/a": {{}}}}, "tags": [{many}]}}')
    assert {one.rule for one in loaded.findings} == {"reference-nowhere"}
    assert [one.times for one in loaded.findings] == [1] * 200 + [9_800]
    assert "9,800 more" in loaded.findings[-1].message


@pytest.mark.parametrize("digits", [3_000, 5_000, 200_000])
def test_numbers_longer_than_python_reads_are_no_traceback(load_text: Callable[..., Loaded], digits: int) -> None:
    for text in ("7" * digits, "0x" + "f" * digits, "7" * digits + ".5"):
        for name in ("a_json", "a_yaml"):
            if name == "a_json" and text.startswith("0x"):
                continue
            written = f'"swagger": "2.0", "paths": {{"/a": {{}}}}, "x": {text}'
            loaded = load_text(**{name: f"{{{written}, }}"})
            assert loaded.definition is not None
            json.dumps(loaded.definition.document)


def test_references_as_long_as_files_cost_little(load_text: Callable[..., Loaded]) -> None:
    started = time.process_time()
    for reference in ("/" * 1_000_000, "#" + "/a" * 500_000, "#/x/" + "9" * 10_000, "a.yaml#" + "/a" * 100_000):
        loaded = load_text(a_json=json.dumps({"swagger": "2.0", "x": [], "paths": {"/a": {"$ref": reference}}}))
        assert [one.severity for one in loaded.findings] == [Severity.ERROR]
    assert time.process_time() - started < 5
