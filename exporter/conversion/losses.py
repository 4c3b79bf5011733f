"""Every kind of loss: why a connector cannot say it, and what we did; docs/losses.md has a heading for each."""

from typing import NamedTuple, TypeAlias

from exporter.model.findings import Loss
from exporter.model.pointers import Pointer

LossKind: TypeAlias = str


class Kind(NamedTuple):
    """Why something cannot be said, and what was done instead."""

    why: str
    done: str


def loss(kind: LossKind, where: Pointer, what: str) -> Loss:
    """Put a loss of a known kind into words."""
    why, done = KINDS[kind]
    return Loss(kind=kind, pointer=where, what=what[:1].upper() + what[1:] + ".", why=why, done=done)


# fmt: off
KINDS: dict[LossKind, Kind] = {
    # Servers
    "server-missing": Kind("A connector needs the absolute address of the API.", "Host and scheme are left out; set the input `server`."),
    "servers-dropped": Kind("A connector has one address.", "The one of the input `server` is used, else the first https address."),
    "server-variables-replaced": Kind("A connector's address has no variables.", "Their defaults are put in."),
    "server-insecure": Kind("Power Apps ignores servers without https.", "The address is kept as it is."),
    "operation-elsewhere-dropped": Kind("A connector has one host.", "The operation is left out."),
    # Paths and operations
    "path-broken": Kind("A path begins with a slash, and its braces come in pairs.", "The path is left out."),
    "path-adapted": Kind("A path in Swagger 2.0 begins with a slash, ends before a query or fragment, and its parameters are plain names.", "The path is rewritten; what it says in a query is sent as parameters."),
    "path-parameter-renamed": Kind("The path writes its name otherwise, or Power Platform keeps the name to itself.", "It has another name, which is never sent."),
    "path-repeated": Kind("A connector tells operations apart by method and path alone, without regard to upper and lower case.", "The later operation is left out."),
    "operation-broken": Kind("It is not what OpenAPI has in this place.", "It is left out."),
    "operation-refused": Kind("A parameter that must be sent cannot be sent by a connector.", "The operation is left out."),
    "method-dropped": Kind("Swagger 2.0 does not know this method.", "The operation is left out."),
    "operation-id-repeated": Kind("Each operationId may be used once.", "The later operation stays without an operationId."),
    "path-texts-dropped": Kind("Swagger 2.0 has no texts for a path.", "They are left out."),
    "callbacks-dropped": Kind("Only one callback to an address in the request body can become a trigger.", "The callbacks are left out."),
    "callback-became-trigger": Kind("Swagger 2.0 has no callbacks, a connector has webhook triggers.", "The operation is a webhook trigger; the platform fills in the address."),
    "webhooks-dropped": Kind("A webhook says nothing about how to subscribe to it, which a trigger must.", "It is left out."),
    # Parameters
    "parameter-broken": Kind("It is not a parameter as OpenAPI has them.", "It is left out."),
    "parameter-name-taken": Kind("Power Platform keeps the name connectionId to itself.", "It is left out."),
    "parameter-repeated": Kind("A parameter's name may be used once in one place.", "The first one is used."),
    "path-parameter-added": Kind("Each parameter in a path must be described.", "It is described as a text."),
    "path-parameter-dropped": Kind("Its name is not in the path.", "It is left out."),
    "cookie-parameter-dropped": Kind("A connector sends no cookies.", "The parameter is left out."),
    "header-parameter-dropped": Kind("The platform sets this header itself.", "The parameter is left out."),
    "style-unsupported": Kind("A connector cannot write a parameter in this style.", "The parameter is left out."),
    "array-parameter-single": Kind("A connector cannot repeat a parameter.", "Makers send a single value, which is written the same way."),
    "array-parameter-delimited": Kind("Power Platform refuses lists that are separated by spaces or pipes.", "Makers send one text with the separators in it."),
    "object-parameter-flattened": Kind("A parameter of a connector is a single value.", "Each property is a parameter of its own."),
    "read-only-field-dropped": Kind("A parameter or form field is only ever sent.", "It is left out."),
    "parameter-as-text": Kind("A parameter of a connector is a single value or a list of them.", "Makers send a text."),
    "content-parameter-as-text": Kind("Swagger 2.0 has no parameters with a media type.", "Makers send the text of it, such as JSON."),
    "parameter-details-dropped": Kind("Swagger 2.0 does not have these on a parameter, form field or header.", "They are left out."),
    # Request bodies
    "body-not-allowed": Kind("A request with this method has no body.", "The body is left out."),
    "body-broken": Kind("It is not a request body as OpenAPI has them.", "It is left out."),
    "media-types-dropped": Kind("Swagger 2.0 describes one content.", "The one that a connector reads best is kept."),
    "form-without-fields": Kind("A form needs named fields.", "The body is left out."),
    "form-field-as-text": Kind("A form field of a connector is a single value.", "Makers send a text, such as JSON."),
    "form-field-flattened": Kind("A form field of a connector is a single value.", "Each property is a field of its own."),
    "form-field-single": Kind("A connector cannot repeat a form field.", "Makers send a single value."),
    "encoding-dropped": Kind("Swagger 2.0 has no encoding of form fields.", "It is left out."),
    "examples-dropped": Kind("Swagger 2.0 has one example, and none for a request.", "The others are left out."),
    # Responses
    "responses-missing": Kind("Swagger 2.0 needs a response.", "A default response is added."),
    "response-broken": Kind("It is not a response as OpenAPI has them.", "It is left out."),
    "response-range-mapped": Kind("A connector needs a status code, not a range.", "It became the first code of the range, where that is free."),
    "response-range-dropped": Kind("A connector needs a status code, not a range, and the first code of the range is taken.", "It is left out."),
    "default-response-became-200": Kind("A connector shows makers what a success gives back, and no success is described.", "The default response became 200."),
    "default-response-schema-dropped": Kind("A connector's default response has no schema.", "The schema is left out."),
    "header-as-text": Kind("A header of a connector is a single value or a list of them.", "It is described as a text."),
    "header-broken": Kind("It is not a header as OpenAPI has them.", "It is left out."),
    "links-dropped": Kind("Swagger 2.0 has no links.", "They are left out."),
    # Security
    "security-scheme-dropped": Kind("A connection of a connector cannot sign in this way.", "The scheme is left out, and with it the requirements that need it."),
    "security-scheme-broken": Kind("It lacks what its type needs.", "The scheme is left out, and with it the requirements that need it."),
    "bearer-became-api-key": Kind("Swagger 2.0 has no bearer scheme.", "It became an API key in the header Authorization; makers type `Bearer` and the token."),
    "oauth-flows-dropped": Kind("A security scheme of Swagger 2.0 has one flow.", "The one that a connection can use is kept."),
    "oauth-implicit": Kind("Connections sign in with an authorization code.", "The implicit flow is kept as it is; supply the token URL."),
    "security-requirement-dropped": Kind("It needs a scheme that the connector does not have.", "The requirement is left out."),
    "scopes-dropped": Kind("The scheme does not define these scopes.", "They are left out."),
    # Schemas
    "not-a-schema": Kind("A schema is an object.", "Anything may stand there."),
    "keyword-invalid": Kind("The value is not what the keyword takes.", "The keyword is left out."),
    "keyword-unknown": Kind("Swagger 2.0 does not know it, and its name does not begin with `x-`.", "It is left out."),
    "condition-opened": Kind("Swagger 2.0 has no conditions.", "What may be there under one is described, and not required."),
    "pattern-properties-opened": Kind("Swagger 2.0 cannot tell properties by a pattern of their name.", "All properties that are not described by name are as any of the patterns says."),
    "validation-dropped": Kind("Swagger 2.0 has no word for it; only a check of values is lost.", "It is left out."),
    "schema-too-deep": Kind("Power Platform bounds the depth of a schema.", "Anything may stand there."),
    "schema-false-opened": Kind("Swagger 2.0 cannot say that nothing fits.", "Anything may stand there."),
    "property-never-dropped": Kind("Swagger 2.0 cannot say that a property is never there.", "The property is left out."),
    "reference-dangling": Kind("It leads nowhere, or only to itself.", "Anything may stand there."),
    "reference-siblings-dropped": Kind("A reference of Swagger 2.0 stands alone.", "The reference is kept, what stands beside it is left out."),
    "dynamic-reference-opened": Kind("Swagger 2.0 has no dynamic references.", "Anything may stand there."),
    "type-unknown": Kind("It is no type of a schema.", "The type that was meant is used, or none."),
    "types-opened": Kind("A schema of Swagger 2.0 has one type.", "The type is left open."),
    "format-unsupported": Kind("A connector does not know this format.", "The nearest one is used, or none."),
    "enum-adapted": Kind("Each value must be there once and have the schema's type.", "The values are adapted; those that cannot be are left out."),
    "default-adapted": Kind("A default must have the schema's type.", "It is written in that type."),
    "default-dropped": Kind("A default must be a value that the schema allows.", "It is left out."),
    "pattern-dropped": Kind("Not every reader of Swagger 2.0 understands it, or none can tell in safe time whether the default beside it fits.", "The pattern is left out."),
    "all-of-conflict": Kind("Both parts hold, and one schema can say only one of them.", "One of them is kept."),
    "merge-cut": Kind("The part leads back to itself, or there is too much of it to copy.", "The part is left out."),
    "one-of-merged": Kind("Swagger 2.0 has no alternatives.", "One schema has what all of them offer; what is required in each stays required."),
    "one-of-opened": Kind("Swagger 2.0 has no alternatives, and these have no type in common.", "The type is left open."),
    "tuple-merged": Kind("Swagger 2.0 has one schema for all items.", "The items have what all of them have in common."),
    "discriminator-dropped": Kind("Power Apps does not see the fields of an object with a discriminator.", "It is left out; the fields stay."),
    "deprecated-dropped": Kind("Swagger 2.0 has it on operations only.", "It is left out."),
    "write-only-dropped": Kind("The property is never received.", "It is left out of the response."),
    "write-only-shown": Kind("Swagger 2.0 cannot say that a property is only sent.", "It is shown in responses too."),
    "read-only-not-required": Kind("Power Platform refuses a required property that makers cannot send.", "It is no longer required."),
    "required-undefined": Kind("Power Platform refuses a required property that is not described.", "It is no longer required."),
    "required-loop-broken": Kind("Power Platform refuses objects that require each other without end.", "The property is no longer required."),
    "binary-in-object": Kind("Bytes can neither stand inside of other content nor in an url-encoded form.", "It is a text without a format."),
    # The rest
    "info-incomplete": Kind("Swagger 2.0 needs a title and a version.", "A stand-in is put there."),
    "component-unused": Kind("Nothing that a connector keeps refers to it.", "It is left out."),
    "details-dropped": Kind("Swagger 2.0 has no place for it.", "It is left out."),
    "tag-repeated": Kind("Each tag may be described once.", "The first one is kept."),
    "extension-dropped": Kind("Readers of Swagger 2.0 take it for one of its neighbours.", "It is left out."),
    "extension-with-reference-dropped": Kind("The reference leads to no named schema, so it would lead nowhere in the connector definition.", "The extension is left out."),
}
# fmt: on
