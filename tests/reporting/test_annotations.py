from hypothesis import given
from hypothesis import strategies as st

from exporter.model.errors import SignInRefused
from exporter.model.findings import Finding, Severity
from exporter.model.plans import Report
from exporter.reporting.annotations import Annotation, Level, annotations, command
from exporter.reporting.locating import Locator

TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(["a\n::error::b", "50%", "a,b:c", "x\r\ny"])


def test_commands_for_the_runner(report: Report, places: Locator) -> None:
    assert [command(annotation) for annotation in annotations(report, places)] == [
        "::error file=b.json,line=7,col=2,title=not-json::There is a comma too many.%0ATake it out.",
        "::warning file=api/openapi.yaml,line=44,col=5,title=operation-id-changed (breaking)::"
        "`ListOrders` is now called `GetOrders`.%0APut `ListOrders` back.",
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
    assert shown[-1].message == "and 23 more remarks: see the job summary."


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
