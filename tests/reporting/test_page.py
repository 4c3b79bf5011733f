import base64
import hashlib
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.changes import Acceptance, Verdict
from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object, as_object
from exporter.model.plans import NO_BASELINE, Baseline, Credential, Plan
from exporter.reporting.bundle import bundle_files
from exporter.reporting.grouping import grouped_losses
from exporter.reporting.importing import Field, SignIn, general_fields, left_out, sign_in
from exporter.reporting.locating import Locator
from exporter.reporting.page import page
from exporter.reporting.page_parts import exactly
from exporter.reporting.page_texts import ENGLISH
from exporter.reporting.solution import names_of
from exporter.reporting.texts import Texts
from exporter.security.connection import connection
from exporter.settings.settings import Auth, DeployerSettings, SecuritySettings
from tests.reporting.html_reader import Page, Text

FILES = ("README.md", "SHA256SUMS", "apiDefinition.swagger.json")
KEY_SCHEME: Json = {"k": {"type": "apiKey", "name": "X-Key", "in": "header"}}


def _html(plan: Plan, places: Locator, texts: Texts = ENGLISH, *, large: bool = False) -> bytes:
    lost = grouped_losses(plan.losses, places)
    return page(plan, names_of(plan.name), FILES, lost, "1", large=large, texts=texts)


def _said(plan: Plan, places: Locator) -> str:
    """Give all that the page says, on one line."""
    return " ".join(Page(_html(plan, places)).inside("main").split())


def _plan(plan: Plan, settings: SecuritySettings, definition: Object, base: Object) -> Plan:
    """Make the plan of a connector that signs in so."""
    found = connection(definition, settings, base)
    properties = {**found.base, "connectionParameters": found.parameters}
    return plan._replace(candidate=Connector(found.document, properties), credentials=found.credentials)


