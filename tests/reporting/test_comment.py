"""The comment on a pull request: what it says, when it appears, that it is never too long and never broken out of."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from exporter.comparison.moves import quoted
from exporter.model.changes import Acceptance, Change, Effect, Impact, Surface, Verdict
from exporter.model.definitions import Place
from exporter.model.errors import NotExportable, ServiceFailed, StoppedByFailOn
from exporter.model.findings import Finding, Severity
from exporter.model.plans import NO_PLAN, Baseline, Plan, Report
from exporter.model.pointers import Pointer
from exporter.reporting.comment import LIMIT, comment, is_about_makers, is_due
from exporter.reporting.locating import Links, Locator
from exporter.settings.settings import Comment

HEAD, BASE = "3f1c2ab" + "0" * 33, "4be07d1" + "0" * 33
RUN = "https://github.com/contoso/orders/actions/runs/17"
LINKS = Links("https://github.com", "contoso/orders", HEAD, "https://docs/changes.md", "https://docs/rules.md", RUN)
THERE = f"https://github.com/contoso/orders/blob/{HEAD}/api/openapi.yaml"
BEFORE = f"https://github.com/contoso/orders/blob/{BASE}/api/openapi.yaml"
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

EXPECTED = f"""\
### 🔴 Breaking: 1 change in `Contoso Orders` breaks existing flows, canvas apps or agents

