import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from exporter.model.connectors import Connector
from exporter.model.json_values import Json
from exporter.model.plans import Credential, Plan
from exporter.reporting.bundle import bundle_files
from exporter.reporting.connector_files import PORTAL_LIMIT, connector_files, without_secrets
from exporter.reporting.locating import Locator
from exporter.settings.clouds import CLOUDS
from exporter.settings.settings import DeployerSettings
from tests.reporting.html_reader import Page

EVIL = "x`\"'</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\n::error::\u202e\ud800\x00"


def test_the_files(plan: Plan, places: Locator) -> None:
    files = bundle_files(plan, places, "1.2.3")
    assert list(files) == [
        "README.md",
        "SHA256SUMS",
        "apiDefinition.swagger.json",
        "apiProperties.json",
        "icon.png",
        "index.html",
        "report.json",
        "script.csx",
        "settings.json",
        "solution.zip",
    ]
    assert json.loads(files["apiDefinition.swagger.json"]) == plan.candidate.definition
    assert json.loads(files["settings.json"]) == {
        "connectorId": "",
        "environment": "",
        "apiProperties": "apiProperties.json",
        "apiDefinition": "apiDefinition.swagger.json",
        "icon": "icon.png",
        "script": "script.csx",
        "powerAppsUrl": "https://api.powerapps.com",
        "powerAppsApiVersion": "2016-11-01",
    }


def test_a_connector_without_icon_and_script_has_no_such_files() -> None:
    files = connector_files(Connector({"swagger": "2.0"}, {}))
    assert [*files] == ["apiDefinition.swagger.json", "apiProperties.json", "settings.json"]
    assert json.loads(files["settings.json"])["icon"] == ""


def test_the_sums_are_those_of_sha256sum(plan: Plan, places: Locator) -> None:
    files = bundle_files(plan, places, "1.2.3")
    sums = files.pop("SHA256SUMS").decode()
    assert sums == "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))


def test_no_time_run_or_step_is_in_it(plan: Plan, places: Locator) -> None:
    later = plan._replace(baseline=plan.baseline._replace(time="2027-01-01T00:00:00Z"), steps=())
    files = bundle_files(plan, places, "1")
    assert bundle_files(later, places, "1") == files
    assert not any(b"2026-" in content or b"2027-" in content for content in files.values())


def test_no_secret_is_in_it(plan: Plan, places: Locator) -> None:
    files = bundle_files(plan, places, "1")
    assert not any(b"TOP-SECRET" in content for content in files.values())
    assert b"11-22" in files["apiProperties.json"]


def test_a_reference_to_a_secret_stays() -> None:
    kept: dict[str, Json] = {"a": [{"ClientSecret": '@environmentVariables("new_Secret")'}]}
    assert without_secrets(kept) == kept
    assert without_secrets({"a": [{"ClientSecret": ["b"]}]}) == {"a": [{}]}


def test_what_the_platform_refuses_is_not_in_it_and_said(plan: Plan, places: Locator) -> None:
    properties = {"stackOwner": "Contoso", "script": "script.csx", "publisher": "Contoso", "scriptOperations": ["List"]}
    for script, kept in (("", {"publisher"}), ("class Script {}", {"publisher", "scriptOperations"})):
        files = connector_files(Connector({"swagger": "2.0"}, properties, script=script))
        assert json.loads(files["apiProperties.json"])["properties"].keys() == kept
    candidate = plan.candidate._replace(properties=properties)
    readme = bundle_files(plan._replace(candidate=candidate), places, "1")["README.md"].decode()
    assert "refuses a connector for it: `script`, `stackOwner`." in readme


def test_a_secret_is_asked_for_where_only_a_set_of_parameters_needs_it(plan: Plan, places: Locator) -> None:
    values: Json = [
        {"name": "sso", "parameters": {"token": {"type": "oauthSetting", "oAuthSettings": {"clientId": "c"}}}}
    ]
    for sets, asked in (({"connectionParameterSets": {"values": values}}, True), ({}, False)):
        candidate = plan.candidate._replace(properties={"connectionParameters": {}, **sets})
        readme = bundle_files(plan._replace(candidate=candidate), places, "1")["README.md"].decode()
        assert ("--secret" in readme) is asked


