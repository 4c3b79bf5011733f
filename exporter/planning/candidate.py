"""The candidate: the connector that the author's definition and the inputs make."""

from typing import NamedTuple

from exporter.model.connectors import Connector
from exporter.model.definitions import Converted, Definition, Dialect
from exporter.model.errors import WrongInputs
from exporter.model.findings import Finding, Fix
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.openapi.load import load
from exporter.openapi.places import Places
from exporter.openapi.walk import operations
from exporter.planning.reading import read_named, read_object
from exporter.ports import Files
from exporter.security.connection import Connection, connection
from exporter.settings.settings import Complete, Settings

_BRAND_COLOR = "#007ee5"
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_ICON_BYTES = 1_000_000
_USUAL_FOLDERS = ("", "api/", "openapi/", "docs/", "spec/")
_USUAL_NAMES = (
    "openapi.yaml",
    "openapi.yml",
    "openapi.json",
    "swagger.json",
    "swagger.yaml",
    "swagger.yml",
    "apiDefinition.swagger.json",
)


class Candidate(NamedTuple):
    """A connector made of a definition, and what we learned while making it."""

    name: str
    connector: Connector
    places: Places
    converted: Converted
    connection: Connection
    findings: tuple[Finding, ...]
    """Of reading and shaping the files; pointers are in the author's document."""
    fixes: tuple[Fix, ...] = ()
    """What `complete` filled in."""


class Unreadable(NamedTuple):
    """What is wrong with a file that no definition can be read from."""

    findings: tuple[Finding, ...]


def definition_path(settings: Settings, files: Files) -> str:
    """Give the path of the definition, found by its usual names where the input is left out. Raises WrongInputs."""
    if settings.definition:
        return settings.definition
    usual = (folder + name for folder in _USUAL_FOLDERS for name in _USUAL_NAMES)
    found = next((path for path in usual if files.exists(path)), "")
    if not found:
        raise WrongInputs(
            "definition: is left out, and there is no file with a usual name such as openapi.yaml or swagger.json.",
            advice="Give the path of the OpenAPI file, e.g. `definition: api/openapi.yaml`.",
        )
    return found


def make_candidate(settings: Settings, files: Files, path: str) -> Candidate | Unreadable:
    """
    Load the definition at `path`, shape and convert it, and make the connector that the settings ask for.

    Raises WrongInputs for files that an input names and that are not what they should be.
    """
    loaded = load(path, files, settings.allow_references)
    if loaded.definition is None:
        return Unreadable(loaded.findings)
    base = _properties(settings, files)
    definition, converted, shaping = _shaped(loaded.definition, settings, files)
    connects = connection(converted.document, settings.security, base)
    document = _named(connects.document, settings)
    return Candidate(
        name=settings.name or as_text(as_object(document.get("info")).get("title")),
        connector=Connector(
            definition=document,
            properties=_with_look(connects, settings),
            icon=_icon(settings.look.icon, files),
            script=_script(settings.look.script, files),
        ),
        # The way back needs no document, and a large one is as large as all that is made of it.
        places=Places(definition._replace(document={}), converted.origins),
        converted=converted,
        connection=connects,
        findings=loaded.findings + shaping,
    )


def completed(candidate: Candidate, complete: Complete, previous: Connector | None) -> Candidate:
    """Fill the gaps of a candidate's definition that `complete` names; names that were exported before are kept."""
    swagger = candidate.places.definition.dialect is Dialect.SWAGGER_2
    document = candidate.connector.definition
    as_it_is = complete is Complete.AUTO and swagger
    if complete is Complete.NONE or (as_it_is and not _would_be_refused(document)):
        return candidate
    from exporter.shaping.complete import complete_definition
    from exporter.shaping.fillers import Extent

    extent = Extent.REFUSED if as_it_is else Extent.LABELS if complete is Complete.ALL else Extent.SAFE
    filled = complete_definition(document, previous.definition if previous else {}, extent)
    fixes = (fix._replace(pointer=candidate.places.author_pointer(fix.pointer)) for fix in filled.fixes)
    return candidate._replace(connector=candidate.connector._replace(definition=filled.document), fixes=tuple(fixes))