Compared with commit [`4be07d1`](https://github.com/contoso/orders/commit/{BASE}).

| | Flows | Canvas apps | Connections | Logic Apps | Agents |
|:--|--:|--:|--:|--:|--:|
| Breaks | 1 | 1 | - | - | - |
| Breaks if used that way | - | - | - | - | 1 |

#### 1 · `ListOrders` is now called `GetOrders`

- **Breaks:** flows, at their next run or save; canvas apps, once the data source is refreshed in Power Apps Studio.
- **Breaks if used that way:** agents, the next time they use it.
- **What to do:** Put `ListOrders` back.
- [`api/openapi.yaml:44`]({THERE}#L44) · was [line 74]({BEFORE}#L74) at `4be07d1` · \
rule [`operation-id-changed`](https://docs/changes.md#operation-id-changed) · `a41f9c20a41f9c20`

<details><summary><b>Accept these changes on purpose</b></summary>

Put what you accept into the file that the input `accept` names; `until` is its last day, as 2027-01-31.

```yaml
accepted:
  - fingerprint: "a41f9c20a41f9c20"  # operation-id-changed ListOrders
    reason: ""
    until: ""
```

</details>

<details><summary><b>New, and what makers do not notice</b> · 1</summary>

- `CancelOrder`: The operation is new. [`api/openapi.yaml:42`]({THERE}#L42) · \
rule [`operation-added`](https://docs/changes.md#operation-added)

</details>

<sub>Kept up to date with each push; this is about `3f1c2ab` · [all of it in the job summary]({RUN}) · \
[what the rules mean](https://docs/changes.md) · connector-exporter 0.1.0</sub>
"""


@pytest.fixture
def plan(plan: Plan) -> Plan:
    added, renamed = plan.changes
    renamed = renamed._replace(old_pointer=renamed.pointer)
    baseline = Baseline(f"git {BASE}", "ee", plan.candidate, revision=BASE)
    return plan._replace(baseline=baseline, changes=(added, renamed), findings=(), losses=())


def compatible(plan: Plan, *changes: Change) -> Plan:
    return plan._replace(verdict=Verdict.COMPATIBLE, changes=changes)


def told(plan: Plan, places: Locator) -> str:
    return comment(Report(plan, "check"), places, LINKS)


def test_the_whole_of_it(plan: Plan, places: Locator) -> None:
    assert told(plan, places) == EXPECTED


def test_nothing_is_linked_where_nothing_is_known(plan: Plan, places: Locator) -> None:
    text = comment(Report(plan, "check"), places, Links())
    assert "](" not in text
    assert "was line 74 at `4be07d1`" in text


def test_a_baseline_that_was_no_file_has_no_lines(plan: Plan, places: Locator) -> None:
    added, renamed = plan.changes
    assert " was " not in told(plan._replace(changes=(added, renamed._replace(old_pointer=None))), places)


def test_what_can_break_without_being_a_breaking_change_is_not_folded(plan: Plan, places: Locator) -> None:
    moved = plan.changes[1]._replace(impact=Impact.COMPATIBLE, surfaces={Surface.APPS: Effect.BREAKS})
    text = told(compatible(plan, plan.changes[0], moved), places)
    assert text.startswith("### 🟠 Check: 1 of 2 changes in `Contoso Orders` can break existing canvas apps\n")
    line = "- `ListOrders` is now called `GetOrders`. **Breaks:** published canvas apps, at once. **What to do:** Put"
    assert line in text.partition("<details>")[0]


def test_what_was_accepted_is_struck_out_and_has_its_reason(plan: Plan, places: Locator) -> None:
    taken = plan.changes[1]._replace(accepted=Acceptance("No *flow* uses it, says @octo.", "2027-01-31"))
    text = told(compatible(plan, taken), places)
    assert text.startswith("### 🟡 Accepted: 1 change in `Contoso Orders`, of the breaking ones 1 accepted until 2027")
    assert "- ~~`ListOrders` is now called `GetOrders`.~~ *No &#42;flow&#42; uses it, says @&#8203;octo.*" in text
    assert "| Breaks |" not in text
    assert "```yaml" not in text


def test_a_definition_that_cannot_be_exported_says_its_errors(plan: Plan, places: Locator) -> None:
    broken = plan._replace(findings=(Finding("host-required", Severity.ERROR, ("host",), "There is no host.", "Add."),))
    text = comment(Report(compatible(broken), "check", problem=NotExportable("x")), places, LINKS)
    assert text.startswith("### ❌ Cannot be exported: 1 error in `Contoso Orders`\n")
    assert "#### Errors in the definition\n\n- **error** [`host-required`](https://docs/rules.md#host-required)" in text
    both = comment(Report(broken, "check", problem=NotExportable("x")), places, LINKS)
    assert both.startswith("### 🔴 Breaking")
    assert "**❌ It cannot be exported either:** the errors are below." in both


def test_a_definition_that_cannot_be_read_is_grey_and_not_green(places: Locator) -> None:
    findings = (Finding("not-json", Severity.ERROR, (), "There is a comma too many.", "Take it out.", "b.json", 7, 2),)
    text = comment(Report(NO_PLAN._replace(findings=findings), "check", problem=NotExportable("x")), places, LINKS)
    assert text.startswith("### ⚪ Cannot tell: the definition cannot be read\n")
    assert "There is a comma too many. Take it out. At [`b.json:7`]" in text


def test_what_is_said_about_the_baseline_stands_below_it(plan: Plan, places: Locator) -> None:
    ahead = Finding("not-exported-yet", Severity.NOTICE, (), "The branch is not exported yet.", "The next export does.")
    text = told(plan._replace(findings=(ahead,)), places)
    assert "\n\n**Note:** The branch is not exported yet. The next export does.\n\n|" in text


def standings(plan: Plan) -> dict[str, Report]:
    added, renamed = plan.changes
    moved = renamed._replace(impact=Impact.COMPATIBLE)
    taken = renamed._replace(accepted=Acceptance("We asked.", "2027-01-31"))
    unread = plan._replace(verdict=Verdict.UNKNOWN, changes=(), baseline=Baseline("git main"))
    plans = {
        "breaking": plan,
        "check": compatible(plan, moved),
        "accepted": compatible(plan, taken),
        "compatible": compatible(plan, added),
        "same": plan._replace(verdict=Verdict.NONE, changes=(), changed=False),
        "unread": unread,
        "first": unread._replace(baseline=Baseline("none")),
    }
    refused = Report(plans["compatible"], "check", problem=NotExportable("x"))
    stopped = Report(plans["breaking"], "check", problem=StoppedByFailOn("x"))
    return {**{name: Report(one, "check") for name, one in plans.items()}, "refused": refused, "stopped": stopped}


@pytest.mark.parametrize(
    ("wanted", "due"),
    [
        (Comment.CHANGES, {"breaking", "stopped", "check", "accepted", "unread", "refused"}),
        (Comment.BREAKING, {"breaking", "stopped", "unread", "refused"}),
        (Comment.ALWAYS, None),
    ],
)
def test_good_news_alone_makes_no_new_comment(wanted: Comment, due: set[str] | None, plan: Plan) -> None:
    reports = standings(plan)
    assert {name for name, report in reports.items() if is_due(report, wanted)} == (
        reports.keys() if due is None else due
    )


def test_a_service_that_failed_is_no_news_about_the_connector(plan: Plan) -> None:
    assert all(is_about_makers(report) for report in standings(plan).values())
    assert is_about_makers(Report(NO_PLAN, "check", problem=NotExportable("x")))
    assert not is_about_makers(Report(NO_PLAN, "check", problem=ServiceFailed("x")))


@pytest.mark.parametrize("impact", Impact)
@pytest.mark.parametrize("letter", ["x", "ä", "😀"])
def test_a_huge_report_is_cut_between_changes_and_says_so(
    impact: Impact, letter: str, plan: Plan, places: Locator
) -> None:
    name = letter * 300
    change = plan.changes[1]._replace(impact=impact, message=name, advice=name, operations=(name,) * 9, before=name)
    verdict = Verdict.BREAKING if impact is Impact.BREAKING else Verdict.COMPATIBLE
    text = told(plan._replace(changes=(change,) * 3_000, name=name, verdict=verdict), places)
    assert LIMIT * 0.2 < len(text.encode("utf-16-le")) // 2 <= LIMIT
    assert re.search(r"\n> \d+ of 3000 changes are shown here; the rest is in the \[job summary\]", text)
    shape = [token.type for token in PARSER.parse(text)]
    assert shape[-3:] == ["paragraph_open", "inline", "paragraph_close"]
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0


def test_the_worst_are_shown_first_where_not_all_are(plan: Plan, places: Locator) -> None:
    sure = plan.changes[1]
    perhaps = sure._replace(surfaces={Surface.FLOWS: Effect.BREAKS_IF_USED}, message="Only perhaps.")
    text = told(plan._replace(changes=(*(perhaps,) * 40, sure)), places)
    assert "#### 1 · `ListOrders`" in text
    assert "#### 3 · `ListOrders`: Only perhaps\n" in text
    assert "<summary><b>More breaking changes</b> · 38</summary>" in text


def test_each_rule_is_told_before_one_is_told_forty_times(plan: Plan, places: Locator) -> None:
    renamed = plan.changes[1]
    alike = (renamed,) * 40
    others = tuple(renamed._replace(id=f"rule-{number}") for number in range(20))
    text = told(plan._replace(changes=(*alike, *others)), places)
    assert re.findall(r"^#### \d+ · .*\n(?:.*\n)*?.*#([\w-]+)\)", text, re.MULTILINE)[2:5] == [
        "operation-id-changed",
        "rule-0",
        "rule-1",
    ]
    assert "#### 10 ·" in text
    assert "#### 11 ·" not in text


class Anywhere(NamedTuple):
    """Places in a file that somebody else has named."""

    file: str

    def of_author(self, pointer: Pointer) -> Place:
        return Place(self.file, len(pointer), 1)

    of_connector = of_baseline = of_author


PIECES = st.sampled_from(
    [
        *(
            "`",
            "``",
            "```\n",
            "~~~\n",
            "<script>",
            "</details>",
            "<!--",
            "-->",
            "@octo",
            "#12",
            "GH-12",
            "|",
            "*",
            "_",
            "~~",
        ),
        *(
            "[x](http://y)",
            "![i](http://e.x)",
            "www.x.y",
            "https://x.y/z",
            "a@b.c",
            "\\",
            "\n",
            "\n\n# T",
            "\n- x",
            "\n> q",
        ),
        *(
            "octo/orders#12",
            "&lt;",
            "&#96;",
            "\u202e",
            "\u200b",
            "\x00",
            "\x1b[31m",
            "\ud800",
            "\u2028",
            "    x",
            "\t",
            "1. ",
        ),
    ]
)
HOSTILE = st.lists(PIECES | st.text(st.characters(exclude_categories=()), max_size=4), min_size=1).map("".join)
TAME = "name"
ALLOWED = ("https://github.com/contoso/orders/", "https://docs/")


def written_by_a_stranger(text: str, plan: Plan) -> str:
    """Render a report in which every text that can come out of a definition, a file or an input is this one."""
    name = quoted(text)
    change = plan.changes[1]._replace(
        message=f"The field {name} of {name} is called {name} now",
        advice=f"Call it {name}",
        operation=f"x{text}",
        operations=(text, text),
        before={text: text},
        after=[text],
    )
    other = change._replace(impact=Impact.COMPATIBLE, surfaces={Surface.FLOWS: Effect.BREAKS})
    taken = change._replace(accepted=Acceptance(f"x{text}", "2027-01-31"))
    findings = (
        Finding("not-exported-yet", Severity.NOTICE, (), f"Not {name}.", f"Wait for {text}."),
        Finding("rule", Severity.ERROR, ("a",), f"There is no {name}.", f"Add x{text}."),
    )
    strange = plan._replace(name=f"x{text}", changes=(change, other, taken), findings=findings)
    return comment(Report(strange, "check", problem=NotExportable(text)), Anywhere(f"x{text}"), LINKS)


def blocks(tokens: list[Token]) -> list[str]:
    return [token.type for token in tokens]


def inside(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


@given(HOSTILE)
def test_strangers_texts_stay_texts(text: str) -> None:
    plan = _strangers_plan()
    tokens, tame = PARSER.parse(written_by_a_stranger(text, plan)), PARSER.parse(written_by_a_stranger(TAME, plan))
    assert blocks(tokens) == blocks(tame)
    html = [token.content for token in (*tokens, *inside(tokens)) if token.type.startswith("html")]
    assert html == [token.content for token in (*tame, *inside(tame)) if token.type.startswith("html")]
    links = [str(token.attrs["href"]) for token in inside(tokens) if token.type == "link_open"]
    assert all(link.startswith(ALLOWED) for link in links)
    assert not any(token.type == "image" for token in inside(tokens))
    for token in inside(tokens):
        if token.type == "text":  # GitHub looks for these in what was rendered
            assert not re.search(r"[@#]\w|https?://|www\.|gh-\d", token.content, re.IGNORECASE), token.content
    (fence,) = [token.content for token in tokens if token.type == "fence"]
    assert len(fence.splitlines()) == 4


def _strangers_plan() -> Plan:
    from tests.reporting import conftest as house

    renamed = house.RENAMED._replace(old_pointer=house.RENAMED.pointer)
    return NO_PLAN._replace(
        fingerprint="f" * 64,
        baseline=Baseline("git x", "ee", NO_PLAN.candidate, revision=BASE),
        verdict=Verdict.BREAKING,
        changes=(house.ADDED, renamed),
    )