def test_the_page_asks_nothing_of_any_network(plan: Plan, places: Locator) -> None:
    html = Page(_html(plan, places))
    assert html.elements[3][1]["content"] == (
        "default-src 'none'; "
        + "; ".join(f"{kind}-src '{_digest(html.inside(kind))}'" for kind in ("style", "script"))
        + "; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert all(str(source).startswith("data:image/png;base64,") for source in html.values("src"))
    assert {link for link in html.values("href") if not str(link).startswith("#")} == {
        "https://make.powerapps.com/",
        "https://make.powerautomate.com/",
    }
    assert html.values("style") == []
    assert "url(" not in html.inside("style") + html.inside("script")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_page_can_be_walked_by_headings_links_and_names(plan: Plan, places: Locator) -> None:
    html = Page(_html(plan, places))
    names = html.values("id")
    assert len(names) == len(set(names))
    assert {str(link)[1:] for link in html.values("href") if str(link).startswith("#")} <= set(names)
    assert set(html.values("aria-labelledby")) <= set(names)
    levels = [int(tag[1]) for tag, _ in html.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    buttons = [attributes for tag, attributes in html.elements if tag == "button"]
    assert all(button["aria-label"] and button["type"] == "button" for button in buttons)
    assert html.elements[0] == ("html", {"lang": "en"})


def test_what_is_ticked_off_has_a_name_of_its_own_and_says_what_it_is(plan: Plan, places: Locator) -> None:
    html = Page(_html(plan, places))
    ticks = [str(name) for name in html.values("data-tick")]
    assert len(ticks) == len(set(ticks)) > 10
    assert [tag for tag, _ in html.elements].count("label") == len(ticks) + 1  # and the search
    assert html.values("data-for") == [plan.fingerprint]


def test_the_page_says_things_in_order(plan: Plan, places: Locator) -> None:
    sections = ["changed", "steps", "gather", "redirect", "operations", "after", "ways", "lost", "files"]
    assert Page(_html(plan, places)).values("aria-labelledby") == sections


def test_the_page_says_every_value_beside_its_button(plan: Plan, places: Locator) -> None:
    assert list(Page(_html(plan, places)).copied()) == [
        ("Connector name", "Contoso Orders"),
        ("File", "apiDefinition.swagger.json"),
        ("Scheme", "HTTPS"),
        ("Host", "api.contoso.com"),
        ("Base URL", "/v1"),
        ("Description", "Orders of Contoso."),
        ("Icon background color", "#0b6a52"),
        ("Authentication type", "OAuth 2.0"),
        ("Identity provider", "Generic Oauth 2"),
        ("Client ID", "11-22"),
        ("Token URL", "https://login.contoso.com/token"),
        ("Scope", "orders.read"),
        ("Client ID", "11-22"),
        ("File", "solution.zip"),
        ("Solution", "Contoso Orders"),
        ("Publisher", "ConnectorExporter"),
    ]


def test_the_page_says_what_this_connector_needs(plan: Plan, places: Locator) -> None:
    said = _said(plan, places)
    for words in (
        "From the credentials sheet: Client secret.",
        "2 actions and 1 trigger",
        "It is made when the connector is saved and differs in every environment",
        "switch to Code Enabled. Its operations: all.",
        "Policies (1): see",
        "ListOrders is now called GetOrders.",
        "Breaks: flows, at their next run or save; canvas apps, once the data source",
        "Compared with what was exported last (refs/exports/orders).",
        "the solution leaves out the sign-in, because an import would blank the client secret",
        "oneOf of 2. It cannot be said. Merged into one. (900 times)",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("auth", "fields", "says", "never_says"),
    [
        (Auth.NONE, [("Authentication type", "No authentication")], "Nothing to gather", "Redirect URIs"),
        (
            Auth.API_KEY,
            [
                ("Authentication type", "API Key"),
                ("Parameter label", "The key (ask Megan)"),
                ("Parameter name", "X-Key"),
                ("Parameter location", "Header"),
            ],
            "For the import you need none of these. Whoever makes a connection is asked for them:The key (ask Megan)",
            "Redirect URIs",
        ),
        (
            Auth.BASIC,
            [
                ("Authentication type", "Basic authentication"),
                ("Parameter label of the user name", "User name"),
                ("Parameter label of the password", "Password"),
            ],
            "each maker types their own when they make a connection",
            "Redirect URIs",
        ),
        (
            Auth.AAD,
            [
                ("Authentication type", "OAuth 2.0"),
                ("Identity provider", "Azure Active Directory"),
                ("Client ID", "c-1"),
                ("Authorization URL", "https://login.microsoftonline.com"),
                ("Tenant ID", "common"),
                ("Resource URL", "api://orders"),
            ],
            "From the credentials sheet: Client secret and Scope.",
            "Token URL",
        ),
        (
            Auth.OAUTH2,
            [
                ("Authentication type", "OAuth 2.0"),
                ("Identity provider", "Generic Oauth 2"),
                ("Client ID", "c-1"),
                ("Authorization URL", "https://a.example/a"),
                ("Token URL", "https://a.example/t"),
                ("Refresh URL", "https://a.example/t"),
            ],
            "From the credentials sheet: Client secret and Scope.",
            "Tenant ID",
        ),
    ],
)
def test_each_way_to_sign_in_has_its_fields(
    auth: Auth, fields: list[tuple[str, str]], says: str, never_says: str, plan: Plan, places: Locator
) -> None:
    settings = SecuritySettings(
        auth=auth,
        api_key_label="The key (ask Megan)",
        client_id="c-1",
        resource_url="api://orders",
        authorization_url="https://a.example/a",
        token_url="https://a.example/t",
    )
    definition: Object = {
        **plan.candidate.definition,
        "securityDefinitions": KEY_SCHEME if auth is Auth.API_KEY else {},
    }
    made = _plan(plan, settings, definition, {})
    copied = list(Page(_html(made, places)).copied())
    first = copied.index(fields[0])
    assert copied[first : first + len(fields)] == fields
    said = _said(made, places)
    assert says in said
    assert never_says not in said


def test_a_redirect_url_that_is_known_is_given(plan: Plan, places: Locator) -> None:
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "oauth2", "redirectMode": "Global"}}
    made = plan._replace(candidate=plan.candidate._replace(properties={"connectionParameters": {"token": token}}))
    assert ("Redirect URL", "https://global.consent.azure-apim.net/redirect") in Page(_html(made, places)).copied()


def _steps_of(html: Page) -> list[str]:
    return [str(name) for name in html.values("data-tick") if not str(name).startswith(("gather-", "after-"))]


