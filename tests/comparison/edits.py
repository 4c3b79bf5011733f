"""One edit of the case's connector for each row of the table of changes; docs/changes.md shows what they look like."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from exporter.model.connectors import Connector
from exporter.model.pointers import parse_pointer, value_at

CASES = Path(__file__).parents[1] / "cases" / "comparison"
DEFINITION = json.loads((CASES / "definition.json").read_text("utf-8"))
PROPERTIES = json.loads((CASES / "properties.json").read_text("utf-8"))
DROP, ORDER = object(), object()

LIST, LIST_INPUTS = "/paths/~1orders/get", "/paths/~1orders/get/parameters"
NEW, OUT = "/definitions/NewOrder", "/definitions/Order/properties"
HOOK = "/paths/~1hooks/post"
KEPT_KEYS = [{"name": "hidden", "in": "query", "type": "string", "required": True, "x-ms-visibility": "internal"}]

# fmt: off
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("operation-removed", {"/paths/~1orders~1{id}/put": DROP}),
    ("deprecated-removed-early", {"/paths/~1statuses": DROP, LIST_INPUTS + "/2/x-ms-dynamic-values": DROP}),
    ("operation-id-changed", {LIST + "/operationId": "AllOrders"}),
    ("operation-id-punctuation-changed", {LIST + "/operationId": "List_Orders"}),
    ("operation-id-added", {"/paths/~1plain/get/operationId": "GetPlain"}),
    ("operation-path-changed", {"/paths/~1statuses": DROP, "/paths/~1states": DEFINITION["paths"]["/statuses"]}),
    ("operation-path-param-renamed", {"/paths/~1orders~1{id}~1form": DROP, "/paths/~1orders~1{order}~1form": json.loads(json.dumps(DEFINITION["paths"]["/orders/{id}/form"]).replace('"name": "id"', '"name": "order"'))}),
    ("operation-method-changed", {"/paths/~1statuses/get": DROP, "/paths/~1statuses/post": DEFINITION["paths"]["/statuses"]["get"]}),
    ("operation-added", {"/paths/~1new": {"get": {"operationId": "New", "responses": {}}}}),
    ("operation-hidden", {"/paths/~1statuses/get/x-ms-visibility": "internal"}),
    ("operation-shown", {"/paths/~1schema/get/x-ms-visibility": DROP}),
    ("operation-visibility-changed", {LIST + "/x-ms-visibility": "advanced"}),
    ("operation-deprecated", {LIST + "/deprecated": True}),
    ("deprecated-without-replacement", {LIST + "/deprecated": True}),
    ("operation-undeprecated", {"/paths/~1orders~1{id}/put/deprecated": DROP}),
    ("annotation-family-changed", {LIST + "/x-ms-api-annotation/family": "Orders"}),
    ("annotation-revision-decreased", {LIST + "/x-ms-api-annotation/revision": 1}),
    ("annotation-replacement-dangling", {LIST + "/x-ms-api-annotation/replacement": {"operationId": "Nowhere"}}),
    ("annotation-changed", {LIST + "/x-ms-api-annotation/status": "Preview"}),
    ("operation-summary-changed", {LIST + "/summary": "All orders"}),
    ("operation-description-changed", {LIST + "/description": "All of them."}),
    ("operation-tags-changed", {LIST + "/tags": ["sales"]}),
    ("operation-context-changed", {LIST + "/x-ms-operation-context": {"simulate": {"operationId": "ListStatuses"}}}),
    ("operation-security-changed", {LIST + "/security": []}),
    ("media-type-changed", {"/produces": ["application/xml"]}),
    ("pageable-changed", {LIST + "/x-ms-pageable": DROP}),
    ("trigger-removed", {"/paths/~1hooks": DROP}),
    ("trigger-added", {"/paths/~1hooks2": {"post": {**DEFINITION["paths"]["/hooks"]["post"], "operationId": "WhenSent"}}}),
    ("trigger-kind-changed", {HOOK + "/x-ms-trigger": "batch"}),
    ("action-became-trigger", {"/paths/~1statuses/get/x-ms-trigger": "batch"}),
    ("trigger-became-action", {HOOK + "/x-ms-trigger": DROP}),
    ("notification-url-removed", {HOOK + "/parameters/0/schema/properties/url/x-ms-notification-url": DROP}),
    ("notification-url-added", {HOOK + "/parameters/0/schema/properties/other": {"type": "string"}, HOOK + "/parameters/0/schema/properties/kinds/items/x-ms-notification-url": True}),
    ("notification-url-moved", {HOOK + "/parameters/0/schema/properties/url": DROP, HOOK + "/parameters/0/schema/properties/callback": DEFINITION["paths"]["/hooks"]["post"]["parameters"][0]["schema"]["properties"]["url"]}),
    ("webhook-delete-changed", {"/paths/~1hooks~1{id}/delete/operationId": "Forget"}),
    ("trigger-metadata-changed", {HOOK + "/x-ms-trigger-hint": "Try it."}),
    ("param-required-added", {LIST_INPUTS + "/8": {"name": "customer", "in": "query", "type": "string", "required": True}}),
    ("param-required-hidden-added", {LIST_INPUTS + "/8": {**KEPT_KEYS[0], "default": "x"}}),
    ("param-hidden-without-default-added", {LIST_INPUTS + "/8": KEPT_KEYS[0]}),
    ("param-optional-added", {LIST_INPUTS + "/8": {"name": "customer", "in": "query", "type": "string"}}),
    ("param-required-removed", {LIST_INPUTS + "/3": DROP}),
    ("param-optional-removed", {LIST_INPUTS + "/2": DROP}),
    ("param-hidden-removed", {LIST_INPUTS + "/0": DROP}),
    ("param-became-required", {"/parameters/region/required": True}),
    ("param-hidden-became-required", {LIST_INPUTS + "/7/required": True, LIST_INPUTS + "/7/default": "x"}),
    ("param-became-optional", {LIST_INPUTS + "/3/required": DROP}),
    ("param-hidden-became-optional", {"/parameters/version/required": DROP}),
    ("param-outside-apps-became-optional", {"/paths/~1schema/get/parameters/0/required": DROP}),
    ("body-became-optional", {"/paths/~1orders/post/parameters/1/required": DROP}),
    ("param-order-changed", {LIST_INPUTS: (ORDER, [0, 1, 2, 4, 3, 5, 6, 7])}),
    ("param-location-changed", {LIST_INPUTS + "/2/in": "header"}),
    ("body-param-renamed", {"/paths/~1orders/post/parameters/1/name": "body"}),
    ("request-field-required-added", {NEW + "/properties/price": {"type": "number"}, NEW + "/required/3": "price"}),
    ("request-field-required-hidden-added", {NEW + "/properties/origin": {"type": "string", "x-ms-visibility": "internal", "default": "x"}, NEW + "/required/3": "origin"}),
    ("request-field-hidden-without-default-added", {NEW + "/properties/origin": {"type": "string", "x-ms-visibility": "internal"}, NEW + "/required/3": "origin"}),
    ("request-field-optional-added", {NEW + "/properties/price": {"type": "number"}}),
    ("request-field-required-removed", {NEW + "/properties/sku": DROP}),
    ("request-field-optional-removed", {NEW + "/properties/note": DROP}),
    ("request-field-hidden-removed", {NEW + "/properties/tag": DROP}),
    ("request-field-became-required", {NEW + "/required/3": "note"}),
    ("request-field-hidden-became-required", {NEW + "/required/3": "tag"}),
    ("request-field-became-optional", {NEW + "/required/1": DROP}),
    ("request-field-hidden-became-optional", {NEW + "/required/2": DROP}),
    ("request-nested-field-became-optional", {NEW + "/properties/gift/required": DROP}),
    ("request-field-order-changed", {NEW + "/properties": (ORDER, ["quantity", "sku", "note", "anything", "channel", "tag", "gift"])}),
    ("request-shape-changed", {NEW + "/properties/note/type": "array"}),
    ("request-type-changed", {NEW + "/properties/note/type": "integer"}),
    ("request-type-widened", {NEW + "/properties/quantity/type": "number"}),
    ("request-type-stated", {NEW + "/properties/anything/type": "string"}),
    ("request-format-changed", {LIST_INPUTS + "/3/format": "date-time"}),
    ("request-enum-value-removed", {"/parameters/region/enum/2": DROP}),
    ("request-enum-introduced", {LIST_INPUTS + "/2/enum": ["open"]}),
    ("request-enum-value-added", {"/parameters/region/enum/3": "af"}),
    ("request-enum-dropped", {"/parameters/region/enum": DROP}),
    ("request-constraint-tightened", {LIST_INPUTS + "/5/maximum": 50}),
    ("request-constraint-loosened", {LIST_INPUTS + "/5/maximum": 500}),
    ("default-changed", {LIST_INPUTS + "/5/default": 50}),
    ("default-changed-hidden", {"/parameters/version/default": "2"}),
    ("hidden-default-removed", {"/parameters/version/default": DROP}),
    ("hidden-input-changed", {"/parameters/version/type": "integer"}),
    ("param-hidden", {"/parameters/region/x-ms-visibility": "internal"}),
    ("param-shown", {"/parameters/version/x-ms-visibility": DROP}),
    ("param-visibility-changed", {LIST_INPUTS + "/5/x-ms-visibility": "important"}),
    ("url-encoding-changed", {"/paths/~1orders~1{id}/parameters/0/x-ms-url-encoding": "double"}),
    ("collection-format-changed", {LIST_INPUTS + "/6/collectionFormat": "multi"}),
    ("dynamic-target-missing", {LIST_INPUTS + "/2/x-ms-dynamic-values/operationId": "Nowhere"}),
    ("dynamic-target-unknown", {"/paths/~1new": {"get": {"operationId": "New", "parameters": [{"name": "status", "in": "query", "type": "string", "x-ms-dynamic-values": {"operationId": "Nowhere", "value-path": "id"}}], "responses": {}}}}),
    ("dynamic-parameter-missing", {LIST_INPUTS + "/2/x-ms-dynamic-values/parameters": {"kind": "open"}}),
    ("dynamic-path-missing", {"/paths/~1orders~1{id}~1form/get/responses/200/schema/x-ms-dynamic-schema/value-path": "form"}),
    ("dynamic-changed", {LIST_INPUTS + "/2/x-ms-dynamic-values/value-path": "key"}),
    ("dynamic-removed", {LIST_INPUTS + "/2/x-ms-dynamic-values": DROP}),
    ("request-dynamic-schema-removed", {"/paths/~1orders~1{id}/put/parameters/0/schema/x-ms-dynamic-schema": DROP}),
    ("dynamic-added", {"/parameters/region/x-ms-dynamic-values": {"operationId": "ListStatuses"}}),
    ("response-dynamic-schema-removed", {"/paths/~1orders~1{id}~1form/get/responses/200/schema/x-ms-dynamic-schema": DROP}),
    ("response-dynamic-schema-changed", {"/paths/~1orders~1{id}~1form/get/responses/200/schema/x-ms-dynamic-schema/operationId": "ListStatuses"}),
    ("response-field-removed", {OUT + "/total": DROP}),
    ("response-field-added", {OUT + "/paid": {"type": "boolean"}}),
    ("response-field-type-changed", {OUT + "/total/type": "string"}),
    ("response-field-type-widened", {OUT + "/total/type": "number"}),
    ("response-field-type-narrowed", {OUT + "/weight/type": "integer"}),
    ("response-field-type-stated", {OUT + "/extra/type": "string"}),
    ("response-field-format-changed", {OUT + "/ordered/format": "date"}),
    ("response-field-format-detail-changed", {OUT + "/total/format": "int64"}),
    ("response-array-object-swap", {"/paths/~1statuses/get/responses/200/schema": {"type": "object", "properties": {"value": {"type": "string"}}}}),
    ("response-schema-removed", {"/paths/~1statuses/get/responses/200/schema": DROP}),
    ("response-schema-added", {"/paths/~1orders~1{id}/put/responses/204/schema": {"type": "string"}}),
    ("response-primary-changed", {"/paths/~1statuses/get/responses": {"202": DEFINITION["paths"]["/statuses"]["get"]["responses"]["200"]}}),
    ("response-other-changed", {"/definitions/Error/properties/code/type": "integer"}),
    ("response-enum-changed", {OUT + "/state/enum/2": "lost"}),
    ("response-field-required-changed", {"/definitions/Order/required": DROP}),
    ("response-visibility-changed", {OUT + "/total/x-ms-visibility": "internal"}),
    ("response-constraint-changed", {OUT + "/state/maxLength": 5}),
    ("response-default-changed", {OUT + "/state/default": "sent"}),
    ("response-header-changed", {LIST + "/responses/200/headers": DROP}),
    ("label-changed", {NEW + "/properties/sku/x-ms-summary": "Item"}),
    ("description-changed", {NEW + "/properties/sku/description": "What is ordered"}),
    ("agent-text-changed", {LIST + "/x-ms-name-for-model": "orders"}),
    ("detail-changed", {NEW + "/properties/sku/example": "A-1"}),
    ("auth-type-changed", {"/securityDefinitions/key": {"type": "basic"}}),
    ("auth-added", {"/securityDefinitions/basic": {"type": "basic"}, "/security/1": {"basic": []}}),
    ("auth-definition-removed", {"/securityDefinitions": DROP}),
    ("auth-parameter-changed", {"/securityDefinitions/key/name": "X-Api-Key"}),
    ("auth-parameter-required-added", {"properties:/connectionParameters/tenant": {"type": "string", "uiDefinition": {"constraints": {"required": "true"}}}}),
    ("auth-parameter-optional-added", {"properties:/connectionParameters/tenant": {"type": "string"}}),
    ("auth-parameter-removed", {"properties:/connectionParameters/region": DROP}),
    ("auth-url-changed", {"properties:/connectionParameters/token/oAuthSettings/customParameters/tokenUrl/value": "https://id.contoso.com"}),
    ("auth-scope-changed", {"properties:/connectionParameters/token/oAuthSettings/scopes/1": "write"}),
    ("auth-detail-changed", {"properties:/connectionParameters/api_key/uiDefinition/displayName": "Key"}),
    ("security-requirement-changed", {"/security": DROP}),
    ("host-changed", {"/host": "orders.contoso.com"}),
    ("base-path-changed", {"/basePath": "/v2"}),
    ("https-removed", {"/schemes": ["http"]}),
    ("schemes-changed", {"/schemes": ["https", "http"]}),
    ("test-connection-missing", {"/x-ms-capabilities/testConnection/operationId": "Nowhere"}),
    ("test-connection-changed", {"/x-ms-capabilities/testConnection/operationId": "ListStatuses"}),
    ("capabilities-changed", {"/x-ms-capabilities/chunkTransfer": True}),
    ("title-changed", {"/info/title": "Orders"}),
    ("connector-description-changed", {"/info/description": "All orders of Contoso."}),
    ("info-changed", {"/info/version": "1.1"}),
    ("gateway-required", {"properties:/capabilities/0": "gateway"}),
    ("policy-changed", {"properties:/policyTemplateInstances/0/parameters/x-ms-apimTemplateParameter.name": "X-From"}),
    ("script-changed", {"script:": "class Script {}"}),
    ("icon-changed", {"icon:": b"png"}),
    ("brand-color-changed", {"properties:/iconBrandColor": "#ffffff"}),
    ("property-changed", {"properties:/publisher": "Fabrikam"}),
    ("metadata-changed", {"/tags/1": {"name": "sales"}}),
    ("extension-changed", {"/x-contoso/team/floor": 3}),
    ("written-differently", {"/definitions/Unused": {"type": "string"}}),
)
# fmt: on


def changed(moves: dict[str, Any]) -> Connector:
    """Give the connector of the case with some places changed; lists are cut or made longer at the end."""
    parts = {"": copy.deepcopy(DEFINITION), "properties": copy.deepcopy(PROPERTIES)}
    whole: dict[str, Any] = {}
    for place, value in moves.items():
        part, _, text = place.rpartition(":")
        if not text:
            whole[part] = value
            continue
        *parents, last = parse_pointer(text)
        holder: Any = value_at(parts[part], tuple(parents))
        if isinstance(value, tuple):
            old = holder[last]
            holder[last] = (
                {key: old[key] for key in value[1]} if isinstance(old, dict) else [old[at] for at in value[1]]
            )
        elif isinstance(holder, list):
            holder[int(last) : int(last) + 1] = [] if value is DROP else [value]
        elif value is DROP:
            del holder[last]
        else:
            holder[last] = value
    return Connector(parts[""], parts["properties"], **whole)
