"""Puts a report into the comment on a pull request: what a reviewer must know, and where the rest is."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from exporter import VERSION
from exporter.model.changes import Change, Effect, Impact
from exporter.model.definitions import Place
from exporter.model.errors import NotExportable
from exporter.model.findings import Severity
from exporter.model.plans import Plan, Report
from exporter.reporting.escaping import SENTENCE, code, prose
from exporter.reporting.grouping import grouped_findings
from exporter.reporting.locating import Links, Locator, place_of, short_revision
from exporter.reporting.markdown import (
    Section,
    accepted_line,
    breaking_block,
    change_line,
    compared,
    counts,
    filled,
    finding_line,
    fold,
    linked,
    title,
    to_accept,
    warning_line,
)
from exporter.reporting.words import Standing, accepted, breaking, breaking_perhaps, judged, sentences, standing
from exporter.settings.settings import Comment

LIMIT = 60_000
"""In the units that JavaScript and databases count; GitHub refuses a comment of more than 65,536."""

_IN_FULL, _ALIKE = 10, 3
"""Nobody reads more breaking changes, and more of one rule, on a page that is about something else."""
_MOST = 25
"""Of one fold: whoever reads more of them reads the job summary."""
_REST = "\n… and {} more in the job summary.\n"
_ALARMS = frozenset({Standing.BREAKING, Standing.UNREADABLE})
_NEWS = _ALARMS | {Standing.CHECK, Standing.ACCEPTED}
_BESIDE = frozenset(
    {
        "accepted-here",
        "judged-by-itself",
        "exported-ahead",
        "not-exported-yet",
        "record-unreadable",
        "baseline-missing",
        "baseline-unreadable",
    }
)
"""Findings about what it was compared with, and who says so."""
_FOLDS = (
    ((Effect.DESIGN_TIME,), "Shows at the next edit; what runs goes on"),
    ((Effect.LABEL,), "Names and help texts"),
    ((), "New, and what makers do not notice"),
)


def is_due(report: Report, wanted: Comment) -> bool:
    """
    Tell whether there is enough to say for a comment where there is none yet; one that is there is kept up to date.

    Good news alone never makes a new comment, unless comments are always wanted.
    """
    if wanted is Comment.ALWAYS or isinstance(report.problem, NotExportable):
        return True
    if any(finding.rule == "judged-by-itself" for finding in report.plan.findings):
        return True  # else it could keep itself from being told
    return standing(report.plan) in (_NEWS if wanted is Comment.CHANGES else _ALARMS)


def is_about_makers(report: Report) -> bool:
    """Tell whether the report can say anything about the connector; a service that failed is no news about it."""
    return judged(report.plan) or isinstance(report.problem, NotExportable)


def comment(report: Report, places: Locator, links: Links) -> str:
    """
    Give the comment as Markdown, at most LIMIT long; it is only ever cut between changes, and says so.

    Its first line is the verdict, then come counts, each breaking change with whom it touches, and the rest folded.
    Text out of definitions cannot mention, link, inject HTML or break out of its place.
    """
    plan = report.plan
    top = "\n".join([_title(report), "", *_beside(report, links), *(counts(plan.changes, texts=False) or [""])])
    foot = f"<sub>{' · '.join(_foot(links))}</sub>\n"
    parts = [part for part in _parts(plan, places, links) if part.section.size]
    room = LIMIT - _size(top) - _size(foot) - _size(_cut(plan.changes, 0, links))
    given = filled((part.section for part in parts), room, _size)
    kept = [
        (text.text, text.shown if part.about_changes else 0)
        for text, part in zip(given, parts, strict=True)
        if text.shown
    ]
    shown = sum(number for _, number in kept)
    told = "".join(text for text, _ in kept)
    return f"{top}{told}{_cut(plan.changes, shown, links)}{foot}"


class _Part(NamedTuple):
    section: Section
    about_changes: bool = True
    """Whether its entries are changes that are shown nowhere else."""


def _title(report: Report) -> str:
    return title(report) if judged(report.plan) else "### ⚪ Cannot tell: the definition cannot be read"


def _beside(report: Report, links: Links) -> Iterator[str]:
    """Say with what it was compared, how far that is what makers have, and whether it can be exported at all."""
    plan = report.plan
    if told := compared(plan, links):
        yield from (told, "")
    if isinstance(report.problem, NotExportable) and standing(plan) is Standing.BREAKING:
        yield from ("**❌ It cannot be exported either:** the errors are below.", "")
    for finding in plan.findings:
        if finding.rule in _BESIDE:
            yield from (f"**Note:** {prose(sentences(finding.message, finding.advice), 2 * SENTENCE)}", "")


def _parts(plan: Plan, places: Locator, links: Links) -> Iterator[_Part]:
    broken, taken = breaking(plan.changes), accepted(plan.changes)
    first, more = _chosen(broken)
    blocks = (breaking_block(n, change, plan, places, links) for n, change in enumerate(first, 1))
    yield _Part(Section("", blocks, len(first), rest=""))
    yield _changes("More breaking changes", more, change_line, places, links)
    perhaps = breaking_perhaps(plan.changes)
    can_break = _changes("Can break", perhaps, warning_line, places, links)
    yield can_break if broken else can_break._replace(section=can_break.section._replace(head="", tail="\n"))
    errors = [finding for finding in plan.findings if finding.severity is Severity.ERROR]
    lines = [finding_line(group, links) for group in grouped_findings(errors, places)]
    yield _Part(Section("#### Errors in the definition\n\n", lines, len(lines), "\n", _REST), about_changes=False)
    yield _Part(to_accept(broken[:_MOST]), about_changes=False)
    struck = (accepted_line(change, places, links) for change in taken)
    yield _Part(fold("Accepted on purpose", taken, struck)._replace(rest=_REST))
    others = [change for change in plan.changes if change.impact is not Impact.BREAKING]
    for effects, name in _FOLDS:
        alike = [change for change in others if _worst(change) in effects or not (effects or change.surfaces)]
        yield _changes(name, alike, change_line, places, links)


def _chosen(broken: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """Give those to tell in full, a few of each rule, and the others: the same thing said forty times is not read."""
    first: list[Change] = []
    more: list[Change] = []
    told: dict[str, int] = {}
    for change in broken:
        told[change.id] = told.get(change.id, 0) + 1
        (first if len(first) < _IN_FULL and told[change.id] <= _ALIKE else more).append(change)
    return first, more


def _changes(
    name: str, changes: Sequence[Change], line: Callable[[Change, Place, Links], str], places: Locator, links: Links
) -> _Part:
    lines = (line(change, place_of(change, places), links) for change in changes[:_MOST])
    return _Part(fold(name, changes, lines)._replace(rest=_REST))


def _worst(change: Change) -> Effect | None:
    return next((effect for effect in Effect if effect in change.surfaces.values()), None)


def _cut(changes: Sequence[Change], shown: int, links: Links) -> str:
    if shown == len(changes):
        return ""
    rest = linked("job summary", links.run)
    return f"> {shown} of {len(changes)} changes are shown here; the rest is in the {rest}.\n\n"


def _foot(links: Links) -> Iterator[str]:
    yield f"Kept up to date with each push{f'; this is about {code(short_revision(links.sha))}' if links.sha else ''}"
    if links.run:
        yield linked("all of it in the job summary", links.run)
    if links.changes:
        yield linked("what the rules mean", links.changes)
    yield f"connector-exporter {VERSION}"


def _size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
