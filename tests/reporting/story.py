"""Two versions of a connector, and the plan that compares them: something of everything that a report tells."""

from __future__ import annotations

from typing import Any

from exporter.comparison.compare import compare, verdict
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Acceptance, Side
from exporter.model.connectors import Connector
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.model.plans import Baseline, Plan
from exporter.model.usage import Hurt, Kind, Usage, User

EVIL = "</s></title><script>alert(1)</script><img src=x onerror=alert(1)> [a](b) \u202e\ud800\x00\n::error::"


def definition(**operations: dict[str, Any]) -> dict[str, Any]:
    return {
        "swagger": "2.0",
        "info": {"title": "Orders", "version": "1"},
        "host": "api.contoso.com",
        "basePath": "/",
        "schemes": ["https"],
        "paths": {f"/{name}": {"post": {"operationId": name, **body}} for name, body in operations.items()},
    }


def operation(
    fields: dict[str, Any], outputs: dict[str, Any], required: tuple[str, ...] = (), **facts: Any
) -> dict[str, Any]:
    body = {"name": "body", "in": "body", "schema": {"properties": fields, "required": list(required)}}
    answer = {"200": {"description": "ok", "schema": {"type": "object", "properties": outputs}}}
    return {"parameters": [body], "responses": answer, **facts}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
LINES = {"type": "array", "items": {"type": "object", "properties": {"sku": TEXT, "price": NUMBER}}}
BEFORE = definition(
    CreateOrder=operation(
        {"article": {**TEXT, "x-ms-summary": "Article", "enum": ["a", "b", "c"]}, "amount": NUMBER, "note": TEXT},
        {"id": TEXT, "total": NUMBER, "lines": LINES},
        summary="Create an order",
        description="Creates one order.",
    ),
    CancelOrder=operation({"id": TEXT}, {"done": {"type": "boolean"}}, summary="Cancel an order"),
    ListOrders=operation({"top": NUMBER}, {"value": LINES}, summary="List orders"),
)
AFTER = definition(
    CreateOrder=operation(
        {"article": {**TEXT, "x-ms-summary": "Article", "enum": ["a", "b"]}, "amount": TEXT, "reason": TEXT},
        {"id": TEXT, "lines": LINES, "state": TEXT},
        required=("reason",),
        summary="Create an order",
        description="Creates one order.",
    ),
    ListOrders=operation({"top": NUMBER, "skip": NUMBER}, {"value": LINES}, summary="List orders"),
    ShipOrder=operation({"id": {**TEXT, "description": EVIL}}, {EVIL: TEXT}, summary=f"Ship {EVIL}"),
)


def compared(before: Any = BEFORE, after: Any = AFTER, **more: Any) -> Plan:
    """Compare two definitions as a run does; the last breaking change is accepted."""
    old, new = Connector(before, {}), Connector(after, {})
    was, made = fingerprint(old), fingerprint(new)
    changes = compare(old, new)
    found = Plan(
        name="Orders",
        candidate=new,
        fingerprint=made,
        baseline=Baseline("git main", was, old, "3f1c2ab0", "2026-11-18T10:00:00Z"),
        verdict=verdict(was, made, changes),
        changed=was != made,
        changes=changes,
    )
    return found._replace(**more)


def whole_story() -> Plan:
    """Give a plan with changes, one of them accepted, with edits by hand, findings, losses and fixes."""
    plan = compared()
    taken = [
        change._replace(accepted=Acceptance(f"Nobody uses it. {EVIL}", "2027-01-31"))
        if change.id == "operation-removed"
        else change
        for change in plan.changes
    ]
    edits = [change._replace(side=Side.BOTH, conflict=True) for change in plan.changes[:2]]
    place = ("paths", "/CreateOrder", "post")
    return plan._replace(
        changes=tuple(taken),
        drift=True,
        drifted=tuple(edits),
        findings=(
            Finding("summary-missing", Severity.WARNING, place, f"No summary. {EVIL}", "Add one."),
            Finding("host-required", Severity.ERROR, (), "There is no host.", "Add one."),
            Finding("not-json", Severity.NOTICE, (), "A comma too many.", "Take it out.", "api/b #1.json", 7, 2),
        ),
        usage=Usage(
            (
                User(
                    Kind.FLOW,
                    f"Daily {EVIL}",
                    f"Ada {EVIL}",
                    "1",
                    ("CancelOrder",),
                    hurt=Hurt.YES,
                    broken=("CancelOrder",),
                ),
                User(Kind.APP, "Shop", "Grace", "2", hurt=Hurt.PERHAPS),
                User(Kind.REFERENCE, "Orders of Ada", "", "3"),
            ),
            (f"The apps could not be read. {EVIL}",),
        ),
        losses=(Loss("one-of-merged", place, "`oneOf` of two", "It cannot be said.", "They are merged."),),
        fixes=(Fix("summary-missing", place, f"The summary is {EVIL}."),),
    )
