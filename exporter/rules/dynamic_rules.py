"""Rules about both ends of Microsoft's dynamic extensions: what is passed, what is taken, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exporter.model.json_values import Json, as_object, as_text, is_of_type
from exporter.rules.dynamic_calls import (
    LIST,
    OLD,
    PROPERTIES,
    SCHEMA,
    TREE,
    VALUES,
    Argument,
    Call,
    Match,
    calls,
    end_of,
    meant,
)
from exporter.rules.reach import End, at, output_of
from exporter.rules.rows import ERROR, NOTICE, WARNING, Finder, Hit, Rule, Spot

_NEW = (LIST, PROPERTIES, TREE)
_ALL = (*OLD, *_NEW)
_ITEMS = {VALUES: "value-collection", LIST: "itemsPath", TREE: "itemsPath"}
_OF_ITEM = {
    VALUES: ("value-path", "value-title"),
    LIST: ("itemValuePath", "itemTitlePath"),
    TREE: ("itemValuePath", "itemTitlePath", "itemFullTitlePath"),
}
_OF_OUTPUT = {SCHEMA: "value-path", PROPERTIES: "itemValuePath"}
_ANSWERERS = {VALUES: ("operationId", "builtInOperation", "capability")}


def _text(call: Call, key: str) -> str:
    return as_text(call.body.get(key)).strip("/")


def _unanswered(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        for call in calls(spot, key):
            needed = _ANSWERERS.get(key, ("operationId", "builtInOperation"))
            if not any(call.body.get(name) for name in needed):
                yield Hit(call.tail, needed[0])

    return finder


def _without_value(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        known = {"value", "parameterReference", *(("selectedItemValuePath",) if key == TREE else ())}
        for call in calls(spot, key):
            for name, said in as_object(call.body.get("parameters")).items():
                if isinstance(said, dict) and known.isdisjoint(said):
                    yield Hit((*call.tail, "parameters", name), "value` or `parameterReference")

    return finder


def _unknown_operation(spot: Spot) -> Iterator[Hit]:
    for call in calls(spot, TREE):
        name = call.body.get("operationId")
        if isinstance(name, str) and call.target is None:
            yield Hit((*call.tail, "operationId"), name)


def _each_argument(key: str, judge: Callable[[Spot, Call, Argument], str | None]) -> Finder:
    """Make a finder that asks about every argument of every call; what it gives, if not None, is the detail."""

    def finder(spot: Spot) -> Iterator[Hit]:
        for call in calls(spot, key):
            for argument in call.arguments:
                detail = judge(spot, call, argument)
                if detail is not None:
                    yield Hit(argument.tail, detail)

    return finder


def _taken(spot: Spot, call: Call, argument: Argument) -> End | None:
    return end_of(spot, meant(spot, call.target, argument.name)) if call.target is not None else None


def _given(spot: Spot, argument: Argument) -> Match | None:
    """Tell what an argument's source means; None where it has none, or stands where any operation could use it."""
    return meant(spot, spot.operation, argument.source) if argument.source and spot.operation is not None else None


def _ambiguous_target(spot: Spot, call: Call, argument: Argument) -> str | None:
    match = meant(spot, call.target, argument.name) if call.target is not None else None
    return argument.name if match is not None and _ambiguous(match) else None


def _ambiguous(match: Match) -> bool:
    return match.parameter is not None and match.inside is not None and bool(match.inside.schema)


def _ambiguous_source(spot: Spot, call: Call, argument: Argument) -> str | None:
    match = None if OLD[call.key] in spot.thing else _given(spot, argument)
    return argument.source if match is not None and _ambiguous(match) else None


def _property_source(spot: Spot, call: Call, argument: Argument) -> str | None:
    match = None if OLD[call.key] in spot.thing else _given(spot, argument)
    inside = match is not None and match.parameter is None and match.inside is not None and match.inside.schema
    return argument.source if inside else None


def _no_source(spot: Spot, _call: Call, argument: Argument) -> str | None:
    # The older generation was seen with dots for slashes, which Microsoft does not describe.
    match = None if "." in argument.source else _given(spot, argument)
    return argument.source if match is not None and end_of(spot, match) is None else None


def _wrong_value(spot: Spot, call: Call, argument: Argument) -> str | None:
    taken = _taken(spot, call, argument) if argument.fixed else None
    kind = as_text(taken.schema.get("type")) if taken is not None else ""
    return None if is_of_type(argument.value, kind) else f"{kind}, not {_kind(argument.value)}"


def _kind(value: Json) -> str:
    return next(
        (kind for kind in ("string", "boolean", "integer", "number", "array", "object") if is_of_type(value, kind)),
        "null",
    )


