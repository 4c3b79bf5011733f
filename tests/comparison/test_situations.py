"""Changes that take more than one value to tell: what comes, goes and moves, and what only looks as if it did."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from exporter.comparison.compare import compare, verdict
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Verdict
from exporter.model.connectors import Connector
from tests.comparison.carriers import TEXT, answered, body, definition, hook, operation, record

B, C, N = Verdict.BREAKING, Verdict.COMPATIBLE, Verdict.NONE
SAME = "written-differently"
MUST: Any = {"required": True}
INTERNAL: Any = {"x-ms-visibility": "internal"}
FIXED: Any = {**MUST, **INTERNAL, "default": "1"}


class Situation(NamedTuple):
    """Two versions, the verdict, and a change that is told."""

    name: str
    old: dict[str, Any]
    new: dict[str, Any]
    verdict: Verdict
    told: str = ""
    was: dict[str, Any] = {}  # noqa: RUF012 - read only
    now: dict[str, Any] = {}  # noqa: RUF012 - read only


def query(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "type": "string", **more}


def header(name: str, **more: Any) -> dict[str, Any]:
    return {**query(name, **more), "in": "header"}


def segment(name: str) -> dict[str, Any]:
    return {**query(name, **MUST), "in": "path"}


def many(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "type": "array", "items": TEXT, **more}


def taking(*parameters: Any, **more: Any) -> dict[str, Any]:
    return definition(operation(*parameters), **more)


def giving(responses: Any) -> dict[str, Any]:
    return definition(operation(responses=responses))


def api(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**definition(operation()), "paths": paths, **more}


def named(name: str, **more: Any) -> dict[str, Any]:
    return {**operation(), "operationId": name, **more}


def two(*methods: dict[str, Any]) -> dict[str, Any]:
    return api(dict(zip(("/a", "/b"), ({"get": method} for method in methods), strict=False)))


def trigger(*parameters: Any, kind: str = "batch") -> dict[str, Any]:
    return definition(operation(*parameters, **{"x-ms-trigger": kind}), method="get")


def lookup(**more: Any) -> dict[str, Any]:
    return {"x-ms-dynamic-values": {"operationId": "L", "value-path": "id", "value-title": "name", **more}}


def looking(fields: dict[str, Any], target: str = "L", **more: Any) -> dict[str, Any]:
    answer = answered({"type": "array", "items": record(fields)})
    return api(
        {"/a": {"get": named("A", parameters=[query("q", **more)])}, "/l": {"get": named(target, responses=answer)}}
    )


A, BOTH = record({"a": TEXT}), record({"a": TEXT, "b": TEXT}, ["a", "b"])
TURNED = {**BOTH, "properties": {"b": TEXT, "a": TEXT}}
NOTHING = record({})
EMPTY = {"200": {"description": "OK"}}
KEY = {"type": "apiKey", "in": "header", "name": "k"}
BASIC = {"type": "basic"}
CODE: dict[str, Any] = {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {"r": "Read"}}  # fmt: skip
PLAIN = definition(operation())
LISTS = {"id": TEXT, "name": TEXT}


def signed(*ways: list[str], **schemes: Any) -> dict[str, Any]:
    asked = [{name: [] for name in way} for way in ways] if ways else [{name: []} for name in schemes]
    return {**PLAIN, "securityDefinitions": schemes, "security": asked}


def asked(required: str = "true", **more: Any) -> dict[str, Any]:
    return {"type": "string", "uiDefinition": {"displayName": "D", "constraints": {"required": required}}, **more}


def connection(**parameters: Any) -> dict[str, Any]:
    return {"connectionParameters": parameters}


def chosen(**ways: Any) -> dict[str, Any]:
    values = [{"name": name, "parameters": parameters} for name, parameters in ways.items()]
    return {"connectionParameterSets": {"values": values}}


def sso(**more: Any) -> dict[str, Any]:
    custom = {"tokenUrl": {"value": "https://t"}}
    settings = {"identityProvider": "oauth2", "clientId": "c", "scopes": ["r"], "customParameters": custom, **more}
    return {"type": "oauthSetting", "oAuthSettings": settings}


def asks(name: str, was: Any, now: Any, expected: Verdict, told: str = "") -> Situation:
    """Give a situation in which only the properties differ."""
    return Situation(name, PLAIN, PLAIN, expected, told, was, now)


# fmt: off
SITUATIONS = (
    # Parameters that come and go
    Situation("an optional one before the others", taking(query("a", **MUST)), taking(query("z"), query("a", **MUST)), C, "param-optional-added"),
    Situation("a required one", taking(query("a")), taking(query("a"), query("z", **MUST)), B, "param-required-added"),
    Situation("a required one with a default that makers see", taking(), taking(query("z", **MUST, default="1")), B),
    Situation("one that the platform fills in", taking(), taking(query("z", **FIXED)), C, "param-required-hidden-added"),
    Situation("one that nobody can fill in", taking(), taking(query("z", **MUST, **INTERNAL)), B, "param-hidden-without-default-added"),
    Situation("one more in the path", api({"/a": {"get": operation()}}), api({"/a/{x}": {"get": operation(segment("x"))}}), B),
    Situation("an optional one gone", taking(query("a")), taking(), B, "param-optional-removed"),
    Situation("a hidden one gone", taking(query("a", **INTERNAL)), taking(), C, "param-hidden-removed"),
    Situation("a fixed one gone", taking(query("a", **FIXED)), taking(), C),
    Situation("a required one gone", taking(query("a", **MUST)), taking(), B, "param-required-removed"),
    Situation("a fixed one optional", taking(query("a", **FIXED)), taking(query("a", **INTERNAL, default="1")), C),
    Situation("a hidden one required, without a value", taking(query("a", **INTERNAL)), taking(query("a", **MUST, **INTERNAL)), B),
    Situation("a fixed one shown", taking(query("a", **FIXED)), taking(query("a", **MUST, default="1")), C, "param-shown"),
    Situation("a required one fixed", taking(query("a", **MUST)), taking(query("a", **FIXED)), B, "param-hidden"),
    Situation("another case of a name", taking(query("a")), taking(query("A")), B),
    Situation("not required, in two ways", taking(query("a")), taking(query("a", required=False)), C, SAME),
    Situation("required in words is not required", taking(query("a")), taking(query("a", required="true")), C),
    Situation("from the operation to its path", taking(query("a")), definition(operation(), item={"parameters": [query("a")]}), C, SAME),
    Situation("from the operation to the shared ones", taking(query("a", **MUST)), taking({"$ref": "#/parameters/P"}, parameters={"P": query("a", **MUST)}), C, SAME),
    Situation("the path's one, which the operation replaces", definition(operation(query("a")), item={"parameters": [query("a", **MUST)]}), taking(query("a")), C, SAME),
    Situation("the path's one, no longer replaced", definition(operation(query("a")), item={"parameters": [query("a", **MUST)]}), definition(operation(), item={"parameters": [query("a", **MUST)]}), B, "param-became-required"),

    # Their order
    Situation("required ones in another order", taking(query("a", **MUST), query("b", **MUST)), taking(query("b", **MUST), query("a", **MUST)), B, "param-order-changed"),
    Situation("optional ones in another order", taking(query("a"), query("b")), taking(query("b"), query("a")), C, SAME),
    Situation("required ones of two places in another order", taking(query("a", **MUST), header("b", **MUST)), taking(header("b", **MUST), query("a", **MUST)), C, SAME),
    Situation("fixed ones in another order", taking(query("a", **FIXED), query("b", **MUST)), taking(query("b", **MUST), query("a", **FIXED)), C, SAME),
    Situation("those of a trigger, which apps do not call", trigger(query("a", **MUST), query("b", **MUST)), trigger(query("b", **MUST), query("a", **MUST)), C, SAME),
    Situation("those of an internal operation", definition(operation(query("a", **MUST), query("b", **MUST), **INTERNAL)), definition(operation(query("b", **MUST), query("a", **MUST), **INTERNAL)), C, SAME),
    Situation("fields of the body", taking(body(BOTH)), taking(body(TURNED)), B, "request-field-order-changed"),
    Situation("optional fields of the body", taking(body({**BOTH, "required": ["a"]})), taking(body({**TURNED, "required": ["a"]})), N),
    Situation("fields of the body, inherited", taking(body({"allOf": [{"$ref": "#/definitions/D"}]}), definitions={"D": BOTH}), taking(body({"allOf": [{"$ref": "#/definitions/D"}]}), definitions={"D": TURNED}), B, "request-field-order-changed"),
    Situation("only the list of what is required", taking(body(BOTH)), taking(body({**BOTH, "required": ["b", "a"]})), C, SAME),
    Situation("fields further below", taking(body(record({"o": BOTH}))), taking(body(record({"o": TURNED}))), N),
    Situation("outputs", giving(answered(BOTH)), giving(answered(TURNED)), N),
    Situation("fields of a trigger", definition(operation(body(BOTH), **{"x-ms-trigger": "single"})), definition(operation(body(TURNED), **{"x-ms-trigger": "single"})), N),

    # Required no more
    Situation("a parameter optional", taking(query("a", **MUST)), taking(query("a")), B, "param-became-optional"),
    Situation("a parameter of a trigger optional", trigger(query("a", **MUST)), trigger(query("a")), C, "param-outside-apps-became-optional"),
    Situation("a field optional", taking(body(BOTH)), taking(body({**BOTH, "required": ["a"]})), B, "request-field-became-optional"),
    Situation("a field of a trigger optional", definition(operation(body(BOTH), **{"x-ms-trigger": "single"})), definition(operation(body({**BOTH, "required": ["a"]}), **{"x-ms-trigger": "single"})), C),

    # The body
    Situation("another name", taking(body(A)), taking(body(A, name="x")), B, "body-param-renamed"),
    Situation("an optional body", taking(), taking(body(A, required=False)), C),
    Situation("a body with a required field", taking(), taking(body(BOTH)), B),
    Situation("an optional body with a required field", taking(), taking(body(BOTH, required=False)), B),
    Situation("no body", taking(body(A)), taking(), B),
    Situation("a body required", taking(body(A, required=False)), taking(body(A)), B),
    Situation("a record optional", taking(body(A)), taking(body(A, required=False)), C, "body-became-optional"),
    Situation("a text optional", taking(body(TEXT)), taking(body(TEXT, required=False)), B),
    Situation("a record becomes a list", taking(body(A)), taking(body({"type": "array", "items": A})), B),
    Situation("a record becomes a file", taking(body(A)), taking(body({"type": "string", "format": "binary"})), B),
    Situation("a record becomes anything", taking(body(A)), taking(body({})), B),
    Situation("a record becomes a form", taking(body(A)), taking({**query("a"), "in": "formData"}), B),
    Situation("a field one level deeper", taking(body(A)), taking(body(record({"o": A}))), B),
    Situation("a field that the query had", taking(query("a")), taking(body(A)), B),
    Situation("from the query to a header", taking(query("a")), taking(header("a")), B, "param-location-changed"),
    Situation("a fixed one from the query to a header", taking(query("a", **FIXED)), taking(header("a", **FIXED)), C),
    Situation("both values of a boolean, listed", taking(query("a", type="boolean")), taking(query("a", type="boolean", enum=[True, False])), C, SAME),
    Situation("one value of a boolean, listed", taking(query("a", type="boolean")), taking(query("a", type="boolean", enum=[True])), B, "request-enum-introduced"),
    Situation("both booleans, listed where anything was taken", taking(body(record({"a": {}}))), taking(body(record({"a": {"enum": [True, False]}}))), B, "request-enum-introduced"),
    Situation("texts in a list of objects that said nothing", taking(body({"type": "array", "items": NOTHING})), taking(body({"type": "array", "items": TEXT})), B, "request-shape-changed"),
    Situation("a file in a form", taking(), taking({**query("f", **MUST), "in": "formData", "type": "file"}), B),
    Situation("a list in the query, of numbers", taking(many("f")), taking(many("f", items={"type": "integer"})), B),
    Situation("a list in the query, written otherwise", taking(many("f")), taking(many("f", collectionFormat="pipes")), C, "collection-format-changed"),
    Situation("a list in the query, written as it was", taking(many("f")), taking(many("f", collectionFormat="csv")), C, SAME),

    # Operations
    Situation("an internal operation gone", two(named("A"), named("B", **INTERNAL)), two(named("A")), B, "operation-removed"),
    Situation("a deprecated operation gone", two(named("A"), named("B", deprecated=True)), two(named("A")), B, "operation-removed"),
    Situation("an operationId in other letters", two(named("getA")), two(named("GetA")), B, "operation-id-changed"),
    Situation("an operationId with other punctuation", two(named("get-a")), two(named("geta")), B, "operation-id-punctuation-changed"),
    Situation("no operationId any more", two(named("A")), two({key: value for key, value in named("A").items() if key != "operationId"}), B, "operation-id-changed"),
    Situation("another path", api({"/a": {"get": named("A")}}), api({"/b": {"get": named("A")}}), C, "operation-path-changed"),
    Situation("another method", api({"/a": {"get": named("A")}}), api({"/a": {"post": named("A")}}), B, "operation-method-changed"),
    Situation("two that change places", two(named("A"), named("B")), two(named("B"), named("A")), C, "operation-path-changed"),
    Situation("another path and another operationId", api({"/a": {"get": named("A")}}), api({"/b": {"get": named("B")}}), B, "operation-removed"),
    Situation("another name in the path", api({"/{a}": {"get": named("A", parameters=[segment("a")])}}), api({"/{b}": {"get": named("A", parameters=[segment("b")])}}), B, "operation-path-param-renamed"),
    Situation("another name in the path, told beside it", api({"/{a}": {"parameters": [segment("a")], "get": named("A")}}), api({"/{b}": {"parameters": [segment("b")], "get": named("A")}}), B, "operation-path-param-renamed"),
    Situation("operations in another order", two(named("A"), named("B")), api({"/b": {"get": named("B")}, "/a": {"get": named("A")}}), N),
    Situation("a part of the path becomes the base", api({"/v1/a": {"get": named("A")}}), api({"/a": {"get": named("A")}}, basePath="/v1"), C, SAME),
    Situation("a base of nothing", api({"/a": {"get": named("A")}}), api({"/a": {"get": named("A")}}, basePath="/"), C, SAME),
    Situation("another base", api({"/a": {"get": named("A")}}), api({"/a": {"get": named("A")}}, basePath="/v2"), C, "base-path-changed"),
    Situation("an operation hidden", two(named("A")), two(named("A", **INTERNAL)), B, "operation-hidden"),
    Situation("no sign-in, said twice", two(named("A")), two(named("A", security=[])), C, SAME),
    Situation("no sign-in where one was asked for", {**signed(key=KEY), "paths": two(named("A"))["paths"]}, {**signed(key=KEY), "paths": two(named("A", security=[]))["paths"]}, C, "operation-security-changed"),
    Situation("tags in another order", two(named("A", tags=["a", "b"])), two(named("A", tags=["b", "a"])), C),
    Situation("another kind of trigger", two(named("A", **{"x-ms-trigger": "single"})), two(named("A", **{"x-ms-trigger": "batch"})), B, "trigger-kind-changed"),
    Situation("an action becomes a trigger", two(named("A")), two(named("A", **{"x-ms-trigger": "batch"})), B, "action-became-trigger"),

    # Answers
    Situation("the same answer with another status", giving(answered(A, "201")), giving(answered(A)), C, "response-primary-changed"),
    Situation("a lower status without outputs", giving(answered(A, "201")), giving({**EMPTY, **answered(A, "201")}), B, "response-schema-removed"),
    Situation("a higher status beside it", giving(answered(A)), giving({**answered(A), "202": {"description": "Later"}}), C),
    Situation("default becomes 200", giving(answered(A, "default")), giving(answered(A)), C),
    Situation("no schema", giving(answered(A)), giving(EMPTY), B, "response-schema-removed"),
    Situation("a schema that says nothing", giving(answered(A)), giving(answered({})), B),
    Situation("an object that says nothing", giving(answered(A)), giving(answered({"type": "object"})), B),
    Situation("an object that says something at last", giving(answered({"type": "object"})), giving(answered(A)), C),
    Situation("objects in a list that say something at last", giving(answered({"type": "array", "items": NOTHING})), giving(answered({"type": "array", "items": A})), C, "response-field-added"),
    Situation("texts where objects in a list said nothing", giving(answered({"type": "array", "items": NOTHING})), giving(answered({"type": "array", "items": TEXT})), B, "response-field-type-changed"),
    Situation("a list where an object said nothing", giving(answered(NOTHING)), giving(answered({"type": "array", "items": A})), B, "response-array-object-swap"),
    Situation("a list becomes a record", giving(answered({"type": "array", "items": A})), giving(answered(A)), B),
    Situation("a list in a record", giving(answered({"type": "array", "items": A})), giving(answered(record({"value": {"type": "array", "items": A}}))), B),
    Situation("a schema that is lost", definition(operation(responses=answered({"$ref": "#/definitions/D"})), definitions={"D": A}), definition(operation(responses=answered({"$ref": "#/definitions/D"}))), B),
    Situation("no answers", giving(answered(A)), giving({}), B),
    Situation("other errors", giving({**EMPTY, **answered(A, "400")}), giving({**EMPTY, **answered(TEXT, "500")}), C),
    Situation("a file, in two ways", giving(answered({"type": "file"})), giving(answered({"type": "string", "format": "binary"})), C, SAME),
    Situation("what a trigger is sent is gone", hook(A), hook({}), B),
    Situation("what a trigger is sent stands in it", hook(A), hook(A, beside=False), C, SAME),
    Situation("a callback address of another name", hook(A), json.loads(json.dumps(hook(A)).replace('"url":', '"callback":')), B, "notification-url-moved"),

    # Lookups
    Situation("the operation that is asked has another name", looking(LISTS, **lookup()), looking(LISTS, "L2", **lookup(operationId="L2")), B, "operation-id-changed"),
    Situation("the operation that is asked is gone", looking(LISTS, **lookup()), looking(LISTS, "L2", **lookup()), B, "dynamic-target-missing"),
    Situation("a path that is not answered", looking(LISTS, **lookup()), looking(LISTS, **lookup(**{"value-path": "key"})), C, "dynamic-path-missing"),
    Situation("a title that is no longer answered", looking(LISTS, **lookup()), looking({"id": TEXT}, **lookup()), B, "dynamic-path-missing"),
    Situation("a path that was never answered", looking({"id": TEXT}, **lookup()), looking({"id": TEXT, "more": TEXT}, **lookup()), C, "response-field-added"),
    Situation("an input that is not taken", looking(LISTS, **lookup()), looking(LISTS, **lookup(parameters={"kind": "x"})), C, "dynamic-parameter-missing"),
    Situation("fields of the answer that are looked up at last", giving(answered(A)), giving(answered({"type": "object", "x-ms-dynamic-schema": {"operationId": "Op"}})), B),
    Situation("fields of the answer that are listed at last", giving(answered({"type": "object", "x-ms-dynamic-schema": {"operationId": "Op"}})), giving(answered(A)), B, "response-dynamic-schema-removed"),

    # The connector as a whole
    Situation("another host", PLAIN, {**PLAIN, "host": "other.contoso.com"}, C, "host-changed"),
    Situation("a host in other letters", PLAIN, {**PLAIN, "host": "API.contoso.com"}, C, SAME),
    Situation("no https", PLAIN, {**PLAIN, "schemes": ["http"]}, B, "https-removed"),
    Situation("http where nothing was said", {**PLAIN, "schemes": []}, {**PLAIN, "schemes": ["http"]}, B, "https-removed"),
    Situation("https alone", {**PLAIN, "schemes": ["http", "https"]}, PLAIN, C, "schemes-changed"),
    Situation("JSON with its letters", PLAIN, {**PLAIN, "produces": ["application/json; charset=utf-8"]}, C),
    Situation("what is consumed, said again", PLAIN, definition(operation(consumes=["application/json"])), C, SAME),
    Situation("definitions of nothing", PLAIN, {**PLAIN, "definitions": {}}, C, SAME),

    # Sign-in
    Situation("sign-in at last", PLAIN, signed(key=KEY), B, "auth-type-changed"),
    Situation("another kind of sign-in", signed(key=KEY), signed(key=BASIC), B, "auth-type-changed"),
    Situation("another name in the file", signed(key=KEY), signed(other=KEY), C),
    Situation("another header", signed(key=KEY), signed(key={**KEY, "name": "z"}), B, "auth-parameter-changed"),
    Situation("a header in other letters", signed(key=KEY), signed(key={**KEY, "name": "K"}), C, SAME),
    Situation("from the header to the query", signed(key=KEY), signed(key={**KEY, "in": "query"}), B, "auth-parameter-changed"),
    Situation("a way that nobody asks for", signed(key=KEY), signed(["key"], key=KEY, basic=BASIC), C, SAME),
    Situation("another way beside it", signed(key=KEY), signed(["key"], ["basic"], key=KEY, basic=BASIC), C, "auth-added"),
    Situation("both at once", signed(key=KEY), signed(["key", "basic"], key=KEY, basic=BASIC), B, "auth-type-changed"),
    Situation("two keys at once", signed(a=KEY), signed(["a", "b"], a=KEY, b={**KEY, "name": "z"}), B, "auth-type-changed"),
    Situation("the second of two ways gone", signed(["key"], ["basic"], key=KEY, basic=BASIC), signed(key=KEY), C, "security-requirement-changed"),
    Situation("the first of two ways gone", signed(["key"], ["basic"], key=KEY, basic=BASIC), signed(basic=BASIC), B, "auth-type-changed"),
    Situation("two ways in another order", signed(["key"], ["basic"], key=KEY, basic=BASIC), signed(["basic"], ["key"], key=KEY, basic=BASIC), B, "auth-type-changed"),
    Situation("one permission more", signed(sso=CODE), signed(sso={**CODE, "scopes": {"r": "Read", "w": "Write"}}), C, "auth-scope-changed"),
    Situation("a permission in other words", signed(sso=CODE), signed(sso={**CODE, "scopes": {"r": "Reads"}}), C),
    Situation("another address to sign in at", signed(sso=CODE), signed(sso={**CODE, "tokenUrl": "https://z"}), C, "auth-url-changed"),

    # What a connection is asked for
    asks("one more, required", connection(k=asked()), connection(k=asked(), z=asked()), B, "auth-parameter-required-added"),
    asks("one more, optional", connection(k=asked()), connection(k=asked(), z=asked("false")), C, "auth-parameter-optional-added"),
    asks("one less", connection(k=asked(), z=asked()), connection(k=asked()), C, "auth-parameter-removed"),
    asks("by another name", connection(k=asked()), connection(j=asked()), B),
    asks("of another type", connection(k=asked()), connection(k=asked(type="int")), B),
    asks("in other words", connection(k=asked()), connection(k=asked(uiDefinition={"displayName": "E", "constraints": {"required": "true"}})), C, "auth-detail-changed"),
    asks("required at last", connection(k=asked("false")), connection(k=asked()), B, "auth-parameter-required-added"),
    asks("optional at last", connection(k=asked()), connection(k=asked("false")), C),
    asks("required, in two ways", connection(k=asked("true")), connection(k=asked(uiDefinition={"displayName": "D", "constraints": {"required": True}})), C),
    asks("nothing any more", connection(k=asked()), connection(), B, "auth-type-changed"),
    asks("something at last", connection(), connection(k=asked()), B, "auth-type-changed"),
    asks("for another client", connection(token=sso()), connection(token=sso(clientId="d")), C),
    asks("in one of two ways, beside the old one", connection(k=asked()), {**connection(k=asked()), **chosen(x={"k": asked()})}, C),
    asks("in one way more", chosen(x={"k": asked()}), chosen(x={"k": asked()}, y={"token": sso()}), C, "auth-added"),
    asks("in one way less", chosen(x={"k": asked()}, y={"token": sso()}), chosen(x={"k": asked()}), B, "auth-type-changed"),
    asks("for one thing more in one way", chosen(x={"k": asked()}), chosen(x={"k": asked(), "z": asked()}), B, "auth-parameter-required-added"),
    asks("for another type in one way", chosen(x={"k": asked()}), chosen(x={"k": sso()}), B, "auth-type-changed"),
    asks("through a gateway", {"capabilities": []}, {"capabilities": ["gateway"]}, B, "gateway-required"),
    asks("through no gateway", {"capabilities": ["gateway"]}, {"capabilities": []}, C),
    asks("a policy", {"policyTemplateInstances": []}, {"policyTemplateInstances": [{"templateId": "setheader", "title": "x", "parameters": {}}]}, C, "policy-changed"),
)
# fmt: on


@pytest.mark.parametrize("one", SITUATIONS, ids=lambda one: one.name)
def test_a_situation_is_judged_as_the_reference_says(one: Situation) -> None:
    before, after = Connector(one.old, one.was), Connector(one.new, one.now)
    found = compare(before, after)
    assert verdict(fingerprint(before), fingerprint(after), found) is one.verdict
    assert not one.told or one.told in {change.id for change in found}
    if one.told == SAME:
        assert {change.id for change in found} == {SAME}
