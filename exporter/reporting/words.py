"""The words that every report has in common: verdicts, surfaces, effects, steps."""

from collections.abc import Iterable, Mapping
from enum import Enum
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
    """How it stands with a connector, as the first line of every report says it."""

    BREAKING = "breaking"
    CHECK = "check"
    """Nothing that Microsoft's own validator calls breaking, and still some things may fail."""
    ACCEPTED = "accepted"
    COMPATIBLE = "compatible"
    SAME = "none"
    UNREADABLE = "unknown"
    FIRST = "first"


def standing(plan: Plan) -> Standing:
    """Tell how it stands."""
    if plan.verdict is Verdict.UNKNOWN:
        return Standing.FIRST if plan.baseline == NO_BASELINE else Standing.UNREADABLE
    if plan.verdict is not Verdict.COMPATIBLE:
        return Standing.BREAKING if plan.verdict is Verdict.BREAKING else Standing.SAME
    if accepted(plan.changes):
        return Standing.ACCEPTED
    return Standing.CHECK if breaking_perhaps(plan.changes) else Standing.COMPATIBLE


def verdict_words(plan: Plan, name: str, texts: Texts = ENGLISH) -> tuple[str, str]:
    """Say the verdict and for whom it matters: a word, and a sentence; `name` is the connector's, ready to be shown."""
    stands = standing(plan)
    word = texts.say(f"verdict-{stands.value}")
    taken = accepted_words(plan.changes, texts)
    everything = texts.counted("changes", len(plan.changes))
    match stands:
        case Standing.BREAKING:
            broken = breaking(plan.changes)
            sure = sum(map(_surely, broken))
            surely = "breaks-one" if len(broken) == 1 else "breaks-many"
            verb = surely if sure == len(broken) else "breaks-some" if sure else "can-break"
            more = f" ({taken})" if taken else ""
            changes = texts.counted("changes", len(broken))
            said = texts.say(f"said-{verb}", changes=changes, name=name, touched=_touched(broken, texts))
            return word, said + more
        case Standing.CHECK:
            felt = breaking_perhaps(plan.changes)
            some = texts.say("some-changes", number=str(len(felt)), changes=everything)
            which = everything if len(felt) == len(plan.changes) else some
            return word, texts.say("said-can-break", changes=which, name=name, touched=_touched(felt, texts))
        case Standing.UNREADABLE if plan.baseline.connector is None:
            return word, texts.say("said-unreadable", name=name)
        case _:
            return word, texts.say(f"said-{stands.value}", changes=everything, name=name, accepted=taken)


_WORST = frozenset({Effect.BREAKS, Effect.BREAKS_IF_USED})


def can_break(change: Change) -> bool:
    """Tell whether something existing fails, or fails if it is used in a certain way."""
    return not _WORST.isdisjoint(change.surfaces.values())


def _surely(change: Change) -> bool:
    return Effect.BREAKS in change.surfaces.values()


def _touched(changes: Iterable[Change], texts: Texts) -> str:
    touched = {surface for change in changes for surface, effect in change.surfaces.items() if effect in _WORST}
    names = dict.fromkeys(texts.say(f"touched-{surface.value}") for surface in Surface if surface in touched)
    return texts.say("touched", things=texts.listed(names, "or")) if names else texts.say("touched-nothing")


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
    """Give the breaking ones that nobody accepted: the sure ones first, and what is noticed first; else as they came."""
    broken = [change for change in changes if change.impact is Impact.BREAKING and change.accepted is None]
    return tuple(sorted(broken, key=lambda change: (not _surely(change), _SOON[change.when])))


def breaking_perhaps(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Give those that can break something all the same, in the order they came."""
    return tuple(change for change in changes if change.impact is not Impact.BREAKING and can_break(change))


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
                dict.fromkeys(
                    _hit(surface, effect, texts) for surface in Surface if change.surfaces.get(surface) is effect
                )
            ),
        )
        for effect in Effect
        if effect in change.surfaces.values()
    ]


def _hit(surface: Surface, effect: Effect, texts: Texts) -> str:
    makers = texts.say(f"makers-{surface.value}")
    return f"{makers}, {texts.say(f'shows-{surface.value}')}" if effect in _WORST else makers


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
