"""The words that every report has in common: verdicts, surfaces, effects, steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from exporter.model.changes import Change, Effect, Impact, Side, Surface, Verdict, When
from exporter.model.errors import ExporterError
from exporter.model.plans import NO_BASELINE, Plan


class Meeting(NamedTuple):
    """A place where makers meet the connector, in words."""

    column: str
    """Heads its column in the table of counts; two surfaces may share one."""
    makers: str
    """What makers have there, and when a break shows."""


# When a break shows: changes are judged per surface because each keeps another part of the connector.
NOTICED: Mapping[When, str] = {
    When.NOW: "at once",
    When.RUN: "at the next run",
    When.EDIT: "at the next edit, save or refresh",
    When.NEW: "in new things only",
    When.NEVER: "not at all",
}

SURFACES: Mapping[Surface, Meeting] = {
    Surface.FLOWS: Meeting("Flows", "flows, at their next run or save"),
    Surface.APPS: Meeting("Canvas apps", "published canvas apps, at once"),
    Surface.REFRESHED_APPS: Meeting(
        "Canvas apps", "canvas apps, once the data source is refreshed in Power Apps Studio"
    ),
    Surface.CONNECTIONS: Meeting("Connections", "existing connections, as soon as the connector is updated"),
    Surface.LOGIC_APPS: Meeting("Logic Apps", "Logic Apps, at their next run"),
    Surface.AGENTS: Meeting("Agents", "agents, the next time they use it"),
}

EFFECTS: Mapping[Effect, str] = {
    Effect.BREAKS: "Breaks",
    Effect.BREAKS_IF_USED: "Breaks if used that way",
    Effect.DESIGN_TIME: "Shows errors at the next edit, runs go on",
    Effect.LABEL: "Changes names and help texts only",
}

COLUMNS = tuple(dict.fromkeys(meeting.column for meeting in SURFACES.values()))

STEPS: Mapping[str, str] = {
    "announce": "Remember what is about to be written",
    "create-connector": "Create the connector",
    "update-connector": "Update the connector",
    "save-live-connector": "Keep a copy of the live connector",
    "write-bundle": "Write the bundle",
    "publish-bundle": "Publish the bundle as a build artifact",
    "remember": "Remember the export",
}

_RANK = {effect: rank for rank, effect in enumerate(Effect)}


def count(number: int, one: str, many: str = "") -> str:
    """
    Say how many there are.

    >>> count(1, "change"), count(0, "change"), count(2, "entry", "entries")
    ('1 change', '0 changes', '2 entries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(names: Iterable[str], last: str = "and") -> str:
    """
    Join names as a sentence does.

    >>> listed(["flows", "agents", "canvas apps"], "or")
    'flows, agents or canvas apps'
    """
    *firsts, final = [*names] or [""]
    return f"{', '.join(firsts)} {last} {final}" if firsts else final


def sentences(*texts: str) -> str:
    """
    Join texts as sentences; each ends with a full stop of its own or gets one.

    >>> sentences("`oneOf` of two", "", "Merged.")
    '`oneOf` of two. Merged.'
    """
    told = (text.strip() for text in texts)
    return " ".join(text if text[-1] in ".:?…" else f"{text}." for text in told if text)


def verdict_words(plan: Plan, name: str) -> tuple[str, str]:  # noqa: PLR0911 - a sentence per case
    """Say the verdict and for whom it matters: a word, and a sentence; `name` is the connector's, ready to be shown."""
    broken = breaking(plan.changes)
    everything = count(len(plan.changes), "change")
    taken = accepted_words(plan.changes)
    match plan.verdict:
        case Verdict.BREAKING:
            sure = any(effect is Effect.BREAKS for change in broken for effect in change.surfaces.values())
            verb = ("breaks" if len(broken) == 1 else "break") if sure else "can break"
            more = f" ({taken})" if taken else ""
            return "Breaking", f"{count(len(broken), 'change')} in {name} {verb} {_touched(broken)}{more}"
        case Verdict.COMPATIBLE if taken:
            return "Accepted", f"{everything} in {name}, of the breaking ones {taken}; what else exists keeps working"
        case Verdict.COMPATIBLE:
            return "Compatible", f"{everything} in {name}; existing apps, flows and connections keep working"
        case Verdict.NONE:
            return "No change", f"{name} is the same as the version it was compared with"
        case Verdict.UNKNOWN:
            if plan.baseline == NO_BASELINE:
                return "Not compared", f"there is no earlier version of {name} at hand"
            if plan.baseline.connector is None:
                return "Cannot tell", f"the earlier version of {name} cannot be read"
            return "Cannot tell", f"what {everything} in {name} mean for existing apps and flows"


def _touched(changes: Iterable[Change]) -> str:
    worst = (Effect.BREAKS, Effect.BREAKS_IF_USED)
    touched = {surface for change in changes for surface, effect in change.surfaces.items() if effect in worst}
    columns = dict.fromkeys(SURFACES[surface].column for surface in Surface if surface in touched)
    kept = ("Logic Apps",)
    names = [column if column in kept else column.lower() for column in columns]
    return "existing " + listed(names, "or") if names else "what makers have built"


def side_words(change: Change) -> str:
    """
    Say of an edit by hand that the repository made it, too.

    >>> side_words(Change("id", Impact.BREAKING, {}, (), "", "", "", side=Side.BOTH))
    'The repository changed it alike.'
    """
    if change.side is not Side.BOTH:
        return ""
    return "The repository changed it too, in another way." if change.conflict else "The repository changed it alike."


def portal_words(change: Change) -> str:
    """
    Say of a change in the repository that somebody made it by hand, too.

    >>> portal_words(Change("id", Impact.BREAKING, {}, (), "", "", "", side=Side.BOTH))
    'Somebody made the same change by hand already.'
    """
    if change.side is not Side.BOTH:
        return ""
    if change.conflict:
        return "Somebody changed it by hand too, in another way: settle which of the two is wanted."
    return "Somebody made the same change by hand already."


def sides_words(plan: Plan) -> str:
    """Say how many changes each side made since the last export; nothing where nobody edited by hand."""
    if not plan.drifted:
        return ""
    ours = sum(change.side is Side.REPOSITORY for change in plan.changes)
    theirs = sum(change.side is Side.PORTAL for change in plan.drifted)
    conflicts = sum(change.conflict for change in plan.drifted)
    alike = len(plan.drifted) - theirs - conflicts
    told = [
        f"{count(ours, 'change')} only in the repository",
        f"{theirs} only by hand in the portal",
        *([f"{alike} made alike on both sides"] if alike else []),
        *([f"{conflicts} in conflict"] if conflicts else []),
    ]
    return f"Since the last export: {listed(told)}."


def breaking(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give the breaking ones that nobody accepted, in the order they came."""
    return tuple(change for change in changes if change.impact is Impact.BREAKING and change.accepted is None)


def accepted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give the breaking ones that somebody accepted on purpose, in the order they came."""
    return tuple(change for change in changes if change.impact is Impact.BREAKING and change.accepted is not None)


def accepted_words(changes: Iterable[Change]) -> str:
    """
    Say how many breaking changes are accepted, and until when; nothing where there are none.

    >>> from exporter.model.changes import Acceptance
    >>> breaks = Change("id", Impact.BREAKING, {}, (), "", "", "", accepted=Acceptance("We asked.", "2027-01-31"))
    >>> accepted_words((breaks,)), accepted_words(())
    ('1 accepted until 2027-01-31', '')
    """
    days = sorted({change.accepted.until for change in accepted(changes) if change.accepted is not None})
    if not days:
        return ""
    number = len(accepted(changes))
    return f"{number} accepted until {days[0]}" + (" at the earliest" if len(days) > 1 else "")


def touches(change: Change) -> list[tuple[str, str]]:
    """
    Say what a change does to whom and when, the worst first: pairs of an effect and those it hits.

    >>> from exporter.model.changes import Change
    >>> surfaces = {Surface.AGENTS: Effect.BREAKS, Surface.FLOWS: Effect.BREAKS}
    >>> touches(Change("id", Impact.BREAKING, surfaces, (), "", "", ""))
    [('Breaks', 'flows, at their next run or save; agents, the next time they use it')]
    """
    return [
        (words, "; ".join(SURFACES[surface].makers for surface in Surface if change.surfaces.get(surface) is effect))
        for effect, words in EFFECTS.items()
        if effect in change.surfaces.values()
    ]


NOTHING_EXPORTED = "Nothing was exported"


def judged(plan: Plan) -> bool:
    """Tell whether there is a connector to speak of; a run may stop before there is one."""
    return bool(plan.fingerprint)


class Problem(NamedTuple):
    """What stopped us, in words."""

    title: str
    message: str
    advice: str
    exit_code: int


def problem_words(error: Exception) -> Problem:
    """
    Say what stopped us; a bug of ours has a title as well.

    >>> problem_words(KeyError("paths")).message
    "KeyError: 'paths'"
    """
    if isinstance(error, ExporterError):
        return Problem(error.title, error.message, error.advice, error.exit_code)
    return Problem("The exporter has a bug", f"{type(error).__name__}: {error}", "Please report it.", 1)


def table(changes: Iterable[Change]) -> dict[Effect, dict[str, int]]:
    """
    Count changes by their effect and the column of the surface; canvas apps count by the worse of their two.

    What was accepted on purpose does not count.
    """
    counts: dict[Effect, dict[str, int]] = {}
    for change in changes:
        if change.accepted is not None:
            continue
        worst: dict[str, Effect] = {}
        for surface, effect in change.surfaces.items():
            column = SURFACES[surface].column
            worst[column] = min(effect, worst.get(column, effect), key=_RANK.__getitem__)
        for column, effect in worst.items():
            row = counts.setdefault(effect, dict.fromkeys(COLUMNS, 0))
            row[column] += 1
    return {effect: counts[effect] for effect in Effect if effect in counts}
