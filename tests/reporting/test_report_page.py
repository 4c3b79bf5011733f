import re
from typing import Any

import pytest

from exporter.model.changes import Change, Impact
from exporter.model.errors import WrongInputs
from exporter.model.plans import NO_PLAN, Outcome, Report, State
from exporter.model.usage import Hurt, Kind, Usage, User
from exporter.reporting.locating import Links, Locator
from exporter.reporting.maker_diff import Mark, difference
from exporter.reporting.maker_view import Field, View, Views
from exporter.reporting.report_changes import grouped
from exporter.reporting.report_json import worth_a_page
from exporter.reporting.report_page import report_page
from tests.reporting.html_reader import Page
from tests.reporting.story import AFTER, BEFORE, compared, definition, operation, whole_story

LINKS = Links("https://github.com", "contoso/orders", "3f1c2ab", "https://example.com/changes.md", "")
STEPS = (Outcome("write-bundle", State.DONE, "The bundle lies in `out`."),)


def _page(report: Report, places: Locator) -> Page:
    content = report_page(report, places, LINKS, "1.2.3")
    assert content == report_page(report, places, LINKS, "1.2.3")
    return Page(content)


def _views(document: dict[str, Any]) -> dict[str, View]:
    return {view.operation: view for view in Views(document).all()}


def test_the_page_says_everything_and_asks_for_nothing(places: Locator) -> None:
    page = _page(Report(whole_story(), "check", STEPS), places)
    text = " ".join(page.texts)
    for told in (
        "Breaking",
        "break existing flows",
        "Who it will hurt",
        "breaks: it calls CancelOrder",
        "which operations, only its owner can see",
        "Orders of Ada",
        "The apps could not be read.",
        "edited by hand",
        "Conflict",
        "Nobody uses it.",
        "Until 2027-01-31.",
        "There is no host.",
        "A comma too many.",
        "oneOf",
        "What now",
        "Put what you accept",
        "api/openapi.yaml",
        "The bundle lies in",
    ):
        assert told in text, told
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "form", "base"}
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all(str(address).startswith(("https://", "#")) for address in page.values("href"))
    (policy,) = (value for value in page.values("content") if value and "default-src" in value)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy


def test_each_operation_stands_before_and_after(places: Locator) -> None:
    content = report_page(Report(compared(), "check"), places, LINKS, "1").decode()
    create = content[content.index("Create an order") : content.index("</details>")]
    for told in (
        "Gone",
        "New",
        "Changed: kind",
        "Changed: choices",
        "4 outputs as they were",
        "required",
        "Gone: <s>c</s>",
    ):
        assert told in create, told
    assert create.index("Before") < create.index("After")
    assert "It is gone." in content  # CancelOrder
    assert "It was not there." in content  # ShipOrder


def test_a_change_leads_to_its_line_and_to_the_one_that_it_was(places: Locator) -> None:
    plan = compared()
    plan = plan._replace(baseline=plan.baseline._replace(revision="4be07d1a4be07d1a"))
    links = LINKS._replace(sha="3f1c2ab3f1c2ab3f")
    content = report_page(Report(plan, "check"), places, links, "1").decode()
    assert 'href="https://github.com/contoso/orders/blob/3f1c2ab3f1c2ab3f/api/openapi.yaml#L' in content
    assert re.search(r'was <a href="[^"]*/blob/4be07d1a4be07d1a/[^"]*#L\d+" rel="noreferrer">line \d+</a> at', content)


def test_what_makers_see_differently() -> None:
    before, after = _views(BEFORE)["CreateOrder"], _views(AFTER)["CreateOrder"]
    found = difference(before, after)
    assert [(row.mark, row.field.path[-1], row.aspects) for row in found.fields.was] == [
        (Mark.CHANGED, "article", ("choices",)),
        (Mark.CHANGED, "amount", ("kind",)),
        (Mark.GONE, "note", ()),
    ]
    assert [(row.mark, row.field.path[-1]) for row in found.fields.now][-1] == (Mark.NEW, "reason")
    assert [(row.mark, row.field.path[-1]) for row in (*found.outputs.was, *found.outputs.now)] == [
        (Mark.GONE, "total"),
        (Mark.NEW, "state"),
    ]
    assert found.outputs.same == 4
    assert found.seen
    assert found.heading == ()
    renamed = difference(before, before._replace(title="Place an order", deprecated=True))
    assert renamed.heading == ("name", "whether it is deprecated")
    assert renamed.seen
    assert not difference(before, before).seen


