"""Makes the bundle's unmanaged solution: a connector for people who import solutions, in the shape of an export."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.comparison.fingerprint import sha256
from exporter.model.connectors import Connector
from exporter.model.json_values import as_list, as_object, as_text
from exporter.model.logical_name import logical_name
from exporter.reporting.importing import importable
from exporter.reporting.writer import compact
from exporter.reporting.zip_file import stored_zip
from exporter.security.oauth import SIGN_IN, needs_secret
from exporter.security.secrets import without_secrets

PUBLISHER = "ConnectorExporter:conexp"
"""Whose solution it is where nobody says otherwise: a unique name, and the prefix of all that it makes."""

_LONGEST_FILE = 100
"""Of a connector's name in the names of files: they must fit into what file systems take."""
_LONGEST_UNIQUE = 50
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 200, 1000
_FIRST_OPTION, _OPTIONS = 10_000, 90_000
_VERSION = re.compile(r"v?(\d{1,5})(?:\.(\d{1,5}))?(?:\.(\d{1,5}))?(?:\.(\d{1,5}))?", re.ASCII)


class Names(NamedTuple):
    """What the solution and its only component are called."""

    title: str
    """Of the connector, for people."""
    solution: str
    publisher: str
    prefix: str
    connector: str
    """Its logical name."""
    id: str
    """Always the same for the same logical name, so that an import updates what an earlier one made."""


def names_of(title: str, solution: str = "", publisher: str = "") -> Names:
    """
    Name everything; `solution` and `publisher` as their inputs say, or empty.

    >>> names_of("Contoso Orders")[1:5]
    ('ContosoOrdersConnector', 'ConnectorExporter', 'conexp', 'conexp_contoso-20orders')
    """
    unique, _, prefix = (publisher or PUBLISHER).partition(":")
    prefix = prefix or unique.lower()
    logical = logical_name(prefix, title)
    if len(logical) > _LONGEST_FILE:
        logical = f"{logical[:_LONGEST_FILE].rsplit('-', 1)[0]}-{sha256(title.encode('utf-8', 'replace'))[:8]}"
    return Names(
        title=title[:_LONGEST_TITLE],
        solution=solution or _unique_name(title),
        publisher=unique,
        prefix=prefix,
        connector=logical,
        id=_guid(logical),
    )


def _unique_name(title: str) -> str:
    """Make a unique name: letters and digits only; where little is left of a title, its hash tells it from others."""
    letters = re.sub(r"[^A-Za-z0-9]+", "", title)[:_LONGEST_UNIQUE]
    plain = letters if title.isascii() and letters[:1].isalpha() else ""
    return f"{plain or 'C' + sha256(title.encode('utf-8', 'replace'))[:12]}Connector"


def _guid(text: str) -> str:
    """Make an id of a text (RFC 9562, version 8: the rest is ours to choose)."""
    digits = sha256(f"connectors/{text}".encode())
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def solution_zip(connector: Connector, names: Names) -> bytes:
    """
    Give the solution as the platform exports one; it holds no secret.

    Settings of a sign-in that needs a secret are left out: without it they would blank the one that is there. Shape:
    solutions that the platform exported, such as those in microsoft/terraform-provider-power-platform
    (internal/services/connectors), and what microsoft/PowerPlatformConnectors checks of one
    (scripts/ConnectorPackageValidator.ps1).
    """
    parts = _parts(connector)
    packed = {
        "[Content_Types].xml": _content_types(parts),
        "solution.xml": _solution_xml(connector, names),
        "customizations.xml": _customizations_xml(connector, names, parts),
    }
    files = {path: text.encode("utf-8", "replace") for path, text in packed.items()}
    return stored_zip({**files, **{_path(names, part): part.content for part in parts}})


class _Part(NamedTuple):
    """A column that is a file of its own."""

    column: str
    ending: str
    content: bytes


def _path(names: Names, part: _Part) -> str:
    return f"Connector/{names.connector}_{part.column}.{part.ending}"


def leaves_out_sign_in(connector: Connector) -> bool:
    """Tell whether the sign-in must be typed after an import of the solution."""
    return needs_secret(without_secrets(importable(connector)))


def _parts(connector: Connector) -> tuple[_Part, ...]:
    properties = without_secrets(importable(connector))
    signs_in = {} if leaves_out_sign_in(connector) else {name: properties.get(name) or {} for name in SIGN_IN}
    sets = signs_in.get("connectionParameterSets")
    parts = (
        _Part("openapidefinition", "json", compact(connector.definition)),
        _Part("connectionparameters", "json", compact(signs_in.get("connectionParameters", {})) if signs_in else b""),
        _Part("connectionparametersets", "json", compact(sets) if sets else b""),
        _Part("policytemplateinstances", "json", compact(properties.get("policyTemplateInstances") or None)),
        _Part("customcodeblobcontent", "csx", connector.script.encode("utf-8", "replace")),
        _Part("iconblob", "Png", connector.icon),
    )
    return tuple(part for part in parts if part.content)