def test_a_sign_in_that_the_portal_cannot_show_never_goes_through_its_wizard(plan: Plan, places: Locator) -> None:
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "oauth2generic", "clientId": "c"}}
    for properties in (
        {"connectionParameters": {"token": token}},
        {"connectionParameterSets": {"values": [{"parameters": {"token": token}}]}},
    ):
        made = plan._replace(candidate=plan.candidate._replace(properties=properties), credentials=())
        said = _said(made, places)
        assert "take the terminal" in said
        assert b"one step takes a terminal" in _html(made, places)
        assert "New custom connector" not in said
        assert "Create connector" not in said
        assert _steps_of(Page(_html(made, places))) == ["need", "bring", "open", "compare", "register", "test"]
    steps = ["need", "open", "file", "general", "security", "definition", "left-out", "save", "register", "test"]
    assert _steps_of(Page(_html(plan, places))) == steps


def _entra(plan: Plan, base: Json = None, **settings: str | bool) -> Plan:
    known = {"client_id": "c-1", "tenant_id": "t-1", "resource_url": "api://orders", **settings}
    return _plan(plan, SecuritySettings(auth=Auth.AAD, **known), plan.candidate.definition, as_object(base))  # type: ignore[arg-type]


def test_an_identity_is_registered_after_saving_and_gathered_from_nobody(plan: Plan, places: Locator) -> None:
    made = _entra(plan, managed_identity=True)
    html = Page(_html(made, places))
    assert _steps_of(html)[-4:] == ["save", "register", "identity", "test"]
    said = _said(made, places)
    assert "From the credentials sheet: Scope." in said
    assert "Have secrets handed over" not in said
    assert ("Secret options", "Use managed identity") in html.copied()
    assert "identity" not in _steps_of(Page(_html(_entra(plan), places)))


def test_a_secret_in_an_environment_variable_is_named_and_not_gathered(plan: Plan, places: Locator) -> None:
    reference = '@environmentVariables("new_Secret")'
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "aad", "clientSecret": reference}}
    made = _entra(plan, {"connectionParameters": {"token": token}})
    assert ("Client secret", reference) in Page(_html(made, places)).copied()
    said = _said(made, places)
    assert (
        f"The environment variable that holds the client secret, in the same environment: the connector names it as {reference}."
        in said
    )
    assert "From the credentials sheet: Scope." in said
    assert "The environment variable" not in _said(_entra(plan), places)


def test_makers_are_told_to_type_bearer_where_they_must(plan: Plan, places: Locator) -> None:
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header"}
    for more, times in (({"description": "A bearer token"}, 1), ({}, 0)):
        definition = {**plan.candidate.definition, "securityDefinitions": {"h": {**scheme, **more}}}
        made = _plan(plan, SecuritySettings(auth=Auth.API_KEY), definition, {})
        assert _said(made, places).count("the word Bearer, a blank and the token") == times


def test_the_page_says_which_environment_it_was_made_for(plan: Plan, places: Locator) -> None:
    for environment, said in (("Contoso <Test>", True), ("", False)):
        html = page(plan, names_of(plan.name), FILES, (), "1", large=False, deployer=DeployerSettings(environment))
        assert ("made for the environment Contoso <Test>." in Page(html).inside("main")) is said
        assert Page(html).values("data-for") == [f"{plan.fingerprint} {environment}".strip()]


def test_a_value_that_looks_like_another_one_says_so(plan: Plan, places: Locator) -> None:
    for host, times in (("api.\u202emoc.live", 1), ("api.contoso.com", 0)):
        definition = {**plan.candidate.definition, "host": host}
        made = plan._replace(candidate=plan.candidate._replace(definition=definition))
        assert _said(made, places).count("Without them it is api.moc.live.") == times
        assert ("Host", host) in Page(_html(made, places)).copied()


def test_a_solution_whose_sign_in_nobody_could_complete_says_so(plan: Plan, places: Locator) -> None:
    urls = {"authorization_url": "https://a.example/a", "token_url": "https://a.example/t"}
    for client_id, times in (("c", 0), ("", 1)):
        settings = SecuritySettings(auth=Auth.OAUTH2_PKCE, client_id=client_id, **urls)
        made = _plan(plan, settings, plan.candidate.definition, {})
        assert _said(made, places).count("Values of the sign-in are empty in it") == times
        readme = bundle_files(made, places, "1")["README.md"].decode()
        assert readme.count("is empty in the solution, too") == times
        assert readme.count("portal cannot show it: take `pac` or `paconn`") == times


