"""What was exported last, beside what a pull request would replace: whether the branch is exported at all."""

from __future__ import annotations

from exporter.model.changes import Impact
from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.model.findings import Finding, Severity
from exporter.model.plans import Baseline, Record
from exporter.ports import Records, World
from exporter.reporting.words import count

_COMMIT = 12


def record_if_readable(records: Records) -> tuple[Record | None, tuple[Finding, ...]]:
    """Read the record where it is only asked how far the branch is exported: then it may be out of reach."""
    try:
        return records.read(), ()
    except (ServiceRefused, ServiceFailed) as error:
        finding = Finding(
            "record-unreadable",
            Severity.NOTICE,
            (),
            f"The record of the last export cannot be read, so nobody can tell whether the branch is exported. {error}",
            error.advice,
        )
        return None, (finding,)


def exported_elsewhere(baseline: Baseline, record: Record, world: World) -> tuple[Finding, ...]:
    """
    Say where what was exported last is not what the merge would replace: then exporting does more than the merge does.

    Nothing where nothing was exported yet, or where the comparison is with what was exported anyway.
    """
    if baseline.connector is None or world.revisions is None or record.fingerprint == baseline.fingerprint:
        return ()
    from exporter.comparison.compare import compare

    ahead = bool(record.commit) and world.revisions.holds(baseline.revision, record.commit) is False
    old, new = record.connector, baseline.connector
    changes = compare(new, old) if ahead else compare(old, new)
    breaks = sum(change.impact is Impact.BREAKING for change in changes)
    number = count(len(changes), "change")
    when = f" on {record.time[:10]}" if record.time else ""
    commit = f" from commit {record.commit[:_COMMIT]}" if record.commit else ""
    if ahead:
        return (
            Finding(
                "exported-ahead",
                Severity.NOTICE,
                (),
                f"The exported connector is ahead of the branch: it was exported{when}{commit}, which the branch does "
                f"not have, and it holds {number} that the branch has not got.",
                "The next export of the branch takes them back. Merge that commit first, if they are wanted.",
            ),
        )
    return (
        Finding(
            "not-exported-yet",
            Severity.NOTICE,
            (),
            f"The branch is not exported yet: the last export was{when}{commit}, and {number} since then "
            f"({breaks} breaking) wait on the branch.",
            "The next export brings them to makers, together with what this pull request changes.",
        ),
    )
