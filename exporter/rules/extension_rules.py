"""Rules about Microsoft's extensions: their names, their values, and the operations that they call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from exporter.model.json_values import Object, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.rows import ERROR, WARNING, Finder, Hit, Operation, Rule, Spot
from exporter.rules.shape_rules import PLAIN_KEYS

KNOWN = frozenset(
    "x-ms-" + name
    for name in [
        "summary",
        "visibility",
        "url-encoding",
        "api-annotation",
        "operation-context",
        "capabilities",
        "trigger",
        "trigger-hint",
        "trigger-metadata",
        "notification-content",
        "notification-url",
        "notification",
        "dynamic-values",
        "dynamic-list",
        "dynamic-schema",
        "dynamic-properties",
        "dynamic-tree",
        "connector-metadata",
        "pageable",
        "test-value",
        "no-generic-test",
        "safe-operation",
        "enum-values",
        "enum",
        "editor",
        "editor-options",
        "media-kind",
        "localizeDefaultValue",
        "docs",
        "deployment-version",
        "keywords",
        "trigger-value",
        "openai-data",
        "openai-manifest",
        "openai-published-to-copilots",
        "description",
    ]
)
_CALLERS = {
    "x-ms-capabilities": "document",
    "x-ms-dynamic-values": "parameter schema",
    "x-ms-dynamic-list": "parameter schema",
    "x-ms-dynamic-schema": "parameter schema",
    "x-ms-dynamic-properties": "parameter schema",
}
_USUAL = KNOWN | PLAIN_KEYS
_MOST_COMPARED = 1_000
"""Of one thing: to find what a name looks like takes time, and nobody means so many."""
_NAMED = 3
"""More parameters than that are not named when they are missing."""
_VISIBILITIES = frozenset(("important", "advanced", "internal", "none"))
_EVERYTHING = "document path operation parameter response schema"


def _misspelt(spot: Spot) -> Iterable[Hit]:
    if spot.thing.keys() <= _USUAL:
        return ()
    strange = islice((key for key in spot.thing if key.startswith("x-ms") and key not in KNOWN), _MOST_COMPARED)
    return [Hit((key,), f"{key}` is not known; it looks like `{near}") for key in strange if (near := _nearest(key))]


@lru_cache(maxsize=10_000)
def _nearest(key: str) -> str:
    """
    Give the known extension that a name was probably meant to be; empty where none is near.

    >>> _nearest("x-ms-visbility"), _nearest("x-ms-client-name")
    ('x-ms-visibility', '')
    """
    from difflib import get_close_matches

    closest = get_close_matches(key, sorted(KNOWN), 1, 0.9)
    return closest[0] if closest else ""


def _visibility(spot: Spot) -> Iterator[Hit]:
    value = spot.thing["x-ms-visibility"]
    if not isinstance(value, str) or value not in _VISIBILITIES:
        yield Hit(("x-ms-visibility",), str(value))


def _next_link(spot: Spot) -> Iterator[Hit]:
    name = as_object(spot.thing["x-ms-pageable"]).get("nextLinkName")
    if isinstance(name, str) and name not in {"nextLink", "@odata.nextLink"}:
        yield Hit(("x-ms-pageable", "nextLinkName"), name)


def _call(spot: Spot, key: str) -> tuple[Pointer, Object]:
    """Give the call of another operation that an extension makes: where, and what it says."""
    call = as_object(spot.thing[key])
    if key == "x-ms-capabilities":
        return (key, "testConnection"), as_object(call.get("testConnection"))
    return (key,), call


def _unknown_operation(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        tail, call = _call(spot, key)
        name = call.get("operationId")
        if isinstance(name, str) and name not in spot.scene.by_id:
            yield Hit((*tail, "operationId"), name)

    return finder


def _unknown_parameter(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        tail, call = _call(spot, key)
        target, given = _called(spot, call), as_object(call.get("parameters"))
        known = spot.scene.parameters(target) if target is not None else {}
        if target is None or not given or "" in known:
            return
        for parameter in given:
            if _last(parameter) not in known:
                yield Hit((*tail, "parameters", parameter), parameter)

    return finder


def _left_out(key: str) -> Finder:
    def finder(spot: Spot) -> Iterator[Hit]:
        tail, call = _call(spot, key)
        target = _called(spot, call)
        passed = {_last(parameter) for parameter in as_object(call.get("parameters"))}
        needed = spot.scene.needed(target) if target is not None else ()
        missing = list(islice((name for name in needed if name not in passed), _NAMED))
        if missing:
            yield Hit(tail, "`, `".join(missing))

    return finder


def _called(spot: Spot, call: Object) -> Operation | None:
    return spot.scene.by_id.get(as_text(call.get("operationId")))


def _last(parameter: str) -> str:
    """Give the name at the end of a path such as `body/customer/id`."""
    return parameter.rpartition("/")[2]


# fmt: off
RULES = (
    Rule("unknown-ms-extension", WARNING, _EVERYTHING, "", _misspelt, "`{}`.", "Correct the spelling; it has no effect as it is.", of_shape=True),
    Rule("visibility-value", WARNING, "operation parameter schema", "x-ms-visibility", _visibility, "`{}` is not a visibility.", "Use `important`, `advanced` or `internal`, in lower case."),
    Rule("invalid-next-link-name-value", WARNING, "operation", "x-ms-pageable", _next_link, "Paging does not work with the property `{}`.", "Name it `nextLink` or `@odata.nextLink`."),
    *(Rule("operation-id-not-found", ERROR, kinds, key, _unknown_operation(key), "There is no operation `{}`.", "Correct the operationId.") for key, kinds in (*_CALLERS.items(), ("x-ms-notification", "operation"))),
    *(Rule("operation-parameter-name-not-found", WARNING, kinds, key, _unknown_parameter(key), "The operation that is called has no parameter `{}`.", "Correct the name.") for key, kinds in _CALLERS.items()),
    *(Rule("operation-missing-required-property", WARNING, kinds, key, _left_out(key), "The operation that is called needs `{}`, which is not given.", "Add it under `parameters`.") for key, kinds in _CALLERS.items()),
)
# fmt: on
