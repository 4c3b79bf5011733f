"""Names of definitions: stable, of plain letters, and never a word that Swagger uses itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from exporter.model.pointers import Pointer

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
    """Which definition a schema of the author has become; names that are fine as they are go first."""

    def __init__(self, schemas: Iterable[str]) -> None:
        self._given: dict[Pointer, str] = {}
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}
        wanted = [(name, clean_name(name)) for name in schemas]
        for name, plain in sorted(wanted, key=lambda pair: pair[0] != pair[1]):
            self._given[*SCHEMAS, name] = self._free(plain)

    def known(self, pointer: Pointer) -> str | None:
        """Give the name of a schema that has one."""
        return self._given.get(pointer)

    def invent(self, pointer: Pointer) -> str:
        """Name a schema that the author wrote in the middle of something."""
        words = [segment for segment in pointer if segment not in _STRUCTURE and not segment.isdecimal()]
        name = self._free(clean_name("_".join(words)))
        self._given[pointer] = name
        return name

    def _free(self, plain: str) -> str:
        name, number = plain, self._next.get(plain, 2)
        while name in self._taken:
            name, number = f"{plain}_{number}", number + 1
        self._next[plain] = number
        self._taken.add(name)
        return name
