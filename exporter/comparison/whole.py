"""How a connector as a whole has moved: where it is called, what it is named, its properties, icon and script."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.comparison.leftovers import differences
from exporter.comparison.moves import Move
from exporter.comparison.reading import SHARED
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

_OWN = frozenset(
    (
        *SHARED,
        "paths",
        "security",
        "securityDefinitions",
        "host",
        "basePath",
        "schemes",
        "info",
        "consumes",
        "produces",
        "swagger",
        "x-ms-capabilities",
    )
)
"""Root keys that have rules of their own, here or elsewhere."""
_BESIDE = {"displayName": "title-changed", "description": "connector-description-changed"}
"""Properties of a live connector whose name or description is not its definition's: somebody edited them."""
_METADATA = frozenset(("tags", "externalDocs", "x-ms-connector-metadata"))
"""Root keys that are for people who read the file, or for Microsoft's list of connectors."""


def whole(before: Connector, after: Connector) -> Iterator[Move]:
    """Give what moved outside the operations and the sign-in."""
    old, new = before.definition, after.definition
    yield from _address(old, new)
    yield from _info(as_object(old.get("info")), as_object(new.get("info")))
    yield from _capabilities(old, new)
    for key in sorted((old.keys() | new.keys()) - _OWN):
        values = old.get(key) or None, new.get(key) or None
        if values[0] == values[1]:
            continue
        if key in _METADATA:
            yield from _changed("metadata-changed", key, (old, new), (None, None), moved=True)
        else:
            yield from _changed("extension-changed", key, (old, new), (None, differences(*values)))
    yield from _properties(before.properties, after.properties)
    if before.icon != after.icon:
        yield Move("icon-changed", ("icon",), (), (), len(before.icon), len(after.icon), part="icon")
    if before.script != after.script:
        yield Move("script-changed", ("script",), (), (), len(before.script), len(after.script), part="script")


def _address(old: Object, new: Object) -> Iterator[Move]:
    hosts = as_text(old.get("host")).lower(), as_text(new.get("host")).lower()
    yield from _changed("host-changed", "host", (old, new), hosts)
    before, after = (sorted(as_text(one).lower() for one in as_list(side.get("schemes"))) for side in (old, new))
    lost = (not before or "https" in before) and after and "https" not in after
    yield from _changed("https-removed" if lost else "schemes-changed", "schemes", (old, new), (before, after))


def _info(old: Object, new: Object) -> Iterator[Move]:
    for key in sorted(old.keys() | new.keys()):
        if (old.get(key) or None) != (new.get(key) or None):
            row = {"title": "title-changed", "description": "connector-description-changed"}.get(key, "info-changed")
            where, was = ("info", key) if key in new else ("info",), ("info", key) if key in old else None
            yield Move(row, ("info", key), where, was, old.get(key), new.get(key))


def _capabilities(old: Object, new: Object) -> Iterator[Move]:
    key, tested = "x-ms-capabilities", "testConnection"
    before, after = as_object(old.get(key)), as_object(new.get(key))
    test = [as_text(as_object(side.get(tested)).get("operationId")) for side in (before, after)]
    yield from _changed("test-connection-changed", key, (old, new), (test[0], test[1]))
    others = [{name: side[name] for name in side if name != tested} for side in (before, after)]
    if others[0] != others[1] or (test[0] == test[1] and before.get(tested) != after.get(tested)):
        yield from _changed("capabilities-changed", key, (old, new), (dict(before), dict(after)))


def _properties(old: Object, new: Object) -> Iterator[Move]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before == after or key == "connectionParameters":
            continue
        where, was = (key,) if key in new else (), (key,) if key in old else None
        place, gone = ("properties", key), key not in new
        if key == "iconBrandColor":
            yield Move("brand-color-changed", place, where, was, before, after, gone=gone, part="properties")
        elif key in _BESIDE:
            yield Move(_BESIDE[key], place, where, was, before, after, gone=gone, part="properties")
        elif key == "capabilities" and "gateway" in as_list(after) and "gateway" not in as_list(before):
            yield Move("gateway-required", place, where, was, before, after, part="properties")
        elif before or after:
            row = {"policyTemplateInstances": "policy-changed", "scriptOperations": "script-changed"}.get(
                key, "property-changed"
            )
            hint = "The list of the operations that it works on is another." if row == "script-changed" else ""
            told = differences(before, after)
            yield Move(row, place, where, was, None, told, gone=gone, hint=hint, part="properties")


def _changed(
    row: str, key: str, sides: tuple[Object, Object], values: tuple[Json, Json], *, moved: bool = False
) -> Iterator[Move]:
    if moved or values[0] != values[1]:
        had, has = (key in side for side in sides)
        yield Move(row, ("connector", key), (key,) if has else (), (key,) if had else None, *values, gone=not has)
