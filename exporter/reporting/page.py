"""Makes the bundle's page: what to click, with this connector's values; one file that asks nothing of any network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exporter.model.changes import Change, Impact, Verdict
from exporter.model.findings import Loss
from exporter.model.plans import Credential, Plan
from exporter.reporting.escaping import html, html_prose, plain
from exporter.reporting.grouping import Group
from exporter.reporting.html_page import data_png, document
from exporter.reporting.importing import Field, general_fields, left_out, sign_in
from exporter.reporting.maker_cards import preview
from exporter.reporting.maker_look import CARD_STYLE, SEARCH_SCRIPT
from exporter.reporting.maker_view import View, Views
from exporter.reporting.page_look import SCRIPT, STYLE
from exporter.reporting.page_texts import LANGUAGE, TEXTS
from exporter.reporting.words import accepted, breaking, count, listed, sentences, touches, verdict_words

DEFINITION_FILE = "apiDefinition.swagger.json"
_CHANGES = 200
_CONTENTS = ("changed", "gather", "steps", "operations", "after", "files")
_ICON = 200_000
_PORTALS = tuple(
    f'<a href="https://{host}/" rel="noreferrer">{host}</a>'
    for host in ("make.powerapps.com", "make.powerautomate.com")
)
_PNG = b"\x89PNG\r\n\x1a\n"


def page(plan: Plan, files: Sequence[str], lost: Sequence[Group[Loss]], version: str, *, large: bool) -> bytes:
    """
    Give index.html: English, in light and dark, for phones, keyboards, screen readers and paper.

    `files` are the names in the bundle; `large` says that the definition is more than the portal takes. Nothing in
    it depends on the time or the machine. Its content security policy allows nothing but its own style and script.
    """
    seen = Views(plan.candidate.definition).all()
    body = "".join(
        (
            _header(plan),
            "<main>",
            _changed(plan),
            _gather(plan),
            _steps(plan, seen, large=large),
            _section("operations", preview(seen)),
            _after(plan),
            _lost(lost),
            _files(files),
            "</main>",
            f"<footer>{_paragraph('made-by', version=version, fingerprint=plan.fingerprint)}</footer>",
        )
    )
    return _document(plan, body)


def _say(key: str, **values: str) -> str:
    """Give a text of the table as HTML; values are cut to what can be read."""
    return html_prose(TEXTS[key].format_map({name: plain(value) for name, value in values.items()}))


def _paragraph(key: str, **values: str) -> str:
    return f"<p>{_say(key, **values)}</p>"


def _section(key: str, content: str) -> str:
    return f'<section aria-labelledby="{key}"><h2 id="{key}">{_say(key)}</h2>{content}</section>'


def _document(plan: Plan, body: str) -> bytes:
    shown = {"copy": "copy", "copied": "copied", "selected": "copy-selected", "failed": "copy-failed"}
    return document(
        TEXTS["title"].format(name=plain(plan.name)),
        f'{body}\n<p id="said" role="status" class="skip"></p>',
        style=STYLE + CARD_STYLE,
        script=SCRIPT + SEARCH_SCRIPT,
        language=LANGUAGE,
        attributes=" ".join(f'data-{name}="{_say(key)}"' for name, key in shown.items()),
    )


def _header(plan: Plan) -> str:
    host = _host(plan)
    contents = "".join(f'<li><a href="#{key}">{_say(key)}</a></li>' for key in _CONTENTS)
    return (
        f'<a class="skip" href="#steps">{_say("skip")}</a><header>{_icon(plan.candidate.icon)}'
        f"<h1>{html(plain(plan.name))}</h1>{_paragraph('lead' if host else 'lead-nowhere', host=host)}{_paragraph('offline')}"
        f'<nav aria-label="{_say("contents")}"><ul>{contents}</ul></nav></header>'
    )


def _host(plan: Plan) -> str:
    return next((field.value for field in general_fields(plan.candidate) if field.label == "Host"), "")


def _icon(icon: bytes) -> str:
    if not icon.startswith(_PNG) or len(icon) > _ICON:
        return ""
    return f'<img src="{data_png(icon)}" width="64" height="64" alt="">'


def _changed(plan: Plan) -> str:
    verdict = plan.verdict.value
    badge = f'<span class="verdict {verdict}">{_say(f"verdict-{verdict}")}</span>'
    if plan.baseline.connector is None:
        return _section("changed", _paragraph("changed-first"))
    _, sentence = verdict_words(plan, f"`{plain(plan.name)}`")
    broken = (*breaking(plan.changes), *accepted(plan.changes))  # makers meet these all the same
    others = [change for change in plan.changes if change.impact is not Impact.BREAKING]
    content = [f"<p>{badge}</p><p>{html_prose(sentences(sentence))}</p>"]
    content += [_paragraph("changed-breaking")] if broken else []
    content += map(_change, broken[:_CHANGES])
    content += [_more(broken)]
    if others:
        told = "".join(f"<li>{_told(change)}</li>" for change in others[:_CHANGES])
        summary = f"<summary>{_say('changed-others')} ({len(others)})</summary>"
        content += [f"<details>{summary}<ul>{told}</ul>{_more(others)}</details>"]
    content += [f'<p class="soft">{_say("changed-compared", source=plan.baseline.source)}</p>']
    return _section("changed", "".join(content))


def _more(changes: Sequence[Change]) -> str:
    more = len(changes) - _CHANGES
    return _paragraph("changed-more", number=str(more)) if more > 0 else ""


def _change(change: Change) -> str:
    whom = "".join(f"<li>{html(effect)}: {html(makers)}.</li>" for effect, makers in touches(change))
    advice = f"<p>{html_prose(TEXTS['changed-do'].format(advice=change.advice))}</p>" if change.advice else ""
    return f'<div class="change"><p>{_told(change)}</p><ul>{whom}</ul>{advice}</div>'


def _told(change: Change) -> str:
    named = not change.operation or change.operation in change.message
    subject = "" if named else f"<code>{html(plain(change.operation))}</code>: "
    return subject + html_prose(change.message)


def _gather(plan: Plan) -> str:
    how = sign_in(plan.candidate)
    if plan.credentials:
        content = "".join(map(_credential, plan.credentials)) + _paragraph("gather-safe")
    elif how.kind == "api-key":
        content = _paragraph("gather-key", label=f"`{how.fields[0].value}`")
    else:
        content = _paragraph("gather-none")
    return _section("gather", content + ("" if how.kind == "none" else _paragraph("gather-never")))


def _credential(credential: Credential) -> str:
    secrecy = _paragraph("gather-secret" if credential.secret else "gather-open")
    known = "" if credential.secret or not credential.value else _values([Field(credential.field, credential.value)])
    return (
        f'<div class="credential"><p>{html(plain(credential.field))}</p><p>{html_prose(credential.meaning)}</p>'
        f"{_paragraph('gather-from', source=credential.source)}{secrecy}{known}</div>"
    )


def _steps(plan: Plan, seen: Sequence[View], *, large: bool) -> str:
    connector = plan.candidate
    how = sign_in(connector)
    kinds = [bool(view.trigger) for view in seen if view.seen]
    actions, triggers = count(kinds.count(False), "action"), count(kinds.count(True), "trigger")
    missing = left_out(connector)
    names = _values([Field(TEXTS["connector-name"], plan.name), Field(TEXTS["file-name"], DEFINITION_FILE)])
    steps = [
        _step("open", _paragraph("open-do"), _list(_PORTALS), _paragraph("open-environment"), _paragraph("open-menu")),
        _step("file", *map(_paragraph, ("file-update", "file-new", *(["file-large"] if large else []))), names),
        _step(
            "general",
            _paragraph("general-do" if _host(plan) else "general-host"),
            _values(general_fields(connector)),
            *_upload(connector.icon),
        ),
        _step(
            "security", _paragraph(f"security-{how.kind}"), _values(how.fields), _sheet(plan.credentials, how.fields)
        ),
        _step("definition", _paragraph("definition-do", actions=actions, triggers=triggers)),
    ]
    if missing:
        steps.append(_step("left-out", _paragraph("left-out-do"), _list(_say(key) for key in missing)))
    steps.append(_step("save", _paragraph("save-do")))
    if how.kind == "oauth":
        steps.append(_step("redirect", _paragraph("redirect-do"), _paragraph("redirect-why")))
    steps.append(_step("test", _paragraph("test-do")))
    return _section("steps", f'{_paragraph("steps-both")}<ol class="steps">{"".join(steps)}</ol>')


def _upload(icon: bytes) -> list[str]:
    return [_paragraph("general-icon")] if icon else []


def _sheet(credentials: Sequence[Credential], fields: Sequence[Field]) -> str:
    known = {field.label.casefold() for field in fields}
    wanted = [f"`{plain(it.field)}`" for it in credentials if it.field.casefold() not in known]
    return f"<p>{html_prose(TEXTS['security-sheet'].format(fields=listed(wanted)))}</p>" if wanted else ""


def _step(key: str, *content: str) -> str:
    return f"<li><h3>{_say(key)}</h3>{''.join(content)}</li>"


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _values(fields: Sequence[Field]) -> str:
    """Give values beside copy buttons; a value is written whole, because it is copied."""
    rows = "".join(
        f"<div><dt>{html(label)}</dt><dd><code>{html(value)}</code>"
        f'<button type="button" aria-label="{_say("copy")} {html(label)}">{_say("copy")}</button></dd></div>'
        for label, value in fields
    )
    return f'<dl class="values">{rows}</dl>' if rows else ""


def _after(plan: Plan) -> str:
    keys = ["connection", "share", "sign-in", "apps", "flows"]
    keys += ["breaking"] if plan.verdict is Verdict.BREAKING else []
    return _section("after", _list(_say(f"after-{key}") for key in keys))


def _lost(groups: Sequence[Group[Loss]]) -> str:
    if not groups:
        return ""
    return _section("lost", _paragraph("lost-do") + _list(map(_loss, groups[:_CHANGES])))


def _loss(group: Group[Loss]) -> str:
    times = f" ({_say('lost-times', number=str(group.size))})" if group.size > 1 else ""
    return html_prose(sentences(group.first.what, group.first.why, group.first.done)) + times


def _files(files: Sequence[str]) -> str:
    return _section("files", _list(f"<code>{html(name)}</code>: {_say(f'file-{name}')}" for name in files))
