"""The credentials sheet of the bundle's page: which values to gather, from whom, and which never to share."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.model.plans import Credential
from exporter.reporting.escaping import html, html_prose
from exporter.reporting.importing import GLOBAL_REDIRECT, OF_MAKERS, Field
from exporter.reporting.page_parts import Parts, bullets
from exporter.reporting.page_steps import Import

_LATER = OF_MAKERS | {"managed-identity"}
"""Kinds of credentials that nobody has before the import."""
_KEYS = frozenset({"api-key", "bearer"})


def sheet(what: Import, parts: Parts) -> str:
    """Give the sheet, to be ticked off; no value of a secret is on it."""
    return parts.section("gather", "".join(_gather(what, parts)))


def _gather(what: Import, parts: Parts) -> Iterator[str]:
    kind = what.sign_in.kind
    credentials = what.plan.credentials
    needed = [it for it in credentials if it.kind not in _LATER and not _known(it, parts)]
    known = [Field(it.kind, it.value) for it in credentials if _known(it, parts)]
    later = [it for it in credentials if it.kind in OF_MAKERS]
    if kind == "none":
        yield parts.paragraph("gather-none")
    if kind == "several":
        yield parts.paragraph("gather-several")
    if needed:
        yield parts.paragraph("gather-import")
        yield "".join(_credential(it, parts, f"gather-{number}") for number, it in enumerate(needed))
    if any(it.secret for it in needed):
        yield parts.paragraph("gather-safe")
    if known:
        yield parts.paragraph("gather-known") + parts.values(known)
    if later:
        yield parts.paragraph("gather-connection")
        yield "".join(_credential(it, parts) for it in later)
    if kind != "none":
        keys = ["api", "keys", "people", *(["maker"] if any(it.kind in _KEYS for it in later) else [])]
        yield f"<h3>{parts.texts.html('gather-never')}</h3>{parts.paragraph('gather-never-do')}"
        yield bullets((parts.texts.html(f"gather-never-{key}") for key in keys), "never")


def _credential(credential: Credential, parts: Parts, tick: str = "") -> str:
    texts = parts.texts
    secrecy = parts.paragraph("gather-secret" if credential.secret else "gather-open")
    key, name = f"credential-{credential.kind}", html(parts.credential(credential))
    if f"{key}-what" in texts.table:
        source = f"{key}-from" if f"{key}-from" in texts.table else "credential-from"
        told = [
            parts.paragraph(f"{key}-what"),
            parts.paragraph("gather-looks", example=texts.say(f"{key}-looks")),
            parts.paragraph("gather-from", source=texts.say(source)),
        ]
    else:
        english = texts.english
        told = [f"<p{english}>{html_prose(words)}</p>" for words in (credential.meaning, credential.source)]
    head = parts.tick(tick, name) if tick else name
    return f'<div class="credential"><h3>{head}</h3>{"".join(told)}{secrecy}</div>'


def _known(credential: Credential, parts: Parts) -> bool:
    return bool(credential.value) and not credential.secret and f"field-{credential.kind}" in parts.texts.table


def redirect(what: Import, parts: Parts) -> str:
    """Say which address the sign-in service must know, as far as it is known."""
    how = what.sign_in
    if not how.provider:
        return parts.section("redirect", parts.paragraph("redirect-none"))
    known = parts.values([Field("redirect-url", how.redirect or GLOBAL_REDIRECT)])
    return parts.section(
        "redirect",
        parts.paragraph("redirect-why")
        + parts.paragraph("redirect-known" if how.redirect else "redirect-made")
        + (known if how.redirect else f"<p><code>{GLOBAL_REDIRECT}/</code></p>")
        + parts.paragraph("redirect-aad" if how.provider == "aad" else "redirect-oauth"),
    )