def test_a_solution_whose_sign_in_the_portal_shows_is_completed_there(plan: Plan, places: Locator) -> None:
    for client_id, times in (("c", 0), ("", 1)):
        made = _entra(plan, client_id=client_id, managed_identity=True)
        assert _said(made, places).count("are empty in it: type them on the tab Security") == times


def test_a_solution_without_the_gateway_says_so(plan: Plan, places: Locator) -> None:
    properties = {**plan.candidate.properties, "capabilities": ["gateway"]}
    made = plan._replace(candidate=plan.candidate._replace(properties=properties))
    assert "It leaves out the on-premises data gateway" in _said(made, places)
    assert "It leaves out the on-premises data gateway" not in _said(plan, places)


def test_what_is_accepted_stands_apart_from_what_breaks(plan: Plan, places: Locator) -> None:
    taken = plan.changes[1]._replace(accepted=Acceptance("We asked.", "2027-01-31"))
    said = _said(plan._replace(changes=(*plan.changes, taken)), places)
    assert "canvas apps or agents (1 accepted until 2027-01-31)." in said


def test_many_changes_are_counted(plan: Plan, places: Locator) -> None:
    html = _html(plan._replace(changes=plan.changes[1:] * 201), places).decode()
    assert html.count('<div class="change">') == 200
    assert "1 more are in <code>report.json</code>." in html


def test_the_page_of_a_first_export(plan: Plan, places: Locator) -> None:
    said = _said(plan._replace(baseline=Baseline("none"), changes=(), losses=()), places)
    assert "This is the first export" in said
    assert "What the connector cannot say" not in said


def test_the_page_asks_for_a_host_that_the_file_does_not_name(plan: Plan, places: Locator) -> None:
    nowhere = {name: value for name, value in plan.candidate.definition.items() if name != "host"}
    made = plan._replace(candidate=plan.candidate._replace(definition=nowhere))
    asked, known = (_said(it, places).count("The file does not say where the API is") for it in (made, plan))
    assert (asked, known) == (1, 0)
    assert b"the API at <code></code>" not in _html(made, places)


@given(st.text() | st.sampled_from(["a\r\nb\tc", "`x` <b>&amp;", "\u202e\u200bzero", "  blanks  "]))
def test_a_value_can_be_copied_as_it_was_written(value: str) -> None:
    kept = re.sub("[\x00\ud800-\udfff]", "", value)
    assert Page(f"<dd><code>{exactly(value)}</code></dd>".encode()).inside("code") == kept


def test_how_connections_sign_in() -> None:
    def keys(**parameters: Json) -> Connector:
        return Connector({"securityDefinitions": KEY_SCHEME}, {"connectionParameters": parameters})

    assert sign_in(keys()) == SignIn("none", (Field("authentication", "none", listed=True),))
    assert sign_in(keys(a={"type": "SecureString"})).fields[1:] == (
        Field("parameter-label", "a"),
        Field("parameter-name", "X-Key"),
        Field("parameter-location", "header", listed=True),
    )
    settings: dict[str, Json] = {"identityProvider": "AAD", "customParameters": {"LoginUri": {"value": "https://l"}}}
    assert sign_in(keys(token={"type": "oAuthSetting", "OAuthSettings": settings})).fields[1:] == (
        Field("provider", "aad", listed=True),
        Field("login-url", "https://l"),
    )
    assert sign_in(Connector({}, {"connectionParameterSets": {"values": [{}]}})) == SignIn("several")


def test_what_a_file_alone_does_not_bring_along(plan: Plan) -> None:
    assert left_out(plan.candidate) == ("left-out-policies", "left-out-script")
    assert left_out(Connector({}, {"capabilities": ["gateway"]})) == ("left-out-gateway",)
    assert general_fields(Connector({"schemes": ["http"]}, {}))[0] == Field("scheme", "HTTP")


