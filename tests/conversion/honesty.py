"""Finds what an OpenAPI 3 document says and its conversion neither says nor reports as lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from honest_schemas import OPENED, HonestSchemas, Silent, as_object

from exporter.conversion.media import best, exact
from exporter.model.definitions import Converted
from exporter.model.pointers import Pointer

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
# Which losses account for what is missing at a place or below it; nothing else does.
_OPERATION = frozenset(
    [
        "method-dropped",
        "operation-broken",
        "operation-elsewhere-dropped",
        "operation-refused",
        "path-broken",
        "path-repeated",
        "reference-dangling",
    ]
)
_PARAMETER = frozenset(
    [
        "array-parameter-delimited",
        "content-parameter-as-text",
        "cookie-parameter-dropped",
        "header-parameter-dropped",
        "object-parameter-flattened",
        "parameter-as-text",
        "parameter-broken",
        "parameter-name-taken",
        "parameter-repeated",
        "path-adapted",
        "path-parameter-dropped",
        "path-parameter-renamed",
        "reference-dangling",
        "style-unsupported",
    ]
)
_MEDIA = frozenset({"media-types-dropped"})
_SCHEME = frozenset({"reference-dangling", "security-scheme-broken", "security-scheme-dropped"})
_RESPONSE = frozenset({"reference-dangling", "response-broken", "response-range-dropped"})
_READ_ONLY = frozenset({"parameter-name-taken", "read-only-field-dropped"})
_DETAILS = frozenset({"parameter-details-dropped"})
NOTHING: set[str] = set()
_RENAMED = frozenset({"default-response-became-200", "response-range-mapped"})


def silent_losses(document: Mapping[str, Any], converted: Converted) -> Iterator[Silent]:
    """Walk through the author's document and its conversion together, and give what vanished without a loss."""
    yield from _Honesty(document, converted).all()


