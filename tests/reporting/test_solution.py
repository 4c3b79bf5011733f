import io
import json
import re
import uuid
import zipfile
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from exporter.model.connectors import Connector
from exporter.model.json_values import Json
from exporter.model.plans import Plan
from exporter.reporting.solution import PUBLISHER, Names, names_of, solution_version, solution_zip
from exporter.reporting.zip_file import safe_path

EVIL = "x&<>\"'\x00\ud800]]>\r\n{rows}{id}"
CUSTOM = "customizations.xml"
KEY: Json = {"api_key": {"type": "securestring"}}
OAUTH: Json = {"token": {"type": "oauthSetting", "oAuthSettings": {"clientId": "c", "clientSecret": "TOP-SECRET"}}}


def _read(connector: Connector, names: Names) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(solution_zip(connector, names))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _tree(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - it is our own


def _row(files: dict[str, bytes]) -> dict[str, str]:
    (row,) = _tree(files[CUSTOM]).findall("Connectors/Connector")
    return {column.tag: column.text or "" for column in row}


def _connector(**properties: Json) -> Connector:
    return Connector({"swagger": "2.0", "info": {"title": "Orders", "version": "1.2"}}, properties)


def test_everything_of_a_connector_is_in_its_solution(plan: Plan) -> None:
    candidate = plan.candidate._replace(properties={**plan.candidate.properties, "scriptOperations": ["ListOrders"]})
    names = names_of(plan.name)
    files = _read(candidate, names)
    row = _row(files)
    assert list(row) == [
        "connectorid",
        "description",
        "displayname",
        "iconbrandcolor",
        "name",
        "connectortype",
        "scriptoperations",
        "openapidefinition",
        "policytemplateinstances",
        "customcodeblobcontent",
        "iconblob",
    ]
    assert row["displayname"] == "Contoso Orders"
    assert row["scriptoperations"] == '["ListOrders"]'
    assert json.loads(files[row["openapidefinition"].lstrip("/")]) == candidate.definition
    assert files[row["iconblob"].lstrip("/")] == candidate.icon
    assert files[row["customcodeblobcontent"].lstrip("/")].decode() == candidate.script
    assert json.loads(files[row["policytemplateinstances"].lstrip("/")]) == [{"templateId": "setheader"}]


def test_what_is_named_is_there_and_what_is_there_is_named(plan: Plan) -> None:
    files = _read(plan.candidate, names_of(plan.name))
    named = {value.lstrip("/") for value in _row(files).values() if value.startswith("/Connector/")}
    assert named | {"[Content_Types].xml", "solution.xml", CUSTOM} == set(files)
    types = _tree(files["[Content_Types].xml"])
    assert {one.get("Extension") for one in types} == {name.rpartition(".")[2] for name in files}


def test_the_solution_is_unmanaged_and_names_its_one_component() -> None:
    names = names_of("Orders", "Shop", "ContosoLtd:cont")
    files = _read(_connector(), names)
    manifest = _tree(files["solution.xml"]).find("SolutionManifest")
    assert manifest is not None
    said = {name: manifest.findtext(name) for name in ("UniqueName", "Version", "Managed")}
    assert said == {"UniqueName": "Shop", "Version": "1.2.0.0", "Managed": "0"}
    assert manifest.findtext("Publisher/UniqueName") == "ContosoLtd"
    assert manifest.findtext("Publisher/CustomizationPrefix") == "cont"
    (root,) = manifest.findall("RootComponents/RootComponent")
    assert root.attrib == {"type": "372", "id": f"{{{names.id}}}", "schemaName": "cont_orders", "behavior": "0"}
    assert (_row(files)["connectorid"], _row(files)["name"]) == (names.id, "cont_orders")
    assert uuid.UUID(names.id).version == 8
    assert uuid.UUID(names.id).variant == uuid.RFC_4122


def test_a_sign_in_that_would_blank_a_secret_is_left_out_and_no_other() -> None:
    sets: Json = {"values": [{"name": "a", "parameters": OAUTH}]}
    for properties, there in (
        ({"connectionParameters": KEY}, {"connectionparameters"}),
        ({}, {"connectionparameters"}),
        ({"connectionParameters": OAUTH}, set()),
        ({"connectionParameters": KEY, "connectionParameterSets": sets}, set()),
        ({"connectionParameterSets": {"values": [{"parameters": KEY}]}}, {"connectionparameters", "connectionparametersets"}),
    ):  # fmt: skip
        files = _read(_connector(**properties), names_of("a"))
        assert {name for name in _row(files) if name.startswith("connectionp")} == there
        assert not any(b"TOP-SECRET" in content for content in files.values())


def test_what_the_platform_refuses_is_left_out() -> None:
    row = _row(_read(_connector(scriptOperations=["List"], stackOwner="Contoso"), names_of("a")))
    assert "scriptoperations" not in row


@given(st.text() | st.just(EVIL) | st.just("a" * 300) | st.just("- " * 200))
def test_any_text_makes_a_solution_that_can_be_read_and_unpacked_anywhere(text: str) -> None:
    info: Json = {"title": text, "description": text, "version": text}
    names = names_of(text)
    files = _read(Connector({"info": info}, {"iconBrandColor": text}, b"png", text), names)
    assert all(safe_path(name) for name in files)
    assert max(map(len, files)) < 150
    _tree(files["solution.xml"])
    row = _row(files)
    kept = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text[:1000])
    assert row["description"] == kept
    assert re.fullmatch("[A-Za-z][A-Za-z0-9]{1,64}", names.solution)


@given(st.text(max_size=300), st.text(max_size=300))
def test_different_connectors_have_different_ids(one: str, other: str) -> None:
    alike = one.lower().encode("utf-8", "replace") == other.lower().encode("utf-8", "replace")
    assert (names_of(one).id == names_of(other).id) is alike


@given(st.text() | st.from_regex(r"v?[0-9]{1,9}(\.[0-9]{1,9}){0,5}[-+]?", fullmatch=True))
def test_every_version_is_four_numbers(version: str) -> None:
    assert re.fullmatch(r"\d{1,5}(\.\d{1,5}){3}", solution_version(version))


def test_the_usual_publisher_is_one_that_the_input_takes() -> None:
    assert re.fullmatch("[A-Za-z]+:[a-z]{2,8}", PUBLISHER)
