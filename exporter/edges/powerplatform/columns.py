"""A connector as a row of Dataverse's `connector` table, and back; and which columns differ."""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from exporter.comparison.drift import as_kept
from exporter.comparison.fingerprint import fingerprint
from exporter.edges.powerplatform.names import connector_url
from exporter.edges.powerplatform.oauth import federated_subject, redirect_url, with_secret
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import NotExportable
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.openapi.json_reading import deeper_than
from exporter.openapi.limits import DEEPEST_CONNECTOR
from exporter.security.secrets import without_secrets

Columns: TypeAlias = "dict[str, Json]"
"""What is sent: JSON columns are texts, an empty one is null."""

READ = (
    "connectorid,name,displayname,description,connectorinternalid,ismanaged,modifiedon,versionnumber,openapidefinition,"
    "connectionparameters,connectionparametersets,policytemplateinstances,scriptoperations,customcodeblobcontent,"
    "iconbrandcolor,capabilities"
)
"""All that we read of a row; not the icon, which the platform scales and never gives back as it was."""

_CAPABILITIES = ("composite", "tabular", "blob", "gateway", "cloud", "actions")
_FIRST_CAPABILITY = 118690000
_LONGEST_TEXT = 1000
"""Of a description; what is longer is cut off."""
_DESCRIPTION = ("description", "description")
_EMPTY: tuple[Json, ...] = (None, "", [], {})


def _json_text(value: Json) -> Json:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value not in _EMPTY else None


def _capabilities(value: Json) -> Json:
    # Only `gateway` is ours to say: the platform finds out the rest by itself.
    return str(_FIRST_CAPABILITY + _CAPABILITIES.index("gateway")) if "gateway" in as_list(value) else None


def _script_operations(connector: Connector) -> Json:
    # Operations without a script are refused (InvalidScriptDefinitionUrlWithNonNullOperations).
    return _json_text(connector.properties.get("scriptOperations")) if connector.script else None


class Column(NamedTuple):
    """A column that we write: what of a connector it holds, and the most characters it takes (0: no limit)."""

    name: str
    content: Callable[[Connector], Json]
    longest: int
    part: str
    """In words for people."""


# developer/data-platform/reference/entities/connector: names and lengths.
# fmt: off
COLUMNS = (
    Column("displayname", lambda one: _text_of(one, "displayName", "title") or None, 200, "name"),
    Column("openapidefinition", lambda one: _json_text(one.definition), 1_000_000, "definition"),
    Column("description", lambda one: _text_of(one, *_DESCRIPTION)[:_LONGEST_TEXT] or None, _LONGEST_TEXT, "description"),
    Column("connectionparameters", lambda one: _json_text(one.properties.get("connectionParameters")) or "{}", 500_000, "connection parameters"),
    Column("connectionparametersets", lambda one: _json_text(one.properties.get("connectionParameterSets")), 500_000, "connection parameter sets"),
    Column("policytemplateinstances", lambda one: _json_text(one.properties.get("policyTemplateInstances")), 500_000, "policies"),
    Column("scriptoperations", _script_operations, 500_000, "operations of the script"),
    Column("customcodeblobcontent", lambda one: one.script or None, 500_000, "script"),
    Column("iconbrandcolor", lambda one: as_text(one.properties.get("iconBrandColor")) or None, 100, "brand colour"),
    Column("capabilities", lambda one: _capabilities(one.properties.get("capabilities")), 0, "capabilities"),
)
# fmt: on
PARAMETERS = frozenset({"connectionparameters", "connectionparametersets"})
SCRIPT = frozenset({"customcodeblobcontent", "scriptoperations"})
NOT_GIVEN_BACK = frozenset({"iconblob"})
"""What is written and cannot be compared with what lives: the platform scales it."""


def _icon(connector: Connector) -> Columns:
    import base64

    return {"iconblob": base64.b64encode(connector.icon).decode()} if connector.icon else {}


def columns_of(connector: Connector, secret: str) -> Columns:
    """Give all columns of a new row; the client secret is put in here and nowhere else. Raises NotExportable."""
    sent = with_secret(connector, secret)
    columns = {column.name: column.content(sent) for column in COLUMNS}
    _check_lengths(columns)
    return {name: value for name, value in columns.items() if value is not None} | _icon(connector)


def changed_columns(connector: Connector, live: Connector, secret: str) -> Columns:
    """
    Give the columns that must change for `live` to become `connector`. Raises NotExportable.

    What the platform replaces or keeps to itself is no difference, so that sign-in settings that did not change are
    never sent: without their secret they would blank it.
    """
    names = {column.name for column in different(connector, live)}
    sent = with_secret(connector, secret)
    columns = {column.name: column.content(sent) for column in COLUMNS if column.name in names}
    if columns.keys() & SCRIPT:
        # Script and operations are checked together, so they travel together.
        columns |= {column.name: column.content(sent) for column in COLUMNS if column.name in SCRIPT}
    _check_lengths(columns)
    return columns | (_icon(connector) if connector.icon != live.icon else {})


