"""The words that every report has in common: verdicts, surfaces, effects, steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from exporter.model.changes import Change, Effect, Impact, Side, Surface, Verdict, When
from exporter.model.errors import ExporterError
from exporter.model.plans import NO_BASELINE, Plan


class Meeting(NamedTuple):
    """A place where makers meet the connector, in words."""

    column: str
    """Heads its column in the table of counts; two surfaces may share one."""
    makers: str
    """What makers have there."""
    when: str
    """When a break shows there."""


# When a break shows: changes are judged per surface because each keeps another part of the connector.
NOTICED: Mapping[When, str] = {
    When.NOW: "at once",
    When.RUN: "at the next run",
    When.EDIT: "at the next edit, save or refresh",
    When.NEW: "in new things only",
    When.NEVER: "not at all",
}

SURFACES: Mapping[Surface, Meeting] = {
    Surface.FLOWS: Meeting("Flows", "flows", "at their next run or save"),
    Surface.APPS: Meeting("Canvas apps", "published canvas apps", "at once"),
    Surface.REFRESHED_APPS: Meeting(
        "Canvas apps", "canvas apps", "once the data source is refreshed in Power Apps Studio"
    ),
    Surface.CONNECTIONS: Meeting("Connections", "existing connections", "as soon as the connector is updated"),
    Surface.LOGIC_APPS: Meeting("Logic Apps", "Logic Apps", "at their next run"),
    Surface.AGENTS: Meeting("Agents", "agents", "the next time they use it"),
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
    "comment": "Comment on the pull request",
}

_RANK = {effect: rank for rank, effect in enumerate(Effect)}
_SOON = {when: rank for rank, when in enumerate(When)}


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


class Standing(Enum):
    """How it stands with a connector, as the first line of every report says it: the word it begins with."""

    BREAKING = "Breaking"
    CHECK = "Check"
    """Nothing that Microsoft's own validator calls breaking, and still some things may fail."""
    ACCEPTED = "Accepted"
    COMPATIBLE = "Compatible"
    SAME = "No change"
    UNREADABLE = "Cannot tell"
    FIRST = "Not compared"


def standing(plan: Plan) -> Standing:
    """Tell how it stands."""
    if plan.verdict is Verdict.UNKNOWN:
        return Standing.FIRST if plan.baseline == NO_BASELINE else Standing.UNREADABLE
    if plan.verdict is not Verdict.COMPATIBLE:
        return Standing.BREAKING if plan.verdict is Verdict.BREAKING else Standing.SAME
    if accepted(plan.changes):
        return Standing.ACCEPTED
    return Standing.CHECK if breaking_perhaps(plan.changes) else Standing.COMPATIBLE


def verdict_words(plan: Plan, name: str) -> tuple[str, str]:
    """Say the verdict and for whom it matters: a word, and a sentence; `name` is the connector's, ready to be shown."""
    stands = standing(plan)
    everything = f"{count(len(plan.changes), 'change')} in {name}"
    taken = accepted_words(plan.changes)
    match stands:
        case Standing.BREAKING:
            broken = breaking(plan.changes)
            sure = sum(map(_surely, broken))
            surely = "breaks" if len(broken) == 1 else "break"
            verb = surely if sure == len(broken) else f"{surely} or can break" if sure else "can break"
            more = f" ({taken})" if taken else ""
            told = f"{count(len(broken), 'change')} in {name} {verb} {_touched(broken)}{more}"
        case Standing.CHECK:
            felt = breaking_perhaps(plan.changes)
            which = everything if len(felt) == len(plan.changes) else f"{len(felt)} of {everything}"
            told = f"{which} can break {_touched(felt)}"
        case Standing.ACCEPTED:
            told = f"{everything}, of the breaking ones {taken}; what else exists keeps working"
        case Standing.COMPATIBLE:
            told = f"{everything}; existing apps, flows and connections keep working"
        case Standing.SAME:
            told = f"{name} is the same as the version it was compared with"
        case Standing.FIRST:
            told = f"there is no earlier version of {name} at hand"
        case Standing.UNREADABLE if plan.baseline.connector is None:
            told = f"the earlier version of {name} cannot be read"
        case _:
            told = f"what {everything} mean for existing apps and flows"
    return stands.value, told


_WORST = frozenset({Effect.BREAKS, Effect.BREAKS_IF_USED})


def _can_break(change: Change) -> bool:
    return not _WORST.isdisjoint(change.surfaces.values())


def _surely(change: Change) -> bool:
    return Effect.BREAKS in change.surfaces.values()


def _touched(changes: Iterable[Change]) -> str:
    touched = {surface for change in changes for surface, effect in change.surfaces.items() if effect in _WORST}
    columns = dict.fromkeys(SURFACES[surface].column for surface in Surface if surface in touched)
    kept = ("Logic Apps",)
    names = [column if column in kept else column.lower() for column in columns]
    return "existing " + listed(names, "or") if names else "what makers have built"


def side_words(change: Change) -> str:
    """
    Say who made a change, where both sides did.

    >>> side_words(Change("id", Impact.BREAKING, {}, (), "", "", "", side=Side.BOTH))
    'The repository changed it alike.'
    """
    if change.side is not Side.BOTH:
        return ""
    return "The repository changed it too, in another way." if change.conflict else "The repository changed it alike."


def breaking(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give the breaking ones that nobody accepted: the sure ones first, and what is noticed first; else as they came."""
    broken = [change for change in changes if change.impact is Impact.BREAKING and change.accepted is None]
    return tuple(sorted(broken, key=lambda change: (not _surely(change), _SOON[change.when])))


def breaking_perhaps(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give those that can break something all the same, in the order they came."""
    return tuple(change for change in changes if change.impact is not Impact.BREAKING and _can_break(change))


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
        (
            words,
            "; ".join(
                dict.fromkeys(_hit(surface, effect) for surface in Surface if change.surfaces.get(surface) is effect)
            ),
        )
        for effect, words in EFFECTS.items()
        if effect in change.surfaces.values()
    ]


def _hit(surface: Surface, effect: Effect) -> str:
    meeting = SURFACES[surface]
    return f"{meeting.makers}, {meeting.when}" if effect in _WORST else meeting.makers


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
