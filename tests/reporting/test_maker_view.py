from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.comparison.reading import Reader
from exporter.model.plans import Plan
from exporter.reporting.maker_cards import preview
from exporter.reporting.maker_view import MOST, Field, View, Views


def _view(operation: dict[str, Any], item: dict[str, Any] | None = None, **document: Any) -> View:
    (view,) = Views({"paths": {"/a": {**(item or {}), "post": {"operationId": "A", **operation}}}, **document}).all()
    return view


def _asked(schema: Any, **document: Any) -> list[tuple[str, str, bool]]:
    body = {"name": "body", "in": "body", "schema": schema}
    return [
        ("/".join(field.path), field.kind, field.required) for field in _view({"parameters": [body]}, **document).fields
    ]


def _given(schema: Any, **document: Any) -> list[str]:
    answer = {"responses": {"404": {"schema": {"type": "string"}}, "201": {"schema": schema}}}
    return ["/".join(field.path) for field in _view(answer, **document).outputs]


def test_operations_are_what_makers_see(plan: Plan) -> None:
    views = Views(plan.candidate.definition).all()
    assert [(view.title, view.operation, view.trigger, view.seen) for view in views] == [
        ("List orders", "ListOrders", "", True),
        ("CreateOrder", "CreateOrder", "", True),
        ("When ordered", "WhenOrdered", "single", True),
        ("Hidden", "Hidden", "", False),
    ]
    since, version, page = views[0].fields
    assert since == Field("Since", ("query", "since"), "text", required=True)
    assert (version.visibility, version.default) == ("internal", "1")
    assert (page.label, page.kind, page.required) == ("page", "whole", False)
    assert [(field.label, field.required) for field in views[1].fields] == [("Article", True), ("qty", True)]


def test_a_body_is_asked_field_by_field() -> None:
    address = {"properties": {"town": {"type": "string"}, "zip": {"type": "string"}}, "required": ["zip"]}
    line = {"properties": {"sku": {"type": "string", "format": "binary"}}, "required": ["sku"]}
    order = {
        "required": ["to", "lines"],
        "properties": {
            "to": {"$ref": "#/definitions/Address"},
            "from": {"$ref": "#/definitions/Address"},
            "lines": {"type": "array", "items": line},
            "id": {"type": "string", "readOnly": True},
            "paid": {"type": "boolean"},
        },
    }
    assert _asked(order, definitions={"Address": address}) == [
        ("body/to/town", "text", False),
        ("body/to/zip", "text", True),
        ("body/from/town", "text", False),
        ("body/from/zip", "text", False),  # only asked for where there is a sender at all
        ("body/lines", "object", True),
        ("body/lines/[]/sku", "file", True),
        ("body/paid", "truth", False),
    ]


def test_all_of_is_merged_and_a_body_without_fields_is_one_field() -> None:
    parts = {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["a"], "properties": {"b": {}}}]}
    assert _asked(parts) == [("body/a", "whole", True), ("body/b", "any", False)]
    assert _asked({"type": "array", "items": {"type": "string", "format": "date"}}) == [("body", "date", False)]
    assert _asked({"$ref": "#/nowhere"}) == [("body", "any", False)]


def test_what_holds_itself_is_opened_once() -> None:
    node = {"properties": {"name": {"type": "string"}, "next": {"$ref": "#/definitions/Node"}}}
    tree = {"properties": {"children": {"type": "array", "items": {"$ref": "#/definitions/Tree"}}}}
    both = {"Node": node, "Tree": tree}
    assert _given({"$ref": "#/definitions/Node"}, definitions=both) == ["response/name", "response/next"]
    assert _given({"$ref": "#/definitions/Tree"}, definitions=both) == [
        "response/children",
        "response/children/[]/children",
    ]
    loop = {"$ref": "#/definitions/Loop"}
    assert _given(loop, definitions={"Loop": loop}) == []
    assert _given({"allOf": [loop]}, definitions={"Loop": {"allOf": [loop], "properties": {"a": {}}}}) == ["response/a"]


def test_a_trigger_hands_on_what_it_is_sent() -> None:
    sent = {"x-ms-notification-content": {"schema": {"properties": {"id": {"type": "string"}}}}}
    url = {"type": "string", "x-ms-notification-url": True}
    body = {"name": "body", "in": "body", "schema": {"properties": {"url": url}}}
    view = _view({"x-ms-trigger": "single", "parameters": [body]}, sent)
    assert [field.path for field in view.outputs] == [("payload", "id")]
    assert [field.visibility for field in view.fields] == ["internal"]  # the platform fills it in


