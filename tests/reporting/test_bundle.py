import base64
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exporter.model.connectors import Connector
from exporter.model.json_values import Json
from exporter.model.plans import Baseline, Plan
from exporter.reporting import page_texts
from exporter.reporting.bundle import PORTAL_LIMIT, bundle_files, connector_files, without_secrets
from exporter.reporting.importing import Field, SignIn, general_fields, left_out, sign_in
from exporter.reporting.locating import Locator

EVIL = "x`\"'</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\n::error::\u202e\ud800\x00"
VOID = {"meta", "img", "input"}


class Page(HTMLParser):
    """Reads a page, and sees to it that every element is closed in its order."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(content.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


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


def test_the_page_asks_nothing_of_any_network(plan: Plan, places: Locator) -> None:
    page = Page(bundle_files(plan, places, "1")["index.html"])
    assert page.elements[3][1]["content"] == (
        "default-src 'none'; "
        + "; ".join(f"{kind}-src '{_digest(page, kind)}'" for kind in ("style", "script"))
        + "; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert all(str(source).startswith("data:image/png;base64,") for source in page.values("src"))
    assert {link for link in page.values("href") if not str(link).startswith("#")} == {
        "https://make.powerapps.com/",
        "https://make.powerautomate.com/",
    }
    assert page.values("style") == []
    assert "url(" not in "".join(page.texts)


def _digest(page: Page, kind: str) -> str:
    text = next(text for text in page.texts if ("color-scheme" if kind == "style" else "clipboard") in text)
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_page_can_be_walked_by_headings_links_and_names(plan: Plan, places: Locator) -> None:
    page = Page(bundle_files(plan, places, "1")["index.html"])
    names = page.values("id")
    assert len(names) == len(set(names))
    assert {str(link)[1:] for link in page.values("href") if str(link).startswith("#")} <= set(names)
    assert set(page.values("aria-labelledby")) <= set(names)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    buttons = [attributes for tag, attributes in page.elements if tag == "button"]
    assert all(button["aria-label"] and button["type"] == "button" for button in buttons)
    assert page.elements[0] == ("html", {"lang": "en"})


def test_the_page_says_every_value_beside_its_button(plan: Plan, places: Locator) -> None:
    html = bundle_files(plan, places, "1")["index.html"].decode()
    values = re.findall(r"<dt>(.*?)</dt><dd><code>(.*?)</code><button", html)
    assert values == [
        ("Client ID", "11-22"),
        ("Connector name", "Contoso Orders"),
        ("File", "apiDefinition.swagger.json"),
        ("Scheme", "HTTPS"),
        ("Host", "api.contoso.com"),
        ("Base URL", "/v1"),
        ("Description", "Orders of Contoso."),
        ("Icon background color", "#0b6a52"),
        ("Identity provider", "Generic Oauth 2"),
        ("Client ID", "11-22"),
        ("Token URL", "https://login.contoso.com/token"),
        ("Scope", "orders.read"),
    ]
    for words in (
        "From your list above: <code>Client secret</code>.",
        "2 actions and 1 trigger",
        "Register the redirect URL",
        "Code: on the tab <code>Code</code> switch code on",
        "Policies: add them by hand",
        "<code>ListOrders</code> is now called <code>GetOrders</code>.",
        "Never ask for the API&#39;s own credentials",
        "<code>oneOf</code> of 2. It cannot be said. Merged into one. (900 times)",
    ):
        assert words in html


def test_the_page_of_a_key_and_of_many_changes(plan: Plan, places: Locator) -> None:
    key = _keys(api_key={"type": "securestring", "uiDefinition": {"displayName": "The key"}})
    many = plan._replace(candidate=key, credentials=(), changes=plan.changes[1:] * 201)
    html = bundle_files(many, places, "1")["index.html"].decode()
    assert "asked for: <code>The key</code>." in html
    assert html.count('<div class="change">') == 200
    assert "1 more are in <code>report.json</code>." in html


def test_every_text_of_the_page_is_used() -> None:
    folder = Path(page_texts.__file__).parent
    code = "".join(
        (folder / name).read_text(encoding="utf-8") for name in ("page.py", "importing.py", "maker_cards.py")
    )
    made = ("verdict-", "security-", "after-", "file-", "kind-", "operations-trigger-")
    unused = [key for key in page_texts.TEXTS if not re.search(f"[\"']{key}[\"']", code) and not key.startswith(made)]
    assert unused == []


def test_the_page_of_a_first_export(plan: Plan, places: Locator) -> None:
    first = plan._replace(baseline=Baseline("none"), changes=(), credentials=(), losses=())
    html = bundle_files(first, places, "1")["index.html"].decode()
    assert "This is the first export" in html
    assert "the import itself needs no credentials" in html


def test_the_page_asks_for_a_host_that_the_file_does_not_name(plan: Plan, places: Locator) -> None:
    nowhere = {name: value for name, value in plan.candidate.definition.items() if name != "host"}
    made = plan._replace(candidate=plan.candidate._replace(definition=nowhere))
    asked, known = (
        bundle_files(it, places, "1")["index.html"].decode().count("Host</code>. The other values")
        for it in (made, plan)
    )
    assert (asked, known) == (1, 0)
    assert "the API at <code></code>" not in bundle_files(made, places, "1")["index.html"].decode()


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


def _keys(**parameters: Json) -> Connector:
    definition: dict[str, Json] = {"securityDefinitions": {"k": {"type": "apiKey", "name": "X-Key", "in": "header"}}}
    return Connector(definition, {"connectionParameters": parameters})


def test_how_connections_sign_in() -> None:
    label: dict[str, Json] = {"type": "securestring", "uiDefinition": {"displayName": "The key"}}
    assert sign_in(_keys()) == SignIn("none")
    assert sign_in(_keys(api_key=label)) == SignIn(
        "api-key",
        (Field("Parameter label", "The key"), Field("Parameter name", "X-Key"), Field("Parameter location", "Header")),
    )
    assert sign_in(_keys(username={}, password=label)) == SignIn(
        "basic", (Field("Parameter label", "username"), Field("Parameter label", "The key"))
    )
    settings: dict[str, Json] = {"identityProvider": "aad", "customParameters": {"LoginUri": {"value": "https://l"}}}
    assert sign_in(_keys(token={"type": "oAuthSetting", "OAuthSettings": settings})).fields == (
        Field("Identity provider", "Azure Active Directory (Microsoft Entra ID)"),
        Field("Authorization URL", "https://l"),
    )
    assert sign_in(Connector({}, {"connectionParameterSets": {"values": [{}]}})) == SignIn("several")


def test_what_a_file_alone_does_not_bring_along(plan: Plan) -> None:
    assert left_out(plan.candidate) == ("left-out-policies", "left-out-script")
    assert left_out(Connector({}, {"capabilities": ["gateway"], "connectionParameterSets": {}})) == (
        "left-out-sign-in",
        "left-out-gateway",
    )
    assert general_fields(Connector({"schemes": ["http"]}, {}))[0] == Field("Scheme", "HTTP")


def test_the_commands_of_the_readme(plan: Plan, places: Locator) -> None:
    readme = bundle_files(plan, places, "1")["README.md"].decode()
    commands = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    files = (
        "--api-definition-file apiDefinition.swagger.json --api-properties-file apiProperties.json "
        "--icon-file icon.png --script-file script.csx"
    )
    assert commands == [
        f"pac auth create --environment ENVIRONMENT\npac connector create {files}\n",
        f"pac connector update --connector-id ID {files}\n",
        'pip install paconn\npaconn login\npaconn create --settings settings.json --secret "$CLIENT_SECRET"\n',
        'paconn update --settings settings.json --secret "$CLIENT_SECRET"\n',
        "sha256sum --check SHA256SUMS\n",
    ]


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
        assert json.loads(files["apiDefinition.swagger.json"]) == definition
        made += 1
    assert made > 50


def test_the_report_of_a_bundle_has_no_steps(plan: Plan, places: Locator) -> None:
    assert json.loads(bundle_files(plan, places, "1")["report.json"])["steps"] == []
