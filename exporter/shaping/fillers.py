"""The gaps that can be filled without asking anybody: one row each, with a function that finds and fills it."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from exporter.model.json_values import Json, Object, as_list, as_object, as_text, is_of_type
from exporter.model.pointers import Pointer
from exporter.openapi.walk import resolve
from exporter.shaping.labels import first_sentence, shortened, spoken
from exporter.shaping.things import Thing, is_input

GONE: Json = {"": "what stood here goes"}
"""Stands for no value; told by identity."""
_LONGEST_SUMMARY = 80
_LONGEST_DESCRIPTION = 500
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MEANINGS = {
    "200": "OK", "201": "Created", "202": "Accepted", "204": "No content", "301": "Moved permanently", "302": "Found",
    "304": "Not modified", "400": "Bad request", "401": "Unauthorized", "403": "Forbidden", "404": "Not found",
    "409": "Conflict", "412": "Precondition failed", "413": "Content too large", "415": "Unsupported media type",
    "422": "Unprocessable content", "429": "Too many requests", "500": "Internal server error",
    "502": "Bad gateway", "503": "Service unavailable", "504": "Gateway timeout", "default": "Any other answer",
}  # fmt: skip
_CLASSES = {"1": "Information", "2": "Success", "3": "Redirection", "4": "Error of the caller", "5": "Error of the API"}


class Extent(IntEnum):
    """How far gaps are filled; each does what those before it do."""

    REFUSED = 1
    """What would stop the export."""
    SAFE = 2
    """Also what Power Platform may refuse or mangles."""
    LABELS = 3
    """Also texts that makers read."""


class Gap(NamedTuple):
    """A gap, and what fills it."""

    rule: str
    tail: Pointer
    """What is written, seen from the thing that was looked at."""
    value: Json
    """GONE takes it out."""
    done: str
    written: bool = False
    """Whether the author wrote something at `tail`, so that the place can be shown."""


class Scene(NamedTuple):
    """What finders know of the document as a whole."""

    document: Object
    inputs: set[str]
    """Names of the definitions that requests are made of."""
    summaries: set[str]
    """All that are taken; what is given is added."""


Finder: TypeAlias = Callable[[Thing, Scene], Iterable[Gap]]


class Filler(NamedTuple):
    """One kind of gap."""

    kinds: tuple[str, ...]
    key: str
    """It looks only at things that have this key; empty looks at all."""
    extent: Extent
    """The least extent that fills it."""
    find: Finder


def _encoding(thing: Thing, _: Scene) -> Iterator[Gap]:
    if thing.body["in"] == "path" and "x-ms-url-encoding" not in thing.body:
        yield Gap(
            "path-parameter-missing-encoding", ("x-ms-url-encoding",), "single", "`x-ms-url-encoding: single` is added."
        )


def _response_description(thing: Thing, _: Scene) -> Iterator[Gap]:
    code = thing.pointer[-1]
    if "description" in thing.body or "$ref" in thing.body or code == "x-ms-notification-content":
        return
    text = _MEANINGS.get(code) or _CLASSES.get(code[:1], "Answer") if thing.pointer[0] == "paths" else spoken(code)
    yield Gap("response-description-required", ("description",), text, f"The description `{text[:80]}` is given.")


def _consumes(thing: Thing, scene: Scene) -> Iterator[Gap]:
    item = as_object(as_object(scene.document.get("paths")).get(thing.pointer[1]))
    listed = [*as_list(thing.body.get("parameters")), *as_list(item.get("parameters"))]
    forms = [one for one in (as_object(resolve(scene.document, one)) for one in listed) if one.get("in") == "formData"]
    own = as_list(thing.body.get("consumes", scene.document.get("consumes")))
    types = {value.split(";")[0].strip().lower() for value in own if isinstance(value, str)}
    file = any(form.get("type") == "file" for form in forms)
    if forms and (types.isdisjoint(_FORMS) or (file and "multipart/form-data" not in types)):
        needed = _FORMS[1 if file else 0]
        yield Gap(
            "mime-type-not-compatible-with-request-content-schema-type",
            ("consumes",),
            [needed, *own],
            f"`{needed}` is added to `consumes`.",
            written="consumes" in thing.body,
        )


def _default(thing: Thing, _: Scene) -> Iterator[Gap]:
    kind = thing.body.get("type")
    if not isinstance(kind, str) or (thing.kind == "anything" and not _is_items(thing)):
        return
    value = thing.body["default"]
    if not is_of_type(value, kind):
        mended = _converted(value, kind)
        done = "The default is left out." if mended is GONE else f"The default is written as a value of type {kind}."
        yield Gap("default-value-must-match-type", ("default",), mended, done, written=True)


def _is_items(thing: Thing) -> bool:
    return thing.pointer[-1] == "items"


def _converted(value: Json, kind: str) -> Json:
    """Give the value in the type that is asked for; GONE where that would be guessing."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(value.lower(), GONE) if isinstance(value, str) else GONE
    if kind == "string":
        text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
        return text if isinstance(value, (int, float)) else GONE
    if kind in {"integer", "number"} and isinstance(value, str):
        return _number(value.strip(), kind)
    return GONE


