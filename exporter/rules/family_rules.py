"""Rules about versions of an operation: families, revisions, their states and their replacements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exporter.model.json_values import Object, as_object, as_text
from exporter.rules.rows import NOTICE, WARNING, Hit, Operation, Rule, Spot


def _annotation(body: Object) -> Object:
    return as_object(body.get("x-ms-api-annotation"))


def _replacement_of_active(spot: Spot) -> Iterator[Hit]:
    if "replacement" in _annotation(spot.thing) and spot.thing.get("deprecated") is not True:
        yield Hit(("x-ms-api-annotation", "replacement"))


def _replacement_without(key: str, spot: Spot) -> Iterator[Hit]:
    replacement = _annotation(spot.thing).get("replacement")
    if isinstance(replacement, dict) and not replacement.get(key):
        yield Hit(("x-ms-api-annotation", "replacement"))


def _replacement_without_api(spot: Spot) -> Iterator[Hit]:
    return _replacement_without("api", spot)


def _replacement_without_id(spot: Spot) -> Iterator[Hit]:
    return _replacement_without("operationId", spot)


def _without_revision(spot: Spot) -> Iterator[Hit]:
    annotation = _annotation(spot.thing)
    if annotation.get("family") and annotation.get("revision") is None:
        yield Hit(("x-ms-api-annotation",))


def _families(spot: Spot) -> Mapping[str, list[Operation]]:
    families: dict[str, list[Operation]] = {}
    for operation in spot.scene.operations:
        family = as_text(_annotation(operation.body).get("family"))
        if family:
            families.setdefault(family, []).append(operation)
    return families


def _repeated_revisions(spot: Spot) -> Iterator[Hit]:
    for family, operations in _families(spot).items():
        seen: set[str] = set()
        for operation in operations:
            revision = _annotation(operation.body).get("revision")
            if revision is not None and str(revision) in seen:
                yield Hit((*operation.pointer, "x-ms-api-annotation"), family)
            seen.add(str(revision))


def _many_active(spot: Spot) -> Iterator[Hit]:
    for family, operations in _families(spot).items():
        active = [operation for operation in operations if operation.body.get("deprecated") is not True]
        for operation in active[2:]:
            yield Hit((*operation.pointer, "x-ms-api-annotation"), family)


def _many_empty_revisions(spot: Spot) -> Iterator[Hit]:
    for family, operations in _families(spot).items():
        empty = [operation for operation in operations if _annotation(operation.body).get("revision") is None]
        for operation in empty[1:]:
            yield Hit((*operation.pointer, "x-ms-api-annotation"), family)


def _many_in_production(spot: Spot) -> Iterator[Hit]:
    for family, operations in _families(spot).items():
        active = [
            operation
            for operation in operations
            if operation.body.get("deprecated") is not True
            and _annotation(operation.body).get("status") == "Production"
        ]
        for operation in active[1:]:
            yield Hit((*operation.pointer, "x-ms-api-annotation"), family)


def _no_suffix(spot: Spot) -> Iterator[Hit]:
    annotation, name = _annotation(spot.thing), as_text(spot.thing.get("operationId"))
    revision = annotation.get("revision")
    if annotation.get("family") and isinstance(revision, int) and revision > 1 and not name.endswith(f"V{revision}"):
        yield Hit(("operationId",) if name else (), f"_V{revision}")


def _ahead(spot: Spot) -> Iterator[Hit]:
    info = as_object(spot.scene.document.get("info"))
    if _annotation(info).get("status") == "Preview" and _annotation(spot.thing).get("status") == "Production":
        yield Hit(("x-ms-api-annotation", "status"))


# fmt: off
_KEY = "x-ms-api-annotation"
RULES = (
    Rule("api-annotation-extension-replacement-info-for-non-deprecated-operations", WARNING, "operation", _KEY, _replacement_of_active, "The operation names a replacement but is not deprecated.", "Add `deprecated: true`, or remove `replacement`."),
    Rule("api-annotation-extension-replacement-info-missing-api-property", WARNING, "operation", _KEY, _replacement_without_api, "The replacement does not say in which API it is.", "Add `api`."),
    Rule("api-annotation-extension-replacement-info-missing-operation-id-property", WARNING, "operation", _KEY, _replacement_without_id, "The replacement does not say which operation it is.", "Add `operationId`."),
    Rule("operation-revision-empty", NOTICE, "operation", _KEY, _without_revision, "The operation belongs to a family but has no revision.", "Add `revision`."),
    Rule("operation-family-has-duplicate-revisions", WARNING, "whole", "", _repeated_revisions, "The family `{}` has two operations with this revision.", "Give each its own revision."),
    Rule("operation-family-has-many-active-operations", WARNING, "whole", "", _many_active, "The family `{}` has more than two operations that are not deprecated.", "Mark the older ones as deprecated."),
    Rule("operation-family-has-many-empty-revisions", WARNING, "whole", "", _many_empty_revisions, "The family `{}` has more than one operation without a revision.", "Give all but one a revision."),
    Rule("operation-family-has-many-active-production-operations", WARNING, "whole", "", _many_in_production, "The family `{}` has more than one operation in production that is not deprecated.", "Mark the older ones as deprecated."),
    Rule("operation-id-should-end-with-revision", NOTICE, "operation", _KEY, _no_suffix, "The operationId does not end with its revision, `{}`.", "Add it to new operations; renaming an exported one breaks flows."),
    Rule("operation-status-ahead-of-connector", NOTICE, "operation", _KEY, _ahead, "The operation is in production while the connector is a preview.", "Set `status` of the operation to Preview, or that of the connector to Production."),
)
# fmt: on