def _wrong_type(spot: Spot, call: Call, argument: Argument) -> str | None:
    match = _given(spot, argument)
    given = end_of(spot, match) if match is not None else None
    taken = _taken(spot, call, argument) if given is not None else None
    if given is None or taken is None:
        return None
    has, wants = as_text(given.schema.get("type")), as_text(taken.schema.get("type"))
    fitting = not has or not wants or has == wants or (has, wants) == ("integer", "number")
    return None if fitting else f"{wants}, not {has} as `{argument.source}` is"


def _maybe_empty(spot: Spot, call: Call, argument: Argument) -> str | None:
    match = _given(spot, argument)
    given = end_of(spot, match) if match is not None else None
    if given is None or given.required or not given.schema or "default" in given.schema:
        return None
    taken = _taken(spot, call, argument)
    return argument.source if taken is not None and taken.required and taken.schema else None


def _hidden_source(spot: Spot, _call: Call, argument: Argument) -> str | None:
    match = _given(spot, argument)
    given = end_of(spot, match) if match is not None else None
    return argument.source if given is not None and given.hidden else None


def _chosen_item(_spot: Spot, call: Call, argument: Argument) -> str | None:
    said = as_object(as_object(call.body.get("parameters")).get(argument.name))
    misplaced = "selectedItemValuePath" in said and call.tail != (TREE, "browse")
    return argument.name if misplaced else None


def _items(spot: Spot, call: Call) -> tuple[End | None, str]:
    """Give what is where the list should be, and the path to it; an empty schema where the definition does not tell."""
    path = _text(call, _ITEMS[call.key])
    output = output_of(spot.scene.document, call.target) if call.target is not None else None
    return (End({}) if output is None else at(spot.scene.document, End(output), path)), path


