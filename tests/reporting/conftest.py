"""One report that has something of everything, and places that need no file."""

from pathlib import Path
from typing import NamedTuple

import pytest

from exporter.model.changes import Change, Effect, Impact, Surface, Verdict, When
from exporter.model.connectors import Connector
from exporter.model.definitions import Place
from exporter.model.findings import Finding, Loss, Severity
from exporter.model.json_values import Json
from exporter.model.plans import Baseline, Credential, Outcome, Plan, Report, State
from exporter.model.pointers import Pointer

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "connectors"

DEFINITION: dict[str, Json] = {
    "swagger": "2.0",
    "info": {"title": "Contoso Orders", "version": "1.0", "description": "Orders of Contoso."},
    "host": "api.contoso.com",
    "basePath": "/v1",
    "schemes": ["https"],
    "paths": {
        "/orders": {
            "get": {
                "operationId": "ListOrders",
                "summary": "List orders",
                "parameters": [
                    {"name": "since", "in": "query", "required": True, "type": "string", "x-ms-summary": "Since"},
                    {"name": "v", "in": "query", "required": True, "default": "1", "x-ms-visibility": "internal"},
                    {"$ref": "#/parameters/Page"},
                ],
            },
            "post": {
                "operationId": "CreateOrder",
                "parameters": [{"name": "body", "in": "body", "schema": {"$ref": "#/definitions/NewOrder"}}],
            },
        },
        "/hooks": {"post": {"operationId": "WhenOrdered", "summary": "When ordered", "x-ms-trigger": "single"}},
        "/hidden": {"get": {"operationId": "Hidden", "x-ms-visibility": "internal"}},
    },
    "parameters": {"Page": {"name": "page", "in": "query", "type": "integer"}},
    "definitions": {
        "NewOrder": {
            "required": ["sku", "qty"],
            "properties": {"sku": {"title": "Article"}, "qty": {"type": "integer"}},
        }
    },
}

PROPERTIES: dict[str, Json] = {
    "connectionParameters": {
        "token": {
            "type": "oauthSetting",
            "oAuthSettings": {
                "identityProvider": "oauth2",
                "clientId": "11-22",
                "clientSecret": "TOP-SECRET",
                "scopes": ["orders.read"],
                "customParameters": {"tokenUrl": {"value": "https://login.contoso.com/token"}},
            },
        }
    },
    "iconBrandColor": "#0b6a52",
    "policyTemplateInstances": [{"templateId": "setheader"}],
}

RENAMED = Change(
    id="operation-id-changed",
    impact=Impact.BREAKING,
    surfaces={
        Surface.FLOWS: Effect.BREAKS,
        Surface.REFRESHED_APPS: Effect.BREAKS,
        Surface.AGENTS: Effect.BREAKS_IF_USED,
    },
    pointer=("paths", "/orders", "get", "operationId"),
    message="`ListOrders` is now called `GetOrders`.",
    advice="Put `ListOrders` back.",
    fingerprint="a41f9c20a41f9c20",
    operation="ListOrders",
    operations=("ListOrders",),
    before="ListOrders",
    after="GetOrders",
    when=When.RUN,
)
ADDED = Change(
    "operation-added", Impact.COMPATIBLE, {}, ("paths", "/x"), "The operation is new.", "", "5555", "CancelOrder"
)


class Lines(NamedTuple):
    """Places by the depth of the pointer."""

    def of_author(self, pointer: Pointer) -> Place:
        return Place("api/openapi.yaml", len(pointer) + 10, 3)

    def of_connector(self, pointer: Pointer) -> Place:
        return Place("api/openapi.yaml", len(pointer) + 40, 5)

    def of_baseline(self, pointer: Pointer) -> Place:
        return Place("api/openapi.yaml", len(pointer) + 70, 5)


@pytest.fixture
def places() -> Lines:
    return Lines()


@pytest.fixture
def plan() -> Plan:
    connector = Connector(DEFINITION, PROPERTIES, b"\x89PNG\r\n\x1a\n...", "public class Script {}")
    return Plan(
        name="Contoso Orders",
        candidate=connector,
        fingerprint="0123456789abcdef" * 4,
        baseline=Baseline(
            "record refs/exports/orders", "ee", connector, "3f1c2ab0000000000000", "2026-11-18T10:00:00Z"
        ),
        verdict=Verdict.BREAKING,
        changed=True,
        changes=(ADDED, RENAMED),
        findings=(
            Finding("summary-missing", Severity.WARNING, ("paths",), "The operation has no summary.", "Add one."),
            Finding("not-json", Severity.ERROR, (), "There is a comma too many.", "Take it out.", "b.json", 7, 2),
        ),
        losses=tuple(
            Loss("one-of-merged", ("paths", str(n)), "`oneOf` of 2", "It cannot be said.", "Merged into one.")
            for n in range(900)
        ),
        credentials=(
            Credential(
                "Client ID", "The connector's own client id.", "whoever registered it", value="11-22", kind="client-id"
            ),
            Credential(
                "Client secret",
                "A long text.",
                "whoever registered it",
                secret=True,
                value="TOP-SECRET",
                kind="client-secret",
            ),
        ),
    )


@pytest.fixture
def report(plan: Plan) -> Report:
    outcomes = (
        Outcome("write-bundle", State.DONE, "The bundle lies in `out/bundle`."),
        Outcome("publish-bundle", State.SKIPPED, "There is no artifact service."),
        Outcome("remember", State.DONE),
    )
    return Report(plan, "manual", outcomes, {"bundle-path": "out/bundle", "artifact-url": "https://github.com/a/1"})


@pytest.fixture(scope="session")
def connector_folders() -> list[Path]:
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is not there")
    return sorted(CORPUS.iterdir())