def test_of_views_that_are_cut_nothing_is_called_gone_or_new() -> None:
    one, other = Field("a", ("body", "a"), "text"), Field("b", ("body", "b"), "text")
    before = View("t", "", "t", fields=(one, other))
    after = View("t", "", "t", fields=(other._replace(label="B"),), cut=True)
    assert [row.mark for row in difference(before, after).fields.was] == [Mark.CHANGED]


def test_choices_of_one_side_are_named_where_all_are_known() -> None:
    field = Field("a", ("query", "a"), "text", choices=("x", "y"))
    row, long = (
        difference(View("t", "", "t", fields=(one,)), View("t", "", "t", fields=(other,))).fields.now[0]
        for one, other in (
            (field, field._replace(choices=("y", "z"))),
            (field, field._replace(choices=tuple(map(str, range(50))))),
        )
    )
    assert row.choices == ("z",)
    assert long.choices == ()


def test_changes_stand_in_their_operation_those_that_break_first() -> None:
    def change(operation: str, impact: Impact) -> Change:
        return Change("id", impact, {}, (), "m", "a", "f", operation)

    given = [change("A", Impact.COMPATIBLE), change("", Impact.COMPATIBLE), change("B", Impact.BREAKING)]
    groups = grouped([*given, change("A", Impact.BREAKING)])
    assert [(group.operation, len(group.changes), group.breaks) for group in groups] == [
        ("B", 1, True),
        ("A", 2, True),
        ("", 1, False),
    ]
    assert groups[1].changes[0].impact is Impact.BREAKING


def test_thousands_of_changes_are_cut_and_the_rest_is_counted(places: Locator) -> None:
    many = {f"p{n}": {"type": "string"} for n in range(1500)}
    one = {f"O{n}": operation({"a": {"type": "string"}}, {}) for n in range(300)}
    plan = compared(
        definition(Big=operation({}, many), **one), definition(Big=operation({}, {"p0": {"type": "string"}}))
    )
    assert len(plan.changes) > 1700
    content = report_page(Report(plan, "check"), places, LINKS, "1")
    assert len(content) < 2_000_000
    assert b"more changes in <code>report.json</code>" in content
    assert content.count(b'<div class="side"') == 200  # of a hundred operations, the worst


def test_thousands_of_users_are_folded_and_the_rest_is_counted(places: Locator) -> None:
    users = [User(Kind.FLOW, f"Flow {n}", "Ada", str(n), ("A",), hurt=Hurt.YES, broken=("A",)) for n in range(2000)]
    page = report_page(Report(compared(usage=Usage(tuple(users))), "check"), places, LINKS, "1").decode()
    assert "<details><summary>All of them (2000)</summary>" in page
    assert page.count("Flow <b>Flow ") == 300
    assert "… and 1700 more in <code>report.json</code>" in page
    few = report_page(Report(compared(usage=Usage(tuple(users[:3]))), "check"), places, LINKS, "1").decode()
    assert "<li>Flow <b>Flow 2</b>, owned by Ada: breaks: it calls A</li>" in few
    assert "All of them" not in few
    assert "Who it will hurt" not in report_page(Report(compared(), "check"), places, LINKS, "1").decode()


@pytest.mark.parametrize("side", [{}, {"paths": []}, {"paths": {"/a": {"get": {"parameters": 1, "responses": []}}}}])
def test_nonsense_on_either_side_makes_a_page(places: Locator, side: Any) -> None:
    for plan in (compared(side, AFTER), compared(BEFORE, side)):
        _page(Report(plan, "check"), places)


def test_a_run_that_stopped_says_why(places: Locator) -> None:
    stopped = Report(NO_PLAN, "manual", problem=WrongInputs("icon: is no PNG file.\nname: is odd.", advice="Mend it."))
    text = " ".join(_page(stopped, places).texts)
    assert "Nothing was exported" in text
    assert "icon: is no PNG file." in text
    assert "Mend it." in text


def test_a_page_is_worth_it_where_there_is_something_to_say() -> None:
    plan = compared()
    assert worth_a_page(Report(plan, "check"))
    assert not worth_a_page(Report(plan._replace(changes=()), "manual"))  # a first export without any remark
    assert not worth_a_page(Report(plan._replace(changed=False, changes=()), "check"))
    assert worth_a_page(Report(plan._replace(changed=False, changes=(), drift=True), "check"))
    assert worth_a_page(Report(NO_PLAN, "check", problem=WrongInputs("x")))