class _Honesty(HonestSchemas):
    """Walks through the author's operations and what became of them together."""

    def all(self) -> Iterator[Silent]:
        yield from self._definitions()
        yield from self._schemes()
        made = self._made_operations()
        for path, written in as_object(self.document.get("paths")).items():
            target = self.references.resolve(written, ("paths", path))
            item = as_object(target.value if target else None)
            for method, operation in item.items():
                if target and method in METHODS:
                    pointer = (*target.pointer, method)
                    if pointer not in made and not self.said(_OPERATION, pointer, ("paths", path)):
                        yield Silent("the operation", pointer)
                    for one in made.get(pointer, ()):
                        yield from self._operation(operation, pointer, item, target.pointer, one)

    def _definitions(self) -> Iterator[Silent]:
        schemas = as_object(as_object(self.document.get("components")).get("schemas"))
        made = {self._origin(("definitions", name)): one for name, one in self.output.get("definitions", {}).items()}
        for name, schema in schemas.items():
            pointer = ("components", "schemas", name)
            if pointer not in made:
                yield Silent("the definition", pointer)
            else:
                yield from self.schema(schema, pointer, made[pointer])

    def _schemes(self) -> Iterator[Silent]:
        schemes = as_object(as_object(self.document.get("components")).get("securitySchemes"))
        for name, scheme in schemes.items():
            pointer = ("components", "securitySchemes", name)
            target = self.references.resolve(scheme, pointer)
            made = as_object(self.output.get("securityDefinitions"))
            if name not in made and not self.said(_SCHEME, pointer, target.pointer if target else pointer):
                yield Silent("the security scheme", pointer)

    def _made_operations(self) -> Mapping[Pointer, list[Any]]:
        operations: dict[Pointer, list[Any]] = {}
        for path, item in self.output["paths"].items():
            for method, operation in item.items():
                if method in METHODS:
                    operations.setdefault(self._origin(("paths", path, method)), []).append(operation)
        return operations

    def _origin(self, pointer: Pointer) -> Pointer:
        for length in range(len(pointer), 0, -1):
            if pointer[:length] in self.origins:
                return (*self.origins[pointer[:length]], *pointer[length:])
        return pointer

    def _operation(
        self, written: Any, where: Pointer, item: Any, item_where: Pointer, found: Mapping[str, Any]
    ) -> Iterator[Silent]:
        extensions = [key for key in written if key.startswith("x-")]
        for key in ("summary", "description", "operationId", "deprecated", "tags", "externalDocs", *extensions):
            if written.get(key) and key not in found and not self.losses.get((*where, key)):
                yield Silent(f"`{key}`", where)
        own = {self._key(one) for one in written.get("parameters", ())}
        for holder, place in ((item, item_where), (written, where)):
            for number, one in enumerate(holder.get("parameters", ())):
                if holder is written or self._key(one) not in own:
                    yield from self._parameter(one, (*place, "parameters", str(number)), found)
        body = self.references.resolve(written.get("requestBody"), (*where, "requestBody"))
        if body and body.value:
            yield from self._body(body.value, body.pointer, (*where, "requestBody"), found)
        for code, one in as_object(written.get("responses")).items():
            yield from self._response(code, one, (*where, "responses", code), found["responses"])

    def _key(self, parameter: Any) -> tuple[Any, Any]:
        target = self.references.resolve(parameter, ())
        value = as_object(target.value if target else None)
        return value.get("in"), value.get("name")

    def _parameter(self, written: Any, where: Pointer, operation: Mapping[str, Any]) -> Iterator[Silent]:
        target = self.references.resolve(written, where)
        if target is None:
            if not self.said(_PARAMETER, where):
                yield Silent("the parameter", where)
            return
        value = as_object(target.value)
        same = [
            one
            for one in operation.get("parameters", ())
            if (one["in"], one["name"]) == (value.get("in"), value.get("name"))
        ]
        if not same:
            if not self.said(_PARAMETER, where, target.pointer):
                yield Silent("the parameter", target.pointer)
            return
        if self.said(_PARAMETER, target.pointer):
            return
        if value.get("required") and not same[0].get("required"):
            yield Silent("`required`", target.pointer)
        if value.get("description") and "description" not in same[0]:
            yield Silent("`description`", target.pointer)
        if "schema" in value:
            yield from self._simple(value["schema"], (*target.pointer, "schema"), same[0])

    def _simple(self, written: Any, where: Pointer, found: Mapping[str, Any]) -> Iterator[Silent]:
        single = self.said(frozenset({"array-parameter-single", "form-field-single"}), where)
        target = self.references.resolve(written, where)
        if single and target and "items" in as_object(target.value):
            written, where = as_object(target.value)["items"], (*target.pointer, "items")
        yield from self.schema(written, where, found)

    def _body(self, body: Any, where: Pointer, used: Pointer, operation: Mapping[str, Any]) -> Iterator[Silent]:
        content = as_object(body.get("content"))
        parameters = operation.get("parameters", ())
        bodies = [one for one in parameters if one["in"] == "body"]
        forms = {one["name"]: one for one in parameters if one["in"] == "formData"}
        dropped = frozenset({"body-not-allowed", "body-broken", "reference-dangling", "form-without-fields"})
        if not bodies and not forms:
            kept = (used, where, *((*where, "content", media) for media in content))
            if content and not self.said(dropped, *kept):
                yield Silent("the request body", where)
            return
        media_type = operation["consumes"][0]
        chosen = media_type if media_type in content else next(name for name in content if exact(name) == media_type)
        if len(content) > 1 and not self.said(_MEDIA, (*where, "content")):
            yield Silent("other media types", where)
        schema, place = as_object(content[chosen]).get("schema", {}), (*where, "content", chosen, "schema")
        media = as_object(content[chosen])
        yield from self._without_place(media, place[:-1], {"schema", "example", "examples", "encoding"})
        known = {"content", "required", "x-bodyName"} | ({"description"} if bodies else set())
        yield from self._without_place(body, where, known, set(bodies[0]) if bodies else set())
        if bodies:
            if body.get("description") and "description" not in bodies[0]:
                yield Silent("`description`", where)
            yield from self.schema(schema, place, bodies[0]["schema"])
            return
        for field in self.fields(schema, place):
            flattened = any(name.startswith(f"{field.name}[") for name in forms)
            if not (field.name in forms or flattened or self.lost(OPENED | _READ_ONLY, field)):
                yield Silent("the form field", field.pointer)

    def _details(self, written: Any, where: Pointer, headers: Mapping[str, Any]) -> Iterator[Silent]:
        target = self.references.resolve(written, where)
        header = as_object(target.value if target else None)
        for key in ("description", "example", "examples", "required", "deprecated"):
            kept = key in headers.get(where[-1], ())
            if target and header.get(key) and not (kept or self.said(_DETAILS, target.pointer)):
                yield Silent(f"`{key}` of a header", target.pointer)

    def _without_place(
        self, written: Mapping[str, Any], where: Pointer, known: set[str], kept: set[str] = NOTHING
    ) -> Iterator[Silent]:
        """Give what stands beside what is read, without a loss at its very place."""
        for key in written:
            if key not in known | kept and not self.losses.get((*where, key)):
                yield Silent(f"`{key}`", where)

    def _response(self, code: str, written: Any, where: Pointer, responses: Mapping[str, Any]) -> Iterator[Silent]:
        if code.startswith("x-"):
            if not self.said(frozenset({"extension-dropped"}), where):
                yield Silent(f"`{code}`", where)
            return
        target = self.references.resolve(written, where)
        final = code if code in responses else f"{code[0]}00" if code[1:].upper() == "XX" else "200"
        if target is None or final not in responses or self.said(_RESPONSE, where):
            if not self.said(_RESPONSE, where):
                yield Silent("the response", where)
            return
        if final != code and not self.said(_RENAMED, where):
            yield Silent("the code of the response", where)
        yield from self._described(as_object(target.value), target.pointer, responses[final])

    def _described(self, value: Mapping[str, Any], where: Pointer, found: Mapping[str, Any]) -> Iterator[Silent]:
        if value.get("description") and not found.get("description"):
            yield Silent("`description`", where)
        for name in as_object(value.get("headers")):
            if name.lower() == "content-type":  # OpenAPI says to ignore it
                continue
            gone = name not in found.get("headers", ())
            if gone and not self.said(frozenset({"header-broken"}), (*where, "headers", name)):
                yield Silent(f"the header {name}", where)
            elif not gone:
                yield from self._details(value["headers"][name], (*where, "headers", name), found["headers"])
        content = as_object(value.get("content"))
        if len(content) > 1 and not self.said(_MEDIA, (*where, "content")):
            yield Silent("other media types", where)
        chosen = best(content, response=True) if content else ""
        media, place = as_object(content.get(chosen)), (*where, "content", chosen, "schema")
        yield from self._without_place(media, place[:-1], {"schema", "example", "examples"})
        yield from self._without_place(value, where, {"description", "content", "headers", "links"}, set(found))
        if "schema" in media and "schema" in found:
            yield from self.schema(media["schema"], place, found["schema"])
        elif "schema" in media and not self.said(frozenset({"default-response-schema-dropped"}), where):
            yield Silent("the schema of a response", where)
