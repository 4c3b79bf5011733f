"""Writes operations as HTML that looks like the designer's cards: what makers fill in, and what they can pick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from exporter.reporting.escaping import NAME, html, plain
from exporter.reporting.maker_view import ADVANCED, EACH, INTERNAL, Field, View
from exporter.reporting.page_texts import ENGLISH
from exporter.reporting.texts import Texts

_CHOICES = 12
_WHERE = {ADVANCED: "operations-advanced", INTERNAL: "operations-internal"}


def preview(views: Sequence[View], texts: Texts = ENGLISH) -> str:
    """Give all operations that makers see, actions before triggers, each as a card that opens."""
    seen = [view for view in views if view.seen]
    if not seen:
        return f"<p>{texts.html('operations-none')}</p>"
    search = (
        f'<p class="search" hidden><label for="find">{texts.html("operations-find")}</label>'
        f'<input type="search" id="find" autocomplete="off"><span id="found" role="status"'
        f' data-words="{html(texts.table["operations-found"])}"></span></p>'
    )
    kinds = (
        ("operations-actions", [view for view in seen if not view.trigger]),
        ("operations-triggers", [view for view in seen if view.trigger]),
    )
    lists = "".join(
        f"<h3>{texts.html(key)} ({len(some)})</h3>{''.join(_folded(view, texts) for view in some)}"
        for key, some in kinds
        if some
    )
    return search + lists


def _folded(view: View, texts: Texts) -> str:
    return f'<details class="op"><summary>{heading(view, texts)}</summary>{body(view, texts)}</details>'


def heading(view: View, texts: Texts = ENGLISH) -> str:
    """Give an operation's title, and what makers see beside it."""
    marks = [texts.html(f"operations-trigger-{view.trigger}")] if view.trigger else []
    marks += [texts.html("operations-deprecated")] if view.deprecated else []
    marks += [texts.html(_WHERE[view.visibility])] if view.visibility in _WHERE else []
    return html(plain(view.title)) + "".join(f' <span class="mark">{mark}</span>' for mark in marks)


def body(view: View, texts: Texts = ENGLISH) -> str:
    """Give what opens below a card's heading: description, fields, outputs."""
    described = f"<p>{html(plain(view.description, 2 * NAME))}</p>" if view.description else ""
    name = "" if view.operation == view.title else f'<p class="soft"><code>{html(plain(view.operation))}</code></p>'
    more = f'<p class="soft">{texts.html("operations-more")}</p>' if view.cut else ""
    return f'<div class="in">{described}{name}{_asks(view.fields, texts)}{_gives(view.outputs, texts)}{more}</div>'


def _asks(fields: Sequence[Field], texts: Texts) -> str:
    parts = (
        ("operations-asks", [field for field in fields if field.visibility not in {ADVANCED, INTERNAL}]),
        ("operations-advanced-fields", [field for field in fields if field.visibility == ADVANCED]),
        ("operations-internal-fields", [field for field in fields if field.visibility == INTERNAL]),
    )
    told = "".join(
        _part(texts.html(key), f"<ul class=fields>{''.join(_row(field, texts) for field in some)}</ul>")
        for key, some in parts
        if some
    )
    return told or _part(texts.html("operations-asks"), f'<p class="soft">{texts.html("operations-nothing")}</p>')


def _part(title: str, content: str) -> str:
    return f'<p class="part">{title}</p>{content}'


def _row(field: Field, texts: Texts) -> str:
    depth = ' class="deep"' if EACH in field.path else ""
    return f"<li{depth}>{field_html(field, texts)}</li>"


def field_html(field: Field, texts: Texts = ENGLISH) -> str:
    """Give a field: its label, whether it is required, and a box that says what goes in."""
    must = f" <em>{texts.html('operations-required')}</em>" if field.required else ""
    inside = within(field, texts)
    place = f" <small>{texts.html('operations-each', name=inside)}</small>" if inside else ""
    hint = plain(field.hint)
    told = f"<small>{html(hint)}</small>" if hint and hint != field.label else ""
    return f"<b>{html(plain(field.label))}</b>{must}{place}<span class=box>{_box(field, texts)}</span>{told}"


def within(field: Field, texts: Texts = ENGLISH) -> str:
    """Name the list that a field is part of each item of; empty where it is not."""
    if EACH not in field.path:
        return ""
    last = max(index for index, name in enumerate(field.path) if name == EACH)
    return next((name for name in reversed(field.path[1:last]) if name != EACH), texts.say("operations-body"))


def _box(field: Field, texts: Texts) -> str:
    told = [kind_words(field, texts)]
    if field.choices:
        shown = ", ".join(plain(choice, 40) for choice in field.choices[:_CHOICES])
        more = ", …" if len(field.choices) > _CHOICES else ""
        told = [texts.say("operations-choices", choices=shown + more)]
    if field.source:
        told.append(texts.say("operations-source", operation=plain(field.source)))
    if field.default:
        key = "operations-sent" if field.visibility == INTERNAL else "operations-default"
        told.append(texts.say(key, value=plain(field.default, 60)))
    return html("; ".join(told))


def kind_words(field: Field, texts: Texts = ENGLISH) -> str:
    """Say what kind of value it is."""
    kind = texts.say(f"kind-{field.kind}")
    return texts.say("kind-list", kind=kind) if field.many else kind


def _gives(outputs: Sequence[Field], texts: Texts) -> str:
    seen = [field for field in outputs if field.visibility != INTERNAL]
    if not seen:
        return _part(texts.html("operations-gives"), f'<p class="soft">{texts.html("operations-gives-nothing")}</p>')
    return _part(texts.html("operations-gives"), "".join(_tokens(seen, texts)))


def _tokens(outputs: Iterable[Field], texts: Texts) -> Iterator[str]:
    """Give outputs as designers do: those in a list stand together, below its name."""
    groups: dict[str, list[Field]] = {"": []}
    for field in outputs:
        groups.setdefault(within(field, texts), []).append(field)
    for name, some in groups.items():
        tokens = (
            f"<ul class=tokens>{''.join(f'<li>{token_html(field, texts)}</li>' for field in some)}</ul>" if some else ""
        )
        head = f'<p class="soft">{texts.html("operations-for-each", name=name)}</p>'
        yield f'<div class="each">{head}{tokens}</div>' if name else tokens


def token_html(field: Field, texts: Texts = ENGLISH) -> str:
    """Give an output as a token of dynamic content."""
    label = texts.say("operations-body") if len(field.path) == 1 and field.label == field.path[0] else field.label
    return f"{html(plain(label, 60))} <small>{html(kind_words(field, texts))}</small>"
