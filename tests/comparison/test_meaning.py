"""What means the same is no change, however it is written; and the other way round is the mirror image."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.comparison.compare import compare, verdict
from exporter.comparison.drift import as_kept, same_as_live
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Change, Impact, Verdict
from exporter.model.connectors import Connector

CASES = Path(__file__).parents[1] / "cases" / "comparison"
TEXT = (CASES / "definition.json").read_text("utf-8")
DEFINITION = json.loads(TEXT)
PROPERTIES = json.loads((CASES / "properties.json").read_text("utf-8"))
BASE = Connector(DEFINITION, PROPERTIES)
POSITIONAL = json.loads(TEXT)["definitions"]["NewOrder"]["properties"]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["", "a", "object", "string", "internal", "#/definitions/A", "query", "2", "body"])
)
KEYS = st.sampled_from(
    ["paths", "definitions", "parameters", "responses", "get", "post", "/a", "/{b}", "200", "default", "schema", "properties", "items", "type", "$ref",
     "allOf", "required", "enum", "name", "in", "A", "operationId", "x-ms-visibility", "x-ms-trigger", "x-ms-dynamic-values", "x-ms-api-annotation",
     "securityDefinitions", "security", "info", "host", "schemes", "basePath", "x-ms-notification-content", "x-ms-capabilities", "additionalProperties",
     "maximum", "consumes", "tags", "x-other", "scopes", "connectionParameters", "oAuthSettings", "uiDefinition"]
)  # fmt: skip
NONSENSE: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=30
)


def replaced(value: Any, change: Any) -> Any:
    """Give a copy with every inner value changed, the deepest first."""
    if isinstance(value, dict):
        return change({key: replaced(inner, change) for key, inner in value.items()})
    if isinstance(value, list):
        return change([replaced(inner, change) for inner in value])
    return change(value)


def ids(found: tuple[Change, ...]) -> set[str]:
    return {change.id for change in found}


def renamed(definition: Any) -> Any:
    text = json.dumps(definition).replace("#/definitions/", "#/definitions/Contoso")
    other = json.loads(text)
    other["definitions"] = {f"Contoso{name}": schema for name, schema in other["definitions"].items()}
    return other


def inlined(definition: Any) -> Any:
    def inline(value: Any) -> Any:
        name = value.get("$ref", "").rpartition("/")[2] if isinstance(value, dict) else ""
        return copy.deepcopy(definition["definitions"][name]) if name in {"NewOrder", "Event", "Error"} else value

    return replaced(definition, inline)


def split(definition: Any) -> Any:
    other = copy.deepcopy(definition)
    for name in ("NewOrder", "Order"):
        whole = other["definitions"][name]
        properties = list(whole.pop("properties").items())
        other["definitions"][f"{name}Base"] = {
            "type": "object",
            "properties": dict(properties[:2]),
            "required": whole.pop("required"),
        }
        whole["allOf"] = [{"$ref": f"#/definitions/{name}Base"}, {"$ref": f"#/definitions/{name}"}]
        whole["properties"] = dict(properties[2:])
    return other


def based(definition: Any) -> Any:
    return {**definition, "basePath": "", "paths": {"/v1" + path: item for path, item in definition["paths"].items()}}


def shared(definition: Any) -> Any:
    other = copy.deepcopy(definition)
    item = other["paths"]["/orders/{id}/form"]
    item["parameters"] = item["get"].pop("parameters")
    return other


def hoisted(definition: Any) -> Any:
    """Move parameters and success answers into the shared sections, the parameters in another order of the file."""
    other = copy.deepcopy(definition)
    shared_answers = other.setdefault("responses", {})
    for path, item in other["paths"].items():
        for method, operation in item.items():
            for at, parameter in enumerate(operation.get("parameters", ()) if isinstance(operation, dict) else ()):
                if "$ref" not in parameter:
                    name = f"{method}{path}{at}"
                    other["parameters"][name] = parameter
                    place = name.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                    operation["parameters"][at] = {"$ref": f"#/parameters/{place}"}
            answers = operation.get("responses", {}) if isinstance(operation, dict) else {}
            for code in [code for code in answers if "$ref" not in answers[code]]:
                shared_answers[f"A{len(shared_answers)}"] = answers[code]
                answers[code] = {"$ref": f"#/responses/A{len(shared_answers) - 1}"}
    return other


@pytest.mark.parametrize("rewrite", [renamed, inlined, split, based, shared, hoisted], ids=lambda one: one.__name__)
def test_another_way_of_writing_is_no_change_to_makers(rewrite: Any) -> None:
    other = Connector(rewrite(DEFINITION), PROPERTIES)
    assert fingerprint(other) != fingerprint(BASE)
    for one, two in ((BASE, other), (other, BASE)):
        assert ids(compare(one, two)) == {"written-differently"}


def turned(value: Any) -> Any:
    """Turn the order of keys around, but not of the fields that canvas apps pass by position."""
    return dict(reversed(value.items())) if isinstance(value, dict) and set(value) != set(POSITIONAL) else value


def test_order_of_keys_is_no_change() -> None:
    other = Connector(replaced(DEFINITION, turned), replaced(PROPERTIES, turned))
    assert json.dumps(other.definition) != json.dumps(DEFINITION)
    assert fingerprint(other) == fingerprint(BASE)
    assert compare(BASE, other) == ()


def test_order_of_required_fields_is_a_change_although_the_documents_are_equal() -> None:
    other = copy.deepcopy(DEFINITION)
    other["definitions"]["NewOrder"]["properties"] = dict(reversed(POSITIONAL.items()))
    turned_round = Connector(other, PROPERTIES)
    assert turned_round == BASE
    assert fingerprint(turned_round) != fingerprint(BASE)
    (change,) = compare(BASE, turned_round)
    assert (change.id, change.impact, change.before) == (
        "request-field-order-changed",
        Impact.BREAKING,
        ["sku", "quantity"],
    )
    assert change.pointer == ("definitions", "NewOrder")


def test_pointers_lead_to_where_the_text_is_and_one_cause_is_one_change() -> None:
    other = copy.deepcopy(DEFINITION)
    other["definitions"]["Order"]["properties"]["total"]["type"] = "string"
    del other["parameters"]["region"]["enum"][0]
    found = {change.id: change for change in compare(BASE, Connector(other, PROPERTIES))}
    total = found["response-field-type-changed"]
    assert total.pointer == total.old_pointer == ("definitions", "Order", "properties", "total")
    assert (total.operation, total.operations) == ("CreateOrder", ("CreateOrder", "GetOrder", "ListOrders"))
    assert found["request-enum-value-removed"].pointer == ("parameters", "region")
    assert found["request-enum-value-removed"].before == ["eu"]


def test_what_is_gone_is_shown_at_the_nearest_parent_that_is_still_there() -> None:
    other = copy.deepcopy(DEFINITION)
    del other["definitions"]["Order"]["properties"]["total"]
    del other["paths"]["/statuses"]
    found = {change.id: change for change in compare(BASE, Connector(other, PROPERTIES))}
    assert found["response-field-removed"].pointer == ("definitions", "Order", "properties")
    assert found["response-field-removed"].old_pointer == ("definitions", "Order", "properties", "total")
    assert found["operation-removed"].pointer == ("paths",)


def test_a_likely_new_name_is_a_hint_and_no_match() -> None:
    other = json.loads(
        TEXT.replace('"sku": {"type": "string", "x-ms-summary"', '"article": {"type": "string", "x-ms-summary"')
    )
    found = {change.id: change for change in compare(BASE, Connector(other, PROPERTIES))}
    assert found["request-field-required-removed"].message.endswith("It looks renamed to article.")
    assert "request-field-optional-added" in found


def test_the_other_way_round_added_and_removed_change_places() -> None:
    other = copy.deepcopy(DEFINITION)
    del other["definitions"]["Order"]["properties"]["total"]
    del other["paths"]["/statuses"]["get"]
    del other["paths"]["/orders"]["get"]["parameters"][6]
    there, back = compare(BASE, Connector(other, PROPERTIES)), compare(Connector(other, PROPERTIES), BASE)
    ids_ = [(change.old_pointer, change.id) for change in there if change.id.endswith("-removed")]
    removed = {pointer: id_.replace("removed", "added") for pointer, id_ in ids_}
    added = {change.pointer: change.id for change in back if "added" in change.id}
    assert len(removed) == 3
    assert removed == added


def test_recursion_of_every_kind_ends_and_is_not_read_as_removed() -> None:
    node: dict[str, Any] = {
        "type": "object",
        "allOf": [{"$ref": "#/definitions/Node"}],
        "properties": {
            "next": {"$ref": "#/definitions/Node"},
            "name": {"type": "string"},
            "many": {"type": "array", "items": {"$ref": "#/definitions/Node"}},
        },
        "additionalProperties": {"$ref": "#/definitions/Node"},
    }
    loop = {"$ref": "#/definitions/Loop"}
    operation = {
        "operationId": "Get",
        "responses": {"200": {"schema": {"$ref": "#/definitions/Node"}}, "400": {"schema": loop}},
    }
    before: dict[str, Any] = {"paths": {"/a": {"get": operation}}, "definitions": {"Node": node, "Loop": loop}}
    after = copy.deepcopy(before)
    after["definitions"]["Node"]["properties"]["name"]["type"] = "integer"
    assert ids(compare(Connector(before, {}), Connector(after, {}))) == {"response-field-type-changed"}


def test_definitions_that_branch_again_and_again_are_walked_once() -> None:
    def chain(leaf: str) -> Connector:
        links = {
            f"D{at}": {"properties": {side: {"$ref": f"#/definitions/D{at + 1}"} for side in ("left", "right")}}
            for at in range(400)
        }
        answer = {"200": {"description": "OK", "schema": {"$ref": "#/definitions/D0"}}}
        paths = {f"/{name}": {"get": {"operationId": name, "responses": answer}} for name in ("One", "Two")}
        return Connector({"paths": paths, "definitions": {**links, "D400": {"type": leaf}}}, {})

    (change,) = compare(chain("string"), chain("integer"))
    assert change.operations == ("One", "Two")
    assert change.pointer == ("definitions", "D400")


def test_no_secret_is_shown() -> None:
    one, other = copy.deepcopy(PROPERTIES), copy.deepcopy(PROPERTIES)
    for properties, secret in ((one, "hush-1"), (other, "hush-2")):
        properties["connectionParameters"]["token"]["oAuthSettings"]["clientSecret"] = secret
        properties["policyTemplateInstances"][0]["parameters"]["value"] = secret
    found = compare(Connector(DEFINITION, one), Connector(DEFINITION, other))
    assert ids(found) == {"policy-changed"}
    assert "hush" not in repr(found)


def test_a_changed_run_loads_nothing_that_is_slow() -> None:
    code = (
        "import sys, json; sys.path.insert(0, sys.argv[1]);"
        "from exporter.comparison.compare import compare; from exporter.model.connectors import Connector;"
        "old = json.loads(open(sys.argv[2]).read()); new = json.loads(open(sys.argv[2]).read());"
        "new['definitions']['Order']['properties'].pop('total');"
        "assert compare(Connector(old, {}), Connector(new, {}));"
        "print(' '.join(sys.modules))"
    )
    root = str(CASES.parents[2])
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", code, root, str(CASES / "definition.json")],
        check=True,
        capture_output=True,
        text=True,
    )
    slow = {
        "deepdiff",
        "dataclasses",
        "inspect",
        "logging",
        "pathlib",
        "hashlib",
        "_hashlib",
        "urllib",
        "datetime",
        "subprocess",
    }
    assert slow & set(loaded.stdout.split()) == set()


def test_a_change_keeps_its_fingerprint_when_its_surroundings_move() -> None:
    def with_change(definition: Any) -> tuple[Connector, Connector]:
        other = copy.deepcopy(definition)
        name = next(name for name in other["definitions"] if name.endswith("NewOrder"))
        other["definitions"][name]["properties"]["note"]["type"] = "integer"
        return Connector(definition, {}), Connector(other, {})

    (one,) = compare(*with_change(DEFINITION))
    (two,) = compare(*with_change(renamed(DEFINITION)))
    assert len(one.fingerprint) == 16
    assert one.fingerprint == two.fingerprint
    assert one.pointer != two.pointer


def test_what_the_platform_adds_replaces_and_keeps_back_is_no_drift() -> None:
    live = copy.deepcopy(PROPERTIES)
    settings_ = live["connectionParameters"]["token"]["oAuthSettings"]
    settings_["redirectUrl"] = "https://global.consent.azure-apim.net/redirect/contoso"
    live = {
        "connectionParameters": live["connectionParameters"],
        "iconBrandColor": "#007EE5",
        "policyTemplateInstances": live["policyTemplateInstances"],
        "scriptOperations": None,
    }
    exported = copy.deepcopy(PROPERTIES)
    exported["connectionParameters"]["token"]["oAuthSettings"]["clientSecret"] = "secret"
    definition = {key: value for key, value in DEFINITION.items() if key not in {"consumes", "tags"}}
    stored = {**definition, "consumes": [], "responses": {}, "tags": []}
    assert same_as_live(Connector(definition, exported, b"icon"), Connector(stored, live))
    assert compare(as_kept(Connector(definition, exported)), as_kept(Connector(stored, live))) == ()
    assert not same_as_live(Connector(definition, exported), Connector({**stored, "host": "elsewhere.example"}, live))


@given(NONSENSE, NONSENSE, NONSENSE)
@settings(max_examples=300, deadline=None)
def test_nonsense_is_compared_and_never_raises(before: Any, after: Any, more: Any) -> None:
    sides = []
    for root, other in ((before, after), (after, before)):
        definition = {
            **DEFINITION,
            "paths": {"/a": {"get": root, "post": other, "parameters": more}},
            "definitions": {"A": other, "B": more},
        }
        sides.append(Connector(definition, {"connectionParameters": root, "x": more}))
        sides.append(Connector(root if isinstance(root, dict) else {}, other if isinstance(other, dict) else {}))
    for one in sides:
        assert compare(one, copy.deepcopy(one)) == ()
        for two in sides:
            found = compare(one, two)
            assert bool(found) is (fingerprint(one) != fingerprint(two))
            assert verdict(fingerprint(one), fingerprint(two), found) is not Verdict.UNKNOWN


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_lifelike_definition_with_one_place_spoiled_is_compared(data: st.DataObject) -> None:
    other = copy.deepcopy(DEFINITION)
    holder: Any = other
    while True:
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(holder[key], (dict, list)) or not holder[key] or data.draw(st.integers(0, 3)) == 0:
            break
        holder = holder[key]
    holder[key] = data.draw(NONSENSE)
    spoiled = Connector(other, PROPERTIES)
    for one, two in ((BASE, spoiled), (spoiled, BASE)):
        assert bool(compare(one, two)) is (fingerprint(one) != fingerprint(two))
