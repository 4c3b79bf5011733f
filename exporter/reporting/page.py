"""Makes the bundle's page: what to click, with this connector's values; one file that asks nothing of any network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exporter.model.changes import Change, Impact, Verdict
from exporter.model.findings import Loss
from exporter.model.plans import Plan
from exporter.reporting.escaping import html, html_prose, plain
from exporter.reporting.grouping import Group
from exporter.reporting.html_page import data_png, document
from exporter.reporting.importing import sign_in
from exporter.reporting.maker_cards import preview
from exporter.reporting.maker_look import CARD_STYLE, SEARCH_SCRIPT
from exporter.reporting.maker_view import Views
from exporter.reporting.page_look import SCRIPT, STYLE
from exporter.reporting.page_parts import Parts, bullets
from exporter.reporting.page_sheet import redirect, sheet
from exporter.reporting.page_steps import Import, counts, files, other_ways, steps
from exporter.reporting.page_texts import ENGLISH
from exporter.reporting.solution import Names, leaves_out_sign_in
from exporter.reporting.texts import Texts
from exporter.reporting.words import accepted, breaking, sentences, touches, verdict_words
from exporter.settings.settings import NOT_SAID, DeployerSettings

_CHANGES = 200
_CONTENTS = ("changed", "steps", "gather", "redirect", "operations", "after", "ways", "files")
_ICON = 200_000
_PNG = b"\x89PNG\r\n\x1a\n"


def page(  # noqa: PLR0913 - all that a bundle says
    plan: Plan,
    names: Names,
    in_folder: Sequence[str],
    lost: Sequence[Group[Loss]],
    version: str,
    *,
    large: bool,
    deployer: DeployerSettings = NOT_SAID,
    texts: Texts = ENGLISH,
) -> bytes:
    """
    Give index.html, in light and dark, for phones, keyboards, screen readers and paper.

    `names` are the solution's, `in_folder` those of the files; `large` says that the definition is more than the portal
    takes, `deployer` what it is meant for. Nothing in it depends on the time or the machine. Its content security policy allows nothing but its own
    style and script.
    """
    seen = Views(plan.candidate.definition).all()
    kinds = [bool(view.trigger) for view in seen if view.seen]
    what = Import(plan, sign_in(plan.candidate), names, kinds.count(False), kinds.count(True), large, deployer)
    parts = Parts(texts)
    sections = (
        _changed(plan, parts),
        steps(what, parts),
        sheet(what, parts),
        redirect(what, parts),
        parts.section("operations", preview(seen, texts)),
        _after(what, parts),
        other_ways(what, parts),
        _lost(lost, parts),
        files(in_folder, parts),
    )
    made_by = parts.paragraph("made-by", version=version, fingerprint=plan.fingerprint)
    body = f"{_header(what, parts)}<main>{''.join(sections)}</main><footer>{made_by}</footer>"
    shown = {"copy": "copy", "copied": "copied", "selected": "copy-selected", "failed": "copy-failed"}
    words = "".join(f' data-{name}="{texts.html(key)}"' for name, key in shown.items())
    return document(
        texts.say("title", name=plain(plan.name)),
        f'{body}\n<p id="said" role="status" class="skip"></p>',
        style=STYLE + CARD_STYLE,
        script=SCRIPT + SEARCH_SCRIPT,
        language=texts.language,
        attributes=f'data-for="{html(f"{plan.fingerprint} {deployer.environment}".strip())}"{words}',
    )


def _header(what: Import, parts: Parts) -> str:
    texts, host = parts.texts, what.field("host")
    terminal = what.is_elsewhere and leaves_out_sign_in(what.plan.candidate)
    contents = bullets(f'<a href="#{key}">{texts.html(key)}</a>' for key in _CONTENTS)
    return (
        f'<a class="skip" href="#steps">{texts.html("skip")}</a><header>{_icon(what.plan.candidate.icon)}'
        f"<h1>{html(plain(what.plan.name))}</h1>{parts.paragraph('lead' if host else 'lead-nowhere', host=host)}"
        f'{parts.paragraph("offline-terminal" if terminal else "offline")}<nav aria-label="{texts.html("contents")}">{contents}</nav></header>'
    )


def _icon(icon: bytes) -> str:
    if not icon.startswith(_PNG) or len(icon) > _ICON:
        return ""
    return f'<img src="{data_png(icon)}" width="64" height="64" alt="">'


def _changed(plan: Plan, parts: Parts) -> str:
    if plan.baseline.connector is None:
        return parts.section("changed", parts.paragraph("changed-first"))
    return parts.section("changed", "".join(_told_changes(plan, parts)))


def _told_changes(plan: Plan, parts: Parts) -> Iterator[str]:
    texts = parts.texts
    word, sentence = verdict_words(plan, f"`{plain(plan.name)}`", texts)
    broken = (*breaking(plan.changes), *accepted(plan.changes))  # makers meet these all the same
    others = [change for change in plan.changes if change.impact is not Impact.BREAKING]
    yield f'<p><span class="verdict {plan.verdict.value}">{html(word)}</span></p><p>{html_prose(sentences(sentence))}</p>'
    if broken:
        yield parts.paragraph("changed-breaking")
        yield "".join(_change(change, parts) for change in broken[:_CHANGES]) + _more(broken, parts)
    elif plan.verdict is Verdict.COMPATIBLE:
        yield parts.paragraph("changed-compatible")
    if others:
        told = bullets(f"<span{texts.english}>{_told(change)}</span>" for change in others[:_CHANGES])
        summary = f"<summary>{texts.html('changed-others', number=str(len(others)))}</summary>"
        yield f"<details>{summary}{told}{_more(others, parts)}</details>"
    kind, _, place = plan.baseline.source.partition(" ")
    known = f"source-{kind}" in texts.table
    source = texts.html(f"source-{kind if known else 'other'}", place=place if known else plan.baseline.source)
    yield f'<p class="soft">{source}</p>'


def _more(changes: Sequence[Change], parts: Parts) -> str:
    more = len(changes) - _CHANGES
    return parts.paragraph("changed-more", number=str(more)) if more > 0 else ""


def _change(change: Change, parts: Parts) -> str:
    texts, english = parts.texts, parts.texts.english
    whom = bullets(texts.html("effect", effect=effect, makers=makers) for effect, makers in touches(change, texts))
    advice = (
        f"<p>{texts.html('changed-do')} <span{english}>{html_prose(change.advice)}</span></p>" if change.advice else ""
    )
    return f'<div class="change"><p{english}>{_told(change)}</p>{whom}{advice}</div>'


def _told(change: Change) -> str:
    named = not change.operation or change.operation in change.message
    subject = "" if named else f"<code>{html(plain(change.operation))}</code>: "
    return subject + html_prose(change.message)


def _after(what: Import, parts: Parts) -> str:
    keys = ["operations", "connection", "apps", "flows", "share", "sign-in"]
    keys += ["secret"] if any(it.kind == "client-secret" for it in what.plan.credentials) else []
    keys += ["breaking"] if what.plan.verdict is Verdict.BREAKING else []
    told = (parts.texts.html(f"after-{key}", **counts(what, parts)) for key in keys)
    return parts.section("after", bullets(map(parts.tick, (f"after-{key}" for key in keys), told), "ticks"))


def _lost(groups: Sequence[Group[Loss]], parts: Parts) -> str:
    if not groups:
        return ""
    told = (_loss(group, parts) for group in groups[:_CHANGES])
    return parts.section("lost", parts.paragraph("lost-do") + bullets(told))


def _loss(group: Group[Loss], parts: Parts) -> str:
    times = f" ({parts.texts.html('lost-times', number=str(group.size))})" if group.size > 1 else ""
    told = html_prose(sentences(group.first.what, group.first.why, group.first.done))
    return f"<span{parts.texts.english}>{told}</span>{times}"