def _would_be_refused(document: Object) -> bool:
    """Tell, at a glance, whether a definition has one of the gaps that stop the export and can be filled."""
    found = tuple(operations(document))
    answers = [as_object(document.get("responses")), *(as_object(one.body.get("responses")) for one in found)]
    listed = [*as_object(document.get("parameters")).values()]
    for one in found:
        listed += [*as_list(one.body.get("parameters")), *as_list(one.item.get("parameters"))]
    return (
        not all(one.body.get("operationId") for one in found)
        or any(as_object(one).keys().isdisjoint(("description", "$ref")) for some in answers for one in some.values())
        or any(as_object(one).get("collectionFormat") == "multi" for one in listed)
    )


class _Shaped(NamedTuple):
    definition: Definition
    converted: Converted
    findings: tuple[Finding, ...] = ()


def _shaped(definition: Definition, settings: Settings, files: Files) -> _Shaped:
    """Apply overlays, leave out operations, convert; what is for the connector itself comes after."""
    shape = settings.shape
    if not (shape.overlays or shape.include or shape.exclude):
        return _Shaped(definition, _converted(definition, settings.server))
    from exporter.shaping.choose import choose

    if not shape.overlays:
        chosen = choose(definition, shape.include, shape.exclude)
        return _Shaped(chosen.definition, _converted(chosen.definition, settings.server), chosen.findings)
    from exporter.shaping.overlays import overlay_connector, overlay_definition, read_overlays

    overlays = read_overlays(shape.overlays, files)
    laid = overlay_definition(definition, overlays)
    chosen = choose(laid.definition, shape.include, shape.exclude)
    again = overlay_connector(_converted(chosen.definition, settings.server), chosen.definition, overlays)
    return _Shaped(again.definition, again.converted, laid.findings + chosen.findings + again.findings)


def _converted(definition: Definition, server: str) -> Converted:
    if "swagger" in definition.document and not server:
        return Converted(definition.document)
    from exporter.conversion.convert import convert

    return convert(definition, server)


def _named(document: Object, settings: Settings) -> Object:
    """Give the definition with the asked-for name and description: what is imported by hand is named by its title."""
    info = as_object(document.get("info"))
    said = {"title": settings.name, "description": settings.look.description}
    new = {name: value for name, value in said.items() if value and info.get(name) != value}
    return {**document, "info": {**info, **new}} if new else document


def _with_look(connects: Connection, settings: Settings) -> Object:
    look, base = settings.look, connects.base
    properties: dict[str, Json] = dict(base)
    if connects.sets:
        properties["connectionParameterSets"] = connects.sets
    else:
        properties.pop("connectionParameterSets", None)
    if connects.parameters or not connects.sets:
        properties["connectionParameters"] = connects.parameters
    properties["iconBrandColor"] = look.brand_color or base.get("iconBrandColor") or _BRAND_COLOR
    properties.setdefault("capabilities", [])
    if look.script_operations:
        properties["scriptOperations"] = list(look.script_operations)
    return properties


def _properties(settings: Settings, files: Files) -> Object:
    path = settings.look.properties
    if not path:
        return {}
    document = read_object("properties", path, files)
    inner = document.get("properties")
    if not isinstance(inner, dict):
        raise WrongInputs(
            f"properties: {path} has no object `properties`.",
            advice="Give an apiProperties.json as paconn and the maker portal write it.",
        )
    return inner


def _icon(path: str, files: Files) -> bytes:
    content = read_named("icon", path, files) if path else b""
    if content and not content.startswith(_PNG):
        raise WrongInputs(f"icon: {path} is no PNG file.", advice="Give a PNG of 100 to 230 pixels.")
    if len(content) > _MOST_ICON_BYTES:
        raise WrongInputs(f"icon: {path} is larger than 1 MB.", advice="Give a PNG of 100 to 230 pixels.")
    return content


def _script(path: str, files: Files) -> str:
    try:
        return read_named("script", path, files).decode("utf-8-sig") if path else ""
    except UnicodeDecodeError as error:
        raise WrongInputs(f"script: {path} is no UTF-8 text.", advice="Give a C# file.") from error
