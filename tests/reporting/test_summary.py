import re

import pytest

from exporter.model.changes import Acceptance, Effect, Impact, Side, Surface, Verdict
from exporter.model.errors import NotExportable, ServiceRefused, WrongInputs
from exporter.model.findings import Loss
from exporter.model.plans import NO_PLAN, Baseline, Outcome, Plan, Report, State
from exporter.reporting.locating import Links, Locator
from exporter.reporting.summary import LIMIT, stopped_summary, summary

LINKS = Links("https://github.com", "contoso/orders", "3f1c2ab", "https://docs/changes.md", "https://docs/rules.md")
FILE = "https://github.com/contoso/orders/blob/3f1c2ab/api/openapi.yaml"

EXPECTED = f"""\
### 🔴 Breaking: 1 change in `Contoso Orders` breaks existing flows, canvas apps or agents

Compared with record refs/exports/orders, exported at 2026-11-18T10:00:00Z from commit `3f1c2ab00000`. \
Fingerprint `0123456789abcdef`.

| | Flows | Canvas apps | Connections | Logic Apps | Agents |
|:--|--:|--:|--:|--:|--:|
| Breaks | 1 | 1 | - | - | - |
| Breaks if used that way | - | - | - | - | 1 |

#### 1 · `ListOrders` is now called `GetOrders`

- **Breaks:** flows, at their next run or save; canvas apps, once the data source is refreshed in Power Apps Studio.
- **Breaks if used that way:** agents, the next time they use it.
- **What to do:** Put `ListOrders` back.
- [`api/openapi.yaml:44`]({FILE}#L44) · rule [`operation-id-changed`](https://docs/changes.md#operation-id-changed) · \
`a41f9c20a41f9c20`

<details><summary><b>Accept these changes on purpose</b></summary>

Put what you accept into the file that the input `accept` names; `until` is its last day, as 2027-01-31.

```yaml
accepted:
  - fingerprint: "a41f9c20a41f9c20"  # operation-id-changed ListOrders
    reason: ""
    until: ""
```

</details>

<details><summary><b>Other changes</b> · 1</summary>

- `CancelOrder`: The operation is new. [`api/openapi.yaml:42`]({FILE}#L42) · \
rule [`operation-added`](https://docs/changes.md#operation-added)

</details>

#### Errors in the definition

- **error** [`not-json`](https://docs/rules.md#not-json): There is a comma too many. Take it out. \
At [`b.json:7`](https://github.com/contoso/orders/blob/3f1c2ab/b.json#L7).

<details><summary><b>Warnings and notices</b> · 1</summary>

- **warning** [`summary-missing`](https://docs/rules.md#summary-missing): The operation has no summary. Add one. \
At [`api/openapi.yaml:11`]({FILE}#L11).

</details>

<details><summary><b>What a connector cannot say</b> · 900</summary>

- `one-of-merged` (900 times): `oneOf` of 2. It cannot be said. **Instead:** Merged into one. \
At [`api/openapi.yaml:12`]({FILE}#L12) and 899 more.

</details>

<details><summary><b>Accept findings on purpose</b></summary>

Put what you accept into the file that the input `accept` names; without `place` it is accepted everywhere.

```yaml
accepted:
  - finding: summary-missing
    place: "/paths"
    reason: ""
    until: ""
```

</details>

#### Steps

- ✅ Done: Write the bundle. The bundle lies in `out/bundle`.
- ⏭️ Skipped: Publish the bundle as a build artifact. There is no artifact service.
- ✅ Done: Remember the export.

#### What now

- Give the bundle `out/bundle` to whoever imports the connector; its `index.html` says every step.
- The bundle is also a build artifact: <https://github.com/a/1>
- Tell the makers which of their flows, apps and connections need a change; the list is above.
"""


def first_line(plan: Plan, places: Locator) -> str:
    return summary(Report(plan, "check"), places, Links()).partition("\n")[0]


def test_the_whole_of_it(report: Report, places: Locator) -> None:
    assert summary(report, places, LINKS) == EXPECTED


def test_nothing_is_linked_where_nothing_is_known(report: Report, places: Locator) -> None:
    told = summary(report._replace(outputs={}), places, Links())
    assert "](" not in told
    assert "- `api/openapi.yaml:44` · rule `operation-id-changed` · `a41f9c20a41f9c20`" in told


