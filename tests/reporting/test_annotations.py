from hypothesis import given
from hypothesis import strategies as st

from exporter.model.changes import Impact
from exporter.model.errors import NotExportable, SignInRefused
from exporter.model.findings import Finding, Severity
from exporter.model.plans import Baseline, Report
from exporter.reporting.annotations import Annotation, Level, annotations, command
from exporter.reporting.locating import Locator

TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(["a\n::error::b", "50%", "a,b:c", "x\r\ny"])


def test_commands_for_the_runner(report: Report, places: Locator) -> None:
    assert [command(annotation) for annotation in annotations(report, places)] == [
        "::error file=b.json,line=7,col=2,title=not-json::There is a comma too many.%0ATake it out.",
        (
            "::warning file=api/openapi.yaml,line=44,col=5,title=operation-id-changed (breaking)::"
            "`ListOrders` is now called `GetOrders`.%0APut `ListOrders` back."
        ),
        "::warning file=api/openapi.yaml,line=11,col=3,title=summary-missing::The operation has no summary.%0AAdd one.",
    ]


def test_a_breaking_change_is_an_error_while_it_can_be_taken_back(report: Report, places: Locator) -> None:
    levels = {remark.title: remark.level for remark in annotations(report._replace(mode="check"), places)}
    assert levels["operation-id-changed (breaking)"] is Level.ERROR


def test_the_nine_worst_and_one_that_counts_the_others(report: Report, places: Locator) -> None:
    many = tuple(Finding("rule", Severity.NOTICE, (), f"Notice {n}.", "") for n in range(30))
    plan = report.plan._replace(findings=many)
    shown = annotations(report._replace(plan=plan, problem=SignInRefused("No.", advice="Look.")), places)
    assert len(shown) == 10
    assert shown[0] == Annotation(Level.ERROR, "", 0, 0, "Sign-in was refused", "No.\nLook.")
    assert shown[1].title == "operation-id-changed (breaking)"
    assert shown[-1].message == "23 more remarks: see the job summary."


def test_what_is_gone_says_where_it_was(report: Report, places: Locator) -> None:
    gone = report.plan.changes[1]._replace(old_pointer=("paths", "/orders", "get"), pointer=("paths",))
    baseline = Baseline("git x", "ee", report.plan.candidate, revision="4be07d1" + "0" * 33)
    plan = report.plan._replace(changes=(gone,), findings=(), baseline=baseline)
    (remark,) = annotations(report._replace(plan=plan), places)
    assert (remark.file, remark.line) == ("api/openapi.yaml", 41)
    assert remark.message.endswith("\nIt was line 73 of api/openapi.yaml at 4be07d1.")
    there = plan._replace(changes=(gone._replace(old_pointer=gone.pointer),))
    assert "It was" not in annotations(report._replace(plan=there), places)[0].message


def test_what_can_break_without_being_a_breaking_change_is_a_warning(report: Report, places: Locator) -> None:
    moved = report.plan.changes[1]._replace(impact=Impact.COMPATIBLE)
    plan = report.plan._replace(changes=(moved,), findings=())
    (remark,) = annotations(Report(plan, "check"), places)
    assert (remark.level, remark.title, remark.line) == (Level.WARNING, "operation-id-changed (can break)", 44)


def test_an_error_that_has_its_line_is_not_said_twice(report: Report, places: Locator) -> None:
    stopped = report._replace(problem=NotExportable("b.json:7: There is a comma too many."))
    assert next(remark.title for remark in annotations(stopped, places)) == "not-json"
    nowhere = stopped._replace(plan=stopped.plan._replace(findings=()))
    assert next(remark.title for remark in annotations(nowhere, places)) == "The definition cannot be exported"


def test_what_was_edited_by_hand_has_no_line(report: Report, places: Locator) -> None:
    plan = report.plan._replace(changes=(), findings=(), drift=True, drifted=report.plan.changes[:1])
    (remark,) = annotations(report._replace(plan=plan), places)
    assert (remark.file, remark.line, remark.title) == ("", 0, "operation-added (edited by hand)")


@given(TEXT, TEXT, TEXT)
def test_a_command_is_one_line_whose_properties_read_back(file: str, title: str, message: str) -> None:
    told = command(Annotation(Level.WARNING, file, 3, 1, title, message))
    assert "\n" not in told
    assert "\r" not in told
    told.encode()
    head, _, _ = told.removeprefix("::").partition("::")
    names = [pair.partition("=")[0] for pair in head.partition(" ")[2].split(",") if pair]
    assert set(names) <= {"file", "line", "col", "title"}
    assert len(names) == len(set(names))