def _no_array(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        for call in calls(spot, key):
            end, path = _items(spot, call)
            if end is None or end.schema.get("type", "array") != "array":
                tail = (_ITEMS[key],) if path else ()
                yield Hit((*call.tail, *tail), f"at `{path}" if path else "as the whole of `its answer")

    return finder


def _no_property(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        for call in calls(spot, key):
            end, _ = _items(spot, call)
            if end is not None and end.schema.get("type") == "array":
                item = End(as_object(end.schema.get("items")))
                for name in _OF_ITEM[key]:
                    path = _text(call, name)
                    if path and at(spot.scene.document, item, path) is None:
                        yield Hit((*call.tail, name), path)

    return finder


def _no_schema(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        for call in calls(spot, key):
            path = _text(call, _OF_OUTPUT[key])
            output = output_of(spot.scene.document, call.target) if call.target is not None and path else None
            if output is not None and at(spot.scene.document, End(output), path) is None:
                yield Hit((*call.tail, _OF_OUTPUT[key]), path)

    return finder


def _points_into(spot: Spot) -> Iterator[Hit]:
    path = as_text(as_object(spot.thing[SCHEMA]).get("value-path"))
    if path.rpartition("/")[2] == "properties" and PROPERTIES not in spot.thing:
        yield Hit((SCHEMA, "value-path"), path)


def _other_path(spot: Spot) -> Iterator[Hit]:
    old, new = as_object(spot.thing[PROPERTIES]), as_object(spot.thing.get(SCHEMA))
    wanted = as_text(new.get("value-path")).removesuffix("properties").strip("/")
    if new and as_text(old.get("itemValuePath")).strip("/") != wanted:
        tail = ("itemValuePath",) if "itemValuePath" in old else ()
        yield Hit((PROPERTIES, *tail), f"be `{wanted}`" if wanted else "be left out")


def _no_tree(spot: Spot) -> Iterator[Hit]:
    if as_object(spot.thing[VALUES]).get("capability") == "file-picker" and TREE not in spot.thing:
        yield Hit((VALUES, "capability"))


def _joined(spot: Spot) -> Iterator[Hit]:
    assert spot.operation is not None  # noqa: S101 - the walk gives one with every spot of the kind `operation`
    name = as_text(as_object(spot.thing["x-ms-notification"]).get("operationId"))
    webhook = spot.scene.by_id.get(name)
    own = spot.scene.parameters(spot.operation)
    for name, other in spot.scene.parameters(webhook).items() if webhook is not None else ():
        mine = own.get(name) if name else None
        if mine is not None and any(mine.body.get(key) != other.body.get(key) for key in ("type", "x-ms-visibility")):
            here = mine.pointer[: len(spot.pointer)] == spot.pointer
            yield Hit(mine.pointer[len(spot.pointer) :] if here else (), name)


# fmt: off
_KIND = "parameter schema"
_ARGUMENTS: tuple[tuple[str, tuple[str, ...], Callable[[Spot, Call, Argument], str | None], str, str], ...] = (
    ("operation-parameter-name-is-ambiguous", tuple(OLD), _ambiguous_target, "`{}` is both a parameter of the operation that is called and a property of its body.", "Rename one of them, or use the newer extension beside this one, which takes paths."),
    ("operation-parameter-name-not-found", _ALL, _no_source, "The operation itself has no parameter or property `{}` to pass on.", "Correct the name."),
    ("operation-parameter-static-type-mismatch", _ALL, _wrong_value, "The parameter that is called takes {}.", "Write the value in the type that the parameter has."),
    ("operation-parameter-type-mismatch", _ALL, _wrong_type, "The parameter that is called takes {}.", "Make both of one type, or pass something else."),
    ("operation-parameter-required-mismatch", _ALL, _maybe_empty, "The call needs a value, but `{}` may be left empty: until it is filled in, the list or form stays empty.", "Make it required, or the parameter of the called operation optional."),
    ("source-property-internal", _NEW, _hidden_source, "`{}` is hidden from makers, so nothing is passed on from it.", "Write its default under `value` in place of `parameterReference`, or show it."),
    ("selected-item-value-path-not-allowed-in-this-position", _ALL, _chosen_item, "`selectedItemValuePath` stands with `{}`, where nothing has been selected yet.", "Use it below `browse` of `x-ms-dynamic-tree` only."),
    ("dynamic-list-extension-required-for-ambiguous-references", (VALUES,), _ambiguous_source, "`{}` is both a parameter and a property of the body, and the extension cannot say which is meant.", "Add `x-ms-dynamic-list`, which takes paths."),
    ("dynamic-list-extension-required-for-non-parameter-references", (VALUES,), _property_source, "`{}` is a property of the body, and the extension can only name parameters for sure.", "Add `x-ms-dynamic-list` with the path to it."),
    ("dynamic-properties-extension-required-for-ambiguous-references", (SCHEMA,), _ambiguous_source, "`{}` is both a parameter and a property of the body, and the extension cannot say which is meant.", "Add `x-ms-dynamic-properties`, which takes paths."),
    ("dynamic-properties-extension-required-for-non-parameter-references", (SCHEMA,), _property_source, "`{}` is a property of the body, and the extension can only name parameters for sure.", "Add `x-ms-dynamic-properties` with the path to it."),
)
_NOTICES = frozenset(("operation-parameter-name-is-ambiguous", "operation-parameter-type-mismatch", "operation-parameter-required-mismatch"))
RULES = (
    Rule("operation-id-not-found", ERROR, _KIND, TREE, _unknown_operation, "There is no operation `{}`.", "Correct the operationId."),
    *(Rule("one-of-properties-required", WARNING, _KIND, key, _unanswered(key), "The extension does not say what it asks: `{}` is missing.", "Add it.") for key in _ALL),
    *(Rule("one-of-properties-required", WARNING, _KIND, key, _without_value(key), "Nothing is passed on here: `{}` is missing.", "Add one of them.") for key in _NEW),
    *(Rule(id_, NOTICE if id_ in _NOTICES or id_.startswith("dynamic-") else WARNING, _KIND, key, _each_argument(key, judge), message, advice) for id_, keys, judge, message, advice in _ARGUMENTS for key in keys),
    *(Rule("invoked-operation-should-produce-array", WARNING, _KIND, key, _no_array(key), "The operation that is called gives no array {}`.", "Correct the path, or describe the array in the answer.") for key in _ITEMS),
    *(Rule("invoked-operation-should-produce-property", WARNING, _KIND, key, _no_property(key), "The operation that is called gives no property `{}`.", "Correct the path, or describe the property in the answer.") for key in _OF_ITEM),
    *(Rule("invoked-operation-should-produce-property", WARNING, _KIND, key, _no_schema(key), "The operation that is called gives no property `{}`.", "Correct the path, or describe the property in the answer.") for key in _OF_OUTPUT),
    Rule("dynamic-properties-extension-required-for-properties-value-path", NOTICE, _KIND, SCHEMA, _points_into, "`{}` points at the properties of a schema.", "Add `x-ms-dynamic-properties`, which points at the schema itself."),
    Rule("dynamic-properties-item-value-path-mismatch", NOTICE, _KIND, PROPERTIES, _other_path, "`itemValuePath` does not lead where `value-path` of `x-ms-dynamic-schema` leads; it should {}.", "Make the two agree: the newer one leads to the schema, the older one may lead to its `properties`."),
    Rule("dynamic-tree-extension-missing", NOTICE, _KIND, VALUES, _no_tree, "The file picker is only described in the older way.", "Add `x-ms-dynamic-tree`."),
    Rule("paramters-with-same-name-must-have-same-type-and-visibility", WARNING, "operation", "x-ms-notification", _joined, "The parameter `{}` differs from the one of the webhook that the trigger is joined to.", "Give both the same type and visibility."),
)
# fmt: on
