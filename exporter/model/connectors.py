"""A connector: its Swagger 2.0 definition, properties, icon and script; and the one that lives in an environment."""

from typing import NamedTuple

from exporter.model.json_values import Object


class Connector(NamedTuple):
    """All that Power Platform keeps of a custom connector, as files."""

    definition: Object
    """`apiDefinition.swagger.json`: Swagger 2.0."""
    properties: Object
    """The inside of `apiProperties.json`'s `properties`: `connectionParameters`, `iconBrandColor`, ..."""
    icon: bytes = b""
    """`icon.png`; empty where there is none."""
    script: str = ""
    """`script.csx`, C#; empty where there is none."""


class LiveConnector(NamedTuple):
    """A connector as an environment has it."""

    id: str
    """The id of its row (Dataverse: `connectorid`)."""
    internal_id: str
    """`shared_...`, given by the platform; empty until it is known."""
    display_name: str
    connector: Connector
    logical_name: str = ""
    """Its name in solutions; empty where the back end knows none."""
    version: str = ""
    """What the service offers to notice that somebody else wrote in between (an ETag)."""
    managed: bool = False
    url: str = ""
    """Where people see it; empty where that is not known."""
    redirect_url: str = ""
    """What the connector's own app registration must allow, as the platform gave it; empty without OAuth."""
    federated_subject: str = ""
    """Whom the app registration must trust where the platform's managed identity stands for a secret; else empty."""