def _number(text: str, kind: str) -> Json:
    plain = text.removeprefix("-")
    whole, point, rest = plain.partition(".")
    if not (plain.isascii() and whole.isdigit() and len(plain) <= 15 and (rest.isdigit() if point else not rest)):  # noqa: PLR2004 - digits that a double keeps
        return GONE
    if point and kind == "integer":
        return GONE
    return float(text) if point else int(text)


def _read_only(thing: Thing, scene: Scene) -> Iterator[Gap]:
    required = thing.body["required"]
    if not isinstance(required, list) or not is_input(thing.pointer, scene.inputs):
        return
    properties = as_object(thing.body.get("properties"))
    given = [
        name for name in required if isinstance(name, str) and as_object(properties.get(name)).get("readOnly") is True
    ]
    if given:
        left = [name for name in required if name not in given]
        names = ", ".join(f"`{name[:40]}`" for name in given[:5])
        done = f"{names} (read-only) is not required any more."
        yield Gap("required-read-only-property-not-allowed-as-input", ("required",), left or GONE, done, written=True)


def _texts(thing: Thing, scene: Scene) -> Iterator[Gap]:
    if thing.body.get("x-ms-visibility") == "internal":
        return
    summary, description = as_text(thing.body.get("summary")).strip(), as_text(thing.body.get("description")).strip()
    said = summary
    if not thing.body.get("summary"):
        said = first_sentence(description, _LONGEST_SUMMARY)
        if not said or said in scene.summaries:
            said = shortened(spoken(as_text(thing.body.get("operationId"))), _LONGEST_SUMMARY)
    elif len(summary) > _LONGEST_SUMMARY:
        said = shortened(summary, _LONGEST_SUMMARY)
        yield Gap(
            "operation-summary-too-long", ("summary",), said, "The summary is cut to 80 characters.", written=True
        )
    if said and not thing.body.get("summary"):
        scene.summaries.add(said)
        yield Gap("required-property-missing", ("summary",), said, f"The summary `{said}` is given.")
    if not thing.body.get("description") and (summary or said):
        yield Gap(
            "required-property-missing", ("description",), summary or said, "The summary is also the description."
        )


def _parameter_label(thing: Thing, _: Scene) -> Iterator[Gap]:
    name = as_text(thing.body.get("name"))
    shown = thing.body.get("in") != "body" and thing.body.get("x-ms-visibility") != "internal"
    if name and shown and not thing.body.get("x-ms-summary") and "$ref" not in thing.body:
        yield _label("parameter-summary-missing", name, ())


def _property_labels(thing: Thing, scene: Scene) -> Iterator[Gap]:
    if not is_input(thing.pointer, scene.inputs):
        return
    for name, schema in as_object(thing.body["properties"]).items():
        known = as_object(schema)
        titled = "x-ms-summary" in known or "title" in known or "$ref" in known
        if isinstance(schema, dict) and not titled and known.get("x-ms-visibility") != "internal":
            yield _label("property-label-missing", name, ("properties", name))


def _label(rule: str, name: str, tail: Pointer) -> Gap:
    text = shortened(spoken(name), _LONGEST_SUMMARY)
    return Gap(rule, (*tail, "x-ms-summary"), text, f"The label `{text}` is given.")


def _long_description(thing: Thing, _: Scene) -> Iterator[Gap]:
    description = as_object(thing.body.get("info")).get("description")
    if isinstance(description, str) and len(description) > _LONGEST_DESCRIPTION:
        text = shortened(description, _LONGEST_DESCRIPTION)
        done = "The description is cut to 500 characters."
        yield Gap("field-length-not-in-range", ("info", "description"), text, done, written=True)


# fmt: off
FILLERS = (
    Filler(("parameter",), "in", Extent.SAFE, _encoding),
    Filler(("response",), "", Extent.REFUSED, _response_description),
    Filler(("operation",), "", Extent.SAFE, _consumes),
    Filler(("schema", "parameter", "header", "anything"), "default", Extent.SAFE, _default),
    Filler(("schema",), "required", Extent.SAFE, _read_only),
    Filler(("operation",), "", Extent.LABELS, _texts),
    Filler(("parameter",), "", Extent.LABELS, _parameter_label),
    Filler(("schema",), "properties", Extent.LABELS, _property_labels),
    Filler(("document",), "", Extent.LABELS, _long_description),
)
# fmt: on
