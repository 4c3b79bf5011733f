"""Writes changes for the page of a report: by operation, each operation before and after as makers see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from exporter.comparison.operations import paired
from exporter.comparison.reading import Operation
from exporter.model.changes import Change, Impact
from exporter.model.json_values import Json
from exporter.model.plans import Plan
from exporter.reporting.escaping import SENTENCE, html, html_prose, plain
from exporter.reporting.locating import Links, Locator, old_place_of, place_of, place_text, short_revision
from exporter.reporting.maker_cards import body, field_html, heading, token_html, within
from exporter.reporting.maker_diff import Difference, Mark, Part, Row, difference
from exporter.reporting.maker_view import View, Views
from exporter.reporting.report_json import bounded
from exporter.reporting.words import NOTICED, breaking, count, listed, touches
from exporter.reporting.writer import compact

_GROUPS = 100
"""How many operations are shown before and after."""
_NEAR = 10
"""So many are laid out at once; a browser may leave the others until somebody comes near."""
_CHANGES = 1000
_OF_ONE = 50
"""Changes of one operation: it must not take the room of all the others."""
_ROWS = 25
_NAMES = 5
_FIELDS = 300
"""How much of an operation is looked at: far more than is shown, so that what moved down is not taken for gone."""


class Group(NamedTuple):
    """The changes of one operation, those that break something first; without a name, of the connector as a whole."""

    operation: str
    changes: tuple[Change, ...]

    @property
    def breaks(self) -> bool:
        """Tell whether one of them breaks something and nobody accepted it."""
        return bool(breaking(self.changes))


def grouped(changes: Iterable[Change]) -> list[Group]:
    """Put changes together by operation; operations with breaking changes first, else in the order they came."""
    groups: dict[str, list[Change]] = {}
    for change in sorted(changes, key=_rank):
        groups.setdefault(change.operation, []).append(change)
    return [Group(operation, tuple(some)) for operation, some in groups.items()]


def _rank(change: Change) -> int:
    return 2 if change.impact is not Impact.BREAKING else 1 if change.accepted else 0


class Changes:
    """Writes the changes of one plan; definitions are read only as far as they are shown."""

    def __init__(self, plan: Plan, places: Locator, links: Links) -> None:
        self._plan, self._places, self._links = plan, places, links
        self._left = _CHANGES
        self.left_out = 0
        """How many changes there was no room for, besides those that their operation counts."""
        self._shown = 0
        self._sides: tuple[Views, Views] | None = None
        self._pairs: Mapping[str, tuple[Operation | None, Operation | None]] = {}

    def group(self, group: Group) -> str:
        """Give the changes of one operation, then the operation before and after."""
        shown = group.changes[: min(self._left, _OF_ONE)]
        self._left -= len(shown)
        if not shown:
            self.left_out += len(group.changes)
            return ""
        found = self._difference(group.operation)
        view = (found.after or found.before) if found else None
        title = html(plain(view.title)) if view else html(plain(group.operation)) or "The connector as a whole"
        code = f" <code>{html(plain(group.operation))}</code>" if view and view.title != group.operation else ""
        marks = "".join(f' <span class="mark">{words}</span>' for words in _counted(group.changes))
        content = "".join(map(self.change, shown)) + _more(len(group.changes) - len(shown), "change")
        opened = " open" if group.breaks else ""
        kind = "op" if self._shown < _NEAR else "op far"
        return (
            f'<details class="{kind}"{opened}><summary><h3>{title}</h3>{code}{marks}</summary><div class="in">'
            f"{content}{_compared(found)}</div></details>"
        )

    def change(self, change: Change) -> str:
        """Give one change: what it is, whom it touches and when, what to do, and where it is written."""
        taken = change.impact is Impact.BREAKING and change.accepted is not None
        kind = "accepted" if taken else change.impact.value
        told = html_prose(change.message, 2 * SENTENCE)
        said = f"<s>{told}</s>" if taken else told
        return (
            f'<article class="change {kind}"><p><span class="flag">{kind.capitalize()}</span> {said}</p>'
            f"<dl>{''.join(f'<div><dt>{term}</dt><dd>{words}</dd></div>' for term, words in self._facts(change))}</dl>"
            "</article>"
        )

    def _facts(self, change: Change) -> Iterator[tuple[str, str]]:
        if change.accepted is not None:
            until = html(plain(change.accepted.until))
            yield "Accepted", f"{html_prose(change.accepted.reason)} Until {until}."
        if whom := touches(change):
            yield "Who", "</dd><dd>".join(f"{html(effect)}: {html(makers)}." for effect, makers in whom)
        if change.impact is Impact.BREAKING:
            yield "Noticed", f"{html(NOTICED[change.when])}."
            yield "What to do", html_prose(change.advice) if change.advice else ""
        if len(change.operations) > 1:
            more = len(change.operations) - _NAMES
            names = [f"<code>{html(plain(name))}</code>" for name in change.operations[:_NAMES]]
            yield "Touches", listed([*names, *([f"{more} more"] if more > 0 else [])])
        if change.before is not None and change.after is not None:
            yield "Before", _value(change.before)
            yield "After", _value(change.after)
        yield "Where", self._where(change)

    def _where(self, change: Change) -> str:
        place = place_of(change, self._places)
        found = [linked(html(place_text(place)), self._links.of_place(place))] if place.file else []
        old, revision = old_place_of(change, self._places), self._plan.baseline.revision
        if old.line:
            line = linked(f"line {old.line}", self._links.of_place_at(revision, old))
            at = f" at <code>{html(plain(short_revision(revision)))}</code>" if revision else ""
            found.append(f"was {line}{at}")
        rule = linked(f"<code>{html(change.id)}</code>", self._links.of_change(change.id))
        return ", ".join([*found, f"rule {rule}", f"fingerprint <code>{html(change.fingerprint)}</code>"])

    def _difference(self, operation: str) -> Difference | None:
        """Compare an operation as makers see it; None where it is in neither version, or there is no room."""
        if not operation or self._shown >= _GROUPS:
            return None
        if self._sides is None:
            self._read()
        if operation not in self._pairs or self._sides is None:
            return None
        self._shown += 1
        old, new = self._pairs[operation]
        before, after = self._sides
        return difference(before.view(old) if old else None, after.view(new) if new else None)

    def _read(self) -> None:
        last = self._plan.baseline.connector
        before, after = Views(last.definition if last else {}, _FIELDS), Views(self._plan.candidate.definition, _FIELDS)
        found = paired(before.reader, after.reader)
        pairs: dict[str, tuple[Operation | None, Operation | None]] = {one.name: (None, one) for one in found.come}
        pairs.update((one.name, (one, other)) for one, other in found.kept)
        pairs.update((one.name, (one, None)) for one in found.gone)
        self._sides, self._pairs = (before, after), pairs


def linked(text: str, address: str) -> str:
    """Give a text, as a link where there is an address."""
    return f'<a href="{html(address)}" rel="noreferrer">{text}</a>' if address else text


def _counted(changes: Sequence[Change]) -> Iterator[str]:
    ranks = [_rank(change) for change in changes]
    for rank, words in enumerate(("breaking", "accepted", "compatible")):
        if number := ranks.count(rank):
            yield f"{number} {words}"


def _value(value: Json) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else compact(bounded(value)).decode("utf-8", "replace")
    return f"<code>{html(plain(text, SENTENCE)) or '(empty)'}</code>"


def _more(number: int, what: str) -> str:
    return (
        f'<p class="soft">… and {count(number, f"more {what}")} in <code>report.json</code>.</p>' if number > 0 else ""
    )


def _compared(found: Difference | None) -> str:
    if found is None or not found.seen:
        return ""
    return (
        '<div class="sides">'
        f"{_side('Before', found.before, Mark.GONE if found.after is None else None, found)}"
        f"{_side('After', found.after, Mark.NEW if found.before is None else None, found)}</div>"
    )


def _side(name: str, view: View | None, mark: Mark | None, found: Difference) -> str:
    if view is None:
        content = f"<p>{'It was not there.' if name == 'Before' else 'It is gone.'}</p>"
    elif mark is not None:
        flag = f'<span class="flag">{mark.value}</span> '
        title = f"<s>{heading(view)}</s>" if mark is Mark.GONE else heading(view)
        content = f'<p class="title {mark.name.lower()}">{flag}{title}</p>{body(_short(view))}'
    else:
        words = f"Changed: {', '.join(found.heading)}"
        flag = f'<span class="flag">{words}</span> ' if found.heading else ""
        content = f'<p class="title changed">{flag}{heading(view)}</p>' + "".join(_differing(name, view, found))
    return f'<div class="side" role="group" aria-label="{name}"><p class="part">{name}</p>{content}</div>'


def _short(view: View) -> View:
    fields, outputs = view.fields[:_ROWS], view.outputs[:_ROWS]
    cut = view.cut or len(view.fields) > _ROWS or len(view.outputs) > _ROWS
    return view._replace(fields=fields, outputs=outputs, cut=cut)


def _differing(name: str, view: View, found: Difference) -> Iterator[str]:
    if "description" in found.heading and view.description:
        yield f"<p>{html(plain(view.description, SENTENCE))}</p>"
    if "operationId" in found.heading:
        yield f"<p><code>{html(plain(view.operation))}</code></p>"
    yield _part("Makers fill in", "fields", name, found.fields)
    yield _part("Later steps can use", "outputs", name, found.outputs)


def _part(title: str, what: str, name: str, part: Part) -> str:
    rows = part.was if name == "Before" else part.now
    if not (part.was or part.now):
        return ""
    shown = "".join(_row(row, name, token=what == "outputs") for row in rows[:_ROWS])
    kept = count(part.same, what[:-1])
    same = f'<p class="soft">{kept} as {"it was" if part.same == 1 else "they were"}</p>' if part.same else ""
    more = _more(len(rows) - _ROWS, what[:-1])
    rows_shown = f'<ul class="fields">{shown}</ul>' if shown else ""
    return f'<p class="part">{title}</p>{rows_shown}{more}{same}'


def _row(row: Row, name: str, *, token: bool) -> str:
    if token:
        inside = within(row.field)
        told = token_html(row.field) + (f" <small>in each of {html(plain(inside))}</small>" if inside else "")
    else:
        told = field_html(row.field)
    words = f"{row.mark.value}: {', '.join(row.aspects)}" if row.aspects else row.mark.value
    shown = f"<s>{told}</s>" if row.mark is Mark.GONE else told + _choices(row.choices, name)
    path = "/".join(row.field.path[1:])
    known = not path or path.casefold() == row.field.label.replace(" ", "").casefold()
    code = "" if known else f" <code>{html(plain(path))}</code>"
    return f'<li class="{row.mark.name.lower()}"><span class="flag">{words}</span>{code} {shown}</li>'


def _choices(choices: Sequence[str], name: str) -> str:
    """Name the choices that only one side has; among many others nobody would find them."""
    if not choices:
        return ""
    told = ", ".join(html(plain(choice, 40)) for choice in choices[:_NAMES])
    more = f" and {len(choices) - _NAMES} more" if len(choices) > _NAMES else ""
    return f"<small>Gone: <s>{told}</s>{more}</small>" if name == "Before" else f"<small>New: {told}{more}</small>"
