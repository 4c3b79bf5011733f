import re

from exporter.model.changes import Effect, Impact, Surface, Verdict
from exporter.model.errors import WrongInputs
from exporter.model.plans import NO_PLAN, Report
from exporter.reporting.console import console, stopped_console
from exporter.reporting.locating import Locator

EXPECTED = """\
Breaking: 1 change in Contoso Orders breaks existing flows, canvas apps or agents.
Compared with record refs/exports/orders.

Changes
  breaking    api/openapi.yaml:44: `ListOrders` is now called `GetOrders`. Put `ListOrders` back.
  compatible  api/openapi.yaml:42: The operation is new.

Findings
  error    b.json:7: not-json: There is a comma too many. Take it out.
  warning  api/openapi.yaml:11: summary-missing: The operation has no summary. Add one.

What a connector cannot say
  one-of-merged  api/openapi.yaml:12 (900 times): `oneOf` of 2. Merged into one.

Done
  done     The bundle lies in `out/bundle`.
  skipped  Publish the bundle as a build artifact. There is no artifact service.
  done     Remember the export

Now
  -  Give the bundle `out/bundle` to whoever imports the connector; its `index.html` says every step.
  -  The bundle is also a build artifact: https://github.com/a/1
  -  Tell the makers which of their flows, apps and connections need a change; the list is above.
"""


def test_the_whole_of_it(report: Report, places: Locator) -> None:
    assert console(report, places) == EXPECTED


def test_an_unchanged_run_is_three_lines(report: Report, places: Locator) -> None:
    plan = report.plan._replace(verdict=Verdict.NONE, changed=False, changes=(), findings=(), losses=())
    assert console(Report(plan, "manual"), places) == (
        "No change: Contoso Orders is the same as the version it was compared with.\n"
        "Compared with record refs/exports/orders.\n\n"
        "Now\n  -  Nothing: there is nothing to export.\n"
    )


def test_what_stopped_a_run_without_a_plan(places: Locator) -> None:
    problem = WrongInputs("mode: is unknown.\nicon: is too large.", advice="See the table.")
    told = "The inputs need a correction:\n  mode: is unknown.\n  icon: is too large.\n\nNow\n  -  See the table.\n"
    assert stopped_console(problem) == told
    assert console(Report(NO_PLAN, "manual", problem=problem), places) == f"Nothing was exported.\n\n{told}"


def test_long_lists_are_cut_and_no_line_is_a_command(report: Report, places: Locator) -> None:
    evil = report.plan.changes[1]._replace(message="\n::error::x ##[error]y")
    plan = report.plan._replace(name="\r::set-output name=a::b", changes=(evil,) * 1_000)
    told = console(report._replace(plan=plan), places)
    assert "  and 990 more in report.json\n" in told
    assert not re.search(r"^\s*::", told, re.MULTILINE)
    assert "##[" not in told


def test_what_can_break_comes_after_what_breaks_and_mere_texts_need_no_advice(report: Report, places: Locator) -> None:
    added, renamed = report.plan.changes
    moved = renamed._replace(impact=Impact.COMPATIBLE, message="It moved.", advice="Answer there too.")
    relabelled = added._replace(message="Another label.", surfaces={Surface.FLOWS: Effect.LABEL}, advice="Nothing.")
    plan = report.plan._replace(changes=(relabelled, moved, renamed))
    rows = console(Report(plan, "manual"), places).partition("Changes\n")[2].splitlines()[:3]
    assert [row.split("api/")[0].strip() for row in rows] == ["breaking", "can break", "compatible"]
    assert rows[1].endswith("It moved. Answer there too.")
    assert rows[2].endswith("Another label.")


def test_a_commit_is_named_by_its_first_digits(report: Report, places: Locator) -> None:
    baseline = report.plan.baseline._replace(source=f"git {'4be07d1a' * 5}", revision="4be07d1a" * 5)
    told = console(report._replace(plan=report.plan._replace(baseline=baseline)), places)
    assert "\nCompared with commit 4be07d1.\n" in told
