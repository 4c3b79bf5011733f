"""What the job summary and the comment on a pull request have in common: blocks of Markdown, and how they are cut."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from exporter.model.changes import Change, Effect
from exporter.model.definitions import Place
from exporter.model.errors import NotExportable
from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Json
from exporter.model.plans import Plan, Report
from exporter.reporting.accepting import entry_lines
from exporter.reporting.counting import COLUMNS, table
from exporter.reporting.escaping import SENTENCE, code, prose
from exporter.reporting.grouping import Group
from exporter.reporting.locating import Links, Locator, old_place_of, place_of, place_text, short_revision
from exporter.reporting.report_json import bounded
from exporter.reporting.words import (
    EFFECTS,
    Standing,
    count,
    listed,
    portal_words,
    problem_words,
    sentences,
    standing,
    touches,
    verdict_words,
)
from exporter.reporting.writer import compact

_SYMBOLS = {
    Standing.BREAKING: "🔴",
    Standing.CHECK: "🟠",
    Standing.ACCEPTED: "🟡",
    Standing.COMPATIBLE: "🟢",
    Standing.SAME: "🟢",
    Standing.UNREADABLE: "⚪",
    Standing.FIRST: "⚪",
}
_MORE = 120
"""What is kept free for one sentence about what was left out, and the end of a fold."""
_OPERATIONS = 5
_COMPLAINTS = 50


class Section(NamedTuple):
    """Entries that belong together; Markdown is only ever cut between two of them."""

    head: str
    entries: Iterable[str]
    """May be lazy: what does not fit is not even written."""
    size: int
    tail: str = ""
    rest: str = "\n… and {} more in report.json.\n"
    """Says how many were left out, where it stands before the tail."""


class Filled(NamedTuple):
    """What of a section found room."""

    text: str
    shown: int


def filled(sections: Iterable[Section], room: int, size: Callable[[str], int]) -> list[Filled]:
    """Give of each section as many entries as there is room for, the first sections first; `size` measures a text."""
    there = [section for section in sections if section.size]
    room -= sum(size(section.head) + size(section.tail) + _MORE for section in there)
    given = []
    for section in there:
        parts, shown = [section.head], 0
        for entry in section.entries:
            needed = size(entry)
            if needed > room:
                break
            room -= needed
            parts.append(entry)
            shown += 1
        if shown < section.size:
            parts.append(section.rest.format(section.size - shown))
        given.append(Filled("".join((*parts, section.tail)), shown))
    return given


def fold(title: str, things: Sequence[object], entries: Iterable[str], total: int = 0) -> Section:
    """Make a section that readers open with a click; `total` where one entry speaks of several things."""
    head = f"<details><summary><b>{title}</b> · {total or len(things)}</summary>\n\n"
    return Section(head, entries, len(things), "\n</details>\n\n")


def to_accept(broken: Sequence[Change]) -> Section:
    """Make the section with the lines that accept changes on purpose."""
    told = "Put what you accept into the file that the input `accept` names; `until` is its last day, as 2027-01-31."
    rest = "report.json has their fingerprints"
    return accepting("Accept these changes on purpose", told, [*map(entry_lines, broken)], rest)


def accepting(title: str, told: str, entries: Sequence[Sequence[str]], rest: str) -> Section:
    """Make a section with entries to paste; `rest` says where those are for which there is no room."""
    return Section(
        f"<details><summary><b>{title}</b></summary>\n\n{told}\n\n```yaml\naccepted:\n",
        ("\n".join((*entry, "")) for entry in entries),
        len(entries),
        "```\n\n</details>\n\n",
        f"  # and {{}} more: {rest}\n",
    )


def title(report: Report) -> str:
    """Give the first line: the verdict, how many changes, of which connector, for whom."""
    plan = report.plan
    stands = standing(plan)
    word, sentence = verdict_words(plan, code(plan.name))
    if isinstance(report.problem, NotExportable) and stands is not Standing.BREAKING:
        errors = sum(finding.times for finding in plan.findings if finding.severity is Severity.ERROR)
        return f"### ❌ Cannot be exported: {count(errors, 'error')} in {code(plan.name)}"
    return f"### {_SYMBOLS[stands]} {word}: {sentence}"


def problem(error: Exception) -> list[str]:
    """Say what stopped us, in lines of a quotation."""
    told = problem_words(error)
    lines = told.message.splitlines()[:_COMPLAINTS]
    return [f"> **❌ {prose(told.title)}**", *(f"> - {prose(line)}" for line in lines if line.strip()), ""]


def compared(plan: Plan, links: Links) -> str:
    """Say with what it was compared; nothing where there was nothing."""
    baseline = plan.baseline
    if baseline.connector is None:
        return ""
    short = short_revision(baseline.revision)
    if short != baseline.revision:
        return f"Compared with commit {linked(code(short), links.of_commit(baseline.revision))}."
    commit = f" from commit {code(baseline.commit[:12])}" if baseline.commit else ""
    time = f" at {prose(baseline.time)}" if baseline.time else ""
    exported = f", exported{time}{commit}" if commit or time else ""
    return f"Compared with {prose(baseline.source)}{exported}."


def counts(changes: Sequence[Change], *, texts: bool = True) -> list[str]:
    """Count what breaks where, as the lines of a table; nothing where nothing does. `texts` also counts mere texts."""
    rows = {effect: row for effect, row in table(changes).items() if texts or effect is not Effect.LABEL}
    if not rows:
        return []
    return [
        f"| | {' | '.join(COLUMNS)} |",
        f"|:--|{'--:|' * len(COLUMNS)}",
        *(f"| {EFFECTS[effect]} | {' | '.join(str(n or '-') for n in row.values())} |" for effect, row in rows.items()),
        "",
        "",
    ]


def breaking_block(number: int, change: Change, plan: Plan, places: Locator, links: Links) -> str:
    """Tell one breaking change: whom it touches, when they notice, what to do instead, where it stands."""
    heading, more = first_sentence(change.message)
    lines = [f"#### {number} · {subject(change)}{prose(heading.removesuffix('.'))}", ""]
    lines += [prose(more), ""] if more else []
    lines += [f"- **{effect}:** {makers}." for effect, makers in touches(change)]
    lines += [f"- **What to do:** {prose(change.advice)}"] if change.advice else []
    lines += [f"- **By hand:** {portal_words(change)}"] if portal_words(change) else []
    lines += (
        [f"- **Touches {len(change.operations)} operations:** {_names(change)}"] if len(change.operations) > 1 else []
    )
    lines += [f"- **Before and after:** {_value(change.before)} → {_value(change.after)}"] if _shows(change) else []
    there = where(change, place_of(change, places), links, _was(change, plan, places, links))
    return "\n".join([*lines, f"- {there} · {code(change.fingerprint)}", "", ""])


def change_line(change: Change, place: Place, links: Links, side: str = "") -> str:
    """Tell any change on one line of a list; `side` says who else made it."""
    told = prose(sentences(change.message, side), 2 * SENTENCE)
    return f"- {'⚠️ ' if change.conflict else ''}{subject(change)}{told} {where(change, place, links)}\n"


def warning_line(change: Change, place: Place, links: Links, side: str = "") -> str:
    """Tell a change that can break something on one line of a list: also whom, when, and what to do."""
    hit = " ".join(f"**{effect}:** {makers}." for effect, makers in touches(change))
    told = f"{subject(change)}{prose(sentences(change.message, side), 2 * SENTENCE)} {hit}"
    return f"- {told} **What to do:** {prose(change.advice)} {where(change, place, links)}\n"


def accepted_line(change: Change, places: Locator, links: Links) -> str:
    """Tell a change that was accepted on purpose, struck out, and why."""
    why = f"*{prose(change.accepted.reason)}* Until {change.accepted.until}." if change.accepted else ""
    return f"- ~~{subject(change)}{prose(change.message)}~~ {why} {where(change, place_of(change, places), links)}\n"


def finding_line(group: Group[Finding], links: Links) -> str:
    """Tell what is wrong with the definition, on one line of a list."""
    finding = group.first
    name = f"**{finding.severity.value}** {linked(code(finding.rule), links.of_rule(finding.rule))}"
    told = prose(sentences(finding.message, finding.advice), 2 * SENTENCE)
    return f"- {name}{group.times}: {told}{at(group.places, group.size, links)}\n"


def subject(change: Change) -> str:
    """Name the operation, where the message does not."""
    if not change.operation or change.operation in change.message:
        return ""
    return f"{code(change.operation)}: "


def where(change: Change, place: Place, links: Links, was: str = "") -> str:
    """Say where a change stands, and by which rule it is judged."""
    rule = linked(code(change.id), links.of_change(change.id))
    return " · ".join([*places_text([place], links), *([was] if was else []), f"rule {rule}"])


def _was(change: Change, plan: Plan, places: Locator, links: Links) -> str:
    place = old_place_of(change, places)
    if not place.line:
        return ""
    revision = plan.baseline.revision
    return f"was {linked(f'line {place.line}', links.of_place_at(revision, place))} at {code(short_revision(revision))}"


def at(places: Sequence[Place], size: int, links: Links) -> str:
    """Say where things are that were put together."""
    found = places_text(places, links)
    more = size - len(places)
    return f" At {listed([*found, *([f'{more} more'] if more > 0 else [])])}." if found else ""


def places_text(places: Iterable[Place], links: Links) -> list[str]:
    """Write places, linked where we know an address."""
    return [linked(code(place_text(place)), links.of_place(place)) for place in places if place.file]


def linked(text: str, address: str) -> str:
    """Link a text that is Markdown already."""
    return f"[{text}]({address})" if address else text


def first_sentence(text: str) -> tuple[str, str]:
    """
    Cut a text after its first sentence; a full stop between backticks ends none.

    >>> first_sentence("`a. B` is gone. Put it back.")
    ('`a. B` is gone.', 'Put it back.')
    """
    quoted = False
    for index, letter in enumerate(text):
        quoted ^= letter == "`"
        if not quoted and text.startswith(". ", index):
            return text[: index + 1], text[index + 2 :]
    return text, ""


def _names(change: Change) -> str:
    more = len(change.operations) - _OPERATIONS
    return listed([*map(code, change.operations[:_OPERATIONS]), *([f"{more} more"] if more > 0 else [])])


def _shows(change: Change) -> bool:
    """Tell whether there are two values, and they say more than the message does."""
    values = (change.before, change.after)
    return None not in values and not all(_is_told(value, change.message) for value in values)


def _is_told(value: Json, message: str) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_told(member, message) for member in value)
    return isinstance(value, str) and f"`{value}`" in message


def _value(value: Json) -> str:
    return "nothing" if value is None else code(compact(bounded(value)).decode())
