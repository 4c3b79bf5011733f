"""Puts a report into a few plain lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.model.changes import Change, Effect, Impact
from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.model.plans import Outcome, Plan, Report, State
from exporter.model.usage import User
from exporter.reporting.accepting import acceptable, file_lines, finding_lines
from exporter.reporting.escaping import SENTENCE, plain, safe_line
from exporter.reporting.grouping import Group, grouped_findings, grouped_fixes, grouped_losses
from exporter.reporting.locating import Locator, place_of, place_text, short_revision
from exporter.reporting.next_steps import CHECK, Hint, advised, what_now
from exporter.reporting.users import KINDS, fate, split_users, unread
from exporter.reporting.words import (
    NOTHING_EXPORTED,
    STEPS,
    breaking,
    can_break,
    judged,
    portal_words,
    problem_words,
    sentences,
    side_words,
    verdict_words,
)

_SHOWN = 10
_LONGEST_LINE = 4000
"""Of what is to be pasted: cut, it would be wrong."""
_Row = tuple[str, str]


def console(report: Report, places: Locator) -> str:
    """
    Give the report for a terminal: the verdict, what is behind it, what was done, what now.

    Plain text without colours, each list cut after ten; safe to print where a runner reads commands.
    """
    plan = report.plan
    lines = _verdict(plan) if judged(plan) else [f"{NOTHING_EXPORTED}.", ""]
    lines += _block("Changes", _changes(plan.changes, places))
    lines += _to_accept(breaking(plan.changes)) if report.mode == CHECK else []
    hurt, _ = split_users(plan)
    lines += _block("Who it will hurt", [(KINDS[user.kind], _user(user)) for user in hurt])
    lines += _block("Who uses it", [("-", note) for note in unread(plan)])
    lines += _block("Edited by hand", [(change.id, _told(change, side_words(change))) for change in plan.drifted])
    lines += _block("Findings", [_finding(group) for group in grouped_findings(plan.findings, places)])
    passed = grouped_findings(plan.taken, places)
    lines += _block("Accepted on purpose", [("accepted", _finding(group)[1]) for group in passed])
    lines += _findings_to_accept([one for one in acceptable(plan.findings) if one.severity is Severity.ERROR])
    lines += _block("What a connector cannot say", [_loss(group) for group in grouped_losses(plan.losses, places)])
    lines += _block("Filled in in the exported copy", [_fix(group) for group in grouped_fixes(plan.fixes, places)])
    lines += _block(
        "Done",
        [(outcome.state.value, _step(outcome)) for outcome in report.outcomes],
    )
    if report.problem is not None:
        lines += _problem(report.problem)
    lines += _now(what_now(report))
    return safe_line("\n".join(lines).rstrip()) + "\n"


def stopped_console(error: Exception) -> str:
    """Give what a terminal shows for a run that stopped before there was a plan."""
    now = _now((advised(error),)) if problem_words(error).advice else []
    return safe_line("\n".join([*_problem(error), *now]).rstrip()) + "\n"


def _verdict(plan: Plan) -> list[str]:
    word, sentence = verdict_words(plan, plain(plan.name))
    revision = short_revision(plan.baseline.revision)
    with_what = plan.baseline.source if revision == plan.baseline.revision else f"commit {revision}"
    compared = [] if plan.baseline.connector is None else [f"Compared with {plain(with_what)}."]
    return [f"{word}: {sentence}.", *compared, ""]


def _problem(error: Exception) -> list[str]:
    problem = problem_words(error)
    complaints = (plain(line, SENTENCE) for line in problem.message.splitlines())
    return [f"{plain(problem.title)}:", *(f"  {line}" for line in complaints if line), ""]


def _now(hints: Sequence[Hint]) -> list[str]:
    """Say what to do; what is to be pasted stands on lines of its own, as it is."""
    rows = [_block("Now", [("-", f"{hint.text} {hint.address}")])[1:-1] + _pasted(hint) for hint in hints]
    return ["Now", *(line for row in rows for line in row), ""]


def _pasted(hint: Hint) -> list[str]:
    return ["", *(f"     {line[:_LONGEST_LINE]}" for line in hint.lines[:_SHOWN]), ""] if hint.lines else []


def _block(title: str, rows: Sequence[_Row]) -> list[str]:
    if not rows:
        return []
    width = max(len(label) for label, _ in rows[:_SHOWN])
    shown = [f"  {label:<{width}}  {plain(text, SENTENCE)}" for label, text in rows[:_SHOWN]]
    more = len(rows) - _SHOWN
    return [title, *shown, *([f"  and {more} more in report.json"] if more > 0 else []), ""]


def _changes(changes: Sequence[Change], places: Locator) -> list[_Row]:
    """Give the worst first; places are looked for only where they are shown."""
    ordered = sorted(changes, key=_rank)
    return [
        (
            _weight(change),
            f"{_at((place_of(change, places),) if row < _SHOWN else ())}{_told(change, portal_words(change))}",
        )
        for row, change in enumerate(ordered)
    ]


def _rank(change: Change) -> tuple[bool, bool, bool]:
    breaks = change.impact is Impact.BREAKING
    return not breaks or change.accepted is not None, not can_break(change), not breaks


def _step(outcome: Outcome) -> str:
    """Name the step, unless its detail says what was done."""
    name = STEPS.get(outcome.kind, outcome.kind)
    if outcome.state is State.DONE and outcome.detail:
        return outcome.detail
    return sentences(name, outcome.detail) if outcome.detail else name


def _user(user: User) -> str:
    owner = f", owned by {user.owner}" if user.owner else ""
    return f"{user.name}{owner}: {fate(user)}"


def _weight(change: Change) -> str:
    if change.accepted is not None:
        return "accepted"
    perhaps = change.impact is not Impact.BREAKING and can_break(change)
    return "can break" if perhaps else change.impact.value


def _to_accept(broken: Sequence[Change]) -> list[str]:
    if not broken:
        return []
    more = len(broken) - _SHOWN
    rest = [f"  and {more} more in report.json"] if more > 0 else []
    return [
        "To accept them on purpose, in the file that `accept` names",
        *(f"  {line}" for line in file_lines(broken[:_SHOWN])),
        *rest,
        "",
    ]


def _findings_to_accept(errors: Sequence[Finding]) -> list[str]:
    entries = [f"  {line}" for finding in errors[:_SHOWN] for line in finding_lines(finding)]
    head = "Where a rule is wrong about your API: to accept findings on purpose, in the file that `accept` names"
    return [head, "  accepted:", *entries, ""] if entries else []


def _at(places: Sequence[Place], times: str = "") -> str:
    place = place_text(places[0]) if places and places[0].file else ""
    return f"{place}{times}: ".lstrip() if place or times else ""


def _told(change: Change, side: str) -> str:
    """Tell a change; what to do only where makers notice more than another text."""
    felt = not {*change.surfaces.values()} <= {Effect.LABEL}
    return sentences(change.message, side or (change.advice if felt else ""))


def _finding(group: Group[Finding]) -> _Row:
    finding = group.first
    told = sentences(finding.message, finding.advice)
    return finding.severity.value, f"{_at(group.places)}{finding.rule}{group.times}: {told}"


def _loss(group: Group[Loss]) -> _Row:
    loss = group.first
    return loss.kind, f"{_at(group.places, group.times)}{sentences(loss.what, loss.done)}"


def _fix(group: Group[Fix]) -> _Row:
    return group.first.rule, f"{_at(group.places, group.times)}{group.first.done}"
