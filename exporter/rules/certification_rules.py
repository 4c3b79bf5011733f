"""Rules about what only certification asks for; quiet where nobody means to have the connector certified."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import as_list, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.rules.rows import NOTICE, Hit, Rule, Spot

_KEY = "x-ms-connector-metadata"
_NEEDED = ("Website", "Privacy policy", "Categories")
_MOST_CATEGORIES = 2
_CATEGORIES = (
    "AI",
    "Business Management",
    "Business Intelligence",
    "Collaboration",
    "Commerce",
    "Communication",
    "Content and Files",
    "Finance",
    "Data",
    "Human Resources",
    "Internet of Things",
    "IT Operations",
    "Lifestyle and Entertainment",
    "Marketing",
    "Productivity",
    "Sales and CRM",
    "Security",
    "Social Media",
    "Website",
)
_KNOWN = frozenset(name.casefold() for name in _CATEGORIES)
_ADDRESS = r"(?i:https?://[^\s/?#.]+\.[^\s]+)"
"""Made into an expression where one is looked at: few definitions have any."""
_URLS: tuple[Pointer, ...] = (
    ("info", "contact", "url"),
    ("info", "license", "url"),
    ("externalDocs", "url"),
)
_BEFORE_PRODUCTION = frozenset(
    ("dev", "development", "test", "testing", "staging", "stage", "qa", "uat", "sandbox", "preprod")
)
_LAST_LATIN = "\u024f"


def _entries(spot: Spot) -> Iterator[tuple[str, str, Pointer]]:
    """Give name, value and place of each entry of the metadata."""
    for index, listed in enumerate(as_list(spot.thing[_KEY])):
        entry = as_object(listed)
        yield as_text(entry.get("propertyName")), as_text(entry.get("propertyValue")).strip(), (_KEY, str(index))


def _missing(spot: Spot) -> Iterator[Hit]:
    there = {name.casefold() for name, _, _ in _entries(spot)}
    for name in _NEEDED:
        if name.casefold() not in there:
            yield Hit((_KEY,), name)


def _empty(spot: Spot) -> Iterator[Hit]:
    for name, value, tail in _entries(spot):
        if not value:
            yield Hit(tail, name or "propertyName")
    info = as_object(spot.thing.get("info"))
    if info.get("description") == "":
        yield Hit(("info", "description"), "description")
    for key, said in as_object(info.get("contact")).items():
        if said == "":
            yield Hit(("info", "contact", key), key)


def _categories(spot: Spot) -> Iterator[tuple[list[str], Pointer]]:
    for name, value, tail in _entries(spot):
        if name.casefold() == "categories" and value:
            yield [part.strip() for part in re.split("[;,]", value) if part.strip()], (*tail, "propertyValue")


def _unknown_category(spot: Spot) -> Iterator[Hit]:
    for names, tail in _categories(spot):
        for name in names:
            if name.casefold() not in _KNOWN:
                yield Hit(tail, name)


def _many_categories(spot: Spot) -> Iterator[Hit]:
    for names, tail in _categories(spot):
        if len(names) > _MOST_CATEGORIES:
            yield Hit(tail, str(len(names)))


def _addresses(spot: Spot) -> Iterator[tuple[str, Pointer]]:
    for name, value, tail in _entries(spot):
        if name.casefold() in {"website", "privacy policy"} and value:
            yield value, (*tail, "propertyValue")
    for pointer in _URLS:
        holder = spot.thing
        for segment in pointer[:-1]:
            holder = as_object(holder.get(segment))
        said = holder.get(pointer[-1])
        if isinstance(said, str) and said:
            yield said, pointer


def _not_an_address(spot: Spot) -> Iterator[Hit]:
    for value, tail in _addresses(spot):
        if not re.fullmatch(_ADDRESS, value):
            yield Hit(tail, value)


def _not_english(spot: Spot) -> Iterator[Hit]:
    info = as_object(spot.thing.get("info"))
    for key in ("title", "description"):
        if any(letter > _LAST_LATIN and letter.isalpha() for letter in as_text(info.get(key))):
            yield Hit(("info", key), key)


def _not_production(spot: Spot) -> Iterator[Hit]:
    host = as_text(spot.thing.get("host")).partition(":")[0].rpartition(".")[0]  # `.dev` is a domain like `.com`
    name = next((part for part in re.split(r"[.-]", host.casefold()) if part in _BEFORE_PRODUCTION), "")
    if name:
        yield Hit(("host",), name)


def _says_the_same(spot: Spot) -> Iterator[Hit]:
    for one in spot.scene.operations:
        summary, description = (as_text(one.body.get(key)).strip(" .") for key in ("summary", "description"))
        if summary and summary.casefold() == description.casefold():
            yield Hit((*one.pointer, "description"))


def _not_pascal(spot: Spot) -> Iterator[Hit]:
    for one in spot.scene.operations:
        name = as_text(one.body.get("operationId"))
        if name[:1].islower():
            yield Hit((*one.pointer, "operationId"), name)


# fmt: off
RULES = (
    Rule("connector-metadata-properties-missing", NOTICE, "document", _KEY, _missing, "The metadata for certification has no `{}`.", "Add an entry with this `propertyName`."),
    Rule("invalid-connector-category", NOTICE, "document", _KEY, _unknown_category, "`{}` is not a category that certification knows.", "Use one or two of the categories that Microsoft lists, such as `Productivity`."),
    Rule("too-many-connector-categories", NOTICE, "document", _KEY, _many_categories, "The connector is in {} categories; certification takes at most two.", "Keep the two that fit best."),
    Rule("required-value-empty", NOTICE, "document", _KEY, _empty, "`{}` is there but empty.", "Fill it in, or remove it."),
    Rule("url-not-valid", NOTICE, "document", _KEY, _not_an_address, "`{}` is not a full web address.", "Begin it with `https://`."),
    Rule("value-must-be-in-english", NOTICE, "document", _KEY, _not_english, "The {} has letters that English does not have; certification asks for English.", "Translate it if you plan to have the connector certified."),
    Rule("host-production", NOTICE, "document", _KEY, _not_production, "The host has `{}` in its name; certification takes production only.", "Name the host that makers will use."),
    Rule("summary-differs-from-description", NOTICE, "document", _KEY, _says_the_same, "The description of the operation is its summary.", "Say in the description what the summary leaves out.", together=True),
    Rule("operation-id-pascal-case", NOTICE, "document", _KEY, _not_pascal, "The operationId `{}` begins with a small letter.", "Begin it with a capital before the first export; afterwards leave it, because flows hold it.", together=True),
)
# fmt: on
