"""Puts the worst of a report onto the lines it is about, as annotations of the runner."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from exporter.model.changes import Change
from exporter.model.errors import NotExportable
from exporter.model.findings import Finding, Severity
from exporter.model.plans import Baseline, Report
from exporter.reporting.escaping import plain
from exporter.reporting.locating import NOWHERE, Locator, old_place_of, place_of, short_revision
from exporter.reporting.next_steps import CHECK
from exporter.reporting.words import breaking, breaking_perhaps, count, problem_words

SHOWN = 9
"""The runner keeps ten of a level and drops the rest without a word; the tenth is ours to say so."""
_LETTERS = 3000
"""The runner cuts a message at 4,096."""


class Level(Enum):
    """How the runner shows an annotation, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Annotation(NamedTuple):
    """A remark on a line; an empty file means the run as a whole, 0 an unknown line."""

    level: Level
    file: str
    line: int
    column: int
    title: str
    message: str


_LEVELS = {Severity.ERROR: Level.ERROR, Severity.WARNING: Level.WARNING, Severity.NOTICE: Level.NOTICE}
_RANK = {level: rank for rank, level in enumerate(Level)}


def annotations(report: Report, places: Locator) -> tuple[Annotation, ...]:
    """
    Give the nine worst remarks, and one that counts the others where there are more.

    What stopped us comes first, unless it is one of the errors that stand on their lines; then errors, warnings and
    notices, breaking changes before findings. What is gone is shown at what is left around it, and says where it was.
    """
    remarks = sorted(_remarks(report), key=lambda remark: _RANK[remark.level])
    stopped = report.problem if report.problem is not None and not _has_its_line(report) else None
    first = (problem_annotation(stopped),) if stopped is not None else ()
    room = SHOWN - len(first)
    shown = tuple(_annotation(remark, places, report.plan.baseline) for remark in remarks[:room])
    more = len(remarks) - room
    if more <= 0:
        return first + shown
    rest = f"{count(more, 'more remark')}: see the job summary."
    return (*first, *shown, Annotation(Level.NOTICE, "", 0, 0, "Connector export", rest))


def _has_its_line(report: Report) -> bool:
    errors = any(finding.severity is Severity.ERROR for finding in report.plan.findings)
    return errors and isinstance(report.problem, NotExportable)


def problem_annotation(error: Exception) -> Annotation:
    """Give what stopped a run as an annotation; for runs without a plan as well."""
    problem = problem_words(error)
    return Annotation(Level.ERROR, "", 0, 0, problem.title, f"{problem.message}\n{problem.advice}".rstrip())


def command(annotation: Annotation) -> str:
    r"""
    Write an annotation as the workflow command that the runner reads from our output.

    Whatever the texts hold, it is one line and one command (actions/runner, ActionCommand.cs).

    >>> command(Annotation(Level.ERROR, "a,b.yaml", 12, 0, "rule: x", "50%\n::error::"))
    '::error file=a%2Cb.yaml,line=12,title=rule%3A x::50%25%0A::error::'
    """
    properties = {
        "file": annotation.file,
        "line": annotation.line if annotation.file else 0,
        "col": annotation.column if annotation.file and annotation.line else 0,
        "title": plain(annotation.title),
    }
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    lines = (plain(line, _LETTERS) for line in annotation.message[:_LETTERS].splitlines())
    return f"::{annotation.level.value}{' ' if told else ''}{told}::{_message(chr(10).join(lines))}"


def _message(text: str) -> str:
    # The runner's older form of a command, ##[...], counts wherever it stands in a line.
    printable = text.encode("utf-8", "replace").decode().replace("##[", "# #[")
    return printable.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


class _Remark(NamedTuple):
    """What will be an annotation if it is among the worst; only then its line is looked for."""

    level: Level
    title: str
    about: Change | Finding
    in_file: bool = True


def _remarks(report: Report) -> Iterator[_Remark]:
    # A breaking change is an error while it can still be taken back, and a warning once it is on its way.
    level = Level.ERROR if report.mode == CHECK else Level.WARNING
    plan = report.plan
    yield from (_Remark(level, f"{change.id} (breaking)", change) for change in breaking(plan.changes))
    yield from (_Remark(Level.WARNING, f"{change.id} (can break)", change) for change in breaking_perhaps(plan.changes))
    yield from (
        _Remark(Level.WARNING, f"{change.id} (edited by hand)", change, in_file=False) for change in plan.drifted
    )
    yield from (_Remark(_LEVELS[finding.severity], finding.rule, finding) for finding in plan.findings)


def _annotation(remark: _Remark, places: Locator, baseline: Baseline) -> Annotation:
    about = remark.about
    place = place_of(about, places) if remark.in_file else NOWHERE
    was = _was(about, places, baseline) if isinstance(about, Change) and remark.in_file else ""
    told = "\n".join(line for line in (about.message, about.advice, was) if line)
    return Annotation(remark.level, place.file, place.line, place.column, remark.title, told)


def _was(change: Change, places: Locator, baseline: Baseline) -> str:
    """Say where it stood, where the line that is shown is another thing's."""
    place = old_place_of(change, places) if change.pointer != change.old_pointer else NOWHERE
    return f"It was line {place.line} of {place.file} at {short_revision(baseline.revision)}." if place.line else ""
