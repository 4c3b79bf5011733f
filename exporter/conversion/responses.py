"""Responses: one content each, status codes instead of ranges, headers as simple values."""

import re
from typing import NamedTuple

from exporter.conversion import simple_values
from exporter.conversion.media import MEDIA, best, exact, group
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.schemas import Schemas
from exporter.model.json_values import Json, Object, as_object
from exporter.model.pointers import Pointer

_CODE = re.compile(r"[0-9]{3}", re.ASCII)
_RANGE = re.compile(r"([1-5])[xX]{2}")
_RESPONSE = frozenset({"description", "content", "headers", "links"})
_HEADER = frozenset({"description", "schema", "content", "style", "explode"})
_TEXTS = {"1": "Informational", "2": "Success", "3": "Redirection", "4": "Request not accepted", "5": "Server error"}


class Responses(NamedTuple):
    """The responses of an operation, and the media types that they have."""

    node: Node
    produces: tuple[str, ...]


class _Response(NamedTuple):
    node: Node
    media_type: str


class ResponseRoom:
    """Converts responses; one that many operations refer to is converted once."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._draft = schemas.draft
        self._done: dict[tuple[Pointer, str], _Response | None] = {}

    def convert(self, written: Json, where: Pointer) -> Responses:
        """Convert all responses of an operation; there is at least one."""
        node, media_types = Node(where), []
        responses = as_object(written)
        for code, response in self._coded(responses, where):
            converted = self._response(response, (*where, code), code)
            if converted is None:
                continue
            place = self._final_code(code, responses, converted.node)
            content = converted.node
            if place == "default" and "schema" in content:
                self._draft.lose("default-response-schema-dropped", content.origin, "a default response with a schema")
                content = Node(content.origin, {k: v for k, v in content.items() if k not in {"schema", "examples"}})
            elif converted.media_type:
                media_types.append(converted.media_type)
            if place != code and place == "200":
                kind = "default-response-became-200" if code == "default" else "response-range-mapped"
                self._draft.lose(kind, (*where, code), f"the response `{code}`")
            elif place != code:
                self._draft.lose("response-range-mapped", (*where, code), f"the response `{code}`")
            node[place] = content
        if not node:
            self._draft.lose("responses-missing", where, "an operation without responses")
            node["default"] = Node(where, {"description": "Default response"})
        return Responses(node, tuple(dict.fromkeys(media_types)))

    def _coded(self, responses: Object, where: Pointer) -> list[tuple[str, Json]]:
        """List the responses that have a code of their own, or a range whose first code is free."""
        found = []
        for code, response in responses.items():
            match = _RANGE.fullmatch(code)
            if match and f"{match[1]}00" in responses:
                self._draft.lose("response-range-dropped", (*where, code), f"the response `{code}`")
            elif match or _CODE.fullmatch(code) or code == "default":
                found.append((code, response))
            elif code.startswith("x-"):
                self._draft.lose("extension-dropped", (*where, code), f"`{code[:60]}` among the responses")
            else:
                self._draft.lose("response-broken", (*where, code), f"the response `{code[:20]}`")
        return found

    def _final_code(self, code: str, responses: Object, node: Node) -> str:
        if match := _RANGE.fullmatch(code):
            return f"{match[1]}00"
        if code == "default" and "schema" in node and not any(one.startswith("2") for one in responses):
            return "200"
        return code

    def _response(self, written: Json, where: Pointer, code: str) -> _Response | None:
        target = self._draft.references.resolve(written, where)
        if target is None:
            self._draft.lose("reference-dangling", where, f"`$ref: {reference_of(written)}`")
            return None
        if not isinstance(target.value, dict):
            self._draft.lose("response-broken", where, f"the response `{code}` that is no object")
            return None
        key = (target.pointer, code)
        if key not in self._done:
            self._done[key] = self._convert(target.value, target.pointer, code)
        return self._done[key]

    def _convert(self, response: Object, where: Pointer, code: str) -> _Response:
        description = self._draft.text(response, where, "description")
        node = Node(where)
        node["description"] = _TEXTS.get(code[0], "Default response") if description is None else description
        media_type = self._content(node, as_object(response.get("content")))
        headers = self._headers(as_object(response.get("headers")), (*where, "headers"))
        if headers:
            node["headers"] = headers
        if response.get("links"):
            self._draft.lose("links-dropped", (*where, "links"), "`links`")
        node.update(self._draft.extensions(response, where))
        self._draft.report_others(response, where, _RESPONSE)
        return _Response(node, media_type)

    def _content(self, node: Node, content: Object) -> str:
        if not content:
            return ""
        where = (*node.origin, "content")
        chosen = best(content, response=True)
        others = [f"`{name}`" for name in content if name != chosen]
        if others:
            self._draft.lose("media-types-dropped", where, f"also {', '.join(others)[:200]}")
        media, kind = as_object(content[chosen]), group(chosen)
        place = (*where, chosen)
        self._draft.report_others(media, place, MEDIA, extensions=True)
        if "schema" in media or kind in {"binary", "text"}:
            schema = self._schemas.convert(media.get("schema", {}), (*place, "schema"))
            if not schema and kind in {"binary", "text"}:
                schema["type"] = "string"
                if kind == "binary":
                    schema["format"] = "binary"
            node["schema"] = schema
        media_type = exact(chosen)
        self._examples(node, media, place, media_type)
        return media_type

    def _examples(self, node: Node, media: Object, place: Pointer, media_type: str) -> None:
        """Keep one example: a connector refuses one of a media type that the operation does not produce."""
        if "example" in media:
            node["examples"] = Node((*place, "example"), {media_type: media["example"]})
            return
        for number, (name, written) in enumerate(as_object(media.get("examples")).items()):
            where = (*place, "examples", name)
            target = self._draft.references.resolve(written, where)
            example = as_object(target.value) if target else {}
            if number == 0 and "value" in example:
                examples = Node(where, {media_type: example["value"]})
                examples.moved[media_type] = (*where, "value")
                node["examples"] = examples
            else:
                self._draft.lose("examples-dropped", where, f"the example `{name[:60]}`")

    def _headers(self, headers: Object, where: Pointer) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for name, written in headers.items():
            place = (*where, name)
            target = self._draft.references.resolve(written, place)
            if name.lower() == "content-type":
                continue
            if target is None or not isinstance(target.value, dict):
                self._draft.lose("header-broken", place, f"the header `{name[:60]}`")
                continue
            found[name] = self._header(target.value, target.pointer, name)
        return found

    def _header(self, header: Object, where: Pointer, name: str) -> Node:
        node = Node(where)
        if (description := self._draft.text(header, where, "description")) is not None:
            node["description"] = description
        node.update(self._draft.extensions(header, where))
        simple_values.report_details(self._draft, header, where, _HEADER, f"the header `{name[:60]}`")
        schema = self._schemas.convert(header.get("schema", {}), (*where, "schema"))
        if not simple_values.describe(self._schemas, node, schema):
            self._draft.lose("header-as-text", where, f"the header `{name[:60]}`")
        return node
