"""What to say of a rule to somebody who wrote OpenAPI 3: the same, in the words of that dialect."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """What a rule says instead; empty is what it says anyway."""

    message: str = ""
    """With the same `{}` as the rule's own."""
    advice: str = ""


# Only rules that what was converted can break, and whose own words are Swagger 2.0's.
# fmt: off
OPENAPI_3: Mapping[str, Words] = {
    "host-required": Words("The definition does not say where the API is (an absolute address in `servers`).", "Give the https address of the API in `servers` or with the input `server`."),
    "host-name-not-valid": Words(advice="Write `servers` with the address of the API, such as `https://api.example.com/v1`."),
    "schemes-required": Words("The definition does not say how the API is called (an absolute address in `servers`).", "Give the https address of the API in `servers` or with the input `server`."),
    "scheme-not-supported": Words(advice="Name an https address of the API in `servers`."),
    "pa-http": Words(advice="Offer it over https, and name that address in `servers`."),
    "security-requirement-must-be-defined": Words(advice="Define it under `components/securitySchemes` or correct the name."),
    "security-flow-not-supported": Words(advice="Use the flow `authorizationCode`."),
    "oauth-security-requirement-value-must-be-scope-name": Words(advice="Add it to the `scopes` of the flow or correct the name."),
    "reserved-parameter-is-used": Words(advice="Remove the parameter and describe the sign-in under `components/securitySchemes`."),
    "mime-type-not-compatible-with-request-content-schema-type": Words(advice="Describe the form under that media type in `requestBody`."),
    "string-binary-not-supported-for-form-url-encoded": Words(advice="Describe the form as multipart/form-data in `requestBody`."),
    "consumes-missing": Words("The operation sends a body of no media type.", "Give the `requestBody` a `content` with its media type."),
    "schema-definition-set-incorrectly": Words(advice="Give its `content` a `schema` if the operation gives something back."),
    "response-example-must-be-produced-by-operation": Words(advice="Put the example under the media type that it is of."),
    "parameter-summary-missing": Words(advice="Add a `title` to its schema, or `x-ms-summary`."),
}
# fmt: on
NO_WORDS = Words()
