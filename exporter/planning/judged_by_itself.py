"""What a pull request decides about itself: it may bring along the very files that say how it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exporter.model.changes import Change
from exporter.model.errors import NotExportable, ServiceFailed, ServiceRefused, WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.plans import Baseline
from exporter.planning.accepted import accept_all
from exporter.ports import Files, World
from exporter.reporting.words import count
from exporter.settings.settings import Settings

_CANNOT_READ = (NotExportable, ServiceFailed, ServiceRefused, WrongInputs)


def judged_by_itself(
    settings: Settings,
    world: World,
    baseline: Baseline,
    changes: tuple[Change, ...],
    findings: tuple[Finding, ...],
) -> tuple[Finding, ...]:
    """
    Say what of the verdict on a pull request is its own word: what it accepts itself, and files that it brings or changes.

    `changes` and `findings` are marked as accepted already. Nothing where no merge is looked at, and where nobody can
    tell what the branch has.
    """
    try:
        base = world.revisions.base() if world.revisions is not None else ""
        if not base or world.revisions is None:
            return ()
        there = world.revisions.files(base)
        accepted = _accepted(settings.accept, world, there, changes, findings) if settings.accept else ()
        return (*accepted, *_files(settings, world, baseline, there))
    except _CANNOT_READ:
        return ()


def _accepted(
    path: str, world: World, there: Files, changes: tuple[Change, ...], findings: tuple[Finding, ...]
) -> Iterator[Finding]:
    fresh_changes = tuple(change._replace(accepted=None) for change in changes)
    fresh_findings = tuple(finding._replace(accepted=None) for finding in findings)
    before_changes, before_findings = fresh_changes, fresh_findings
    if there.exists(path):
        try:
            marked = accept_all(path, there, world.origin.time, fresh_changes, fresh_findings)
            before_changes, before_findings = marked.changes, marked.findings
        except WrongInputs:
            pass  # What the branch has is no such file: it accepts nothing.
    numbers = (
        _more(_taken(changes) - _taken(before_changes), "change"),
        _more(_taken(findings) - _taken(before_findings), "finding"),
    )
    told = " and ".join(filter(None, numbers))
    if told:
        yield Finding(
            "accepted-here",
            Severity.NOTICE,
            (),
            f"This pull request itself accepts {told}: the branch's `{path}` does not.",
            "Whoever approves the pull request approves that, too.",
            file=path,
            line=1,
            column=1,
        )


def _taken(found: Sequence[Change | Finding]) -> set[int]:
    return {index for index, one in enumerate(found) if one.accepted is not None}


def _more(new: set[int], one: str) -> str:
    return count(len(new), one) if new else ""


def _files(settings: Settings, world: World, compared: Baseline, there: Files) -> Iterator[Finding]:
    """Name the files that say how it is judged, where the pull request has another one than the branch."""
    baseline, record = settings.baseline, settings.record
    by_record = record.kind == "file" and compared.source.startswith("record ")
    named = (
        ("config", settings.config, world.checkout),
        ("baseline", baseline.value if baseline.kind == "file" else "", world.workspace),
        ("record", record.value if by_record else "", world.checkout),
    )
    for name, path, here in named:
        if path and here is not None and _content(here, path) != _content(there, path):
            yield Finding(
                "judged-by-itself",
                Severity.WARNING,
                (),
                f"This pull request changes `{path}`, which `{name}` names: it decides itself how it is judged.",
                "Look at what it changes there, before you believe the verdict. What must hold belongs into the workflow.",
                file=path,
                line=1,
                column=1,
            )


def _content(files: Files, path: str) -> bytes | None:
    return files.read(path) if files.exists(path) else None
