"""Puts a report into a few plain lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.model.changes import Change, Impact
from exporter.model.definitions import Place
from exporter.model.findings import Finding, Fix, Loss
from exporter.model.plans import Outcome, Plan, Report, State
from exporter.model.usage import User
from exporter.reporting.accepting import file_lines
from exporter.reporting.escaping import SENTENCE, plain, safe_line
from exporter.reporting.grouping import Group, grouped_findings, grouped_fixes, grouped_losses
from exporter.reporting.locating import Locator, place_of, place_text
from exporter.reporting.next_steps import CHECK, what_now
from exporter.reporting.users import KINDS, fate, split_users, unread
from exporter.reporting.words import (
    NOTHING_EXPORTED,
    STEPS,
    breaking,
    judged,
    problem_words,
    sentences,
    side_words,
    verdict_words,
)

_SHOWN = 10
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
    lines += _block("Edited by hand", [(change.id, _told(change)) for change in plan.drifted])
    lines += _block("Findings", [_finding(group) for group in grouped_findings(plan.findings, places)])
    lines += _block("What a connector cannot say", [_loss(group) for group in grouped_losses(plan.losses, places)])
    lines += _block("Filled in in the exported copy", [_fix(group) for group in grouped_fixes(plan.fixes, places)])
    lines += _block(
        "Done",
        [(outcome.state.value, _step(outcome)) for outcome in report.outcomes],
    )
    if report.problem is not None:
        lines += _problem(report.problem)
    lines += _block("Now", [("-", f"{hint.text} {hint.address}") for hint in what_now(report)])
    return safe_line("\n".join(lines).rstrip()) + "\n"


def stopped_console(error: Exception) -> str:
    """Give what a terminal shows for a run that stopped before there was a plan."""
    advice = problem_words(error).advice
    return safe_line("\n".join([*_problem(error), *_block("Now", [("-", advice)] if advice else [])]).rstrip()) + "\n"


def _verdict(plan: Plan) -> list[str]:
    word, sentence = verdict_words(plan, plain(plan.name))
    compared = [] if plan.baseline.connector is None else [f"Compared with {plain(plan.baseline.source)}."]
    return [f"{word}: {sentence}.", *compared, ""]


def _problem(error: Exception) -> list[str]:
    problem = problem_words(error)
    complaints = (plain(line, SENTENCE) for line in problem.message.splitlines())
    return [f"{plain(problem.title)}:", *(f"  {line}" for line in complaints if line), ""]


def _block(title: str, rows: Sequence[_Row]) -> list[str]:
    if not rows:
        return []
    width = max(len(label) for label, _ in rows[:_SHOWN])
    shown = [f"  {label:<{width}}  {plain(text, SENTENCE)}" for label, text in rows[:_SHOWN]]
    more = len(rows) - _SHOWN
    return [title, *shown, *([f"  and {more} more in report.json"] if more > 0 else []), ""]


def _changes(changes: Sequence[Change], places: Locator) -> list[_Row]:
    """Give the breaking ones first; places are looked for only where they are shown."""
    ordered = sorted(changes, key=lambda change: (change.impact is not Impact.BREAKING, change.accepted is not None))
    return [
        (_weight(change), f"{_at((place_of(change, places),) if row < _SHOWN else ())}{_told(change)}")
        for row, change in enumerate(ordered)
    ]


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
    return "accepted" if change.accepted is not None else change.impact.value


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


def _at(places: Sequence[Place], times: str = "") -> str:
    place = place_text(places[0]) if places and places[0].file else ""
    return f"{place}{times}: ".lstrip() if place or times else ""


def _told(change: Change) -> str:
    return sentences(change.message, side_words(change) or change.advice)


def _finding(group: Group[Finding]) -> _Row:
    finding = group.first
    told = sentences(finding.message, finding.advice)
    return finding.severity.value, f"{_at(group.places)}{finding.rule}{group.times}: {told}"


def _loss(group: Group[Loss]) -> _Row:
    loss = group.first
    return loss.kind, f"{_at(group.places, group.times)}{sentences(loss.what, loss.done)}"


def _fix(group: Group[Fix]) -> _Row:
    return group.first.rule, f"{_at(group.places, group.times)}{group.first.done}"
