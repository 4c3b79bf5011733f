"""Overlays: where what they wrote is found again, what is refused with file and line, and what hostile ones can do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.model.definitions import Definition
from exporter.model.errors import WrongInputs
from exporter.openapi.places import Places
from exporter.ports import Files
from exporter.shaping.overlays import Laid, overlay_definition, read_overlays

HEAD = "overlay: 1.1.0\ninfo: {title: t, version: v}\n"
DOCUMENT: Any = {
    "swagger": "2.0",
    "info": {"title": "a", "version": "1"},
    "tags": [{"name": "one"}, {"name": "two"}, {"name": "three"}, {"name": "four"}],
    "paths": {"/a": {"get": {"summary": "A", "responses": {"200": {"description": "OK"}}}}},
}


@pytest.fixture
def lay(define: Callable[[Any], Definition], memory: Callable[..., Files]) -> Callable[..., Laid]:
    def laid(*texts: str, document: Any = DOCUMENT) -> Laid:
        files = {f"{n}.yaml": text for n, text in enumerate(texts, 1)}
        return overlay_definition(define(document), read_overlays(files, memory(files)))

    return laid


def actions(*lines: str) -> str:
    return HEAD + "actions:\n" + "".join(f"  - {line}\n" for line in lines)


def test_what_an_overlay_wrote_is_found_in_its_file(lay: Callable[..., Laid]) -> None:
    text = (
        HEAD
        + """\
actions:
  - target: $.paths['/a'].get
    update:
      summary: B
      x-new:
        inner: [1]
      responses: {'200': {x-more: 1}}
