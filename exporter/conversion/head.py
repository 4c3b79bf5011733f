"""The head of a definition: info, tags and links to documentation."""

from __future__ import annotations

from exporter.conversion.draft import Draft
from exporter.conversion.keywords import external_docs
from exporter.conversion.values import key_of
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

_INFO = frozenset({"title", "version", "description", "termsOfService", "contact", "license"})
_STAND_INS = {"title": "Untitled", "version": "1.0"}
_ROOT = frozenset(
    {"openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs", "webhooks", "swagger"}
)


def info(draft: Draft) -> dict[str, Json]:
    """Give `info` as Swagger 2.0 allows it; title and version are always there."""
    written = as_object(draft.document.get("info"))
    found: dict[str, Json] = {}
    for key in ("title", "version"):
        value = written.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = key_of(value)
        if not isinstance(value, str):
            draft.lose("info-incomplete", ("info",), f"no `{key}`")
            value = _STAND_INS[key]
        found[key] = value
    for key in ("description", "termsOfService"):
        if isinstance(written.get(key), str):
            found[key] = written[key]
    contact = _texts(draft, written, "contact", ("name", "url", "email"))
    licence = _texts(draft, written, "license", ("name", "url"))
    if contact:
        found["contact"] = contact
    if "name" in licence:
        found["license"] = licence
    found.update(draft.extensions(written, ("info",)))
    _report_others(draft, written, ("info",), _INFO)
    return found


def tags(draft: Draft) -> list[Json]:
    """Give the tags that are described, each once."""
    found: dict[str, Json] = {}
    for number, written in enumerate(as_list(draft.document.get("tags"))):
        where = ("tags", str(number))
        tag = as_object(written)
        name = as_text(tag.get("name"))
        if not name or name in found:
            draft.lose("tag-repeated", where, f"the tag `{name[:60]}`")
            continue
        one: dict[str, Json] = {"name": name}
        if isinstance(tag.get("description"), str):
            one["description"] = tag["description"]
        if link := external_docs(draft, tag.get("externalDocs"), (*where, "externalDocs")):
            one["externalDocs"] = link
        one.update(draft.extensions(tag, where))
        found[name] = one
    return list(found.values())


def rest(draft: Draft) -> dict[str, Json]:
    """Give the link to documentation and the extensions of the document, and report what else is there."""
    found: dict[str, Json] = {}
    if link := external_docs(draft, draft.document.get("externalDocs"), ("externalDocs",)):
        found["externalDocs"] = link
    found.update(draft.extensions(draft.document, ()))
    for name in as_object(draft.document.get("webhooks")):
        draft.lose("webhooks-dropped", ("webhooks", name), f"the webhook `{name[:60]}`")
    _report_others(draft, draft.document, (), _ROOT)
    return found


def _texts(draft: Draft, written: Object, key: str, names: tuple[str, ...]) -> dict[str, Json]:
    value = as_object(written.get(key))
    found: dict[str, Json] = {name: value[name] for name in names if isinstance(value.get(name), str)}
    found.update(draft.extensions(value, ("info", key)))
    _report_others(draft, value, ("info", key), frozenset(names))
    return found


def _report_others(draft: Draft, written: Object, where: Pointer, known: frozenset[str]) -> None:
    others = [key for key in written if key not in known and not key.startswith("x-")]
    for key in others:
        draft.lose("details-dropped", (*where, key), f"`{key[:60]}`")