def test_a_definition_is_laid_out_unless_the_portal_could_not_take_it(plan: Plan, places: Locator) -> None:
    written: list[Json] = ["a" * 90] * (PORTAL_LIMIT // 95)
    large: dict[str, Json] = {"swagger": "2.0", "x": written}
    definition = connector_files(Connector(large, {}))["apiDefinition.swagger.json"]
    assert definition == json.dumps(large, separators=(",", ":")).encode()
    assert b"larger than 1 MB" not in bundle_files(plan, places, "1")["index.html"]
    larger = Connector({**large, "y": ["b" * PORTAL_LIMIT]}, {})
    assert b"larger than 1 MB" in bundle_files(plan._replace(candidate=larger), places, "1")["index.html"]


def test_hostile_text_stays_text(plan: Plan, places: Locator) -> None:
    change = plan.changes[1]._replace(message=EVIL, advice=EVIL, operation=EVIL)
    operation: dict[str, Json] = {"operationId": EVIL, "summary": EVIL, "description": EVIL}
    definition: dict[str, Json] = {"host": EVIL, "info": {"description": EVIL}, "paths": {EVIL: {"get": operation}}}
    evil = plan._replace(
        name=EVIL,
        candidate=Connector(definition, {"iconBrandColor": EVIL, "connectionParameters": {EVIL: {"type": EVIL}}}),
        baseline=plan.baseline._replace(source=EVIL),
        changes=(change, change._replace(impact=plan.changes[0].impact)),
        losses=(plan.losses[0]._replace(what=EVIL, why=EVIL, done=EVIL),),
        credentials=(plan.credentials[0]._replace(field=EVIL, meaning=EVIL, source=EVIL, value=EVIL),),
    )
    files = bundle_files(evil, places, EVIL)
    page = Page(files["index.html"])
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert [tag for tag, _ in page.elements].count("img") == 0
    assert page.values("onerror") == []
    outside = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", files["README.md"].decode())
    assert "<" not in outside
    assert "\n::" not in files["README.md"].decode()


@pytest.mark.parametrize(
    "definition", [{}, {"paths": []}, {"paths": {"/a": [], "/b": {"get": 1, "put": {"parameters": {}}}}, "info": 1}]
)
def test_nonsense_makes_a_bundle_all_the_same(plan: Plan, places: Locator, definition: dict[str, Json]) -> None:
    properties: dict[str, Json] = {"connectionParameters": {"a": 1}, "connectionParameterSets": [], "capabilities": 1}
    nonsense = plan._replace(candidate=Connector(definition, properties, b"no png"))
    Page(bundle_files(nonsense, places, "1")["index.html"])


def test_the_commands_of_the_readme(plan: Plan, places: Locator) -> None:
    readme = bundle_files(plan, places, "1")["README.md"].decode()
    commands = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    files = (
        "--api-definition-file apiDefinition.swagger.json --api-properties-file apiProperties.json "
        "--icon-file icon.png --script-file script.csx"
    )
    assert commands == [
        "sha256sum --check SHA256SUMS\n",
        f"pac auth create --environment ENVIRONMENT\npac connector create {files}\n",
        f"pac connector update --connector-id ID {files}\n",
        'pip install paconn\npaconn login\npaconn create --settings settings.json --secret "$CLIENT_SECRET"\n',
        'paconn update --settings settings.json --secret "$CLIENT_SECRET"\n',
        "pac auth create --environment ENVIRONMENT\npac solution import --path solution.zip\n",
    ]


def _readme(plan: Plan, places: Locator, token: dict[str, Json], **more: Json) -> str:
    """Give the README of a connector that signs in with these OAuth settings."""
    parameters: Json = {"token": {"type": "oauthSetting", "oAuthSettings": {"clientId": "c", **token}}}
    candidate = plan.candidate._replace(properties={"connectionParameters": parameters, **more})
    return bundle_files(plan._replace(candidate=candidate), places, "1")["README.md"].decode()


@pytest.mark.parametrize(
    ("token", "asks", "says"),
    [
        ({"identityProvider": "aad"}, True, "type it on the tab Security"),
        ({"identityProvider": "oauth2generic"}, True, "take `paconn`, for the maker portal cannot show this sign-in"),
        ({"identityProvider": "oauth2pkce"}, True, "where the app registration\nhas none, take `pac`"),
        (
            {"identityProvider": "aad", "clientSecret": '@environmentVariables("new_S")'},
            True,
            "put the text of `clientSecret` itself",
        ),
        (
            {"identityProvider": "aad", "clientAssertionType": "GenericFederatedIdentityCredential"},
            False,
            "the scenario Other issuer",
        ),
    ],
)
def test_the_readme_says_what_becomes_of_each_kind_of_secret(
    token: dict[str, Json], asks: bool, says: str, plan: Plan, places: Locator
) -> None:
    readme = _readme(plan, places, token)
    assert says in readme
    assert ('--secret "$CLIENT_SECRET"' in readme) is asks


def test_the_readme_gives_what_is_known_and_says_where_the_rest_goes(plan: Plan, places: Locator) -> None:
    credentials = (
        Credential("Client ID", "An id.", "its owner", kind="client-id"),
        Credential("Client ID", "Another id, of another way to sign in.", "its owner", kind="client-id"),
        Credential("Client secret", "A secret.", "its owner", secret=True, kind="client-secret"),
        Credential("Tenant ID", "A tenant.", "its owner", value="common", kind="tenant-id"),
        Credential("Managed identity", "After saving.", "the tab", kind="managed-identity"),
    )
    readme = bundle_files(plan._replace(credentials=credentials), places, "1")["README.md"].decode()
    gather, _, known = readme.partition("## Known already")
    assert "- **Tenant ID**: `common`\n" in known
    assert "**Tenant ID**" not in gather
    assert "in place of what is empty there: `clientId`." in gather
    assert "Managed identity" not in readme


def test_the_settings_of_paconn_know_the_environment_and_the_cloud(plan: Plan, places: Locator) -> None:
    guid, address = "Default-11111111-2222-3333-4444-555555555555", "https://contoso.crm.dynamics.com"
    usual = json.loads(bundle_files(plan, places, "1")["settings.json"])
    for environment, auth in (
        (guid, guid),
        (address, address),
        ("Contoso (Test); id", "ENVIRONMENT"),
        ("", "ENVIRONMENT"),
    ):
        files = bundle_files(plan, places, "1", deployer=DeployerSettings(environment=environment))
        settings, readme = json.loads(files["settings.json"]), files["README.md"].decode()
        assert settings == {**usual, "environment": guid if environment == guid else ""}
        assert ("It asks for the environment." in readme) is (environment != guid)
        assert f"pac auth create --environment {auth}\n" in readme
        assert ("for `ENVIRONMENT`" in readme) is (auth == "ENVIRONMENT")
        assert "paconn login\n" in readme


@pytest.mark.parametrize("cloud", CLOUDS)
def test_outside_of_the_public_cloud_everything_has_other_addresses(cloud: str, plan: Plan, places: Locator) -> None:
    endpoints = {"power-apps": "https://apps.example"}
    files = bundle_files(plan, places, "1", deployer=DeployerSettings(cloud=cloud, endpoints=endpoints))
    settings, readme = json.loads(files["settings.json"]), files["README.md"].decode()
    assert settings["powerAppsUrl"] == "https://apps.example"
    assert settings.get("flowUrl", CLOUDS["public"].flow) == CLOUDS[cloud].flow
    links = {str(link) for link in Page(files["index.html"]).values("href") if not str(link).startswith("#")}
    assert links == {f"https://{host}/" for host in (CLOUDS[cloud].apps_portal, CLOUDS[cloud].automate_portal)}
    elsewhere = cloud != "public"
    for words in ("as an app registration of yours", "paconn login --settings", f"--cloud {CLOUDS[cloud].pac} --env"):
        assert (words in readme) is elsewhere


def test_every_real_connector_makes_a_bundle(plan: Plan, places: Locator, connector_folders: list[Path]) -> None:
    made = 0
    for folder in connector_folders:
        try:
            definition, properties = (
                json.loads((folder / name).read_text(encoding="utf-8-sig"))
                for name in ("apiDefinition.swagger.json", "apiProperties.json")
            )
        except (OSError, ValueError):
            continue
        connector = Connector(definition, properties["properties"])
        files = bundle_files(plan._replace(candidate=connector, losses=(), name=folder.name), places, "1")
        Page(files["index.html"])
        with zipfile.ZipFile(io.BytesIO(files["solution.zip"])) as archive:
            inner = next(name for name in archive.namelist() if name.endswith("_openapidefinition.json"))
            assert json.loads(archive.read(inner)) == definition
        assert json.loads(files["apiDefinition.swagger.json"]) == definition
        made += 1
    assert made > 50


def test_the_report_of_a_bundle_has_no_steps(plan: Plan, places: Locator) -> None:
    assert json.loads(bundle_files(plan, places, "1")["report.json"])["steps"] == []
