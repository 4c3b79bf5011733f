"""The head of a definition: info, tags and links to documentation."""

from __future__ import annotations

from exporter.conversion.draft import Draft
from exporter.conversion.keywords import external_docs
from exporter.conversion.values import key_of
from exporter.model.json_values import Json, Object, as_list, as_object, as_text

_INFO = frozenset({"title", "version", "description", "termsOfService", "contact", "license"})
_STAND_INS = {"title": "Untitled", "version": "1.0"}
_SECTIONS = frozenset(
    {"parameters", "headers", "responses", "requestBodies", "examples", "links", "callbacks", "pathItems", "mediaTypes"}
)
_TAG = frozenset({"name", "description", "externalDocs"})
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
        if not isinstance(value, str) or (key == "title" and not value.strip()):
            draft.lose("info-incomplete", ("info",), f"no `{key}`")
            value = _STAND_INS[key]
        found[key] = value
    for key in ("description", "termsOfService"):
        if (text := draft.text(written, ("info",), key)) is not None:
            found[key] = text
    contact = _texts(draft, written, "contact", ("name", "url", "email"))
    licence = _texts(draft, written, "license", ("name", "url"))
    if contact:
        found["contact"] = contact
    if "name" in licence:
        found["license"] = licence
    found.update(draft.extensions(written, ("info",)))
    draft.report_others(written, ("info",), _INFO)
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
        if (description := draft.text(tag, where, "description")) is not None:
            one["description"] = description
        if link := external_docs(draft, tag.get("externalDocs"), (*where, "externalDocs")):
            one["externalDocs"] = link
        one.update(draft.extensions(tag, where))
        draft.report_others(tag, where, _TAG)
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
    draft.report_others(draft.document, (), _ROOT)
    return found


def report_unused(draft: Draft) -> None:
    """Report the components, beside schemas, that nothing of what was converted refers to."""
    components = as_object(draft.document.get("components"))
    used = {pointer[:3] for pointer in draft.references.passed}
    for section, written in components.items():
        if section in _SECTIONS:
            for name in as_object(written):
                where = ("components", section, name)
                if where not in used:
                    draft.lose("component-unused", where, f"`{name[:60]}` among the {section}")
    draft.report_others(components, ("components",), _SECTIONS | {"schemas", "securitySchemes"}, extensions=True)


def _texts(draft: Draft, written: Object, key: str, names: tuple[str, ...]) -> dict[str, Json]:
    value = as_object(written.get(key))
    where = ("info", key)
    found: dict[str, Json] = {}
    for name in names:
        if (text := draft.text(value, where, name)) is not None:
            found[name] = text
    found.update(draft.extensions(value, where))
    draft.report_others(value, where, frozenset(names))
    return found
