"""Rules about the top of the document: info, host, schemes, tags, names of definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import Json, as_list, as_object, as_text
from exporter.rules.rows import ERROR, NOTICE, WARNING, Hit, Rule, Spot

_HTTP = frozenset(("http", "https"))
_SOCKETS = frozenset(("ws", "wss"))
_KEYWORDS = frozenset(
    ("security", "definitions", "parameters", "responses", "paths", "info", "host", "schemes", "tags")
)
_LONGEST_TITLE = 30
_DESCRIPTION = range(30, 501)
_TITLE_WORDS = re.compile(r"\b(?:api|connector|power\s?apps?|power automate|power bi|copilot studio)\b", re.IGNORECASE)
_DESCRIPTION_WORDS = re.compile(r"\b(?:power apps|power automate|logic apps|copilot studio)\b", re.IGNORECASE)
_MIME = re.compile(r"[\w.+*!#$&^-]+/[\w.+*!#$&^-]+\s*(?:;.*)?", re.DOTALL)
_LOCAL = re.compile(
    r"(?:localhost|127\.|10\.|192\.168\.|\[?::1|0\.0\.0\.0|[^.]*\.local(?::|$)|host\.docker\.internal)", re.IGNORECASE
)


def _host(spot: Spot) -> Iterator[Hit]:
    host = as_text(spot.thing.get("host"))
    if re.search(r"[/\\\s]|:(?!\d+$)", host.replace("{{", "").replace("}}", "")):
        yield Hit(("host",), host)


def _no_host(spot: Spot) -> Iterator[Hit]:
    if not spot.thing.get("host"):
        yield Hit()


def _template_host(spot: Spot) -> Iterator[Hit]:
    host = as_text(spot.thing["host"])
    if "{" in host or "}" in host:
        yield Hit(("host",), host)


def _local_host(spot: Spot) -> Iterator[Hit]:
    host = as_text(spot.thing["host"])
    if _LOCAL.match(host):
        yield Hit(("host",), host)


def _base_path(spot: Spot) -> Iterator[Hit]:
    value = spot.thing["basePath"]
    if isinstance(value, str) and not value.startswith("/"):
        yield Hit(("basePath",), value)


def _schemes(spot: Spot) -> Iterator[tuple[int, str]]:
    for index, scheme in enumerate(as_list(spot.thing.get("schemes"))):
        if isinstance(scheme, str):
            yield index, scheme


def _no_schemes(spot: Spot) -> Iterator[Hit]:
    if "schemes" not in spot.thing and spot.thing.get("host"):
        yield Hit()


def _empty_schemes(spot: Spot) -> Iterator[Hit]:
    if spot.thing["schemes"] == []:
        yield Hit(("schemes",))


def _unknown_scheme(spot: Spot) -> Iterator[Hit]:
    for index, scheme in _schemes(spot):
        if scheme not in _HTTP | _SOCKETS:
            yield Hit(("schemes", str(index)), scheme)


def _socket_scheme(spot: Spot) -> Iterator[Hit]:
    for index, scheme in _schemes(spot):
        if scheme in _SOCKETS:
            yield Hit(("schemes", str(index)), scheme)


def _only_http(spot: Spot) -> Iterator[Hit]:
    schemes = [scheme for _, scheme in _schemes(spot)]
    if "http" in schemes and "https" not in schemes:
        yield Hit(("schemes",))


def _mime_types(spot: Spot) -> Iterator[Hit]:
    for key in ("consumes", "produces"):
        for index, value in enumerate(as_list(spot.thing.get(key))):
            if isinstance(value, str) and not _MIME.fullmatch(value):
                yield Hit((key, str(index)), value)


def _repeated_tags(spot: Spot) -> Iterator[Hit]:
    seen: set[str] = set()
    for index, tag in enumerate(as_list(spot.thing["tags"])):
        name = as_text(as_object(tag).get("name"))
        if name and name in seen:
            yield Hit(("tags", str(index), "name"), name)
        seen.add(name)


def _keyword_definitions(spot: Spot) -> Iterator[Hit]:
    for name in as_object(spot.thing["definitions"]):
        if name in _KEYWORDS:
            yield Hit(("definitions", name), name)


def _info(spot: Spot, key: str) -> str:
    return as_text(as_object(spot.thing.get("info")).get(key))


def _long_title(spot: Spot) -> Iterator[Hit]:
    title = _info(spot, "title")
    if len(title) > _LONGEST_TITLE:
        yield Hit(("info", "title"), str(len(title)))


def _title_end(spot: Spot) -> Iterator[Hit]:
    title = _info(spot, "title")
    if title and not title[-1].isalnum():
        yield Hit(("info", "title"))


def _description_length(spot: Spot) -> Iterator[Hit]:
    description = _info(spot, "description")
    if description and len(description) not in _DESCRIPTION:
        yield Hit(("info", "description"), str(len(description)))


def _restricted_words(spot: Spot) -> Iterator[Hit]:
    for key, words in (("title", _TITLE_WORDS), ("description", _DESCRIPTION_WORDS)):
        match = words.search(_info(spot, key))
        if match:
            yield Hit(("info", key), match.group())


def _email(spot: Spot) -> Iterator[Hit]:
    info = as_object(spot.thing.get("info"))
    value: Json = as_object(info.get("contact")).get("email")
    if isinstance(value, str) and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", value):
        yield Hit(("info", "contact", "email"), value)


# fmt: off
RULES = (
    Rule("host-required", WARNING, "document", "", _no_host, "The definition does not say where the API is (`host`).", "Give the https address of the API in the definition or with the input `server`."),
    Rule("host-name-not-valid", ERROR, "document", "", _host, "`{}` is not a host name.", "Write the name alone, for example `api.contoso.com`, without `https://` and without a path."),
    Rule("host-has-template", WARNING, "document", "host", _template_host, "The host `{}` still has a placeholder in it.", "Write the real host name, or set it per connection with a host policy in apiProperties.json."),
    Rule("host-not-public", WARNING, "document", "host", _local_host, "The host `{}` is only reached from inside a network.", "Use the public address; otherwise the connector needs an on-premises data gateway."),
    Rule("base-path-not-valid", ERROR, "document", "basePath", _base_path, "The base path `{}` does not begin with a slash.", "Begin it with `/`."),
    Rule("schemes-required", WARNING, "document", "", _no_schemes, "The definition does not say how the API is called (`schemes`).", "Add `schemes: [https]`."),
    Rule("schemes-array-empty", ERROR, "document", "schemes", _empty_schemes, "The list `schemes` is empty.", "Write `[https]`."),
    Rule("scheme-not-valid", ERROR, "document", "schemes", _unknown_scheme, "`{}` is not a scheme.", "Use `https`."),
    Rule("scheme-not-supported", ERROR, "document", "schemes", _socket_scheme, "Connectors cannot use web sockets (`{}`).", "Use `https`."),
    Rule("pa-http", WARNING, "document", "schemes", _only_http, "The API is offered over http only; Power Apps leaves such operations out.", "Offer it over https and list `https` in `schemes`."),
    Rule("mime-type-not-valid", WARNING, "document operation", "", _mime_types, "`{}` is not a media type.", "Write a type and a subtype, for example `application/json`."),
    Rule("tag-redefined", WARNING, "document", "tags", _repeated_tags, "The tag `{}` is defined more than once.", "Keep one of them."),
    Rule("definition-name-is-keyword", WARNING, "document", "definitions", _keyword_definitions, "The definition is named `{}`, a word of Swagger itself; the import has been seen to mistake it for that.", "Rename the definition."),
    Rule("field-length-exceeded", WARNING, "document", "", _long_title, "The title has {} characters; solutions cannot be unpacked with connector names beyond 30.", "Shorten `info.title`, or give a shorter name with the input `name`."),
    Rule("field-length-not-in-range", NOTICE, "document", "", _description_length, "The description has {} characters; certification asks for 30 to 500.", "Change its length if you plan to have the connector certified."),
    Rule("value-must-end-with-alphanumeric", NOTICE, "document", "", _title_end, "The title does not end with a letter or digit; certification asks for it.", "Remove what stands at its end."),
    Rule("value-contains-restricted-words", NOTICE, "document", "", _restricted_words, "The words `{}` are not allowed here in certified connectors.", "Say it without them if you plan to have the connector certified."),
    Rule("contact-email-not-valid", NOTICE, "document", "", _email, "`{}` is not an e-mail address.", "Correct it."),
)
# fmt: on
