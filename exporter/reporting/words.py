"""The words that every report has in common: verdicts, surfaces, effects, steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from exporter.model.changes import Change, Effect, Impact, Side, Surface, Verdict, When
from exporter.model.errors import ExporterError
from exporter.model.plans import NO_BASELINE, Plan
from exporter.reporting.page_texts import ENGLISH
from exporter.reporting.texts import Texts

# When a break shows: changes are judged per surface because each keeps another part of the connector.
NOTICED: Mapping[When, str] = {
    When.NOW: "at once",
    When.RUN: "at the next run",
    When.EDIT: "at the next edit, save or refresh",
    When.NEW: "in new things only",
    When.NEVER: "not at all",
}

SURFACES: Mapping[Surface, str] = {
    Surface.FLOWS: "Flows",
    Surface.APPS: "Canvas apps",
    Surface.REFRESHED_APPS: "Canvas apps",
    Surface.CONNECTIONS: "Connections",
    Surface.LOGIC_APPS: "Logic Apps",
    Surface.AGENTS: "Agents",
}
"""Where makers meet the connector, as the columns of the table of counts are headed; two surfaces may share one."""

EFFECTS: Mapping[Effect, str] = {effect: ENGLISH.say(f"effect-{effect.value}") for effect in Effect}

COLUMNS = tuple(dict.fromkeys(SURFACES.values()))

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


def verdict_words(plan: Plan, name: str, texts: Texts = ENGLISH) -> tuple[str, str]:
    """Say the verdict and for whom it matters: a word, and a sentence; `name` is the connector's, ready to be shown."""
    case = _case(plan)
    words = {
        "changes": texts.counted("changes", len(plan.changes)),
        "name": name,
        "accepted": accepted_words(plan.changes, texts),
    }
    if case != "breaking":
        word = "unknown" if case == "unreadable" else case
        return texts.say(f"verdict-{word}"), texts.say(f"said-{case}", **words)
    broken = breaking(plan.changes)
    sure = any(effect is Effect.BREAKS for change in broken for effect in change.surfaces.values())
    verb = ("breaks-one" if len(broken) == 1 else "breaks-many") if sure else "can-break"
    words["changes"] = texts.counted("changes", len(broken))
    more = f" ({words['accepted']})" if words["accepted"] else ""
    return texts.say("verdict-breaking"), texts.say(f"said-{verb}", **words, touched=_touched(broken, texts), more=more)


def _case(plan: Plan) -> str:
    match plan.verdict:
        case Verdict.COMPATIBLE if accepted(plan.changes):
            return "accepted"
        case Verdict.UNKNOWN if plan.baseline == NO_BASELINE:
            return "first"
        case Verdict.UNKNOWN if plan.baseline.connector is None:
            return "unreadable"
        case verdict:
            return verdict.value


def _touched(changes: Iterable[Change], texts: Texts) -> str:
    worst = (Effect.BREAKS, Effect.BREAKS_IF_USED)
    touched = {surface for change in changes for surface, effect in change.surfaces.items() if effect in worst}
    names = dict.fromkeys(texts.say(f"touched-{surface.value}") for surface in Surface if surface in touched)
    return texts.say("touched", things=texts.listed(names, "or")) if names else texts.say("touched-nothing")


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
    """Give the breaking ones that nobody accepted, in the order they came."""
    return tuple(change for change in changes if change.impact is Impact.BREAKING and change.accepted is None)


def accepted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give the breaking ones that somebody accepted on purpose, in the order they came."""
    return tuple(change for change in changes if change.impact is Impact.BREAKING and change.accepted is not None)


def accepted_words(changes: Iterable[Change], texts: Texts = ENGLISH) -> str:
    """
    Say how many breaking changes are accepted, and until when; nothing where there are none.

    >>> from exporter.model.changes import Acceptance
    >>> breaks = Change("id", Impact.BREAKING, {}, (), "", "", "", accepted=Acceptance("We asked.", "2027-01-31"))
    >>> accepted_words((breaks,)), accepted_words(())
    ('1 accepted until 2027-01-31', '')
    """
    taken = accepted(changes)
    days = sorted({change.accepted.until for change in taken if change.accepted is not None})
    if not days:
        return ""
    key = "accepted-until-first" if len(days) > 1 else "accepted-until"
    return texts.say(key, number=str(len(taken)), day=days[0])


def touches(change: Change, texts: Texts = ENGLISH) -> list[tuple[str, str]]:
    """
    Say what a change does to whom and when, the worst first: pairs of an effect and those it hits.

    >>> from exporter.model.changes import Change
    >>> surfaces = {Surface.AGENTS: Effect.BREAKS, Surface.FLOWS: Effect.BREAKS}
    >>> touches(Change("id", Impact.BREAKING, surfaces, (), "", "", ""))
    [('Breaks', 'flows, at their next run or save; agents, the next time they use it')]
    """
    return [
        (
            texts.say(f"effect-{effect.value}"),
            "; ".join(
                texts.say(f"makers-{surface.value}") for surface in Surface if change.surfaces.get(surface) is effect
            ),
        )
        for effect in Effect
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
            column = SURFACES[surface]
            worst[column] = min(effect, worst.get(column, effect), key=_RANK.__getitem__)
        for column, effect in worst.items():
            row = counts.setdefault(effect, dict.fromkeys(COLUMNS, 0))
            row[column] += 1
    return {effect: counts[effect] for effect in Effect if effect in counts}
