"""Writes operations as HTML that looks like the designer's cards: what makers fill in, and what they can pick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from exporter.reporting.escaping import NAME, html, html_prose, plain
from exporter.reporting.maker_view import ADVANCED, EACH, INTERNAL, Field, View
from exporter.reporting.page_texts import TEXTS

_CHOICES = 12
_WHERE = {ADVANCED: "operations-advanced", INTERNAL: "operations-internal"}


def preview(views: Sequence[View]) -> str:
    """Give all operations that makers see, actions before triggers, each as a card that opens."""
    seen = [view for view in views if view.seen]
    if not seen:
        return f"<p>{say('operations-none')}</p>"
    search = (
        f'<p class="search" hidden><label for="find">{say("operations-find")}</label>'
        f'<input type="search" id="find" autocomplete="off"><span id="found" role="status"'
        f' data-words="{html(TEXTS["operations-found"])}"></span></p>'
    )
    kinds = (
        ("operations-actions", [view for view in seen if not view.trigger]),
        ("operations-triggers", [view for view in seen if view.trigger]),
    )
    lists = "".join(f"<h3>{say(key)} ({len(some)})</h3>{''.join(map(_folded, some))}" for key, some in kinds if some)
    return search + lists


def say(key: str, **values: str) -> str:
    """Give a text of the page's table as HTML."""
    return html_prose(TEXTS[key].format_map({name: plain(value) for name, value in values.items()}))


def _folded(view: View) -> str:
    return f'<details class="op"><summary>{heading(view)}</summary>{body(view)}</details>'


def heading(view: View) -> str:
    """Give an operation's title, and what makers see beside it."""
    marks = [say(f"operations-trigger-{view.trigger}")] if view.trigger else []
    marks += [say("operations-deprecated")] if view.deprecated else []
    marks += [say(_WHERE[view.visibility])] if view.visibility in _WHERE else []
    return html(plain(view.title)) + "".join(f' <span class="mark">{mark}</span>' for mark in marks)


def body(view: View) -> str:
    """Give what opens below a card's heading: description, fields, outputs."""
    described = f"<p>{html(plain(view.description, 2 * NAME))}</p>" if view.description else ""
    name = "" if view.operation == view.title else f'<p class="soft"><code>{html(plain(view.operation))}</code></p>'
    more = f'<p class="soft">{say("operations-more")}</p>' if view.cut else ""
    return f'<div class="in">{described}{name}{_asks(view.fields)}{_gives(view.outputs)}{more}</div>'


def _asks(fields: Sequence[Field]) -> str:
    parts = (
        ("operations-asks", [field for field in fields if field.visibility not in {ADVANCED, INTERNAL}]),
        ("operations-advanced-fields", [field for field in fields if field.visibility == ADVANCED]),
        ("operations-internal-fields", [field for field in fields if field.visibility == INTERNAL]),
    )
    told = "".join(_part(key, f"<ul class=fields>{''.join(map(_row, some))}</ul>") for key, some in parts if some)
    return told or _part("operations-asks", f'<p class="soft">{say("operations-nothing")}</p>')


def _part(key: str, content: str) -> str:
    return f'<p class="part">{say(key)}</p>{content}'


def _row(field: Field) -> str:
    depth = ' class="deep"' if EACH in field.path else ""
    return f"<li{depth}>{field_html(field)}</li>"


def field_html(field: Field) -> str:
    """Give a field: its label, whether it is required, and a box that says what goes in."""
    must = f" <em>{say('operations-required')}</em>" if field.required else ""
    inside = within(field)
    place = f" <small>{say('operations-each', name=inside)}</small>" if inside else ""
    hint = plain(field.hint)
    told = f"<small>{html(hint)}</small>" if hint and hint != field.label else ""
    return f"<b>{html(plain(field.label))}</b>{must}{place}<span class=box>{_box(field)}</span>{told}"


def within(field: Field) -> str:
    """Name the list that a field is part of each item of; empty where it is not."""
    if EACH not in field.path:
        return ""
    last = max(index for index, name in enumerate(field.path) if name == EACH)
    return next((name for name in reversed(field.path[1:last]) if name != EACH), TEXTS["operations-body"])


def _box(field: Field) -> str:
    told = [kind_words(field)]
    if field.choices:
        shown = ", ".join(plain(choice, 40) for choice in field.choices[:_CHOICES])
        more = ", …" if len(field.choices) > _CHOICES else ""
        told = [TEXTS["operations-choices"].format(choices=shown + more)]
    if field.source:
        told.append(TEXTS["operations-source"].format(operation=plain(field.source)))
    if field.default:
        key = "operations-sent" if field.visibility == INTERNAL else "operations-default"
        told.append(TEXTS[key].format(value=plain(field.default, 60)))
    return html("; ".join(told))


def kind_words(field: Field) -> str:
    """Say what kind of value it is."""
    kind = TEXTS[f"kind-{field.kind}"]
    return TEXTS["kind-list"].format(kind=kind) if field.many else kind


def _gives(outputs: Sequence[Field]) -> str:
    seen = [field for field in outputs if field.visibility != INTERNAL]
    if not seen:
        return _part("operations-gives", f'<p class="soft">{say("operations-gives-nothing")}</p>')
    return _part("operations-gives", "".join(_tokens(seen)))


def _tokens(outputs: Iterable[Field]) -> Iterator[str]:
    """Give outputs as designers do: those in a list stand together, below its name."""
    groups: dict[str, list[Field]] = {"": []}
    for field in outputs:
        groups.setdefault(within(field), []).append(field)
    for name, some in groups.items():
        tokens = f"<ul class=tokens>{''.join(f'<li>{token_html(field)}</li>' for field in some)}</ul>" if some else ""
        head = f'<p class="soft">{say("operations-for-each", name=name)}</p>'
        yield f'<div class="each">{head}{tokens}</div>' if name else tokens


def token_html(field: Field) -> str:
    """Give an output as a token of dynamic content."""
    label = TEXTS["operations-body"] if len(field.path) == 1 and field.label == field.path[0] else field.label
    return f"{html(plain(label, 60))} <small>{html(kind_words(field))}</small>"
