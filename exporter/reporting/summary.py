"""Puts a report into Markdown: the job summary, complete and at most as long as GitHub takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from exporter.model.changes import Impact
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.model.plans import Outcome, Plan, Report, State
from exporter.model.usage import User
from exporter.reporting.accepting import acceptable, finding_lines
from exporter.reporting.escaping import code, prose, safe_line
from exporter.reporting.grouping import Group, grouped_findings, grouped_fixes, grouped_losses
from exporter.reporting.locating import NOWHERE, Links, Locator, place_of
from exporter.reporting.markdown import (
    Section,
    accepted_line,
    accepting,
    at,
    breaking_block,
    change_line,
    compared,
    counts,
    filled,
    finding_line,
    fold,
    linked,
    problem,
    title,
    to_accept,
    warning_line,
)
from exporter.reporting.next_steps import Hint, advised, what_now
from exporter.reporting.users import KINDS, fate, split_users, unread
from exporter.reporting.words import (
    NOTHING_EXPORTED,
    STEPS,
    accepted,
    breaking,
    breaking_perhaps,
    can_break,
    count,
    judged,
    portal_words,
    problem_words,
    sentences,
    side_words,
    sides_words,
)

LIMIT = 900_000
"""Bytes. Above 1,024 KiB GitHub drops the whole summary of the step."""

_STATES = {State.DONE: "✅ Done", State.FAILED: "❌ Failed", State.SKIPPED: "⏭️ Skipped"}
_ADDRESS = re.compile(r"https?://[\w.~:/?#%&=+-]+\Z", re.ASCII)


def summary(report: Report, places: Locator, links: Links) -> str:
    """
    Give the job summary as Markdown, at most LIMIT bytes in UTF-8.

    Its first line is the verdict, then come counts, each breaking change with whom it touches, and the rest folded.
    Text out of definitions cannot mention, link, inject HTML or break out of its place.
    """
    top = _top(report, links)
    bottom = "\n".join([*_steps(report.outcomes), "#### What now", "", *map(_hint, what_now(report)), ""])
    room = LIMIT - _size(top) - _size(bottom)
    sections = filled(_sections(report.plan, places, links), room, _size)
    return top + "".join(section.text for section in sections) + bottom


def stopped_summary(error: Exception) -> str:
    """Give the job summary of a run that stopped before there was a plan."""
    advice = _hint(advised(error)).removeprefix("- ") if problem_words(error).advice else ""
    return "\n".join([f"### ❌ {NOTHING_EXPORTED}", "", *problem(error), advice, ""])


def _hint(hint: Hint) -> str:
    address = f" <{hint.address}>" if _ADDRESS.match(hint.address) else f" {code(hint.address)}" if hint.address else ""
    return f"- {prose(hint.text)}{address}{_pasted(hint)}"


def _pasted(hint: Hint) -> str:
    """Put what is to be pasted into a block of code; no line of it can end the block."""
    lines = [safe_line(line).replace("```", "`` `") for line in hint.lines]
    return "\n\n" + "\n".join(("```text", *lines, "```")) + "\n" if lines else ""


def _top(report: Report, links: Links) -> str:
    plan = report.plan
    told = problem(report.problem) if report.problem is not None else []
    if not judged(plan):
        return "\n".join([f"### ❌ {NOTHING_EXPORTED}", "", *told, ""])
    fingerprint = f"Fingerprint {code(plan.fingerprint[:16])}."
    lines = [title(report), "", *told, f"{compared(plan, links)} {fingerprint}".lstrip(), ""]
    if plan.deleted:
        lines += ["**⚠️ Deleted by hand:** the connector that was exported last is not in the environment any more.", ""]
    elif plan.drift:
        conflicts = sum(change.conflict for change in plan.drifted)
        clash = f", {conflicts} of them in conflict with the repository" if conflicts else ""
        edits = f"is not what was exported last ({count(len(plan.drifted), 'difference')}{clash})"
        what = edits if plan.drifted else "was there already, and no record says that we exported it"
        lines += [sentences(f"**⚠️ Edited by hand:** the live connector {what}.", sides_words(plan)), ""]
    return "\n".join(lines + (counts(plan.changes) or [""]))


def _sections(plan: Plan, places: Locator, links: Links) -> Iterable[Section]:
    broken = breaking(plan.changes)
    others = [change for change in plan.changes if change.impact is not Impact.BREAKING and not can_break(change)]
    blocks = (breaking_block(n, change, plan, places, links) for n, change in enumerate(broken, 1))
    yield Section("", blocks, len(broken))
    perhaps = breaking_perhaps(plan.changes)
    warnings = (warning_line(change, place_of(change, places), links, portal_words(change)) for change in perhaps)
    yield Section("#### Also able to break something\n\n" if broken else "", warnings, len(perhaps), "\n")
    yield to_accept(broken)
    taken = accepted(plan.changes)
    yield fold("Accepted on purpose", taken, (accepted_line(change, places, links) for change in taken))
    lines = (change_line(change, place_of(change, places), links, portal_words(change)) for change in others)
    yield fold("Other changes", others, lines)
    hurt, others_using = split_users(plan)
    notes = unread(plan)
    if hurt or notes:
        told = (*map(_user, hurt), *(f"- {prose(note)}\n" for note in notes))
        yield Section("#### Who it will hurt\n\n", told, len(told), "\n")
    yield fold("Who else uses the connector", others_using, map(_user, others_using))
    edits = plan.drifted
    lines = (change_line(change, NOWHERE, links, side_words(change)) for change in edits)
    yield fold("What was edited by hand", edits, lines)
    findings = grouped_findings(plan.findings, places)
    errors = [group for group in findings if group.first.severity is Severity.ERROR]
    hints = [group for group in findings if group.first.severity is not Severity.ERROR]
    yield Section(
        "#### Errors in the definition\n\n", (finding_line(group, links) for group in errors), len(errors), "\n"
    )
    yield fold("Warnings and notices", hints, (finding_line(group, links) for group in hints))
    passed = grouped_findings(plan.taken, places)
    yield fold("Findings accepted on purpose", passed, (_passed(group, links) for group in passed), len(plan.taken))
    losses = grouped_losses(plan.losses, places)
    yield fold("What a connector cannot say", losses, (_loss(group, links) for group in losses), len(plan.losses))
    fixes = grouped_fixes(plan.fixes, places)
    yield fold(
        "What was filled in in the exported copy", fixes, (_fix(group, links) for group in fixes), len(plan.fixes)
    )
    yield _findings_to_accept(acceptable(plan.findings))


def _findings_to_accept(findings: Sequence[Finding]) -> Section:
    told = "Put what you accept into the file that the input `accept` names; without `place` it is accepted everywhere."
    return accepting("Accept findings on purpose", told, [*map(finding_lines, findings)], "report.json has them")


def _passed(group: Group[Finding], links: Links) -> str:
    why = group.first.accepted
    return f"{finding_line(group, links).rstrip()} *{prose(why.reason)}* Until {why.until}.\n" if why else ""


def _user(user: User) -> str:
    owner = f", owned by {prose(user.owner)}" if user.owner else ""
    return f"- {KINDS[user.kind]} **{prose(user.name)}**{owner}: {prose(fate(user))}\n"


def _size(text: str) -> int:
    return len(text.encode())


def _loss(group: Group[Loss], links: Links) -> str:
    loss = group.first
    what = f"{code(loss.kind)}{group.times}: {prose(sentences(loss.what, loss.why))}"
    return f"- {what} **Instead:** {prose(loss.done)}{at(group.places, group.size, links)}\n"


def _fix(group: Group[Fix], links: Links) -> str:
    fix = group.first
    return f"- {linked(code(fix.rule), links.of_rule(fix.rule))}{group.times}: {prose(fix.done)}{at(group.places, group.size, links)}\n"


def _steps(outcomes: Sequence[Outcome]) -> list[str]:
    if not outcomes:
        return []
    lines = [f"- {_STATES[outcome.state]}: {_step(outcome)}" for outcome in outcomes]
    return ["#### Steps", "", *lines, ""]


def _step(outcome: Outcome) -> str:
    detail = f" {prose(outcome.detail)}" if outcome.detail else ""
    return f"{STEPS.get(outcome.kind) or code(outcome.kind)}.{detail}"