def _columns(connector: Connector, names: Names, parts: Iterable[_Part]) -> Iterator[tuple[str, str]]:
    """Give the columns in the order of an export; empty ones are left out there too, but for the description."""
    info = as_object(connector.definition.get("info"))
    properties = importable(connector)
    yield "connectorid", names.id
    yield "description", as_text(info.get("description"))[:_LONGEST_DESCRIPTION]
    yield "displayname", names.title
    if color := as_text(properties.get("iconBrandColor")):
        yield "iconbrandcolor", color
    yield "name", names.connector
    yield "connectortype", "1"
    if operations := as_list(properties.get("scriptOperations")):
        yield "scriptoperations", compact(operations).decode()
    for part in parts:
        yield part.column, f"/{_path(names, part)}"


def _customizations_xml(connector: Connector, names: Names, parts: Iterable[_Part]) -> str:
    columns = _columns(connector, names, parts)
    rows = "".join(f"      <{column}>{_xml(value)}</{column}>\n" for column, value in columns)
    return _CUSTOMIZATIONS.format(rows=rows)


def _content_types(parts: Iterable[_Part]) -> str:
    endings = dict.fromkeys(("xml", *(part.ending for part in parts)))
    rows = "".join(f'<Default Extension="{one}" ContentType="application/octet-stream" />' for one in endings)
    return f'{_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rows}</Types>'


def _solution_xml(connector: Connector, names: Names) -> str:
    return _SOLUTION.format(
        solution=_xml(names.solution),
        title=_xml(names.title or names.solution),
        version=solution_version(as_text(as_object(connector.definition.get("info")).get("version"))),
        publisher=_xml(names.publisher),
        prefix=_xml(names.prefix),
        options=_FIRST_OPTION + int(sha256(names.prefix.encode())[:8], 16) % _OPTIONS,
        id=names.id,
        connector=_xml(names.connector),
    )


def solution_version(version: str) -> str:
    """
    Write a version as solutions have it, in four numbers; what is no such version is 1.0.0.0.

    >>> solution_version("1.4"), solution_version("v2.0.1-beta"), solution_version("2026-11-22")
    ('1.4.0.0', '2.0.1.0', '1.0.0.0')
    """
    found = _VERSION.match(version.strip())
    if not found or version.strip()[found.end() :][:1] not in {"", "-", "+"} or found[2] is None:
        return "1.0.0.0"
    return ".".join(str(int(part or "0")) for part in found.groups())


def _xml(text: str) -> str:
    """Write a text for XML 1.0: what it has no character for is left out, and a line feed stays one."""
    return text.encode("utf-8", "ignore").decode().translate(_ESCAPES)


_NOT_XML = (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF)
_ESCAPES = dict.fromkeys(_NOT_XML) | str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

_SOLUTION = f"""{_DECLARATION}
<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" {_XSI}>
  <SolutionManifest>
    <UniqueName>{{solution}}</UniqueName>
    <LocalizedNames>
      <LocalizedName description="{{title}}" languagecode="1033" />
    </LocalizedNames>
    <Descriptions />
    <Version>{{version}}</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>{{publisher}}</UniqueName>
      <LocalizedNames>
        <LocalizedName description="{{publisher}}" languagecode="1033" />
      </LocalizedNames>
      <Descriptions />
      <EMailAddress xsi:nil="true"></EMailAddress>
      <SupportingWebsiteUrl xsi:nil="true"></SupportingWebsiteUrl>
      <CustomizationPrefix>{{prefix}}</CustomizationPrefix>
      <CustomizationOptionValuePrefix>{{options}}</CustomizationOptionValuePrefix>
      <Addresses />
    </Publisher>
    <RootComponents>
      <RootComponent type="372" id="{{{{{{id}}}}}}" schemaName="{{connector}}" behavior="0" />
    </RootComponents>
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>
"""
_EMPTY = (
    "Entities", "Roles", "Workflows", "FieldSecurityProfiles", "Templates", "EntityMaps", "EntityRelationships",
    "OrganizationSettings", "optionsets", "CustomControls", "EntityDataProviders",
)  # fmt: skip
_CUSTOMIZATIONS = f"""{_DECLARATION}
<ImportExportXml {_XSI}>
{"".join(f"  <{name} />{chr(10)}" for name in _EMPTY)}  <Connectors>
    <Connector>
{{rows}}    </Connector>
  </Connectors>
  <Languages>
    <Language>1033</Language>
  </Languages>
</ImportExportXml>
"""
