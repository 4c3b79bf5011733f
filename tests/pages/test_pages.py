"""Our pages in a real browser: they ask for nothing, fit a phone, and are readable by everybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exporter.model.connectors import Connector
from exporter.model.plans import NO_BASELINE, NO_PLAN, Plan, Report
from exporter.openapi.places import NO_PLACES
from exporter.reporting.bundle import bundle_files
from exporter.reporting.locating import Links
from exporter.reporting.report_page import report_page
from tests.pages.conftest import SCHEMES, SHOTS, WIDTHS, Browser
from tests.reporting.story import compared, whole_story

CONNECTORS = Path(__file__).parents[2].parent / "shared" / "corpus" / "connectors"
ORDERS = Path(__file__).parents[2] / "examples" / "orders" / "swagger.json"
LINKS = Links("https://github.com", "contoso/orders", "3f1c2ab", "https://example.com/changes.md", "")
OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"
SEARCH = """(text) => {
  const start = performance.now(), field = document.querySelector(".search input");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  const shown = [...document.querySelectorAll(".op")].filter((card) => card.checkVisibility());
  return [shown.length, document.getElementById("found").textContent, performance.now() - start];
}"""


def _report(plan: Plan) -> bytes:
    return report_page(Report(plan, "check"), NO_PLACES, LINKS, "1.2.3")


def _index(plan: Plan) -> bytes:
    return bundle_files(plan, NO_PLACES, "1.2.3")["index.html"]


def _largest() -> Plan:
    if not CONNECTORS.is_dir():
        pytest.skip("../shared/corpus is not here")
    sizes = {path: path.stat().st_size for path in CONNECTORS.glob("*/apiDefinition.swagger.json")}
    document = json.loads(max(sizes, key=sizes.__getitem__).read_bytes())
    return NO_PLAN._replace(
        name="The largest", candidate=Connector(document, {}), fingerprint="f" * 64, changed=True, baseline=NO_BASELINE
    )


@pytest.fixture(scope="module", params=["report", "index"])
def page(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    make = {"report": _report, "index": _index}[request.param]
    return request.param, make(whole_story())


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_says_nothing_asks_nothing_and_fits(
    browser: Browser, page: tuple[str, bytes], width: int, scheme: str
) -> None:
    for script in ("", OPEN_ALL):
        seen = browser.look(page[1], width=width, scheme=scheme, script=script, judge=True)
        assert seen.said == []
        assert seen.wide <= 0
        assert seen.serious == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.skipif(not SHOTS, reason="no pictures are asked for: `make pages SHOTS=docs/images` takes them")
def test_pictures_for_the_docs(browser: Browser, width: int, scheme: str) -> None:
    before, after = _orders()
    plan = compared(before, after)
    shown = (
        ("report", _report, "header"),
        ("before-and-after", _report, ".sides"),
        ("operations", _index, "#operations"),
    )
    for name, make, what in shown:
        opened = "for (const one of [...document.querySelectorAll('.op')].slice(0, 2)) one.open = true"
        script = f"{opened}; document.querySelector('{what}').scrollIntoView()"
        browser.look(make(plan), width=width, scheme=scheme, script=script, shot=f"{name}-{scheme}-{width}")


def _orders() -> tuple[Any, Any]:
    """Give the example's definition, and what a hasty release makes of it."""
    before, after = (json.loads(ORDERS.read_bytes()) for _ in range(2))
    orders = after["paths"]["/orders"]
    orders["post"]["summary"] = "Place an order"
    orders["get"]["parameters"][0]["enum"].pop()
    del after["paths"]["/customers/{customerId}"]["get"]
    new, order = (after["definitions"][name] for name in ("NewOrder", "Order"))
    new["required"].append("costCentre")
    new["properties"]["costCentre"] = {"type": "string", "x-ms-summary": "Cost centre", "description": "Who pays."}
    del order["properties"]["total"]
    return before, after


def test_a_page_on_paper_fits_and_shows_what_is_folded(browser: Browser) -> None:
    script = "[...document.querySelectorAll('main details li')].filter((one) => one.checkVisibility()).length"
    seen = browser.look(_report(whole_story()), width=700, media="print", script=script)
    assert seen.wide <= 0
    assert seen.value > 10


def test_a_keyboard_reaches_every_fold_and_link(browser: Browser, page: tuple[str, bytes]) -> None:
    script = """[...document.querySelectorAll("a, button, summary, input, pre")]
      .filter((one) => one.checkVisibility() && one.tabIndex < 0).map((one) => one.outerHTML)"""
    assert browser.look(page[1], script=script).value == []


def test_the_search_finds_operations_by_all_that_stands_in_them(browser: Browser) -> None:
    content = _index(compared())
    find = lambda text: browser.look(content, script=f"({SEARCH})({json.dumps(text)})").value[:2]  # noqa: E731
    assert find("") == [3, "3 of 3"]
    assert find("CREATE") == [1, "1 of 3"]
    assert find("orders list") == [1, "1 of 3"]
    assert find("sku price") == [2, "2 of 3"]
    assert find("no such thing") == [0, "0 of 3"]


def test_the_largest_connector_is_shown_and_searched_within_a_second(browser: Browser) -> None:
    plan = _largest()
    content = _index(plan)
    expected = content.count(b'<details class="op"')
    assert expected > 150
    seen = browser.look(content, width=360, script=f"({SEARCH})('')")
    shown, _, searched = seen.value
    assert shown == expected
    assert seen.milliseconds < 1000
    assert searched < 1000
    assert seen.said == []
    assert seen.wide <= 0


def test_a_report_of_thousands_of_changes_opens_within_a_second(browser: Browser) -> None:
    def operations(kind: str) -> dict[str, Any]:
        fields = {f"p{n}": {"type": kind} for n in range(20)}
        answer = {"200": {"description": "ok", "schema": {"properties": fields}}}
        paths = {f"/{n}": {"get": {"operationId": f"O{n}", "responses": answer}} for n in range(250)}
        return {"swagger": "2.0", "paths": paths}

    before, after = json.loads(json.dumps([operations("string"), operations("integer")]))  # shares nothing
    plan = compared(before, after)
    assert len(plan.changes) == 5000
    seen = browser.look(_report(plan), width=360, script="document.querySelectorAll('.side').length")
    assert seen.value > 10
    assert seen.milliseconds < 1000
    assert seen.wide <= 0
