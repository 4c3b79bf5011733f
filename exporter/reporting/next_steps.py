"""Says what the reader of a report does now."""

from collections.abc import Iterator
from typing import NamedTuple

from exporter.model.changes import Verdict
from exporter.model.plans import Report
from exporter.reporting.report_json import exported
from exporter.reporting.words import problem_words

CHECK = "check"


class Hint(NamedTuple):
    """What to do, and the address where."""

    text: str
    """Names stand between backticks; nothing is escaped yet."""
    address: str = ""
    lines: tuple[str, ...] = ()
    """To paste as they are, into a terminal or a file."""


def advised(error: Exception) -> Hint:
    """Give the advice of an error; all of its lines but the first are to paste."""
    first, *lines = problem_words(error).advice.splitlines() or [""]
    return Hint(first or "Read the message above, then run this again.", lines=tuple(lines))


_NOTHING = Hint("Nothing: there is nothing to export.")


def what_now(report: Report) -> tuple[Hint, ...]:
    """Give at least one hint."""
    return tuple(_hints(report)) or (_NOTHING,)


def _hints(report: Report) -> Iterator[Hint]:
    plan = report.plan
    if report.problem is not None:
        yield advised(report.problem)
        return
    if plan.deleted:
        yield Hint(
            "Somebody deleted the connector by hand, and it was created again. Connections, flows and apps that used the "
            "old one do not come back with it."
            if exported(report)
            else "Somebody deleted the connector by hand. Set `on-drift` to `overwrite` to create it again."
        )
    elif plan.drift and exported(report):
        yield Hint(
            "What somebody edited in the live connector by hand was overwritten; the steps say where the copy lies."
        )
    elif plan.drift:
        yield Hint(
            "Somebody edited the live connector by hand. Bring the edits into the definition, "
            "or set `on-drift` to `overwrite`; a copy of the live connector is kept."
        )
    if report.mode == CHECK:
        yield from _after_check(report)
    elif exported(report):
        yield from _after_export(report)


def _after_check(report: Report) -> Iterator[Hint]:
    plan = report.plan
    if plan.verdict is Verdict.BREAKING:
        yield Hint(
            "Take the breaking changes back, or tell the makers before you merge: exporting breaks what they built."
        )
    elif plan.changed:
        yield Hint("Merge when you are ready; the next run on the default branch exports the connector.")


def _after_export(report: Report) -> Iterator[Hint]:
    outputs = report.outputs
    if bundle := outputs.get("bundle-path"):
        yield Hint(f"Give the bundle `{bundle}` to whoever imports the connector; its `index.html` says every step.")
    if artifact := outputs.get("artifact-url"):
        yield Hint("The bundle is also a build artifact:", artifact)
    if connector := outputs.get("connector-url"):
        yield Hint("See the connector in its environment:", connector)
    if redirect := outputs.get("redirect-url"):
        yield Hint("Register this redirect URL with the identity provider:", redirect)
    if subject := outputs.get("federated-subject"):
        yield Hint(f"Let the connector's app registration trust its managed identity, with the subject `{subject}`.")
    if "connector-id" in outputs:
        yield Hint("Flows and agents use it from their next run on; app makers refresh the data source in Power Apps.")
    if report.plan.verdict is Verdict.BREAKING:
        yield Hint("Tell the makers which of their flows, apps and connections need a change; the list is above.")
