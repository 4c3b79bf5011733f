"""Writes a report as one page that asks nothing of any network: the verdict, and what each change does to makers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from exporter.model.changes import Change, Effect
from exporter.model.findings import Finding, Fix, Loss, Severity
from exporter.model.plans import Plan, Report
from exporter.model.usage import User
from exporter.reporting.accepting import file_lines
from exporter.reporting.counting import COLUMNS, table
from exporter.reporting.escaping import SENTENCE, html, html_prose, plain
from exporter.reporting.grouping import Group, grouped_findings, grouped_fixes, grouped_losses
from exporter.reporting.html_page import document
from exporter.reporting.locating import Links, Locator, place_text
from exporter.reporting.maker_look import CARD_STYLE
from exporter.reporting.next_steps import what_now
from exporter.reporting.page_look import STYLE
from exporter.reporting.report_changes import Changes, grouped, linked
from exporter.reporting.report_look import REPORT_STYLE
from exporter.reporting.users import KINDS, fate, split_users, unread
from exporter.reporting.words import (
    NOTHING_EXPORTED,
    STEPS,
    breaking,
    count,
    judged,
    listed,
    problem_words,
    sentences,
    side_words,
    verdict_words,
)

_LISTED = 300
"""How many things of a kind are listed; report.json has them all."""
_LONGEST_OPEN = 20
"""More than that are folded."""
_TO_ACCEPT = 50
_EFFECTS = {
    Effect.BREAKS: "Breaks",
    Effect.BREAKS_IF_USED: "Breaks if used that way",
    Effect.DESIGN_TIME: "Errors at the next edit",
    Effect.LABEL: "Names and help texts",
}
"""In few words: they head narrow columns."""
_LINES = 50


def report_page(report: Report, places: Locator, links: Links, version: str) -> bytes:
    """
    Give report.html: in light and dark, for phones, keyboards, screen readers and paper.

    The same report gives the same bytes. No script is in it, and its content security policy allows none.
    """
    plan = report.plan
    body = "".join(
        (
            _header(report),
            "<main>",
            *_changes(plan, Changes(plan, places, links)),
            _users(plan),
            _drifted(plan),
            *_noticed(plan, places, links),
            _steps(report),
            _section("now", "What now", _items(_hint(hint.text, hint.address) for hint in what_now(report))),
            "</main>",
            f"<footer><p>Made by the Power Platform connector exporter {html(version)}.</p></footer>",
        )
    )
    title = f"{plan.name}: what changed" if judged(plan) else NOTHING_EXPORTED
    return document(title, body, style=STYLE + CARD_STYLE + REPORT_STYLE)


def _section(key: str, title: str, content: str) -> str:
    return f'<section aria-labelledby="{key}"><h2 id="{key}">{title}</h2>{content}</section>' if content else ""


def _items(items: Iterable[str]) -> str:
    shown = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{shown}</ul>" if shown else ""


def _folded(title: str, number: int, items: Iterable[str]) -> str:
    if not number:
        return ""
    more = number - _LISTED
    rest = f'<p class="soft">… and {more} more in <code>report.json</code>.</p>' if more > 0 else ""
    return f"<details><summary>{title} ({number})</summary>{_items(islice(items, _LISTED))}{rest}</details>"


def _header(report: Report) -> str:
    plan = report.plan
    if not judged(plan):
        return f"<header><h1>{NOTHING_EXPORTED}</h1>{_problem(report)}</header>"
    word, sentence = verdict_words(plan, f"`{plain(plan.name)}`")
    badge = f'<span class="verdict {plan.verdict.value}">{html(word)}</span>'
    return (
        f"<header><h1>{html(plain(plan.name))}</h1><p>{badge}</p><p>{html_prose(sentences(sentence))}</p>"
        f'{_problem(report)}<p class="soft">{_compared(plan)}</p>{_drift(plan)}{_counts(plan.changes)}</header>'
    )


def _problem(report: Report) -> str:
    if report.problem is None:
        return ""
    problem = problem_words(report.problem)
    lines = [line for line in problem.message.splitlines()[:_LINES] if line.strip()]
    told = "".join(f"<p>{html_prose(line)}</p>" for line in lines)
    text, *rest = problem.advice.splitlines() or [""]
    pasted = "<pre>" + "\n".join(map(html, rest)) + "</pre>" if rest else ""
    advice = f"<p>{html_prose(text)}</p>{pasted}" if text else ""
    return f'<div class="problem"><p><span class="flag">Stopped</span> <b>{html(problem.title)}</b></p>{told}{advice}</div>'


def _compared(plan: Plan) -> str:
    baseline = plan.baseline
    mark = f"Fingerprint <code>{html(plan.fingerprint[:16])}</code>."
    if baseline.connector is None:
        return mark
    commit = f" from commit <code>{html(plain(baseline.commit[:12]))}</code>" if baseline.commit else ""
    time = f" at {html(plain(baseline.time))}" if baseline.time else ""
    exported = f", exported{time}{commit}" if commit or time else ""
    return f"Compared with {html_prose(baseline.source)}{exported}. {mark}"


def _drift(plan: Plan) -> str:
    if not plan.drift:
        return ""
    told = (
        "The live connector is not what was exported last; what differs is listed below"
        if plan.drifted
        else "The live connector was there already, and no record says that we exported it"
    )
    return f'<div class="problem"><p><span class="flag">Edited by hand</span> {told}.</p></div>'


def _counts(changes: Sequence[Change]) -> str:
    counts = table(changes)
    if not counts:
        return ""
    head = "".join(f'<th scope="col">{_EFFECTS[effect]}</th>' for effect in counts)
    lines = "".join(
        f'<tr><th scope="row">{column}</th>{"".join(f"<td>{row[column]}</td>" for row in counts.values())}</tr>'
        for column in COLUMNS
    )
    caption = "How many changes touch what makers have"
    return (
        f'<table class="counts"><caption>{caption}</caption><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )


def _changes(plan: Plan, changes: Changes) -> Iterator[str]:
    groups = grouped(plan.changes)
    broken = breaking(plan.changes)
    first = [group for group in groups if group.breaks]
    others = [group for group in groups if not group.breaks]
    yield _section("breaking", "What breaks", "".join(map(changes.group, first)) + _to_accept(broken))
    yield _section("changes", "Other changes", "".join(map(changes.group, others)))
    if changes.left_out:
        yield f'<p class="soft">{count(changes.left_out, "more change")} in <code>report.json</code>.</p>'


def _to_accept(broken: Sequence[Change]) -> str:
    if not broken:
        return ""
    more = len(broken) - _TO_ACCEPT
    rest = f"<p>… and {more} more in <code>report.json</code>.</p>" if more > 0 else ""
    lines = "\n".join(map(html, file_lines(broken[:_TO_ACCEPT])))
    return (
        "<details><summary>Accept these changes on purpose</summary><p>Put what you accept into the file that the "
        "input <code>accept</code> names; <code>until</code> is its last day, as 2027-01-31.</p>"
        f'<pre tabindex="0">{lines}</pre>{rest}</details>'
    )


def _users(plan: Plan) -> str:
    hurt, others = split_users(plan)
    notes = _items(html_prose(note) for note in unread(plan)[:_LISTED])
    told = map(_user, hurt)
    shown = _items(told) if len(hurt) <= _LONGEST_OPEN else _folded("All of them", len(hurt), told)
    return _section("users", "Who it will hurt", shown + notes) + _section(
        "uses",
        "Who else uses the connector",
        _folded("Flows, apps and connection references", len(others), map(_user, others)),
    )


def _user(user: User) -> str:
    owner = f", owned by {html_prose(user.owner)}" if user.owner else ""
    return f"{KINDS[user.kind].capitalize()} <b>{html_prose(user.name or user.id)}</b>{owner}: {html_prose(fate(user))}"


def _drifted(plan: Plan) -> str:
    def told(change: Change) -> str:
        flag = '<span class="flag">Conflict</span> ' if change.conflict else ""
        name = "" if not change.operation or change.operation in change.message else f"`{plain(change.operation)}`: "
        return flag + html_prose(sentences(name + change.message, side_words(change)), 2 * SENTENCE)

    return _section("drift", "What was edited by hand", _folded("Edits", len(plan.drifted), map(told, plan.drifted)))


def _noticed(plan: Plan, places: Locator, links: Links) -> Iterator[str]:
    findings = grouped_findings(plan.findings, places)
    errors = [group for group in findings if group.first.severity is Severity.ERROR]
    hints = [group for group in findings if group.first.severity is not Severity.ERROR]
    losses, fixes = grouped_losses(plan.losses, places), grouped_fixes(plan.fixes, places)
    passed = grouped_findings(plan.taken, places)
    yield _section("errors", "Errors in the definition", _items(_finding(group, links) for group in errors[:_LISTED]))
    yield _section(
        "noticed",
        "What else was noticed",
        _folded("Warnings and notices", len(hints), (_finding(group, links) for group in hints))
        + _folded("Findings accepted on purpose", len(passed), (_finding(group, links) for group in passed))
        + _folded("What a connector cannot say", len(losses), (_loss(group, links) for group in losses))
        + _folded("What was filled in in the exported copy", len(fixes), (_fix(group, links) for group in fixes)),
    )


def _finding(group: Group[Finding], links: Links) -> str:
    finding = group.first
    rule = linked(f"<code>{html(finding.rule)}</code>", links.of_rule(finding.rule))
    told = html_prose(sentences(finding.message, finding.advice), 2 * SENTENCE)
    return f"<b>{finding.severity.value.capitalize()}</b> {rule}{html(group.times)}: {told}{_at(group, links)}"


def _loss(group: Group[Loss], links: Links) -> str:
    loss = group.first
    told = html_prose(sentences(loss.what, loss.why, loss.done), 2 * SENTENCE)
    return f"<code>{html(loss.kind)}</code>{html(group.times)}: {told}{_at(group, links)}"


def _fix(group: Group[Fix], links: Links) -> str:
    fix = group.first
    rule = linked(f"<code>{html(fix.rule)}</code>", links.of_rule(fix.rule))
    return f"{rule}{html(group.times)}: {html_prose(fix.done)}{_at(group, links)}"


def _at(group: Group[Finding] | Group[Loss] | Group[Fix], links: Links) -> str:
    found = [linked(html(place_text(place)), links.of_place(place)) for place in group.places]
    more = group.size - len(found)
    return f" At {listed([*found, *([f'{more} more'] if more > 0 else [])])}." if found else ""


def _steps(report: Report) -> str:
    return _section(
        "steps",
        "Steps",
        _items(
            f"<b>{outcome.state.value.capitalize()}</b>: {html(STEPS.get(outcome.kind, outcome.kind))}. "
            f"{html_prose(outcome.detail)}"
            for outcome in report.outcomes
        ),
    )


def _hint(text: str, address: str) -> str:
    told = html_prose(text)
    if not address:
        return told
    known = address.startswith("https://")
    return f"{told} {linked(html(address), address) if known else f'<code>{html(address)}</code>'}"