def test_every_text_of_the_page_is_used() -> None:
    folder = Path(__file__).parents[2] / "exporter" / "reporting"
    names = [*folder.glob("page*.py"), *folder.glob("maker_*.py"), folder / "words.py", folder / "importing.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in names if not path.name.endswith("_texts.py"))
    stems = set(re.findall(r'f[\'"]([a-z-]+-)\{', code)) | {"list-"}
    tails = {f"{key}-{tail}" for key in ("changes", "actions", "triggers") for tail in ("one", "many")}
    unused = [
        key
        for key in ENGLISH.table
        if not re.search(rf"[\"']{key}[\"']", code) and key not in tails and not key.startswith(tuple(stems))
    ]
    assert unused == []


BRACKETS = Texts("xx", {key: f"⟦{text}⟧" for key, text in ENGLISH.table.items()})
"""A translation that shows which text comes out of the table."""


def _blocks(html: Page) -> list[Text]:
    """Give texts without the values in them: code and links that stand in a sentence leave its brackets whole."""
    blocks: dict[int, Text] = {}
    for it in html.told:
        tags = {tag for tag, _ in it.inside}
        english = any(attributes.get("lang") == "en" for _, attributes in it.inside)
        if it.inside and not tags & {"code", "a", "style", "script"} and not english:
            attribute = it.text in it.inside[-1][1].values()
            key = id(it) if attribute else id(it.inside[-1][1])
            before = blocks[key].text if key in blocks else ""
            blocks[key] = Text(before + it.text, it.inside)
    return list(blocks.values())


def _own_words(text: str) -> str:
    """Give the letters of a text that are not between brackets."""
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = shorter
    return re.sub(r"[\W\d]", "", text)


def _variants(plan: Plan) -> dict[str, Plan]:
    taken = plan.changes[1]._replace(accepted=Acceptance("да", "2027-01-31"))
    base = plan.baseline
    one_set: Json = {"values": [{"parameters": {"token": {"type": "oauthSetting", "oAuthSettings": {}}}}]}
    none: Object = {"iconBrandColor": "#fff", "capabilities": ["gateway"], "scriptOperations": ["ListOrders"]}
    return {
        "breaking": plan._replace(changes=(*plan.changes, taken)),
        "accepted": plan._replace(verdict=Verdict.COMPATIBLE, changes=(plan.changes[0], taken)),
        "compatible": plan._replace(verdict=Verdict.COMPATIBLE, changes=plan.changes[:1]),
        "none": plan._replace(verdict=Verdict.NONE, changes=(), baseline=base._replace(source="git main")),
        "unknown": plan._replace(verdict=Verdict.UNKNOWN, baseline=base._replace(source="file a.json")),
        "first": plan._replace(verdict=Verdict.UNKNOWN, baseline=NO_BASELINE, changes=()),
        "several": plan._replace(candidate=plan.candidate._replace(properties={"connectionParameterSets": one_set})),
        "no sign-in": plan._replace(candidate=plan.candidate._replace(properties=none), credentials=()),
        "identity": _entra(plan, managed_identity=True),
        "strange": plan._replace(credentials=(Credential("Ω", "Ж", "Б"),), baseline=base._replace(source="жб")),
    }


NAMES = (
    "accepted",
    "breaking",
    "compatible",
    "first",
    "identity",
    "no sign-in",
    "none",
    "several",
    "strange",
    "unknown",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_translation_of_the_table_changes_every_word_that_people_see(name: str, plan: Plan, places: Locator) -> None:
    made = _variants(plan)[name]
    kept = {made.name, "Ω", "List orders", "CreateOrder", "When ordered", "Since", "page", "Article", "qty", "v"}
    html = Page(_html(made, places, BRACKETS, large=True))
    left = {it.text for it in _blocks(html) if it.text.strip() not in kept and _own_words(it.text)}
    assert left == set()
    assert html.elements[0] == ("html", {"lang": "xx"})
    assert html.inside("title").startswith("⟦")


def test_what_stays_english_in_a_translation_says_so(plan: Plan, places: Locator) -> None:
    assert 'lang="en"' in _html(plan, places, BRACKETS).decode()
    assert Page(_html(plan, places)).values("lang") == ["en"]
