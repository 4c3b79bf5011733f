"""A joined definition says what its files say; checked by following both, side by side."""

from __future__ import annotations

import posixpath
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from exporter.model.pointers import parse_pointer, value_at
from exporter.openapi.documents import read_document
from exporter.openapi.load import Loaded, load
from exporter.openapi.walk import operations
from exporter.ports import Files

CASES = Path(__file__).resolve().parents[1] / "cases" / "openapi"
DATA = {"example", "default", "enum", "value"}


def difference(files: Files, root: str, joined: Any) -> str:  # noqa: C901
    """Follow the author's files and the joined document side by side; give the first place where they differ."""
    read: dict[str, Any] = {}

    def document(file: str) -> Any:
        if file not in read:
            read[file] = read_document(file, files.read(file)).value
        return read[file]

    def followed(file: str, value: Any) -> tuple[str, Any]:
        siblings: dict[str, Any] = {}
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            siblings = {**{k: v for k, v in value.items() if k != "$ref"}, **siblings}
            path, _, fragment = value["$ref"].partition("#")
            if path:
                file = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
            value = value_at(joined if file == "" else document(file), parse_pointer(unquote(fragment)))
        return file, {**value, **siblings} if siblings and isinstance(value, dict) else value

    seen = set()
    waiting = [(root, document(root)["paths"], joined["paths"], False, "paths")]
    while waiting:
        file, left, right, names, where = waiting.pop()
        if (id(left), id(right)) in seen:
            continue
        seen.add((id(left), id(right)))
        file, left = followed(file, left)
        _, right = followed("", right)
        if type(left) is not type(right):
            return where
        if isinstance(left, dict):
            if left.keys() != right.keys():
                return where
            for key in left:
                if not names and (key in DATA or key.startswith("x-") or key == "mapping"):
                    if left[key] != right[key] and key != "mapping":
                        return f"{where}/{key}"
                else:
                    inner = not names and key in {"properties", "examples", "responses", "headers"}
                    waiting.append((file, left[key], right[key], inner, f"{where}/{key}"))
        elif isinstance(left, list):
            if len(left) != len(right):
                return where
            waiting += [(file, a, b, False, f"{where}/{i}") for i, (a, b) in enumerate(zip(left, right, strict=True))]
        elif left != right:
            return where
    return ""


JOINED = [path.name for path in sorted(CASES.iterdir()) if len(list(path.iterdir())) > 2 and "cannot" not in path.name]


@pytest.mark.parametrize("name", JOINED)
def test_a_joined_definition_says_what_its_files_say(name: str, folder: Callable[[Path], Files]) -> None:
    case = CASES / name
    root = next(path.name for path in case.iterdir() if path.stem in {"openapi", "swagger"})
    loaded = load(root, folder(case))
    assert loaded.definition is not None
    assert difference(folder(case), root, loaded.definition.document) == ""


def test_a_definition_of_fifteen_hundred_files_is_joined(shared: Path, folder: Callable[[Path], Files]) -> None:
    specification = shared / "oas3" / "digitalocean" / "specification"
    if not specification.is_dir():
        pytest.skip("shared/oas3/digitalocean is not there")
    files = folder(specification)
    loaded = load("DigitalOcean-public.v2.yaml", files)
    assert loaded.findings == ()
    assert loaded.definition is not None
    assert len(loaded.definition.positions) > 1000
    assert sum(1 for _ in operations(loaded.definition.document)) > 600
    assert difference(files, "DigitalOcean-public.v2.yaml", loaded.definition.document) == ""


def test_names_do_not_shift_when_something_else_is_joined(load_text: Callable[..., Loaded]) -> None:
    def names(*references: str) -> set[str]:
        items = "".join(f'{{"$ref": "{one}"}},' for one in references)[:-1]
        loaded = load_text(
            openapi_json=f'{{"openapi": "3.0.0", "paths": {{"/a": {{"get": {{"responses": {{"200": {{"description": "", '
            f'"content": {{"a/a": {{"schema": {{"anyOf": [{items}]}}}}}}}}}}}}}}}}}}',
            a_yaml="Pet: {title: a}\nToy: {title: a}",
            b_yaml="Pet: {title: b}\nBall: {title: b}",
        )
        assert loaded.definition is not None
        return set(loaded.definition.document["components"]["schemas"])  # type: ignore[index,call-overload,arg-type]

    assert names("a.yaml#/Pet", "b.yaml#/Pet") == names("b.yaml#/Pet", "a.yaml#/Pet") == {"Pet_a", "Pet_b"}
    assert names("a.yaml#/Pet", "b.yaml#/Ball", "a.yaml#/Toy") == {"Pet", "Ball", "Toy"}


def test_what_a_reference_in_place_repeats_is_bounded(load_text: Callable[..., Loaded]) -> None:
    levels = "".join(f'"l{n}": {{"a": {{"$ref": "#/l{n + 1}"}}, "b": {{"$ref": "#/l{n + 1}"}}}},' for n in range(40))
    loaded = load_text(
        openapi_json='{"openapi": "3.0.0", "paths": {"/a": {}}, "tags": [{"$ref": "bomb.json#/l0"}]}',
        bomb_json=f'{{{levels} "l40": {{}}}}',
    )
    assert loaded.definition is None
    assert [one.rule for one in loaded.findings] == ["references-too-many"]


