"""The bundle's page in a real browser: what its buttons copy, and which ticks it keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exporter.model.connectors import Connector
from exporter.model.json_values import Json, Object
from exporter.model.plans import NO_BASELINE, NO_PLAN, Plan
from exporter.openapi.places import NO_PLACES
from exporter.reporting.bundle import bundle_files
from exporter.security.connection import connection
from exporter.settings.settings import Auth, SecuritySettings
from tests.pages.conftest import SCHEMES, SHOTS, WIDTHS, Browser
from tests.reporting.html_reader import Page

ORDERS = Path(__file__).parents[2] / "examples" / "orders"
COPY_ALL = """(async () => {
  const copied = [], clipboard = navigator.clipboard, before = document.body.dataset.copy;
  for (const button of document.querySelectorAll(".copy")) {
    await clipboard.writeText("nothing yet");
    button.click();
    while (button.textContent === before) await new Promise((later) => setTimeout(later, 1));
    copied.push([document.getElementById("said").textContent, await clipboard.readText()]);
  }
  return copied;
})()"""
WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
TICKED = "[...document.querySelectorAll('[data-tick]')].filter((one) => one.checked).map((one) => one.dataset.tick)"
TICK_THREE = (
    "for (const name of ['open', 'security', 'after-share']) document.querySelector(`[data-tick=${name}]`).click()"
)
WAYS = (Auth.NONE, Auth.API_KEY, Auth.BASIC, Auth.AAD, Auth.OAUTH2, Auth.DROPBOX, Auth.OAUTH2_PKCE)


def _plan(auth: Auth, base: Object | None = None, **info: Json) -> Plan:
    document = json.loads((ORDERS / "swagger.json").read_bytes())
    document["info"].update(info)
    settings = SecuritySettings(
        auth=auth,
        client_id="11111111-2222-3333-4444-555555555555",
        resource_url="api://contoso-orders",
        authorization_url="https://login.contoso.example/authorize?a=1&b=2",
        token_url="https://login.contoso.example/token",
        scopes=("orders.read", "orders.write"),
    )
    found = connection(document, settings, base or {})
    properties = {"connectionParameters": found.parameters, "iconBrandColor": "#742774"}
    connector = Connector(found.document, properties, (ORDERS / "icon.png").read_bytes())
    return NO_PLAN._replace(
        name=document["info"]["title"],
        candidate=connector,
        credentials=found.credentials,
        fingerprint="0123456789abcdef" * 4,
        baseline=NO_BASELINE,
    )


def _index(plan: Plan) -> bytes:
    return bundle_files(plan, NO_PLACES, "1.2.3")["index.html"]


@pytest.mark.parametrize("auth", WAYS, ids=lambda auth: auth.value)
def test_every_copy_button_copies_exactly_the_value_beside_it(browser: Browser, auth: Auth) -> None:
    content = _index(_plan(auth))
    values = [value for _, value in Page(content).copied()]
    assert len(values) > 8
    seen = browser.look(content, script=COPY_ALL)
    assert seen.value == [["Copied", value] for value in values]
    assert seen.said == []


def test_a_value_is_copied_to_the_letter(browser: Browser) -> None:
    strange = "  two\nlines\tand `ticks` <b>&amp;</b> \u202eright to left\u202c \u00a0 é 漢 🎉  "
    content = _index(_plan(Auth.NONE, description=strange, title="A & \"B\" <c> 'd'"))
    seen = browser.look(content, script=COPY_ALL)
    copied = [value for _, value in seen.value]
    assert strange in copied
    assert "A & \"B\" <c> 'd'" in copied
    assert seen.said == []


def test_values_are_copied_where_a_browser_offers_no_clipboard(browser: Browser) -> None:
    content = _index(_plan(Auth.API_KEY))
    script = COPY_ALL.replace("for (const button", f"{WITHOUT_CLIPBOARD}\n  for (const button")
    seen = browser.look(content, script=script)
    assert [value for _, value in seen.value] == [value for _, value in Page(content).copied()]
    assert seen.said == []


def test_ticks_survive_a_reload_and_belong_to_this_version_of_this_connector(browser: Browser) -> None:
    script = f"(() => {{ {TICK_THREE}; return Object.keys(localStorage); }})()"
    seen = browser.look(_index(_plan(Auth.AAD)), script=script, again=TICKED)
    assert seen.again == ["open", "security", "after-share"]
    (place,) = seen.value
    assert place.endswith("0123456789abcdef" * 4)
    undone = browser.look(_index(_plan(Auth.AAD)), script=f"{TICK_THREE};\n{TICK_THREE}", again=TICKED)
    assert undone.again == []


@pytest.mark.parametrize("kept", ["{", "7", "null", '["nothing", 7, null]', '{"a": 1}'])
def test_a_store_that_holds_nonsense_is_no_trouble(browser: Browser, kept: str) -> None:
    plan = _plan(Auth.AAD)
    place = f"connector-import:{plan.fingerprint}"
    script = f"localStorage.setItem({json.dumps(place)}, {json.dumps(kept)})"
    seen = browser.look(_index(plan), script=script, again=f"(() => {{ {TICK_THREE}; return {TICKED}; }})()")
    assert seen.again == ["open", "security", "after-share"]
    assert seen.said == []


def test_a_browser_that_keeps_nothing_is_no_trouble(browser: Browser) -> None:
    forbidden = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } });"
    seen = browser.look(_index(_plan(Auth.NONE)), script=f"(() => {{ {forbidden} {TICK_THREE}; return {TICKED}; }})()")
    assert seen.value == ["open", "security", "after-share"]
    assert seen.said == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("auth", [Auth.API_KEY, Auth.AAD, Auth.OAUTH2_PKCE], ids=lambda auth: auth.value)
def test_the_example_fits_and_everybody_can_read_it(browser: Browser, auth: Auth, width: int, scheme: str) -> None:
    content = _index(_plan(auth))
    seen = browser.look(content, width=width, scheme=scheme, judge=True)
    assert seen.said == []
    assert seen.wide <= 0
    assert seen.serious == []


@pytest.mark.parametrize(("part", "width", "scheme"), [
    ("steps", 1440, "light"), ("steps", 360, "dark"), ("gather", 1440, "dark"), ("gather", 360, "light"),
])  # fmt: skip
@pytest.mark.skipif(not SHOTS, reason="no pictures are asked for: `make pages SHOTS=docs/images` takes them")
def test_pictures_for_the_docs(browser: Browser, part: str, width: int, scheme: str) -> None:
    at = {"steps": "[data-tick=general]", "gather": "#gather"}[part]
    script = f"document.querySelector('{at}').scrollIntoView(); {TICK_THREE}"
    browser.look(
        _index(_plan(Auth.AAD)), width=width, scheme=scheme, script=script, shot=f"bundle-{part}-{scheme}-{width}"
    )


def test_on_paper_there_are_no_buttons_and_every_tick_has_its_box(browser: Browser) -> None:
    script = """(() => ["button", "nav", "[data-tick]"].map(
      (what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).length))()"""
    seen = browser.look(_index(_plan(Auth.AAD)), width=700, media="print", script=script)
    buttons, contents, ticks = seen.value
    assert (buttons, contents) == (0, 0)
    assert ticks > 15
    assert seen.wide <= 0