"""
    )
    places = Places(lay(text).definition)
    get = ("paths", "/a", "get")
    assert places.of_author((*get, "summary"))[:2] == ("1.yaml", 6)
    assert places.of_author((*get, "x-new", "inner", "0"))[:2] == ("1.yaml", 8)
    assert places.of_author((*get, "responses", "200", "x-more"))[:2] == ("1.yaml", 9)
    assert places.of_author((*get, "responses", "200", "description")).file == "api.json"


def test_items_that_move_up_keep_their_places(define: Callable[[Any], Definition], lay: Callable[..., Laid]) -> None:
    before = Places(define(DOCUMENT))
    text = actions(
        "{target: '$.tags', update: {name: five}}",
        "{target: \"$.tags[?@.name == 'one' || @.name == 'three']\", remove: true}",
    )
    after = Places(lay(text).definition)
    assert [tag["name"] for tag in after.definition.document["tags"]] == ["two", "four", "five"]  # type: ignore[index,call-overload,union-attr]
    assert after.of_author(("tags", "0", "name")) == before.of_author(("tags", "1", "name"))
    assert after.of_author(("tags", "1", "name")) == before.of_author(("tags", "3", "name"))
    assert after.of_author(("tags", "2", "name"))[:2] == ("1.yaml", 4)
    assert define(DOCUMENT).document == DOCUMENT, "the author's document is as it was"


def test_a_copy_is_found_where_it_came_from(define: Callable[[Any], Definition], lay: Callable[..., Laid]) -> None:
    text = actions("{target: '$.paths', update: {/b: {}}}", "{target: \"$.paths['/b']\", copy: \"$.paths['/a']\"}")
    definition = lay(text).definition
    assert definition.document["paths"] == {"/a": DOCUMENT["paths"]["/a"], "/b": DOCUMENT["paths"]["/a"]}
    there = Places(define(DOCUMENT)).of_author(("paths", "/a", "get", "summary"))
    assert Places(definition).of_author(("paths", "/b", "get", "summary")) == there


def test_overlays_are_applied_in_order_each_to_what_the_one_before_left(lay: Callable[..., Laid]) -> None:
    one = actions(
        "{target: $.info, update: {title: b}}",
        "{target: $.tags, remove: true}",
        "{target: $, update: {tags: [{name: x}]}}",
    )
    two = actions("{target: \"$.info[?@ == 'b']\", update: c}")
    laid = lay(one, two)
    assert laid.findings == ()
    assert (laid.definition.document["info"]["title"], laid.definition.document["tags"]) == ("c", [{"name": "x"}])  # type: ignore[index,call-overload]


def test_an_action_that_selects_nothing_is_told_with_its_line(lay: Callable[..., Laid]) -> None:
    (finding,) = lay(actions("{target: $.info, update: {x-a: 1}}", "{target: $.nothing, remove: true}")).findings
    assert (finding.rule, finding.file, finding.line) == ("overlay-target-unmatched", "1.yaml", 5)


WRONG = {
    "[]": 1,
    "overlay: 2.0.0\ninfo: {title: t, version: v}\nactions: [{target: $, update: {}}]": 1,
    "overlay: 1.0.0\nactions: [{target: $, update: {}}]": 1,
    HEAD + "actions: []": 3,
    HEAD + "action: []": 3,
    HEAD + "x-applies-to: everything\nactions: [{target: $, update: {}}]": 3,
    HEAD + "actions:\n  - target: $\n    updates: {}": 5,
    HEAD + "actions:\n  - update: {}": 4,
    HEAD + "actions:\n  - target: $": 4,
    HEAD + "actions:\n  - target: $\n    remove: yes please": 5,
    HEAD + "actions:\n  - target: $\n    update: {}\n    copy: $.info": 4,
    "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: $\n    copy: $.info": 5,
    HEAD + "actions:\n  - target: paths": 4,
    HEAD + "actions:\n  - target: $[\n    remove: true": 4,
    HEAD + "actions:\n  - target: $\n    remove: true": 4,
    HEAD + "actions:\n  - target: $.info\n    update: text": 5,
    HEAD + "actions:\n  - target: $\n    update:\n      info:\n        title: {a: 1}": 7,
    HEAD + "actions:\n  - target: $.info.title\n    update: {a: 1}": 5,
    HEAD + "actions:\n  - target: $.*\n    update: {}": 4,
    HEAD + "actions:\n  - target: $.info\n    copy: $.tags[*]": 5,
    HEAD + "actions:\n  - target: $.info\n    copy: $.nothing": 5,
    HEAD + "actions: {": 4,
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_wrong_overlay_is_refused_with_file_and_line(text: str, lay: Callable[..., Laid]) -> None:
    with pytest.raises(WrongInputs) as refused:
        lay(text)
    assert refused.value.message.startswith(f"overlay: 1.yaml:{WRONG[text]}: ")
    assert refused.value.advice


def test_the_version_of_openapi_stays(lay: Callable[..., Laid]) -> None:
    with pytest.raises(WrongInputs, match="another version"):
        lay(actions("{target: $, update: {swagger: '3.0'}}"))


def test_overlays_leave_something_to_export(lay: Callable[..., Laid]) -> None:
    with pytest.raises(WrongInputs, match="no operation is left"):
        lay(actions("{target: $.paths.*, remove: true}"))


def test_a_missing_overlay_is_told(memory: Callable[..., Files]) -> None:
    with pytest.raises(WrongInputs, match="no file"):
        read_overlays(["x.yaml"], memory({}))


HOSTILE = {
    "doubling": ["{target: $, update: {x: {a: [1]}}}"]
    + ["{target: $.x, update: {y: {}}}", "{target: $.x.y, copy: $.x}"] * 40,
    "deeper and deeper": ["{target: $, update: {x: {}}}"]
    + [f"{{target: '$.x{'.x' * n}', update: {{x: {{}}}}}}" for n in range(250)],
    "everywhere": [
        f"{{target: '$..[?@.name || @.y || @.z]', update: {{x{n}: {{y: {{z: {{}}}}}}}}}}" for n in range(1_000)
    ],
    "queries in queries": ["{target: '$..[?$..[?$..nothing]]', remove: true}"] * 1_000,
    "a pattern that explodes": ["{target: \"$..[?search(@.name, '(a|a)*(a|a)*(a|a)*b')]\", update: {x: 1}}"],
}


@pytest.mark.parametrize("lines", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_overlay_is_stopped(lines: list[str], lay: Callable[..., Laid]) -> None:
    document = {**DOCUMENT, "x-a": [{"name": "a" * 5_000} for _ in range(50)]}
    started = time.process_time()
    with pytest.raises(WrongInputs, match="too much|add more than|deeper than") as refused:
        lay(actions(*(lines if len(lines) > 1 else lines * 100)), document=document)
    assert refused.value.message.startswith("overlay: 1.yaml:")
    assert time.process_time() - started < 60


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=5,
)
TARGETS = st.sampled_from(["$", "$.x", "$.x.a", "$.x.*", "$..a", "$..b", "$.x[0]", "$..[0]", "$.x[?@.a]"])
ACTIONS = st.lists(
    st.builds(lambda target, value: {"target": target, "update": value}, TARGETS, JSON)
    | st.builds(lambda target: {"target": target, "remove": True}, TARGETS)
    | st.builds(lambda target, source: {"target": target, "copy": source}, TARGETS, TARGETS),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(JSON, ACTIONS)
def test_any_overlay_is_applied_or_refused_and_places_are_found(
    define: Callable[[Any], Definition], memory: Callable[..., Files], value: Any, listed: list[Any]
) -> None:
    import json

    overlay = {"overlay": "1.1.0", "info": {"title": "t", "version": "v"}, "actions": listed}
    files = {"o.json": json.dumps(overlay, indent=1)}
    definition = define({**DOCUMENT, "x": value})
    try:
        laid = overlay_definition(definition, read_overlays(files, memory(files)))
    except WrongInputs as error:
        assert error.message.startswith("overlay: o.json")
        return
    again = overlay_definition(definition, read_overlays(files, memory(files)))
    assert json.dumps(laid.definition.document) == json.dumps(again.definition.document)
    assert _texts(laid.definition, files) == [], "every text stands where its place says"


def _texts(definition: Definition, files: dict[str, str]) -> list[Any]:
    """Give what does not stand at its place."""
    import json

    lines = {"api.json": None, **{name: text.splitlines() for name, text in files.items()}}
    places, wrong = Places(definition), []
    ahead: list[tuple[Any, Any]] = [(("x",), definition.document.get("x"))]
    while ahead:
        pointer, value = ahead.pop()
        if isinstance(value, dict):
            ahead += [((*pointer, key), one) for key, one in value.items()]
        elif isinstance(value, list):
            ahead += [((*pointer, str(n)), one) for n, one in enumerate(value)]
        elif isinstance(value, str):
            place = places.of_author(pointer)
            text = lines[place.file]
            if text is not None and json.dumps(value) not in text[place.line - 1]:
                wrong.append((pointer, value, place))
    return wrong


def test_what_is_not_listed_is_counted(lay: Callable[..., Laid]) -> None:
    idle = [f"{{target: $.none{n}, remove: true}}" for n in range(300)]
    broken = ", ".join(f"{{$ref: '#/none/{n}'}}" for n in range(300))
    outside = ", ".join(f"{{$ref: 'other.yaml#/{n}'}}" for n in range(300))
    schemas = f"{{target: $, update: {{definitions: {{A: {{allOf: [{broken}]}}, B: {{allOf: [{outside}]}}}}}}}}"
    found = lay(actions(*idle, schemas)).findings
    for rule in ("overlay-target-unmatched", "reference-nowhere", "overlay-reference-to-file"):
        told = [one for one in found if one.rule == rule]
        assert len(told) == 201
        assert told[-1].times == 100
        assert told[-1].message.startswith("There are 100 more of this kind")