def different(one: Connector, other: Connector) -> tuple[Column, ...]:
    """Tell which columns differ between two connectors, as far as the platform gives back what it was given."""
    left, right = _comparable(one), _comparable(other)
    return tuple(column for column in COLUMNS if left[column.name] != right[column.name])


def _comparable(connector: Connector) -> Mapping[str, Json]:
    """Give each column in a form that does not show the order of keys, but for the one order that makers depend on."""
    kept = as_kept(connector)
    alike = kept._replace(properties=as_object(_read(json.dumps(kept.properties, sort_keys=True))))
    columns = {column.name: column.content(alike) for column in COLUMNS}
    return {**columns, "openapidefinition": fingerprint(Connector(kept.definition, {}))}


def _read(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if deeper_than(value, DEEPEST_CONNECTOR) else value


def live_connector(row: Object, environment: str) -> LiveConnector:
    """Read a row of an environment; nonsense in a column is as if nothing were there."""
    sets = as_object(_read(as_text(row.get("connectionparametersets"))))
    capabilities = _capability_names(as_text(row.get("capabilities")))
    properties: Mapping[str, Json] = {
        "connectionParameters": as_object(_read(as_text(row.get("connectionparameters")))),
        **({"connectionParameterSets": sets} if sets else {}),
        "iconBrandColor": as_text(row.get("iconbrandcolor")),
        "scriptOperations": as_list(_read(as_text(row.get("scriptoperations")))) or [],
        **({"capabilities": capabilities} if capabilities else {}),
        "policyTemplateInstances": as_list(_read(as_text(row.get("policytemplateinstances")))) or [],
    }
    definition = as_object(_read(as_text(row.get("openapidefinition"))))
    texts = beside(definition, displayName=as_text(row.get("displayname")), description=as_text(row.get("description")))
    connector = Connector(
        definition=definition,
        properties=without_secrets({**properties, **texts}),
        script=as_text(row.get("customcodeblobcontent")),
    )
    row_id = as_text(row.get("connectorid"))
    return LiveConnector(
        id=row_id,
        internal_id=as_text(row.get("connectorinternalid")),
        display_name=as_text(row.get("displayname")),
        connector=connector,
        logical_name=as_text(row.get("name")),
        version=_version(row),
        managed=row.get("ismanaged") is True,
        url=connector_url(environment, row_id),
        redirect_url=redirect_url(connector),
        federated_subject=federated_subject(connector),
    )


def _version(row: Object) -> str:
    number = row.get("versionnumber")
    return as_text(row.get("@odata.etag")) or (f'W/"{number}"' if isinstance(number, int) else "")


def beside(definition: Object, **texts: str) -> dict[str, Json]:
    """
    Give, as properties, the name and description that the platform keeps beside a definition and that differ from its own.

    Makers read these, and people edit them without touching the definition. Blanks do not count, nor what was cut off.

    >>> beside({"info": {"title": "A", "description": "new  text"}}, displayName="B", description="new text")
    {'displayName': 'B'}
    """
    own = {name: as_text(_info(definition).get(key)) for name, key in (("displayName", "title"), _DESCRIPTION)}
    return {name: text for name, text in texts.items() if _words(text) != _words(own[name])}


def _info(definition: Object) -> Object:
    return as_object(definition.get("info"))


def _text_of(connector: Connector, name: str, key: str) -> str:
    """Give what the platform shows: what it keeps beside the definition, else the definition's own."""
    return as_text(connector.properties.get(name, _info(connector.definition).get(key)))


def _words(text: str) -> str:
    return " ".join(text[:_LONGEST_TEXT].split())


def _capability_names(text: str) -> list[Json]:
    known = {str(_FIRST_CAPABILITY + place): name for place, name in enumerate(_CAPABILITIES)}
    return [known[number] for number in text.split(",") if number in known]


def check_sizes(connector: Connector) -> None:
    """Raise NotExportable where a part of a connector is larger than its column."""
    _check_lengths({column.name: column.content(connector) for column in COLUMNS})


def _check_lengths(columns: Mapping[str, Json]) -> None:
    for column in COLUMNS:
        length = len(as_text(columns.get(column.name)))
        if column.longest and length > column.longest:
            raise NotExportable(
                f"The {column.part} has {length:,} characters; the platform takes {column.longest:,}.",
                advice="Make it smaller: export fewer operations, or shorten descriptions and examples."
                if column.name == "openapidefinition"
                else "Make it smaller.",
            )