def test_first_lines(plan: Plan, places: Locator) -> None:
    first = plan._replace(verdict=Verdict.UNKNOWN, changes=(), baseline=Baseline("none"))
    same = plan._replace(verdict=Verdict.NONE, changes=(), changed=False)
    fine = plan._replace(verdict=Verdict.COMPATIBLE, changes=plan.changes[:1])
    perhaps = plan.changes[1]._replace(surfaces={Surface.CONNECTIONS: Effect.BREAKS_IF_USED})
    unsure = plan._replace(changes=(perhaps, perhaps))
    both = plan._replace(changes=(plan.changes[1], perhaps))
    unread = first._replace(baseline=Baseline("git main"))
    strange = plan._replace(verdict=Verdict.UNKNOWN)
    moved = fine._replace(changes=(*fine.changes, perhaps._replace(impact=Impact.COMPATIBLE)))
    refused = fine._replace(findings=plan.findings)
    assert [first_line(it, places) for it in (first, unread, same, fine, unsure, both, strange, moved)] == [
        "### ⚪ Not compared: there is no earlier version of `Contoso Orders` at hand",
        "### ⚪ Cannot tell: the earlier version of `Contoso Orders` cannot be read",
        "### 🟢 No change: `Contoso Orders` is the same as the version it was compared with",
        "### 🟢 Compatible: 1 change in `Contoso Orders`; existing apps, flows and connections keep working",
        "### 🔴 Breaking: 2 changes in `Contoso Orders` can break existing connections",
        "### 🔴 Breaking: 2 changes in `Contoso Orders` break or can break existing flows, canvas apps, connections or agents",
        "### ⚪ Cannot tell: what 2 changes in `Contoso Orders` mean for existing apps and flows",
        "### 🟠 Check: 1 of 2 changes in `Contoso Orders` can break existing connections",
    ]
    stopped = Report(refused, "check", problem=NotExportable("No."))
    assert summary(stopped, places, Links()).startswith("### ❌ Cannot be exported: 1 error in `Contoso Orders`\n")


def test_what_stopped_the_run_stands_right_below_the_verdict(report: Report, places: Locator) -> None:
    told = summary(report._replace(problem=ServiceRefused("It said <no>.", advice="Ask *them*.")), places, Links())
    assert told.splitlines()[2:4] == ["> **❌ The service refused**", "> - It said &lt;no&gt;."]
    assert told.endswith("#### What now\n\n- Ask &#42;them&#42;.\n")


def last_lines(report: Report, places: Locator) -> list[str]:
    return summary(report, places, Links()).partition("#### What now\n\n")[2].splitlines()


def test_what_now(plan: Plan, places: Locator) -> None:
    outputs = {"connector-url": "https://make.powerapps.com/x", "redirect-url": "https://a.example/b\n<c>"}
    wrote = (Outcome("update-connector", State.DONE),)
    fine = plan._replace(verdict=Verdict.COMPATIBLE)
    assert last_lines(Report(plan, "check"), places) == [
        "- Take the breaking changes back, or tell the makers before you merge: exporting breaks what they built."
    ]
    assert last_lines(Report(fine, "check"), places) == [
        "- Merge when you are ready; the next run on the default branch exports the connector."
    ]
    assert last_lines(Report(fine, "express", wrote, outputs), places) == [
        "- See the connector in its environment: <https://make.powerapps.com/x>",
        "- Register this redirect URL with the identity provider: `https://a.example/b <c>`",
    ]
    assert last_lines(Report(fine._replace(changed=False), "check"), places) == [
        "- Nothing: there is nothing to export."
    ]


def test_runs_that_never_had_a_plan(places: Locator) -> None:
    problem = WrongInputs("mode: is unknown.\nicon: is too large.", advice="See the table.")
    assert stopped_summary(problem) == (
        "### ❌ Nothing was exported\n\n> **❌ The inputs need a correction**\n> - mode: is unknown.\n"
        "> - icon: is too large.\n\nSee the table.\n"
    )
    assert summary(Report(NO_PLAN, "manual", problem=problem), places, Links()).startswith(
        "### ❌ Nothing was exported\n\n> **❌ The inputs need a correction**\n> - mode: is unknown.\n"
    )


