"""The parts that the bundle's page is put together of: sections, values beside copy buttons, things to tick off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exporter.model.plans import Credential
from exporter.reporting.escaping import deceives, html, plain
from exporter.reporting.importing import Field
from exporter.reporting.texts import Texts

_ESCAPES = str.maketrans({"\0": None, "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})

_NAMED = ("gather", "redirect", "ways")
"""Sections that texts lead to."""


class Parts:
    """Writes parts in one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def html(self, key: str, **values: str) -> str:
        """Give a text as HTML; where it names a section of the page, as in `{redirect}`, it leads there."""
        told = self.texts.html(key, **values, **{name: f"{{{name}}}" for name in _NAMED})
        for name in _NAMED:
            told = told.replace(f"{{{name}}}", f'<a href="#{name}">{self.texts.html(name)}</a>')
        return told

    def section(self, key: str, content: str) -> str:
        """Give a section with the text of that key as its heading."""
        return f'<section aria-labelledby="{key}"><h2 id="{key}">{self.texts.html(key)}</h2>{content}</section>'

    def paragraph(self, key: str, **values: str) -> str:
        """Give a text as a paragraph."""
        return f"<p>{self.html(key, **values)}</p>"

    def values(self, fields: Sequence[Field]) -> str:
        """Give fields beside copy buttons; a value is written whole, because it is copied."""
        rows = "".join(map(self._value, fields))
        return f'<dl class="values">{rows}</dl>' if rows else ""

    def credential(self, credential: Credential) -> str:
        """Name a credential as the portal does."""
        key = f"field-{credential.kind}"
        return self.texts.say(key, label=credential.field) if key in self.texts.table else plain(credential.field)

    def _value(self, field: Field) -> str:
        texts = self.texts
        label = texts.say(f"field-{field.key}")
        value = texts.say(f"choice-{field.value}") if field.listed else field.value
        note = f'<dd class="note">{texts.html("value-deceives", value=value)}</dd>' if deceives(value) else ""
        return (
            f"<div><dt>{html(label)}</dt><dd><code>{exactly(value)}</code>"
            f'<button type="button" class="copy" aria-label="{texts.html("copy-what", label=label)}">'
            f"{texts.html('copy')}</button></dd>{note}</div>"
        )

    def tick(self, key: str, content: str) -> str:
        """Give something to tick off; `key` is its own on the page, by which the tick survives a reload."""
        return f'<label class="tick"><input type="checkbox" data-tick="{html(key)}"><span>{content}</span></label>'

    def step(self, key: str, *content: str) -> str:
        """Give a step with the text of that key, to be ticked off, as its heading."""
        return f"<li><h3>{self.tick(key, self.texts.html(key))}</h3>{''.join(content)}</li>"


def bullets(items: Iterable[str], kind: str = "") -> str:
    """Give a list; `kind` is its class."""
    return f"<ul{kind and f' class={kind}'}>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def exactly(value: str) -> str:
    r"""
    Write a value so that what is copied off the page is what was written, line feeds and all.

    >>> exactly("a<b\n\u202e c")
    'a&lt;b\n\u202e c'
    """
    return value.encode("utf-8", "ignore").decode().translate(_ESCAPES)  # HTML cannot write half a surrogate pair
