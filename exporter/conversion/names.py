"""Names of definitions: stable, of plain letters, and never a word that Swagger uses itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from exporter.model.pointers import Pointer, pointer_text

SCHEMAS: Pointer = ("components", "schemas")

# A definition that is *named* `security` is read as the keyword by Power Platform: PowerPlatformConnectors PR 4123.
RESERVED = frozenset(
    [
        "allOf",
        "additionalProperties",
        "allowEmptyValue",
        "attribute",
        "authorizationUrl",
        "basePath",
        "collectionFormat",
        "consumes",
        "contact",
        "default",
        "definitions",
        "delete",
        "deprecated",
        "description",
        "discriminator",
        "email",
        "enum",
        "example",
        "examples",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "externalDocs",
        "flow",
        "format",
        "get",
        "head",
        "headers",
        "host",
        "in",
        "info",
        "items",
        "license",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "name",
        "namespace",
        "operationId",
        "options",
        "parameters",
        "patch",
        "path",
        "paths",
        "pattern",
        "post",
        "prefix",
        "produces",
        "properties",
        "put",
        "readOnly",
        "required",
        "responses",
        "schema",
        "schemes",
        "scopes",
        "security",
        "securityDefinitions",
        "summary",
        "swagger",
        "tags",
        "termsOfService",
        "title",
        "tokenUrl",
        "type",
        "uniqueItems",
        "url",
        "version",
        "wrapped",
        "xml",
    ]
)
_STRUCTURE = frozenset({"components", "schemas", "properties", "paths", "content", "schema", "$defs", "definitions"})
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.-]+")


def clean_name(name: str) -> str:
    """
    Make a name that may stand in a `$ref` as it is.

    >>> clean_name("Page<Order>"), clean_name("security"), clean_name("日本")
    ('Page_Order', 'security_model', 'Model')
    """
    plain = _FORBIDDEN.sub("_", name)
    if plain != name:
        plain = plain.strip("_") or "Model"
    return f"{plain}_model" if plain in RESERVED else plain or "Model"


class Names:
    """
    Which definition a schema of the author has become.

    A name depends on the schema's own place and on who else wants that very name, never on what else the document
    holds or in which order: names that are fine as they are stay; of others that become equal each gets a mark made
    of its place.
    """

    def __init__(self, schemas: Iterable[str]) -> None:
        self._given: dict[Pointer, str] = {}
        self._taken: set[str] = set()
        wanted = [(name, clean_name(name)) for name in schemas]
        fine = {name for name, plain in wanted if name == plain}
        counts = Counter(plain for name, plain in wanted if name not in fine)
        for name, plain in wanted:
            pointer = (*SCHEMAS, name)
            alone = name in fine or (counts[plain] == 1 and plain not in fine)
            self._given[pointer] = self._free(plain if alone else f"{plain}_{_mark(pointer)}", pointer)

    def known(self, pointer: Pointer) -> str | None:
        """Give the name of a schema that has one."""
        return self._given.get(pointer)

    def invent(self, pointer: Pointer) -> str:
        """Name a schema that the author wrote in the middle of something: `Order_address`, else marked."""
        words = [segment for segment in pointer if segment not in _STRUCTURE and not segment.isdecimal()]
        plain = clean_name("_".join(words))
        below = pointer[len(SCHEMAS) :]
        # Only these cannot become equal to another one, whatever else the document holds.
        clear = (
            pointer[: len(SCHEMAS)] == SCHEMAS
            and set(below[1::2]) == {"properties"}
            and below[::2] == tuple(words)
            and not any("_" in clean_name(word) for word in words)
        )
        name = self._free(plain if clear else f"{plain}_{_mark(pointer)}", pointer)
        self._given[pointer] = name
        return name

    def _free(self, plain: str, pointer: Pointer) -> str:
        name = plain
        while name in self._taken:
            name = f"{name}_{_mark(pointer)}"
        self._taken.add(name)
        return name


def _mark(pointer: Pointer) -> str:
    from zlib import crc32

    return f"{crc32(pointer_text(pointer).encode('utf-8', 'surrogatepass')):08x}"