def test_edits_by_hand_are_said_and_listed(plan: Plan, places: Locator) -> None:
    told = summary(Report(plan._replace(drift=True, drifted=plan.changes), "express"), places, Links())
    assert "**⚠️ Edited by hand:** the live connector is not what was exported last (2 differences)." in told
    assert "<summary><b>What was edited by hand</b> · 2</summary>" in told


@pytest.mark.parametrize("impact", Impact)
def test_a_huge_report_is_cut_between_entries(report: Report, places: Locator, impact: Impact) -> None:
    change = report.plan.changes[1]._replace(impact=impact, message="ä" * 400)
    losses = tuple(Loss(f"kind-{n}", (), "ü" * 300, "", "") for n in range(5_000))
    plan = report.plan._replace(changes=(change,) * 20_000, losses=losses)
    told = summary(report._replace(plan=plan), places, LINKS)
    assert LIMIT * 0.99 < len(told.encode()) <= LIMIT
    assert told.count("<details>") == told.count("</details>")
    assert re.search(r"… and \d+ more in report\.json\.", told)
    assert told.endswith("the list is above.\n")


def test_hostile_text_stays_text(report: Report, places: Locator) -> None:
    evil = "x`</details><script>alert(1)</script>\n\n# Title\n| a | b |\n@octo #12 ![i](http://e.x)"
    change = report.plan.changes[1]._replace(
        message=evil, advice=evil, operation=evil, operations=(evil, evil), before={evil: evil}, id=evil
    )
    plan = report.plan._replace(name=evil, changes=(change,), losses=(Loss(evil, (), evil, evil, evil),))
    told = summary(report._replace(plan=plan), places, LINKS)
    outside = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", told)
    assert "<script" not in outside
    assert "@octo" not in outside
    assert not re.search("(?<!&)#12", outside)
    assert told.count("\n# ") == 0
    assert outside.count("</details>") == outside.count("<details>")


def test_what_was_accepted_is_struck_out_and_out_of_the_counts(report: Report, places: Locator) -> None:
    renamed = report.plan.changes[1]._replace(accepted=Acceptance("We *asked* @all.", "2027-01-31"))
    plan = report.plan._replace(verdict=Verdict.COMPATIBLE, changes=(renamed,))
    told = summary(report._replace(plan=plan), places, LINKS)
    assert told.startswith(
        "### 🟡 Accepted: 1 change in `Contoso Orders`, of the breaking ones 1 accepted until 2027-01-31"
    )
    assert "- ~~`ListOrders` is now called `GetOrders`.~~ *We &#42;asked&#42; @&#8203;all.* Until 2027-01-31." in told
    assert "| Breaks |" not in told
    assert "Accept these changes on purpose" not in told
    both = summary(
        report._replace(plan=plan._replace(verdict=Verdict.BREAKING, changes=(renamed, *report.plan.changes))),
        places,
        LINKS,
    )
    assert "(1 accepted until 2027-01-31)" in both.splitlines()[0]


def test_edits_by_hand_say_whether_the_repository_made_them_too(report: Report, places: Locator) -> None:
    edit = report.plan.changes[1]
    edits = (
        edit._replace(side=Side.PORTAL),
        edit._replace(side=Side.BOTH),
        edit._replace(side=Side.BOTH, conflict=True),
    )
    told = summary(report._replace(plan=report.plan._replace(drift=True, drifted=edits)), places, LINKS)
    assert "(3 differences, 1 of them in conflict with the repository)" in told
    assert told.count("The repository changed it alike.") == 1
    assert told.count("⚠️ `ListOrders` is now called `GetOrders`. The repository changed it too, in another way.") == 1


def test_what_can_break_stands_open_below_what_breaks(report: Report, places: Locator) -> None:
    moved = report.plan.changes[1]._replace(impact=Impact.COMPATIBLE)
    told = summary(report._replace(plan=report.plan._replace(changes=(*report.plan.changes, moved))), places, LINKS)
    line = "#### Also able to break something\n\n- `ListOrders` is now called `GetOrders`. **Breaks:** flows, at their"
    assert line in told.partition("<details>")[0]
    assert "<summary><b>Other changes</b> · 1</summary>" in told
