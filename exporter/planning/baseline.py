"""The baseline: which connector the candidate is compared with, and where it is read from."""

from typing import NamedTuple

from exporter.comparison.fingerprint import fingerprint
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import NotExportable, WrongInputs
from exporter.model.findings import Finding, Severity
from exporter.model.plans import NO_BASELINE, Baseline, Record
from exporter.openapi.places import Places
from exporter.openapi.walk import operations
from exporter.planning.candidate import Unreadable, completed, make_candidate
from exporter.planning.reading import read_record_file
from exporter.ports import Files, World
from exporter.settings.settings import Choice, Settings

UNREADABLE = "baseline-unreadable"
"""The finding that nobody can tell what changed, though there is a baseline."""


class Found(NamedTuple):
    """A baseline, and what is wrong with it."""

    baseline: Baseline
    findings: tuple[Finding, ...] = ()
    places: Places | None = None
    """Where it was written, if that was a file of the repository."""


def find_baseline(
    settings: Settings, world: World, path: str, record: Record | None, live: LiveConnector | None
) -> Found:
    """
    Find what to compare with, as `baseline` says.

    `path` is the definition's path in the workspace, `record` and `live` what was read of them. Raises WrongInputs
    where an explicit baseline is not to be had; `auto` takes what there is: for a pull request what its merge would
    replace, else what was exported last.
    """
    kind, value = settings.baseline
    match kind:
        case "none":
            return Found(NO_BASELINE)
        case "record":
            if world.records is None:
                raise WrongInputs("baseline: is `record`, but `record` is `none`.", advice="Say where the record is.")
            return Found(_of_record(record, world))
        case "live" if world.connectors is not None:
            return Found(of_live(live) if live is not None else NO_BASELINE)
        case "file":
            return _of_file(settings, world, value, last_exported(record, live))
        case "git":
            return _of_revision(settings, world, path, value, last_exported(record, live))
        case _:
            return _whatever_there_is(settings, world, path, record, live)


def _whatever_there_is(
    settings: Settings, world: World, path: str, record: Record | None, live: LiveConnector | None
) -> Found:
    if settings.baseline.kind == "live":
        usual = settings._replace(baseline=Choice("auto"))
        there = _whatever_there_is(usual, world, path, record, live)
        return there._replace(findings=(*there.findings, _NOT_ASKED))
    on_the_web = "://" in path
    base = world.revisions.base() if world.revisions is not None and not on_the_web else ""
    found = _of_revision(settings, world, path, base, last_exported(record, live)) if base else Found(NO_BASELINE)
    if found.baseline.connector is not None:
        return found
    if record is not None:
        return Found(_of_record(record, world))
    if live is not None:
        return Found(of_live(live))
    return found


_NOT_ASKED = Finding(
    "baseline-missing",
    Severity.NOTICE,
    (),
    "The live connector is not asked for here: nobody has reviewed yet what this run would sign in with.",
    "It is compared as with `baseline: auto`; runs on the default branch compare with the live connector.",
)


def of_live(live: LiveConnector) -> Baseline:
    """Give the connector that lives in the environment as the baseline."""
    source = f"the connector as it is in the environment ({live.id})"
    return Baseline(source, fingerprint(live.connector), live.connector)


def last_exported(record: Record | None, live: LiveConnector | None) -> Connector | None:
    """Give what was exported last, as far as anybody knows: names that `complete` gave are taken over from it."""
    return record.connector if record else live.connector if live else None


def unless_exported(baseline: Baseline, record: Record | None, made: str, world: World) -> Baseline:
    """Give the record for a baseline out of the repository where the candidate is what makers have already."""
    if record is None or not baseline.revision or record.fingerprint != made or baseline.fingerprint == made:
        return baseline
    return _of_record(record, world)


def _of_record(record: Record | None, world: World) -> Baseline:
    if record is None or world.records is None:
        return NO_BASELINE
    return Baseline(f"record {world.records.place}", record.fingerprint, record.connector, record.commit, record.time)


def _of_file(settings: Settings, world: World, path: str, last: Connector | None) -> Found:
    record = read_record_file(path, world.workspace)
    if record is not None and not record.fingerprint:
        return Found(NO_BASELINE)  # a first export that broke off
    if record is not None:
        return Found(Baseline(f"file {path}", record.fingerprint, record.connector, record.commit, record.time))
    return _made(settings, world.workspace, path, f"file {path}", last)


def _of_revision(settings: Settings, world: World, path: str, revision: str, last: Connector | None) -> Found:
    if world.revisions is None:
        raise WrongInputs(
            f"baseline: `git:{revision}` needs a git repository, and there is none.",
            advice="Run in a clone, or give github-token.",
        )
    files = world.revisions.files(revision)
    if not files.exists(path):
        return _missing(revision, path)
    found = _made(settings, files, path, f"git {revision}", last)
    return found._replace(baseline=found.baseline._replace(revision=revision))


def _missing(revision: str, path: str) -> Found:
    finding = Finding(
        "baseline-missing",
        Severity.WARNING,
        (),
        f"The git revision {revision} has no file {path}, so there is nothing to compare with.",
        "Expected where the file is new. If it was moved, compare with the record, or keep the old one as a `file:`.",
    )
    return Found(NO_BASELINE, (finding,))


def _made(settings: Settings, files: Files, path: str, source: str, last: Connector | None) -> Found:
    """Make a connector of a definition as the candidate is made: then only what the author changed differs."""
    there = tuple(overlay for overlay in settings.shape.overlays if files.exists(overlay))
    settings = settings._replace(shape=settings.shape._replace(overlays=there))  # a new overlay is a change, too
    try:
        made = make_candidate(settings, files, path)
    except (NotExportable, WrongInputs) as error:
        return _unreadable(source, error.message)
    if isinstance(made, Unreadable):
        return _unreadable(source, made.findings[-1].message)
    connector = completed(made, settings.shape.complete, last).connector
    filtered = settings.shape.include or settings.shape.exclude
    if not filtered and next(operations(connector.definition), None) is None:
        return _unreadable(source, "It has no operations.")  # no connector is without: something else was lost
    return Found(Baseline(source, fingerprint(connector), connector), places=made.places)


def _unreadable(source: str, reason: str) -> Found:
    finding = Finding(
        UNREADABLE,
        Severity.WARNING,
        (),
        f"The baseline ({source}) cannot be read, so nobody can tell what changed. {reason}".strip(),
        "Compare with another baseline, or mend that one.",
    )
    return Found(Baseline(source), (finding,))