def test_a_long_chain_of_files_in_place_is_refused_and_breaks_nothing(load_text: Callable[..., Loaded]) -> None:
    levels = ",".join(f'"l{n}": {{"n": {n}, "$ref": "#/l{n + 1}"}}' for n in range(1000))
    loaded = load_text(
        openapi_json='{"openapi": "3.0.0", "paths": {"/a": {"$ref": "chain.json#/l0"}}}',
        chain_json=f'{{{levels}, "l1000": {{}}}}',
    )
    assert [one.rule for one in loaded.findings] == ["nested-too-deep"]


def test_a_recursive_path_item_is_a_finding(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(
        openapi_json='{"openapi": "3.0.0", "paths": {"/a": {"$ref": "item.json"}}}',
        item_json='{"get": {"responses": {}, "callbacks": {"c": {"url": {"x": 1, "$ref": "#"}}}}}',
    )
    assert [(one.rule, one.file, one.line) for one in loaded.findings] == [("reference-in-circles", "item.json", 1)]


@pytest.mark.parametrize("behind", ["?x=1", ";x", "?", ""])
def test_what_stands_behind_the_name_of_a_file_makes_no_other_file(
    load_text: Callable[..., Loaded], behind: str
) -> None:
    loaded = load_text(
        openapi_json=f'{{"openapi": "3.0.0", "paths": {{"/a": {{"$ref": "item.json{behind}#/a"}}}}}}',
        item_json='{"a": {"$ref": "missing.json"}}',
    )
    assert [(one.rule, one.file, one.line) for one in loaded.findings] == [("reference-file-missing", "item.json", 1)]


@pytest.mark.parametrize("folder", [".", "./", "a/.."])
def test_the_workspace_itself_is_no_file(load_text: Callable[..., Loaded], folder: str) -> None:
    loaded = load_text(openapi_json=f'{{"openapi": "3.0.0", "paths": {{"/a": {{"$ref": "{folder}#/a"}}}}}}')
    assert [one.rule for one in loaded.findings] == ["reference-file-missing"]


def test_prance_is_imported_only_for_references_to_other_files() -> None:
    script = """if True:
        import sys
        from exporter.openapi.load import load
        class Files:
            def read(self, path):
                return b'{"swagger": "2.0", "paths": {"/a": {}}, "definitions": {"A": {"$ref": "#/definitions/B"}, "B": {}}}'
        assert load("a.json", Files()).definition
        assert not {"prance", "yaml", "requests", "urllib.parse"} & sys.modules.keys()
    """
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).resolve().parents[2])


def test_nothing_is_opened_behind_our_back() -> None:
    script = """if True:
        import json, sys
        from exporter.model.errors import WrongInputs
        from exporter.openapi.load import load
        HOSTILE = ["/etc/passwd", "../../../etc/passwd", "file:///etc/passwd", "python://json/decoder.py", "a.yaml#/x",
                   "http://127.0.0.1:9/a", "https://127.0.0.1:9/a", "//127.0.0.1/a", "..%2f..%2fetc/passwd", "%2fetc/passwd",
                   "a/../../etc/passwd", "/proc/self/environ", "~/a.yaml", "C:/a.yaml", "a.yaml?/etc/passwd", "ftp://a/b"]
        class Files:
            asked = []
            def read(self, path):
                self.asked.append(path)
                if path in {"a.json", "good.json"}:
                    return self.definition
                raise WrongInputs(path)
        def definition(references):
            content = {str(n): {"schema": {"$ref": one}} for n, one in enumerate(references)}
            responses = {"200": {"description": "", "content": content}}
            return json.dumps({"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": responses}}}}).encode()
        Files.definition = definition(["good.json#/openapi", "missing.json", "http://a"])
        load("a.json", Files())
        seen = []
        armed = True
        sys.addaudithook(lambda name, found: armed and name.startswith(("open", "socket", "subprocess", "urllib", "import")) and seen.append((name, found)))
        Files.definition = definition(HOSTILE)
        loaded = load("a.json", Files())
        armed = False
        assert len(loaded.findings) == len(HOSTILE), loaded.findings
        assert not seen, seen
        assert all(not path.startswith(("/", "..")) for path in Files.asked), Files.asked
    """
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("nested", ['{"a":%s}', "[%s]"])
def test_two_hundred_levels_are_joined_and_no_more(load_text: Callable[..., Loaded], nested: str) -> None:
    def rules(levels: int) -> list[str]:
        deep = "{}"
        for _ in range(levels):
            deep = nested % deep
        loaded = load_text(
            openapi_json='{"openapi": "3.0.0", "paths": {"/a": {}}, "x": {"$ref": "a.json"}}', a_json=deep
        )
        return [one.rule for one in loaded.findings]

    assert rules(190) == []
    assert rules(199) == ["nested-too-deep"]
