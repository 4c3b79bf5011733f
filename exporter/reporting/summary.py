"""Puts a report into Markdown: the job summary, complete and at most as long as GitHub takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from exporter.model.changes import Change, Impact, Verdict
from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.model.json_values import Json
from exporter.model.plans import Outcome, Plan, Report, State
from exporter.reporting.accepting import entry_lines
from exporter.reporting.escaping import SENTENCE, code, prose, safe_line
from exporter.reporting.grouping import Group, grouped_findings, grouped_fixes, grouped_losses
from exporter.reporting.locating import NOWHERE, Links, Locator, place_of, place_text
from exporter.reporting.next_steps import Hint, advised, what_now
from exporter.reporting.report_json import bounded
from exporter.reporting.words import (
    COLUMNS,
    EFFECTS,
    NOTHING_EXPORTED,
    NOTICED,
    STEPS,
    accepted,
    breaking,
    count,
    judged,
    listed,
    problem_words,
    sentences,
    side_words,
    table,
    touches,
    verdict_words,
)
from exporter.reporting.writer import compact

LIMIT = 900_000
"""Bytes. Above 1,024 KiB GitHub drops the whole summary of the step."""

_SYMBOLS = {Verdict.BREAKING: "🔴", Verdict.COMPATIBLE: "🟢", Verdict.NONE: "🟢", Verdict.UNKNOWN: "⚪"}
_STATES = {State.DONE: "✅ Done", State.FAILED: "❌ Failed", State.SKIPPED: "⏭️ Skipped"}
_MORE = 120
"""Bytes kept free for one sentence about what was left out, and the end of a fold."""
_OPERATIONS = 5
_COMPLAINTS = 50
_ADDRESS = re.compile(r"https?://[\w.~:/?#%&=+-]+\Z", re.ASCII)


class Section(NamedTuple):
    """Entries that belong together; a summary is only ever cut between two of them."""

    head: str
    entries: Iterable[str]
    """May be lazy: what does not fit is not even written."""
    size: int
    tail: str = ""


def summary(report: Report, places: Locator, links: Links) -> str:
    """
    Give the job summary as Markdown, at most LIMIT bytes in UTF-8.

    Its first line is the verdict, then come counts, each breaking change with whom it touches, and the rest folded.
    Text out of definitions cannot mention, link, inject HTML or break out of its place.
    """
    top = _top(report)
    bottom = "\n".join([*_steps(report.outcomes), "#### What now", "", *map(_hint, what_now(report)), ""])
    room = LIMIT - _size(top) - _size(bottom)
    return top + "".join(_fitted(_sections(report.plan, places, links), room)) + bottom


def stopped_summary(error: Exception) -> str:
    """Give the job summary of a run that stopped before there was a plan."""
    advice = _hint(advised(error)).removeprefix("- ") if problem_words(error).advice else ""
    return "\n".join([f"### ❌ {NOTHING_EXPORTED}", "", *_problem(error), advice, ""])


def _hint(hint: Hint) -> str:
    address = f" <{hint.address}>" if _ADDRESS.match(hint.address) else f" {code(hint.address)}" if hint.address else ""
    return f"- {prose(hint.text)}{address}{_pasted(hint)}"


def _pasted(hint: Hint) -> str:
    """Put what is to be pasted into a block of code; no line of it can end the block."""
    lines = [safe_line(line).replace("```", "`` `") for line in hint.lines]
    return "\n\n" + "\n".join(("```text", *lines, "```")) + "\n" if lines else ""


def _top(report: Report) -> str:
    plan = report.plan
    problem = _problem(report.problem) if report.problem is not None else []
    if not judged(plan):
        return "\n".join([f"### ❌ {NOTHING_EXPORTED}", "", *problem, ""])
    word, sentence = verdict_words(plan, code(plan.name))
    lines = [f"### {_SYMBOLS[plan.verdict]} {word}: {sentence}", "", *problem, _compared(plan), ""]
    if plan.drift:
        conflicts = sum(change.conflict for change in plan.drifted)
        clash = f", {conflicts} of them in conflict with the repository" if conflicts else ""
        edits = f"is not what was exported last ({count(len(plan.drifted), 'difference')}{clash})"
        what = edits if plan.drifted else "was there already, and no record says that we exported it"
        lines += [f"**⚠️ Edited by hand:** the live connector {what}.", ""]
    return "\n".join(lines + (_table(plan.changes) or [""]))


def _problem(error: Exception) -> list[str]:
    problem = problem_words(error)
    lines = problem.message.splitlines()[:_COMPLAINTS]
    return [f"> **❌ {prose(problem.title)}**", *(f"> - {prose(line)}" for line in lines if line.strip()), ""]


def _compared(plan: Plan) -> str:
    baseline = plan.baseline
    if baseline.connector is None:
        return f"Fingerprint {code(plan.fingerprint[:16])}."
    commit = f" from commit {code(baseline.commit[:12])}" if baseline.commit else ""
    time = f" at {prose(baseline.time)}" if baseline.time else ""
    exported = f", exported{time}{commit}" if commit or time else ""
    return f"Compared with {prose(baseline.source)}{exported}. Fingerprint {code(plan.fingerprint[:16])}."


def _table(changes: Sequence[Change]) -> list[str]:
    rows = table(changes)
    if not rows:
        return []
    return [
        f"| | {' | '.join(COLUMNS)} |",
        f"|:--|{'--:|' * len(COLUMNS)}",
        *(f"| {EFFECTS[effect]} | {' | '.join(str(n or '-') for n in row.values())} |" for effect, row in rows.items()),
        "",
        "",
    ]


def _sections(plan: Plan, places: Locator, links: Links) -> Iterable[Section]:
    broken = breaking(plan.changes)
    others = [change for change in plan.changes if change.impact is not Impact.BREAKING]
    yield Section("", (_breaking(n, change, places, links) for n, change in enumerate(broken, 1)), len(broken))
    yield _to_accept(broken)
    taken = accepted(plan.changes)
    yield _folded("Accepted on purpose", taken, (_taken(change, places, links) for change in taken))
    yield _folded("Other changes", others, (_other(change, place_of(change, places), links) for change in others))
    edits = plan.drifted
    yield _folded("What was edited by hand", edits, (_other(change, NOWHERE, links) for change in edits))
    findings = grouped_findings(plan.findings, places)
    errors = [group for group in findings if group.first.severity is Severity.ERROR]
    hints = [group for group in findings if group.first.severity is not Severity.ERROR]
    yield Section("#### Errors in the definition\n\n", (_finding(group, links) for group in errors), len(errors), "\n")
    yield _folded("Warnings and notices", hints, (_finding(group, links) for group in hints))
    losses = grouped_losses(plan.losses, places)
    yield _folded("What a connector cannot say", losses, (_loss(group, links) for group in losses), len(plan.losses))
    fixes = grouped_fixes(plan.fixes, places)
    yield _folded(
        "What was filled in in the exported copy", fixes, (_fix(group, links) for group in fixes), len(plan.fixes)
    )


def _to_accept(broken: Sequence[Change]) -> Section:
    head = "<details><summary><b>Accept these changes on purpose</b></summary>\n\n"
    told = "Put what you accept into the file that the input `accept` names; `until` is its last day, as 2027-01-31."
    entries = ("\n".join((*entry_lines(change), "")) for change in broken)
    return Section(f"{head}{told}\n\n```yaml\naccepted:\n", entries, len(broken), "```\n\n</details>\n\n")


def _taken(change: Change, places: Locator, links: Links) -> str:
    why = f"*{prose(change.accepted.reason)}* Until {change.accepted.until}." if change.accepted else ""
    where = _where(change, place_of(change, places), links)
    return f"- ~~{_subject(change)}{prose(change.message)}~~ {why} {where}\n"


def _folded(title: str, things: Sequence[object], entries: Iterable[str], total: int = 0) -> Section:
    head = f"<details><summary><b>{title}</b> · {total or len(things)}</summary>\n\n"
    return Section(head, entries, len(things), "\n</details>\n\n")


def _fitted(sections: Iterable[Section], room: int) -> Iterable[str]:
    """Give as many entries as there is room for, and say how many are left out."""
    filled = [section for section in sections if section.size]
    room -= sum(_size(section.head) + _size(section.tail) + _MORE for section in filled)
    for section in filled:
        yield section.head
        for shown, entry in enumerate(section.entries):
            size = _size(entry)
            if size > room:
                yield f"\n… and {section.size - shown} more in report.json.\n"
                break
            room -= size
            yield entry
        yield section.tail


def _size(text: str) -> int:
    return len(text.encode())


def _breaking(number: int, change: Change, places: Locator, links: Links) -> str:
    lines = [f"#### {number} · {_subject(change)}{prose(change.message)}", ""]
    lines += [f"- **{effect}:** {makers}." for effect, makers in touches(change)]
    lines += [f"- **Noticed:** {NOTICED[change.when]}."]
    lines += [f"- **What to do:** {prose(change.advice)}"] if change.advice else []
    lines += (
        [f"- **Touches {len(change.operations)} operations:** {_names(change)}"] if len(change.operations) > 1 else []
    )
    lines += [f"- **Before and after:** {_value(change.before)} → {_value(change.after)}"] if _shows(change) else []
    return "\n".join([*lines, f"- {_where(change, place_of(change, places), links)}", "", ""])


def _other(change: Change, place: Place, links: Links) -> str:
    told = prose(sentences(change.message, side_words(change)), 2 * SENTENCE)
    return f"- {'⚠️ ' if change.conflict else ''}{_subject(change)}{told} {_where(change, place, links)}\n"


def _subject(change: Change) -> str:
    """Name the operation, where the message does not."""
    if not change.operation or change.operation in change.message:
        return ""
    return f"{code(change.operation)}: "


def _names(change: Change) -> str:
    more = len(change.operations) - _OPERATIONS
    return listed([*map(code, change.operations[:_OPERATIONS]), *([f"{more} more"] if more > 0 else [])])


def _shows(change: Change) -> bool:
    return change.before is not None or change.after is not None


def _value(value: Json) -> str:
    return "nothing" if value is None else code(compact(bounded(value)).decode())


def _where(change: Change, place: Place, links: Links) -> str:
    rule = _linked(code(change.id), links.of_change(change.id))
    return " · ".join([*_places([place], links), f"rule {rule}", code(change.fingerprint)])


def _places(places: Iterable[Place], links: Links) -> list[str]:
    return [_linked(code(place_text(place)), links.of_place(place)) for place in places if place.file]


def _linked(text: str, address: str) -> str:
    return f"[{text}]({address})" if address else text


def _finding(group: Group[Finding], links: Links) -> str:
    finding = group.first
    title = f"**{finding.severity.value}** {_linked(code(finding.rule), links.of_rule(finding.rule))}"
    return f"- {title}{group.times}: {prose(sentences(finding.message, finding.advice), 2 * SENTENCE)}{_at(group, links)}\n"


def _loss(group: Group[Loss], links: Links) -> str:
    loss = group.first
    what = f"{code(loss.kind)}{group.times}: {prose(sentences(loss.what, loss.why))}"
    return f"- {what} **Instead:** {prose(loss.done)}{_at(group, links)}\n"


def _fix(group: Group[Fix], links: Links) -> str:
    fix = group.first
    return f"- {_linked(code(fix.rule), links.of_rule(fix.rule))}{group.times}: {prose(fix.done)}{_at(group, links)}\n"


def _at(group: Group[Finding] | Group[Loss] | Group[Fix], links: Links) -> str:
    more = group.size - len(group.places)
    found = _places(group.places, links)
    return f" At {listed([*found, *([f'{more} more'] if more > 0 else [])])}." if found else ""


def _steps(outcomes: Sequence[Outcome]) -> list[str]:
    if not outcomes:
        return []
    lines = [f"- {_STATES[outcome.state]}: {_step(outcome)}" for outcome in outcomes]
    return ["#### Steps", "", *lines, ""]


def _step(outcome: Outcome) -> str:
    detail = f" {prose(outcome.detail)}" if outcome.detail else ""
    return f"{STEPS.get(outcome.kind) or code(outcome.kind)}.{detail}"