def test_choices_defaults_and_sources() -> None:
    names = [{"value": "r", "displayName": "Red"}, {"value": 1, "displayName": "One"}]
    dynamic = {"operationId": "ListColors", "value-path": "id"}
    color = {
        "name": "color",
        "in": "query",
        "type": "string",
        "enum": ["r", "g", None],
        "x-ms-enum-values": names,
        "x-ms-visibility": "advanced",
        "x-ms-dynamic-values": dynamic,
        "default": False,
        "description": "d" * 999,
    }
    (field,) = _view({"parameters": [color]}).fields
    assert (field.choices, field.source, field.default) == (("Red", "g", "null"), "ListColors", "false")
    assert (field.visibility, len(field.hint)) == ("advanced", 200)


def test_an_operation_is_cut_to_what_can_be_read_and_says_so() -> None:
    wide = {"properties": {f"p{n}": {"type": "string"} for n in range(5000)}}
    view = _view({"responses": {"200": {"schema": wide}}})
    assert len(view.outputs) == MOST
    assert view.cut
    assert "more than is shown" in preview((view,))
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(3000):
        deep = {"properties": {"in": deep}}
    (one,) = _view({"responses": {"200": {"schema": deep}}}).outputs
    assert len(one.path) == 12


def _followed(monkeypatch: pytest.MonkeyPatch, definitions: dict[str, Any], schemas: list[Any]) -> int:
    """Count how often a reference is looked at, while operations that answer these are read."""
    counted = []
    follow = Reader.follow
    monkeypatch.setattr(Reader, "follow", lambda *given: (counted.append(given), follow(*given))[1])
    paths = {f"/{n}": {"get": {"responses": {"200": {"schema": one}}}} for n, one in enumerate(schemas)}
    Views({"paths": paths, "definitions": definitions}).all()
    return len(counted)


def test_work_is_in_step_with_the_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {"properties": {f"p{n}": {"$ref": "#/definitions/Wide"} for n in range(500)}}
    assert _followed(monkeypatch, {"Wide": wide}, [{"$ref": "#/definitions/Wide"}] * 100) < 100 * 3 * MOST


def test_a_chain_of_all_of_is_not_followed_anew_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"#/definitions/D{n}" for n in range(800)]
    chain: dict[str, Any] = {"D0": {"properties": {"first": {"type": "string"}}}}
    for n, name in enumerate(names[:-1], 1):
        chain[f"D{n}"] = {"allOf": [{"$ref": name}], "properties": {f"p{n}": {"type": "string"}}}
    assert _followed(monkeypatch, chain, [{"$ref": name} for name in names]) < 800 * 3 * MOST


def test_of_very_many_operations_less_is_shown_of_each() -> None:
    answer = {"200": {"schema": {"properties": {f"p{n}": {} for n in range(100)}}}}
    paths = {f"/{n}": {"get": {"responses": answer}} for n in range(2000)}
    views = Views({"paths": paths}).all()
    assert {len(view.outputs) for view in views} == {10}
    assert all(view.cut for view in views)


def test_the_preview_shows_every_operation_and_nothing_as_html(plan: Plan) -> None:
    evil = '<img src=x onerror="alert(1)">'
    field = Field(evil, ("query", evil), "text", choices=(evil,), source=evil, default=evil, hint=evil)
    views = (*Views(plan.candidate.definition).all(), View(evil, evil, evil, fields=(field,), outputs=(field,)))
    shown = preview(views)
    assert shown.count('<details class="op">') == 4
    assert "<img" not in shown
    assert "Hidden" not in shown
    assert preview(()) == "<p>No operations.</p>"


@pytest.mark.parametrize(
    "paths", [None, [], {"/a": 1, "/b": {"get": {"parameters": [{}, 1, {"in": 1}], "responses": {"200": 1}}}}]
)
def test_nonsense_is_shown_as_far_as_it_goes(paths: Any) -> None:
    assert all(view.operation for view in Views({"paths": paths}).all())


_NAMES = st.sampled_from(("type", "properties", "items", "allOf", "enum", "required", "$ref", "x-ms-dynamic-list", "a"))
_ENDS = st.sampled_from(("object", "array", "#/definitions/A", "#", "x", 1, True, None))
_SCHEMAS = st.recursive(_ENDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4))


@given(schema=_SCHEMAS, shared=_SCHEMAS)
def test_whatever_a_schema_holds_it_is_shown(schema: Any, shared: Any) -> None:
    body = {"name": "body", "in": "body", "schema": schema}
    view = _view({"parameters": [body], "responses": {"200": {"schema": schema}}}, definitions={"A": shared})
    assert preview((view,)).count("<details") == 1
