"""Makes a connector definition (Swagger 2.0) of a definition in any dialect that we read."""

from __future__ import annotations

from exporter.conversion import head
from exporter.conversion.draft import Draft
from exporter.conversion.names import SCHEMAS
from exporter.conversion.nodes import Node, given_up
from exporter.conversion.origins import origins
from exporter.conversion.paths import Paths
from exporter.conversion.repairs import repair
from exporter.conversion.schemas import Schemas
from exporter.conversion.security import SCHEMES, Security
from exporter.conversion.servers import Servers, replaced
from exporter.model.definitions import Converted, Definition, Dialect
from exporter.model.json_values import Json


def convert(definition: Definition, server: str = "") -> Converted:
    """
    Convert a definition to the Swagger 2.0 that a custom connector keeps.

    Takes a definition whose references across files are joined, and the address of the API that the user gave, which
    wins over the document's. A Swagger 2.0 document comes back as it is. Whatever the document holds, the result is
    valid Swagger 2.0 and every loss on the way is in `losses`; nothing is raised.
    Follows https://spec.openapis.org/oas/v3.1.0 and https://swagger.io/specification/v2/.
    """
    if definition.dialect is Dialect.SWAGGER_2:
        return Converted(replaced(definition.document, server) if server else definition.document)
    draft = Draft(definition.document)
    servers = Servers(draft, server)
    security = Security(draft, servers)
    schemas = Schemas(draft)
    schemas.definitions()
    paths = Paths(draft, schemas, servers, security).convert()
    definitions = schemas.definitions()
    repair(draft, paths, definitions)
    document = Node((), {"swagger": "2.0", "info": head.info(draft), **servers.keys()})
    if not server:
        document.moved.update(dict.fromkeys(servers.keys(), servers.place))
    document["paths"] = paths
    requirements = security.requirements(draft.document.get("security"), ("security",))
    sections: dict[str, Json] = {
        "definitions": definitions,
        "securityDefinitions": security.definitions,
        "tags": head.tags(draft),
    }
    document.update({key: section for key, section in sections.items() if section})
    document.moved.update({"definitions": SCHEMAS, "securityDefinitions": SCHEMES})
    if requirements is not None:
        document["security"] = requirements
    document.update(head.rest(draft))
    head.report_unused(draft)
    places = origins(document)
    del schemas, security  # the only others that know the parts
    return Converted(given_up(document), draft.losses, places)
